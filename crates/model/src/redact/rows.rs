//! Secrets within rows: batches column by column, and single audit entries.
//!
//! What a column's name says is found out once per batch. A column in which nothing is filtered stays the very array
//! that it was.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, RecordBatch, StringViewArray, StringViewBuilder, StructArray};
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema};
use arrow::util::display::array_value_to_string;

use super::edit::{FILTERED, Filtered, Tally};
use super::names::{self, Numbers, Verdict};
use super::rules::standard;
use super::text::{Scope, is_worth_filtering};
use super::{Redactor, shapes};
use crate::batch::Batch;
use crate::entry::{AuditEntry, Change};
use crate::table::{ATTRIBUTE_PREFIX, Column, Kind, Table, change_fields};

/// The attribute that holds the bytes of a syslog message that is no text, in hexadecimal.
const RAW_BYTES: &str = "syslog.raw";
/// What would be filtered is shown up to this length.
const PREVIEW_BYTES_MAX: usize = 200;

/// What would be filtered of one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub column: String,
    pub filtered: Filtered,
    /// The value as it would be stored, cut to a readable length.
    pub preview: String,
}

/// How the values of a column are treated.
enum Policy<'n> {
    Keep,
    Text(Scope),
    Json,
    Changes,
    /// An attribute and its name.
    Attribute(&'n str, Verdict),
    RawBytes,
}

impl Redactor {
    /// The batch without its secrets.
    pub fn batch(&self, batch: Batch, tally: &mut Tally) -> Batch {
        self.batch_but(batch, &[], tally)
    }

    /// The same, but for columns whose values were filtered before rows were made of them. Rules of a project that look
    /// at names may mean a path that begins at the column, so of these nothing is passed over.
    pub fn batch_but(&self, batch: Batch, done: &[&str], tally: &mut Tally) -> Batch {
        let table = batch.table();
        let done = if self.own.has_keys() { &[] } else { done };
        let mut filtered: Vec<(usize, ArrayRef)> = Vec::new();
        let schema = batch.rows().schema();
        for (index, (field, column)) in schema.fields().iter().zip(batch.rows().columns()).enumerate() {
            if done.contains(&field.name().as_str()) {
                continue;
            }
            if let Some(array) = self.column(table, field.name(), column, tally) {
                filtered.push((index, array));
            }
        }
        if filtered.is_empty() {
            return batch;
        }
        let (mut fields, mut columns) = (schema.fields().to_vec(), batch.rows().columns().to_vec());
        for (index, array) in filtered {
            if fields[index].data_type() != array.data_type() {
                fields[index] = Arc::new(Field::new(fields[index].name(), array.data_type().clone(), true));
            }
            columns[index] = array;
        }
        let rows = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
            .expect("columns keep their length, and fields follow their types");
        Batch::new(table, batch.project().clone(), rows).expect("fixed columns keep their type, attributes become text")
    }

    /// What would be filtered of one row, column by column.
    pub fn findings(&self, table: Table, rows: &RecordBatch, row: usize) -> Vec<Finding> {
        let schema = rows.schema();
        let found = |(field, column): (&Arc<Field>, &ArrayRef)| {
            let mut tally = Tally::default();
            let filtered = self.column(table, field.name(), &column.slice(row, 1), &mut tally)?;
            let mut preview = array_value_to_string(&filtered, 0).unwrap_or_default();
            preview.truncate(preview.floor_char_boundary(PREVIEW_BYTES_MAX));
            Some(Finding { column: field.name().clone(), filtered: self.filtered(&tally), preview })
        };
        schema.fields().iter().zip(rows.columns()).filter_map(found).collect()
    }

