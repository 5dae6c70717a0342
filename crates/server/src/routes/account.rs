//! One's own account: password and sessions.

use futures::FutureExt;
use whodunit_api::admin::{ChangePasswordRequest, SessionList};

use crate::call::{Answer, Call, no_content, ok};

pub fn change_password(call: Call) -> Answer {
    async move {
        let request: ChangePasswordRequest = call.json()?;
        call.app.control.change_password(&call.caller, &request.current, &request.new).await?;
        Ok(no_content())
    }
    .boxed()
}

pub fn sessions(call: Call) -> Answer {
    async move {
        let sessions = call.app.control.sessions(&call.caller).await?;
        let current = call.caller.session_id.as_deref();
        ok(&SessionList { sessions: sessions.iter().map(|session| session.view(current)).collect() })
    }
    .boxed()
}

pub fn end_session(call: Call) -> Answer {
    async move {
        call.app.control.end_session(&call.caller, call.segment("id")).await?;
        Ok(no_content())
    }
    .boxed()
}
