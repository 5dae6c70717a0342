//! What cases hold: rows as they were found, and notes.

use serde_json::{Map, Value, json};
use whodunit_model::{Caller, Permission, Project, Table};
use whodunit_stdx::Timestamp;

use crate::cases::{act, find, find_open, long_text, touch};
use crate::core::{Changed, Control, change, label};
use crate::db::{self, Connection};
use crate::error::Error;
use crate::noun::{Case, CaseItem, CaseRow, rfc3339};

/// Rows and notes of one case.
pub const CASE_ITEMS_MAX: usize = 1_000;
/// Rows that one request adds.
pub const CASE_ROWS_PER_REQUEST_MAX: usize = 100;
/// What is kept of one row, as JSON; the largest columns of a larger one are left out by name.
pub const CASE_ROW_BYTES_MAX: usize = 64 << 10;
/// Longest summary and severity that are kept.
const LINE_BYTES_MAX: usize = 2 << 10;
/// Of larger entries (JSON) a list of items does not say what a sentence about them is made of.
const CASE_TOLD_BYTES_MAX: i64 = 16 << 10;
/// What a sentence about an audit entry is made of.
const TOLD: &[&str] = &[
    "actor_type",
    "actor_id",
    "actor_email",
    "actor_name",
    "action",
    "target_type",
    "target_id",
    "target_name",
    "description",
    "batch_id",
    "reason",
    "outcome",
    "state",
];

/// A row that was found, to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewCaseRow {
    pub table: Table,
    pub project: Project,
    pub time: Timestamp,
    pub seq: i64,
    pub id: Option<String>,
    pub severity: Option<String>,
    pub summary: String,
    /// Its columns by name.
    pub fields: Map<String, Value>,
    /// Empty for none.
    pub note: String,
}

/// What came of adding rows.
#[derive(Clone, Debug, PartialEq)]
pub struct AddedRows {
    pub case: Case,
    pub items: Vec<CaseItem>,
    /// Rows that the case had already.
    pub present: usize,
}

impl CaseItem {
    /// Whether the item exists for the caller (C-11): whether its row may be read.
    pub fn is_seen_by(&self, caller: &Caller) -> bool {
        let permission = |table| match table {
            Table::AuditLogs => Permission::ReadAudit,
            _ => Permission::ReadTelemetry,
        };
        self.row.as_ref().is_none_or(|row| caller.reaches(&row.project) && caller.allows(permission(row.table)))
    }
}

impl CaseRow {
    fn of(new: &NewCaseRow) -> CaseRow {
        let (fields, left_out) = kept(new.fields.clone());
        CaseRow {
            table: new.table,
            project: new.project.clone(),
            time: new.time,
            seq: new.seq,
            id: new.id.clone(),
            severity: new.severity.as_deref().map(line),
            summary: line(&new.summary),
            fields,
            left_out,
        }
    }

    /// Both are the same row, or states of the same entry.
    fn is(&self, other: &CaseRow) -> bool {
        let place = |row: &CaseRow| (row.time, row.seq);
        let same = if self.id.is_some() { self.id == other.id } else { place(self) == place(other) };
        same && (self.table, &self.project) == (other.table, &other.project)
    }

    /// What a sentence about it is made of; nothing of what is no audit entry, or of one that is not at hand.
    pub fn told(&self) -> Option<Map<String, Value>> {
        let fields: Map<String, Value> = match self.table {
            Table::AuditLogs => serde_json::from_str(&self.fields).ok()?,
            _ => return None,
        };
        let told: Map<_, _> = fields.into_iter().filter(|(name, _)| TOLD.contains(&name.as_str())).collect();
        (!told.is_empty()).then_some(told)
    }

    /// Which row it is, for the trail.
    fn named(&self) -> Value {
        json!({
            "signal": self.table.name(), "project": self.project.as_str(), "time": rfc3339(self.time),
            "seq": self.seq, "id": self.id,
        })
    }
}

impl Control {
    /// Everything that the case holds, in the order in which it was added, rows without fields but for audit entries
    /// that are not too large ([`CaseRow::told`]). What the caller may not see is there too: whoever shows it asks [`CaseItem::is_seen_by`].
    pub async fn case_items(&self, case: &Case) -> Result<Vec<CaseItem>, Error> {
        db::cases::items(&mut *self.0.database.read().await?, &case.id, CASE_TOLD_BYTES_MAX).await
    }

