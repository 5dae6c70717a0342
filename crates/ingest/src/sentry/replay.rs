//! Replays: what a session was (`replay_event`, an event like others) and how it looked (`replay_recording`,
//! `replay_video`), in segments of a few seconds each. They are kept as files of their replay until there is a page that
//! plays them: `event_id` is the replay's id, the name says which segment.
//!
//! A recording is kept as it is. What it must not show, the client masks before it sends.

use serde_json::Value;

use super::around::Sender;
use super::attachment::{Attachment, Label, kept};
use super::malformed;
use super::scrub::Scrubbed;
use crate::logs::rejection::Refusal;
use crate::logs::value;

/// Longest line that says which segment a recording is.
const SEGMENT_LINE_BYTES_MAX: usize = 1024;

/// What a segment says of itself, without its secrets.
pub fn event(scrubbed: &Scrubbed, sender: &Sender<'_>) -> Result<Attachment, Refusal> {
    let of = |name: &str| scrubbed.document.get(name);
    let sent = of("replay_id").or_else(|| of("event_id")).and_then(Value::as_str).and_then(value::id::<16>);
    let segment = of("segment_id").and_then(Value::as_u64).unwrap_or_default();
    let label = Label {
        event_id: sent.map_or_else(|| replay_of(sender), Ok)?,
        name: &format!("segment-{segment}.json"),
        kind: "replay_event",
        content_type: "application/json",
    };
    Ok(kept(&label, scrubbed.text.as_bytes(), sender))
}

/// How a segment looked: a line that says which it is, then what rrweb recorded, usually zlib; or a video.
pub fn recording(kind: &str, payload: &[u8], sender: &Sender<'_>) -> Result<Attachment, Refusal> {
    let (name, content_type) = match kind {
        "replay_video" => ("video.msgpack".to_owned(), "application/vnd.msgpack"),
        _ => (format!("segment-{}.rrweb", segment_of(payload)?), "application/octet-stream"),
    };
    Ok(kept(&Label { event_id: replay_of(sender)?, name: &name, kind, content_type }, payload, sender))
}

fn segment_of(payload: &[u8]) -> Result<u64, Refusal> {
    let head = &payload[..payload.len().min(SEGMENT_LINE_BYTES_MAX)];
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let said: Option<Value> = serde_json::from_slice(line).ok();
    let segment = said.as_ref().and_then(|said| said.get("segment_id")).and_then(Value::as_u64);
    segment.ok_or_else(|| malformed("a recording begins with a line {\"segment_id\": N}"))
}

fn replay_of(sender: &Sender<'_>) -> Result<[u8; 16], Refusal> {
    let id = sender.header.event_id.as_deref().and_then(value::id);
    id.ok_or_else(|| malformed("a part of a replay belongs to one: neither it nor the envelope names it"))
}
