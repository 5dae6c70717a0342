//! `whodunit sources`: who sends what to a running server, when it was last heard from, and what was refused.

use serde_json::{Value, json};
use whodunit_api::sources::{SourceList, SourceView};

use crate::arguments::Sources;
use crate::configuration::{Configuration, Origin};
use crate::failure::Failure;
use crate::http::{Call, Client, percent_encode};
use crate::output::{Rows, Style, print_text};

const COLUMNS: &[&str] =
    &["project", "protocol", "sender", "client", "services", "last heard", "since", "rows", "today", "rejected", "why"];
/// Services that one line names.
const SERVICES_SHOWN_MAX: usize = 3;

pub async fn run(sources: Sources, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    if matches!(configuration.origin("data"), Origin::Flag(_)) {
        let way = "on a stopped server's files: whodunit query --data DIR \"SELECT * FROM sources\"";
        return Err(Failure::Usage(format!("sources asks a running server; {way}")));
    }
    let client = Client::new(&configuration.url(), configuration.api_key(), configuration.ca())?;
    let path = match &sources.project {
        Some(project) => format!("/api/v1/sources?project={}", percent_encode(project)),
        None => "/api/v1/sources".to_owned(),
    };
    let answer = client.send(Call::get(&path)).await?.success()?;
    if style == Style::Json {
        return print_text(&answer.text());
    }
    let list: SourceList = serde_json::from_slice(&answer.body)
        .map_err(|error| Failure::Failed(format!("the answer is not as expected: {error}")))?;
    if list.sources.is_empty() {
        return print_text("nobody was heard from yet");
    }
    let rows = list.sources.iter().map(|source| line(source, &list.now)).collect();
    Rows { rows, ..Rows::new(COLUMNS) }.filled().print(style)
}

fn line(source: &SourceView, now: &str) -> Vec<Value> {
    let text = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    let named: Vec<&str> = source.services.iter().take(SERVICES_SHOWN_MAX).map(|one| one.service.as_str()).collect();
    let more = match source.services.len().saturating_sub(SERVICES_SHOWN_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    vec![
        json!(source.project),
        json!(source.protocol),
        json!(source.sender),
        text(&source.client),
        text(&format!("{}{more}", named.join(", "))),
        json!(ago(&source.last_heard_at, now)),
        json!(source.first_heard_at.split('.').next().unwrap_or_default().replace('T', " ")),
        json!(source.rows),
        json!(source.rows_today),
        json!(source.rejected + source.requests_failed),
        text(&why(source)),
    ]
}

/// The reasons with their counts, and the last one in words.
fn why(source: &SourceView) -> String {
    let counted: Vec<String> = source.reasons.iter().map(|one| format!("{} {}", one.count, one.code)).collect();
    match &source.last_rejection {
        Some(last) => format!("{}; last: {}", counted.join(", "), last.reason),
        None => String::new(),
    }
}

/// How long ago a time was, as the server's clock says.
fn ago(time: &str, now: &str) -> String {
    let parsed = |text: &str| chrono::DateTime::parse_from_rfc3339(text).ok();
    let (Some(time), Some(now)) = (parsed(time), parsed(now)) else { return time.to_owned() };
    let seconds = (now - time).num_seconds().max(0);
    match seconds {
        0..=119 => format!("{seconds} s ago"),
        120..=7_199 => format!("{} min ago", seconds / 60),
        7_200..=172_799 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} d ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whodunit_api::sources::{SourceReason, SourceRejection, SourceService};

    #[test]
    fn a_line_says_who_when_how_much_and_why() {
        let service = |name: &str, rows| SourceService { service: name.to_owned(), rows };
        let source = SourceView {
            protocol: "loki".to_owned(),
            sender: "shop".to_owned(),
            first_heard_at: "2026-01-02T03:04:05.000000000Z".to_owned(),
            last_heard_at: "2026-01-02T04:00:00.000000000Z".to_owned(),
            rows: 12_000,
            rejected: 3,
            services: vec![service("a", 4), service("b", 3), service("c", 2), service("d", 1)],
            reasons: vec![SourceReason { code: "not_utf8".to_owned(), count: 3 }],
            last_rejection: Some(SourceRejection { reason: "not UTF-8 at byte 7".to_owned(), ..Default::default() }),
            ..SourceView::default()
        };
        let line = line(&source, "2026-01-02T04:00:03.500000000Z");
        assert_eq!(line[4], json!("a, b, c and 1 more"));
        assert_eq!((&line[5], &line[6]), (&json!("3 s ago"), &json!("2026-01-02 03:04:05")));
        assert_eq!(line[10], json!("3 not_utf8; last: not UTF-8 at byte 7"));
    }

    #[test]
    fn ages_are_told_in_one_unit() {
        let now = "2026-01-10T00:00:00Z";
        for (time, told) in [
            ("2026-01-09T23:59:00Z", "60 s ago"),
            ("2026-01-09T23:00:00Z", "60 min ago"),
            ("2026-01-09T00:00:00Z", "24 h ago"),
            ("2026-01-01T00:00:00Z", "9 d ago"),
            ("2026-01-11T00:00:00Z", "0 s ago"),
        ] {
            assert_eq!(ago(time, now), told);
        }
    }
}
