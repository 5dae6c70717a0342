//! From files back to a running lane: what replay finds goes where a group would have put it.

use std::path::Path;

use arrow::array::{Array, AsArray};
use whodunit_model::Table;
use whodunit_stdx::{ErrorKind, Limit};

use super::assembly::number;
use super::ledger::Ledger;
use super::measure;
use super::prepare::{Entries, EntryState, ids_of, times_of};
use crate::Error;
use crate::buffer::ActiveBuffer;
use crate::buffer::rows::{constant, with_columns};
use crate::wal::{self, Finding, FindingKind, Frame, Replayed, Section, Source};

/// Where recovered rows go.
pub struct Target<'a> {
    pub buffer: &'a mut ActiveBuffer,
    pub ledger: Option<&'a mut Ledger>,
    pub memory: &'a Limit,
}

/// Replays a lane into its buffer and ledger, and logs what was found on the way.
pub fn recover(source: &Source<'_>, mut target: Target<'_>) -> Result<Replayed, Error> {
    let replayed = wal::replay(source, |frame| restore(source.directory, frame, source.from_seq, &mut target))?;
    measure::REPLAYED_FRAMES.add(&[source.lane.name()], replayed.frames);
    replayed.findings.iter().for_each(log);
    Ok(replayed)
}

fn log(finding: &Finding) {
    let (file, offset, bytes) = (finding.file.display(), finding.offset, finding.bytes);
    match finding.kind {
        FindingKind::TornTail => tracing::info!(%file, offset, bytes, "{}", finding.message),
        FindingKind::Damage => tracing::error!(%file, offset, bytes, "write-ahead log damaged: {}", finding.message),
    }
}

fn restore(directory: &Path, frame: &Frame<'_>, from_seq: u64, target: &mut Target<'_>) -> Result<(), Error> {
    let corrupt = |what: String| {
        let place = format!("frame {} in {}", frame.head.first_seq, directory.display());
        Error::new(ErrorKind::Corrupt, format!("{place} has a right checksum but {what}"))
    };
    if frame.head.first_seq < from_seq {
        return Err(corrupt(format!("only a part of it is flushed, which ends at {from_seq}")));
    }
    let writer = hex::encode(frame.head.writer);
    let mut seq = frame.head.first_seq;
    for section in frame.sections().map_err(|error| corrupt(error.to_string()))? {
        let count = section.rows.num_rows();
        let mut derived = vec![("project", constant(section.project.as_str(), count))];
        if section.table == Table::AuditLogs {
            derived.push(("writer", constant(&writer, count)));
        }
        let rows = with_columns(section.table, &section.rows, derived);
        let rows = number(section.table, &rows, seq, section.first_leaf);
        seq += count as u64;
        if let (Some(ledger), Table::AuditLogs) = (target.ledger.as_deref_mut(), section.table) {
            let entries = entries(&section).map_err(&corrupt)?;
            let plan = ledger.restore(&section.project, section.first_leaf, &entries, &section.notes);
            ledger.commit(plan, seq);
        }
        // Rows that were acknowledged must be held whatever the limit says; there are at most a few buffers full.
        target.buffer.hold(target.memory.try_reserve(rows.get_array_memory_size()));
        target.buffer.push(section.table, &section.project, rows);
    }
    Ok(())
}

fn entries(section: &Section) -> Result<Entries, String> {
    let rows = &section.rows;
    let ids = ids_of(rows).map_err(|error| error.message)?;
    let states = rows.column_by_name("state").ok_or("entries have no state")?.as_string_view();
    let states: Option<Vec<EntryState>> = states.iter().map(|name| EntryState::from_name(name?)).collect();
    let hashes = rows.column_by_name("leaf_hash").filter(|hashes| hashes.null_count() == 0);
    let hashes = hashes.ok_or("entries have no leaf hash")?.as_fixed_size_binary();
    let hash_at = |row| hashes.value(row).try_into().expect("the column's values have 32 bytes");
    Ok(Entries {
        states: states.ok_or("an entry has an unknown state")?,
        hashes: (0..ids.len()).map(hash_at).collect(),
        received: times_of(rows, "received_at"),
        ids,
    })
}
