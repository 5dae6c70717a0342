//! Source maps: from the minified frames of an event back to the code that somebody wrote. Pure but for the reader that
//! a bundle is given: no clock, no database, no waiting.
//!
//! ```text
//! artifact bundle (zip) ── bundle ── files by debug id and by URL
//! map + minified text ──── script ── line and column → source, line, function, context
//! event ────────────────── frames ── asks for scripts, changes frames in place
//! ```
//!
//! Sources: ECMA-426 (source maps), the TC39 proposal for debug ids, and bundles written by Sentry's command line.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod frames;
pub mod script;
pub mod bundle;
