//! Where every setting came from: flags over `WHODUNIT_*` over `whodunit.toml`, the same names in all three.
//!
//! The server's settings are the table [`SETTINGS`]; the few of the command line itself stand in [`CLIENT_SETTINGS`].
//! A key that is in neither is an error that names the nearest one. This file must not know what a setting does.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use whodunit_server::{SETTINGS, Setting, SettingKind, Settings};

use crate::failure::Failure;

/// The file that is read from the working directory when it is there.
pub const FILE_NAME: &str = "whodunit.toml";
/// Names another file; the flag is `--config`.
pub const FILE_ENVIRONMENT: &str = "WHODUNIT_CONFIG";
const PREFIX: &str = "WHODUNIT_";

/// A setting of the command line itself.
pub struct ClientSetting {
    pub name: &'static str,
    pub default: &'static str,
    pub help: &'static str,
    pub secrecy: Secrecy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    Shown,
    /// `config show` only says whether it is set.
    Hidden,
}

pub const CLIENT_SETTINGS: &[ClientSetting] = &[
    ClientSetting {
        name: "url",
        default: "",
        help: "address of the server that the commands talk to; empty: the one of listen",
        secrecy: Secrecy::Shown,
    },
    ClientSetting {
        name: "ca",
        default: "",
        help: "file with the authorities (PEM) that an https url's certificate is checked against; empty: the machine's",
        secrecy: Secrecy::Shown,
    },
    ClientSetting { name: "api_key", default: "", help: "key that the commands send", secrecy: Secrecy::Hidden },
    ClientSetting {
        name: "log",
        default: "info",
        help: "what the process logs about itself to standard error: a level, or target=level,…",
        secrecy: Secrecy::Shown,
    },
];

/// Where a value came from. Later variants win over earlier ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Default,
    File(PathBuf),
    Environment(String),
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(path) => write!(f, "file {}", path.display()),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::Flag(flag) => write!(f, "flag {flag}"),
        }
    }
}

/// One text given for one setting.
#[derive(Clone, Debug)]
struct Given {
    name: &'static str,
    value: String,
    origin: Origin,
}

/// What the three sources hold, before they are judged.
#[derive(Debug, Default)]
pub struct Sources {
    /// Setting name and text, from the command line.
    pub flags: Vec<(&'static str, String)>,
    /// All of the environment.
    pub environment: Vec<(String, String)>,
    /// Path and content of the file, if there is one.
    pub file: Option<(PathBuf, String)>,
}

/// The settings in force, and where each came from.
#[derive(Debug)]
pub struct Configuration {
    pub settings: Settings,
    client: BTreeMap<&'static str, String>,
    origins: BTreeMap<&'static str, Origin>,
}

/// One line of `config show`.
#[derive(Debug, PartialEq, Eq)]
pub struct Effective {
    pub name: &'static str,
    pub value: String,
    pub origin: Origin,
}

impl Sources {
    /// The process's environment, and the file that `--config`, `WHODUNIT_CONFIG` or the working directory names.
    pub fn of_process(flags: Vec<(&'static str, String)>, file: Option<PathBuf>) -> Result<Sources, Failure> {
        let environment: Vec<_> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
            .collect();
        let from_environment = || environment.iter().find(|(name, _)| name == FILE_ENVIRONMENT);
        let named = file.or_else(|| from_environment().map(|(_, path)| PathBuf::from(path)));
        let file = match named {
            Some(path) => {
                let text = read_file(&path)?;
                Some((path, text))
            }
            None if Path::new(FILE_NAME).exists() => Some((PathBuf::from(FILE_NAME), read_file(Path::new(FILE_NAME))?)),
            None => None,
        };
        Ok(Sources { flags, environment, file })
    }
}

fn read_file(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::Usage(format!("config file {}: {error}", path.display())))
}

impl Configuration {
    /// Judges all sources at once: either every key and value is good, or the failure lists all that are not.
    pub fn resolve(sources: Sources) -> Result<Configuration, Failure> {
        let mut given = Vec::new();
        let mut problems = Vec::new();
        if let Some((path, text)) = &sources.file {
            from_file(path, text, &mut given, &mut problems);
        }
        from_environment(&sources.environment, &mut given, &mut problems);
        given.extend(sources.flags.into_iter().map(|(name, value)| Given {
            name,
            value,
            origin: Origin::Flag(flag(name)),
        }));

        let mut configuration = Configuration::default();
        for one in given {
            if let Err(reason) = configuration.set(&one) {
                problems.push(format!("{}: {reason}", one.origin));
            }
        }
        if problems.is_empty() { Ok(configuration) } else { Err(Failure::Usage(problems.join("\n"))) }
    }

