//! What the gateway asks of every log protocol: batches, one after the other, and what was not taken.

use std::collections::VecDeque;
use std::sync::Arc;

use whodunit_issues::rules::Rules;
use whodunit_model::redact::Tally;
use whodunit_model::{Batch, Project, Redactor, Table};
use whodunit_sourcemaps::frames::Library;
use whodunit_stdx::{Limit, Reservation, Timestamp};

use super::rejection::Rejections;
use crate::error::Error;

/// Reads one body of a log protocol.
pub trait Decode: Send + 'static {
    /// The next batch, or `None` at the end of the body. Its memory is accounted for until the next call.
    fn next_batch(&mut self, project: &Project) -> Result<Option<Batch>, Error>;

    /// Whether the body has been read to its end.
    fn is_done(&self) -> bool;

    /// The lines that were not taken so far.
    fn rejections(&self) -> &Rejections;

    /// What was filtered before rows were made of it, since the last call.
    fn take_tally(&mut self) -> Tally {
        Tally::default()
    }

    /// About how much there is to make batches of, where that is known; little is done without another thread.
    fn bytes_left(&self) -> usize {
        usize::MAX
    }

    /// Columns of a table whose values were filtered before rows were made of them.
    fn filtered_columns(&self, _table: Table) -> &'static [&'static str] {
        &[]
    }

    /// Lines before the next batch, blank and rejected ones included: what is left can be sent again without them.
    /// `None` if a body is only understood as a whole.
    fn lines_read(&self) -> Option<u64> {
        None
    }
}

/// What a decoder is given beside the body.
pub struct Desk {
    pub project: Project,
    pub received_at: Timestamp,
    pub memory: Limit,
    /// For protocols whose rows follow from what is left once secrets are gone; all batches pass it later anyway.
    pub redactor: Arc<Redactor>,
    /// By which errors are grouped.
    pub grouping: Arc<Rules>,
    /// For frames of minified scripts.
    pub scripts: Option<Arc<dyn Library>>,
}

/// A body that was read as a whole, for protocols in which one wrong byte spoils all that follows it: nothing is
/// stored before the last byte was understood.
#[derive(Debug, Default)]
pub struct Whole {
    pub batches: VecDeque<Batch>,
    pub rejections: Rejections,
    /// What the batches are accounted for.
    pub reservation: Option<Reservation>,
}

impl Decode for Whole {
    fn next_batch(&mut self, _project: &Project) -> Result<Option<Batch>, Error> {
        Ok(self.batches.pop_front())
    }

    fn is_done(&self) -> bool {
        self.batches.is_empty()
    }

    fn rejections(&self) -> &Rejections {
        &self.rejections
    }
}
