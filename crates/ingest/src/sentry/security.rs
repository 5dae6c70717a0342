//! Reports that browsers send by themselves: violations of a policy, failures of the network. Each becomes an event.
//!
//! Browsers have two forms: one report as they always had it (`{"csp-report": {…}}`), and a list of reports of the
//! Reporting API (`[{"type": "csp-violation", "body": {…}}]`). Sources: W3C, "Content Security Policy" 2 and 3,
//! "Reporting API", "Network Error Logging".

use serde_json::{Map, Value, json};
use whodunit_issues::fingerprint::Fingerprint;

use super::around::Sender;
use super::{malformed, repair};
use crate::logs::rejection::Refusal;

/// Reports of one body that are read.
pub const REPORTS_MAX: usize = 100;

/// Reports of the older form, by the member that holds them.
const OLDER: &[&str] =
    &["csp-report", "csp", "expect-ct-report", "expectct", "expect-staple-report", "expectstaple", "hpkp", "nel"];
/// Members of a report of the Reporting API, and what the older form calls them.
const NAMES: &[(&str, &str)] = &[
    ("documentURL", "document-uri"),
    ("blockedURL", "blocked-uri"),
    ("effectiveDirective", "effective-directive"),
    ("originalPolicy", "original-policy"),
    ("sourceFile", "source-file"),
    ("lineNumber", "line-number"),
    ("columnNumber", "column-number"),
    ("statusCode", "status-code"),
    ("sample", "script-sample"),
];

/// The events of a body with reports. `user_agent` is that of the browser which sends them.
pub fn events(payload: &[u8], sender: &Sender<'_>) -> Result<Vec<Map<String, Value>>, Refusal> {
    let reports = match repair::value(payload)? {
        Value::Array(reports) => reports,
        one @ Value::Object(_) => vec![one],
        _ => return Err(malformed("a report is a JSON object, or a list of them")),
    };
    if reports.len() > REPORTS_MAX {
        return Err(malformed(format!("more than {REPORTS_MAX} reports")));
    }
    let event = |(number, report): (usize, Value)| {
        let Value::Object(report) = report else { return Err(malformed("a report is a JSON object")) };
        event(report, number, sender)
    };
    reports.into_iter().enumerate().map(event).collect()
}

fn event(mut report: Map<String, Value>, number: usize, sender: &Sender<'_>) -> Result<Map<String, Value>, Refusal> {
    let older = OLDER.iter().find(|name| report.get(**name).is_some_and(Value::is_object));
    let (kind, content) = match older {
        Some(name) => ((*name).to_owned(), report.remove(*name).unwrap_or_default()),
        None => newer(report)?,
    };
    let document = ["document-uri", "document_uri", "url"].iter().find_map(|name| content.get(*name)?.as_str());
    let text = content.to_string();
    // Two visitors meet the same violation: what makes their reports two is when and as which one they came.
    let moment = format!("{}/{number}", sender.received_at.nanos());
    let id = hex::encode(Fingerprint::of_parts(&["report", &kind, &text, &moment]).id());
    let mut request = Map::new();
    if let Some(document) = document {
        request.insert("url".to_owned(), document.into());
    }
    if let Some(agent) = sender.user_agent {
        request.insert("headers".to_owned(), json!({"User-Agent": agent}));
    }
    let logger = kind.trim_end_matches("-report").to_owned();
    let event = json!({"event_id": id, "logger": logger, "platform": "javascript", "request": request, kind: content});
    let Value::Object(event) = event else { return Err(malformed("a report is a JSON object")) };
    Ok(event)
}

/// A report of the Reporting API in the older form.
fn newer(mut report: Map<String, Value>) -> Result<(String, Value), Refusal> {
    let kind = report.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let url = report.remove("url");
    let Some(Value::Object(mut body)) = report.remove("body") else {
        return Err(malformed("a report has a body, or is named as browsers name it (csp-report, nel, …)"));
    };
    match kind.as_str() {
        "csp-violation" => {
            for (theirs, ours) in NAMES {
                if let Some(value) = body.remove(*theirs) {
                    body.insert((*ours).to_owned(), value);
                }
            }
            if let Some(url) = url {
                body.entry("document-uri").or_insert(url);
            }
            Ok(("csp-report".to_owned(), Value::Object(body)))
        }
        "network-error" => {
            let host = url.as_ref().and_then(Value::as_str).and_then(host).map(Value::from);
            body.extend(url.map(|url| ("url".to_owned(), url)));
            body.extend(host.map(|host| ("hostname".to_owned(), host)));
            Ok(("nel".to_owned(), Value::Object(body)))
        }
        other => Err(malformed(format!("reports of type {other:?} are not read"))),
    }
}

fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?', '#', ':']).next().filter(|host| !host.is_empty())
}
