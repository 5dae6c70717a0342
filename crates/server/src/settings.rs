//! Every setting of the server: one table of name, kind, default, help, and how to set and show it.
//!
//! The command line builds its flags (`--memory`), environment names (`WHODUNIT_MEMORY`) and file keys (`memory`)
//! from [`SETTINGS`]; nobody else names a setting. Texts are parsed here, at the door; past it they are values.
//! This file must not know where a text came from.

use std::path::PathBuf;
use std::time::Duration;

use crate::proxy::Network;

/// One row of the table.
pub struct Setting {
    /// Snake case: the file key. The flag has dashes, the environment name is upper case after `WHODUNIT_`.
    pub name: &'static str,
    pub kind: SettingKind,
    /// As it would be written; [`Settings::default`] holds the same value, by test.
    pub default: &'static str,
    pub help: &'static str,
    /// A further environment name that is honoured as it stands.
    pub environment_alias: Option<&'static str>,
    set: fn(&mut Settings, &str) -> Result<(), String>,
    show: fn(&Settings) -> String,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    Text,
    /// Never shown by `config show`.
    Secret,
    Path,
    /// `host:port`.
    Address,
    /// A number of bytes: `1048576`, `64MiB`, `1.5GB`.
    Bytes,
    /// `250ms`, `30s`, `15m`, `12h`, `7d`.
    Duration,
    Integer,
    /// `true` or `false`.
    Boolean,
    Choice(&'static [&'static str]),
    /// Values separated by commas.
    List,
}

/// The value of a setting could not be taken.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SettingError {
    #[error("no setting is called {name:?}; did you mean {nearest:?}?")]
    Unknown { name: String, nearest: &'static str },
    #[error("setting {name}: {reason}")]
    Invalid { name: &'static str, reason: String },
}

/// Where rows are on disk when the answer to `POST /api/v1/logs` goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogsDurability {
    Synced,
    Buffered,
}

/// The settings of one server, parsed. See [`SETTINGS`] for what each means.
#[derive(Clone, Debug)]
pub struct Settings {
    pub data: PathBuf,
    pub listen: String,
    pub public_url: Option<String>,
    pub control: Option<String>,
    pub enable_audit_logging: bool,
    /// `None`: the smaller of 1 GiB and a quarter of the machine's memory.
    pub memory: Option<usize>,
    pub trusted_proxies: Vec<Network>,
    pub logs_durability: LogsDurability,
    pub flush_bytes: usize,
    pub flush_interval: Duration,
    pub buffered_sync_interval: Duration,
    pub maintain_interval: Duration,
    pub intent_timeout: Duration,
    pub segment_attributes_max: usize,
    pub warm_after: Duration,
    pub cold_after: Option<Duration>,
    pub cold_location: Option<String>,
    /// `None`: kept for ever.
    pub retention_audit: Option<Duration>,
    pub retention_logs: Option<Duration>,
    /// `None`: no ceiling by size.
    pub retention_logs_bytes: Option<u64>,
    pub disk_free_min: u64,
    pub audit_body_max: usize,
    pub logs_body_max: usize,
    pub audit_requests_max: usize,
    pub telemetry_requests_max: usize,
    pub query_requests_max: usize,
    pub stream_requests_max: usize,
    pub connections_max: usize,
    pub request_timeout: Duration,
    pub header_timeout: Duration,
    pub body_idle_timeout: Duration,
    pub shutdown_timeout: Duration,
    pub query_time_max: Duration,
    pub query_rows_max: usize,
    pub query_memory: Option<usize>,
    pub query_parallelism: usize,
    pub init_owner_email: Option<String>,
    pub init_owner_password: Option<String>,
    pub init_ingest_key: Option<String>,
    pub init_api_key: Option<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            data: PathBuf::from("whodunit-data"),
            listen: "127.0.0.1:8420".to_owned(),
            public_url: None,
            control: None,
            enable_audit_logging: true,
            memory: None,
            trusted_proxies: Vec::new(),
            logs_durability: LogsDurability::Synced,
            flush_bytes: 64 << 20,
            flush_interval: Duration::from_secs(300),
            buffered_sync_interval: Duration::from_millis(200),
            maintain_interval: Duration::from_secs(5),
            intent_timeout: Duration::from_secs(15 * 60),
            segment_attributes_max: 512,
            warm_after: Duration::from_secs(2 * DAY),
            cold_after: None,
            cold_location: None,
            retention_audit: None,
            retention_logs: Some(Duration::from_secs(30 * DAY)),
            retention_logs_bytes: None,
            disk_free_min: 1 << 30,
            audit_body_max: 16 << 20,
            logs_body_max: 64 << 20,
            audit_requests_max: 512,
            telemetry_requests_max: 16,
            query_requests_max: 16,
            stream_requests_max: 256,
            connections_max: 2048,
            request_timeout: Duration::from_secs(60),
            header_timeout: Duration::from_secs(60),
            body_idle_timeout: Duration::from_secs(20),
            shutdown_timeout: Duration::from_secs(15),
            query_time_max: Duration::from_secs(30),
            query_rows_max: 1_000_000,
            query_memory: None,
            query_parallelism: 0,
            init_owner_email: None,
            init_owner_password: None,
            init_ingest_key: None,
            init_api_key: None,
        }
    }
}

