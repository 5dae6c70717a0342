//! Users and roles.

use axum::http::StatusCode;
use futures::FutureExt;
use whodunit_api::admin::{
    CreateUserAnswer, CreateUserRequest, ReasonRequest, ResetPasswordAnswer, UpdateUserRequest, UserList, UserView,
};

use crate::call::{Answer, Call, json_response, ok};

pub fn list(call: Call) -> Answer {
    async move {
        let users = call.app.control.users().await?;
        ok(&UserList { users: users.iter().map(UserView::from).collect() })
    }
    .boxed()
}

pub fn create(call: Call) -> Answer {
    async move {
        let request: CreateUserRequest = call.json()?;
        let created = call.app.control.create_user(&call.caller, request.try_into()?).await?;
        json_response(StatusCode::CREATED, &CreateUserAnswer::from(&created))
    }
    .boxed()
}

pub fn update(call: Call) -> Answer {
    async move {
        let request: UpdateUserRequest = call.json()?;
        let user = call.app.control.update_user(&call.caller, call.segment("id"), request.try_into()?).await?;
        ok(&UserView::from(&user))
    }
    .boxed()
}

pub fn reset_password(call: Call) -> Answer {
    async move {
        let request: ReasonRequest = call.json_or_default()?;
        let reason = request.reason.as_deref();
        let password = call.app.control.reset_password(&call.caller, call.segment("id"), reason).await?;
        ok(&ResetPasswordAnswer { password })
    }
    .boxed()
}
