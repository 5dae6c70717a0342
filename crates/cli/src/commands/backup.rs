//! `whodunit backup`: of a running server, which does it itself, or with `--data` of a stopped server's files.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hyper::Method;
use serde_json::{Value, json};
use whodunit_api::admin::{BackupRequest, BackupView};
use whodunit_store::backup::{ControlPart, Description};
use whodunit_store::{Progress, Purpose, backup};

use super::direct::{Direct, store_failure};
use crate::arguments::{Backup, BackupAction};
use crate::configuration::{Configuration, Origin};
use crate::failure::Failure;
use crate::http::{Call, Client};
use crate::output::{Rows, Style, print_text};
use crate::progress::{bar, bytes, while_running};

const PATH: &str = "/api/v1/admin/backups";
/// How often the server is asked how far it is.
const ASK_INTERVAL: Duration = Duration::from_millis(200);

pub async fn run(backup: Backup, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    if let Some(BackupAction::List { to }) = &backup.action {
        return list(to, configuration, style).await;
    }
    let Some(to) = &backup.to else {
        return Err(Failure::Usage("backup needs --to DIRECTORY or --to s3://bucket/prefix".to_owned()));
    };
    if backup.keep == Some(0) {
        return Err(Failure::Usage("--keep 0: at least one backup is kept".to_owned()));
    }
    let to = absolute(to)?;
    let done = if matches!(configuration.origin("data"), Origin::Flag(_)) {
        from_files(&to, &backup, configuration).await?
    } else {
        over_http(&to, &backup, configuration).await?
    };
    print(&done, style)
}

/// A path means here what it means to whoever typed it.
fn absolute(place: &str) -> Result<String, Failure> {
    if place.contains("://") {
        return Ok(place.to_owned());
    }
    let path =
        std::path::absolute(Path::new(place)).map_err(|error| Failure::Usage(format!("--to {place}: {error}")))?;
    path.into_os_string().into_string().map_err(|path| Failure::Usage(format!("--to {path:?} is not UTF-8")))
}

async fn from_files(to: &str, asked: &Backup, configuration: &Configuration) -> Result<BackupView, Failure> {
    let place = configuration.settings.backup_place("to", to).map_err(|error| Failure::Usage(error.to_string()))?;
    let direct = Direct::open(configuration, Purpose::Append).await?;
    let progress = Arc::new(Progress::default());
    let keep = asked.keep.map(|keep| usize::try_from(keep).unwrap_or(usize::MAX));
    let work = direct.back_up(&configuration.settings.data, &place, keep, progress.clone());
    while_running(work, || bar(progress.bytes().0, Some(progress.bytes().1))).await
}

async fn over_http(to: &str, asked: &Backup, configuration: &Configuration) -> Result<BackupView, Failure> {
    let key = configuration.api_key();
    if key.is_none() {
        let ways = "give --api-key (or WHODUNIT_API_KEY), or --data with the server stopped";
        return Err(Failure::Usage(format!("backup needs a key that may administer: {ways}")));
    }
    let client = Client::new(&configuration.url(), key, configuration.ca())?;
    let request = BackupRequest { to: to.to_owned(), keep: asked.keep, reason: asked.reason.clone() };
    let body = serde_json::to_value(request).map_err(Failure::failed)?;
    let seen = RefCell::new(view(client.send(Call::json(Method::POST, PATH, &body)).await?.success()?.json()?)?);
    let last = || seen.borrow().clone();
    let work = async {
        while last().state == "running" {
            tokio::time::sleep(ASK_INTERVAL).await;
            let next = view(client.send(Call::get(PATH)).await?.success()?.json()?)?;
            *seen.borrow_mut() = next;
        }
        Ok::<_, Failure>(last())
    };
    let done = while_running(work, || bar(last().bytes_done, Some(last().bytes))).await?;
    match done.state.as_str() {
        "done" => Ok(done),
        "failed" => Err(Failure::Failed(format!("the backup failed: {}", done.error.unwrap_or_default()))),
        _ => Err(Failure::Unreachable("the server was started anew before the backup was done".to_owned())),
    }
}

fn view(answer: Value) -> Result<BackupView, Failure> {
    serde_json::from_value(answer).map_err(|error| Failure::Failed(format!("the answer is no backup: {error}")))
}

fn print(done: &BackupView, style: Style) -> Result<(), Failure> {
    if style == Style::Json {
        print_text(&serde_json::to_string(done).map_err(Failure::failed)?)?;
    } else {
        let name = done.name.as_deref().unwrap_or_default();
        let to = done.to.as_deref().unwrap_or_default();
        print_text(&format!("{name} is at {to}: {} segments copied, {}", done.files, bytes(done.bytes_done)))?;
        for name in &done.pruned {
            print_text(&format!("{name} was removed"))?;
        }
        if let Some(note) = &done.note {
            print_text(&format!("note: {note}"))?;
        }
    }
    if done.missing.is_empty() {
        return Ok(());
    }
    let lines = done.missing.iter().map(|one| format!("{}: {}", one.path, one.what)).collect::<Vec<_>>().join("\n");
    Err(Failure::Failed(format!("{} segments are not in the backup:\n{lines}", done.missing.len())))
}

async fn list(place: &str, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    let settings = &configuration.settings;
    let place = settings.backup_place("to", place).map_err(|error| Failure::Usage(error.to_string()))?;
    let objects = place.open().map_err(|error| store_failure(&error))?;
    let all = backup::list(&objects).await.map_err(|error| store_failure(&error))?;
    let lines: Vec<Value> = all.iter().map(line).collect();
    Rows::of_objects(&lines, COLUMNS).print(style)
}

const COLUMNS: &[&str] = &["name", "segments", "bytes", "copied_bytes", "missing", "control", "writer", "whodunit"];

fn line(description: &Description) -> Value {
    let control = match description.control {
        ControlPart::Sqlite { .. } => "inside",
        ControlPart::Postgres { .. } => "not inside (PostgreSQL)",
    };
    json!({
        "name": description.name,
        "segments": description.segments.files,
        "bytes": description.segments.bytes,
        "copied_bytes": description.segments.copied_bytes,
        "missing": description.missing.len(),
        "control": control,
        "writer": description.writer,
        "whodunit": description.whodunit,
    })
}