    /// The entry without its secrets: the same as its row in a batch.
    pub fn entry(&self, entry: &mut AuditEntry, tally: &mut Tally) {
        let names = [
            &mut entry.environment,
            &mut entry.service,
            &mut entry.host,
            &mut entry.release,
            &mut entry.actor_type,
            &mut entry.actor_name,
            &mut entry.action,
            &mut entry.target_type,
            &mut entry.target_name,
            &mut entry.request_method,
            &mut entry.function,
            &mut entry.error_type,
        ];
        let free = [
            &mut entry.description,
            &mut entry.reason,
            &mut entry.request_path,
            &mut entry.error_message,
            &mut entry.error_stack,
        ];
        let scoped = names.into_iter().map(|slot| (slot, Scope::Names));
        for (slot, scope) in scoped.chain(free.into_iter().map(|slot| (slot, Scope::Free))) {
            if let Some(filtered) = slot.as_deref().and_then(|text| self.scan("", text, scope, tally)) {
                *slot = Some(filtered);
            }
        }
        for slot in [&mut entry.arguments, &mut entry.metadata] {
            if let Some(filtered) = slot.as_deref().and_then(|text| self.json(text, tally)) {
                *slot = Some(filtered);
            }
        }
        for Change { field, before, after } in &mut entry.changes {
            for slot in [before, after] {
                if let Some(filtered) = slot.as_deref().and_then(|text| self.change(field, text, tally)) {
                    *slot = Some(filtered);
                }
            }
        }
    }

    /// The column without its secrets, or `None` if it has none.
    fn column(&self, table: Table, name: &str, column: &ArrayRef, tally: &mut Tally) -> Option<ArrayRef> {
        match self.policy(table, name) {
            Policy::Keep => None,
            Policy::Text(scope) => texts(column.as_string_view_opt()?, |text| self.scan("", text, scope, tally)),
            Policy::Json => texts(column.as_string_view_opt()?, |text| self.json(text, tally)),
            Policy::Changes => self.changes(column.as_list_opt()?, tally),
            Policy::RawBytes => texts(column.as_string_view_opt()?, |text| self.raw_bytes(text, tally)),
            Policy::Attribute(name, verdict) => self.attribute(name, verdict, column, tally),
        }
    }

    fn policy<'n>(&self, table: Table, name: &'n str) -> Policy<'n> {
        match table.column(name) {
            Some(fixed) => of_fixed(fixed),
            None if name == RAW_BYTES => Policy::RawBytes,
            None => {
                let key = name.strip_prefix(ATTRIBUTE_PREFIX).unwrap_or(name);
                match self.judge(key) {
                    Verdict::Plain | Verdict::Identifier if names::is_user_agent(key) => Policy::Keep,
                    verdict => Policy::Attribute(key, verdict),
                }
            }
        }
    }

    fn attribute(&self, name: &str, verdict: Verdict, column: &ArrayRef, tally: &mut Tally) -> Option<ArrayRef> {
        let scope = match verdict {
            Verdict::Secret { rule, numbers } => return secrets(name, column, rule, numbers, tally),
            Verdict::Plain => Scope::Free,
            Verdict::Identifier => Scope::Identifier,
            Verdict::Exempt => Scope::OwnOnly,
        };
        match column.data_type() {
            DataType::Utf8View => texts(column.as_string_view(), |text| self.scan(name, text, scope, tally)),
            DataType::Int64 if scope == Scope::Free => {
                let numbers = column.as_primitive::<Int64Type>();
                let is_card = |row: usize| numbers.is_valid(row) && shapes::is_card_integer(numbers.value(row));
                let cards = (0..numbers.len()).filter(|row| is_card(*row)).count();
                if cards == 0 {
                    return None;
                }
                tally.add(standard::CARD_NUMBER, cards as u64);
                Some(as_texts(column, is_card))
            }
            _ => None,
        }
    }

    fn changes(&self, lists: &ListArray, tally: &mut Tally) -> Option<ArrayRef> {
        let elements = lists.values().as_struct();
        let names = elements.column(0).as_string_view();
        let side = |index: usize, tally: &mut Tally| {
            let values = elements.column(index).as_string_view();
            let mut row = 0;
            let mut filter = |text: Option<&str>| {
                let name = if names.is_valid(row) { names.value(row) } else { "" };
                row += 1;
                self.change(name, text?, tally)
            };
            rebuilt(values, &mut filter)
        };
        let (before, after) = (side(1, tally), side(2, tally));
        if before.is_none() && after.is_none() {
            return None;
        }
        let sides = [elements.column(0).clone(), before.unwrap_or_else(|| elements.column(1).clone())];
        let sides = [&sides[..], &[after.unwrap_or_else(|| elements.column(2).clone())]].concat();
        let elements = StructArray::new(change_fields(), sides, elements.nulls().cloned());
        let DataType::List(field) = lists.data_type() else { unreachable!("a list has the type of a list") };
        Some(Arc::new(ListArray::new(
            field.clone(),
            lists.offsets().clone(),
            Arc::new(elements),
            lists.nulls().cloned(),
        )))
    }

    /// One side of a change: JSON text under the name of a field.
    fn change(&self, field: &str, json: &str, tally: &mut Tally) -> Option<String> {
        match self.judge(field) {
            Verdict::Secret { rule, numbers: Numbers::Secret } => {
                if !is_worth_filtering(json.trim_matches('"')) {
                    return None;
                }
                tally.count(rule);
                Some(format!("\"{FILTERED}\""))
            }
            _ => self.json_under(field, json, tally),
        }
    }

    /// Bytes that were no text, as far as they can be read.
    fn raw_bytes(&self, hexadecimal: &str, tally: &mut Tally) -> Option<String> {
        let bytes = hex::decode(hexadecimal).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        self.text(&text, tally).map(|_| FILTERED.to_owned())
    }
}

