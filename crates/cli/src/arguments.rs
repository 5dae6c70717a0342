//! The command tree: what each command takes. Flags of settings are made from the settings' own table, not named here.
//!
//! This file must not know what a command does.

use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgMatches, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use whodunit_server::SETTINGS;

use crate::configuration::{CLIENT_SETTINGS, nearest_of, value_name};
use crate::failure::Failure;

const EXIT_CODES: &str = "Exit codes: 0 done · 1 the command ran and the answer is bad · 2 wrong flags, environment or \
                          file · 3 the server cannot be reached, or another process holds the data directory · 4 \
                          doctor has warnings only";

/// Audit trail and observability in one binary: who did what, when, from where and why.
#[derive(Debug, Parser)]
#[command(name = "whodunit", version, after_help = EXIT_CODES)]
pub struct Whodunit {
    /// Print JSON instead of tables.
    #[arg(long, global = true)]
    pub json: bool,
    /// Read this file of settings instead of whodunit.toml in the working directory.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Action,
}

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Run the server until it is told to stop (SIGTERM or SIGINT).
    Serve,
    /// Ask a question in SQL: over HTTP, or with --data directly on the files of a stopped server.
    Query(Query),
    /// Ask in plain words, such as `who deleted order 17` or `failed logins yesterday`.
    Ask(Ask),
    /// Who sends what: over which protocol, when last heard from, how much, and what was refused.
    Sources(Sources),
    /// Follow new log lines or audit entries as they arrive.
    Tail(Tail),
    /// Users, keys and projects: over HTTP with an API key, or with --data directly on a stopped server's files.
    #[command(subcommand)]
    Admin(Admin),
    /// Look at the disk, the limits, the clock and the running server, and say what to do.
    Doctor(Doctor),
    /// Check every checksum and every leaf of a stopped server's data; exits with 1 and names what is damaged.
    VerifyData,
    /// Read log files into a project: JSON lines, logfmt, access logs, syslog, text; plain, gz or zst. A line that is
    /// there already does not enter again.
    Import(Import),
    /// Copy everything to a directory or a bucket: of a running server, or with --data of a stopped server's files.
    Backup(Backup),
    /// Make a data directory out of a backup, or only check every checksum and every leaf of one.
    Restore(Restore),
    /// Measure this machine with a generated data set.
    Bench(Box<Bench>),
    /// Settings: whether they are right, and where each comes from.
    #[command(subcommand)]
    Config(Config),
}

#[derive(Debug, Args)]
pub struct Query {
    /// The SQL text; `-` reads it from standard input.
    pub sql: String,
    /// Print the answer as the server writes it in this format.
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

#[derive(Debug, Args)]
pub struct Ask {
    /// The question; it needs no quotes.
    #[arg(required = true, num_args = 1..)]
    pub question: Vec<String>,
    /// One project; all applications' if left out, but not Whodunit's own trail.
    #[arg(long, value_name = "SLUG")]
    pub project: Option<String>,
    /// Zone of times in the question and the sentence: UTC, +02:00 or Europe/Berlin. Default: UTC.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
}

#[derive(Debug, Args)]
pub struct Sources {
    /// One project; all that the key reaches if left out.
    #[arg(long, value_name = "SLUG")]
    pub project: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Json,
    Ndjson,
    Csv,
    Arrow,
}

impl Format {
    pub fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Csv => "csv",
            Format::Arrow => "arrow",
        }
    }
}