const DAY: u64 = 24 * 60 * 60;

#[allow(clippy::unit_arg, reason = "an assignment per row reads better than a block per row")]
/// All of them, in the order in which `--help` and the reference list them.
pub const SETTINGS: &[Setting] = &[
    setting("data", SettingKind::Path, "whodunit-data", "directory of all data; made when absent")
        .by(|s, v| Ok(s.data = PathBuf::from(filled(v)?)), |s| s.data.display().to_string()),
    setting("listen", SettingKind::Address, "127.0.0.1:8420", "address and port to serve HTTP on")
        .by(|s, v| Ok(s.listen = address(v)?), |s| s.listen.clone()),
    setting("public_url", SettingKind::Text, "", "base URL that people reach this server by, for printed links")
        .by(|s, v| Ok(s.public_url = text(v)), |s| shown(&s.public_url)),
    setting(
        "control",
        SettingKind::Text,
        "",
        "control plane: postgres://… or a SQLite path; empty: control.sqlite in the data directory",
    )
    .by(|s, v| Ok(s.control = text(v)), |s| shown(&s.control)),
    setting(
        "enable_audit_logging",
        SettingKind::Boolean,
        "true",
        "false refuses applications' audit entries; the change is itself recorded",
    )
    .alias("ENABLE_AUDIT_LOGGING")
    .by(|s, v| Ok(s.enable_audit_logging = boolean(v)?), |s| s.enable_audit_logging.to_string()),
    setting(
        "memory",
        SettingKind::Bytes,
        "auto",
        "memory limit for buffers, decoding and queries; auto: a quarter of the machine, at most 1GiB",
    )
    .by(
        |s, v| Ok(s.memory = automatic(v, bytes)?.map(saturate)),
        |s| s.memory.map_or("auto".to_owned(), |n| show_bytes(n as u64)),
    ),
    setting(
        "trusted_proxies",
        SettingKind::List,
        "",
        "networks (CIDR) whose X-Forwarded-For and Forwarded headers are believed",
    )
    .by(|s, v| Ok(s.trusted_proxies = networks(v)?), |s| join(&s.trusted_proxies)),
    setting(
        "logs_durability",
        SettingKind::Choice(&["synced", "buffered"]),
        "synced",
        "whether log lines are on disk before the answer; audit entries always are",
    )
    .by(|s, v| Ok(s.logs_durability = durability(v)?), |s| show_durability(s.logs_durability)),
    setting("flush_bytes", SettingKind::Bytes, "64MiB", "bytes a lane may buffer before it is written as segments")
        .by(|s, v| Ok(s.flush_bytes = saturate(bytes(v)?)), |s| show_bytes(s.flush_bytes as u64)),
    setting("flush_interval", SettingKind::Duration, "5m", "longest time a row waits in the buffer for its segment")
        .by(|s, v| Ok(s.flush_interval = duration(v)?), |s| show_duration(s.flush_interval)),
    setting(
        "buffered_sync_interval",
        SettingKind::Duration,
        "200ms",
        "longest time until buffered log lines are on disk",
    )
    .by(|s, v| Ok(s.buffered_sync_interval = duration(v)?), |s| show_duration(s.buffered_sync_interval)),
    setting(
        "maintain_interval",
        SettingKind::Duration,
        "5s",
        "pause between rounds of flush, compaction, tiers and retention",
    )
    .by(|s, v| Ok(s.maintain_interval = duration(v)?), |s| show_duration(s.maintain_interval)),
    setting(
        "intent_timeout",
        SettingKind::Duration,
        "15m",
        "when an intent that nobody completed counts as outcome unknown",
    )
    .by(|s, v| Ok(s.intent_timeout = duration(v)?), |s| show_duration(s.intent_timeout)),
    setting(
        "segment_attributes_max",
        SettingKind::Integer,
        "512",
        "attributes per segment that get a column of their own",
    )
    .by(|s, v| Ok(s.segment_attributes_max = integer(v)?), |s| s.segment_attributes_max.to_string()),
    setting("warm_after", SettingKind::Duration, "2d", "age at which segments are recompressed for keeping")
        .by(|s, v| Ok(s.warm_after = duration(v)?), |s| show_duration(s.warm_after)),
    setting("cold_after", SettingKind::Duration, "never", "age at which segments move to the cold tier")
        .by(|s, v| Ok(s.cold_after = unless_never(v, duration)?), |s| never(s.cold_after.map(show_duration))),
    setting(
        "cold_location",
        SettingKind::Text,
        "",
        "other directory for the cold tier; empty: it stays in the data directory",
    )
    .by(|s, v| Ok(s.cold_location = text(v)), |s| shown(&s.cold_location)),
    setting(
        "retention_audit",
        SettingKind::Duration,
        "never",
        "age at which audit entries are dropped, where no project says otherwise",
    )
    .by(|s, v| Ok(s.retention_audit = unless_never(v, duration)?), |s| never(s.retention_audit.map(show_duration))),
    setting(
        "retention_logs",
        SettingKind::Duration,
        "30d",
        "age at which logs and other telemetry are dropped, where no project says otherwise",
    )
    .by(|s, v| Ok(s.retention_logs = unless_never(v, duration)?), |s| never(s.retention_logs.map(show_duration))),
    setting(
        "retention_logs_bytes",
        SettingKind::Bytes,
        "never",
        "bytes of telemetry per table and project past which the oldest is dropped",
    )
    .by(|s, v| Ok(s.retention_logs_bytes = unless_never(v, bytes)?), |s| never(s.retention_logs_bytes.map(show_bytes))),
    setting(
        "disk_free_min",
        SettingKind::Bytes,
        "1GiB",
        "free disk space below which the oldest telemetry is dropped, then appends are refused",
    )
    .by(|s, v| Ok(s.disk_free_min = bytes(v)?), |s| show_bytes(s.disk_free_min)),
    setting("audit_body_max", SettingKind::Bytes, "16MiB", "largest body of POST /api/v1/audit as sent")
        .by(|s, v| Ok(s.audit_body_max = saturate(bytes(v)?)), |s| show_bytes(s.audit_body_max as u64)),
    setting("logs_body_max", SettingKind::Bytes, "64MiB", "largest body of POST /api/v1/logs as sent")
        .by(|s, v| Ok(s.logs_body_max = saturate(bytes(v)?)), |s| show_bytes(s.logs_body_max as u64)),
    setting(
        "audit_requests_max",
        SettingKind::Integer,
        "512",
        "audit requests handled at once; they never queue behind telemetry",
    )
    .by(|s, v| Ok(s.audit_requests_max = positive(v)?), |s| s.audit_requests_max.to_string()),
    setting(
        "telemetry_requests_max",
        SettingKind::Integer,
        "16",
        "telemetry requests handled at once; a bounded number more waits",
    )
    .by(|s, v| Ok(s.telemetry_requests_max = positive(v)?), |s| s.telemetry_requests_max.to_string()),
    setting("query_requests_max", SettingKind::Integer, "16", "queries run at once; a bounded number more waits")
        .by(|s, v| Ok(s.query_requests_max = positive(v)?), |s| s.query_requests_max.to_string()),
    setting("stream_requests_max", SettingKind::Integer, "256", "live tails open at once")
        .by(|s, v| Ok(s.stream_requests_max = positive(v)?), |s| s.stream_requests_max.to_string()),
    setting(
        "connections_max",
        SettingKind::Integer,
        "2048",
        "connections open at once; further ones wait to be accepted",
    )
    .by(|s, v| Ok(s.connections_max = positive(v)?), |s| s.connections_max.to_string()),
    setting(
        "request_timeout",
        SettingKind::Duration,
        "60s",
        "longest time from a request's head to the head of its answer",
    )
    .by(|s, v| Ok(s.request_timeout = duration(v)?), |s| show_duration(s.request_timeout)),
    setting(
        "header_timeout",
        SettingKind::Duration,
        "60s",
        "longest wait for the head of a (next) request on a connection",
    )
    .by(|s, v| Ok(s.header_timeout = duration(v)?), |s| show_duration(s.header_timeout)),
    setting("body_idle_timeout", SettingKind::Duration, "20s", "longest wait for the next piece of a request's body")
        .by(|s, v| Ok(s.body_idle_timeout = duration(v)?), |s| show_duration(s.body_idle_timeout)),
    setting(
        "shutdown_timeout",
        SettingKind::Duration,
        "15s",
        "longest time that running requests get to end when the server stops",
    )
    .by(|s, v| Ok(s.shutdown_timeout = duration(v)?), |s| show_duration(s.shutdown_timeout)),
    setting("query_time_max", SettingKind::Duration, "30s", "longest time a query may run")
        .by(|s, v| Ok(s.query_time_max = duration(v)?), |s| show_duration(s.query_time_max)),
    setting("query_rows_max", SettingKind::Integer, "1000000", "most rows a query may answer with")
        .by(|s, v| Ok(s.query_rows_max = positive(v)?), |s| s.query_rows_max.to_string()),
    setting(
        "query_memory",
        SettingKind::Bytes,
        "auto",
        "most memory one query may use; auto: half of the memory limit",
    )
    .by(
        |s, v| Ok(s.query_memory = automatic(v, bytes)?.map(saturate)),
        |s| s.query_memory.map_or("auto".to_owned(), |n| show_bytes(n as u64)),
    ),
    setting("query_parallelism", SettingKind::Integer, "0", "parts a query runs in at once; 0: one per processor")
        .by(|s, v| Ok(s.query_parallelism = integer(v)?), |s| s.query_parallelism.to_string()),
    setting(
        "init_owner_email",
        SettingKind::Text,
        "",
        "e-mail of the first owner, honoured once while the data directory is new",
    )
    .by(|s, v| Ok(s.init_owner_email = text(v)), |s| shown(&s.init_owner_email)),
    setting(
        "init_owner_password",
        SettingKind::Secret,
        "",
        "password of the first owner, honoured once while the data directory is new",
    )
    .by(|s, v| Ok(s.init_owner_password = text(v)), |s| hidden(&s.init_owner_password)),
    setting(
        "init_ingest_key",
        SettingKind::Secret,
        "",
        "ingest key of the default project, honoured once while the data directory is new",
    )
    .by(|s, v| Ok(s.init_ingest_key = text(v)), |s| hidden(&s.init_ingest_key)),
    setting(
        "init_api_key",
        SettingKind::Secret,
        "",
        "API key that may read and administer, honoured once while the data directory is new",
    )
    .by(|s, v| Ok(s.init_api_key = text(v)), |s| hidden(&s.init_api_key)),
];

