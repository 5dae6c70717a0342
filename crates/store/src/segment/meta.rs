//! What the manifest remembers of a segment: enough to plan queries and maintenance without opening the file.
//!
//! These structs stand in the manifest on disk (`docs/format/manifest.md`): a new field needs `#[serde(default)]`,
//! an old one keeps its name and meaning.

use std::fmt;
use std::str::FromStr;

use arrow::datatypes::DataType;
use serde::{Deserialize, Serialize};
use whodunit_model::{Project, Table};
use whodunit_stdx::{EntryId, Timestamp, World};

/// The name of a segment: a UUIDv7, so that names sort by time of creation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentId(pub EntryId);

impl SegmentId {
    pub fn new(world: &World) -> SegmentId {
        SegmentId(world.entry_id())
    }
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which of the two independent ways into the store a table takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    Audit,
    Telemetry,
}

impl Lane {
    pub const ALL: [Lane; 2] = [Lane::Audit, Lane::Telemetry];

    pub fn of(table: Table) -> Lane {
        if table == Table::AuditLogs { Lane::Audit } else { Lane::Telemetry }
    }

    pub fn name(self) -> &'static str {
        match self {
            Lane::Audit => "audit",
            Lane::Telemetry => "telemetry",
        }
    }
}

/// How a segment is kept: fast codec, stronger codec, or strongest codec and perhaps in another place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    Hot,
    Warm,
    Cold,
}

impl Tier {
    pub const ALL: [Tier; 3] = [Tier::Hot, Tier::Warm, Tier::Cold];

    pub fn name(self) -> &'static str {
        match self {
            Tier::Hot => "hot",
            Tier::Warm => "warm",
            Tier::Cold => "cold",
        }
    }

    /// The zstd level of the tier. Level 3 costs a fifth more time than 1, level 9 several times as much.
    pub fn zstd_level(self) -> i32 {
        match self {
            Tier::Hot => 1,
            Tier::Warm => 3,
            Tier::Cold => 9,
        }
    }
}

/// The type of an attribute column. Two types of one attribute widen to the one that holds both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeType {
    Boolean,
    Integer,
    Float,
    Text,
}

impl AttributeType {
    pub fn of(data_type: &DataType) -> Option<AttributeType> {
        match data_type {
            DataType::Boolean => Some(AttributeType::Boolean),
            DataType::Int64 => Some(AttributeType::Integer),
            DataType::Float64 => Some(AttributeType::Float),
            DataType::Utf8View => Some(AttributeType::Text),
            _ => None,
        }
    }

    pub fn data_type(self) -> DataType {
        match self {
            AttributeType::Boolean => DataType::Boolean,
            AttributeType::Integer => DataType::Int64,
            AttributeType::Float => DataType::Float64,
            AttributeType::Text => DataType::Utf8View,
        }
    }

    /// The type that holds values of both: integer and float make float, any other mixture text.
    pub fn widen(self, other: AttributeType) -> AttributeType {
        use AttributeType::*;
        match (self, other) {
            (one, same) if one == same => one,
            (Integer, Float) | (Float, Integer) => Float,
            _ => Text,
        }
    }
}

/// The entries of one writer's ledger inside a segment: the lowest and the highest leaf index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafRange {
    pub writer: String,
    pub first: u64,
    pub last: u64,
}

/// What is known of a segment without opening it. Immutable; a rewritten segment gets a new id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegmentMeta {
    #[serde(with = "text")]
    pub id: SegmentId,
    #[serde(with = "text_table")]
    pub table: Table,
    #[serde(with = "text_project")]
    pub project: Project,
    /// Days since 1970-01-01 UTC of the `time` of every row.
    pub day: i32,
    /// Where the file is, for `Objects`.
    pub path: String,
    pub rows: u64,
    pub bytes: u64,
    #[serde(with = "nanos")]
    pub min_time: Timestamp,
    #[serde(with = "nanos")]
    pub max_time: Timestamp,
    pub min_seq: u64,
    pub max_seq: u64,
    pub lane: Lane,
    /// 0 as flushed, one more with each compaction.
    pub level: u32,
    pub tier: Tier,
    #[serde(with = "hash")]
    pub sha256: [u8; 32],
    #[serde(with = "nanos")]
    pub created_at: Timestamp,
    /// Attributes that are columns of the file, sorted by name.
    pub attributes: Vec<(String, AttributeType)>,
    /// Some rows have attributes in `attributes_overflow`.
    pub has_overflow: bool,
    /// Attributes found in `attributes_overflow`, sorted by name, at most [`OVERFLOW_NAMES_MAX`].
    pub overflow_attributes: Vec<(String, AttributeType)>,
    /// Lowest and highest `id` of an audit segment.
    #[serde(default, with = "id_range")]
    pub ids: Option<(EntryId, EntryId)>,
    pub leaves: Vec<LeafRange>,
    /// Rows of state `intent`.
    pub intents: u64,
    /// Rows of state `expired`.
    pub expired: u64,
}

