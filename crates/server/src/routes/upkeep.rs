//! What the store does by itself in time, done now because somebody asks.

use futures::FutureExt;

use crate::call::{Answer, Call, no_content};

pub fn settle(call: Call) -> Answer {
    async move {
        call.app.store.settle().await?;
        Ok(no_content())
    }
    .boxed()
}
