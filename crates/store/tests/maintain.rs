//! Upkeep: plans by table, executors by what is left afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use whodunit_model::{Project, Table};
use whodunit_stdx::{EntryId, Timestamp};
use whodunit_store::Objects;
use whodunit_store::maintain::guard::{self, Admission, Space};
use whodunit_store::maintain::outlook::{self, Growth, OUTLOOK_DAYS_MAX, Room};
use whodunit_store::maintain::rewrite::{Rewrite, Rewritten, rewrite};
use whodunit_store::maintain::{
    CompactionSettings, DiskFull, GuardSettings, MaintainSettings, RetentionPolicy, Rule, Scrubber, TierSettings,
    compact, flush, retain, scrub, sweep,
};
use whodunit_store::manifest::Manifest;
use whodunit_store::object::{FaultRates, Faults};
use whodunit_store::segment::{AttributeType, Lane, SegmentId, SegmentMeta, Tier};

use crate::rows::*;

const DAY: Duration = Duration::from_secs(86_400);
const TODAY: i32 = 20_777;

fn now() -> Timestamp {
    Timestamp(MIDNIGHT + 12 * Timestamp::NANOS_PER_HOUR)
}

/// A segment for plans. Its number is also its age: higher is younger.
fn segment(number: u8, table: Table, day: i32, rows: u64) -> SegmentMeta {
    let start = Timestamp(i64::from(day) * Timestamp::NANOS_PER_DAY + i64::from(number));
    SegmentMeta {
        id: SegmentId(EntryId([number; 16])),
        table,
        project: project(),
        day,
        path: format!("segments/{number}"),
        rows,
        bytes: rows * 50,
        min_time: start,
        max_time: start,
        min_seq: 0,
        max_seq: 0,
        lane: Lane::of(table),
        level: 0,
        tier: Tier::Hot,
        sha256: [0; 32],
        created_at: now(),
        attributes: Vec::new(),
        has_overflow: false,
        overflow_attributes: Vec::new(),
        ids: None,
        leaves: Vec::new(),
        intents: 0,
        expired: 0,
    }
}

fn manifest(segments: impl IntoIterator<Item = SegmentMeta>) -> Manifest {
    let mut manifest = Manifest::empty();
    manifest.add(segments);
    manifest
}

fn numbers(plans: &[Rewrite]) -> Vec<Vec<u8>> {
    plans.iter().map(|plan| plan.inputs.iter().map(|input| input.id.0.0[0]).collect()).collect()
}

fn ids(gone: Vec<SegmentId>) -> Vec<u8> {
    gone.into_iter().map(|id| id.0.0[0]).collect()
}

fn outlook_of(manifest: &Manifest, policy: &RetentionPolicy, free: u64, leaves_after: Option<Duration>) -> Option<u32> {
    let growth = outlook::growth(manifest, &|_, _| None, now());
    let room = Room { free, on_disk: &|place| place.is_none(), leaves_after };
    outlook::days_left(manifest, &growth, policy, room, now())
}

#[test]
fn growth_is_that_of_whole_days() {
    // The first day and today are not whole; a day beyond the last seven does not count.
    let days = [(1, -30, 1), (2, -8, 900), (3, -7, 70), (4, -1, 7), (5, 0, 5_000)];
    let manifest = manifest(days.map(|(number, day, rows)| segment(number, Table::Logs, TODAY + day, rows)));
    let growth = |since: Option<i64>| {
        let at = since.map(|days| Timestamp((i64::from(TODAY) + days) * Timestamp::NANOS_PER_DAY));
        outlook::growth(&manifest, &|_, _| at, now())
    };
    let of = |bytes_per_day, days| vec![Growth { table: Table::Logs, project: project(), bytes_per_day, days }];
    assert_eq!(growth(None), of(Some(77 * 50 / 7), 7));
    // What was imported from before the first live row is no measure of a day.
    assert_eq!(growth(Some(-3)), of(Some(7 * 50 / 2), 2));
    assert_eq!(growth(Some(-1)), of(None, 0));
    assert_eq!(growth(Some(0)), of(None, 0));
}

