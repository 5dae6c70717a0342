//! The server: the operation table, what every request passes, and the composition of all rooms below.
//!
//! Modules, top to bottom: each imports only those below it.

mod proxy;
pub mod settings;

pub use settings::{SETTINGS, Setting, SettingError, SettingKind, Settings};
