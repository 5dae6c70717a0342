//! `whodunit verify-data`: reads every file of a stopped server, checks every checksum and recomputes every leaf.

use serde_json::{Value, json};
use whodunit_store::VerifyReport;

use super::direct::Direct;
use crate::configuration::Configuration;
use crate::failure::{Failure, chain};
use crate::output::{Rows, Style, print_text};

pub async fn run(configuration: &Configuration, style: Style) -> Result<(), Failure> {
    let direct = Direct::open(configuration).await?;
    let verified = direct.store().verify().await.map_err(|error| Failure::Failed(chain(&error)));
    direct.close().await?;
    tell(&verified?, style)
}

/// Prints what verification found, and makes a failure of it.
pub fn tell(report: &VerifyReport, style: Style) -> Result<(), Failure> {
    let findings: Vec<Value> =
        report.findings.iter().map(|finding| json!({"place": finding.place, "what": finding.what})).collect();
    let counts = json!({
        "frames": report.frames,
        "segments": report.segments,
        "entries": report.entries,
        "dropped_leaves": report.dropped_leaves,
    });
    if style == Style::Json {
        print_text(&json!({"ok": findings.is_empty(), "counts": counts, "findings": findings}).to_string())?;
    } else {
        if !findings.is_empty() {
            Rows::of_objects(&findings, &["place", "what"]).print(style)?;
        }
        print_text(&format!(
            "{} frames, {} segments and the leaves of {} entries were read",
            report.frames, report.segments, report.entries
        ))?;
    }
    match findings.len() {
        0 => Ok(()),
        1 => Err(Failure::Failed("one thing is not as it was written".to_owned())),
        count => Err(Failure::Failed(format!("{count} things are not as they were written"))),
    }
}
