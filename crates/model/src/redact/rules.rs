//! The rules by name and number: the standard ones, and those that a project adds.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

/// The place of a rule in the list of all rules of a redactor: standard ones first.
pub type RuleId = usize;

/// Most rules that a project may add.
pub const RULES_MAX: usize = 100;
/// Longest name of a rule.
pub const RULE_NAME_BYTES_MAX: usize = 64;
/// Longest pattern of a rule.
pub const PATTERN_BYTES_MAX: usize = 1_000;
/// Memory that one compiled regular expression may take.
pub const PATTERN_MEMORY_MAX: usize = 1 << 20;

/// Numbers of the standard rules.
pub mod standard {
    use super::RuleId;

    pub const PASSWORD: RuleId = 0;
    pub const SECRET: RuleId = 1;
    pub const API_KEY: RuleId = 2;
    pub const PRIVATE_KEY: RuleId = 3;
    pub const CREDENTIALS: RuleId = 4;
    pub const AUTH: RuleId = 5;
    pub const TOKEN: RuleId = 6;
    pub const ONE_TIME_CODE: RuleId = 7;
    pub const COOKIE: RuleId = 8;
    pub const CARD_NUMBER: RuleId = 9;
    pub const IBAN: RuleId = 10;
    pub const PEM: RuleId = 11;
    pub const URL_CREDENTIALS: RuleId = 12;
    pub const HTTP_CREDENTIALS: RuleId = 13;
    pub const JWT: RuleId = 14;
    pub const US_SSN: RuleId = 15;
}

/// The names of the standard rules, in the order of their numbers.
pub const STANDARD_NAMES: [&str; 16] = [
    "password",
    "secret",
    "api_key",
    "private_key",
    "credentials",
    "auth",
    "token",
    "one_time_code",
    "cookie",
    "card_number",
    "iban",
    "pem",
    "url_credentials",
    "http_credentials",
    "jwt",
    "us_ssn",
];

/// A rule of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub name: String,
    pub matches: Matches,
}

/// What a project's rule looks at, and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matches {
    /// Values of fields whose name fits the glob are filtered.
    FilterKey(String),
    /// Values of fields whose name fits the glob are left alone by the standard rules.
    KeepKey(String),
    /// What the regular expression matches is filtered; of one with a group, the first group.
    FilterValue(String),
}

/// Why a rule cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RuleError {
    #[error("more than {RULES_MAX} rules")]
    TooMany,
    #[error("rule {0:?}: a name is 1 to {RULE_NAME_BYTES_MAX} of a-z, 0-9 and _")]
    Name(String),
    #[error("rule {0:?}: another rule has this name")]
    Twice(String),
    #[error("rule {0:?}: a pattern is 1 to {PATTERN_BYTES_MAX} bytes long")]
    Length(String),
    #[error("rule {name:?}: {reason}")]
    Pattern { name: String, reason: String },
    #[error("rule {0:?}: the pattern matches the empty text")]
    MatchesNothing(String),
}

/// A project's rules, ready for use.
#[derive(Debug, Default)]
pub struct OwnRules {
    names: Vec<Arc<str>>,
    keep: Vec<String>,
    filter_keys: Vec<(String, RuleId)>,
    pub filter_values: Vec<(Regex, RuleId)>,
}

impl OwnRules {
    pub fn compile(rules: &[Rule]) -> Result<OwnRules, RuleError> {
        if rules.len() > RULES_MAX {
            return Err(RuleError::TooMany);
        }
        let mut own = OwnRules::default();
        for rule in rules {
            check_name(rule, &own.names)?;
            let id = STANDARD_NAMES.len() + own.names.len();
            own.names.push(rule.name.as_str().into());
            let (Matches::FilterKey(pattern) | Matches::KeepKey(pattern) | Matches::FilterValue(pattern)) =
                &rule.matches;
            if pattern.is_empty() || pattern.len() > PATTERN_BYTES_MAX {
                return Err(RuleError::Length(rule.name.clone()));
            }
            match &rule.matches {
                Matches::KeepKey(glob) => own.keep.push(glob.to_lowercase()),
                Matches::FilterKey(glob) => own.filter_keys.push((glob.to_lowercase(), id)),
                Matches::FilterValue(pattern) => own.filter_values.push((expression(rule, pattern)?, id)),
            }
        }
        Ok(own)
    }

    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// Whether any rule looks at names.
    pub fn has_keys(&self) -> bool {
        !self.keep.is_empty() || !self.filter_keys.is_empty()
    }

