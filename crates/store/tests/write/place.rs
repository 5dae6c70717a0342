//! A store in memory that can crash and come back, and the entries to put into it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use futures::TryStreamExt;
use whodunit_model::{AuditBuilder, AuditEntry, Batch, Project, Table};
use whodunit_stdx::{EntryId, Limit, ManualClock, Timestamp, World};
use whodunit_store::{
    Appended, Disk, Durability, Error, FaultyDisk, Objects, Parts, Settings, Store, Submission, Upkeep,
};

use crate::rows::{MIDNIGHT, batch, integers, texts};

/// Everything that outlives a process: disk, objects, the clock on the wall.
pub struct Place {
    pub disk: FaultyDisk,
    pub objects: Objects,
    pub world: World,
    pub clock: Arc<ManualClock>,
    pub memory: Limit,
    pub settings: Settings,
}

/// One stored row of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub state: String,
    pub leaf_index: i64,
    pub seq: i64,
    pub leaf_hash: Vec<u8>,
}

impl Place {
    pub fn new(seed: u64) -> Place {
        let (world, clock) = World::seeded(seed, Timestamp(MIDNIGHT));
        let mut settings = Settings::new("/data");
        settings.upkeep = Upkeep::Manual;
        settings.append_wait = Duration::ZERO;
        Place {
            disk: FaultyDisk::new(seed),
            objects: Objects::memory(),
            world,
            clock,
            memory: Limit::new("memory", 256 << 20),
            settings,
        }
    }

    pub async fn try_open(&self) -> Result<Store, Error> {
        let parts = Parts { objects: self.objects.clone(), disk: Arc::new(self.disk.clone()) };
        Store::open_with(self.settings.clone(), self.world.clone(), self.memory.clone(), parts).await
    }

    pub async fn open(&self) -> Store {
        self.try_open().await.expect("the store opens")
    }

    /// Ends the process in good order and starts it again.
    pub async fn restart(&self, store: Store) -> Store {
        store.close().await.expect("the store closes");
        drop(store);
        self.open().await
    }

    pub fn audit_wal(&self) -> PathBuf {
        PathBuf::from("/data/wal/audit")
    }

    /// The only file of the audit lane's log.
    pub fn only_file(&self) -> PathBuf {
        let names = self.disk.list(&self.audit_wal()).expect("lists");
        assert_eq!(names.len(), 1, "{names:?}");
        self.audit_wal().join(&names[0])
    }

    pub fn read(&self, path: &Path) -> Vec<u8> {
        self.disk.read(path).expect("reads")
    }

    /// A second place with the same files but one.
    pub fn with_file(&self, path: &Path, bytes: &[u8]) -> Place {
        let other = Place::new(99);
        for name in ["format", "writer"] {
            let path = Path::new("/data").join(name);
            other.disk.write_whole(&path, &self.read(&path)).expect("writes");
        }
        other.disk.write_whole(path, bytes).expect("writes");
        other
    }

    pub fn id(&self) -> EntryId {
        self.clock.advance(Duration::from_millis(1));
        self.world.entry_id()
    }

    pub fn entry(&self, id: EntryId, state: &str) -> AuditEntry {
        AuditEntry {
            time: self.world.now(),
            received_at: self.world.now(),
            id: Some(id),
            action: Some("DELETE".into()),
            actor_id: Some("u-17".into()),
            target_id: Some(format!("order {id}")),
            state: Some(state.into()),
            outcome: (state == "complete").then(|| "success".into()),
            ..AuditEntry::default()
        }
    }

    pub fn entries(&self, rows: &[(EntryId, &str)]) -> Batch {
        let mut builder = AuditBuilder::new();
        for (id, state) in rows {
            builder.push(&self.entry(*id, state));
        }
        builder.finish(&Project::default_project())
    }

    pub async fn append(&self, store: &Store, rows: &[(EntryId, &str)]) -> Result<Appended, Error> {
        store.append(synced(self.entries(rows))).await
    }

    /// Appends one new complete entry.
    pub async fn add(&self, store: &Store) -> EntryId {
        let id = self.id();
        let appended = self.append(store, &[(id, "complete")]).await.expect("appended");
        assert_eq!((appended.rows, appended.receipts[0].id, appended.receipts[0].repeated), (1, id, false));
        id
    }
}

pub fn synced(batch: Batch) -> Submission {
    Submission { batch, durability: Durability::Synced }
}

/// Log lines with a text and a number as attributes.
pub fn lines(first: i64, rows: i64) -> Batch {
    let numbers = || first..first + rows;
    let columns = vec![
        ("body", texts(numbers().map(|number| Some(format!("line {number} of the log"))))),
        ("status", integers(numbers().map(Some))),
    ];
    Batch::new(Table::Logs, Project::default_project(), batch(MIDNIGHT, 1000, 0, columns)).expect("a batch of logs")
}

/// All batches of a table that a query would read now.
pub async fn all(store: &Store, table: Table) -> Vec<RecordBatch> {
    let snapshot = store.snapshot();
    let mut batches: Vec<RecordBatch> = snapshot.buffered(table).into_iter().map(|(_, batch)| batch).collect();
    for segment in snapshot.segments(table) {
        let reader = store.reader(&segment).await.expect("the segment opens");
        batches.extend(reader.stream(None, None).try_collect::<Vec<_>>().await.expect("the segment reads"));
    }
    batches
}

/// Every stored row of every entry, by id, in order of `seq`.
pub async fn stored(store: &Store) -> BTreeMap<EntryId, Vec<Stored>> {
    let mut found: BTreeMap<EntryId, Vec<Stored>> = BTreeMap::new();
    for rows in all(store, Table::AuditLogs).await {
        let number = |name: &str, row: usize| rows[name].as_primitive::<Int64Type>().value(row);
        for row in 0..rows.num_rows() {
            let id = EntryId(rows["id"].as_fixed_size_binary().value(row).try_into().expect("16 bytes"));
            found.entry(id).or_default().push(Stored {
                state: rows["state"].as_string_view().value(row).to_owned(),
                leaf_index: number("leaf_index", row),
                seq: number("seq", row),
                leaf_hash: rows["leaf_hash"].as_fixed_size_binary().value(row).to_vec(),
            });
        }
    }
    for rows in found.values_mut() {
        rows.sort_by_key(|row| row.seq);
    }
    found
}

/// Asserts that exactly these entries are stored, each once, in this order, with leaves from 0.
pub async fn assert_stored(store: &Store, ids: &[EntryId]) {
    let found = stored(store).await;
    let mut rows: Vec<(i64, EntryId)> = Vec::new();
    for (id, stored) in &found {
        assert_eq!(stored.len(), 1, "entry {id} is stored {} times", stored.len());
        rows.push((stored[0].leaf_index, *id));
    }
    rows.sort_unstable();
    let expected: Vec<(i64, EntryId)> = (0..).zip(ids.iter().copied()).collect();
    assert_eq!(rows, expected);
}

/// Asserts that verification finds nothing, and returns how many entries it proved.
pub async fn assert_sound(store: &Store) -> u64 {
    let report = store.verify().await.expect("verification runs");
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    report.entries
}
