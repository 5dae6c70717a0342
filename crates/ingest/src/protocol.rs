//! The ways in by name.

/// A protocol that rows come in by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    Audit,
    Logs,
    Loki,
    Otlp,
    Elasticsearch,
    Syslog,
    Sentry,
}

impl Protocol {
    pub const ALL: [Protocol; 7] = [
        Protocol::Audit,
        Protocol::Logs,
        Protocol::Loki,
        Protocol::Otlp,
        Protocol::Elasticsearch,
        Protocol::Syslog,
        Protocol::Sentry,
    ];

    /// The stable word in metrics, and wherever sources are told apart.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Audit => "audit",
            Protocol::Logs => "logs",
            Protocol::Loki => "loki",
            Protocol::Otlp => "otlp",
            Protocol::Elasticsearch => "elasticsearch",
            Protocol::Syslog => "syslog",
            Protocol::Sentry => whodunit_model::sources::SENTRY,
        }
    }

    /// What those who send call one row, and several.
    pub fn rows(self) -> (&'static str, &'static str) {
        match self {
            Protocol::Logs => ("line", "lines"),
            Protocol::Audit | Protocol::Loki => ("entry", "entries"),
            Protocol::Otlp => ("record", "records"),
            Protocol::Elasticsearch | Protocol::Sentry => ("item", "items"),
            Protocol::Syslog => ("message", "messages"),
        }
    }
}