    fn default() -> Configuration {
        let client = CLIENT_SETTINGS.iter().map(|setting| (setting.name, setting.default.to_owned())).collect();
        Configuration { settings: Settings::default(), client, origins: BTreeMap::new() }
    }

    fn set(&mut self, given: &Given) -> Result<(), String> {
        match self.client.get_mut(given.name) {
            Some(slot) => *slot = given.value.clone(),
            None => self.settings.set(given.name, &given.value).map_err(|error| error.to_string())?,
        }
        self.origins.insert(given.name, given.origin.clone());
        Ok(())
    }

    /// Where the value of `name` came from.
    pub fn origin(&self, name: &str) -> Origin {
        self.origins.get(name).cloned().unwrap_or(Origin::Default)
    }

    /// The address of the server to talk to.
    pub fn url(&self) -> String {
        let url = &self.client["url"];
        if !url.is_empty() {
            return url.clone();
        }
        let listen = self.settings.listen.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:");
        let scheme = if self.settings.encrypts() { "https" } else { "http" };
        format!("{scheme}://{listen}")
    }

    /// The file of authorities, if one is set.
    pub fn ca(&self) -> Option<&Path> {
        Some(Path::new(self.client["ca"].as_str())).filter(|path| !path.as_os_str().is_empty())
    }

    pub fn api_key(&self) -> Option<String> {
        Some(self.client["api_key"].clone()).filter(|key| !key.is_empty())
    }

    pub fn log(&self) -> &str {
        &self.client["log"]
    }

    /// Every setting in force, in the order of the reference.
    pub fn effective(&self) -> Vec<Effective> {
        let server =
            SETTINGS.iter().map(|setting| (setting.name, self.settings.show(setting.name).unwrap_or_default()));
        let client = CLIENT_SETTINGS.iter().map(|setting| {
            let value = &self.client[setting.name];
            let hidden = setting.secrecy == Secrecy::Hidden && !value.is_empty();
            (setting.name, if hidden { "(set)".to_owned() } else { value.clone() })
        });
        server.chain(client).map(|(name, value)| Effective { name, value, origin: self.origin(name) }).collect()
    }
}

fn from_file(path: &Path, text: &str, given: &mut Vec<Given>, problems: &mut Vec<String>) {
    let origin = Origin::File(path.to_owned());
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => return problems.push(format!("{origin}: {}", error.to_string().trim_end().replace('\n', " "))),
    };
    for (key, value) in table {
        let Some(name) = known(&key) else {
            problems.push(format!("{origin}: no key is called {key:?}; did you mean {:?}?", nearest(&key)));
            continue;
        };
        match file_text(&value) {
            Some(value) => given.push(Given { name, value, origin: origin.clone() }),
            None => problems.push(format!("{origin}: {name} is a {}, expected one value or a list", value.type_str())),
        }
    }
}

/// A value of the file as the text that a flag would carry.
fn file_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) => Some(value.to_string()),
        toml::Value::Array(parts) => Some(parts.iter().map(file_text).collect::<Option<Vec<_>>>()?.join(",")),
        toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}

fn from_environment(environment: &[(String, String)], given: &mut Vec<Given>, problems: &mut Vec<String>) {
    let alias = |variable: &str| SETTINGS.iter().find(|setting| setting.environment_alias == Some(variable));
    // Aliases first, so that the name with the prefix wins over them.
    for (variable, value) in environment {
        if let Some(setting) = alias(variable) {
            given.push(Given {
                name: setting.name,
                value: value.clone(),
                origin: Origin::Environment(variable.clone()),
            });
        }
    }
    for (variable, value) in environment {
        let Some(rest) = variable.strip_prefix(PREFIX) else { continue };
        if variable == FILE_ENVIRONMENT {
            continue;
        }
        match known(&rest.to_ascii_lowercase()).filter(|name| *variable == environment_name(name)) {
            Some(name) => {
                given.push(Given { name, value: value.clone(), origin: Origin::Environment(variable.clone()) });
            }
            None => {
                let near = environment_name(nearest(&rest.to_ascii_lowercase()));
                problems.push(format!("no environment variable is called {variable}; did you mean {near}?"));
            }
        }
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().map(|setting| setting.name).chain(CLIENT_SETTINGS.iter().map(|setting| setting.name))
}

fn known(key: &str) -> Option<&'static str> {
    names().find(|name| *name == key)
}

/// The known key with the fewest edits.
pub fn nearest(key: &str) -> &'static str {
    nearest_of(key, names()).unwrap_or("data")
}

/// Of `names`, the one with the fewest edits to `key`.
pub fn nearest_of<'a>(key: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names.min_by_key(|name| whodunit_server::settings::edits(key, name))
}