const fn setting(name: &'static str, kind: SettingKind, default: &'static str, help: &'static str) -> Setting {
    Setting { name, kind, default, help, environment_alias: None, set: |_, _| Ok(()), show: |_| String::new() }
}

impl Setting {
    const fn by(
        mut self,
        set: fn(&mut Settings, &str) -> Result<(), String>,
        show: fn(&Settings) -> String,
    ) -> Setting {
        self.set = set;
        self.show = show;
        self
    }

    const fn alias(mut self, environment: &'static str) -> Setting {
        self.environment_alias = Some(environment);
        self
    }

    pub fn find(name: &str) -> Option<&'static Setting> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }

    /// `--` and the name with dashes, without the leading dashes.
    pub fn flag(&self) -> String {
        self.name.replace('_', "-")
    }

    pub fn environment(&self) -> String {
        format!("WHODUNIT_{}", self.name.to_ascii_uppercase())
    }
}

impl Settings {
    /// Sets one setting from text; the same texts for flags, environment and file.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingError> {
        let Some(setting) = Setting::find(name) else {
            return Err(SettingError::Unknown { name: name.to_owned(), nearest: nearest(name) });
        };
        (setting.set)(self, value.trim()).map_err(|reason| SettingError::Invalid { name: setting.name, reason })
    }

    /// The present value as text; secrets only say whether they are set.
    pub fn show(&self, name: &str) -> Option<String> {
        Setting::find(name).map(|setting| (setting.show)(self))
    }

    /// The memory limit in bytes, asked from the machine when automatic.
    pub fn memory_bytes(&self) -> usize {
        self.memory.unwrap_or_else(|| (machine_memory() / 4).clamp(MEMORY_AUTO_MIN, MEMORY_AUTO_MAX))
    }

    /// The SQLite path or PostgreSQL address of the control plane.
    pub fn control_url(&self) -> String {
        let file = || self.data.join("control.sqlite").display().to_string();
        self.control.clone().unwrap_or_else(file)
    }
}