#[derive(Debug, Args)]
pub struct Tail {
    /// What to follow.
    #[arg(value_enum, default_value = "logs")]
    pub signal: Signal,
    /// Only rows where this column has this value, as `column=value`; may be given again.
    #[arg(long = "filter", value_name = "COLUMN=VALUE")]
    pub filters: Vec<String>,
    /// Only rows with these words.
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,
    /// Stop after this many rows.
    #[arg(long, value_name = "NUMBER")]
    pub rows: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Signal {
    Logs,
    Audit,
}

#[derive(Debug, Args)]
pub struct Doctor {
    /// Only ask the running server for its health, as a container's health check does.
    #[arg(long)]
    pub server: bool,
}

#[derive(Debug, Args)]
pub struct Import {
    /// Files to read; `-` reads standard input to its end.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How lines are written; told from the first lines if left out.
    #[arg(long, value_enum)]
    pub format: Option<LineFormat>,
    /// The project that the lines enter; `default`, or the only one of the key.
    #[arg(long, value_name = "SLUG")]
    pub project: Option<String>,
    /// Service of lines that name none.
    #[arg(long, value_name = "TEXT")]
    pub service: Option<String>,
    /// Environment of lines that name none.
    #[arg(long, value_name = "TEXT")]
    pub environment: Option<String>,
    /// Host of lines that name none.
    #[arg(long, value_name = "TEXT")]
    pub host: Option<String>,
    /// Keeps equal files of several machines apart: the same lines from another source enter again.
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LineFormat {
    Json,
    Logfmt,
    /// nginx and Apache, common or combined.
    Access,
    Syslog,
    Text,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Backup {
    /// A directory (on the server's machine), or s3://bucket/prefix; empty, or with earlier backups of the same data.
    #[arg(long, value_name = "PLACE")]
    pub to: Option<String>,
    /// Remove older backups afterwards until so many are left.
    #[arg(long, value_name = "NUMBER")]
    pub keep: Option<u32>,
    /// Why, for Whodunit's own trail.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    #[command(subcommand)]
    pub action: Option<BackupAction>,
}

#[derive(Debug, Subcommand)]
pub enum BackupAction {
    /// The backups at a place, oldest first.
    List {
        /// A directory, or s3://bucket/prefix.
        #[arg(long, value_name = "PLACE")]
        to: String,
    },
}

#[derive(Debug, Args)]
pub struct Restore {
    /// Where the backups are: a directory, or s3://bucket/prefix.
    #[arg(long, value_name = "PLACE")]
    pub from: String,
    /// Which of them, by its name; the newest if left out.
    #[arg(long, value_name = "NAME")]
    pub at: Option<String>,
    /// Check every checksum and recompute every leaf: of what was restored, or without --data of the backup as it lies.
    #[arg(long)]
    pub verify: bool,
}

#[derive(Debug, Subcommand)]
pub enum Admin {
    /// People who sign in.
    #[command(subcommand)]
    Users(Users),
    /// Keys that applications and programs send with.
    #[command(subcommand)]
    Keys(Keys),
    /// Applications that send data.
    #[command(subcommand)]
    Projects(Projects),
}

#[derive(Debug, Subcommand)]
pub enum Users {
    List,
    Create(UserCreate),
    /// Change a user's name or role, or disable the user.
    Update(UserUpdate),
}

#[derive(Debug, Args)]
pub struct UserCreate {
    #[arg(long)]
    pub email: String,
    #[arg(long)]
    pub name: Option<String>,
    /// owner, admin, member, auditor or viewer.
    #[arg(long)]
    pub role: String,
    /// The password; without it one is made up and printed once.
    #[arg(long)]
    pub password: Option<String>,
}

#[derive(Debug, Args)]
pub struct UserUpdate {
    /// The user's id.
    pub id: String,
    #[arg(long)]
    pub name: Option<String>,
    #[arg(long)]
    pub role: Option<String>,
    /// `true`: may no longer sign in; `false`: may again.
    #[arg(long, value_name = "true|false")]
    pub disabled: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub enum Keys {
    List,
    Create(KeyCreate),
    /// Make a key useless from now on.
    Revoke {
        /// The key's id.
        id: String,
    },
}

#[derive(Debug, Args)]
pub struct KeyCreate {
    #[arg(long)]
    pub name: String,
    /// An ingest key can only send; an API key has scopes.
    #[arg(long, value_enum, default_value = "ingest")]
    pub kind: KeyKind,
    /// The one project of an ingest key, or one that an API key is limited to; may be given again.
    #[arg(long = "project")]
    pub projects: Vec<String>,
    /// For API keys: ingest, read_telemetry, read_audit, release, administer; may be given again.
    #[arg(long = "scope")]
    pub scopes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyKind {
    Ingest,
    Api,
}

#[derive(Debug, Subcommand)]
pub enum Projects {
    List,
    Create {
        /// 1 to 63 of a-z, 0-9 and -.
        #[arg(long)]
        slug: String,
        #[arg(long)]
        name: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Config {
    /// Say whether flags, environment and file are right.
    Check,
    /// Print every setting in force with where it came from.
    Show,
    /// Print the reference of all settings as a Markdown table.
    Reference,
}

#[derive(Clone, Debug, Args)]
pub struct Bench {
    /// Log lines to generate and send, at least 1,000; 0 sends none and asks about those that are there.
    #[arg(long, default_value_t = 2_000_000)]
    pub rows: u64,
    /// Connections that send log lines.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=64))]
    pub connections: u64,
    /// Bytes of a body of log lines.
    #[arg(long, default_value_t = 2 << 20, value_parser = clap::value_parser!(u64).range(1_024..=32 << 20))]
    pub body_bytes: u64,
    /// The same seed makes the same lines.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How log lines are sent, and to whom.
    #[arg(long, value_enum, default_value = "whodunit")]
    pub target: Target,
    /// Process whose CPU and memory are read, when the server was not started by the benchmark.
    #[arg(long)]
    pub pid: Option<u32>,
    /// Directory whose size is the answer to bytes per row, when the server was not started by the benchmark.
    #[arg(long, value_name = "DIR")]
    pub disk: Option<PathBuf>,
    /// Directory for generated bodies and the server's data; removed at the end. Default: the system's.
    #[arg(long, value_name = "DIR")]
    pub scratch: Option<PathBuf>,
    /// Leave the scratch directory in place.
    #[arg(long)]
    pub keep: bool,
    /// Audit entries sent in batches of 100, and again one by one.
    #[arg(long, default_value_t = 100_000)]
    pub audit_entries: u64,
    /// Connections that send audit entries one by one.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=1_024))]
    pub audit_connections: u64,
    /// Seconds of writing 2,000 audit entries a second while asking for them.
    #[arg(long, default_value_t = 10)]
    pub visible_seconds: u64,
    /// Seconds of a steady pace of audit entries, alone and then again in a flood of log lines.
    #[arg(long, default_value_t = 10)]
    pub flood_seconds: u64,
    /// Runs of each question, after 3 to warm up; the median counts.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..))]
    pub repeats: u64,
    /// Captured errors of about 12 KB, with --target sentry.
    #[arg(long, default_value_t = 60_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub events: u64,
    /// Connections that send captured errors, each with one request under way.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u64).range(1..=1_024))]
    pub event_connections: u64,
    /// Captured errors a second, sent at a steady pace whether the server keeps up or not.
    #[arg(long, default_value_t = 3_000, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub event_rate: u64,
    /// Seconds of that pace; 0 leaves it out.
    #[arg(long, default_value_t = 20)]
    pub event_seconds: u64,
    /// Seconds of audit entries and captured errors of one project, alone and then again in a flood of captured errors
    /// of another; 0 leaves it out.
    #[arg(long, default_value_t = 10)]
    pub event_flood_seconds: u64,
    /// Further flags for the server that the benchmark starts, such as --server-flag=--memory=512MiB.
    #[arg(long = "server-flag", value_name = "FLAG", allow_hyphen_values = true)]
    pub server_flags: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// NDJSON to POST /api/v1/logs, then audit entries and questions.
    Whodunit,
    /// JSON as Loki takes it, to our own server or to any Loki push endpoint given as --url; ingest only.
    LokiJson,
    /// Protobuf in snappy as Loki takes it, likewise.
    Loki,
    /// OTLP/HTTP log records as protobuf, to our own server; ingest only.
    Otlp,
    /// Bulk requests as Elasticsearch takes them, likewise.
    Elasticsearch,
    /// RFC 5424 messages over TCP to a server that the benchmark starts; ingest only.
    Syslog,
    /// Captured errors in gzipped envelopes as Sentry's clients send them, to our own server; ingest only.
    Sentry,
}

/// What the command line said.
#[derive(Debug)]
pub struct Parsed {
    pub whodunit: Whodunit,
    /// Setting name and text, of the settings given as flags.
    pub settings: Vec<(&'static str, String)>,
}

/// Parses the arguments, program name first. Help and version are errors of clap's that print and exit with 0.
pub fn parse(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Parsed, Refused> {
    let command = command();
    let matches = command.clone().try_get_matches_from(arguments).map_err(|error| refuse(error, &command))?;
    let whodunit = Whodunit::from_arg_matches(&matches).map_err(Refused::Clap)?;
    Ok(Parsed { whodunit, settings: given_settings(&matches) })
}

/// The arguments were not taken.
#[derive(Debug)]
pub enum Refused {
    /// Told by clap, which also prints help and version this way.
    Clap(clap::Error),
    Unknown(Failure),
}

/// The whole tree, with the settings' flags at every command that reads settings.
pub fn command() -> Command {
    let commands: Vec<String> = Whodunit::command().get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    commands.into_iter().fold(Whodunit::command(), |tree, name| tree.mut_subcommand(name, with_settings))
}

fn with_settings(command: Command) -> Command {
    let children: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = children.into_iter().fold(command, |tree, name| tree.mut_subcommand(name, with_settings));
    // `backup` is a command by itself and has another one below it.
    if command.has_subcommands() && command.get_name() != "backup" {
        return command;
    }
    let shown: &[&str] = match command.get_name() {
        "serve" => return command.args(setting_arguments(|name| !matches!(name, "url" | "ca" | "api_key"))),
        "show" | "check" => return command.args(setting_arguments(|_| true)),
        "doctor" => &["data", "objects", "listen", "memory", "url", "ca", "api_key", "log"],
        "verify-data" => &["data", "objects", "s3_endpoint", "s3_region", "log"],
        "restore" => &["data", "objects", "s3_endpoint", "s3_region", "log"],
        "tail" | "import" => &["url", "ca", "api_key", "log"],
        "bench" => &["url", "api_key", "log"],
        _ => &["data", "objects", "s3_endpoint", "s3_region", "url", "ca", "api_key", "log"],
    };
    command.args(setting_arguments(|name| shown.contains(&name)))
}

fn setting_arguments(shown: impl Fn(&str) -> bool) -> Vec<Arg> {
    let server = SETTINGS.iter().map(|setting| (setting.name, value_name(setting), setting.default, setting.help));
    let client = CLIENT_SETTINGS.iter().map(|setting| (setting.name, "TEXT", setting.default, setting.help));
    let argument = |(name, value, default, help): (&'static str, &'static str, &str, &str)| {
        let default = if default.is_empty() { String::new() } else { format!(" [default: {default}]") };
        Arg::new(name)
            .long(name.replace('_', "-"))
            .value_name(value)
            .help(format!("{help}{default}"))
            .help_heading("Settings")
            .allow_hyphen_values(true)
            .hide(!shown(name))
    };
    server.chain(client).map(argument).collect()
}

/// The settings among the matches of the command that was chosen.
fn given_settings(matches: &ArgMatches) -> Vec<(&'static str, String)> {
    let mut chosen = matches;
    while let Some((_, inner)) = chosen.subcommand() {
        chosen = inner;
    }
    let names = SETTINGS.iter().map(|setting| setting.name).chain(CLIENT_SETTINGS.iter().map(|setting| setting.name));
    let given = |name| Some((name, chosen.try_get_one::<String>(name).ok().flatten()?.clone()));
    names.filter_map(given).collect()
}

/// An unknown flag names the nearest one; everything else is told by clap.
fn refuse(error: clap::Error, tree: &Command) -> Refused {
    let unknown = match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::UnknownArgument, Some(ContextValue::String(argument))) => argument.clone(),
        _ => return Refused::Clap(error),
    };
    let Some(name) = unknown.strip_prefix("--") else { return Refused::Clap(error) };
    let mut flags = Vec::new();
    collect_flags(tree, &mut flags);
    let name = name.split('=').next().unwrap_or(name);
    let near = nearest_of(name, flags.iter().map(String::as_str)).unwrap_or("help");
    Refused::Unknown(Failure::Usage(format!("no flag is called --{name}; did you mean --{near}?")))
}

fn collect_flags(command: &Command, flags: &mut Vec<String>) {
    flags.extend(command.get_arguments().filter_map(|argument| argument.get_long().map(str::to_owned)));
    for inner in command.get_subcommands() {
        collect_flags(inner, flags);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Parsed, Refused> {
        parse(line.split_whitespace().map(Into::into))
    }

    #[test]
    fn the_tree_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn settings_are_flags_of_every_command() {
        let serve = parsed("whodunit serve --data d --flush-bytes 1MiB").expect("serve");
        assert_eq!(serve.settings, [("data", "d".to_owned()), ("flush_bytes", "1MiB".to_owned())]);
        let admin = parsed("whodunit admin users list --api-key k --json").expect("admin");
        assert_eq!(admin.settings, [("api_key", "k".to_owned())]);
        assert!(admin.whodunit.json);
    }

    #[test]
    fn an_unknown_flag_names_the_nearest() {
        let Err(Refused::Unknown(failure)) = parsed("whodunit serve --flush-byte=3") else { panic!("taken") };
        assert_eq!(failure.to_string(), "no flag is called --flush-byte; did you mean --flush-bytes?");
    }
}
