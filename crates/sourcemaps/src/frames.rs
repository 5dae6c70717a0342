//! The frames of an event, changed in place.
//!
//! A frame keeps what it was sent with: the first change of a stack puts a copy of it into `raw_stacktrace`, and every
//! frame that was found says in `data.sourcemap` by which map. So an event that was stored before its map came can be
//! resolved when it is read, and one that is resolved is left as it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::bundle::debug_id;
use crate::script::{Place, Script};

/// The script of a frame, and what it was built from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<'e> {
    /// Where the script was loaded from, with scheme and host as the frame has them.
    pub url: &'e str,
    /// 32 lower-case hexadecimal digits.
    pub debug_id: Option<&'e str>,
    pub release: Option<&'e str>,
    pub dist: Option<&'e str>,
}

/// A script that was found.
#[derive(Clone)]
pub struct Found {
    pub script: Arc<Script>,
    /// What the map is called where it was found.
    pub map_url: String,
}

/// Where scripts are kept, by project.
pub trait Library: Send + Sync {
    /// The newest script that fits. May read from disk; not for threads that must not wait.
    fn find(&self, project: &str, wanted: &Wanted<'_>) -> Option<Found>;

    /// Whether the project may have scripts, so that finding one may read from disk. Says so at once.
    fn may_have(&self, project: &str) -> bool;
}

/// Frames of one event that are looked up; those behind stay as they are.
pub const FRAMES_MAX: usize = 1_000;
/// What holds lists of stacks in an event, which may have one itself.
const HOLDERS: [&str; 2] = ["exception", "threads"];

/// Resolves every frame of JavaScript that has a line, a column and a script that `find` knows. Nothing is copied unless
/// something is found; says how many frames were.
pub fn resolve(event: &mut Value, find: &mut dyn FnMut(&Wanted<'_>) -> Option<Found>) -> usize {
    let mut desk = Desk {
        debug_ids: debug_ids(event),
        release: text(event, "release"),
        dist: text(event, "dist"),
        platform: text(event, "platform").unwrap_or_default(),
        known: BTreeMap::new(),
        seen: 0,
        find,
        resolved: 0,
    };
    for holder in HOLDERS {
        let values = match event.get_mut(holder) {
            Some(Value::Array(values)) => Some(values),
            Some(Value::Object(object)) => object.get_mut("values").and_then(Value::as_array_mut),
            _ => None,
        };
        values.into_iter().flatten().for_each(|value| desk.holder(value));
    }
    desk.holder(event);
    desk.resolved
}

/// Whether an event has frames of JavaScript that no map was found for yet.
pub fn has_unresolved(event: &Value) -> bool {
    let platform = event.get("platform").and_then(Value::as_str).unwrap_or_default();
    let values = HOLDERS.into_iter().filter_map(|holder| event.get(holder)).filter_map(|part| match part {
        Value::Array(values) => Some(values),
        other => other.get("values").and_then(Value::as_array),
    });
    let mut holders = values.flatten().chain([event]);
    holders.any(|holder| frames_of(holder).iter().any(|frame| script_of(frame, platform).is_some()))
}

/// The frames of an exception, a thread or the event itself: of whatever has a stack.
fn frames_of(holder: &Value) -> &[Value] {
    let frames = holder.get("stacktrace").and_then(|stack| stack.get("frames")).and_then(Value::as_array);
    frames.map_or(&[], Vec::as_slice)
}

/// Where the script of a frame was loaded from, if it is JavaScript that was not resolved yet.
fn script_of<'f>(frame: &'f Value, platform: &str) -> Option<&'f str> {
    let platform = frame.get("platform").and_then(Value::as_str).unwrap_or(platform);
    let is_resolved = frame.get("data").is_some_and(|data| data.get("sourcemap").is_some());
    if is_resolved || !matches!(platform, "javascript" | "node") || frame.get("colno").is_none() {
        return None;
    }
    let name = |name: &str| frame.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    name("abs_path").or_else(|| name("filename")).filter(|url| is_script(url))
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Debug ids by the URL of their script.
fn debug_ids(event: &Value) -> BTreeMap<String, String> {
    let images = event.pointer("/debug_meta/images").and_then(Value::as_array);
    let image = |image: &Value| {
        let kind = image.get("type").and_then(Value::as_str);
        let id = image.get("debug_id").and_then(Value::as_str).and_then(debug_id)?;
        (kind == Some("sourcemap")).then_some((text(image, "code_file")?, id))
    };
    images.into_iter().flatten().filter_map(image).collect()
}

struct Desk<'f> {
    debug_ids: BTreeMap<String, String>,
    release: Option<String>,
    dist: Option<String>,
    platform: String,
    /// By URL: what was found, or that nothing was.
    known: BTreeMap<String, Option<Found>>,
    seen: usize,
    find: &'f mut dyn FnMut(&Wanted<'_>) -> Option<Found>,
    resolved: usize,
}