#[test]
fn days_left_follow_growth_and_what_retention_gives_back() {
    // 100 bytes a day for ten days.
    let days = (0..10).map(|back| segment(back + 1, Table::Logs, TODAY - i32::from(back), 2));
    let manifest = manifest(days);
    let none = RetentionPolicy::default();
    let of_logs = |rule| RetentionPolicy { tables: BTreeMap::from([(Table::Logs, rule)]), ..none.clone() };
    assert_eq!(outlook_of(&manifest, &none, 1_000, None), Some(10));
    assert_eq!(outlook_of(&manifest, &none, 1_099, None), Some(10));
    assert_eq!(outlook_of(&manifest, &none, 0, None), Some(0));
    assert_eq!(outlook_of(&manifest, &none, u64::MAX, None), None, "not within {OUTLOOK_DAYS_MAX} days");
    // Ten days are kept and ten are there: it stays as it is.
    let age = |days| of_logs(Rule { age_max: Some(DAY * days), bytes_max: None });
    assert_eq!(outlook_of(&manifest, &age(10), 200, None), None);
    assert_eq!(outlook_of(&manifest, &age(30), 1_000, None), Some(10));
    assert_eq!(outlook_of(&manifest, &age(30), 2_000, None), None, "thirty days are 2,000 bytes more");
    let bytes = of_logs(Rule { age_max: None, bytes_max: Some(1_500) });
    assert_eq!(outlook_of(&manifest, &bytes, 499, None), Some(4));
    assert_eq!(outlook_of(&manifest, &bytes, 500, None), None);
    assert_eq!(outlook_of(&manifest, &none, 200, Some(DAY * 10)), None, "older days move to another disk");
    let total = RetentionPolicy { total_bytes_max: Some(1_200), ..none };
    assert_eq!(outlook_of(&manifest, &total, 200, None), None);
}

#[test]
fn compaction_waits_for_enough_neighbours_of_one_size() {
    let settings = CompactionSettings { fan_in: 3, rows_max: 1_000_000, bytes_max: 1 << 40, ..Default::default() };
    let logs = |number, rows| segment(number, Table::Logs, TODAY, rows);
    let check = |segments: Vec<SegmentMeta>, expected: &[&[u8]]| {
        assert_eq!(numbers(&compact::plan(&manifest(segments), &settings, now())), expected);
    };
    check(vec![logs(1, 9000), logs(2, 9000)], &[]);
    check(vec![logs(1, 9000), logs(2, 9000), logs(3, 9000)], &[&[1, 2, 3]]);
    // Another size, another day, another table: no neighbours.
    check(vec![logs(1, 9000), logs(2, 9000), logs(3, 300_000)], &[]);
    check(vec![logs(1, 9000), logs(2, 9000), segment(3, Table::Logs, TODAY - 1, 9000)], &[]);
    check(vec![logs(1, 9000), logs(2, 9000), segment(3, Table::AuditLogs, TODAY, 9000)], &[]);
    // Parts of files are large: a segment of a few hundred of them is done.
    let files = |number, rows| segment(number, Table::Attachments, TODAY, rows);
    check(vec![files(1, 60), files(2, 60), files(3, 60)], &[&[1, 2, 3]]);
    check(vec![files(1, 130), files(2, 130), files(3, 130)], &[]);
    // Large ones are done; the limits end a group before the fan-in does.
    check(vec![logs(1, 600_000), logs(2, 600_000), logs(3, 600_000)], &[]);
    check(vec![logs(1, 400_000), logs(2, 400_000), logs(3, 400_000)], &[&[1, 2]]);
    check((1..=7).map(|number| logs(number, 10)).collect(), &[&[1, 2, 3], &[4, 5, 6]]);
}

#[test]
fn a_quiet_partition_is_tidied_up_once() {
    let settings = CompactionSettings::default();
    let small = [1, 2, 3].map(|number| segment(number, Table::Logs, TODAY, 10 * u64::from(number) * 1000));
    let later = Timestamp(now().0 + settings.quiet.as_nanos() as i64);
    assert_eq!(numbers(&compact::plan(&manifest(small.clone()), &settings, now())), [[0u8; 0]; 0]);
    assert_eq!(numbers(&compact::plan(&manifest(small.clone()), &settings, later)), [[1, 2, 3]]);
    assert!(compact::plan(&manifest([small[0].clone()]), &settings, later).is_empty());
}