/// A fixed column. Ids, times, user agents and words of the vocabulary stay.
fn of_fixed<'n>(column: &Column) -> Policy<'n> {
    match (column.kind, column.name) {
        (Kind::Json, _) => Policy::Json,
        (Kind::Changes, _) => Policy::Changes,
        (Kind::Text, "description" | "reason" | "request_path" | "error_message" | "error_stack" | "body")
        | (Kind::Text, "value" | "title" | "path" | "referrer" | "element") => Policy::Text(Scope::Free),
        (Kind::Text, "environment" | "service" | "host" | "release" | "actor_type" | "actor_name")
        | (Kind::Text, "action" | "target_type" | "target_name" | "request_method" | "function")
        | (Kind::Text, "error_type" | "logger" | "culprit" | "transaction" | "name") => Policy::Text(Scope::Names),
        _ => Policy::Keep,
    }
}

/// Every value of a column whose name says that it is secret. What only counts, and what is true or false, stays.
fn secrets(name: &str, column: &ArrayRef, rule: usize, numbers: Numbers, tally: &mut Tally) -> Option<ArrayRef> {
    let hidden = |text: &str| {
        let hides = is_worth_filtering(text) && !names::is_working_directory(name, text);
        hides.then(|| FILTERED.to_owned())
    };
    match column.data_type() {
        DataType::Utf8View => texts(column.as_string_view(), |text| hidden(text).inspect(|_| tally.count(rule))),
        DataType::Int64 | DataType::Float64 if numbers == Numbers::Secret && column.null_count() < column.len() => {
            tally.add(rule, (column.len() - column.null_count()) as u64);
            Some(as_texts(column, |_| true))
        }
        _ => None,
    }
}

/// The column as texts, with those rows filtered.
fn as_texts(column: &ArrayRef, hides: impl Fn(usize) -> bool) -> ArrayRef {
    let mut builder = StringViewBuilder::with_capacity(column.len());
    for row in 0..column.len() {
        if column.is_null(row) {
            builder.append_null();
        } else if hides(row) {
            builder.append_value(FILTERED);
        } else {
            builder.append_value(number_text(column, row));
        }
    }
    Arc::new(builder.finish())
}

fn number_text(column: &ArrayRef, row: usize) -> String {
    match column.data_type() {
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        _ => format!("{:?}", column.as_primitive::<Float64Type>().value(row)),
    }
}

/// The column with the values that `filter` gives; `None` if it gives none.
fn texts(column: &StringViewArray, mut filter: impl FnMut(&str) -> Option<String>) -> Option<ArrayRef> {
    rebuilt(column, &mut |text| text.and_then(&mut filter))
}

fn rebuilt(column: &StringViewArray, filter: &mut dyn FnMut(Option<&str>) -> Option<String>) -> Option<ArrayRef> {
    let mut built: Option<StringViewBuilder> = None;
    for row in 0..column.len() {
        let value = column.is_valid(row).then(|| column.value(row));
        let filtered = filter(value);
        if built.is_none() && filtered.is_some() {
            let mut builder = StringViewBuilder::with_capacity(column.len());
            (0..row).for_each(|row| builder.append_option(column.is_valid(row).then(|| column.value(row))));
            built = Some(builder);
        }
        if let Some(builder) = &mut built {
            builder.append_option(filtered.map(Cow::Owned).or(value.map(Cow::Borrowed)));
        }
    }
    built.map(|mut builder| {
        let mut column: ArrayRef = Arc::new(builder.finish());
        column.shrink_to_fit();
        column
    })
}
