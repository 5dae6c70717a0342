//! What a session keeps between messages: prepared statements and portals.

use whodunit_query::pg_types;
use whodunit_query::postgres::{ColumnTitle, Command, Description, Form, Parameter};
use whodunit_stdx::Reservation;

use super::answer::Running;
use super::reply::Replies;

/// Prepared statements that a session may have.
pub const PREPARED_MAX: usize = 1_000;
/// Portals that a session may have.
pub const PORTALS_MAX: usize = 100;

/// A statement by name; `""` is the one that is replaced without asking.
pub struct Prepared {
    pub text: String,
    /// `None` for an empty text.
    pub command: Option<Command>,
    /// What the client says of its parameters.
    pub declared: Vec<u32>,
    pub description: Option<Description>,
    /// Memory of its text.
    pub memory: Option<Reservation>,
}

/// A statement with its parameters, and the rows that it has given.
pub struct Portal {
    pub text: String,
    pub command: Option<Command>,
    pub parameters: Vec<Parameter>,
    pub result_forms: Vec<Form>,
    pub running: Option<Running>,
    /// Memory of its parameters.
    pub memory: Option<Reservation>,
}

impl Portal {
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }
}

/// The one column of `SHOW`.
pub fn shown_column(name: &str) -> ColumnTitle {
    ColumnTitle { name: name.to_owned(), kind: pg_types::TEXT }
}

pub fn write_shown(replies: &mut Replies, value: &str) {
    let _infallible: Result<(), std::convert::Infallible> = replies.row(1, |out| {
        out.extend_from_slice(&u32::try_from(value.len()).unwrap_or(0).to_be_bytes());
        out.extend_from_slice(value.as_bytes());
        Ok(())
    });
}
