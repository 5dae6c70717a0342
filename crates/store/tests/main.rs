//! The store through its face and through the faces of its rooms.

mod backup;
mod gate;
mod maintain;
mod manifest;
mod rows;
mod segment;
mod upgrade;
mod write;
