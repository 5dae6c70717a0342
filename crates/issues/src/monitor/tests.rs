use proptest::prelude::*;
use serde_json::json;

use super::*;

/// A minute of the day 2026-11-28.
fn at(clock: &str) -> Time {
    Time::parse(&format!("2026-11-28T{clock}Z")).unwrap()
}

fn crontab(expression: &str) -> Monitor {
    let config = json!({"schedule": {"type": "crontab", "value": expression}, "checkin_margin": 5, "max_runtime": 10});
    Monitor::read(&config).unwrap()
}

fn interval(count: u64, unit: &str) -> Monitor {
    let config = json!({"schedule": {"type": "interval", "value": count, "unit": unit}, "checkin_margin": 5});
    Monitor::read(&config).unwrap()
}

/// `10:00:00 ok`, `10:00:00 error 10:05:00`, `10:00:00 in_progress`.
fn run(text: &str) -> CheckIn {
    let words: Vec<&str> = text.split(' ').collect();
    CheckIn {
        started: at(words[0]),
        finished: words.get(2).map(|clock| at(clock)),
        status: Status::parse(words[1]).unwrap(),
    }
}

fn window(since: Time, now: Time) -> Window {
    Window { created: since, since, now }
}

fn check(monitor: &Monitor, runs: &[&str], since: &str, now: &str, expected: &[&str]) {
    let runs: Vec<CheckIn> = runs.iter().map(|text| run(text)).collect();
    let clock = |time: Time| time.to_utc().format("%H:%M:%S").to_string();
    let shown = |verdict: &Verdict| match verdict.kind {
        VerdictKind::Ok { started } => format!("{} ok", clock(started)),
        VerdictKind::Missed { due } => format!("{} missed", clock(due)),
        VerdictKind::Failed { started } => format!("{} failed", clock(started)),
        VerdictKind::TooLong { started } => format!("{} too long", clock(started)),
    };
    let verdicts: Vec<String> = evaluate(monitor, &runs, window(at(since), at(now))).iter().map(shown).collect();
    assert_eq!(verdicts, expected, "{runs:?}");
}

#[test]
fn a_due_time_is_met_within_the_margin() {
    let hourly = crontab("0 * * * *");
    let (since, now) = ("09:30:00", "10:30:00");
    check(&hourly, &["10:00:00 ok"], since, now, &["10:00:00 ok"]);
    check(&hourly, &["10:04:59 ok"], since, now, &["10:04:59 ok"]);
    // A job may start a little early.
    check(&hourly, &["09:58:00 ok"], since, now, &["09:58:00 ok"]);
    check(&hourly, &["10:06:00 ok"], since, now, &["10:00:00 missed", "10:06:00 ok"]);
    check(&hourly, &["09:40:00 ok"], since, now, &["09:40:00 ok", "10:00:00 missed"]);
    check(&hourly, &[], since, now, &["10:00:00 missed"]);
}

#[test]
fn nothing_is_missed_before_the_margin_has_ended() {
    let hourly = crontab("0 * * * *");
    check(&hourly, &[], "09:30:00", "10:00:00", &[]);
    check(&hourly, &[], "09:30:00", "10:05:00", &[]);
    check(&hourly, &[], "09:30:00", "10:05:01", &["10:00:00 missed"]);
    check(&hourly, &["10:00:00 in_progress"], "09:30:00", "10:05:01", &[]);
}

#[test]
fn runs_fail_by_themselves_or_by_taking_too_long() {
    let hourly = crontab("0 * * * *");
    check(&hourly, &["10:00:00 error 10:02:00"], "09:30:00", "10:30:00", &["10:00:00 failed"]);
    check(&hourly, &["10:00:00 in_progress"], "09:30:00", "10:10:00", &[]);
    check(&hourly, &["10:00:00 in_progress"], "09:30:00", "10:10:01", &["10:00:00 too long"]);
    check(&hourly, &["10:00:00 ok 10:15:00"], "09:30:00", "10:30:00", &["10:00:00 too long"]);
}

#[test]
fn every_due_time_of_a_window_has_its_verdict() {
    let often = crontab("*/10 * * * *");
    let runs = ["10:00:01 ok 10:01:00", "10:20:00 ok 10:21:00", "10:30:00 error 10:31:00"];
    let expected = ["10:00:01 ok", "10:10:00 missed", "10:20:00 ok", "10:30:00 failed", "10:40:00 missed"];
    check(&often, &runs, "09:59:00", "10:46:00", &expected);
}

#[test]
fn an_interval_counts_from_the_check_in_before() {
    let hourly = interval(1, "hour");
    check(&hourly, &["09:30:00 ok", "10:25:00 ok"], "09:00:00", "11:00:00", &["09:30:00 ok", "10:25:00 ok"]);
    check(&hourly, &["09:30:00 ok"], "09:00:00", "12:00:00", &["09:30:00 ok", "10:30:00 missed", "11:30:00 missed"]);
    check(&hourly, &[], "09:00:00", "11:10:00", &["10:00:00 missed", "11:00:00 missed"]);
    check(&interval(2, "months"), &[], "09:00:00", "12:00:00", &[]);
}