/// An automatic memory limit is never above this.
pub const MEMORY_AUTO_MAX: usize = 1 << 30;
/// Nor below this, however small the machine.
pub const MEMORY_AUTO_MIN: usize = 64 << 20;

/// Bytes of memory this process may hope for: the machine's, or the control group's if that is less.
fn machine_memory() -> usize {
    let total = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
        line.split_whitespace().nth(1)?.parse::<usize>().ok()?.checked_mul(1024)
    });
    let group = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let group = group.and_then(|text| text.trim().parse::<usize>().ok());
    match (total, group) {
        (Some(total), Some(group)) => total.min(group),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => MEMORY_AUTO_MAX,
    }
}

/// The known name with the fewest edits.
pub fn nearest(name: &str) -> &'static str {
    let distance = |setting: &&Setting| edits(name, setting.name);
    SETTINGS.iter().min_by_key(distance).map_or("", |setting| setting.name)
}

fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

fn filled(value: &str) -> Result<&str, String> {
    if value.is_empty() { Err("is empty".to_owned()) } else { Ok(value) }
}

fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn address(value: &str) -> Result<String, String> {
    let port = value.rsplit_once(':').and_then(|(host, port)| (!host.is_empty()).then(|| port.parse::<u16>().ok()));
    match port.flatten() {
        Some(_) => Ok(value.to_owned()),
        None => Err(format!("{value:?} is no address; write host:port, for example 127.0.0.1:8420")),
    }
}

