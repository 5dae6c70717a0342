//! The pages of the interface and the files that they load.

use axum::response::Response;
use futures::FutureExt;
use whodunit_stdx::ErrorKind;

use super::elastic;
use crate::call::{Answer, Call};
use crate::failure::Failure;

/// The front page; clients of Elasticsearch ask here for what they talk to.
pub fn index(call: Call) -> Answer {
    async move { if elastic::wants_json(&call) { elastic::greeting(&call) } else { Ok(shown(&call)) } }.boxed()
}

/// The page behind the set-up link.
pub fn set_up(call: Call) -> Answer {
    async move { Ok(call.app.pages.set_up(&call.app.world)) }.boxed()
}

/// A file by its hashed name.
pub fn asset(call: Call) -> Answer {
    async move {
        let name = call.segment("file");
        let found = call.app.pages.interface.file(&format!("assets/{name}"), &call.headers);
        found.ok_or_else(|| {
            Failure::new(ErrorKind::NotFound, format!("the interface has no file {name:?}"))
                .hint("load the page again: it names the files of this version")
        })
    }
    .boxed()
}

/// Every other path: a file of the interface, or the app, which finds its way by the path itself.
pub fn page(call: Call) -> Answer {
    async move {
        let file = call.app.pages.interface.file(call.segment("page"), &call.headers);
        Ok(file.unwrap_or_else(|| shown(&call)))
    }
    .boxed()
}

fn shown(call: &Call) -> Response {
    call.app.pages.page(&call.app.world, call.app.control.setup_token().is_none())
}
