//! Which field of a log line is its time, its message, its level, and so on.
//!
//! The sender may say so with a parameter per field; where it does not, the names that logging libraries use are
//! tried in order. `docs/reference/logs.md` is generated from the list here.

use whodunit_model::log::TextField;
use whodunit_stdx::ErrorKind;

use crate::error::Error;

/// What a field of a line becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Time,
    ObservedAt,
    Level,
    SeverityNumber,
    TraceId,
    SpanId,
    Text(TextField),
}

/// One row of the list: the parameters that name the field, the column it fills, and the names tried without.
pub struct Guess {
    pub parameters: &'static [&'static str],
    pub role: Role,
    pub column: &'static str,
    pub names: &'static [&'static str],
}

const fn guess(
    parameters: &'static [&'static str],
    role: Role,
    column: &'static str,
    names: &'static [&'static str],
) -> Guess {
    Guess { parameters, role, column, names }
}

/// Number of rows of [`GUESSES`].
pub const ROLES: usize = GUESSES.len();
/// Most names that one parameter may list.
pub const NAMES_MAX: usize = 16;
/// Most stream labels.
pub const STREAM_FIELDS_MAX: usize = 32;

/// Every field that has a place of its own, with the names tried in this order.
pub const GUESSES: &[Guess] = &[
    guess(
        &["time_field"],
        Role::Time,
        "time",
        &[
            "time",
            "timestamp",
            "@timestamp",
            "ts",
            "datetime",
            "date",
            "_time",
            "__REALTIME_TIMESTAMP",
            "eventTime",
            "event_time",
            "created_at",
            "createdAt",
            "asctime",
            "@t",
        ],
    ),
    guess(
        &["observed_at_field"],
        Role::ObservedAt,
        "observed_at",
        &["observed_at", "observedTimestamp", "observed_timestamp"],
    ),
    guess(
        &["level_field"],
        Role::Level,
        "level",
        &[
            "level",
            "severity",
            "lvl",
            "loglevel",
            "log_level",
            "logLevel",
            "severity_text",
            "severityText",
            "log.level",
            "levelname",
            "@l",
            "PRIORITY",
            "levelno",
            "detected_level",
            "error_severity",
        ],
    ),
    guess(&["severity_number_field"], Role::SeverityNumber, "severity_number", &["severity_number", "severityNumber"]),
    guess(
        &["trace_field", "trace_id_field"],
        Role::TraceId,
        "trace_id",
        &["trace_id", "traceId", "trace.id", "traceID", "otelTraceID", "dd.trace_id"],
    ),
    guess(
        &["span_field", "span_id_field"],
        Role::SpanId,
        "span_id",
        &["span_id", "spanId", "span.id", "spanID", "otelSpanID", "dd.span_id"],
    ),
    guess(
        &["message_field", "body_field"],
        Role::Text(TextField::Body),
        "body",
        &["message", "msg", "body", "log", "_msg", "MESSAGE", "@m", "@mt", "text", "event"],
    ),
    guess(
        &["service_field"],
        Role::Text(TextField::Service),
        "service",
        &[
            "service",
            "service.name",
            "service_name",
            "serviceName",
            "app",
            "application",
            "app_name",
            "component",
            "SYSLOG_IDENTIFIER",
            "dd.service",
        ],
    ),
    guess(
        &["host_field"],
        Role::Text(TextField::Host),
        "host",
        &["host", "hostname", "host.name", "host_name", "_HOSTNAME"],
    ),
    guess(
        &["environment_field"],
        Role::Text(TextField::Environment),
        "environment",
        &[
            "environment",
            "env",
            "deployment.environment",
            "deployment.environment.name",
            "dd.env",
            "deployment_environment",
            "deployment_environment_name",
        ],
    ),
    guess(
        &["release_field"],
        Role::Text(TextField::Release),
        "release",
        &["release", "service.version", "version", "app_version", "dd.version", "service_version"],
    ),
    guess(
        &["logger_field"],
        Role::Text(TextField::Logger),
        "logger",
        &["logger", "logger_name", "loggerName", "logger.name", "log.logger"],
    ),
    guess(
        &["actor_type_field"],
        Role::Text(TextField::ActorType),
        "actor_type",
        &["actor_type", "user_type", "userType"],
    ),
    guess(
        &["actor_id_field"],
        Role::Text(TextField::ActorId),
        "actor_id",
        &["actor_id", "user_id", "userId", "user.id", "enduser.id", "uid", "enduser_id"],
    ),
    guess(
        &["actor_email_field"],
        Role::Text(TextField::ActorEmail),
        "actor_email",
        &["actor_email", "user_email", "userEmail", "user.email", "email"],
    ),
    guess(
        &["actor_name_field"],
        Role::Text(TextField::ActorName),
        "actor_name",
        &["actor_name", "user_name", "userName", "username", "user.name", "user"],
    ),
    guess(
        &["ip_field"],
        Role::Text(TextField::Ip),
        "ip",
        &[
            "ip",
            "client_ip",
            "clientIp",
            "client.address",
            "client.ip",
            "remote_addr",
            "remoteAddr",
            "remote_ip",
            "ip_address",
            "ipAddress",
            "client_address",
            "remote_host",
        ],
    ),
    guess(
        &["user_agent_field"],
        Role::Text(TextField::UserAgent),
        "user_agent",
        &[
            "user_agent",
            "userAgent",
            "http.user_agent",
            "user_agent.original",
            "http_user_agent",
            "user_agent_original",
        ],
    ),
    guess(
        &["session_id_field"],
        Role::Text(TextField::SessionId),
        "session_id",
        &["session_id", "sessionId", "session.id"],
    ),
    guess(
        &["correlation_id_field"],
        Role::Text(TextField::CorrelationId),
        "correlation_id",
        &[
            "correlation_id",
            "correlationId",
            "request_id",
            "requestId",
            "x-request-id",
            "x-correlation-id",
            "x_request_id",
            "X-Request-ID",
            "req.id",
            "reqId",
            "http.request_id",
        ],
    ),
    guess(&["batch_id_field"], Role::Text(TextField::BatchId), "batch_id", &["batch_id", "batchId"]),
];

