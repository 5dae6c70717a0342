//! The backup under way and what came of the last one: one at a time, asked after by whoever waits for it.

use std::sync::Arc;

use parking_lot::Mutex;
use whodunit_api::admin::{BackupView, MissingView};
use whodunit_control::rfc3339;
use whodunit_stdx::{ErrorKind, Timestamp};
use whodunit_store::Progress;
use whodunit_store::backup::ControlPart;
use whodunit_store::store::BackedUp;

use crate::failure::Failure;

/// What this process knows of backups.
#[derive(Default)]
pub struct Backups(Mutex<Option<Job>>);

struct Job {
    to: String,
    began_at: Timestamp,
    progress: Arc<Progress>,
    /// `None` while it runs.
    outcome: Option<Result<BackedUp, String>>,
}

impl Backups {
    /// Takes the one place, unless a backup is under way.
    pub fn begin(&self, to: &str, began_at: Timestamp) -> Result<Arc<Progress>, Failure> {
        let mut present = self.0.lock();
        if let Some(job) = present.as_ref().filter(|job| job.outcome.is_none()) {
            let message = format!("a backup to {} is under way", job.to);
            return Err(Failure::new(ErrorKind::Conflict, message).hint("start another one when it is done"));
        }
        let progress = Arc::new(Progress::default());
        *present = Some(Job { to: to.to_owned(), began_at, progress: progress.clone(), outcome: None });
        Ok(progress)
    }

    /// Gives the place back as if nothing had been asked.
    pub fn forget(&self) {
        self.0.lock().take();
    }

    pub fn end(&self, outcome: Result<BackedUp, String>) {
        if let Some(job) = self.0.lock().as_mut() {
            job.outcome = Some(outcome);
        }
    }

    pub fn view(&self) -> BackupView {
        self.0.lock().as_ref().map_or_else(view_of_none, Job::view)
    }
}

fn view_of_none() -> BackupView {
    BackupView { state: "none".to_owned(), ..BackupView::default() }
}

impl Job {
    fn view(&self) -> BackupView {
        let (files_done, files) = self.progress.files();
        let (bytes_done, bytes) = self.progress.bytes();
        let running = BackupView {
            state: "running".to_owned(),
            to: Some(self.to.clone()),
            began_at: Some(rfc3339(self.began_at)),
            files,
            files_done,
            bytes,
            bytes_done,
            ..BackupView::default()
        };
        match &self.outcome {
            None => running,
            Some(Ok(done)) => view_of_done(done, running),
            Some(Err(error)) => BackupView { state: "failed".to_owned(), error: Some(error.clone()), ..running },
        }
    }
}

/// What is said of a finished backup, on top of how it was asked for.
pub fn view_of_done(done: &BackedUp, running: BackupView) -> BackupView {
    let description = &done.description;
    let missing = description.missing.iter();
    BackupView {
        state: "done".to_owned(),
        name: Some(description.name.clone()),
        missing: missing.map(|one| MissingView { path: one.path.clone(), what: one.what.clone() }).collect(),
        pruned: done.pruned.clone(),
        note: match &description.control {
            ControlPart::Sqlite { .. } => None,
            ControlPart::Postgres { note } => Some(note.clone()),
        },
        ..running
    }
}
