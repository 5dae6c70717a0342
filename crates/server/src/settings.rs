//! Every setting of the server: one table of name, kind, default, help, and how to set and show it.
//!
//! The command line builds its flags (`--memory`), environment names (`WHODUNIT_MEMORY`) and file keys (`memory`)
//! from [`SETTINGS`]; nobody else names a setting. Texts are parsed here, at the door; past it they are values.
//! This file must not know where a text came from.

mod objects;
mod text;

use std::path::PathBuf;
use std::time::Duration;

use whodunit_model::Project;

use crate::proxy::{ForwardedHeader, Network, Trust};

pub use objects::{Bucket, Elsewhere};
use objects::{bucket, elsewhere, endpoint};
use text::{
    DAY, address, automatic, bytes, durability, duration, filled, forwarded_header, hidden, integer, join, networks,
    never, path, positive, project, saturate, show_bytes, show_durability, show_duration, show_forwarded_header,
    show_when_full, shown, shown_path, stored_or, text, unless_empty, unless_never, when_full,
};

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

/// What happens to telemetry when the disk has no more room than is to be kept free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenFull {
    Refuse,
    Evict,
}

/// The settings of one server, parsed. See [`SETTINGS`] for what each means.
#[derive(Clone, Debug)]
pub struct Settings {
    pub data: PathBuf,
    /// `None`: in the data directory.
    pub objects: Option<Bucket>,
    /// `None`: Amazon's own.
    pub s3_endpoint: Option<String>,
    pub s3_region: String,
    pub listen: String,
    /// PEM: the certificate and those between it and the root. Both or none.
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    /// `None`: no SQL over the PostgreSQL wire.
    pub pg_listen: Option<String>,
    pub pg_connections_max: usize,
    /// `None`: no syslog.
    pub syslog_listen: Option<String>,
    /// `None`: no syslog over TLS.
    pub syslog_tls_listen: Option<String>,
    pub syslog_project: Project,
    pub public_url: Option<String>,
    pub control: Option<String>,
    /// `None`: as it was left. Anything else is recorded when it differs.
    pub enable_audit_logging: Option<bool>,
    /// `None`: the smaller of 1 GiB and a quarter of the machine's memory.
    pub memory: Option<usize>,
    pub trusted_proxies: Vec<Network>,
    pub forwarded_header: ForwardedHeader,
    pub logs_durability: LogsDurability,
    pub flush_bytes: usize,
    pub flush_interval: Duration,
    pub buffered_sync_interval: Duration,
    pub intent_timeout: Duration,
    pub segment_attributes_max: usize,
    pub warm_after: Duration,
    pub cold_after: Option<Duration>,
    pub cold_location: Option<Elsewhere>,
    /// `None`: kept for ever.
    pub retention_audit: Option<Duration>,
    pub retention_logs: Option<Duration>,
    /// `None`: no ceiling by size.
    pub retention_logs_bytes: Option<u64>,
    /// `None`: the smaller of 5 % of the disk and 1 GiB.
    pub disk_free_min: Option<u64>,
    pub disk_full: WhenFull,
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
    pub query_time: Duration,
    pub query_time_max: Duration,
    pub query_rows: usize,
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
            objects: None,
            s3_endpoint: None,
            s3_region: "us-east-1".to_owned(),
            listen: "127.0.0.1:8420".to_owned(),
            tls_cert: None,
            tls_key: None,
            pg_listen: None,
            pg_connections_max: 100,
            syslog_listen: None,
            syslog_tls_listen: None,
            syslog_project: Project::default_project(),
            public_url: None,
            control: None,
            enable_audit_logging: None,
            memory: None,
            trusted_proxies: Vec::new(),
            forwarded_header: ForwardedHeader::XForwardedFor,
            logs_durability: LogsDurability::Synced,
            flush_bytes: 64 << 20,
            flush_interval: Duration::from_secs(30),
            buffered_sync_interval: Duration::from_millis(200),
            intent_timeout: Duration::from_secs(15 * 60),
            segment_attributes_max: 512,
            warm_after: Duration::from_secs(2 * DAY),
            cold_after: None,
            cold_location: None,
            retention_audit: None,
            retention_logs: None,
            retention_logs_bytes: None,
            disk_free_min: None,
            disk_full: WhenFull::Refuse,
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
            query_time: Duration::from_secs(30),
            query_time_max: Duration::from_secs(300),
            query_rows: 10_000,
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

#[allow(clippy::unit_arg, reason = "an assignment per row reads better than a block per row")]
/// All of them, in the order in which `--help` and the reference list them.
pub const SETTINGS: &[Setting] = &[
    setting("data", SettingKind::Path, "whodunit-data", "directory of all data; made when absent")
        .by(|s, v| Ok(s.data = PathBuf::from(filled(v)?)), |s| s.data.display().to_string()),
    setting(
        "objects",
        SettingKind::Text,
        "",
        "where segments and manifest are kept: s3://bucket/prefix; empty: in the data directory",
    )
    .by(|s, v| Ok(s.objects = bucket(v)?), |s| s.objects.as_ref().map(Bucket::to_string).unwrap_or_default()),
    setting("s3_endpoint", SettingKind::Text, "", "URL of the S3 endpoint; empty: Amazon's of the region")
        .by(|s, v| Ok(s.s3_endpoint = endpoint(v)?), |s| shown(&s.s3_endpoint)),
    setting("s3_region", SettingKind::Text, "us-east-1", "region that requests to S3 are signed for")
        .by(|s, v| Ok(s.s3_region = filled(v)?.to_owned()), |s| s.s3_region.clone()),
    setting("listen", SettingKind::Address, "127.0.0.1:8420", "address and port to serve HTTP on")
        .by(|s, v| Ok(s.listen = address(v)?), |s| s.listen.clone()),
    setting(
        "tls_cert",
        SettingKind::Path,
        "",
        "PEM file of the certificate chain; with tls_key, listeners speak TLS. Changed files are taken up as they are",
    )
    .by(|s, v| Ok(s.tls_cert = path(v)), |s| shown_path(&s.tls_cert)),
    setting("tls_key", SettingKind::Path, "", "PEM file of the private key that belongs to tls_cert")
        .by(|s, v| Ok(s.tls_key = path(v)), |s| shown_path(&s.tls_key)),
    setting(
        "pg_listen",
        SettingKind::Address,
        "",
        "address and port to answer SQL over the PostgreSQL wire on, for example 127.0.0.1:5433; empty: not at all",
    )
    .by(|s, v| Ok(s.pg_listen = unless_empty(v, address)?), |s| shown(&s.pg_listen)),
    setting(
        "pg_connections_max",
        SettingKind::Integer,
        "100",
        "connections over the PostgreSQL wire at once; further ones are refused with SQLSTATE 53300",
    )
    .by(|s, v| Ok(s.pg_connections_max = positive(v)?), |s| s.pg_connections_max.to_string()),
    setting("syslog_listen", SettingKind::Address, "", "address and port to take syslog on, UDP and TCP; empty: none")
        .by(|s, v| Ok(s.syslog_listen = unless_empty(v, address)?), |s| shown(&s.syslog_listen)),
    setting(
        "syslog_tls_listen",
        SettingKind::Address,
        "",
        "address and port to take syslog over TLS on; needs tls_cert and tls_key; empty: none",
    )
    .by(|s, v| Ok(s.syslog_tls_listen = unless_empty(v, address)?), |s| shown(&s.syslog_tls_listen)),
    setting("syslog_project", SettingKind::Text, "default", "project that syslog messages go to")
        .by(|s, v| Ok(s.syslog_project = project(v)?), |s| s.syslog_project.to_string()),
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
        SettingKind::Choice(&["stored", "true", "false"]),
        "stored",
        "false refuses applications' audit entries, true takes them again, each recorded; stored: as it was left",
    )
    .alias("ENABLE_AUDIT_LOGGING")
    .by(
        |s, v| Ok(s.enable_audit_logging = stored_or(v)?),
        |s| s.enable_audit_logging.map_or("stored".to_owned(), |on| on.to_string()),
    ),
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
        "networks (CIDR) of proxies that are believed when they say whom they speak for",
    )
    .by(|s, v| Ok(s.trusted_proxies = networks(v)?), |s| join(&s.trusted_proxies)),
    setting(
        "forwarded_header",
        SettingKind::Choice(&["x-forwarded-for", "forwarded"]),
        "x-forwarded-for",
        "the header that the trusted proxies write; the other one is ignored",
    )
    .by(|s, v| Ok(s.forwarded_header = forwarded_header(v)?), |s| show_forwarded_header(s.forwarded_header)),
    setting(
        "logs_durability",
        SettingKind::Choice(&["synced", "buffered"]),
        "synced",
        "whether log lines are on disk before the answer; audit entries always are",
    )
    .by(|s, v| Ok(s.logs_durability = durability(v)?), |s| show_durability(s.logs_durability)),
    setting("flush_bytes", SettingKind::Bytes, "64MiB", "bytes a lane may buffer before it is written as segments")
        .by(|s, v| Ok(s.flush_bytes = saturate(bytes(v)?)), |s| show_bytes(s.flush_bytes as u64)),
    setting("flush_interval", SettingKind::Duration, "30s", "longest time a row waits in the buffer for its segment")
        .by(|s, v| Ok(s.flush_interval = duration(v)?), |s| show_duration(s.flush_interval)),
    setting(
        "buffered_sync_interval",
        SettingKind::Duration,
        "200ms",
        "longest time until buffered log lines are on disk",
    )
    .by(|s, v| Ok(s.buffered_sync_interval = duration(v)?), |s| show_duration(s.buffered_sync_interval)),
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
        "where the cold tier is kept: an absolute path, or s3://bucket/prefix; empty: with the other segments",
    )
    .by(
        |s, v| Ok(s.cold_location = elsewhere(v)?),
        |s| s.cold_location.as_ref().map(Elsewhere::to_string).unwrap_or_default(),
    ),
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
        "never",
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
        "auto",
        "free disk space to keep; auto: 5 % of the disk, at most 1GiB. Audit entries may use the last half of it",
    )
    .by(|s, v| Ok(s.disk_free_min = automatic(v, bytes)?), |s| s.disk_free_min.map_or("auto".to_owned(), show_bytes)),
    setting(
        "disk_full",
        SettingKind::Choice(&["refuse", "evict"]),
        "refuse",
        "what happens to telemetry when disk_free_min is reached: new rows are refused, or the oldest are dropped",
    )
    .by(|s, v| Ok(s.disk_full = when_full(v)?), |s| show_when_full(s.disk_full)),
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
        "telemetry requests handled at once, and sixteen times as many small ones; a bounded number more waits",
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
    setting("query_time", SettingKind::Duration, "30s", "longest time a query runs that does not say timeout_ms")
        .by(|s, v| Ok(s.query_time = duration(v)?), |s| show_duration(s.query_time)),
    setting("query_time_max", SettingKind::Duration, "5m", "the most that timeout_ms may ask for")
        .by(|s, v| Ok(s.query_time_max = duration(v)?), |s| show_duration(s.query_time_max)),
    setting("query_rows", SettingKind::Integer, "10000", "rows of an answer to SQL that does not say rows_max")
        .by(|s, v| Ok(s.query_rows = positive(v)?), |s| s.query_rows.to_string()),
    setting("query_rows_max", SettingKind::Integer, "1000000", "the most that rows_max may ask for")
        .by(|s, v| Ok(s.query_rows_max = positive(v)?), |s| s.query_rows_max.to_string()),
    setting(
        "query_memory",
        SettingKind::Bytes,
        "auto",
        "most memory one query may use; auto: a quarter of the memory limit, at most 256MiB",
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

    /// Whether listeners speak TLS.
    pub fn encrypts(&self) -> bool {
        self.tls_cert.is_some()
    }

    /// The memory limit in bytes, asked from the machine when automatic.
    pub fn memory_bytes(&self) -> usize {
        self.memory.unwrap_or_else(|| (machine_memory() / 4).clamp(MEMORY_AUTO_MIN, MEMORY_AUTO_MAX))
    }

    /// Whom to believe about where a request came from.
    pub(crate) fn trust(&self) -> Trust<'_> {
        Trust { networks: &self.trusted_proxies, header: self.forwarded_header }
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

pub fn edits(a: &str, b: &str) -> usize {
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