    /// The same from the item after `number` on, at most `count` of them, whole.
    pub async fn case_items_after(&self, case: &Case, number: i64, count: usize) -> Result<Vec<CaseItem>, Error> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        db::cases::items_after(&mut *self.0.database.read().await?, &case.id, number, count).await
    }

    /// One item, whole, if the caller may see it.
    pub async fn case_item(&self, caller: &Caller, id: &str, number: i64) -> Result<(Case, CaseItem), Error> {
        let mut connection = self.0.database.read().await?;
        let case = find(&mut connection, caller, id).await?;
        let item = find_item(&mut connection, caller, &case, number).await?;
        Ok((case, item))
    }

    /// Adds all rows that the case does not have yet.
    pub async fn add_case_rows(
        &self,
        caller: &Caller,
        id: &str,
        rows: Vec<NewCaseRow>,
        reason: Option<&str>,
    ) -> Result<AddedRows, Error> {
        let case = self.case(caller, id).await?;
        let notes = rows.iter().map(|row| long_text("note", &row.note)).collect::<Result<Vec<_>, _>>()?;
        let act = act("CASE_ROW_ADD", "add rows to", &case).reason(reason);
        let mut pending = self.begin(caller, act).await?;
        let rows = rows.iter().map(CaseRow::of).zip(notes).collect();
        let done = add_rows(pending.connection(), caller, id, rows, self.0.world.now()).await;
        self.finish(pending, done).await
    }

    /// Adds a note that belongs to no row.
    pub async fn add_case_note(
        &self,
        caller: &Caller,
        id: &str,
        note: &str,
        reason: Option<&str>,
    ) -> Result<(Case, CaseItem), Error> {
        let note = long_text("note", note)?;
        if note.is_empty() {
            return Err(Error::invalid("note", "a note says something"));
        }
        let case = self.case(caller, id).await?;
        let act = act("CASE_NOTE_ADD", "add a note to", &case).reason(reason);
        let mut pending = self.begin(caller, act).await?;
        let done = add_note(pending.connection(), caller, id, note, self.0.world.now()).await;
        self.finish(pending, done).await
    }

    /// Writes the note of an item anew; an empty one takes the note of a row away.
    pub async fn change_case_note(
        &self,
        caller: &Caller,
        (id, number): (&str, i64),
        note: &str,
        reason: Option<&str>,
    ) -> Result<(Case, CaseItem), Error> {
        let note = long_text("note", note)?;
        let case = self.case(caller, id).await?;
        let act = act("CASE_NOTE_CHANGE", "change a note of", &case).reason(reason);
        let mut pending = self.begin(caller, act).await?;
        let done = change_note(pending.connection(), caller, (id, number), note, self.0.world.now()).await;
        self.finish(pending, done).await
    }

    /// Takes a row, or a note that belongs to none, out of the case.
    pub async fn remove_case_item(
        &self,
        caller: &Caller,
        (id, number): (&str, i64),
        reason: Option<&str>,
    ) -> Result<(Case, CaseItem), Error> {
        let (case, item) = self.case_item(caller, id, number).await?;
        let (action, verb) = match item.row {
            Some(_) => ("CASE_ROW_REMOVE", "remove a row from"),
            None => ("CASE_NOTE_REMOVE", "remove a note from"),
        };
        let mut pending = self.begin(caller, act(action, verb, &case).reason(reason)).await?;
        let done = remove(pending.connection(), caller, (id, number), self.0.world.now()).await;
        self.finish(pending, done).await
    }
}

/// The row as JSON, without its largest columns if it is too large, and their names.
fn kept(mut fields: Map<String, Value>) -> (String, Vec<String>) {
    let text = |fields: &Map<String, Value>| serde_json::to_string(fields).expect("JSON values have a text");
    let mut left_out = Vec::new();
    let mut written = text(&fields);
    while written.len() > CASE_ROW_BYTES_MAX {
        let largest = fields.iter().max_by_key(|(_, value)| value.to_string().len()).map(|(name, _)| name.clone());
        let Some(largest) = largest else { break };
        fields.remove(&largest);
        left_out.push(largest);
        written = text(&fields);
    }
    (written, left_out)
}

/// What a database takes as text, and a list shows in a line.
fn line(text: &str) -> String {
    text[..text.floor_char_boundary(LINE_BYTES_MAX)].replace('\0', "\u{fffd}")
}

async fn find_item(connection: &mut Connection, caller: &Caller, case: &Case, number: i64) -> Result<CaseItem, Error> {
    let found = db::cases::items_after(connection, &case.id, number.saturating_sub(1), 1).await?.pop();
    let found = found.filter(|item| item.number == number && item.is_seen_by(caller));
    found.ok_or_else(|| Error::not_found("item", &number.to_string()))
}

