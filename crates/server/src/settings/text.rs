//! Texts of settings to values and back. Parsing happens here and only here.

use std::path::PathBuf;
use std::time::Duration;

use super::{LogsDurability, WhenFull};
use whodunit_model::Project;

use crate::proxy::{ForwardedHeader, Network};

/// Seconds of a day.
pub const DAY: u64 = 24 * 60 * 60;

pub fn filled(value: &str) -> Result<&str, String> {
    if value.is_empty() { Err("is empty".to_owned()) } else { Ok(value) }
}

pub fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

pub fn path(value: &str) -> Option<PathBuf> {
    text(value).map(PathBuf::from)
}

pub fn shown_path(path: &Option<PathBuf>) -> String {
    path.as_ref().map_or(String::new(), |path| path.display().to_string())
}

pub fn unless_empty<T>(value: &str, parse: fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if value.is_empty() { Ok(None) } else { parse(value).map(Some) }
}

pub fn address(value: &str) -> Result<String, String> {
    let port = value.rsplit_once(':').and_then(|(host, port)| (!host.is_empty()).then(|| port.parse::<u16>().ok()));
    match port.flatten() {
        Some(_) => Ok(value.to_owned()),
        None => Err(format!("{value:?} is no address; write host:port, for example 127.0.0.1:8420")),
    }
}

pub fn boolean(value: &str) -> Result<bool, String> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(format!("{value:?} is neither true nor false")),
    }
}

pub fn stored_or(value: &str) -> Result<Option<bool>, String> {
    if value == "stored" { Ok(None) } else { boolean(value).map(Some) }
}

pub fn integer(value: &str) -> Result<usize, String> {
    value.replace('_', "").parse().map_err(|_| format!("{value:?} is no whole number"))
}

pub fn positive(value: &str) -> Result<usize, String> {
    match integer(value)? {
        0 => Err("must be at least 1".to_owned()),
        number => Ok(number),
    }
}

pub fn durability(value: &str) -> Result<LogsDurability, String> {
    match value {
        "synced" => Ok(LogsDurability::Synced),
        "buffered" => Ok(LogsDurability::Buffered),
        _ => Err(format!("{value:?} is neither synced nor buffered")),
    }
}

pub fn when_full(value: &str) -> Result<WhenFull, String> {
    match value {
        "refuse" => Ok(WhenFull::Refuse),
        "evict" => Ok(WhenFull::Evict),
        _ => Err(format!("{value:?} is neither refuse nor evict")),
    }
}

pub fn show_when_full(when_full: WhenFull) -> String {
    match when_full {
        WhenFull::Refuse => "refuse".to_owned(),
        WhenFull::Evict => "evict".to_owned(),
    }
}

pub fn forwarded_header(value: &str) -> Result<ForwardedHeader, String> {
    match value.to_ascii_lowercase().as_str() {
        "x-forwarded-for" => Ok(ForwardedHeader::XForwardedFor),
        "forwarded" => Ok(ForwardedHeader::Forwarded),
        _ => Err(format!("{value:?} is neither x-forwarded-for nor forwarded")),
    }
}

pub fn show_forwarded_header(header: ForwardedHeader) -> String {
    match header {
        ForwardedHeader::XForwardedFor => "x-forwarded-for".to_owned(),
        ForwardedHeader::Forwarded => "forwarded".to_owned(),
    }
}

pub fn networks(value: &str) -> Result<Vec<Network>, String> {
    value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Network::parse).collect()
}

pub fn automatic<T>(value: &str, parse: fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if value == "auto" { Ok(None) } else { parse(value).map(Some) }
}

pub fn unless_never<T>(value: &str, parse: fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if matches!(value, "never" | "forever" | "off") { Ok(None) } else { parse(value).map(Some) }
}

pub fn project(value: &str) -> Result<Project, String> {
    match Project::parse(value) {
        Ok(project) if project.as_str() == Project::WHODUNIT => {
            Err("only Whodunit itself writes into the project whodunit".to_owned())
        }
        Ok(project) => Ok(project),
        Err(error) => Err(error.to_string()),
    }
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

pub fn scaled(number: &str, factor: u64) -> Option<u64> {
    let number = number.trim();
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(factor);
    }
    let scaled = number.parse::<f64>().ok()? * factor as f64;
    (scaled.is_finite() && scaled >= 0.0 && scaled < u64::MAX as f64).then_some(scaled as u64)
}

pub fn saturate(bytes: u64) -> usize {
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

pub fn show_durability(durability: LogsDurability) -> String {
    match durability {
        LogsDurability::Synced => "synced".to_owned(),
        LogsDurability::Buffered => "buffered".to_owned(),
    }
}

pub fn join(networks: &[Network]) -> String {
    networks.iter().map(Network::to_string).collect::<Vec<_>>().join(",")
}

pub fn shown(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

pub fn hidden(value: &Option<String>) -> String {
    if value.is_some() { "(set)".to_owned() } else { String::new() }
}

pub fn never(value: Option<String>) -> String {
    value.unwrap_or_else(|| "never".to_owned())
}
