//! Rows and a workshop for the tests of segments and upkeep.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, FixedSizeBinaryArray, Float64Array, Int64Array, RecordBatch,
    StringViewArray, TimestampNanosecondArray,
};
use arrow::datatypes::{Int64Type, TimestampNanosecondType};
use futures::TryStreamExt;
use whodunit_model::{Project, Table};
use whodunit_stdx::{ManualClock, Timestamp, World};
use whodunit_store::maintain::{Frozen, MaintainSettings, Workshop, flush};
use whodunit_store::manifest::{Manifest, Manifests};
use whodunit_store::segment::{Lane, SegmentCache, SegmentMeta, SegmentReader};
use whodunit_store::{Error, Objects};

/// 2026-11-20T00:00:00Z.
pub const MIDNIGHT: i64 = 20_777 * Timestamp::NANOS_PER_DAY;

pub fn project() -> Project {
    Project::default_project()
}

pub fn texts<T: AsRef<str>>(values: impl IntoIterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<StringViewArray>())
}

pub fn integers(values: impl IntoIterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<Int64Array>())
}

pub fn floats(values: impl IntoIterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<Float64Array>())
}

pub fn booleans(values: impl IntoIterator<Item = Option<bool>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<BooleanArray>())
}

pub fn times(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(TimestampNanosecondArray::from_iter_values(values).with_timezone("UTC"))
}

pub fn binaries(length: usize, values: impl IntoIterator<Item = Option<Vec<u8>>>) -> ArrayRef {
    let made = FixedSizeBinaryArray::try_from_sparse_iter_with_size(values.into_iter(), length as i32);
    Arc::new(made.expect("values of one length"))
}

/// Rows with these columns besides `time`, `received_at`, `project` and `seq`, which count up from the given numbers.
pub fn batch(first_time: i64, step: i64, first_seq: i64, columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let rows = columns[0].1.len() as i64;
    let time = || times((0..rows).map(|row| first_time + row * step));
    let mut all: Vec<(&str, ArrayRef, bool)> = vec![
        ("time", time(), false),
        ("received_at", time(), false),
        ("project", texts((0..rows).map(|_| Some("default"))), true),
        ("seq", integers((0..rows).map(|row| Some(first_seq + row))), true),
    ];
    all.extend(columns.into_iter().map(|(name, column)| (name, column, true)));
    RecordBatch::try_from_iter_with_nullable(all).expect("columns are equally long")
}

/// Plain log lines: `rows` of them, a millisecond apart.
pub fn log_lines(first_time: i64, first_seq: i64, rows: usize) -> RecordBatch {
    let line = |row: usize| Some(format!("request {} of user-{} done", first_seq as usize + row, row % 97));
    let service = |row: usize| Some(["shop", "billing", "a-service-with-a-long-name"][row % 3]);
    let level = |row: usize| Some(if row.is_multiple_of(50) { "ERROR" } else { "INFO" });
    let id = |row: usize| Some(format!("c-{:032x}", (first_seq as u128 + row as u128) * 0x9e37_79b9_7f4a_7c15));
    batch(
        first_time,
        1_000_000,
        first_seq,
        vec![
            ("body", texts((0..rows).map(line))),
            ("service", texts((0..rows).map(service))),
            ("level", texts((0..rows).map(level))),
            ("correlation_id", texts((0..rows).map(id))),
            ("status", integers((0..rows).map(|row| Some(200 + (row % 4) as i64)))),
        ],
    )
}

/// Everything an executor needs, with a clock that stands still.
pub struct Shop {
    pub objects: Objects,
    pub manifests: Manifests,
    pub cache: SegmentCache,
    pub world: World,
    pub clock: Arc<ManualClock>,
    pub settings: MaintainSettings,
}

impl Shop {
    pub async fn open(objects: Objects, seed: u64) -> Shop {
        let (world, clock) = World::seeded(seed, Timestamp(MIDNIGHT + Timestamp::NANOS_PER_HOUR));
        let manifests = Manifests::open(objects.clone(), world.clone()).await.expect("opens");
        let cache = SegmentCache::new(objects.clone(), 64 << 20);
        Shop { objects, manifests, cache, world, clock, settings: MaintainSettings::default() }
    }

    pub fn workshop(&self) -> Workshop<'_> {
        Workshop {
            objects: &self.objects,
            manifests: &self.manifests,
            cache: &self.cache,
            world: &self.world,
            writer: "0123456789abcdef",
            settings: &self.settings,
        }
    }

    /// Flushes batches of one table, a millisecond after the last act.
    pub async fn flush(&self, table: Table, batches: Vec<RecordBatch>) -> Result<Arc<Manifest>, Error> {
        self.clock.advance(Duration::from_millis(1));
        flush(&self.workshop(), &frozen(table, batches)).await
    }

    pub async fn reader(&self, segment: &SegmentMeta) -> SegmentReader {
        SegmentReader::open(&self.objects, segment).await.expect("opens")
    }

    /// (time, seq) of every row of the live segments of a table, segment by segment.
    pub async fn keys(&self, table: Table) -> Vec<Vec<(i64, i64)>> {
        let manifest = self.manifests.current();
        let mut all = Vec::new();
        for segment in manifest.of_table(table) {
            let rows = self.rows(segment).await;
            let time = rows["time"].as_primitive::<TimestampNanosecondType>().values().to_vec();
            let seq = rows["seq"].as_primitive::<Int64Type>().values().to_vec();
            all.push(time.into_iter().zip(seq).collect());
        }
        all
    }

    pub async fn rows(&self, segment: &SegmentMeta) -> RecordBatch {
        let reader = self.reader(segment).await;
        let batches: Vec<RecordBatch> = reader.stream(None, None).try_collect().await.expect("reads");
        arrow::compute::concat_batches(reader.schema(), &batches).expect("one schema")
    }
}

pub fn frozen(table: Table, batches: Vec<RecordBatch>) -> Frozen {
    let highest = batches.iter().flat_map(|rows| rows["seq"].as_primitive::<Int64Type>().values().to_vec()).max();
    Frozen {
        lane: Lane::of(table),
        through: highest.map_or(0, |seq| seq as u64 + 1),
        batches: batches.into_iter().map(|rows| (table, project(), rows)).collect(),
        entries: None,
    }
}
