//! `whodunit restore`: a data directory out of a backup, or a look at every checksum and leaf of one.

use serde_json::json;
use whodunit_stdx::{Limit, World};
use whodunit_store::backup::{ControlPart, Found};
use whodunit_store::store::Restored;
use whodunit_store::{Progress, Settings as StoreSettings, Store, Upkeep, VerifyReport, backup};

use super::direct::store_failure;
use super::verify;
use crate::arguments::Restore;
use crate::configuration::{Configuration, Origin};
use crate::failure::Failure;
use crate::output::{Rows, Style, print_text};
use crate::progress::{bar, bytes, while_running};

pub async fn run(restore: Restore, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    let into_data = matches!(configuration.origin("data"), Origin::Flag(_));
    if !into_data && !restore.verify {
        let ways = "name an empty directory with --data, or only check the backup with --verify";
        return Err(Failure::Usage(format!("restore does not guess where to: {ways}")));
    }
    let settings = &configuration.settings;
    let place = settings.backup_place("from", &restore.from).map_err(|error| Failure::Usage(error.to_string()))?;
    let objects = place.open().map_err(|error| store_failure(&error))?;
    let found = backup::find(&objects, restore.at.as_deref()).await.map_err(|error| store_failure(&error))?;
    if !into_data {
        return look(&found, configuration, style).await;
    }
    let objects_in = settings.objects_in().map_err(|error| Failure::Usage(error.to_string()))?;
    let store_settings = StoreSettings { objects: objects_in, ..StoreSettings::new(&settings.data) };
    let progress = Progress::default();
    let work = Store::restore(&found, &store_settings, &progress);
    let restored = while_running(work, || bar(progress.bytes().0, Some(progress.bytes().1))).await;
    let restored = restored.map_err(|error| store_failure(&error))?;
    tell(&found, &restored, configuration, style)?;
    let verified = match restore.verify {
        true => verify::run(configuration, style).await,
        false => Ok(()),
    };
    match restored.findings.len() {
        0 => verified,
        count => {
            Err(Failure::Failed(format!("{count} parts of the backup are damaged or missing; the rest is restored")))
        }
    }
}

/// Reads everything where it is.
async fn look(found: &Found, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    let scratch = tempfile::tempdir()?;
    let data = scratch.path().join("data");
    let settings = StoreSettings { upkeep: Upkeep::Manual, ..StoreSettings::new(data) };
    let memory = Limit::new("memory", configuration.settings.memory_bytes());
    let report: VerifyReport =
        Store::verify_backup(found, settings, World::system(), memory).await.map_err(|error| store_failure(&error))?;
    verify::tell(&report, style)
}

fn tell(found: &Found, restored: &Restored, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    let data = configuration.settings.data.display().to_string();
    let findings: Vec<_> =
        restored.findings.iter().map(|finding| json!({"place": finding.place, "what": finding.what})).collect();
    let description = &found.description;
    if style == Style::Json {
        let told = json!({
            "restored": description.name, "data": data, "segments": restored.segments, "bytes": restored.bytes,
            "files": restored.files,
            "writer": description.writer, "findings": findings,
        });
        return print_text(&told.to_string());
    }
    print_text(&format!(
        "{} is restored into {data}: {} segments, {}, and {} uploaded files",
        description.name,
        restored.segments,
        bytes(restored.bytes),
        restored.files
    ))?;
    print_text(&format!(
        "It goes on as writer {}: the installation that it was taken from must not run any more",
        description.writer
    ))?;
    if let ControlPart::Postgres { note } = &description.control {
        print_text(&format!("note: {note}"))?;
    }
    if findings.is_empty() { Ok(()) } else { Rows::of_objects(&findings, &["place", "what"]).print(style) }
}