#[test]
fn damage_is_never_rewritten() {
    let settings = CompactionSettings { fan_in: 2, ..Default::default() };
    let mut manifest = manifest([1, 2].map(|number| segment(number, Table::Logs, TODAY, 10)));
    manifest.damaged.push(whodunit_store::manifest::Damaged {
        path: "segments/2".to_owned(),
        finding: "SHA-256".to_owned(),
        at: now(),
    });
    assert!(compact::plan(&manifest, &settings, now()).is_empty());
}

#[test]
fn retention_drops_by_age_then_by_bytes_and_audit_last() {
    let logs = |number, day, rows| segment(number, Table::Logs, TODAY + day, rows);
    let audit = |number, day, rows| segment(number, Table::AuditLogs, TODAY + day, rows);
    let all = manifest([audit(1, -9, 10), logs(2, -8, 10), logs(3, -5, 10), audit(4, -2, 10), logs(5, 0, 10)]);
    let check = |policy: RetentionPolicy, expected: &[u8]| {
        assert_eq!(ids(retain::plan_drops(&all, &policy, now())), expected, "{policy:?}");
    };
    let rule = |age: Option<u32>, bytes_max: Option<u64>| Rule { age_max: age.map(|days| DAY * days), bytes_max };
    let of = |table, rule| BTreeMap::from([(table, rule)]);
    check(RetentionPolicy::default(), &[]);
    check(RetentionPolicy { tables: of(Table::Logs, rule(Some(6), None)), ..Default::default() }, &[2]);
    check(RetentionPolicy { tables: of(Table::Logs, rule(None, Some(1000))), ..Default::default() }, &[2]);
    check(RetentionPolicy { tables: of(Table::Logs, rule(Some(6), Some(500))), ..Default::default() }, &[2, 3]);
    check(RetentionPolicy { tables: of(Table::AuditLogs, rule(Some(5), None)), ..Default::default() }, &[1]);
    // A project's rule stands before its table's.
    let projects = BTreeMap::from([((Table::Logs, project()), rule(Some(100), None))]);
    check(RetentionPolicy { tables: of(Table::Logs, rule(Some(6), None)), projects, ..Default::default() }, &[]);
    let other = BTreeMap::from([((Table::Logs, Project::whodunit()), rule(Some(0), None))]);
    check(RetentionPolicy { projects: other, ..Default::default() }, &[]);
    // Together: all telemetry before the oldest entry.
    for (bytes, expected) in [(2500, &[][..]), (2000, &[2]), (1000, &[2, 3, 5]), (500, &[1, 2, 3, 5])] {
        check(RetentionPolicy { total_bytes_max: Some(bytes), ..Default::default() }, expected);
    }
}

#[test]
fn days_move_to_slower_tiers_with_age() {
    let tiers = TierSettings { warm_after: DAY * 2, cold_after: DAY * 10, cold_place: None };
    let sizes = CompactionSettings { rows_max: 100, ..Default::default() };
    let at = |number, age: i32, rows| segment(number, Table::Logs, TODAY - age, rows);
    let plans = retain::plan_tiers(
        &manifest([at(1, 0, 10), at(2, 2, 10), at(3, 3, 60), at(4, 3, 30), at(5, 3, 60), at(6, 11, 10)]),
        &tiers,
        &sizes,
        now(),
    );
    let shown: Vec<(Vec<u8>, Tier)> = numbers(&plans).into_iter().zip(plans.iter().map(|plan| plan.tier)).collect();
    assert_eq!(shown, [(vec![6], Tier::Cold), (vec![3, 4], Tier::Warm), (vec![5], Tier::Warm)]);
    let mut moved = at(1, 3, 10);
    moved.tier = Tier::Warm;
    assert!(retain::plan_tiers(&manifest([moved]), &tiers, &sizes, now()).is_empty());
}

