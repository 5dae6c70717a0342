//! How fast rows come in: the counters of the ways in, remembered at a few moments.
//!
//! Nothing on the way of a row knows of this. Every few seconds the counters are read; the readings of the last minute
//! and one for each minute of the last hour are kept, and a rate is the difference of two of them. So memory is bounded
//! by the number of protocols and of reasons to refuse, both fixed by the code.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use whodunit_api::rates::{IngestCount, IngestMinute, IngestRate, IngestRates, IngestReject};
use whodunit_ingest::Protocol;
use whodunit_ingest::metrics::{self, ByProtocol};
use whodunit_query::format::time_text;
use whodunit_stdx::{Instant, Timestamp, World};

use crate::observed;

/// How often the counters are read.
pub const RATES_INTERVAL: Duration = Duration::from_secs(5);
/// What "now" is the average of.
const NOW: Duration = Duration::from_secs(60);
/// Minutes that are remembered.
pub const RATES_MINUTES_MAX: usize = 60;
/// The reason of messages that found no room.
const DROPPED: &str = "dropped";

/// The readings.
#[derive(Debug)]
pub struct Rates(Mutex<Kept>);

#[derive(Debug)]
struct Kept {
    first: Arc<Reading>,
    /// Of the last minute, and the one before.
    recent: VecDeque<Arc<Reading>>,
    /// The first of each minute of the clock.
    minutes: VecDeque<Arc<Reading>>,
}

/// The counters at one moment.
#[derive(Clone, Debug)]
struct Reading {
    at: Timestamp,
    instant: Instant,
    rows: BTreeMap<String, u64>,
    bytes: BTreeMap<String, u64>,
    /// By protocol and reason: rows, then whole requests.
    rejected: ByProtocol,
    failed: ByProtocol,
}

impl Rates {
    pub fn new(world: &World) -> Rates {
        Rates::from(Reading::now(world))
    }

    fn from(first: Reading) -> Rates {
        let first = Arc::new(first);
        let (recent, minutes) = (VecDeque::from([first.clone()]), VecDeque::from([first.clone()]));
        Rates(Mutex::new(Kept { first, recent, minutes }))
    }

    /// What the counters say now, against what they said.
    pub fn now(&self, world: &World) -> IngestRates {
        self.against(&Reading::now(world))
    }

    /// Reads the counters.
    pub fn look(&self, world: &World) {
        self.note(Reading::now(world));
    }

    fn note(&self, reading: Reading) {
        let reading = Arc::new(reading);
        let mut kept = self.0.lock();
        let minute = |reading: &Reading| reading.at.nanos().div_euclid(Timestamp::NANOS_PER_MINUTE);
        if kept.minutes.back().is_none_or(|last| minute(last) != minute(&reading)) {
            kept.minutes.push_back(reading.clone());
            // One more than there are minutes: the first says where the oldest begins.
            while kept.minutes.len() > RATES_MINUTES_MAX + 1 {
                kept.minutes.pop_front();
            }
        }
        let is_past = |one: Option<&Arc<Reading>>| one.is_some_and(|one| reading.instant.since(one.instant) >= NOW);
        while is_past(kept.recent.get(1)) {
            kept.recent.pop_front();
        }
        kept.recent.push_back(reading);
    }

    fn against(&self, present: &Reading) -> IngestRates {
        let kept = self.0.lock();
        let minute_ago = kept.recent.front().unwrap_or(&kept.first).clone();
        let marks: Vec<Arc<Reading>> = kept.minutes.iter().cloned().collect();
        let first = kept.first.clone();
        drop(kept);
        let window = present.instant.since(minute_ago.instant).as_secs_f64();
        let hour_ago = marks.first().unwrap_or(&first);
        let ends = marks.iter().skip(1).map(|mark| &**mark).chain([present]);
        IngestRates {
            at: time_text(present.at.nanos()),
            since: time_text(first.at.nanos()),
            window_seconds: window,
            protocols: protocols(present, &minute_ago, &first, window),
            minutes: marks.iter().zip(ends).map(|(start, end)| minute(start, end)).collect(),
            rejects: rejects(present, [&minute_ago, hour_ago, &first]),
        }
    }
}

impl Reading {
    fn now(world: &World) -> Reading {
        let counted = metrics::counted();
        let mut rejected = counted.rejected;
        let dropped = observed::SYSLOG_DROPPED.value();
        if dropped > 0 {
            rejected.insert((Protocol::Syslog.name().to_owned(), DROPPED.to_owned()), dropped);
        }
        let (at, instant) = (world.now(), world.instant());
        Reading { at, instant, rows: counted.rows, bytes: counted.bytes, rejected, failed: counted.failed }
    }

    /// What came since an earlier reading.
    fn count(&self, protocol: &str, earlier: &Reading) -> IngestCount {
        let one = |of: fn(&Reading) -> &BTreeMap<String, u64>| {
            let value = |reading| of(reading).get(protocol).copied().unwrap_or(0);
            value(self).saturating_sub(value(earlier))
        };
        let all = |of: fn(&Reading) -> &ByProtocol| {
            let value = |reading| {
                let mine = of(reading).iter().filter(|((of, _), _)| of == protocol);
                mine.map(|(_, count)| count).sum::<u64>()
            };
            value(self).saturating_sub(value(earlier))
        };
        IngestCount {
            protocol: protocol.to_owned(),
            rows: one(|reading| &reading.rows),
            bytes: one(|reading| &reading.bytes),
            rejected: all(|reading| &reading.rejected),
            requests_failed: all(|reading| &reading.failed),
        }
    }

