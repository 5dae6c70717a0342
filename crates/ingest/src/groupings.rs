//! By which rules a project's events are grouped: none, unless the project has its own.
//!
//! The set is replaced as a whole while events come in, so that a change is in force with the next one. What is stored
//! keeps the issue that it got.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use arc_swap::ArcSwap;
use whodunit_issues::rules::Rules;
use whodunit_model::Project;

/// The rules of all projects. Cheap to clone; clones are the same.
#[derive(Clone, Default)]
pub struct Groupings(Arc<ArcSwap<BTreeMap<Project, Arc<Rules>>>>);

impl Groupings {
    /// Puts those of projects with rules of their own in force.
    pub fn replace(&self, own: BTreeMap<Project, Arc<Rules>>) {
        self.0.store(Arc::new(own));
    }

    pub fn of(&self, project: &Project) -> Arc<Rules> {
        static NONE: LazyLock<Arc<Rules>> = LazyLock::new(Arc::default);
        self.0.load().get(project).unwrap_or(&NONE).clone()
    }
}
