//! What a segment's metadata says of its rows, gathered while they are written.

use std::collections::{BTreeMap, HashMap};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, TimestampNanosecondType};
use whodunit_stdx::{EntryId, Timestamp};

use super::layout::OVERFLOW_COLUMN;
use super::meta::{AttributeType, LeafRange, OVERFLOW_NAMES_MAX};
use super::token;

/// Sums over the rows of a segment.
#[derive(Debug, Default)]
pub struct Facts {
    pub rows: u64,
    pub times: Option<(Timestamp, Timestamp)>,
    pub numbers: Option<(u64, u64)>,
    pub ids: Option<(EntryId, EntryId)>,
    leaves: BTreeMap<String, (u64, u64)>,
    pub intents: u64,
    pub expired: u64,
    pub has_overflow: bool,
    overflow: BTreeMap<String, AttributeType>,
    /// Hash seeds of overflow names; forgotten when there are too many.
    seeds: HashMap<String, u64>,
}

fn widen<T: Ord + Copy>(range: &mut Option<(T, T)>, low: T, high: T) {
    *range = Some(range.map_or((low, high), |(least, most)| (least.min(low), most.max(high))));
}

impl Facts {
    pub fn add(&mut self, rows: &RecordBatch) {
        if rows.num_rows() == 0 {
            return;
        }
        self.rows += rows.num_rows() as u64;
        let time = rows.column_by_name("time").map(|time| time.as_primitive::<TimestampNanosecondType>().values());
        if let Some((first, last)) = time.and_then(|times| Some((times.first()?, times.last()?))) {
            // Rows are sorted, so the ends are the extremes.
            widen(&mut self.times, Timestamp(*first.min(last)), Timestamp(*first.max(last)));
        }
        if let Some(seq) = rows.column_by_name("seq") {
            for number in seq.as_primitive::<Int64Type>().values() {
                let number = u64::try_from(*number).unwrap_or(0);
                widen(&mut self.numbers, number, number);
            }
        }
        if rows.column_by_name("state").is_some() {
            self.add_entries(rows);
        }
    }

    fn add_entries(&mut self, rows: &RecordBatch) {
        if let Some(ids) = rows.column_by_name("id").and_then(|ids| ids.as_fixed_size_binary_opt()) {
            for id in ids.iter().flatten() {
                if let Ok(id) = <[u8; 16]>::try_from(id) {
                    widen(&mut self.ids, EntryId(id), EntryId(id));
                }
            }
        }
        if let Some(states) = rows.column_by_name("state").and_then(|states| states.as_string_view_opt()) {
            for state in states.iter().flatten() {
                self.intents += u64::from(state == "intent");
                self.expired += u64::from(state == "expired");
            }
        }
        let writers = rows.column_by_name("writer").and_then(|writers| writers.as_string_view_opt());
        let leaves = rows.column_by_name("leaf_index").and_then(|leaves| leaves.as_primitive_opt::<Int64Type>());
        let (Some(writers), Some(leaves)) = (writers, leaves) else { return };
        for (writer, leaf) in writers.iter().zip(leaves) {
            let (Some(writer), Some(leaf)) = (writer, leaf.and_then(|leaf| u64::try_from(leaf).ok())) else { continue };
            match self.leaves.get_mut(writer) {
                Some((first, last)) => (*first, *last) = ((*first).min(leaf), (*last).max(leaf)),
                None => drop(self.leaves.insert(writer.to_owned(), (leaf, leaf))),
            }
        }
    }

    /// Reads the overflow of each row: notes names and types, and hands the hash of every `key=value` to `each`.
    pub fn add_overflow(&mut self, rows: &RecordBatch, mut each: impl FnMut(u64)) {
        let Some(column) = rows.column_by_name(OVERFLOW_COLUMN).and_then(|column| column.as_string_view_opt()) else {
            return;
        };
        for text in column.iter().flatten() {
            self.has_overflow = true;
            let Ok(members) = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text) else {
                continue;
            };
            for (name, value) in &members {
                let Some((kind, shown)) = shown(value) else { continue };
                if let Some(known) = self.overflow.get_mut(name) {
                    *known = known.widen(kind);
                } else if self.overflow.len() < OVERFLOW_NAMES_MAX {
                    self.overflow.insert(name.clone(), kind);
                }
                let seed = self.seed(name);
                each(token::value_with(seed, shown.as_bytes()));
            }
        }
    }

    fn seed(&mut self, name: &str) -> u64 {
        if let Some(seed) = self.seeds.get(name) {
            return *seed;
        }
        if self.seeds.len() >= OVERFLOW_NAMES_MAX {
            self.seeds.clear();
        }
        let seed = token::column_seed(name);
        self.seeds.insert(name.to_owned(), seed);
        seed
    }

    pub fn leaves(&self) -> Vec<LeafRange> {
        let range = |(writer, (first, last)): (&String, &(u64, u64))| LeafRange {
            writer: writer.clone(),
            first: *first,
            last: *last,
        };
        self.leaves.iter().map(range).collect()
    }

    pub fn overflow(&self) -> Vec<(String, AttributeType)> {
        self.overflow.iter().map(|(name, kind)| (name.clone(), *kind)).collect()
    }
}

/// The type of an overflow value and the text that stands for it in the token index and in comparisons: a text as it
/// is, anything else as JSON. Null is no value.
pub fn shown(value: &serde_json::Value) -> Option<(AttributeType, std::borrow::Cow<'_, str>)> {
    use serde_json::Value;
    match value {
        Value::Null => None,
        Value::String(text) => Some((AttributeType::Text, text.as_str().into())),
        Value::Bool(_) => Some((AttributeType::Boolean, value.to_string().into())),
        Value::Number(number) if number.is_i64() => Some((AttributeType::Integer, value.to_string().into())),
        Value::Number(_) => Some((AttributeType::Float, value.to_string().into())),
        Value::Array(_) | Value::Object(_) => Some((AttributeType::Text, value.to_string().into())),
    }
}