    /// What came since an earlier reading, by the protocols by which something did.
    fn counts(&self, earlier: &Reading) -> Vec<IngestCount> {
        let all = Protocol::ALL.into_iter().map(|protocol| self.count(protocol.name(), earlier));
        all.filter(|count| count.rows + count.bytes + count.rejected + count.requests_failed > 0).collect()
    }
}

fn protocols(present: &Reading, minute_ago: &Reading, first: &Reading, window: f64) -> Vec<IngestRate> {
    let rate = |count: u64| if window > 0.0 { count as f64 / window } else { 0.0 };
    let all = present.counts(first).into_iter().map(|total| {
        let lately = present.count(&total.protocol, minute_ago);
        IngestRate {
            protocol: total.protocol.clone(),
            rows_per_second: rate(lately.rows),
            bytes_per_second: rate(lately.bytes),
            rejected_per_second: rate(lately.rejected),
            total,
        }
    });
    all.collect()
}

fn minute(start: &Reading, end: &Reading) -> IngestMinute {
    let seconds = end.instant.since(start.instant).as_secs_f64();
    IngestMinute { at: time_text(start.at.nanos()), seconds, protocols: end.counts(start) }
}

/// Reasons with what came of each since a minute ago, an hour ago and the start.
fn rejects(present: &Reading, earlier: [&Reading; 3]) -> Vec<IngestReject> {
    let of = |of: fn(&Reading) -> &ByProtocol, named: fn(&str) -> String| {
        let all = of(present).iter().map(move |(key, count)| {
            let since = |reading: &Reading| count.saturating_sub(of(reading).get(key).copied().unwrap_or(0));
            let [last_minute, last_hour, total] = earlier.map(since);
            IngestReject { protocol: key.0.clone(), code: named(&key.1), last_minute, last_hour, total }
        });
        all.collect::<Vec<_>>()
    };
    let mut all = of(|reading| &reading.rejected, str::to_owned);
    all.extend(of(|reading| &reading.failed, |kind| format!("request_{kind}")));
    all.retain(|reject| reject.total > 0);
    all.sort_by(|one, other| other.total.cmp(&one.total).then_with(|| one.code.cmp(&other.code)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reading so many seconds after the first, with so many rows and refused rows by then.
    fn reading(seconds: u64, rows: u64, refused: u64) -> Reading {
        let one = |count: u64| BTreeMap::from([("logs".to_owned(), count)]);
        Reading {
            at: Timestamp(1_700_000_040_000_000_000).saturating_add(Duration::from_secs(seconds)),
            instant: Instant(seconds * 1_000_000_000),
            rows: one(rows),
            bytes: one(rows * 100),
            rejected: BTreeMap::from([(("logs".to_owned(), "not_utf8".to_owned()), refused)]),
            failed: ByProtocol::new(),
        }
    }

    #[test]
    fn now_is_the_last_minute_and_not_what_came_before() {
        // Before the server began, another one in the same process had counted.
        let rates = Rates::from(reading(0, 1_000, 7));
        let early = rates.against(&reading(10, 1_050, 7));
        assert_eq!((early.window_seconds, early.protocols[0].rows_per_second), (10.0, 5.0));
        assert!(early.rejects.is_empty(), "{early:?}");
        for seconds in (5..=120).step_by(5) {
            rates.note(reading(seconds, 1_000 + if seconds <= 30 { 10 * seconds } else { 300 }, 7 + seconds / 40));
        }
        let later = rates.against(&reading(121, 1_360, 10));
        assert!((60.0..=66.0).contains(&later.window_seconds), "{later:?}");
        let [logs] = &later.protocols[..] else { panic!("{later:?}") };
        assert_eq!(logs.rows_per_second, 60.0 / later.window_seconds, "the first half minute is past");
        assert_eq!((logs.total.rows, logs.total.bytes, logs.total.rejected), (360, 36_000, 3));
        assert_eq!(
            later.rejects[0],
            IngestReject {
                protocol: "logs".to_owned(),
                code: "not_utf8".to_owned(),
                last_minute: 2,
                last_hour: 3,
                total: 3,
            }
        );
    }

    #[test]
    fn an_hour_of_minutes_is_remembered_and_no_more() {
        let rates = Rates::from(reading(0, 0, 0));
        for seconds in (5..=3 * 3_600).step_by(5) {
            rates.note(reading(seconds, seconds, 0));
        }
        let answer = rates.against(&reading(3 * 3_600 + 7, 3 * 3_600 + 7, 0));
        assert_eq!(answer.minutes.len(), RATES_MINUTES_MAX + 1, "sixty whole ones and the one that runs");
        let whole = &answer.minutes[..RATES_MINUTES_MAX];
        assert!(whole.iter().all(|minute| minute.seconds == 60.0 && minute.protocols[0].rows == 60), "{whole:?}");
        assert_eq!(answer.minutes[RATES_MINUTES_MAX].protocols[0].rows, 7);
        assert!(rates.0.lock().recent.len() <= 14);
    }
}