#[test]
fn the_guard_gives_up_telemetry_and_refuses_audit_last() {
    let all = manifest([
        segment(1, Table::AuditLogs, TODAY - 9, 10),
        segment(2, Table::Logs, TODAY - 5, 10),
        segment(3, Table::Logs, TODAY, 10),
    ]);
    let plan = |when_full, free| {
        let settings = GuardSettings { disk_free_min: Some(1000), when_full };
        let plan = guard::plan(&all, &settings, Space { free, total: 1 << 40 }, &|_| true);
        (plan.admission, ids(plan.evict))
    };
    assert_eq!(plan(DiskFull::Refuse, 1000), (Admission::All, vec![]));
    assert_eq!(plan(DiskFull::Refuse, 999), (Admission::AuditOnly, vec![]));
    assert_eq!(plan(DiskFull::Refuse, 499), (Admission::Nothing, vec![]));
    assert_eq!(plan(DiskFull::EvictTelemetry, 600), (Admission::All, vec![2]));
    assert_eq!(plan(DiskFull::EvictTelemetry, 10), (Admission::Nothing, vec![2, 3]));
    // What is on its way out already is not asked for twice.
    let mut leaving = all.clone();
    leaving.remove(&[SegmentId(EntryId([2; 16]))], now());
    let settings = GuardSettings { disk_free_min: Some(1000), when_full: DiskFull::EvictTelemetry };
    let space = Space { free: 600, total: 1 << 40 };
    assert!(guard::plan(&leaving, &settings, space, &|_| true).evict.is_empty());
    // What lies on another disk would free nothing on this one.
    let mut elsewhere = segment(2, Table::Logs, TODAY - 5, 10);
    elsewhere.path = format!("cold-1/{}", elsewhere.path);
    let all = manifest([elsewhere, segment(3, Table::Logs, TODAY, 10)]);
    assert_eq!(ids(guard::plan(&all, &settings, space, &|place| place.is_none()).evict), [3]);
    assert_eq!(ids(guard::plan(&all, &settings, space, &|place| place == Some("cold-1")).evict), [2]);
    let default = GuardSettings::default();
    assert_eq!(guard::reserve(&default, 10 << 30), (10 << 30) / 20);
    assert_eq!(guard::reserve(&default, 100 << 30), 1 << 30);
}

#[test]
fn scrubbing_takes_the_longest_unverified_first() {
    let all = manifest([1, 2, 3].map(|number| segment(number, Table::Logs, TODAY, 10)));
    let verified = [(SegmentId(EntryId([1; 16])), Timestamp(now().0 + 1))].into();
    let chosen = |scrub_bytes, days: u32| {
        let settings = MaintainSettings { scrub_bytes, scrub_interval: DAY, ..Default::default() };
        let now = now().saturating_add(DAY * days);
        scrub::plan(&all, &verified, &settings, now).iter().map(|one| one.id.0.0[0]).collect::<Vec<_>>()
    };
    assert_eq!(chosen(0, 1), [2]);
    assert_eq!(chosen(5000, 1), [2, 3]);
    assert_eq!(chosen(1000, 2), [2, 3]);
    assert_eq!(chosen(5000, 2), [2, 3, 1]);
    assert_eq!(chosen(5000, 0), [0; 0]);
}

#[test]
fn orphans_older_than_the_manifest_go_and_strangers_stay() {
    let id = |millis: i64| EntryId::from_parts(Timestamp(millis * 1_000_000), [1; 10]);
    let path = |millis: i64| format!("segments/logs/default/2026-11-20/{}.parquet", id(millis));
    let mut present = manifest([SegmentMeta { path: path(5), ..segment(1, Table::Logs, TODAY, 1) }]);
    present.committed_at = Timestamp(10_000_000);
    let stranger = "segments/logs/default/2026-11-20/notes.txt".to_owned();
    let paths = vec![path(4), path(5), path(9), path(10), path(11), stranger];
    assert_eq!(sweep::plan_orphans(&present, paths), [path(4), path(9)]);
}