async fn add_rows(
    connection: &mut Connection,
    caller: &Caller,
    id: &str,
    rows: Vec<(CaseRow, String)>,
    now: Timestamp,
) -> Result<Changed<AddedRows>, Error> {
    let mut case = find_open(connection, caller, id).await?;
    let mut held = db::cases::items(connection, id, 0).await?;
    let before = held.len();
    let mut present = 0;
    for (row, note) in rows {
        let is_held = held.iter().any(|item| item.row.as_ref().is_some_and(|known| known.is(&row)));
        if is_held {
            present += 1;
            continue;
        }
        held.push(new_item(&mut case, caller, note, Some(row), now));
    }
    check_room(held.len())?;
    let items = held.split_off(before);
    let mut changes = Vec::new();
    for item in &items {
        db::cases::insert_item(connection, id, item).await?;
        let row = item.row.as_ref().expect("only rows are added here");
        changes.extend(change(&format!("row {}", item.number), (), row.named()));
        changes.extend(change(&format!("note {}", item.number), (), noted(&item.note)));
    }
    if !items.is_empty() {
        touch(&mut case, caller, now);
        db::cases::update(connection, &case).await?;
    }
    let case = find(connection, caller, id).await?;
    Ok(Changed { value: AddedRows { case, items, present }, changes })
}

async fn add_note(
    connection: &mut Connection,
    caller: &Caller,
    id: &str,
    note: String,
    now: Timestamp,
) -> Result<Changed<(Case, CaseItem)>, Error> {
    let mut case = find_open(connection, caller, id).await?;
    check_room(db::cases::items(connection, id, 0).await?.len() + 1)?;
    let item = new_item(&mut case, caller, note, None, now);
    db::cases::insert_item(connection, id, &item).await?;
    touch(&mut case, caller, now);
    db::cases::update(connection, &case).await?;
    let changes = change(&format!("note {}", item.number), (), noted(&item.note)).into_iter().collect();
    let case = find(connection, caller, id).await?;
    Ok(Changed { value: (case, item), changes })
}

async fn change_note(
    connection: &mut Connection,
    caller: &Caller,
    (id, number): (&str, i64),
    note: String,
    now: Timestamp,
) -> Result<Changed<(Case, CaseItem)>, Error> {
    let mut case = find_open(connection, caller, id).await?;
    let before = find_item(connection, caller, &case, number).await?;
    if note.is_empty() && before.row.is_none() {
        return Err(Error::invalid("note", "a note says something: remove it instead"));
    }
    let after = CaseItem { note, noted_at: Some(now), noted_by: Some(label(caller)), ..before.clone() };
    db::cases::update_note(connection, id, &after).await?;
    touch(&mut case, caller, now);
    db::cases::update(connection, &case).await?;
    let changes = change(&format!("note {number}"), noted(&before.note), noted(&after.note)).into_iter().collect();
    let case = find(connection, caller, id).await?;
    Ok(Changed { value: (case, after), changes })
}

async fn remove(
    connection: &mut Connection,
    caller: &Caller,
    (id, number): (&str, i64),
    now: Timestamp,
) -> Result<Changed<(Case, CaseItem)>, Error> {
    let mut case = find_open(connection, caller, id).await?;
    let item = find_item(connection, caller, &case, number).await?;
    db::cases::delete_item(connection, id, number).await?;
    touch(&mut case, caller, now);
    db::cases::update(connection, &case).await?;
    let row = change(&format!("row {number}"), item.row.as_ref().map(CaseRow::named), ());
    let note = change(&format!("note {number}"), noted(&item.note), ());
    let case = find(connection, caller, id).await?;
    Ok(Changed { value: (case, item), changes: row.into_iter().chain(note).collect() })
}

/// The next item of the case, which counts it.
fn new_item(case: &mut Case, caller: &Caller, note: String, row: Option<CaseRow>, now: Timestamp) -> CaseItem {
    case.item_last += 1;
    let noted = !note.is_empty();
    CaseItem {
        number: case.item_last,
        note,
        added_at: now,
        added_by: label(caller),
        noted_at: noted.then_some(now),
        noted_by: noted.then(|| label(caller)),
        row,
    }
}

fn check_room(items: usize) -> Result<(), Error> {
    if items <= CASE_ITEMS_MAX {
        return Ok(());
    }
    let message = format!("a case holds at most {CASE_ITEMS_MAX} rows and notes: begin another one");
    Err(Error { limit: Some("case_items_max"), ..Error::conflict(message) })
}

/// No note is none at all.
fn noted(note: &str) -> Option<&str> {
    (!note.is_empty()).then_some(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_columns_of_a_large_row_are_left_out_by_name() {
        let fields = json!({"body": "x".repeat(70_000), "stack": "y".repeat(50_000), "id": "1", "level": "ERROR"});
        let (text, left_out) = kept(fields.as_object().expect("an object").clone());
        assert_eq!(left_out, ["body"]);
        assert!(text.len() <= CASE_ROW_BYTES_MAX && text.contains("\"level\":\"ERROR\""), "{}", text.len());
        let (text, left_out) = kept(json!({"a": 1}).as_object().expect("an object").clone());
        assert_eq!((text.as_str(), left_out.len()), ("{\"a\":1}", 0));
    }

    #[test]
    fn a_line_is_short_and_has_no_null() {
        assert_eq!(line("a\0b"), "a\u{fffd}b");
        assert!(line(&"é".repeat(5_000)).len() <= LINE_BYTES_MAX);
    }
}