/// Where a frame is in what somebody wrote, and by which map.
type Placed = Option<(Place, String)>;

impl Desk<'_> {
    fn holder(&mut self, holder: &mut Value) {
        let mut caller: Option<Place> = None;
        let mut placed: Vec<Placed> = Vec::new();
        for frame in frames_of(holder) {
            let found = self.place(frame, caller.as_ref());
            caller = found.as_ref().map(|(place, _)| place.clone());
            placed.push(found);
        }
        let resolved = placed.iter().flatten().count();
        let Some(holder) = holder.as_object_mut().filter(|_| resolved > 0) else { return };
        self.resolved += resolved;
        if holder.get("raw_stacktrace").is_none_or(Value::is_null) {
            let raw = holder.get("stacktrace").cloned().unwrap_or_default();
            holder.insert("raw_stacktrace".to_owned(), raw);
        }
        let frames = holder.get_mut("stacktrace").and_then(|stack| stack.get_mut("frames"));
        for (frame, placed) in frames.and_then(Value::as_array_mut).into_iter().flatten().zip(placed) {
            if let (Some(frame), Some((place, map_url))) = (frame.as_object_mut(), placed) {
                apply(frame, &place, &map_url);
            }
        }
    }

    /// Frames come from the caller to the called, so the name at the caller's place is that of this frame's function.
    fn place(&mut self, frame: &Value, caller: Option<&Place>) -> Placed {
        let found = self.script(script_of(frame, &self.platform)?)?;
        let number = |name: &str| frame.get(name).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
        let function = frame.get("function").and_then(Value::as_str);
        let mut place = found.script.place(number("lineno")?, number("colno")?, function)?;
        if place.function.is_none() {
            place.function = caller.and_then(|caller| caller.name.clone());
        }
        Some((place, found.map_url))
    }

    fn script(&mut self, url: &str) -> Option<Found> {
        self.seen += 1;
        if self.seen > FRAMES_MAX {
            return None;
        }
        if let Some(known) = self.known.get(url) {
            return known.clone();
        }
        let wanted = Wanted {
            url,
            debug_id: self.debug_ids.get(url).map(String::as_str),
            release: self.release.as_deref(),
            dist: self.dist.as_deref(),
        };
        let found = (self.find)(&wanted);
        self.known.insert(url.to_owned(), found.clone());
        found
    }
}

/// Whether a script may lie behind it: not the engine's own code, an anonymous function or an extension's.
fn is_script(url: &str) -> bool {
    let foreign = ["node:", "native", "internal/", "<", "[", "blob:", "chrome-extension:", "moz-extension:"];
    !foreign.iter().any(|start| url.starts_with(start))
}

fn apply(frame: &mut Map<String, Value>, place: &Place, map_url: &str) {
    let file = file_name(&place.source);
    let in_app = !file.contains("node_modules/") && !file.starts_with("webpack/");
    frame.insert("abs_path".to_owned(), json!(place.source));
    frame.insert("filename".to_owned(), json!(file));
    frame.insert("lineno".to_owned(), json!(place.line));
    frame.insert("colno".to_owned(), json!(place.column));
    frame.insert("in_app".to_owned(), json!(in_app));
    // What the client made of the minified file's name.
    frame.remove("module");
    if let Some(function) = &place.function {
        frame.insert("function".to_owned(), json!(function));
    }
    if let Some(context) = &place.context {
        frame.insert("pre_context".to_owned(), json!(context.before));
        frame.insert("context_line".to_owned(), json!(context.line));
        frame.insert("post_context".to_owned(), json!(context.after));
    }
    match frame.get_mut("data").and_then(Value::as_object_mut) {
        Some(data) => data.insert("sourcemap".to_owned(), json!(map_url)),
        None => frame.insert("data".to_owned(), json!({ "sourcemap": map_url })),
    };
}

