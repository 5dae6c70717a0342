//! Files that are imported piece by piece: how far a file has got, so that no line enters twice.
//!
//! A file is known by its first line, and a position in it by the hash of everything up to there. A piece is sent to
//! `POST /api/v1/imports/{id}?after=…` as log lines that carry [`FILE`], [`LINE`] and [`UPTO`] as attributes.

use serde::{Deserialize, Serialize};

/// Attribute with the file's id: 32 hexadecimal digits.
pub const FILE: &str = "import.file";
/// Attribute with the line's number in the file, from 1.
pub const LINE: &str = "import.line";
/// Attribute with the hash of the file up to the last line of the piece: 32 hexadecimal digits.
pub const UPTO: &str = "import.upto";
/// What `after` says of the first piece.
pub const START: &str = "start";

/// Most positions in [`ImportState`].
pub const POSITIONS_MAX: usize = 10_000;

/// `GET /api/v1/imports/{id}`: ends of the pieces that are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportState {
    /// Those furthest in first, at most [`POSITIONS_MAX`].
    pub positions: Vec<Position>,
}

/// The end of a stored piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub line: u64,
    pub upto: String,
}