/// How the names of one role were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The sender named the field: what does not fit is an error of the line.
    Sender,
    /// A usual name: what does not fit is an attribute that happens to have it.
    Guess,
}

/// Leads from field names to roles.
#[derive(Clone, Debug)]
pub struct Mapping {
    names: Vec<Vec<String>>,
    sources: Vec<Source>,
    /// Sorted, so that the labels of a stream always stand in the same order.
    pub stream_fields: Vec<String>,
}

/// Where a name leads: a row of [`GUESSES`] and the name's rank in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub role: u8,
    pub rank: u8,
}

impl Default for Mapping {
    fn default() -> Self {
        let owned = |guess: &Guess| guess.names.iter().map(|name| (*name).to_owned()).collect();
        Mapping {
            names: GUESSES.iter().map(owned).collect(),
            sources: vec![Source::Guess; ROLES],
            stream_fields: Vec::new(),
        }
    }
}

impl Mapping {
    /// The usual names, for a protocol that brings time and message of its own: fields named like those are attributes.
    pub fn beside_a_line() -> Mapping {
        let mut mapping = Mapping::default();
        for (guess, names) in GUESSES.iter().zip(&mut mapping.names) {
            if matches!(guess.role, Role::Time | Role::Text(TextField::Body)) {
                names.clear();
            }
        }
        mapping
    }

    /// The usual names of what stands around a span, which brings time, ids and name of its own and has no level.
    pub fn beside_a_span() -> Mapping {
        let mut mapping = Mapping::default();
        for (guess, names) in GUESSES.iter().zip(&mut mapping.names) {
            let around =
                matches!(guess.role, Role::Text(field) if !matches!(field, TextField::Body | TextField::Logger));
            if !around {
                names.clear();
            }
        }
        mapping
    }

