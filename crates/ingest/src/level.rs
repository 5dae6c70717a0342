//! Words and numbers for how bad something is, mapped onto the levels of logs and the severities of audit entries.

/// OpenTelemetry's severity ranges, which are also the levels of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level {
    pub name: &'static str,
    /// OpenTelemetry's severity number, 1 to 24.
    pub number: i64,
}

const fn level(name: &'static str, number: i64) -> Level {
    Level { name, number }
}

const TRACE: Level = level("TRACE", 1);
const DEBUG: Level = level("DEBUG", 5);
const INFO: Level = level("INFO", 9);
const NOTICE: Level = level("INFO", 10);
const WARN: Level = level("WARN", 13);
const ERROR: Level = level("ERROR", 17);
const CRITICAL: Level = level("FATAL", 21);
const ALERT: Level = level("FATAL", 22);
const EMERGENCY: Level = level("FATAL", 23);

/// How a number for a level is meant; the field it came in tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// 0 emergency to 7 debug (RFC 5424), as in journald's `PRIORITY`.
    Syslog,
    /// 1 to 24.
    OpenTelemetry,
    /// 10 trace to 60 fatal, as pino and bunyan write `level`.
    Tens,
    /// 10 debug to 50 critical, as Python's `levelno`.
    Python,
}

/// The level of a word, whatever its case.
#[inline]
pub fn from_word(word: &str) -> Option<Level> {
    let mut upper = [0_u8; 16];
    let word = word.trim();
    let upper = upper.get_mut(..word.len())?;
    for (to, from) in upper.iter_mut().zip(word.bytes()) {
        *to = from.to_ascii_uppercase();
    }
    Some(match &*upper {
        b"INFO" | b"INFORMATION" | b"INFORMATIONAL" | b"I" | b"LOG" | b"LOW" | b"NORMAL" => INFO,
        b"DEBUG" | b"DBG" | b"D" | b"FINE" | b"DEBUG1" | b"DEBUG2" | b"DEBUG3" | b"DEBUG4" | b"DEBUG5" => DEBUG,
        b"WARN" | b"WARNING" | b"W" | b"WRN" | b"MEDIUM" => WARN,
        b"ERROR" | b"ERR" | b"E" | b"EROR" | b"SEVERE" | b"HIGH" => ERROR,
        b"TRACE" | b"TRC" | b"T" | b"VERBOSE" | b"V" | b"FINER" | b"FINEST" | b"SILLY" => TRACE,
        b"FATAL" | b"F" | b"FTL" | b"CRITICAL" | b"CRIT" | b"C" | b"DPANIC" => CRITICAL,
        b"NOTICE" | b"N" => NOTICE,
        b"ALERT" | b"A" => ALERT,
        b"PANIC" | b"EMERG" | b"EMERGENCY" => EMERGENCY,
        _ => return None,
    })
}

/// The level of a number on its scale.
pub fn from_number(number: i64, scale: Scale) -> Option<Level> {
    match scale {
        Scale::Syslog => Some(match number {
            0 => EMERGENCY,
            1 => ALERT,
            2 => CRITICAL,
            3 => ERROR,
            4 => WARN,
            5 => NOTICE,
            6 => INFO,
            7 => DEBUG,
            _ => return None,
        }),
        Scale::OpenTelemetry => {
            let name = match number {
                1..=4 => "TRACE",
                5..=8 => "DEBUG",
                9..=12 => "INFO",
                13..=16 => "WARN",
                17..=20 => "ERROR",
                21..=24 => "FATAL",
                _ => return None,
            };
            Some(Level { name, number })
        }
        Scale::Tens | Scale::Python => {
            let step = if scale == Scale::Python { number + 10 } else { number };
            Some(match step {
                10 => TRACE,
                20 => DEBUG,
                30 => INFO,
                40 => WARN,
                50 => ERROR,
                60 => CRITICAL,
                _ => return None,
            })
        }
    }
}

/// A number whose field says nothing about its scale: 0 to 7 is syslog, then OpenTelemetry, then tens.
/// 10 and 20 are taken as tens: pino writes them, and OpenTelemetry's 10 and 20 are rare.
pub fn from_bare_number(number: i64) -> Option<Level> {
    let scale = match number {
        0..=7 => Scale::Syslog,
        10 | 20 | 30 | 40 | 50 | 60 => Scale::Tens,
        _ => Scale::OpenTelemetry,
    };
    from_number(number, scale)
}

/// The severity of an audit entry that says the same: `INFO`, `WARNING`, `ERROR` or `CRITICAL`.
pub fn severity(level: Level) -> &'static str {
    match level.name {
        "WARN" => "WARNING",
        "ERROR" => "ERROR",
        "FATAL" => "CRITICAL",
        _ => "INFO",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_map_onto_levels() {
        for (word, name) in
            [("info", "INFO"), ("Warning", "WARN"), ("CRIT", "FATAL"), ("notice", "INFO"), (" err ", "ERROR")]
        {
            assert_eq!(from_word(word).map(|level| level.name), Some(name), "{word}");
        }
        assert_eq!(from_word("shipped"), None);
        assert_eq!(from_word("a word longer than any level"), None);
        for (number, name) in
            [(0, "FATAL"), (3, "ERROR"), (7, "DEBUG"), (9, "INFO"), (17, "ERROR"), (30, "INFO"), (60, "FATAL")]
        {
            assert_eq!(from_bare_number(number).map(|level| level.name), Some(name), "{number}");
        }
        assert_eq!(from_bare_number(99), None);
        assert_eq!(from_number(30, Scale::Python).map(|level| level.name), Some("WARN"));
        assert_eq!(from_number(18, Scale::OpenTelemetry), Some(Level { name: "ERROR", number: 18 }));
    }
}
