//! Forms become the items of an envelope: crashes of native applications, and files that follow an event.

use serde_json::json;
use sha2::{Digest, Sha256};
use whodunit_issues::fingerprint::Fingerprint;
use whodunit_stdx::ErrorKind;

use super::envelope::{Header, Item};
use super::multipart::{Part, parts};
use crate::error::Error;
use crate::logs::rejection::Refusal;

/// The field that holds the memory of the process.
const MINIDUMP_FIELD: &str = "upload_file_minidump";
/// The field that holds an event as JSON.
const EVENT_FIELD: &str = "sentry";
/// What says that a file is the memory of a crashed process.
pub const MINIDUMP: &str = "event.minidump";
/// How the memory of a process begins.
const MAGIC: [&[u8]; 2] = [b"MDMP", b"PMDM"];

/// A form, read.
pub struct Form<'a> {
    pub header: Header,
    /// Header line and bytes of each file.
    files: Vec<(Vec<u8>, &'a [u8])>,
    event: Option<&'a [u8]>,
}

impl Form<'_> {
    /// The items that an envelope would have.
    pub fn items(&self) -> Vec<Result<Item<'_>, Refusal>> {
        let event = self.event.map(|payload| Item { kind: "event".into(), line: b"{}", payload });
        let files = self.files.iter().map(|(line, payload)| Item { kind: "attachment".into(), line, payload });
        event.into_iter().chain(files).map(Ok).collect()
    }
}

/// A crash: a form, or nothing but the memory.
///
/// # Errors
/// Invalid if there is no memory of a process in it.
pub fn minidump<'a>(body: &'a [u8], boundary: Option<&str>) -> Result<Form<'a>, Error> {
    let no_dump = || {
        let message = format!("the body is no minidump, nor a form with one in the field {MINIDUMP_FIELD}");
        Error::new(ErrorKind::Invalid, message).field(MINIDUMP_FIELD)
    };
    let is_dump = |data: &[u8]| MAGIC.iter().any(|magic| data.starts_with(magic));
    let parts = match boundary {
        Some(boundary) => parts(body, boundary)?,
        None => vec![Part { name: MINIDUMP_FIELD.to_owned(), data: body, ..Part::default() }],
    };
    let dump = parts.iter().find(|part| part.name == MINIDUMP_FIELD && is_dump(part.data)).ok_or_else(no_dump)?;
    let event = parts.iter().find(|part| part.name == EVENT_FIELD).map(|part| part.data);
    let sent = event.and_then(|event| serde_json::from_slice::<serde_json::Value>(event).ok());
    let sent = sent.and_then(|event| event.get("event_id")?.as_str().map(str::to_owned));
    // The same crash sent again is the same event.
    let of_dump = || hex::encode(Fingerprint::of_parts(&["minidump", &hex::encode(Sha256::digest(dump.data))]).id());
    let event_id = sent.and_then(|id| Header::id(&id)).unwrap_or_else(of_dump);
    Ok(Form { header: Header { event_id: Some(event_id), ..Header::default() }, files: files(&parts), event })
}

/// Files of an event.
///
/// # Errors
/// Invalid if the id is none, or the form has no file.
pub fn attachments<'a>(body: &'a [u8], event_id: &str, boundary: &str) -> Result<Form<'a>, Error> {
    let wrong = || Error::new(ErrorKind::Invalid, format!("{event_id:?} is no id of an event")).field("event_id");
    let event_id = Header::id(event_id).ok_or_else(wrong)?;
    let files = files(&parts(body, boundary)?);
    if files.is_empty() {
        return Err(Error::new(ErrorKind::Invalid, "the form has no file"));
    }
    Ok(Form { header: Header { event_id: Some(event_id), ..Header::default() }, files, event: None })
}

fn files<'a>(parts: &[Part<'a>]) -> Vec<(Vec<u8>, &'a [u8])> {
    let is_file = |part: &&Part<'a>| part.filename.is_some() || part.name == MINIDUMP_FIELD;
    let file = |part: &Part<'a>| {
        let is_dump = part.name == MINIDUMP_FIELD;
        let kind = if is_dump { MINIDUMP } else { "event.attachment" };
        let name = part.filename.as_deref().unwrap_or(if is_dump { "memory.dmp" } else { &part.name });
        let line = json!({"attachment_type": kind, "filename": name, "content_type": part.content_type});
        (line.to_string().into_bytes(), part.data)
    };
    parts.iter().filter(is_file).map(file).collect()
}
