//! Elasticsearch's bulk request: `POST /_bulk`, an action and a document on alternating lines.
//!
//! A document is a log line like any other; its index and its id are kept beside its fields as `_index` and `_id`.
//! Only what adds is taken: `index` and `create`. What is written here is never changed, so `update` and `delete` are
//! refused, item by item and with a reason. A document that cannot be read is one refused item; an action that cannot
//! be read hides what follows it, and the request is refused whole, as Elasticsearch does.

use std::collections::VecDeque;
use std::sync::Arc;

use whodunit_model::keys::TOP;
use whodunit_model::{Batch, Project};
use whodunit_stdx::{ErrorKind, Reservation};

use crate::body;
use crate::error::Error;
use crate::json::{JsonError, Reader, Token};
use crate::logs::decode::{Decode, Desk, Whole};
use crate::logs::mapping::Mapping;
use crate::logs::object;
use crate::logs::rejection::{Reason, Refusal, Rejections};
use crate::logs::rows::{LINE_BYTES_MAX, Row, Rows};

/// Most items of one request; each is answered for.
pub const ITEMS_MAX: usize = 100_000;
/// Memory that an item and its answer take.
const ITEM_BYTES: usize = 320;
/// Longest name of an index, and longest id; Elasticsearch's own limits are 255 and 512.
pub const ID_BYTES_MAX: usize = 512;

/// What is to be done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Index,
    Create,
    Update,
    Delete,
}

impl Action {
    pub fn name(self) -> &'static str {
        match self {
            Action::Index => "index",
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
        }
    }

    fn of(name: &str) -> Option<Action> {
        [Action::Index, Action::Create, Action::Update, Action::Delete].into_iter().find(|action| action.name() == name)
    }
}

/// One item of a request and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub action: Action,
    /// Empty if neither the action nor the path named one.
    pub index: Arc<str>,
    pub id: Option<Box<str>>,
    pub refusal: Option<Refusal>,
    /// Whether it is stored; nothing is before the gateway says so.
    pub stored: bool,
}

/// A whole request.
#[derive(Debug)]
pub struct Bulk {
    whole: Whole,
    pub items: Vec<Item>,
    _memory: Reservation,
}

impl Bulk {
    /// The items, of which the first `stored` that are not refused are stored.
    pub fn items_with(mut self, stored: u64) -> Vec<Item> {
        let taken = self.items.iter_mut().filter(|item| item.refusal.is_none());
        taken.zip(0..stored).for_each(|(item, _)| item.stored = true);
        self.items
    }
}

impl Decode for Bulk {
    fn next_batch(&mut self, project: &Project) -> Result<Option<Batch>, Error> {
        self.whole.next_batch(project)
    }

    fn is_done(&self) -> bool {
        self.whole.is_done()
    }

    fn rejections(&self) -> &Rejections {
        self.whole.rejections()
    }
}

/// Reads a whole request; `index` is that of items which name none.
pub fn decode(body: &[u8], index: &str, desk: &Desk) -> Result<Bulk, Error> {
    let mut memory = desk.memory.try_reserve(0).ok_or_else(body::exhausted)?;
    let mut rows = Rows::new(body.len(), Mapping::default(), desk.received_at, &desk.memory);
    let mut rejections = Rejections::default();
    let mut batches = VecDeque::new();
    let mut items: Vec<Item> = Vec::new();
    let mut row = Row::new();
    let mut lines = Lines { body, at: 0, number: 0 };
    let unnamed: Arc<str> = index.into();
    let mut known = unnamed.clone();
    while let Some(line) = lines.next_filled() {
        if items.len() == ITEMS_MAX {
            let message = format!("the request has more than {ITEMS_MAX} items; send it in several");
            return Err(Error::new(ErrorKind::TooLarge, message).limit("items_max"));
        }
        if !memory.try_grow(ITEM_BYTES) {
            return Err(body::exhausted());
        }
        let mut item = read_action(line, &unnamed, &mut known).map_err(|what| {
            let message = format!("malformed action/metadata line [{}]: {what}", lines.number);
            Error::new(ErrorKind::Invalid, message)
        })?;
        let document = if item.action == Action::Delete { None } else { Some(lines.next_line().unwrap_or_default()) };
        rows.begin(&mut row);
        let filled = item.refusal.take().map_or(Ok(()), Err).and_then(|()| {
            let document = document.unwrap_or_default();
            fill(&mut rows, &item, document, &mut row)
        });
        let taken = match filled {
            Ok(()) => rows.finish_row(&mut row, None),
            Err(refusal) => {
                rows.abandon_row(&mut row);
                Err(refusal)
            }
        };
        if let Err(refusal) = taken {
            rejections.note(items.len() as u64, refusal.clone());
            item.refusal = Some(refusal);
        }
        items.push(item);
        rows.account()?;
        if rows.is_full() {
            batches.extend(rows.finish(&desk.project));
        }
    }
    batches.extend(rows.finish(&desk.project));
    let whole = Whole { batches, rejections, reservation: rows.take_reservation() };
    Ok(Bulk { whole, items, _memory: memory })
}