#[test]
fn an_issue_needs_as_many_bad_runs_as_the_monitor_says() {
    let config = json!({"schedule": {"type": "interval", "value": 1, "unit": "day"},
        "failure_issue_threshold": 2, "recovery_threshold": 2});
    let monitor = Monitor::read(&config).unwrap();
    let mut now = Health::default();
    let mut play = |is_ok: bool| {
        let kind = if is_ok { VerdictKind::Ok { started: Time(0) } } else { VerdictKind::Missed { due: Time(0) } };
        let (after, change) = health(now, &Verdict { time: Time(0), kind }, &monitor);
        now = after;
        change
    };
    use HealthChange::{Failing, Nothing, Recovered, StillFailing};
    let played: Vec<HealthChange> =
        [false, true, false, false, false, true, false, true, true, true].map(&mut play).to_vec();
    let expected =
        [Nothing, Nothing, Nothing, Failing, StillFailing, Nothing, StillFailing, Nothing, Recovered, Nothing];
    assert_eq!(played, expected);
}

#[test]
fn a_configuration_that_is_wrong_says_what() {
    let error = |config: Value| Monitor::read(&config).unwrap_err().to_string();
    assert!(error(json!({})).starts_with("schedule is missing"));
    assert!(error(json!({"schedule": {"type": "lunar"}})).starts_with("schedule is missing"));
    assert_eq!(error(json!({"schedule": {"type": "crontab", "value": "x"}})), "crontab");
    for interval in [json!(0), json!("1"), json!(1e9), json!(-1)] {
        let config = json!({"schedule": {"type": "interval", "value": interval, "unit": "hour"}});
        assert!(error(config).starts_with("an interval has"));
    }
    let zoned = json!({"schedule": {"type": "crontab", "value": "0 6 * * *"}, "timezone": "Asia/Kolkata"});
    let due = Monitor::read(&zoned).unwrap().schedule.next_after(at("10:00:00")).unwrap();
    assert_eq!(due, Time::parse("2026-11-29T00:30:00Z").unwrap());
}

#[test]
fn a_question_about_years_ends() {
    let every_minute = crontab("* * * * *");
    let now = Time::from_seconds(1_000_000_000);
    let verdicts = evaluate(&every_minute, &[], window(Time(0), now));
    assert_eq!(verdicts.len(), VERDICTS_MAX);
    // The newest stay.
    assert!(verdicts.last().unwrap().time > now.saturating_sub(10 * MINUTE));
}

proptest! {
    #[test]
    fn verdicts_are_in_order_and_never_of_the_future(
        starts in prop::collection::vec(0i64..200_000, 0..20),
        since in 0i64..100_000,
        length in 0i64..100_000,
        is_cron in any::<bool>(),
    ) {
        let monitor = if is_cron { crontab("*/20 * * * *") } else { interval(30, "minute") };
        let runs: Vec<CheckIn> = starts
            .iter()
            .map(|start| CheckIn { started: Time::from_seconds(*start), finished: None, status: Status::InProgress })
            .collect();
        let now = Time::from_seconds(since + length);
        let verdicts = evaluate(&monitor, &runs, window(Time::from_seconds(since), now));
        prop_assert!(verdicts.iter().all(|verdict| verdict.time < now));
        prop_assert!(verdicts.windows(2).all(|pair| pair[0].time <= pair[1].time));
    }

    /// However often it is asked, every verdict comes once.
    #[test]
    fn windows_that_adjoin_give_every_verdict_once(
        starts in prop::collection::vec((0i64..20_000, 0i64..3_000, 0usize..3), 0..12),
        cuts in prop::collection::vec(0i64..20_000, 0..6),
        is_cron in any::<bool>(),
    ) {
        let monitor = if is_cron { crontab("*/20 * * * *") } else { interval(30, "minute") };
        let seconds = Time::from_seconds;
        let runs: Vec<CheckIn> = starts
            .iter()
            .map(|(start, length, status)| {
                let status = [Status::Ok, Status::Error, Status::InProgress][*status];
                let finished = (status != Status::InProgress).then(|| seconds(start + length));
                CheckIn { started: seconds(*start), finished, status }
            })
            .collect();
        let mut cuts = cuts;
        cuts.extend([0, 20_000]);
        cuts.sort_unstable();
        let ask = |since, now| evaluate(&monitor, &runs, Window { created: seconds(0), since: seconds(since), now: seconds(now) });
        let parts: Vec<Verdict> = cuts.windows(2).flat_map(|cut| ask(cut[0], cut[1])).collect();
        let sorted = |mut verdicts: Vec<Verdict>| {
            verdicts.sort_by_key(|verdict| (verdict.time, format!("{verdict:?}")));
            verdicts
        };
        prop_assert_eq!(sorted(parts), sorted(ask(0, 20_000)));
    }

    #[test]
    fn no_expression_makes_it_panic(expression in "[0-9*/,a-zA-Z@? -]{0,30}", zone in "[A-Za-z/]{0,12}") {
        if let Ok(crontab) = Crontab::parse(&expression, "Europe/Berlin") {
            let _ = crontab.next_after(Time::from_seconds(1_800_000_000));
        }
        let _ = Crontab::parse("* * * * *", &zone);
    }
}
