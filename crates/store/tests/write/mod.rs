//! The write side through the store's face: what was acknowledged is there, once, whatever happens in between.

mod append;
mod faults;
mod intents;
pub mod place;
mod places;
mod recovery;
mod session;
mod whereabouts;
