//! Metrics about Whodunit itself, in the Prometheus text format (version 0.0.4).
//!
//! A metric is a `static` in the file that counts it; each crate lists its own in `METRICS`, and the server
//! renders all lists. Names follow `whodunit_area_thing_unit[_total]`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use parking_lot::Mutex;

/// Something that can write itself as Prometheus text.
pub trait Metric: Sync {
    fn render(&self, out: &mut String);
}

/// Goes up only.
pub struct Counter {
    name: &'static str,
    help: &'static str,
    value: AtomicU64,
}

impl Counter {
    pub const fn new(name: &'static str, help: &'static str) -> Counter {
        Counter { name, help, value: AtomicU64::new(0) }
    }

    pub fn add(&self, amount: u64) {
        self.value.fetch_add(amount, Ordering::Relaxed);
    }

    pub fn value(&self) -> u64 {
        self.value.load(Ordering::Relaxed)
    }
}

impl Metric for Counter {
    fn render(&self, out: &mut String) {
        header(out, self.name, self.help, "counter");
        let _infallible = writeln!(out, "{} {}", self.name, self.value());
    }
}

/// Goes up and down.
pub struct Gauge {
    name: &'static str,
    help: &'static str,
    value: AtomicI64,
}

impl Gauge {
    pub const fn new(name: &'static str, help: &'static str) -> Gauge {
        Gauge { name, help, value: AtomicI64::new(0) }
    }

    pub fn set(&self, value: i64) {
        self.value.store(value, Ordering::Relaxed);
    }

    pub fn add(&self, amount: i64) {
        self.value.fetch_add(amount, Ordering::Relaxed);
    }

    pub fn value(&self) -> i64 {
        self.value.load(Ordering::Relaxed)
    }
}

impl Metric for Gauge {
    fn render(&self, out: &mut String) {
        header(out, self.name, self.help, "gauge");
        let _infallible = writeln!(out, "{} {}", self.name, self.value());
    }
}

/// Counters told apart by the values of fixed label names. Label values must come from a bounded set.
pub struct CounterVec {
    name: &'static str,
    help: &'static str,
    labels: &'static [&'static str],
    values: Mutex<BTreeMap<Vec<String>, u64>>,
}

impl CounterVec {
    pub const fn new(name: &'static str, help: &'static str, labels: &'static [&'static str]) -> CounterVec {
        CounterVec { name, help, labels, values: Mutex::new(BTreeMap::new()) }
    }

    pub fn add(&self, values: &[&str], amount: u64) {
        debug_assert_eq!(values.len(), self.labels.len(), "{}", self.name);
        let mut all = self.values.lock();
        let key: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        *all.entry(key).or_default() += amount;
    }

    pub fn value(&self, values: &[&str]) -> u64 {
        let key: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        self.values.lock().get(&key).copied().unwrap_or(0)
    }

    /// All counts with their label values.
    pub fn all(&self) -> BTreeMap<Vec<String>, u64> {
        self.values.lock().clone()
    }
}

impl Metric for CounterVec {
    fn render(&self, out: &mut String) {
        header(out, self.name, self.help, "counter");
        for (values, count) in self.values.lock().iter() {
            out.push_str(self.name);
            label_set(out, self.labels.iter().copied().zip(values.iter().map(String::as_str)));
            let _infallible = writeln!(out, " {count}");
        }
    }
}

const BUCKETS: usize = 16;

/// Durations in exponential buckets from 0.1 ms to 3.3 s and beyond.
pub struct Histogram {
    name: &'static str,
    help: &'static str,
    buckets: [AtomicU64; BUCKETS],
    sum_nanos: AtomicU64,
}

impl Histogram {
    pub const fn new(name: &'static str, help: &'static str) -> Histogram {
        Histogram { name, help, buckets: [const { AtomicU64::new(0) }; BUCKETS], sum_nanos: AtomicU64::new(0) }
    }

    pub fn observe(&self, duration: std::time::Duration) {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        let bucket = (0..BUCKETS).find(|index| nanos <= Self::bound_nanos(*index)).unwrap_or(BUCKETS - 1);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum_nanos.fetch_add(nanos, Ordering::Relaxed);
    }

    /// Upper bound of a bucket: 0.1 ms doubled `index` times; the last has none.
    fn bound_nanos(index: usize) -> u64 {
        if index == BUCKETS - 1 { u64::MAX } else { 100_000 << index }
    }
}

impl Metric for Histogram {
    fn render(&self, out: &mut String) {
        header(out, self.name, self.help, "histogram");
        let mut total = 0;
        for (index, bucket) in self.buckets.iter().enumerate() {
            total += bucket.load(Ordering::Relaxed);
            let bound = match Self::bound_nanos(index) {
                u64::MAX => "+Inf".to_owned(),
                nanos => format!("{}", nanos as f64 / 1e9),
            };
            let _infallible = writeln!(out, "{}_bucket{{le=\"{bound}\"}} {total}", self.name);
        }
        let sum = self.sum_nanos.load(Ordering::Relaxed) as f64 / 1e9;
        let _infallible = writeln!(out, "{}_sum {sum}\n{}_count {total}", self.name, self.name);
    }
}

/// One gauge read at render time, for values that live elsewhere.
pub fn render_gauge(out: &mut String, name: &str, help: &str, samples: &[(&[(&str, &str)], f64)]) {
    header(out, name, help, "gauge");
    for (labels, value) in samples {
        out.push_str(name);
        label_set(out, labels.iter().copied());
        let _infallible = writeln!(out, " {value}");
    }
}

fn header(out: &mut String, name: &str, help: &str, kind: &str) {
    let _infallible = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn label_set<'a>(out: &mut String, labels: impl Iterator<Item = (&'a str, &'a str)>) {
    let mut open = false;
    for (name, value) in labels {
        out.push(if open { ',' } else { '{' });
        open = true;
        let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let _infallible = write!(out, "{name}=\"{escaped}\"");
    }
    if open {
        out.push('}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped_and_sorted() {
        let vec = CounterVec::new("x_total", "Help.", &["reason"]);
        vec.add(&["b\"\n"], 1);
        vec.add(&["a"], 2);
        let mut out = String::new();
        vec.render(&mut out);
        assert_eq!(
            out,
            "# HELP x_total Help.\n# TYPE x_total counter\nx_total{reason=\"a\"} 2\nx_total{reason=\"b\\\"\\n\"} 1\n"
        );
    }

    #[test]
    fn a_histogram_counts_into_cumulative_buckets() {
        let histogram = Histogram::new("h_seconds", "Help.");
        histogram.observe(std::time::Duration::from_micros(50));
        histogram.observe(std::time::Duration::from_secs(100));
        let mut out = String::new();
        histogram.render(&mut out);
        assert!(out.contains("h_seconds_bucket{le=\"0.0001\"} 1\n"), "{out}");
        assert!(out.contains("h_seconds_bucket{le=\"+Inf\"} 2\n"), "{out}");
        assert!(out.contains("h_seconds_count 2\n"), "{out}");
    }
}
