//! OpenTelemetry's logs over HTTP: `POST /v1/logs`, as protobuf and as JSON.
//!
//! Attributes of the record, its scope and its resource are all kept, under their own names; where two of them have
//! the same, the record's stands and the other gets `scope.` or `resource.` before it. Names of the semantic
//! conventions fill the context columns. A record that cannot be taken does not spoil its neighbours; a body that
//! cannot be understood is refused whole.
//!
//! Modules, top to bottom: each imports only those below it.

mod wire_request;
mod json_request;
mod record;
mod fields;
mod json;
mod wire;
mod value;

use whodunit_stdx::ErrorKind;

use crate::error::Error;
use crate::logs::decode::{Desk, Whole};
use record::Export;

/// How a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    Protobuf,
}

impl Form {
    /// What the media type says; protobuf if there is none.
    pub fn of(content_type: Option<&str>) -> Result<Form, Error> {
        let media = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match media.as_str() {
            "application/json" => Ok(Form::Json),
            "application/x-protobuf" | "application/protobuf" | "" => Ok(Form::Protobuf),
            _ => {
                let message =
                    format!("media type {media:?} is not read; send application/x-protobuf or application/json");
                Err(Error::new(ErrorKind::Unsupported, message).field("content-type"))
            }
        }
    }
}

/// Reads a whole request.
pub fn decode(body: &[u8], form: Form, desk: &Desk) -> Result<Whole, Error> {
    let mut export = Export::new(body.len(), desk);
    let read = match form {
        Form::Json => {
            let text = std::str::from_utf8(body)
                .map_err(|error| invalid(format!("the body is not UTF-8 at byte {}", error.valid_up_to())))?;
            json_request::read(text, &mut export)
        }
        Form::Protobuf => wire_request::read(body, &mut export),
    };
    read.map_err(|stop| stop.into_error("request", "OTLP"))?;
    Ok(export.finish())
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::Invalid, message)
}
