//! Loki's push: `POST /loki/api/v1/push`, as JSON and as protobuf in a snappy block.
//!
//! Labels and structured metadata are fields like those of any log line: what names a context column fills it, the
//! rest are attributes; the labels together are the `stream` column. The line is kept byte for byte as the body; if
//! it is itself a JSON object, context that neither labels nor metadata bring is taken from inside it.
//! An entry that cannot be taken does not spoil its neighbours; a body that cannot be understood is refused whole.
//!
//! Modules, top to bottom: each imports only those below it.

mod json;
mod wire;
mod labels;
mod push;

use whodunit_stdx::ErrorKind;

use crate::error::Error;
use crate::logs::decode::{Desk, Whole};
use push::Push;
pub use push::{LABELS_MAX, UNKNOWN_SERVICE};

/// How a push is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    Protobuf,
}

impl Form {
    /// What the media type says; without one that says it, a `{` begins JSON. Loki itself takes all that is not JSON
    /// for protobuf.
    pub fn of(content_type: Option<&str>, body: &[u8]) -> Form {
        let media = content_type.unwrap_or_default().to_ascii_lowercase();
        if media.contains("json") {
            return Form::Json;
        }
        let sniffed = body.trim_ascii_start().first() == Some(&b'{');
        if sniffed && !media.contains("protobuf") { Form::Json } else { Form::Protobuf }
    }
}

/// Reads a whole push.
pub fn decode(body: &[u8], form: Form, desk: &Desk) -> Result<Whole, Error> {
    let mut push = Push::new(body.len(), desk);
    let read = match form {
        Form::Json => {
            let text = std::str::from_utf8(body)
                .map_err(|error| invalid(format!("the body is not UTF-8 at byte {}", error.valid_up_to())))?;
            json::read(text, &mut push)
        }
        Form::Protobuf => wire::read(body, &mut push),
    };
    read.map_err(|stop| stop.into_error("push", "Loki"))?;
    Ok(push.finish())
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::Invalid, message)
}
