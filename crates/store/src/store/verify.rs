//! Verification of everything stored: frames, segments, leaves, and that no leaf is missing or there twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use futures::TryStreamExt;
use whodunit_model::Project;
use whodunit_model::canonical::Entries;
use whodunit_stdx::ErrorKind;

use super::{Inner, PROVEN};
use crate::Error;
use crate::maintain::scrub;
use crate::manifest::EntriesState;
use crate::segment::{Lane, SegmentMeta};
use crate::wal::{Source, examine};

/// What verification read and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    pub frames: u64,
    pub segments: u64,
    /// Entries whose leaf was recomputed.
    pub entries: u64,
    /// Leaves that are not stored any more, where retention may have dropped them.
    pub dropped_leaves: u64,
    pub findings: Vec<VerifyFinding>,
}

/// One thing that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyFinding {
    /// A file, or the ledger of a project.
    pub place: String,
    pub what: String,
}

/// An error with all its causes in one line.
pub(super) fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}

/// Leaf indices seen per project and writer, as ranges `first..=last`.
#[derive(Default)]
struct Leaves(BTreeMap<(Project, String), Vec<(u64, u64)>>);

impl VerifyReport {
    fn find(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.findings.push(VerifyFinding { place: place.into(), what: what.into() });
    }
}

impl Inner {
    pub(super) async fn verify(self: &Arc<Self>) -> Result<VerifyReport, Error> {
        let inner = self.clone();
        self.workers.rewrites.run(async move { inner.verify_here().await }).await
    }

    async fn verify_here(&self) -> Result<VerifyReport, Error> {
        let mut report = VerifyReport::default();
        for lane in Lane::ALL {
            self.verify_wal(lane, &mut report)?;
        }
        let view = self.publisher.view();
        let mut leaves = Leaves::default();
        for segment in &view.manifest.segments {
            report.segments += 1;
            if let Some(finding) = scrub::verify(&self.workshop(), segment).await? {
                report.find(finding.path, finding.what);
            }
            if segment.table == PROVEN
                && let Err(error) = self.verify_entries(segment, &mut leaves, &mut report).await
            {
                if !matches!(error.kind, ErrorKind::Corrupt | ErrorKind::Unsupported | ErrorKind::NotFound) {
                    return Err(error);
                }
                report.find(&segment.path, in_full(&error));
            }
        }
        let mut next = view.manifest.entries.clone();
        for generation in view.lane(Lane::Audit).generations() {
            for ((_, project), batches) in &generation.parts {
                for batch in batches.iter() {
                    verify_rows("the audit buffer", project, batch, &mut leaves, &mut report);
                    raise_next(&mut next, project, &self.writer, batch);
                }
            }
        }
        leaves.verify(&next, self.retains_all_audit(), &mut report);
        Ok(report)
    }

    fn retains_all_audit(&self) -> bool {
        *self.retention.load_full() == crate::maintain::RetentionPolicy::default()
    }

    fn verify_wal(&self, lane: Lane, report: &mut VerifyReport) -> Result<(), Error> {
        let (directory, quarantine) = (self.wal_directory(lane), self.quarantine());
        let from_seq = self.publisher.view().manifest.flushed_through.of(lane);
        let source = Source { disk: &*self.disk, directory: &directory, quarantine: &quarantine, lane, from_seq };
        let examined = examine(&source)?;
        report.frames += examined.frames;
        for finding in examined.findings {
            report.find(format!("{} offset {}", finding.file.display(), finding.offset), finding.message);
        }
        Ok(())
    }

    async fn verify_entries(
        &self,
        segment: &SegmentMeta,
        leaves: &mut Leaves,
        report: &mut VerifyReport,
    ) -> Result<(), Error> {
        let reader = self.cache.reader(segment).await?;
        let mut stream = reader.stream(None, None);
        while let Some(batch) = stream.try_next().await? {
            verify_rows(&segment.path, &segment.project, &batch, leaves, report);
        }
        Ok(())
    }
}