    /// The rule that filters whatever stands under this name, which may be a path with dots.
    pub fn filters(&self, name: &str) -> Option<RuleId> {
        if self.filter_keys.is_empty() {
            return None;
        }
        let name = name.to_lowercase();
        self.filter_keys.iter().find(|(glob, _)| fits_name(glob, &name)).map(|(_, rule)| *rule)
    }

    /// Whether the standard rules leave this name alone.
    pub fn keeps(&self, name: &str) -> bool {
        !self.keep.is_empty() && {
            let name = name.to_lowercase();
            self.keep.iter().any(|glob| fits_name(glob, &name))
        }
    }
}

fn check_name(rule: &Rule, before: &[Arc<str>]) -> Result<(), RuleError> {
    let name = &rule.name;
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.is_empty() || name.len() > RULE_NAME_BYTES_MAX || !name.bytes().all(legal) {
        return Err(RuleError::Name(name.clone()));
    }
    if STANDARD_NAMES.contains(&name.as_str()) || before.iter().any(|known| **known == **name) {
        return Err(RuleError::Twice(name.clone()));
    }
    Ok(())
}

fn expression(rule: &Rule, pattern: &str) -> Result<Regex, RuleError> {
    let compiled = RegexBuilder::new(pattern).size_limit(PATTERN_MEMORY_MAX).dfa_size_limit(PATTERN_MEMORY_MAX).build();
    // The whole text of the error shows the pattern with a mark below; one line is enough for an answer.
    let reason = |error: regex::Error| match error {
        regex::Error::CompiledTooBig(limit) => format!("compiled it is larger than {limit} bytes"),
        other => other.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    };
    let compiled = compiled.map_err(|error| RuleError::Pattern { name: rule.name.clone(), reason: reason(error) })?;
    match compiled.is_match("") {
        true => Err(RuleError::MatchesNothing(rule.name.clone())),
        false => Ok(compiled),
    }
}

/// The whole path or its last segment.
fn fits_name(glob: &str, name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    fits(glob.as_bytes(), name.as_bytes()) || fits(glob.as_bytes(), last.as_bytes())
}

/// `*` stands for any text, `?` for one byte. Goes back to the last `*` only, so it takes at most glob × name steps.
fn fits(glob: &[u8], name: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while from < name.len() {
        match glob.get(at) {
            Some(b'*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(byte) if *byte == b'?' || *byte == name[from] => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                at = star_at + 1;
                from = taken + 1;
            }
        }
    }
    glob[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_fit_whole_names_or_last_segments() {
        for (glob, name, expected) in [
            ("customer_*", "customer_name", true),
            ("customer_*", "order.customer_name", true),
            ("customer_*", "order.my_customer_name", false),
            ("*.iban", "order.iban", true),
            ("*.iban", "iban", false),
            ("p?n", "pin", true),
            ("p?n", "plan", false),
            ("*a*b*c", "xxaxxbxxc", true),
            ("*a*b*c", "xxaxxcxxb", false),
            ("*", "anything", true),
        ] {
            assert_eq!(fits_name(glob, name), expected, "{glob} {name}");
        }
    }

    #[test]
    fn rules_that_cannot_be_used_are_refused_by_name() {
        let value = |name: &str, pattern: &str| Rule {
            name: name.to_owned(),
            matches: Matches::FilterValue(pattern.to_owned()),
        };
        let refused = |rules: &[Rule]| OwnRules::compile(rules).expect_err("refused");
        assert_eq!(refused(&[value("Bad Name", "x")]), RuleError::Name("Bad Name".to_owned()));
        assert_eq!(refused(&[value("token", "x")]), RuleError::Twice("token".to_owned()));
        assert_eq!(refused(&[value("a", "x"), value("a", "y")]), RuleError::Twice("a".to_owned()));
        assert_eq!(refused(&[value("a", "")]), RuleError::Length("a".to_owned()));
        assert_eq!(refused(&[value("a", &"x".repeat(1_001))]), RuleError::Length("a".to_owned()));
        assert_eq!(refused(&[value("a", "x*")]), RuleError::MatchesNothing("a".to_owned()));
        assert!(refused(&[value("a", "(unclosed")]).to_string().contains("unclosed group"));
        assert!(refused(&[value("a", r"\w{1000}\w{1000}")]).to_string().contains("larger than"));
        let many: Vec<_> = (0..101).map(|number| value(&format!("a{number}"), "x")).collect();
        assert_eq!(refused(&many), RuleError::TooMany);
    }
}
