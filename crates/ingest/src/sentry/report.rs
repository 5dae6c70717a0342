//! Client reports: what a client dropped before it was sent, by reason.
//!
//! Source: Sentry's developer documentation, "Client Reports". Clients choose their words, so only known reasons are
//! told apart.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{malformed, repair};
use crate::logs::rejection::Refusal;

const REASONS: &[&str] = &[
    "queue_overflow",
    "cache_overflow",
    "buffer_overflow",
    "ratelimit_backoff",
    "network_error",
    "send_error",
    "sample_rate",
    "before_send",
    "event_processor",
    "internal_sdk_error",
    "insufficient_data",
    "backpressure",
    "no_parent_span",
    "ignored",
    "invalid",
];
/// Most lines of a report that are read.
const LINES_MAX: usize = 500;

/// Adds `client_<reason>` with the number of items dropped.
pub fn read(payload: &[u8], passed_over: &mut BTreeMap<String, u64>) -> Result<(), Refusal> {
    let report = repair::object(payload)?;
    let Some(Value::Array(lines)) = report.get("discarded_events") else {
        return Err(malformed("discarded_events is no list"));
    };
    for line in lines.iter().take(LINES_MAX) {
        let sent = line.get("reason").and_then(Value::as_str).unwrap_or_default();
        let reason = REASONS.iter().find(|known| **known == sent).unwrap_or(&"other");
        let quantity = line.get("quantity").and_then(Value::as_u64).unwrap_or(0);
        if quantity > 0 {
            let counted = passed_over.entry(format!("client_{reason}")).or_default();
            *counted = counted.saturating_add(quantity);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_reasons_are_told_apart_and_the_rest_is_other() {
        let mut counted = BTreeMap::new();
        let report = br#"{"discarded_events":[{"reason":"sample_rate","category":"error","quantity":3},
            {"reason":"sample_rate","quantity":2},{"reason":"a secret","quantity":1},{"reason":"before_send"},7]}"#;
        read(report, &mut counted).expect("a report");
        assert_eq!(
            counted.into_iter().collect::<Vec<_>>(),
            [("client_other".to_owned(), 1), ("client_sample_rate".to_owned(), 5)]
        );
        assert!(read(b"{}", &mut BTreeMap::new()).is_err());
    }
}