fn fill<'a>(rows: &mut Rows, item: &Item, document: &'a [u8], row: &mut Row<'a>) -> Result<(), Refusal> {
    if document.len() > LINE_BYTES_MAX {
        return Err(Refusal::too_long(LINE_BYTES_MAX));
    }
    let index = row.keep_text(&item.index);
    rows.take_in(TOP, "_index", index, row);
    if let Some(id) = &item.id {
        let id = row.keep_text(id);
        rows.take_in(TOP, "_id", id, row);
    }
    rows.of_origin("source");
    object::read(rows, document, row)
}

/// The lines of a body.
struct Lines<'a> {
    body: &'a [u8],
    at: usize,
    /// Of the line that was read last, from 1.
    number: u64,
}

impl<'a> Lines<'a> {
    fn next_line(&mut self) -> Option<&'a [u8]> {
        let rest = self.body.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        self.at += end + 1;
        self.number += 1;
        Some(rest[..end].trim_ascii())
    }

    fn next_filled(&mut self) -> Option<&'a [u8]> {
        loop {
            match self.next_line()? {
                [] => {}
                line => return Some(line),
            }
        }
    }
}

/// Reads `{"index": {"_index": "…", "_id": "…"}}`. `unnamed` is the index of items that name none; the name that was
/// read last is used again, since most items name the same.
fn read_action(line: &[u8], unnamed: &Arc<str>, known: &mut Arc<str>) -> Result<Item, String> {
    let text = std::str::from_utf8(line).map_err(|error| format!("not UTF-8 at byte {}", error.valid_up_to()))?;
    let said = |error: JsonError| error.to_string();
    let mut reader = Reader::new(text);
    let Token::Object = reader.token().map_err(said)? else { return Err("expected an object".to_owned()) };
    let mut first = true;
    let name = reader.key(&mut first).map_err(said)?.ok_or("expected an action")?.to_cow().map_err(said)?;
    let Some(action) = Action::of(&name) else {
        return Err(format!("expected one of index, create, update, delete, not {name:?}"));
    };
    let Token::Object = reader.token().map_err(said)? else { return Err(format!("expected an object in {name:?}")) };
    let mut item = Item { action, index: unnamed.clone(), id: None, refusal: None, stored: false };
    let mut first = true;
    while let Some(key) = reader.key(&mut first).map_err(said)? {
        let key = key.to_cow().map_err(said)?;
        let token = reader.token().map_err(said)?;
        let text = match token {
            Token::Text(text) => text.to_cow().map_err(said)?,
            Token::Number(raw) => raw.into(),
            token => {
                reader.pass(token).map_err(said)?;
                continue;
            }
        };
        match &*key {
            "_index" => {
                if *text != **known {
                    *known = text.as_ref().into();
                }
                item.index = known.clone();
            }
            "_id" => item.id = Some(text.as_ref().into()),
            _ => {}
        }
    }
    if reader.key(&mut false).map_err(said)?.is_some() {
        return Err("expected one action".to_owned());
    }
    reader.end().map_err(said)?;
    item.refusal = refusal(&item);
    Ok(item)
}

fn refusal(item: &Item) -> Option<Refusal> {
    let named = |field: &str, text: String| Some(Refusal { reason: Reason::Malformed, field: field.to_owned(), text });
    match item.action {
        Action::Update | Action::Delete => {
            let text = format!("{} is not taken: what is written here is never changed", item.action.name());
            Some(Refusal { reason: Reason::Refused, field: String::new(), text })
        }
        _ if item.index.is_empty() => named("_index", "index is missing".to_owned()),
        _ if item.index.len() > ID_BYTES_MAX => named("_index", format!("longer than {ID_BYTES_MAX} bytes")),
        _ if item.id.as_ref().is_some_and(|id| id.len() > ID_BYTES_MAX) => {
            named("_id", format!("longer than {ID_BYTES_MAX} bytes"))
        }
        Action::Index | Action::Create => None,
    }
}