/// The path of a source as its people know it, without what bundlers put around it.
fn file_name(source: &str) -> &str {
    let schemes = ["webpack-internal://", "webpack://", "turbopack://", "rollup://", "app://", "file://"];
    let mut path = source;
    if let Some(rest) = schemes.iter().find_map(|scheme| source.strip_prefix(scheme)) {
        // Between two slashes stands the name of the package; three have none.
        path = match rest.strip_prefix('/') {
            Some(path) => path,
            None => rest.split_once('/').map_or(rest, |(_, path)| path),
        };
    }
    let path = path.split('?').next().unwrap_or(path);
    let mut path = path.trim_start_matches('/');
    while let Some(rest) = path.strip_prefix("./").or_else(|| path.strip_prefix("../")) {
        path = rest;
    }
    if path.is_empty() { source } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `function charge(order) {\n  throw new Error(order.id)\n}\ncharge({ id: 1 })`, as esbuild makes it smaller.
    const MINIFIED: &str = "function o(r){throw new Error(r.id)}o({id:1});";
    const MAP: &str = r#"{"version":3,"sources":["webpack://shop/./src/pay.js"],
        "sourcesContent":["function charge(order) {\n  throw new Error(order.id)\n}\ncharge({ id: 1 })\n"],
        "names":["charge","order"],
        "mappings":"AAAA,SAASA,EAAOC,GACd,MAAM,IAAI,MAAMA,EAAM,EAAE,CAC1B,CACAD,EAAO,CAAE,GAAI,CAAE,CAAC"}"#;

    fn event() -> Value {
        json!({
            "platform": "javascript",
            "release": "shop@1",
            "debug_meta": { "images": [{ "type": "sourcemap", "code_file": "https://shop.example/pay.min.js",
                "debug_id": "7c95e3a2-1b2a-4f59-8cbb-0f3b3f5e2a11" }] },
            "exception": { "values": [{ "type": "Error", "value": "1", "stacktrace": { "frames": [
                { "function": "?", "abs_path": "https://shop.example/pay.min.js", "lineno": 1, "colno": 37, "in_app": true },
                { "function": "o", "abs_path": "https://shop.example/pay.min.js", "lineno": 1, "colno": 15, "in_app": true },
                { "function": "f", "abs_path": "https://shop.example/other.js", "lineno": 1, "colno": 2 },
                { "function": "g", "filename": "node:internal/timers", "lineno": 1, "colno": 2 },
            ] } }] },
        })
    }

    fn find(wanted: &Wanted<'_>) -> Option<Found> {
        assert_eq!(wanted.release, Some("shop@1"));
        let script = || Arc::new(Script::read(MAP.as_bytes(), Some(MINIFIED)).expect("a map"));
        (wanted.debug_id == Some("7c95e3a21b2a4f598cbb0f3b3f5e2a11"))
            .then(|| Found { script: script(), map_url: "~/pay.min.js.map".to_owned() })
    }

    #[test]
    fn frames_go_back_to_the_source() {
        let mut event = event();
        let before = event.clone();
        assert_eq!(resolve(&mut event, &mut find), 2);
        assert!(has_unresolved(&event), "one script has no map");
        let stack = |event: &Value, name: &str| event["exception"]["values"][0][name]["frames"].clone();
        let thrown = &stack(&event, "stacktrace")[1];
        assert_eq!(thrown["function"], "charge");
        assert_eq!((&thrown["filename"], &thrown["lineno"]), (&json!("src/pay.js"), &json!(2)));
        assert_eq!(thrown["context_line"], "  throw new Error(order.id)");
        assert_eq!(thrown["pre_context"], json!(["function charge(order) {"]));
        assert_eq!(thrown["post_context"], json!(["}", "charge({ id: 1 })", ""]));
        assert_eq!(thrown["data"]["sourcemap"], "~/pay.min.js.map");
        assert_eq!(stack(&event, "stacktrace")[0]["lineno"], 4);
        assert_eq!(stack(&event, "raw_stacktrace"), stack(&before, "stacktrace"));
        assert_eq!(stack(&event, "stacktrace")[2], stack(&before, "stacktrace")[2], "no map, no change");
        // A second time nothing is left to do.
        let once = event.clone();
        assert_eq!(resolve(&mut event, &mut find), 0);
        assert_eq!(event, once);
    }

    #[test]
    fn only_javascript_is_looked_up() {
        let mut event = event();
        event["platform"] = json!("python");
        assert_eq!(resolve(&mut event, &mut |_| panic!("nothing to find")), 0);
        assert!(!has_unresolved(&event));
        event["platform"] = json!("node");
        assert!(has_unresolved(&event));
    }

    #[test]
    fn files_lose_what_bundlers_put_around_them() {
        for (source, expected) in [
            ("webpack://shop/./src/pay.js", "src/pay.js"),
            ("webpack:///./src/App.vue?a1b2", "src/App.vue"),
            ("../../src/cart.ts", "src/cart.ts"),
            ("file:///srv/shop/index.ts", "srv/shop/index.ts"),
            ("src/a.js", "src/a.js"),
            ("webpack:///", "webpack:///"),
        ] {
            assert_eq!(file_name(source), expected, "{source}");
        }
    }

    #[test]
    fn whatever_arrives_nothing_panics() {
        for event in [
            json!(null),
            json!([]),
            json!({ "platform": "javascript", "exception": 3 }),
            json!({ "platform": "javascript", "exception": [null, { "stacktrace": { "frames": [1, null] } }] }),
            json!({ "platform": "javascript", "stacktrace": { "frames": [
                { "abs_path": "https://shop.example/pay.min.js", "lineno": 0, "colno": 0 },
                { "abs_path": "https://shop.example/pay.min.js", "lineno": u64::MAX, "colno": -1 }] } }),
        ] {
            let script = Arc::new(Script::read(MAP.as_bytes(), None).expect("a map"));
            let mut changed = event.clone();
            let resolved =
                resolve(&mut changed, &mut |_| Some(Found { script: script.clone(), map_url: String::new() }));
            assert_eq!((resolved, &changed), (0, &event));
        }
    }
}