/// `--flush-bytes` for `flush_bytes`.
pub fn flag(name: &str) -> String {
    format!("--{}", name.replace('_', "-"))
}

/// `WHODUNIT_FLUSH_BYTES` for `flush_bytes`.
pub fn environment_name(name: &str) -> String {
    format!("{PREFIX}{}", name.to_ascii_uppercase())
}

/// What a setting's value looks like, for `--help`.
pub fn value_name(setting: &Setting) -> &'static str {
    match setting.kind {
        SettingKind::Text => "TEXT",
        SettingKind::Secret => "SECRET",
        SettingKind::Path => "PATH",
        SettingKind::Address => "HOST:PORT",
        SettingKind::Bytes => "BYTES",
        SettingKind::Duration => "DURATION",
        SettingKind::Integer => "NUMBER",
        SettingKind::Boolean => "true|false",
        SettingKind::Choice(_) => "CHOICE",
        SettingKind::List => "LIST",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(flags: &[(&'static str, &str)], environment: &[(&str, &str)], file: Option<&str>) -> Sources {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Sources {
            flags: flags.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
            environment: environment.iter().map(pair).collect(),
            file: file.map(|text| (PathBuf::from("w.toml"), text.to_owned())),
        }
    }

    fn problem(sources: Sources) -> String {
        Configuration::resolve(sources).expect_err("a problem").to_string()
    }

    #[test]
    fn flags_win_over_environment_over_file() {
        let file = "data = \"from-file\"\nlisten = \"127.0.0.1:1\"\nflush_bytes = 1024\nquery_rows_max = 5\n";
        let environment = [("WHODUNIT_DATA", "from-env"), ("WHODUNIT_LISTEN", "127.0.0.1:2"), ("HOME", "/")];
        let resolved = Configuration::resolve(sources(&[("data", "from-flag")], &environment, Some(file)));
        let configuration = resolved.expect("all good");
        assert_eq!(configuration.settings.data, PathBuf::from("from-flag"));
        assert_eq!(configuration.settings.listen, "127.0.0.1:2");
        assert_eq!(configuration.settings.flush_bytes, 1024);
        assert_eq!(configuration.origin("data").to_string(), "flag --data");
        assert_eq!(configuration.origin("listen").to_string(), "environment WHODUNIT_LISTEN");
        assert_eq!(configuration.origin("flush_bytes").to_string(), "file w.toml");
        assert_eq!(configuration.origin("memory").to_string(), "default");
        assert_eq!(configuration.url(), "http://127.0.0.1:2");
    }

    #[test]
    fn an_unknown_key_names_the_nearest_wherever_it_stands() {
        let cases = [
            (sources(&[], &[("WHODUNIT_LISTN", "x")], None), "did you mean WHODUNIT_LISTEN?"),
            (sources(&[], &[("WHODUNIT_data", "x")], None), "did you mean WHODUNIT_DATA?"),
            (
                sources(&[], &[], Some("flush_byte = 1")),
                "no key is called \"flush_byte\"; did you mean \"flush_bytes\"?",
            ),
            (sources(&[], &[], Some("[data]\nx = 1")), "data is a table"),
        ];
        for (given, expected) in cases {
            let text = problem(given);
            assert!(text.contains(expected), "{text}");
        }
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let text = problem(sources(&[], &[("WHODUNIT_MEMRY", "1"), ("WHODUNIT_LISTEN", "nowhere")], Some("dta = 1")));
        assert_eq!(text.lines().count(), 3, "{text}");
    }

    #[test]
    fn the_alias_is_honoured_and_the_full_name_wins_over_it() {
        let alone = Configuration::resolve(sources(&[], &[("ENABLE_AUDIT_LOGGING", "false")], None)).expect("good");
        assert_eq!(alone.settings.enable_audit_logging, Some(false));
        assert_eq!(alone.origin("enable_audit_logging").to_string(), "environment ENABLE_AUDIT_LOGGING");
        let both = [("WHODUNIT_ENABLE_AUDIT_LOGGING", "true"), ("ENABLE_AUDIT_LOGGING", "false")];
        let both = Configuration::resolve(sources(&[], &both, None)).expect("good");
        assert_eq!(both.settings.enable_audit_logging, Some(true));
    }

    #[test]
    fn secrets_are_never_shown() {
        let configuration = Configuration::resolve(sources(
            &[("api_key", "wd_api_secret"), ("init_owner_password", "correct horse")],
            &[],
            None,
        ))
        .expect("good");
        for line in configuration.effective() {
            assert!(!line.value.contains("secret") && !line.value.contains("horse"), "{line:?}");
        }
        assert_eq!(configuration.api_key().as_deref(), Some("wd_api_secret"));
    }
}
