//! Settings with their history: who, when, before, after, and back again.

use serde_json::Value;
use whodunit_model::{Caller, Permission};
use whodunit_stdx::Timestamp;

use crate::core::{Changed, Control, change, label, require, require_whole};
use crate::db::{self, Connection};
use crate::error::Error;
use crate::noun::{Setting, SettingName, SettingSource, SettingVersion, Settings};
use crate::trail::{Act, Category, Severity};

/// Most versions that one list shows.
const HISTORY_MAX: i64 = 1_000;

/// A new value for a setting.
#[derive(Clone, Debug)]
pub struct SettingChange {
    pub value: Value,
    /// Refuse unless this version is the one in force.
    pub version: Option<i64>,
    pub source: SettingSource,
    pub reason: Option<String>,
}

impl SettingChange {
    pub fn new(value: impl Into<Value>) -> SettingChange {
        SettingChange { value: value.into(), version: None, source: SettingSource::Request, reason: None }
    }
}

impl Control {
    /// All settings as they are in force.
    pub async fn settings(&self) -> Result<Vec<Setting>, Error> {
        let mut changed = db::settings::list(&mut *self.0.database.read().await?).await?;
        let in_force = |name: SettingName| match changed.iter().position(|setting| setting.name == name) {
            Some(index) => changed.swap_remove(index),
            None => default_setting(name),
        };
        Ok(SettingName::ALL.into_iter().map(in_force).collect())
    }

    pub async fn setting(&self, name: SettingName) -> Result<Setting, Error> {
        in_force(&mut *self.0.database.read().await?, name).await
    }

    /// The last changes of a setting, newest first.
    pub async fn setting_history(&self, name: SettingName) -> Result<Vec<SettingVersion>, Error> {
        db::settings::history(&mut *self.0.database.read().await?, name, HISTORY_MAX).await
    }

    /// Sets a value. The value in force already is no change and leaves no trace.
    pub async fn change_setting(
        &self,
        caller: &Caller,
        name: SettingName,
        new: SettingChange,
    ) -> Result<Setting, Error> {
        Settings::default().apply(name, &new.value)?;
        let before = self.setting(name).await?;
        if before.value == new.value && new.version.is_none_or(|version| version == before.version) {
            return Ok(before);
        }
        let act = act(name, format!("set {} to {}", name.name(), new.value), &new);
        let mut pending = match name {
            // Switching the trail off, and on, is in the trail whatever the switch says.
            SettingName::AuditLogging => self.begin_always(caller, act).await?,
            _ => self.begin(caller, act).await?,
        };
        let done = save(pending.connection(), caller, name, new, self.0.world.now()).await;
        self.finish(pending, done).await
    }

    /// Makes the value of an earlier version the newest version; 0 is the default.
    pub async fn revert_setting(
        &self,
        caller: &Caller,
        name: SettingName,
        version: i64,
        reason: Option<&str>,
    ) -> Result<Setting, Error> {
        let value = match version {
            0 => name.default_value(),
            _ => {
                let found = db::settings::find_version(&mut *self.0.database.read().await?, name, version).await?;
                found.ok_or_else(|| Error::not_found("version", &version.to_string()))?.after
            }
        };
        let reason = reason.map(str::to_owned);
        self.change_setting(caller, name, SettingChange { value, version: None, source: SettingSource::Revert, reason })
            .await
    }
}

fn act(name: SettingName, description: String, new: &SettingChange) -> Act {
    // Less evidence from here on: somebody should look.
    let silences = name == SettingName::AuditLogging && new.value == Value::Bool(false);
    Act::new("SETTINGS_CHANGE", Category::Configuration, description)
        .severity(if silences { Severity::Critical } else { Severity::Info })
        .target("setting", name.name(), None)
        .metadata("source", new.source.name())
        .reason(new.reason.as_deref())
}

fn default_setting(name: SettingName) -> Setting {
    Setting { name, value: name.default_value(), version: 0, changed_at: None, changed_by: None }
}

async fn in_force(connection: &mut Connection, name: SettingName) -> Result<Setting, Error> {
    Ok(db::settings::find(connection, name).await?.unwrap_or_else(|| default_setting(name)))
}

async fn save(
    connection: &mut Connection,
    caller: &Caller,
    name: SettingName,
    new: SettingChange,
    now: Timestamp,
) -> Result<Changed<Setting>, Error> {
    require(caller, Permission::Administer)?;
    require_whole(caller)?;
    let before = in_force(connection, name).await?;
    if new.version.is_some_and(|expected| expected != before.version) {
        let message = format!("{} is at version {} by now", name.name(), before.version);
        return Err(Error { field: Some("version"), ..Error::conflict(message) });
    }
    let version = SettingVersion {
        version: before.version + 1,
        before: before.value,
        after: new.value,
        changed_at: now,
        changed_by: label(caller),
        source: new.source,
        reason: new.reason,
    };
    db::settings::save(connection, name, &version).await?;
    let changes = change(name.name(), version.before, version.after.clone()).into_iter().collect();
    let (changed_at, changed_by) = (Some(version.changed_at), Some(version.changed_by));
    let value = Setting { name, value: version.after, version: version.version, changed_at, changed_by };
    Ok(Changed { value, changes })
}
