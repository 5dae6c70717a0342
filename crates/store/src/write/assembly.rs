//! Sections of one frame in the making: submissions of a group joined per table and project, then numbered.

use arrow::array::{RecordBatch, UInt32Array};
use whodunit_model::{Project, Table};

use crate::buffer::rows::{Union, counted, with_columns};
use crate::wal::{Note, Section};

/// The rows at these positions.
pub fn pick(rows: &RecordBatch, wanted: &[usize]) -> RecordBatch {
    if wanted.len() == rows.num_rows() {
        return rows.clone();
    }
    let wanted = UInt32Array::from_iter_values(wanted.iter().map(|row| *row as u32));
    arrow::compute::take_record_batch(rows, &wanted).expect("the rows were counted on this batch")
}

/// Collects the rows of one group.
#[derive(Default)]
pub struct Assembly {
    sections: Vec<Building>,
}

struct Building {
    table: Table,
    project: Project,
    first_leaf: u64,
    union: Union,
    parts: Vec<RecordBatch>,
    rows: usize,
    notes: Vec<Note>,
}

/// What one submission brings.
pub struct Rows<'a> {
    pub rows: RecordBatch,
    pub first_leaf: u64,
    pub notes: &'a [Note],
}

impl Assembly {
    pub fn add(&mut self, table: Table, project: &Project, added: Rows<'_>) {
        if added.rows.num_rows() == 0 {
            return;
        }
        // Only the newest section of a table and project takes more, so that its rows stay in order.
        let place = self.sections.iter().rposition(|one| one.table == table && one.project == *project);
        let place = place.filter(|at| self.sections[*at].union.try_add(&added.rows));
        let place = place.unwrap_or_else(|| {
            self.sections.push(Building {
                table,
                project: project.clone(),
                first_leaf: added.first_leaf,
                union: Union::of(&added.rows),
                parts: Vec::new(),
                rows: 0,
                notes: Vec::new(),
            });
            self.sections.len() - 1
        });
        let section = &mut self.sections[place];
        let before = u32::try_from(section.rows).expect("a frame has fewer than 2^32 rows");
        section.notes.extend(added.notes.iter().map(|note| Note { row: before + note.row, kind: note.kind }));
        section.rows += added.rows.num_rows();
        section.parts.push(added.rows);
    }

    /// The sections of the group, whose first row gets `first_seq`.
    pub fn finish(self, first_seq: u64) -> Vec<Section> {
        let mut seq = first_seq;
        let mut sections = Vec::with_capacity(self.sections.len());
        for building in self.sections {
            let rows = match building.parts.as_slice() {
                [only] => only.clone(),
                parts => building.union.join(parts),
            };
            let rows = number(building.table, &rows, seq, building.first_leaf);
            seq += building.rows as u64;
            sections.push(Section {
                table: building.table,
                project: building.project,
                first_leaf: building.first_leaf,
                rows,
                notes: building.notes,
            });
        }
        sections
    }
}

/// Adds the columns that follow from a section's place.
pub fn number(table: Table, rows: &RecordBatch, first_seq: u64, first_leaf: u64) -> RecordBatch {
    let mut added = vec![("seq", counted(first_seq, rows.num_rows()))];
    if table == Table::AuditLogs {
        added.push(("leaf_index", counted(first_leaf, rows.num_rows())));
    }
    with_columns(table, rows, added)
}
