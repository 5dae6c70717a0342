//! The caller's share of an append: everything about a submission that does not depend on its place in the lane.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, FixedSizeBinaryArray, RecordBatch};
use arrow::datatypes::TimestampNanosecondType;
use whodunit_ledger::hash::Hash;
use whodunit_model::table::ASSIGNED_BY_STORE;
use whodunit_model::{Batch, Project, Table};
use whodunit_stdx::{EntryId, ErrorKind, Reservation, Timestamp, World};

use crate::Error;
use crate::buffer::rows::{compact, constant, with_columns, without};
use crate::evidence::attest;
use crate::types::Durability;

/// Where an entry stands between intent and completion; part of the idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryState {
    Complete,
    Intent,
    Expired,
}

impl EntryState {
    pub fn name(self) -> &'static str {
        match self {
            EntryState::Complete => "complete",
            EntryState::Intent => "intent",
            EntryState::Expired => "expired",
        }
    }

    pub fn from_name(name: &str) -> Option<EntryState> {
        [EntryState::Complete, EntryState::Intent, EntryState::Expired].into_iter().find(|state| state.name() == name)
    }
}

/// What an entry's first receipt says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct First {
    pub leaf_index: u64,
    pub leaf_hash: Hash,
    pub received_at: Timestamp,
}

/// A submission that is ready for its lane.
#[derive(Debug)]
pub struct Prepared {
    pub table: Table,
    pub project: Project,
    /// With `project` and, for audit, `writer`, `salt` and `leaf_hash`.
    pub rows: RecordBatch,
    pub durability: Durability,
    pub reservation: Option<Reservation>,
    /// For audit.
    pub entries: Option<Arc<Entries>>,
    /// For audit: what segments hold of these ids.
    pub older: Older,
    /// Segments with rows below this were searched; see `Ledger::forgotten`.
    pub searched_below: u64,
}

/// Entries found in segments.
pub type Older = HashMap<EntryId, Vec<(EntryState, First)>>;

/// The audit side of a submission: one of each per row.
#[derive(Debug)]
pub struct Entries {
    pub ids: Vec<EntryId>,
    pub states: Vec<EntryState>,
    pub hashes: Vec<Hash>,
    pub received: Vec<Timestamp>,
}

/// Who may append rows of state `expired`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    Client,
    /// The store's own sweep of intents.
    Sweep,
}

/// What preparing needs.
#[derive(Clone, Debug)]
pub struct Preparer {
    pub world: World,
    pub writer: String,
}

/// Bytes that an entry costs beside its columns: the remembered id.
const ENTRY_OVERHEAD_BYTES: usize = 160;

impl Preparer {
    pub async fn prepare(&self, batch: Batch, durability: Durability, sender: Sender) -> Result<Prepared, Error> {
        let (table, project) = (batch.table(), batch.project().clone());
        let rows = compact(&without(batch.rows(), ASSIGNED_BY_STORE));
        let rows = with_columns(table, &rows, vec![("project", constant(project.as_str(), rows.num_rows()))]);
        let mut prepared = Prepared {
            table,
            project,
            rows,
            durability,
            reservation: None,
            entries: None,
            older: Older::new(),
            searched_below: 0,
        };
        if table == Table::AuditLogs {
            prepared.durability = Durability::Synced;
            self.attach_evidence(&mut prepared, sender).await?;
        }
        Ok(prepared)
    }

    async fn attach_evidence(&self, prepared: &mut Prepared, sender: Sender) -> Result<(), Error> {
        let ids = ids_of(&prepared.rows)?;
        let states = states_of(&prepared.rows, sender)?;
        let received = times_of(&prepared.rows, "received_at");
        let bare = Batch::new(prepared.table, prepared.project.clone(), prepared.rows.clone())
            .map_err(|error| Error::because(ErrorKind::Invalid, "rows do not fit their table", error))?;
        let evidence = attest(&bare, &self.world).await;
        let added = vec![
            ("writer", constant(&self.writer, ids.len())),
            ("leaf_hash", evidence.leaf_hash),
            ("salt", evidence.salt),
        ];
        prepared.rows = with_columns(prepared.table, &prepared.rows, added);
        let hashes = evidence.hashes;
        prepared.entries = Some(Arc::new(Entries { ids, states, hashes, received }));
        Ok(())
    }
}

impl Prepared {
    /// Memory that the submission holds until it is in a segment.
    pub fn bytes(&self) -> usize {
        let entries = self.entries.as_ref().map_or(0, |entries| entries.ids.len() * ENTRY_OVERHEAD_BYTES);
        self.rows.get_array_memory_size() + entries
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::Invalid, message)
}

pub fn id_at(ids: &FixedSizeBinaryArray, row: usize) -> EntryId {
    EntryId(ids.value(row).try_into().expect("the id column has 16 bytes"))
}

pub fn ids_of(rows: &RecordBatch) -> Result<Vec<EntryId>, Error> {
    let ids = rows.column_by_name("id").filter(|ids| ids.null_count() == 0);
    let ids = ids.ok_or_else(|| invalid("an audit entry has no id".to_owned()))?.as_fixed_size_binary();
    Ok((0..ids.len()).map(|row| id_at(ids, row)).collect())
}

fn states_of(rows: &RecordBatch, sender: Sender) -> Result<Vec<EntryState>, Error> {
    let states = rows.column_by_name("state").filter(|states| states.null_count() == 0);
    let states = states.ok_or_else(|| invalid("an audit entry has no state".to_owned()))?.as_string_view();
    let parse = |name: &str| match EntryState::from_name(name) {
        Some(EntryState::Expired) if sender == Sender::Client => {
            Err(invalid("state \"expired\" is set by the store alone".to_owned()))
        }
        Some(state) => Ok(state),
        None => Err(invalid(format!("{name:?} is not a state of an entry"))),
    };
    states.iter().flatten().map(parse).collect()
}

/// A time column without nulls.
pub fn times_of(rows: &RecordBatch, column: &str) -> Vec<Timestamp> {
    let times = rows.column_by_name(column).expect("a batch has its required times");
    times.as_primitive::<TimestampNanosecondType>().values().iter().map(|nanos| Timestamp(*nanos)).collect()
}
