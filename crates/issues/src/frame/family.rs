//! Which language a frame is of: names vary per language, not per client.

use super::names::text;
use crate::event::{Event, Frame};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    Python,
    /// Browsers, Node, Deno, Bun, React Native.
    JavaScript,
    Rust,
    /// C, C++, Objective-C, Swift.
    Native,
    Go,
    /// Java, Kotlin, Scala.
    Java,
    Php,
    Ruby,
    CSharp,
    Other,
}

impl Family {
    /// By the frame's own platform, else by the event's. Clients in Rust say `native` and are known by their name.
    pub fn of(frame: &Frame<'_>, event: &Event<'_>) -> Family {
        let platform = match text(&frame.platform) {
            "" => event.platform.as_deref().unwrap_or_default(),
            platform => platform,
        };
        match platform.split(['-', '.']).next().unwrap_or_default() {
            "python" => Family::Python,
            "javascript" | "node" | "deno" | "bun" | "react" => Family::JavaScript,
            "rust" => Family::Rust,
            "go" => Family::Go,
            "java" | "kotlin" | "scala" | "android" | "groovy" => Family::Java,
            "php" => Family::Php,
            "ruby" => Family::Ruby,
            "csharp" | "dotnet" | "fsharp" | "vb" => Family::CSharp,
            "native" | "c" | "cocoa" | "objc" | "swift" | "other" | "" => {
                let is_client = || event.sdk.as_ref().is_some_and(|sdk| text(&sdk.name).starts_with("sentry.rust"));
                let is_file = || text(&frame.filename).ends_with(".rs") || text(&frame.abs_path).ends_with(".rs");
                match platform {
                    _ if is_file() || is_client() => Family::Rust,
                    "other" | "" => Family::Other,
                    _ => Family::Native,
                }
            }
            _ => Family::Other,
        }
    }
}