#[tokio::test]
async fn a_flush_makes_one_segment_per_table_project_and_day() {
    let shop = Shop::open(Objects::memory(), 1).await;
    let across = log_lines(MIDNIGHT - 5_000_000, 0, 10);
    let mut frozen = frozen(Table::Logs, vec![across.clone()]);
    let spans = batch(MIDNIGHT, 1, 10, vec![("name", texts([Some("GET /")]))]);
    frozen.batches.push((Table::Spans, project(), spans));
    frozen.batches.push((Table::Logs, Project::whodunit(), log_lines(MIDNIGHT, 11, 3)));
    frozen.through = 14;
    let manifest = flush(&shop.workshop(), &frozen).await.expect("flushes");
    let mut made: Vec<(&str, &str, i32, u64)> = (manifest.segments.iter())
        .map(|one| (one.table.name(), one.project.as_str(), one.day - TODAY, one.rows))
        .collect();
    made.sort_unstable();
    let expected =
        [("logs", "default", -1, 5), ("logs", "default", 0, 5), ("logs", "whodunit", 0, 3), ("spans", "default", 0, 1)];
    assert_eq!(made, expected);
    assert_eq!((manifest.version, manifest.flushed_through.telemetry), (1, 14));
    // The same again changes nothing.
    assert_eq!(flush(&shop.workshop(), &frozen).await.expect("flushes").version, 1);
}

/// Five overlapping flushes, of which two have other columns and types.
async fn uneven(shop: &Shop) -> Arc<Manifest> {
    for n in 0..5i64 {
        let rows = log_lines(MIDNIGHT + n * 3_000_000_000, n * 20_000, 20_000);
        let rows = if n % 2 == 0 {
            rows
        } else {
            let status = texts((0..20_000).map(|row| (row % 2 == 0).then_some("odd")));
            let extra = floats((0..20_000).map(|row| Some(f64::from(row))));
            let more = vec![("status", status), ("extra", extra)];
            batch(MIDNIGHT + n * 3_000_000_000, 1_000_000, n * 20_000, more)
        };
        shop.flush(Table::Logs, vec![rows]).await.expect("flushes");
    }
    shop.manifests.current()
}

#[tokio::test]
async fn compaction_keeps_every_row_once_and_in_order() {
    let shop = Shop::open(Objects::memory(), 1).await;
    let before = uneven(&shop).await;
    let mut expected: Vec<(i64, i64)> = shop.keys(Table::Logs).await.concat();
    expected.sort_unstable_by(|one, other| other.cmp(one));
    let plan = Rewrite { inputs: before.segments.clone(), tier: Tier::Warm };
    let Rewritten::Done(after) = rewrite(&shop.workshop(), &plan).await.expect("rewrites") else {
        panic!("nobody else was at work")
    };
    assert_eq!(shop.keys(Table::Logs).await, [expected]);
    let segment = &after.segments[0];
    assert_eq!((segment.level, segment.tier, segment.rows), (1, Tier::Warm, 100_000));
    let attributes = [("extra".to_owned(), AttributeType::Float), ("status".to_owned(), AttributeType::Text)];
    assert_eq!(segment.attributes, attributes);
    assert_eq!(after.discarded.len(), 5);
    assert!(maintain_is_clean(&shop).await);
    let rows = shop.rows(segment).await;
    let status = arrow::array::AsArray::as_string_view(&rows["status"]);
    let texts: Vec<&str> = status.iter().flatten().collect();
    assert_eq!(texts.iter().filter(|text| **text == "odd").count(), 20_000);
    assert_eq!(texts.iter().filter(|text| **text == "203").count(), 15_000);
    // What replaced them lives on, the replaced go.
    drop((before, plan));
    assert_eq!(sweep::sweep(&shop.workshop()).await.expect("sweeps"), 5);
    assert_eq!(shop.objects.list("segments").await.expect("lists").len(), 1);
}

async fn maintain_is_clean(shop: &Shop) -> bool {
    let manifest = shop.manifests.current();
    let mut findings: Vec<_> = Vec::new();
    for segment in &manifest.segments {
        findings.extend(scrub::verify(&shop.workshop(), segment).await.expect("verifies"));
    }
    findings.is_empty()
}

#[tokio::test]
async fn a_rewrite_of_what_retention_has_dropped_changes_nothing() {
    let shop = Shop::open(Objects::memory(), 1).await;
    let before = uneven(&shop).await;
    retain::drop_segments(&shop.workshop(), &[before.segments[2].id]).await.expect("drops");
    let plan = Rewrite { inputs: before.segments.clone(), tier: Tier::Hot };
    assert!(matches!(rewrite(&shop.workshop(), &plan).await.expect("rewrites"), Rewritten::Outdated));
    assert_eq!(shop.manifests.current().segments.len(), 4);
    assert_eq!(shop.objects.list("segments").await.expect("lists").len(), 5, "the new file is gone again");
}

