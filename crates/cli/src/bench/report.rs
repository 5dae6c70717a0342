//! What was measured, against what was aimed at.

use std::time::Duration;

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::output::{Rows, Style, print_text};

/// One number.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
    pub target: Option<Target>,
}

/// What to aim at: at most or at least this much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    AtMost(f64),
    AtLeast(f64),
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Target::AtMost(limit) => value <= limit,
            Target::AtLeast(limit) => value >= limit,
        }
    }

    fn text(self) -> String {
        match self {
            Target::AtMost(limit) => format!("≤ {limit}"),
            Target::AtLeast(limit) => format!("≥ {limit}"),
        }
    }
}

/// All numbers of one run.
#[derive(Debug, Default)]
pub struct Report {
    pub measures: Vec<Measure>,
}

impl Report {
    /// A number without a target.
    pub fn add(&mut self, name: &str, value: f64, unit: &'static str) {
        self.measures.push(Measure { name: name.to_owned(), value, unit, target: None });
    }

    pub fn aim(&mut self, name: &str, value: f64, unit: &'static str, target: Target) {
        self.measures.push(Measure { name: name.to_owned(), value, unit, target: Some(target) });
    }

    pub fn print(&self, style: Style, context: &Value) -> Result<(), Failure> {
        if style == Style::Json {
            let measures: Vec<Value> = self.measures.iter().map(Measure::json).collect();
            let whole = json!({"context": context, "measures": measures});
            return print_text(&serde_json::to_string_pretty(&whole).map_err(Failure::failed)?);
        }
        let mut rows = Rows::new(&["measure", "value", "unit", "target", "met"]);
        rows.rows = self.measures.iter().map(Measure::row).collect();
        rows.print(style)?;
        print_text(&format!("context\t{context}"))
    }
}

impl Measure {
    fn json(&self) -> Value {
        let (at_most, at_least) = match self.target {
            Some(Target::AtMost(limit)) => (Some(limit), None),
            Some(Target::AtLeast(limit)) => (None, Some(limit)),
            None => (None, None),
        };
        json!({
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "target_max": at_most,
            "target_min": at_least,
            "met": self.target.map(|target| target.is_met(self.value)),
        })
    }

    fn row(&self) -> Vec<Value> {
        let met = self.target.map_or("", |target| if target.is_met(self.value) { "yes" } else { "NO" });
        let target = self.target.map(Target::text).unwrap_or_default();
        vec![self.name.clone().into(), rounded(self.value).into(), self.unit.into(), target.into(), met.into()]
    }
}

/// Three digits are all that a measurement here can promise.
fn rounded(value: f64) -> String {
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.digits$}")
}

/// Durations of one kind of thing.
#[derive(Clone, Debug, Default)]
pub struct Latencies(Vec<Duration>);

impl Latencies {
    pub fn push(&mut self, duration: Duration) {
        self.0.push(duration);
    }

    pub fn extend(&mut self, others: Latencies) {
        self.0.extend(others.0);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Milliseconds below which `part` (0 to 1) of all lie: the nearest rank. 0 without any.
    pub fn percentile_ms(&self, part: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (part * sorted.len() as f64).ceil() as usize;
        let at = sorted.get(rank.max(1) - 1).copied().unwrap_or_default();
        at.as_secs_f64() * 1e3
    }

    pub fn median_ms(&self) -> f64 {
        self.percentile_ms(0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_the_nearest_rank() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.median_ms(), 0.0);
        for milliseconds in (1..=100).rev() {
            latencies.push(Duration::from_millis(milliseconds));
        }
        assert_eq!(latencies.median_ms(), 50.0);
        assert_eq!(latencies.percentile_ms(0.99), 99.0);
        assert_eq!(latencies.percentile_ms(1.0), 100.0);
    }

    #[test]
    fn a_missed_target_says_so() {
        let mut report = Report::default();
        report.aim("latency", 9.0, "ms", Target::AtMost(8.0));
        report.aim("rate", 20_001.0, "1/s", Target::AtLeast(20_000.0));
        assert_eq!(report.measures[0].row()[4], "NO");
        assert_eq!(report.measures[1].json()["met"], true);
    }
}
