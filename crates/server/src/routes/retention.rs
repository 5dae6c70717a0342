//! Retention rules: the setting `retention` under an address of its own, and in force at once.

use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt;
use whodunit_api::admin::{ChangeSettingRequest, SettingView};
use whodunit_api::explorers::{RetentionDrop, RetentionPreview, RetentionPreviewRequest};
use whodunit_control::{SettingName, retention_rules};
use whodunit_model::{Project, Table};
use whodunit_query::Visibility;
use whodunit_query::format::time_text;
use whodunit_stdx::Timestamp;
use whodunit_store::Snapshot;
use whodunit_store::maintain::RetentionPolicy;
use whodunit_store::maintain::retain::plan_drops;

use crate::call::{Answer, Call, ok};
use crate::keeping;

pub fn get(call: Call) -> Answer {
    async move { ok(&SettingView::from(&call.app.control.setting(SettingName::Retention).await?)) }.boxed()
}

pub fn set(call: Call) -> Answer {
    async move {
        let request: ChangeSettingRequest = call.json()?;
        let control = &call.app.control;
        let setting = control.change_setting(&call.caller, SettingName::Retention, request.into()).await?;
        keeping::apply(&call.app);
        ok(&SettingView::from(&setting))
    }
    .boxed()
}

pub fn preview(call: Call) -> Answer {
    async move {
        let request: RetentionPreviewRequest = call.json()?;
        let rules = retention_rules(&request.value)?;
        let policy = keeping::policy(&rules, &call.app.control.directory(), &call.app.settings);
        let visibility = Visibility::of(&call.caller);
        ok(&previewed(&call.app.store.snapshot(), &policy, call.app.world.now(), &visibility))
    }
    .boxed()
}

/// What the policy would drop at a moment, of projects that the caller reaches.
fn previewed(
    snapshot: &Snapshot,
    policy: &RetentionPolicy,
    now: Timestamp,
    visibility: &Visibility,
) -> RetentionPreview {
    let manifest = snapshot.manifest();
    let gone: BTreeSet<_> = plan_drops(manifest, policy, now).into_iter().collect();
    let mut drops: BTreeMap<(Table, &Project), (RetentionDrop, Timestamp, Timestamp)> = BTreeMap::new();
    for segment in manifest.segments.iter().filter(|segment| visibility.sees_project(&segment.project)) {
        let unknown = || (RetentionDrop::default(), Timestamp(i64::MAX), Timestamp(i64::MIN));
        let (drop, oldest, newest) = drops.entry((segment.table, &segment.project)).or_insert_with(unknown);
        if gone.contains(&segment.id) {
            drop.segments += 1;
            drop.rows += segment.rows;
            drop.bytes += segment.bytes;
            (*oldest, *newest) = ((*oldest).min(segment.min_time), (*newest).max(segment.max_time));
        } else {
            drop.rows_kept += segment.rows;
        }
    }
    let mut preview = RetentionPreview { at: time_text(now.nanos()), ..RetentionPreview::default() };
    for ((table, project), (mut drop, oldest, newest)) in drops.into_iter().filter(|(_, (drop, ..))| drop.segments > 0)
    {
        (drop.table, drop.project) = (table.name().to_owned(), project.as_str().to_owned());
        (drop.oldest, drop.newest) = (time_text(oldest.nanos()), time_text(newest.nanos()));
        preview.segments += drop.segments;
        preview.rows += drop.rows;
        preview.bytes += drop.bytes;
        preview.drops.push(drop);
    }
    preview
}