    /// The same, with these names before all others of their roles.
    pub fn preferring(mut self, first: &[&str]) -> Mapping {
        for names in &mut self.names {
            names.sort_by_key(|name| first.iter().position(|wanted| name == wanted).unwrap_or(usize::MAX));
        }
        self
    }

    /// The same without one of the names of a role.
    pub fn without(mut self, role: Role, name: &str) -> Mapping {
        for (guess, names) in GUESSES.iter().zip(&mut self.names) {
            if guess.role == role {
                names.retain(|known| known != name);
            }
        }
        self
    }

    /// Reads the parameters ending in `_field` and `stream_fields`; each takes names separated by commas, the first
    /// that a line has being used. Other parameters are left to others.
    pub fn from_parameters(parameters: &[(String, String)]) -> Result<Mapping, Error> {
        let mut mapping = Mapping::default();
        for (name, value) in parameters {
            if name == "stream_fields" {
                mapping.stream_fields = split_names(name, value, STREAM_FIELDS_MAX)?;
                mapping.stream_fields.sort_unstable();
                mapping.stream_fields.dedup();
                continue;
            }
            let Some(role) = GUESSES.iter().position(|guess| guess.parameters.contains(&name.as_str())) else {
                if name.ends_with("_field") {
                    let message = format!("parameter {name:?} is none of the fields that can be named");
                    return Err(Error::new(ErrorKind::Invalid, message).field(name.clone()));
                }
                continue;
            };
            mapping.names[role] = split_names(name, value, NAMES_MAX)?;
            mapping.sources[role] = Source::Sender;
        }
        Ok(mapping)
    }

    /// The role of a field, by its name with dots between the keys of nested objects. A name that the sender gave
    /// goes before a guess.
    pub fn candidate(&self, path: &str) -> Option<Candidate> {
        let of = |wanted: Source| {
            let rows = self.names.iter().zip(&self.sources).enumerate();
            rows.filter(|(_, (_, source))| **source == wanted).find_map(|(role, (names, _))| {
                let rank = names.iter().position(|name| name == path)?;
                Some(Candidate { role: u8::try_from(role).ok()?, rank: u8::try_from(rank).ok()? })
            })
        };
        of(Source::Sender).or_else(|| of(Source::Guess))
    }

    pub fn source(&self, role: u8) -> Source {
        self.sources[usize::from(role)]
    }
}

fn split_names(parameter: &str, value: &str, names_max: usize) -> Result<Vec<String>, Error> {
    let names: Vec<String> =
        value.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    if names.is_empty() || names.len() > names_max {
        let message = format!("parameter {parameter:?} takes 1 to {names_max} field names separated by commas");
        return Err(Error::new(ErrorKind::Invalid, message).field(parameter));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_guessed_for_two_fields() {
        let mut seen = std::collections::HashSet::new();
        for name in GUESSES.iter().flat_map(|guess| guess.names) {
            assert!(seen.insert(name), "{name}");
        }
    }

    #[test]
    fn what_the_sender_says_goes_before_what_we_guess() {
        let parameters = [("message_field".to_owned(), "event, time".to_owned())];
        let mapping = Mapping::from_parameters(&parameters).expect("valid");
        let role =
            |name: &str| mapping.candidate(name).map(|found| (GUESSES[usize::from(found.role)].column, found.rank));
        assert_eq!(role("time"), Some(("body", 1)));
        assert_eq!(role("event"), Some(("body", 0)));
        assert_eq!(role("message"), None);
        assert_eq!(role("timestamp"), Some(("time", 1)));
    }

    #[test]
    fn unknown_and_empty_mappings_are_refused_by_name() {
        for (name, value) in [("colour_field", "x"), ("time_field", " , "), ("stream_fields", "")] {
            let error = Mapping::from_parameters(&[(name.to_owned(), value.to_owned())]).expect_err(name);
            assert_eq!(error.field.as_deref(), Some(name));
        }
        assert!(Mapping::from_parameters(&[("project".to_owned(), "x".to_owned())]).is_ok());
    }
}
