//! Taking a backup: the control database first, then the store with the files that were uploaded.
//!
//! In this order every change of the control plane that is in the backup has its entry in the backup's audit trail,
//! because the intent is written before the change.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use whodunit_api::admin::{BackupRequest, BackupView};
use whodunit_control::{Act, Category, Completed, Control};
use whodunit_model::Caller;
use whodunit_stdx::ErrorKind;
use whodunit_store::store::BackedUp;
use whodunit_store::{BackupOrder, BackupPlace, Beside, Error, Objects, Progress, Store};

use crate::app::App;
use crate::artifacts;
use crate::backups::view_of_done;
use crate::failure::Failure;

/// What is copied, and where to.
pub struct Backup<'a> {
    pub store: &'a Store,
    pub control: &'a Control,
    /// The data directory, for the copy of the control database while it is made.
    pub data: &'a Path,
    pub place: &'a BackupPlace,
    pub keep: Option<usize>,
}

impl Backup<'_> {
    /// Runs to the end.
    pub async fn take(self, progress: Arc<Progress>) -> Result<BackedUp, Error> {
        let to = self.place.open_or_make()?;
        let copied = self.control.copy(&self.data.join("control.sqlite.backup")).await;
        let control = copied.map_err(|error| {
            Error::because(error.kind, "the control database could not be copied, so nothing was backed up", error)
        })?;
        let uploads = artifacts::files_of(self.data).map_err(|error| {
            Error::because(
                ErrorKind::Unavailable,
                "uploaded files could not be listed, so nothing was backed up",
                error,
            )
        })?;
        let beside = Beside { objects: Objects::local(self.data)?, paths: uploads };
        let order =
            BackupOrder { to, control: control.map(Bytes::from), beside: Some(beside), keep: self.keep, progress };
        self.store.back_up(order).await
    }

    /// Runs to the end and says what came of it as the server would.
    pub async fn take_and_tell(self, progress: Arc<Progress>) -> Result<BackupView, Error> {
        let to = self.place.to_string();
        let done = self.take(progress.clone()).await?;
        let ((files_done, files), (bytes_done, bytes)) = (progress.files(), progress.bytes());
        let asked = BackupView { to: Some(to), files, files_done, bytes, bytes_done, ..BackupView::default() };
        Ok(view_of_done(&done, asked))
    }
}

/// Starts a backup that goes on after the answer.
pub async fn start(app: &Arc<App>, caller: &Caller, request: BackupRequest) -> Result<BackupView, Failure> {
    let place = place(app, &request)?;
    let keep = match request.keep {
        Some(0) => return Err(Failure::invalid("at least one backup is kept").field("keep")),
        keep => keep.map(|keep| usize::try_from(keep).unwrap_or(usize::MAX)),
    };
    let to = place.to_string();
    let progress = app.backups.begin(&to, app.world.now())?;
    let act = Act::new("BACKUP", Category::System, format!("backup of everything to {to}"))
        .reason(request.reason.as_deref())
        .target("backup", &to, None);
    let entry = match app.control.trail().begin(caller, act).await {
        Ok(entry) => entry,
        Err(error) => {
            app.backups.forget();
            return Err(error.into());
        }
    };
    let view = app.backups.view();
    let app_of_task = app.clone();
    app.tasks.spawn("backup", move |mut stop| async move {
        let app = app_of_task;
        let backup = Backup { store: &app.store, control: &app.control, data: &app.settings.data, place: &place, keep };
        let taken = backup.take(progress.clone());
        tokio::pin!(taken);
        let outcome = tokio::select! {
            outcome = &mut taken => outcome,
            () = stop.wait() => {
                progress.stop();
                taken.await
            }
        };
        let done = match &outcome {
            Ok(_) => Completed::success(),
            Err(error) => Completed::failure(error.kind.name(), error.message.clone()),
        };
        if let Err(error) = &outcome {
            tracing::error!(error = in_full(error), to = %place, "backup failed");
        }
        app.backups.end(outcome.map_err(|error| in_full(&error)));
        if let Err(error) = entry.complete(done).await {
            tracing::error!(%error, "an audit entry was begun but not completed");
        }
    });
    Ok(view)
}

/// The place that is asked for. A path that only the client could make sense of, or below the data itself, is refused.
fn place(app: &App, request: &BackupRequest) -> Result<BackupPlace, Failure> {
    let refused = |message: String| Failure::invalid(message).field("to");
    let place = app.settings.backup_place("to", &request.to).map_err(|error| refused(error.to_string()))?;
    if let BackupPlace::Directory(path) = &place {
        if !path.is_absolute() {
            return Err(refused(format!("{} is not an absolute path on the server's machine", path.display())));
        }
        let data = app.settings.data.canonicalize().unwrap_or_else(|_| app.settings.data.clone());
        let asked = path.canonicalize().unwrap_or_else(|_| path.clone());
        if asked.starts_with(&data) {
            let message = format!("{} lies in the data directory, which would be lost with it", path.display());
            return Err(Failure::new(ErrorKind::Invalid, message).field("to"));
        }
    }
    Ok(place)
}

fn in_full(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}
