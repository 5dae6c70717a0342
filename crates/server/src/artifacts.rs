//! Source maps as they are kept: bundles that were uploaded, what is in them, and scripts that are read often.
//!
//! ```text
//! DIR/artifacts/.chunks/<sha1>           pieces of bundles that are not whole yet
//! DIR/artifacts/<project>/<sha1>.zip     a bundle
//! DIR/artifacts/<project>/<sha1>.json    what is in it, and for which releases
//! DIR/artifacts/<project>/releases.json  releases and deploys that were named
//! DIR/artifacts/<project>/files/<id>       a file of a release that was uploaded alone
//! DIR/artifacts/<project>/files/<id>.json  its name, and the release that it is of
//! ```
//!
//! The `.json` of a bundle is written after it, so what is named there is whole. An index of a project is read when the
//! first frame asks for it; scripts are kept in memory as far as the limit allows, and read again otherwise.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod scripts;
pub mod shelf;
pub mod files;
pub mod releases;
pub mod chunks;
mod urls;

pub use scripts::Artifacts;
