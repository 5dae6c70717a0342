//! Why a body that is understood only as a whole is not read to its end.

use whodunit_stdx::ErrorKind;

use crate::error::Error;
use crate::json::JsonError;
use crate::protobuf::WireError;

pub enum Stop {
    /// What follows is no JSON.
    Json(JsonError),
    /// What follows is no protobuf.
    Wire(WireError),
    /// It can be read, but is not what the protocol asks for.
    Shape(&'static str),
    /// No memory for more rows.
    Full(Error),
}

impl From<JsonError> for Stop {
    fn from(error: JsonError) -> Stop {
        Stop::Json(error)
    }
}

impl From<WireError> for Stop {
    fn from(error: WireError) -> Stop {
        Stop::Wire(error)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Full(error)
    }
}

impl Stop {
    /// The error of a `body` (push, request) as the protocol `of` somebody has it.
    pub fn into_error(self, body: &str, of: &str) -> Error {
        let message = match self {
            Stop::Json(error) => format!("the {body} is {error}"),
            Stop::Wire(error) => format!("the {body} is {error}"),
            Stop::Shape(what) => format!("the {body} is not formed as {of} asks: {what}"),
            Stop::Full(error) => return error,
        };
        Error::new(ErrorKind::Invalid, message)
    }
}
