//! Settings of a session: what clients ask for with `SHOW`, and what becomes of their `SET`.
//!
//! Most settings are taken and change nothing: answers are UTF-8, times are UTC, and nothing is ever written. The few
//! that would make an answer mean something else are refused.

use std::collections::BTreeMap;
use std::time::Duration;

use super::failure::{self, PgFailure};

/// The PostgreSQL whose clients should feel at home.
pub const SERVER_VERSION: &str = "15.0";

/// What holds in every session.
pub const SETTINGS: &[(&str, &str)] = &[
    ("application_name", ""),
    ("bytea_output", "hex"),
    ("client_encoding", "UTF8"),
    ("client_min_messages", "notice"),
    ("datestyle", "ISO, MDY"),
    ("default_transaction_isolation", "repeatable read"),
    ("default_transaction_read_only", "on"),
    ("extra_float_digits", "1"),
    ("in_hot_standby", "off"),
    ("integer_datetimes", "on"),
    ("intervalstyle", "postgres"),
    ("is_superuser", "off"),
    ("lc_collate", "C.UTF-8"),
    ("lc_ctype", "C.UTF-8"),
    ("max_identifier_length", "63"),
    ("max_index_keys", "32"),
    ("search_path", "\"$user\", public"),
    ("server_encoding", "UTF8"),
    ("server_version", SERVER_VERSION),
    ("server_version_num", "150000"),
    ("session_authorization", "api"),
    ("standard_conforming_strings", "on"),
    ("timezone", "UTC"),
    ("transaction_isolation", "repeatable read"),
    ("transaction_read_only", "on"),
    ("version_text", concat!("PostgreSQL 15.0 (Whodunit ", env!("CARGO_PKG_VERSION"), ")")),
];

/// What a client is told without asking, under the names that it knows them by.
pub const REPORTED: &[(&str, &str)] = &[
    ("server_version", SERVER_VERSION),
    ("server_encoding", "UTF8"),
    ("client_encoding", "UTF8"),
    ("DateStyle", "ISO, MDY"),
    ("IntervalStyle", "postgres"),
    ("TimeZone", "UTC"),
    ("integer_datetimes", "on"),
    ("standard_conforming_strings", "on"),
    ("default_transaction_read_only", "on"),
    ("in_hot_standby", "off"),
    ("is_superuser", "off"),
    ("session_authorization", "api"),
];

/// Most settings that one session keeps.
const KEPT_MAX: usize = 100;
/// Longest value that is kept.
const VALUE_BYTES_MAX: usize = 1_024;

/// The settings of one session.
#[derive(Debug, Default)]
pub struct SessionSettings {
    kept: BTreeMap<String, String>,
    /// `None`: the server's own limit.
    pub statement_timeout: Option<Duration>,
}

impl SessionSettings {
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), PgFailure> {
        let name = name.to_lowercase();
        match name.as_str() {
            "client_encoding" => {
                let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
                let known = ["UTF8", "UNICODE", "SQLASCII", "DEFAULT"];
                if !known.contains(&plain.to_ascii_uppercase().as_str()) {
                    let message = format!("the encoding {value:?} is not spoken here");
                    return Err(PgFailure::error(failure::INVALID_PARAMETER_VALUE, message)
                        .hint("everything is UTF-8: SET client_encoding = 'UTF8'"));
                }
                return Ok(());
            }
            "statement_timeout" => {
                self.statement_timeout = timeout(value)?;
                return Ok(());
            }
            "transaction_read_only" | "default_transaction_read_only" if is_off(value) => {
                return Err(PgFailure::error(failure::READ_ONLY, "nothing can be written over this connection"));
            }
            _ => {}
        }
        if self.kept.len() < KEPT_MAX || self.kept.contains_key(&name) {
            let end = value.floor_char_boundary(VALUE_BYTES_MAX);
            self.kept.insert(name, value[..end].to_owned());
        }
        Ok(())
    }

    pub fn reset(&mut self, name: Option<&str>) {
        match name {
            None => *self = SessionSettings::default(),
            Some("statement_timeout") => self.statement_timeout = None,
            Some(name) => drop(self.kept.remove(&name.to_lowercase())),
        }
    }

    pub fn show(&self, name: &str) -> Result<String, PgFailure> {
        let name = match name.to_lowercase().as_str() {
            "transaction isolation level" => "transaction_isolation".to_owned(),
            "time zone" => "timezone".to_owned(),
            "session authorization" => "session_authorization".to_owned(),
            other => other.to_owned(),
        };
        if name == "statement_timeout" {
            return Ok(self.statement_timeout.map_or("0".to_owned(), |time| format!("{}ms", time.as_millis())));
        }
        let fixed = SETTINGS.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        // Only what the client may change is shown as it left it: the rest would be a lie.
        let kept = self.kept.get(&name).filter(|_| matches!(name.as_str(), "application_name" | "search_path"));
        kept.cloned().or(fixed).or_else(|| self.kept.get(&name).cloned()).ok_or_else(|| {
            PgFailure::error(failure::UNDEFINED_OBJECT, format!("unrecognized configuration parameter {name:?}"))
        })
    }

    /// For the trail: what the client calls itself.
    pub fn application(&self) -> Option<&str> {
        self.kept.get("application_name").map(String::as_str).filter(|name| !name.is_empty())
    }
}

fn is_off(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "off" | "false" | "no" | "0")
}

/// A number of milliseconds, or one with a unit; 0 and DEFAULT mean the server's own limit.
fn timeout(value: &str) -> Result<Option<Duration>, PgFailure> {
    let value = value.trim();
    let digits = value.find(|character: char| !character.is_ascii_digit()).unwrap_or(value.len());
    let factor = match value[digits..].trim() {
        "" | "ms" => Some(1),
        "s" => Some(1_000),
        "min" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    if value.eq_ignore_ascii_case("default") {
        return Ok(None);
    }
    match (value[..digits].parse::<u64>(), factor) {
        (Ok(0), Some(_)) => Ok(None),
        (Ok(number), Some(factor)) => Ok(Some(Duration::from_millis(number.saturating_mul(factor)))),
        _ => Err(PgFailure::error(failure::INVALID_PARAMETER_VALUE, format!("{value:?} is no duration"))
            .hint("write milliseconds, or a unit: SET statement_timeout = '30s'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_change_the_meaning_of_answers_is_refused() {
        let mut settings = SessionSettings::default();
        assert!(settings.set("client_encoding", "utf-8").is_ok());
        assert_eq!(settings.set("client_encoding", "LATIN1").expect_err("refused").code, "22023");
        assert_eq!(settings.set("default_transaction_read_only", "off").expect_err("refused").code, "25006");
        settings.set("TimeZone", "Europe/Berlin").expect("is taken");
        assert_eq!(settings.show("timezone").as_deref().ok(), Some("UTC"), "times stay UTC, and it says so");
        settings.set("application_name", "report").expect("is taken");
        assert_eq!(settings.show("application_name").as_deref().ok(), Some("report"));
        assert_eq!(settings.show("nothing").expect_err("refused").code, "42704");
    }

    #[test]
    fn statement_timeouts_are_read_with_and_without_units() {
        let read = |value: &str| timeout(value).map_err(|failure| failure.code);
        assert_eq!(read("1500"), Ok(Some(Duration::from_millis(1_500))));
        assert_eq!(read("5min"), Ok(Some(Duration::from_secs(300))));
        assert_eq!(read("0"), Ok(None));
        assert_eq!(read("soon"), Err("22023"));
    }
}