/// Most names kept in [`SegmentMeta::overflow_attributes`]; further ones are found by reading rows only.
pub const OVERFLOW_NAMES_MAX: usize = 4096;

impl SegmentMeta {
    /// The place that the file lies in, by name; `None` for those that lie with the manifest.
    pub fn place(&self) -> Option<&str> {
        place_of(&self.path)
    }

    /// Whether a row at a time within `from..=to` could be inside.
    pub fn overlaps(&self, from: Timestamp, to: Timestamp) -> bool {
        self.min_time <= to && self.max_time >= from
    }
}

/// The place in a path as [`segment_path`] makes them below a place.
pub fn place_of(path: &str) -> Option<&str> {
    let (first, _) = path.split_once('/')?;
    (first != DIRECTORY).then_some(first)
}

const DIRECTORY: &str = "segments";

/// `segments/<table>/<project>/<day>/<id>.parquet`, below the place of the tier.
pub fn segment_path(table: Table, project: &Project, day: i32, id: SegmentId) -> String {
    format!("{DIRECTORY}/{}/{project}/{}/{id}.parquet", table.name(), day_name(day))
}

/// `2026-11-20` for days since 1970-01-01 (Howard Hinnant's `civil_from_days`).
pub fn day_name(day: i32) -> String {
    let shifted = i64::from(day) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day_of_month:02}")
}

mod text {
    use super::*;
    use serde::{Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(id: &SegmentId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SegmentId, D::Error> {
        let text = String::deserialize(deserializer)?;
        EntryId::from_str(&text).map(SegmentId).map_err(D::Error::custom)
    }
}

mod text_table {
    use super::*;
    use serde::{Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(table: &Table, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(table.name())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Table, D::Error> {
        let name = String::deserialize(deserializer)?;
        Table::from_name(&name).ok_or_else(|| D::Error::custom(format!("no table is called {name:?}")))
    }
}

pub(crate) mod text_project {
    use super::*;
    use serde::{Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(project: &Project, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(project.as_str())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Project, D::Error> {
        Project::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

pub(crate) mod nanos {
    use super::*;
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(time.nanos())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(deserializer).map(Timestamp)
    }
}

mod hash {
    use super::*;
    use serde::{Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(hash: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(hash))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let mut hash = [0; 32];
        hex::decode_to_slice(String::deserialize(deserializer)?, &mut hash).map_err(D::Error::custom)?;
        Ok(hash)
    }
}

pub(crate) mod entry_id {
    use super::*;
    use serde::{Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(id: &EntryId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(id.0))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<EntryId, D::Error> {
        parse(&String::deserialize(deserializer)?)
    }

    /// Hexadecimal rather than [`EntryId`]'s own reader, which refuses what is not version 7.
    pub fn parse<E: Error>(text: &str) -> Result<EntryId, E> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(text, &mut bytes).map(|()| EntryId(bytes)).map_err(E::custom)
    }

    /// As manifests of format 1 have them.
    pub mod list {
        use super::*;

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<EntryId>, D::Error> {
            Vec::<String>::deserialize(deserializer)?.iter().map(|text| parse(text)).collect()
        }
    }
}

mod id_range {
    use super::*;
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(ids: &Option<(EntryId, EntryId)>, serializer: S) -> Result<S::Ok, S::Error> {
        ids.map(|(first, last)| (hex::encode(first.0), hex::encode(last.0))).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<(EntryId, EntryId)>, D::Error> {
        let Some((first, last)) = Option::<(String, String)>::deserialize(deserializer)? else { return Ok(None) };
        Ok(Some((entry_id::parse(&first)?, entry_id::parse(&last)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_calendar_names() {
        for (day, name) in [(0, "1970-01-01"), (-1, "1969-12-31"), (19_782, "2024-02-29"), (20_777, "2026-11-20")] {
            assert_eq!(day_name(day), name);
        }
    }

    #[test]
    fn types_widen_to_what_holds_both() {
        use AttributeType::*;
        assert_eq!(Integer.widen(Float), Float);
        assert_eq!(Integer.widen(Integer), Integer);
        assert_eq!(Boolean.widen(Integer), Text);
        assert_eq!(Float.widen(Text), Text);
    }
}