fn boolean(value: &str) -> Result<bool, String> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(format!("{value:?} is neither true nor false")),
    }
}

fn integer(value: &str) -> Result<usize, String> {
    value.replace('_', "").parse().map_err(|_| format!("{value:?} is no whole number"))
}

fn positive(value: &str) -> Result<usize, String> {
    match integer(value)? {
        0 => Err("must be at least 1".to_owned()),
        number => Ok(number),
    }
}

fn durability(value: &str) -> Result<LogsDurability, String> {
    match value {
        "synced" => Ok(LogsDurability::Synced),
        "buffered" => Ok(LogsDurability::Buffered),
        _ => Err(format!("{value:?} is neither synced nor buffered")),
    }
}

fn networks(value: &str) -> Result<Vec<Network>, String> {
    value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Network::parse).collect()
}

fn automatic<T>(value: &str, parse: fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if value == "auto" { Ok(None) } else { parse(value).map(Some) }
}

fn unless_never<T>(value: &str, parse: fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if matches!(value, "never" | "forever" | "off") { Ok(None) } else { parse(value).map(Some) }
}

const BYTE_UNITS: &[(&str, u64)] = &[
    ("tib", 1 << 40),
    ("gib", 1 << 30),
    ("mib", 1 << 20),
    ("kib", 1 << 10),
    ("tb", 1_000_000_000_000),
    ("gb", 1_000_000_000),
    ("mb", 1_000_000),
    ("kb", 1_000),
    ("b", 1),
];

/// `1048576`, `64MiB`, `1.5GB` as bytes.
pub fn bytes(value: &str) -> Result<u64, String> {
    let lower = value.to_ascii_lowercase();
    let unit = BYTE_UNITS.iter().find_map(|(unit, factor)| lower.strip_suffix(unit).map(|number| (number, *factor)));
    let (number, factor) = unit.unwrap_or((&lower, 1));
    scaled(number, factor).ok_or_else(|| format!("{value:?} is no size; write for example 64MiB or 1.5GB"))
}

const DURATION_UNITS: &[(&str, u64)] = &[
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", DAY * 1_000_000_000),
];

