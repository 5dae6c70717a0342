//! The growing buffer of one lane and its immutable images.
//!
//! Small batches are joined like the levels of a log-structured tree: four of one size become one of the next, so
//! that thousands of single rows cost a query a handful of batches and every row is copied only a few times.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use parking_lot::Mutex;
use tokio::sync::Notify;
use whodunit_model::{Project, Table};
use whodunit_stdx::Reservation;

use super::rows::Union;
use crate::segment::AttributeType;

/// Attribute columns by name, each with the type that holds all its values.
pub type Attributes = BTreeMap<String, AttributeType>;

/// Batches of one table and project in order of `seq`.
type Batches = Arc<Vec<Arc<RecordBatch>>>;

/// An image of a buffer. Holds the memory of its rows for as long as anybody reads it.
#[derive(Clone, Debug)]
pub struct Generation {
    pub parts: BTreeMap<(Table, Project), Batches>,
    /// By the table's position in `Table::ALL`.
    pub attributes: Vec<Arc<Attributes>>,
    pub rows: u64,
    pub bytes: usize,
    /// For a frozen one: every row has a lower `seq`, and every later one has not.
    pub through: u64,
    holdings: Arc<Holdings>,
}

/// The reservations behind a buffer, given back together.
#[derive(Debug)]
pub struct Holdings {
    reservations: Mutex<Vec<Reservation>>,
    room: Arc<Notify>,
}

/// The buffer that a lane's thread fills.
#[derive(Debug)]
pub struct ActiveBuffer {
    now: Generation,
    room: Arc<Notify>,
}

/// How many batches of one size become one of the next.
const JOIN: usize = 4;
/// Batches of this many rows are not joined any more.
const ROWS_ENOUGH: usize = 4096;
/// Nor are those of so many bytes: rows of captured errors are large, and copying them costs more than it saves.
const BYTES_ENOUGH: usize = 1 << 20;

impl Drop for Holdings {
    fn drop(&mut self) {
        self.reservations.get_mut().clear();
        self.room.notify_waiters();
    }
}

