//! One minified script with its map.

use std::sync::Arc;

use sourcemap::{DecodedMap, SourceMap, SourceView};

/// Lines of source before and after the one of a frame.
pub const CONTEXT_LINES: u32 = 5;
/// Longest line of source that a frame carries, in characters; the rest is cut off.
pub const CONTEXT_CHARACTERS_MAX: usize = 256;
/// Memory of a map per byte of its text, measured generously: tokens of 28 bytes take at least four characters each.
const BYTES_PER_BYTE: usize = 8;

/// A script that frames can be looked up in.
pub struct Script {
    map: SourceMap,
    minified: Option<SourceView>,
    bytes: usize,
}

/// Where a frame is in what somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As the map names it.
    pub source: String,
    /// Both from 1.
    pub line: u32,
    pub column: u32,
    /// Of the function around the place, if the minified text is known and tells it.
    pub function: Option<String>,
    /// What stands at the place itself; of a call that is the function called.
    pub name: Option<String>,
    pub context: Option<Context>,
}

/// Lines of source around a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    pub before: Vec<String>,
    pub line: String,
    pub after: Vec<String>,
}

impl Script {
    /// Reads a map; `minified` is the text of the script, without which names of functions are not found.
    ///
    /// # Errors
    /// If the map is none, with what the reader says.
    pub fn read(map: &[u8], minified: Option<&str>) -> Result<Script, String> {
        let decoded = sourcemap::decode_slice(map).map_err(|error| error.to_string())?;
        let read = match decoded {
            DecodedMap::Regular(map) => map,
            DecodedMap::Index(index) => index.flatten().map_err(|error| error.to_string())?,
            DecodedMap::Hermes(_) => return Err("maps of Hermes bytecode are not read".to_owned()),
        };
        let bytes = map.len() * BYTES_PER_BYTE + minified.map_or(0, str::len);
        let minified = minified.map(|text| SourceView::new(Arc::from(text)));
        Ok(Script { map: read, minified, bytes })
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The place of a minified line and column, both from 1. `function` is the minified name of the function around it.
    pub fn place(&self, line: u32, column: u32, function: Option<&str>) -> Option<Place> {
        let (line, column) = (line.checked_sub(1)?, column.saturating_sub(1));
        let token = self.map.lookup_token(line, column).filter(|token| token.get_dst_line() == line)?;
        let source = token.get_source()?.to_owned();
        let original = match (&self.minified, function.and_then(last_name)) {
            (Some(minified), Some(name)) => self.map.get_original_function_name(line, column, name, minified),
            _ => None,
        };
        Some(Place {
            source,
            line: token.get_src_line().checked_add(1)?,
            column: token.get_src_col().saturating_add(1),
            function: original.map(str::to_owned),
            name: token.get_name().map(str::to_owned),
            context: token.get_source_view().and_then(|view| context(view, token.get_src_line())),
        })
    }
}

/// `a` of `Object.a`, `new a` or `async a`; `None` where there is no name to look for.
fn last_name(function: &str) -> Option<&str> {
    let name = function.rsplit(['.', ' ']).next().unwrap_or_default();
    (!name.is_empty() && !name.contains(['<', '?', '('])).then_some(name)
}

fn context(view: &SourceView, line: u32) -> Option<Context> {
    let text = |line: u32| view.get_line(line).map(|text| text.chars().take(CONTEXT_CHARACTERS_MAX).collect());
    Some(Context {
        line: text(line)?,
        before: (line.saturating_sub(CONTEXT_LINES)..line).filter_map(text).collect(),
        after: (line.saturating_add(1)..=line.saturating_add(CONTEXT_LINES)).map_while(text).collect(),
    })
}
