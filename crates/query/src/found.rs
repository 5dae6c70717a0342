//! One row, by what tells it from all others: its id where it has one, or its time and number.

use serde_json::{Map, Value};
use whodunit_model::{Project, Table};
use whodunit_stdx::Timestamp;

use crate::engine::Engine;
use crate::error::Error;
use crate::format::row_objects;
use crate::list::ListRequest;
use crate::time;
use crate::timeline::{severity_column, summary};
use crate::visibility::Visibility;

/// Which row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowKey {
    pub table: Table,
    pub project: Project,
    pub named_by: NamedBy,
}

/// What names a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// The newest state of the row with this id; a time, if it is known, spares the search in all others.
    Id {
        id: String,
        time: Option<Timestamp>,
    },
    Place {
        time: Timestamp,
        seq: i64,
    },
}

/// A row that is there.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundRow {
    pub time: Timestamp,
    pub seq: i64,
    pub id: Option<String>,
    pub severity: Option<String>,
    /// One line for a person.
    pub summary: String,
    /// Every column that has a value.
    pub fields: Map<String, Value>,
}

/// The column with the id of a row.
fn id_column(table: Table) -> Option<&'static str> {
    match table {
        Table::AuditLogs | Table::SessionEvents => Some("id"),
        Table::ErrorEvents => Some("event_id"),
        Table::Feedback => Some("id"),
        // Of an attachment each part is a row.
        Table::Attachments => None,
        Table::Logs | Table::Spans | Table::Samples | Table::CheckIns | Table::ReleaseSessions => None,
    }
}

impl Engine {
    /// The row, if it exists for the caller.
    pub async fn find_row(&self, key: &RowKey, visibility: &Visibility) -> Result<Option<FoundRow>, Error> {
        let RowKey { table, project, named_by } = key;
        let exactly = |value: &str| format!("\\{value}");
        let (time, (column, value)) = match named_by {
            NamedBy::Place { time, seq } => (Some(*time), ("seq", exactly(&seq.to_string()))),
            NamedBy::Id { id, time } => {
                let column = id_column(*table).ok_or_else(|| {
                    Error::invalid(format!("rows of {} have no id", table.name()))
                        .with_field("id")
                        .with_hint("name the row by its time and seq")
                })?;
                (*time, (column, exactly(id)))
            }
        };
        let mut request = ListRequest::parse(*table, &[(column.to_owned(), value)], self.world().now())?;
        request.from = time;
        request.to = time.map(|time| Timestamp(time.nanos().saturating_add(1)));
        // A list shows the first few hundred attributes of a table, an export all that rows of the range have.
        let mut export = self.export(request, &visibility.narrowed(std::slice::from_ref(project))).await?;
        let newest = export.next().await?.into_iter().flatten().find(|batch| batch.num_rows() > 0);
        let Some(newest) = newest else { return Ok(None) };
        let fields = row_objects(&newest.slice(0, 1))?.into_iter().next().unwrap_or_default();
        found(*table, fields).map(Some)
    }
}

fn found(table: Table, fields: Map<String, Value>) -> Result<FoundRow, Error> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let missing = || Error::internal("a row of a list has no time or seq");
    let time = text("time").as_deref().and_then(|text| time::parse(text, Timestamp(0))).ok_or_else(missing)?;
    Ok(FoundRow {
        time,
        seq: fields.get("seq").and_then(Value::as_i64).ok_or_else(missing)?,
        id: id_column(table).and_then(text),
        severity: text(severity_column(table)),
        summary: summary(table, &fields),
        fields,
    })
}
