//! The door: set-up, sign-in, sign-out, and who one is. The control plane records all of it.

use axum::http::{StatusCode, header};
use axum::response::Response;
use futures::FutureExt;
use whodunit_api::admin::{Features, MeAnswer, ProjectView, SetUpRequest, SignInAnswer, SignInRequest, StrangerAnswer};
use whodunit_control::SignedIn;
use whodunit_model::{Caller, Permission, Principal, Project, Scope};
use whodunit_stdx::ErrorKind;

use crate::call::{Answer, Call, json, json_response, no_content, ok};
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
        match me(&call) {
            Some(me) => ok(&me),
            None => stranger(&call),
        }
    }
    .boxed()
}

/// 401, and whether it is time to set up or to sign in.
fn stranger(call: &Call) -> Result<Response, Failure> {
    let failure = Failure::new(ErrorKind::Unauthenticated, "nobody is signed in");
    let answer = StrangerAnswer {
        error: failure.detail().clone(),
        setup_needed: setup_needed(call),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    Ok(failure.response_with(json(&answer)?))
}

fn setup_needed(call: &Call) -> bool {
    call.app.control.setup_token().is_some()
}

fn me(call: &Call) -> Option<MeAnswer> {
    let caller = &call.caller;
    let (kind, id, name, email, role, scopes) = match &caller.principal {
        Principal::Anonymous | Principal::System { .. } => return None,
        Principal::User { id, email, name, role } => {
            ("user", id, name, Some(email.clone()), Some(role.name().to_owned()), &[][..])
        }
        Principal::Key { id, name, scopes } => ("key", id, name, None, None, scopes.as_slice()),
    };
    let directory = call.app.control.directory();
    let settings = directory.settings();
    let reached = directory.projects().filter(|one| one.archived_at.is_none() && caller.reaches(&one.slug));
    Some(MeAnswer {
        kind: kind.to_owned(),
        id: id.clone(),
        name: name.clone(),
        email,
        role,
        scopes: scopes.iter().copied().map(Scope::name).map(str::to_owned).collect(),
        projects: caller.projects.as_ref().map(|projects| projects.iter().map(Project::to_string).collect()),
        csrf: call.session.as_ref().map(|session| session.csrf.clone()),
        permissions: permissions(caller).map(|permission| permission.name().to_owned()).collect(),
        reachable: reached.map(ProjectView::from).collect(),
        features: Features { audit_logging: settings.audit_logging, session_tracking: settings.session_tracking },
        version: env!("CARGO_PKG_VERSION").to_owned(),
        setup_needed: setup_needed(call),
    })
}

/// As the pipeline decides: an account of one's own is a matter of people.
fn permissions(caller: &Caller) -> impl Iterator<Item = Permission> {
    let is_key = matches!(caller.principal, Principal::Key { .. });
    Permission::ALL
        .into_iter()
        .filter(move |permission| caller.allows(*permission) && !(is_key && *permission == Permission::OwnAccount))
}