impl Generation {
    fn empty(room: &Arc<Notify>) -> Generation {
        Generation {
            parts: BTreeMap::new(),
            attributes: Table::ALL.iter().map(|_| Arc::default()).collect(),
            rows: 0,
            bytes: 0,
            through: 0,
            holdings: Arc::new(Holdings { reservations: Mutex::default(), room: room.clone() }),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl ActiveBuffer {
    /// `room` is told whenever memory of this buffer comes free.
    pub fn new(room: Arc<Notify>) -> ActiveBuffer {
        ActiveBuffer { now: Generation::empty(&room), room }
    }

    pub fn is_empty(&self) -> bool {
        self.now.is_empty()
    }

    pub fn bytes(&self) -> usize {
        self.now.bytes
    }

    /// Keeps a reservation until the buffer's rows are gone.
    pub fn hold(&mut self, reservation: Option<Reservation>) {
        let Some(reservation) = reservation else { return };
        self.now.bytes += reservation.bytes();
        self.now.holdings.reservations.lock().push(reservation);
    }

    /// Adds rows, whose `seq` follows all before.
    pub fn push(&mut self, table: Table, project: &Project, rows: RecordBatch) {
        self.now.rows += rows.num_rows() as u64;
        if table.takes_attributes() {
            note_attributes(table, &rows, &mut self.now.attributes[table as usize]);
        }
        let batches = self.now.parts.entry((table, project.clone())).or_default();
        let batches = Arc::make_mut(batches);
        batches.push(Arc::new(rows));
        join_small(batches);
    }

    /// The image to publish.
    pub fn image(&self) -> Arc<Generation> {
        Arc::new(self.now.clone())
    }

    /// Ends this generation and starts the next.
    pub fn freeze(&mut self, through: u64) -> Arc<Generation> {
        let mut frozen = std::mem::replace(&mut self.now, Generation::empty(&self.room));
        frozen.through = through;
        Arc::new(frozen)
    }
}

/// Adds the attribute columns of `rows` to the known ones.
fn note_attributes(table: Table, rows: &RecordBatch, known: &mut Arc<Attributes>) {
    for field in rows.schema_ref().fields() {
        let Some(kind) = AttributeType::of(field.data_type()) else { continue };
        match known.get(field.name()) {
            Some(held) if held.widen(kind) == *held => continue,
            None if table.column(field.name()).is_some() => continue,
            _ => {}
        }
        let slot = Arc::make_mut(known).entry(field.name().clone()).or_insert(kind);
        *slot = slot.widen(kind);
    }
}

fn size_class(batch: &RecordBatch) -> u32 {
    let rows = batch.num_rows();
    let enough = rows >= ROWS_ENOUGH || (rows >= JOIN && batch.get_array_memory_size() >= BYTES_ENOUGH);
    if enough { u32::MAX } else { rows.max(1).ilog(JOIN) }
}

fn join_small(batches: &mut Vec<Arc<RecordBatch>>) {
    while let Some(start) = batches.len().checked_sub(JOIN) {
        let class = size_class(&batches[batches.len() - 1]);
        if class == u32::MAX || batches[start..].iter().any(|one| size_class(one) > class) {
            return;
        }
        let parts: Vec<RecordBatch> = batches[start..].iter().map(|one| RecordBatch::clone(one)).collect();
        let mut union = Union::of(&parts[0]);
        if !parts.iter().all(|part| union.try_add(part)) {
            return;
        }
        batches.truncate(start);
        batches.push(Arc::new(union.join(&parts)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::rows::counted;
    use arrow::array::{ArrayRef, AsArray, StringViewArray};
    use arrow::datatypes::Int64Type;

    #[test]
    fn single_rows_become_few_batches_in_order() {
        let mut buffer = ActiveBuffer::new(Arc::default());
        for seq in 0..1000 {
            let rows = RecordBatch::try_from_iter(vec![("seq", counted(seq, 1))]).expect("one column");
            buffer.push(Table::Logs, &Project::default_project(), rows);
        }
        let image = buffer.image();
        let batches = image.parts.values().next().expect("one part");
        assert!(batches.len() <= 20, "{}", batches.len());
        let seqs: Vec<i64> =
            batches.iter().flat_map(|one| one["seq"].as_primitive::<Int64Type>().values().to_vec()).collect();
        assert_eq!(seqs, (0..1000).collect::<Vec<_>>());
        assert_eq!(image.rows, 1000);
    }

    #[test]
    fn large_rows_are_not_copied_over_and_over() {
        let mut buffer = ActiveBuffer::new(Arc::default());
        let text: ArrayRef = Arc::new(StringViewArray::from(vec!["x".repeat(100_000)]));
        for _ in 0..200 {
            let rows = RecordBatch::try_from_iter(vec![("body", text.clone())]).expect("one column");
            buffer.push(Table::Logs, &Project::default_project(), rows);
        }
        let image = buffer.image();
        let batches = image.parts.values().next().expect("one part");
        assert_eq!(batches.iter().map(|one| one.num_rows()).sum::<usize>(), 200);
        assert_eq!(
            batches.iter().map(|one| one.num_rows()).max(),
            Some(16),
            "four of 400 kB are joined, larger ones not"
        );
    }

    #[test]
    fn an_image_does_not_change_when_more_comes() {
        let mut buffer = ActiveBuffer::new(Arc::default());
        let rows = || RecordBatch::try_from_iter(vec![("seq", counted(0, 5))]).expect("one column");
        buffer.push(Table::Logs, &Project::default_project(), rows());
        let before = buffer.image();
        buffer.push(Table::Logs, &Project::default_project(), rows());
        let frozen = buffer.freeze(10);
        assert_eq!((before.rows, frozen.rows, frozen.through), (5, 10, 10));
        assert!(buffer.is_empty());
    }
}
