//! Attachments: files that came with an event, cut into rows of a size that the store carries well.
//!
//! A file is stored as rows, not as a file beside the segments, so that what holds for rows holds for it: it is on disk
//! before the answer, goes into backups and to slower tiers, and leaves with its project. What is in a file is not
//! looked at: secrets inside it stay.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use whodunit_issues::fingerprint::Fingerprint;
use whodunit_model::{Row, Table};

use super::around::{Sender, text_of};
use super::form::MINIDUMP;
use super::malformed;
use crate::logs::rejection::Refusal;
use crate::logs::value;

/// Largest attachment.
pub const ATTACHMENT_BYTES_MAX: usize = 20 << 20;
/// Bytes of a file in one row.
pub const PART_BYTES: usize = 256 << 10;
/// Longest name of a file; more of it is cut off.
const NAME_BYTES_MAX: usize = 255;

/// The rows of one file.
pub struct Attachment {
    /// Follows from the event, the name and the content: sent again it is the same file.
    pub id: [u8; 16],
    pub is_minidump: bool,
    pub rows: Vec<Row>,
}

/// Reads an attachment: `line` is the header of its item.
pub fn read(line: &[u8], payload: &[u8], sender: &Sender<'_>) -> Result<Attachment, Refusal> {
    let header: Map<String, Value> =
        serde_json::from_slice(line).map_err(|error| malformed(format!("item header: {error}")))?;
    let event_id = sender.header.event_id.as_deref().and_then(value::id::<16>);
    let event_id = event_id.ok_or_else(|| malformed("an attachment belongs to an event: the envelope names none"))?;
    let text = |name: &str| text_of(&header, name);
    let label = Label {
        event_id,
        name: base_name(text("filename").unwrap_or("unnamed")),
        kind: text("attachment_type").unwrap_or("event.attachment"),
        content_type: text("content_type").unwrap_or_default(),
    };
    Ok(kept(&label, payload, sender))
}

/// What is said of a file.
pub struct Label<'l> {
    pub event_id: [u8; 16],
    pub name: &'l str,
    pub kind: &'l str,
    pub content_type: &'l str,
}

/// A file as rows.
pub fn kept(label: &Label<'_>, payload: &[u8], sender: &Sender<'_>) -> Attachment {
    let Label { event_id, name, kind, content_type } = *label;
    let sha256: [u8; 32] = Sha256::digest(payload).into();
    let id = Fingerprint::of_parts(&["attachment", &hex::encode(event_id), name, &hex::encode(sha256)]).id();
    let parts: Vec<&[u8]> = if payload.is_empty() { vec![&[]] } else { payload.chunks(PART_BYTES).collect() };
    let row = |(part, data): (usize, &&[u8])| {
        let mut row = Row::new(Table::Attachments, sender.received_at, sender.received_at);
        row.set_bytes("id", id);
        row.set_bytes("event_id", event_id);
        row.set("name", name);
        row.set("kind", kind);
        row.set("content_type", content_type);
        row.set_integer("bytes", i64::try_from(payload.len()).unwrap_or(i64::MAX));
        row.set_bytes("sha256", sha256);
        row.set_integer("part", i64::try_from(part).unwrap_or(i64::MAX));
        row.set_integer("parts", i64::try_from(parts.len()).unwrap_or(i64::MAX));
        row.set_bytes("data", *data);
        if let Some(release) = &sender.header.release {
            row.set("release", release.as_str());
        }
        if let Some(environment) = &sender.header.environment {
            row.set("environment", environment.as_str());
        }
        row
    };
    Attachment { id, is_minidump: kind == MINIDUMP, rows: parts.iter().enumerate().map(row).collect() }
}

/// The last part of a path of any system, cut to a readable length.
fn base_name(name: &str) -> &str {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let last = if last.is_empty() { "unnamed" } else { last };
    &last[..last.floor_char_boundary(NAME_BYTES_MAX)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use whodunit_stdx::Timestamp;

    use super::super::envelope::Header;
    use super::*;

    fn file(name: &str, payload: &[u8], event_id: Option<&str>) -> Result<Attachment, Refusal> {
        let header = Header { event_id: event_id.map(str::to_owned), ..Header::default() };
        let sender = Sender { client_ip: None, user_agent: None, header: &header, received_at: Timestamp(7) };
        let item = json!({"filename": name, "content_type": "text/plain"}).to_string();
        read(item.as_bytes(), payload, &sender)
    }

    #[test]
    fn a_file_is_cut_into_parts_that_make_it_again() {
        let event = Some("9ec79c33ec9942ab8353589fcb2e04dc");
        for length in [0, 1, PART_BYTES, 2 * PART_BYTES + 1] {
            let payload: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let file = file("a.txt", &payload, event).expect("a file");
            let again: Vec<u8> =
                file.rows.iter().flat_map(|row| row.bytes_of("data").unwrap_or_default().to_vec()).collect();
            assert_eq!(again, payload);
            assert!(file.rows.iter().all(|row| row.bytes() <= PART_BYTES + 1024));
        }
        assert!(file("a.txt", b"x", None).is_err());
    }

    #[test]
    fn the_same_file_of_the_same_event_has_the_same_id() {
        let event = "9ec79c33ec9942ab8353589fcb2e04dc";
        let id = |name, payload: &[u8]| file(name, payload, Some(event)).expect("a file").id;
        assert_eq!(id("a.txt", b"x"), id("a.txt", b"x"));
        assert_ne!(id("a.txt", b"x"), id("a.txt", b"y"));
        assert_ne!(id("a.txt", b"x"), id("b.txt", b"x"));
    }

    #[test]
    fn a_name_is_no_path() {
        for (sent, expected) in
            [("../../etc/passwd", "passwd"), ("C:\\dumps\\a.dmp", "a.dmp"), ("/", "unnamed"), ("a b.txt", "a b.txt")]
        {
            assert_eq!(base_name(sent), expected);
        }
        assert_eq!(base_name(&"é".repeat(300)).len(), 254);
    }
}
