//! How fast rows come in, and what is refused of them.

use futures::FutureExt;

use crate::call::{Answer, Call, ok};

pub fn get(call: Call) -> Answer {
    async move { ok(&call.app.rates.now(&call.app.world)) }.boxed()
}
