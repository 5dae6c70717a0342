//! Who last set each field of a thing, and to what: its changes, folded field by field as they are read.

use std::collections::HashMap;

use arrow::datatypes::Schema;
use serde_json::{Map, Value};
use whodunit_api::explorers::{BlameAnswer, BlamedField};
use whodunit_model::Table;

use crate::engine::{Engine, SqlRequest};
use crate::error::Error;
use crate::format::{Shown, row_objects};
use crate::rows::Limits;
use crate::visibility::Visibility;

/// Fields of one answer; with more of them those first met are told and the answer is partial.
pub const BLAME_FIELDS_MAX: usize = 1000;
/// The name of that limit.
pub const LIMIT_FIELDS: &str = "blame_fields_max";

type JsonRow = Map<String, Value>;

/// The later of two changes of a field counts: by time, then by the number of the row.
struct Last {
    place: (String, i64),
    told: BlamedField,
}

impl Engine {
    /// The fields of a target, last changed first. Changes of entries that failed are none.
    pub async fn blame(
        &self,
        target_type: &str,
        target_id: &str,
        visibility: &Visibility,
    ) -> Result<BlameAnswer, Error> {
        visibility.require(Table::AuditLogs)?;
        let limits = Limits { rows: self.settings().limits_max.rows, ..self.settings().limits };
        let query = changes_of(target_type, target_id);
        let mut rows = self.sql(SqlRequest { query, limits }, visibility).await?;
        let mut fields: HashMap<String, Last> = HashMap::new();
        let mut is_cut = false;
        while let Some(batch) = rows.next().await {
            let batch = batch?;
            let after_is_json = is_json(batch.schema_ref());
            for row in row_objects(&batch)? {
                let Some(change) = change(row, after_is_json) else { continue };
                if let Some(known) = fields.get_mut(&change.told.field) {
                    known.meet(change);
                } else if fields.len() < BLAME_FIELDS_MAX {
                    fields.insert(change.told.field.clone(), change);
                } else {
                    is_cut = true;
                }
            }
        }
        let mut statistics = rows.statistics();
        if is_cut {
            (statistics.partial, statistics.limit) = (true, Some(LIMIT_FIELDS.to_owned()));
        }
        let mut fields: Vec<Last> = fields.into_values().collect();
        fields.sort_by(|one, other| (&other.place, &one.told.field).cmp(&(&one.place, &other.told.field)));
        let fields = fields.into_iter().map(|last| last.told).collect();
        Ok(BlameAnswer { target_type: target_type.to_owned(), target_id: target_id.to_owned(), fields, statistics })
    }
}

impl Last {
    fn meet(&mut self, other: Last) {
        let changes = self.told.changes + other.told.changes;
        if other.place > self.place {
            *self = other;
        }
        self.told.changes = changes;
    }
}

/// As the view `change_history`, with what tells the order and which entries count.
fn changes_of(target_type: &str, target_id: &str) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let columns = "time, seq, id, action, actor_id, actor_email, actor_name";
    format!(
        "SELECT {columns}, change['field'] AS field, change['after'] AS after \
         FROM (SELECT {columns}, unnest(changes) AS change FROM audit_logs \
         WHERE target_type = {} AND target_id = {} AND state = 'complete' \
         AND (outcome IS NULL OR outcome = 'success')) AS changed",
        quoted(target_type),
        quoted(target_id)
    )
}

fn is_json(schema: &Schema) -> bool {
    schema.field_with_name("after").is_ok_and(|field| Shown::of(field) == Shown::Json)
}

fn change(mut row: JsonRow, after_is_json: bool) -> Option<Last> {
    let mut text = |name: &str| match row.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let time = text("time")?;
    let told = BlamedField {
        field: text("field")?,
        value: Value::Null,
        time: time.clone(),
        id: text("id").unwrap_or_default(),
        action: text("action").unwrap_or_default(),
        actor_id: text("actor_id"),
        actor_email: text("actor_email"),
        actor_name: text("actor_name"),
        changes: 1,
    };
    let value = match row.remove("after") {
        Some(Value::String(json)) if !after_is_json => serde_json::from_str(&json).unwrap_or(Value::String(json)),
        other => other.unwrap_or(Value::Null),
    };
    let seq = row.get("seq").and_then(Value::as_i64).unwrap_or_default();
    Some(Last { place: (time, seq), told: BlamedField { value, ..told } })
}
