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
}

impl Protocol {
    pub const ALL: [Protocol; 6] =
        [Protocol::Audit, Protocol::Logs, Protocol::Loki, Protocol::Otlp, Protocol::Elasticsearch, Protocol::Syslog];

    /// The stable word in metrics, and wherever sources are told apart.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Audit => "audit",
            Protocol::Logs => "logs",
            Protocol::Loki => "loki",
            Protocol::Otlp => "otlp",
            Protocol::Elasticsearch => "elasticsearch",
            Protocol::Syslog => "syslog",
        }
    }

    /// What those who send call one row, and several.
    pub fn rows(self) -> (&'static str, &'static str) {
        match self {
            Protocol::Logs => ("line", "lines"),
            Protocol::Audit | Protocol::Loki => ("entry", "entries"),
            Protocol::Otlp => ("record", "records"),
            Protocol::Elasticsearch => ("item", "items"),
            Protocol::Syslog => ("message", "messages"),
        }
    }
}
