//! Which redactor a project's rows pass: the standard one, unless the project has rules of its own.
//!
//! The set is replaced as a whole while rows come in, so that a change is in force with the next batch.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use whodunit_api::audit::Rejection;
use whodunit_api::logs::LineRejection;
use whodunit_model::redact::Tally;
use whodunit_model::{Project, Redactor};

use crate::metrics::VALUES_FILTERED;

/// The redactors of all projects. Cheap to clone; clones are the same.
#[derive(Clone, Default)]
pub struct Redactors(Arc<ArcSwap<BTreeMap<Project, Arc<Redactor>>>>);

impl Redactors {
    /// Puts those of projects with rules of their own in force.
    pub fn replace(&self, own: BTreeMap<Project, Arc<Redactor>>) {
        self.0.store(Arc::new(own));
    }

    pub fn of(&self, project: &Project) -> Arc<Redactor> {
        self.0.load().get(project).unwrap_or(Redactor::standard()).clone()
    }
}

/// Counts what was filtered of rows that are stored, and says how many values that were.
pub fn count(redactor: &Redactor, tally: &Tally) -> u64 {
    let filtered = redactor.filtered(tally);
    for (rule, times) in &filtered.by_rule {
        VALUES_FILTERED.add(&[rule], *times);
    }
    filtered.total()
}

/// Reasons quote what was sent, and are kept by whoever logs an answer.
pub fn of_lines(redactor: &Redactor, rejections: &mut [LineRejection]) {
    for rejection in rejections {
        replace(redactor, &mut rejection.reason);
        replace(redactor, &mut rejection.field);
    }
}

/// As [`of_lines`], for audit entries.
pub fn of_entries(redactor: &Redactor, rejections: &mut [Rejection]) {
    for rejection in rejections {
        replace(redactor, &mut rejection.reason);
        replace(redactor, &mut rejection.field);
    }
}

fn replace(redactor: &Redactor, text: &mut String) {
    if let Some(filtered) = redactor.text(text, &mut Tally::default()) {
        *text = filtered;
    }
}
