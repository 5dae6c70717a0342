//! A case as a file: a line for the case itself, then what it holds, piece by piece.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringViewArray, TimestampNanosecondArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use futures::FutureExt;
use whodunit_api::query::Searched;
use whodunit_control::{Case, CaseItem, CaseRow};
use whodunit_model::Caller;
use whodunit_model::table::SHOWN_AS;
use whodunit_query::Error;
use whodunit_query::format::SHOWN_AS_JSON;
use whodunit_stdx::Timestamp;

use super::cases::record;
use super::export::{self, Pieces, moment};
use crate::app::App;
use crate::call::{Answer, Call};
use crate::recording::Purpose;

/// Items of one piece: each holds at most 64 KiB of its row.
const PIECE_ITEMS: usize = 100;

pub fn export(call: Call) -> Answer {
    async move {
        let format = export::format(&call)?;
        let case = call.app.control.case(&call.caller, call.segment("id")).await?;
        record(&call, "export_case", &case, Purpose::Export).await?;
        let now = moment(call.app.world.now());
        let name = format!("whodunit-case-{}-{now}.{}", case.id, format.extension());
        let (app, caller) = (call.app.clone(), call.caller.clone());
        let pieces = Held { app, caller, case, schema: schema(), place: Place::Head };
        Ok(export::file(&call, pieces, format, &name))
    }
    .boxed()
}

/// What a case holds, as far as the caller may see it.
struct Held {
    app: Arc<App>,
    caller: Caller,
    case: Case,
    schema: SchemaRef,
    place: Place,
}

enum Place {
    Head,
    /// The items after this number are still to come.
    After(i64),
}

impl Pieces for Held {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    async fn next(&mut self) -> Result<Option<Vec<RecordBatch>>, Error> {
        let Place::After(mut number) = self.place else {
            self.place = Place::After(0);
            return Ok(Some(vec![batch(&self.schema, &[Line::of_case(&self.case)])?]));
        };
        loop {
            let items = self.app.control.case_items_after(&self.case, number, PIECE_ITEMS).await;
            let items = items.map_err(|error| Error::new(error.kind, error.message))?;
            let Some(last) = items.last() else { return Ok(None) };
            number = last.number;
            self.place = Place::After(number);
            let seen = items.iter().filter(|item| item.is_seen_by(&self.caller));
            let lines: Vec<Line> = seen.map(Line::of_item).collect();
            if !lines.is_empty() {
                return Ok(Some(vec![batch(&self.schema, &lines)?]));
            }
        }
    }

    fn searched(&self) -> Option<Searched> {
        None
    }
}

/// One line of the file.
#[derive(Default)]
struct Line<'a> {
    kind: &'static str,
    number: Option<i64>,
    row: Option<&'a CaseRow>,
    project: Option<&'a str>,
    id: Option<&'a str>,
    summary: Option<&'a str>,
    state: Option<&'static str>,
    note: &'a str,
    added: Option<(Timestamp, &'a str)>,
    noted: Option<(Timestamp, &'a str)>,
    left_out: Option<String>,
}

impl Line<'_> {
    fn of_case(case: &Case) -> Line<'_> {
        Line {
            kind: "case",
            project: Some(case.project.as_str()),
            id: Some(&case.id),
            summary: Some(&case.name),
            state: Some(if case.closed_at.is_some() { "closed" } else { "open" }),
            note: &case.description,
            added: Some((case.created_at, &case.created_by)),
            ..Line::default()
        }
    }

    fn of_item(item: &CaseItem) -> Line<'_> {
        let row = item.row.as_ref();
        let left_out = row.map(|row| row.left_out.as_slice()).filter(|names| !names.is_empty());
        Line {
            kind: if row.is_some() { "row" } else { "note" },
            number: Some(item.number),
            row,
            project: row.map(|row| row.project.as_str()),
            id: row.and_then(|row| row.id.as_deref()),
            summary: row.map(|row| row.summary.as_str()),
            state: None,
            note: &item.note,
            added: Some((item.added_at, &item.added_by)),
            noted: item.noted_at.zip(item.noted_by.as_deref()),
            left_out: left_out.map(|names| serde_json::json!(names).to_string()),
        }
    }
}

fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8View, true);
    let json = |name: &str| text(name).with_metadata([(SHOWN_AS.to_owned(), SHOWN_AS_JSON.to_owned())].into());
    let time = |name: &str| Field::new(name, DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())), true);
    let integer = |name: &str| Field::new(name, DataType::Int64, true);
    Arc::new(Schema::new(vec![
        text("kind"),
        integer("number"),
        text("signal"),
        text("project"),
        time("time"),
        text("id"),
        integer("seq"),
        text("severity"),
        text("summary"),
        text("state"),
        text("note"),
        time("added_at"),
        text("added_by"),
        time("noted_at"),
        text("noted_by"),
        json("left_out"),
        json("fields"),
    ]))
}

fn batch(schema: &SchemaRef, lines: &[Line<'_>]) -> Result<RecordBatch, Error> {
    fn texts<'a>(lines: &'a [Line<'a>], of: impl Fn(&'a Line<'a>) -> Option<&'a str>) -> ArrayRef {
        Arc::new(lines.iter().map(of).collect::<StringViewArray>())
    }
    fn integers<'a>(lines: &'a [Line<'a>], of: impl Fn(&'a Line<'a>) -> Option<i64>) -> ArrayRef {
        Arc::new(lines.iter().map(of).collect::<Int64Array>())
    }
    fn times<'a>(lines: &'a [Line<'a>], of: impl Fn(&'a Line<'a>) -> Option<Timestamp>) -> ArrayRef {
        let nanos = lines.iter().map(|line| of(line).map(Timestamp::nanos));
        Arc::new(nanos.collect::<TimestampNanosecondArray>().with_timezone("UTC"))
    }
    let columns = vec![
        texts(lines, |line| Some(line.kind)),
        integers(lines, |line| line.number),
        texts(lines, |line| line.row.map(|row| row.table.name())),
        texts(lines, |line| line.project),
        times(lines, |line| line.row.map(|row| row.time)),
        texts(lines, |line| line.id),
        integers(lines, |line| line.row.map(|row| row.seq)),
        texts(lines, |line| line.row.and_then(|row| row.severity.as_deref())),
        texts(lines, |line| line.summary),
        texts(lines, |line| line.state),
        texts(lines, |line| (!line.note.is_empty()).then_some(line.note)),
        times(lines, |line| line.added.map(|(at, _)| at)),
        texts(lines, |line| line.added.map(|(_, by)| by)),
        times(lines, |line| line.noted.map(|(at, _)| at)),
        texts(lines, |line| line.noted.map(|(_, by)| by)),
        texts(lines, |line| line.left_out.as_deref()),
        texts(lines, |line| line.row.map(|row| row.fields.as_str())),
    ];
    RecordBatch::try_new(schema.clone(), columns).map_err(|error| Error::internal(error.to_string()))
}