#[tokio::test]
async fn cold_segments_lie_in_their_own_place() {
    let cold = Objects::memory();
    let mut shop = Shop::open(Objects::memory().with_place("cold", cold.clone()), 1).await;
    shop.settings.tiers.cold_place = Some("cold".to_owned());
    let before = shop.flush(Table::Logs, vec![log_lines(MIDNIGHT, 0, 100)]).await.expect("flushes");
    let plan = Rewrite { inputs: before.segments.clone(), tier: Tier::Cold };
    rewrite(&shop.workshop(), &plan).await.expect("rewrites");
    assert_eq!(cold.list("segments").await.expect("lists").len(), 1);
    assert!(shop.manifests.current().segments[0].path.starts_with("cold/segments/"));
    assert_eq!(shop.keys(Table::Logs).await[0].len(), 100);
}

#[tokio::test]
async fn faults_lose_nothing_and_repeat_nothing() {
    for seed in 0..12 {
        let faults = Faults::new(seed, FaultRates::default());
        let objects = Objects::memory();
        let mut shop = Shop::open(objects.clone().with_faults(&faults), seed).await;
        shop.settings.compaction.fan_in = 2;
        faults.set(FaultRates { write: 150, read: 20, list: 20, delete: 200 });
        for n in 0..6i64 {
            let rows = log_lines(MIDNIGHT + n * 1_000_000, n * 50, 50);
            let mut attempts = 0;
            while shop.flush(Table::Logs, vec![rows.clone()]).await.is_err() {
                attempts += 1;
                assert!(attempts < 1000, "seed {seed}: one of so many attempts succeeds");
            }
            let plans = compact::plan(&shop.manifests.current(), &shop.settings.compaction, shop.world.now());
            for plan in plans {
                let _may_fail = rewrite(&shop.workshop(), &plan).await;
            }
            let _may_fail = sweep::sweep(&shop.workshop()).await;
        }
        assert!(faults.injected() > 0);
        faults.set(FaultRates::default());
        let after = Shop::open(objects.clone(), seed + 100).await;
        after.clock.advance(DAY);
        let mut seqs: Vec<i64> = after.keys(Table::Logs).await.concat().into_iter().map(|(_, seq)| seq).collect();
        seqs.sort_unstable();
        assert_eq!(seqs, (0..300).collect::<Vec<i64>>(), "seed {seed}");
        // A later commit makes the orphans older than the manifest, and then only live files stay.
        after.flush(Table::Logs, vec![log_lines(MIDNIGHT, 300, 1)]).await.expect("flushes");
        let again = Shop::open(objects, seed + 200).await;
        sweep::remove_orphans(&again.workshop(), &[]).await.expect("sweeps");
        sweep::sweep(&again.workshop()).await.expect("sweeps");
        let files = again.objects.list("segments").await.expect("lists");
        assert_eq!(files.len(), again.manifests.current().segments.len(), "seed {seed}");
    }
}

#[tokio::test]
async fn scrubbing_reports_damage_and_clears_what_was_put_back() {
    let shop = Shop::open(Objects::memory(), 1).await;
    let manifest = shop.flush(Table::Logs, vec![log_lines(MIDNIGHT, 0, 500)]).await.expect("flushes");
    let path = &manifest.segments[0].path;
    let good = shop.objects.get(path).await.expect("reads");
    let mut bad = good.to_vec();
    bad[100] ^= 1;
    shop.objects.put(path, bad.into()).await.expect("writes");
    let scrubber = Scrubber::new();
    assert!(scrubber.round(&shop.workshop()).await.expect("scrubs").is_empty(), "nothing is due yet");
    shop.clock.advance(shop.settings.scrub_interval);
    assert_eq!(scrubber.round(&shop.workshop()).await.expect("scrubs").len(), 1);
    let damaged = &shop.manifests.current().damaged;
    assert_eq!(&damaged[0].path, path);
    assert_eq!(shop.manifests.current().segments.len(), 1, "a damaged segment stays");
    shop.objects.put(path, good).await.expect("writes");
    assert!(scrubber.round(&shop.workshop()).await.expect("scrubs").is_empty());
    assert!(shop.manifests.current().damaged.is_empty());
}