/// Recomputes the leaf of every row.
fn verify_rows(place: &str, project: &Project, rows: &RecordBatch, leaves: &mut Leaves, report: &mut VerifyReport) {
    let entries = match Entries::new(rows, project) {
        Ok(entries) => entries,
        Err(error) => return report.find(place, in_full(&error)),
    };
    for row in 0..rows.num_rows() {
        report.entries += 1;
        if let Err(error) = entries.verify(row) {
            report.find(place, format!("the entry with leaf {}: {}", leaf_name(rows, row), in_full(&error)));
        }
    }
    if let Err(what) = leaves.add(project, rows) {
        report.find(place, what);
    }
}

fn leaf_name(rows: &RecordBatch, row: usize) -> String {
    let index = rows.column_by_name("leaf_index").and_then(|index| index.as_primitive_opt::<Int64Type>());
    index
        .filter(|index| index.is_valid(row))
        .map_or_else(|| "without number".to_owned(), |index| index.value(row).to_string())
}

fn raise_next(next: &mut EntriesState, project: &Project, writer: &str, rows: &RecordBatch) {
    let index = rows.column_by_name("leaf_index").and_then(|index| index.as_primitive_opt::<Int64Type>());
    let Some(highest) = index.and_then(|index| index.values().iter().max().copied()) else { return };
    let after = u64::try_from(highest).unwrap_or(0) + 1;
    match next.next_leaves.iter_mut().find(|leaf| leaf.project == *project && leaf.writer == writer) {
        Some(leaf) => leaf.next = leaf.next.max(after),
        None => next.next_leaves.push(crate::manifest::NextLeaf {
            project: project.clone(),
            writer: writer.to_owned(),
            next: after,
        }),
    }
}

impl Leaves {
    fn add(&mut self, project: &Project, rows: &RecordBatch) -> Result<(), String> {
        let index = rows.column_by_name("leaf_index").filter(|index| index.null_count() == 0);
        let index =
            index.and_then(|index| index.as_primitive_opt::<Int64Type>()).ok_or("entries have no leaf index")?;
        let writer = rows.column_by_name("writer").filter(|writer| writer.null_count() == 0);
        let writer = writer.and_then(|writer| writer.as_string_view_opt()).ok_or("entries have no writer")?;
        let mut by_writer: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for row in 0..rows.num_rows() {
            let leaf = u64::try_from(index.value(row)).map_err(|_| "an entry has a negative leaf index")?;
            by_writer.entry(writer.value(row)).or_default().push(leaf);
        }
        for (writer, mut leaves) in by_writer {
            leaves.sort_unstable();
            let ranges = self.0.entry((project.clone(), writer.to_owned())).or_default();
            for leaf in leaves {
                match ranges.last_mut() {
                    Some((_, last)) if last.checked_add(1) == Some(leaf) => *last = leaf,
                    _ => ranges.push((leaf, leaf)),
                }
            }
        }
        Ok(())
    }

    /// Every leaf below the next one is there, once (I-5).
    fn verify(self, next: &EntriesState, keeps_all: bool, report: &mut VerifyReport) {
        for ((project, writer), mut ranges) in self.0 {
            let place = format!("ledger of project {project}, writer {writer}");
            ranges.sort_unstable();
            let mut expected = 0;
            for (first, last) in ranges {
                if first < expected {
                    report.find(&place, format!("leaves {first} to {} are stored twice", last.min(expected - 1)));
                }
                if first > expected {
                    report.missing(&place, expected..first, keeps_all);
                }
                expected = expected.max(last + 1);
            }
            let end = next.next_leaves.iter().find(|leaf| leaf.project == project && leaf.writer == writer);
            let end = end.map_or(expected, |leaf| leaf.next);
            if expected < end {
                report.missing(&place, expected..end, keeps_all);
            }
            if expected > end {
                report.find(&place, format!("leaf {} is stored but was never counted", expected - 1));
            }
        }
    }
}

impl VerifyReport {
    fn missing(&mut self, place: &str, leaves: std::ops::Range<u64>, keeps_all: bool) {
        if keeps_all {
            self.find(place, format!("leaves {} to {} are not stored", leaves.start, leaves.end - 1));
        } else {
            self.dropped_leaves += leaves.end - leaves.start;
        }
    }
}