/// `250ms`, `30s`, `15m`, `12h`, `7d` as a duration. A unit is required, so that nobody guesses it.
pub fn duration(value: &str) -> Result<Duration, String> {
    let unit = DURATION_UNITS.iter().find_map(|(unit, nanos)| value.strip_suffix(unit).map(|number| (number, *nanos)));
    let nanos = unit.and_then(|(number, nanos)| scaled(number, nanos));
    nanos.map(Duration::from_nanos).ok_or_else(|| format!("{value:?} is no duration; write for example 30s, 15m or 7d"))
}

fn scaled(number: &str, factor: u64) -> Option<u64> {
    let number = number.trim();
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(factor);
    }
    let scaled = number.parse::<f64>().ok()? * factor as f64;
    (scaled.is_finite() && scaled >= 0.0 && scaled < u64::MAX as f64).then_some(scaled as u64)
}

fn saturate(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// The shortest exact way to write a number of bytes.
pub fn show_bytes(bytes: u64) -> String {
    let fits = |(_, factor): &&(&str, u64)| bytes != 0 && bytes.is_multiple_of(*factor);
    match BYTE_UNITS.iter().take(4).find(fits) {
        Some((unit, factor)) => {
            let capital: String = unit[..1].to_ascii_uppercase();
            format!("{}{capital}iB", bytes / factor)
        }
        None => bytes.to_string(),
    }
}

/// The shortest exact way to write a duration.
pub fn show_duration(duration: Duration) -> String {
    let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    let fits = |(_, factor): &&(&str, u64)| nanos != 0 && nanos.is_multiple_of(*factor);
    match DURATION_UNITS.iter().rev().find(fits) {
        Some(("s", factor)) if *factor == 1_000_000_000 => format!("{}s", nanos / factor),
        Some((unit, factor)) => format!("{}{unit}", nanos / factor),
        None => format!("{}ms", nanos as f64 / 1e6),
    }
}

fn show_durability(durability: LogsDurability) -> String {
    match durability {
        LogsDurability::Synced => "synced".to_owned(),
        LogsDurability::Buffered => "buffered".to_owned(),
    }
}

fn join(networks: &[Network]) -> String {
    networks.iter().map(Network::to_string).collect::<Vec<_>>().join(",")
}

fn shown(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn hidden(value: &Option<String>) -> String {
    if value.is_some() { "(set)".to_owned() } else { String::new() }
}

fn never(value: Option<String>) -> String {
    value.unwrap_or_else(|| "never".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_struct_have_the_same_defaults() {
        let defaults = Settings::default();
        for setting in SETTINGS {
            let mut settings = Settings::default();
            settings.set(setting.name, setting.default).unwrap_or_else(|_| {
                assert_eq!(setting.default, "", "{} refuses its own default", setting.name);
            });
            let shown = |settings: &Settings| settings.show(setting.name).expect("every setting is shown");
            assert_eq!(duration_or_text(&shown(&settings)), duration_or_text(&shown(&defaults)), "{}", setting.name);
            assert_eq!(duration_or_text(setting.default), duration_or_text(&shown(&defaults)), "{}", setting.name);
        }
    }

    fn duration_or_text(value: &str) -> String {
        duration(value).map_or_else(|_| value.to_owned(), |duration| format!("{duration:?}"))
    }

    #[test]
    fn an_unknown_name_hears_the_nearest() {
        let error = Settings::default().set("flush_intervall", "1s").expect_err("no such setting");
        assert_eq!(error, SettingError::Unknown { name: "flush_intervall".to_owned(), nearest: "flush_interval" });
    }

    #[test]
    fn sizes_and_durations_are_read_as_people_write_them() {
        assert_eq!(bytes("64MiB"), Ok(64 << 20));
        assert_eq!(bytes("1.5GB"), Ok(1_500_000_000));
        assert_eq!(bytes("1024"), Ok(1024));
        assert!(bytes("lots").is_err());
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("7d"), Ok(Duration::from_secs(7 * DAY)));
        assert!(duration("7").is_err(), "a unit is required");
        assert_eq!(show_duration(Duration::from_secs(90)), "90s");
        assert_eq!(show_bytes(1 << 30), "1GiB");
    }

    #[test]
    fn secrets_are_never_shown() {
        let mut settings = Settings::default();
        settings.set("init_owner_password", "correct horse").expect("a known setting");
        assert_eq!(settings.show("init_owner_password").as_deref(), Some("(set)"));
    }
}
