//! Backups: started here, done in the background, asked after.

use axum::http::StatusCode;
use futures::FutureExt;
use whodunit_api::admin::BackupRequest;
use whodunit_stdx::ErrorKind;

use crate::backup;
use crate::call::{Answer, Call, json_response, ok};
use crate::failure::Failure;

pub fn start(call: Call) -> Answer {
    async move {
        let request: BackupRequest = call.json()?;
        if call.caller.projects.is_some() {
            let message = "a key that is bound to projects may not back up all of them";
            return Err(Failure::new(ErrorKind::Forbidden, message));
        }
        json_response(StatusCode::ACCEPTED, &backup::start(&call.app, &call.caller, request).await?)
    }
    .boxed()
}

pub fn last(call: Call) -> Answer {
    async move { ok(&call.app.backups.view()) }.boxed()
}
