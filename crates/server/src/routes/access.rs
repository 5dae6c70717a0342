//! The door: set-up, sign-in, sign-out, and who one is. The control plane records all of it.

use axum::http::{StatusCode, header};
use axum::response::Response;
use futures::FutureExt;
use whodunit_api::admin::{MeAnswer, SetUpRequest, SignInAnswer, SignInRequest};
use whodunit_control::SignedIn;
use whodunit_model::{Caller, Principal, Project, Scope};
use whodunit_stdx::ErrorKind;

use crate::call::{Answer, Call, json_response, no_content, ok};
use crate::failure::Failure;
use crate::identity::session_cookie;

pub fn set_up(call: Call) -> Answer {
    async move {
        let request: SetUpRequest = call.json()?;
        let signed_in = call.app.control.set_up(request.into(), &call.caller).await?;
        welcome(&call, &signed_in)
    }
    .boxed()
}

pub fn sign_in(call: Call) -> Answer {
    async move {
        let request: SignInRequest = call.json()?;
        let signed_in = call.app.control.sign_in(&request.email, &request.password, &call.caller).await?;
        welcome(&call, &signed_in)
    }
    .boxed()
}

fn welcome(call: &Call, signed_in: &SignedIn) -> Result<Response, Failure> {
    let mut response = json_response(StatusCode::CREATED, &SignInAnswer::from(signed_in))?;
    response.headers_mut().insert(header::SET_COOKIE, session_cookie(&signed_in.token, call.over_tls));
    Ok(response)
}

pub fn sign_out(call: Call) -> Answer {
    async move {
        if let Some(session) = &call.session {
            call.app.control.sign_out(&session.token, &call.caller).await?;
        }
        let mut response = no_content();
        response.headers_mut().insert(header::SET_COOKIE, session_cookie("", call.over_tls));
        Ok(response)
    }
    .boxed()
}

pub fn who_am_i(call: Call) -> Answer {
    async move {
        let csrf = call.session.as_ref().map(|session| session.csrf.clone());
        match me(&call.caller, csrf) {
            Some(me) => ok(&me),
            None => Err(Failure::new(ErrorKind::Unauthenticated, "nobody is signed in")),
        }
    }
    .boxed()
}

fn me(caller: &Caller, csrf: Option<String>) -> Option<MeAnswer> {
    let slugs = |projects: &std::sync::Arc<[Project]>| projects.iter().map(Project::to_string).collect();
    let projects = caller.projects.as_ref().map(slugs);
    match &caller.principal {
        Principal::Anonymous | Principal::System { .. } => None,
        Principal::User { id, email, name, role } => Some(MeAnswer {
            kind: "user".to_owned(),
            id: id.clone(),
            name: name.clone(),
            email: Some(email.clone()),
            role: Some(role.name().to_owned()),
            scopes: Vec::new(),
            projects,
            csrf,
        }),
        Principal::Key { id, name, scopes } => Some(MeAnswer {
            kind: "key".to_owned(),
            id: id.clone(),
            name: name.clone(),
            email: None,
            role: None,
            scopes: scopes.iter().copied().map(Scope::name).map(str::to_owned).collect(),
            projects,
            csrf: None,
        }),
    }
}
