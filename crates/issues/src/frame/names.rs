//! What a frame is called once everything that varies is gone.

use crate::event::Frame;

/// Normalised names. Empty means unknown, or anonymous.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Names {
    /// Class, module, package or namespace.
    pub module: String,
    pub function: String,
    /// The file, for frames without a module.
    pub file: String,
    /// Why the frame never counts: made by a compiler or a proxy, and different from run to run.
    pub noise: Option<&'static str>,
}

impl Names {
    /// Where the function is: its module, else its file.
    pub fn place(&self) -> &str {
        if self.module.is_empty() { &self.file } else { &self.module }
    }
}

pub fn text<'f>(text: &'f Option<crate::event::Text<'_>>) -> &'f str {
    text.as_deref().unwrap_or_default().trim()
}

/// The path by which a client names the file: relative where it knows the root of the application.
pub fn file<'f>(frame: &'f Frame<'_>) -> &'f str {
    match text(&frame.filename) {
        "" => text(&frame.abs_path),
        filename => filename,
    }
}

/// Whether the path that is known of a frame contains one of the texts.
pub fn path_has(frame: &Frame<'_>, parts: &[&str]) -> bool {
    let paths = [text(&frame.abs_path), text(&frame.filename)];
    paths.iter().any(|path| {
        // A path may start with what is looked for: `vendor/x` as well as `/srv/vendor/x`.
        parts
            .iter()
            .any(|part| path.contains(part) || part.strip_prefix('/').is_some_and(|start| path.starts_with(start)))
    })
}

/// Whether a dotted name is one of the packages or inside of one.
pub fn is_inside(name: &str, packages: &[&str], separator: &str) -> bool {
    packages
        .iter()
        .any(|package| name.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with(separator)))
}
