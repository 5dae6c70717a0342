//! Which names say that their value is a secret.
//!
//! A name is taken apart into words (`userPassword`, `user_password` and `User-Password` are the same two), and words
//! are compared whole: `author` is not `auth`, and `token_count` counts tokens. Strong words (`password`, `secret`)
//! count wherever they stand, unless the last word says that the value is only about the secret (`password_changed_at`).
//! Weak ones (`auth`, `token`, `cookie`) count as the last word, or before a word that carries them (`auth_header`).

use std::cell::RefCell;

use super::rules::{RuleId, standard};

/// What a name says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing in particular.
    Plain,
    /// It tells things apart: its digits are no card number.
    Identifier,
    /// A project asked that it stay.
    Exempt,
    /// The whole value is a secret.
    Secret { rule: RuleId, numbers: Numbers },
}

/// Whether numbers under a secret name are secrets too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    Secret,
    /// They count something: `"tokens": 532`.
    Counts,
}

/// Longest name that is looked at; a longer one is judged by its end.
const NAME_BYTES_MAX: usize = 256;

/// Words that contain these are secrets.
const STRONG_PARTS: &[(&str, RuleId)] = &[
    ("password", standard::PASSWORD),
    ("passwd", standard::PASSWORD),
    ("passphrase", standard::PASSWORD),
    ("passwort", standard::PASSWORD),
    ("mysqlpwd", standard::PASSWORD),
    ("secret", standard::SECRET),
    ("apikey", standard::API_KEY),
    ("accesskey", standard::API_KEY),
    ("privatekey", standard::PRIVATE_KEY),
    ("credential", standard::CREDENTIALS),
];

/// Words that contain a strong part and mean something else.
const HARMLESS_WORDS: &[&str] = &["secretary", "secretariat", "secretaries", "passwordless", "credentialed"];

/// Two words that are a secret together.
const STRONG_PAIRS: &[(&str, &str, RuleId)] = &[
    ("api", "key", standard::API_KEY),
    ("api", "keys", standard::API_KEY),
    ("access", "key", standard::API_KEY),
    ("encryption", "key", standard::API_KEY),
    ("signing", "key", standard::API_KEY),
    ("private", "key", standard::PRIVATE_KEY),
    ("mysql", "pwd", standard::PASSWORD),
    ("pass", "word", standard::PASSWORD),
    ("db", "pass", standard::PASSWORD),
    ("user", "pass", standard::PASSWORD),
    ("auth", "pass", standard::PASSWORD),
    ("two", "factor", standard::ONE_TIME_CODE),
];

/// Names of cookies that hold a session or guard a form, without their punctuation.
const SESSION_COOKIES: &[&str] = &[
    "sessionid",
    "sessid",
    "phpsessid",
    "jsessionid",
    "aspsessionid",
    "aspnetsessionid",
    "connectsid",
    "laravelsession",
    "cisession",
    "rackdotsession",
    "racksession",
    "whodunitsession",
    "sessioncookie",
    "sessionkey",
    "csrf",
    "xsrf",
    "csrftoken",
    "xsrftoken",
];

/// As the last word they say that the value is about a secret and not the secret.
const ABOUT: &[&str] = &[
    "action",
    "address",
    "age",
    "algorithm",
    "at",
    "attempt",
    "attempts",
    "backend",
    "bytes",
    "changed",
    "class",
    "client",
    "count",
    "counts",
    "created",
    "date",
    "domain",
    "duration",
    "email",
    "enabled",
    "endpoint",
    "error",
    "errors",
    "event",
    "exists",
    "expiration",
    "expired",
    "expires",
    "expiry",
    "failed",
    "failure",
    "field",
    "flow",
    "format",
    "group",
    "host",
    "id",
    "ids",
    "in",
    "index",
    "issuer",
    "kind",
    "label",
    "latency",
    "length",
    "level",
    "lifetime",
    "limit",
    "message",
    "method",
    "methods",
    "missing",
    "mode",
    "module",
    "ms",
    "name",
    "names",
    "ok",
    "path",
    "policy",
    "port",
    "provider",
    "rate",
    "realm",
    "reason",
    "remaining",
    "required",
    "reset",
    "result",
    "role",
    "rotated",
    "rotation",
    "scheme",
    "scope",
    "scopes",
    "seconds",
    "server",
    "service",
    "size",
    "source",
    "state",
    "status",
    "step",
    "strategy",
    "strength",
    "success",
    "time",
    "timeout",
    "total",
    "ttl",
    "type",
    "types",
    "updated",
    "uri",
    "url",
    "usage",
    "used",
    "user",
    "username",
    "valid",
    "validation",
    "version",
];

/// As the last word after a weak word they carry it.
const CARRIERS: &[&str] = &[
    "b",
    "base",
    "bearer",
    "code",
    "cookie",
    "data",
    "hash",
    "header",
    "headers",
    "hex",
    "jwt",
    "key",
    "pass",
    "plain",
    "plaintext",
    "raw",
    "secret",
    "string",
    "text",
    "value",
    "values",
];

/// As the last word they tell things apart.
const IDENTIFIERS: &[&str] = &[
    "checksum",
    "commit",
    "digest",
    "etag",
    "fingerprint",
    "guid",
    "hash",
    "id",
    "ids",
    "md",
    "revision",
    "sha",
    "uuid",
];

/// What the standard rules say about a name, which may be a path with dots.
pub fn judge(name: &str) -> Verdict {
    thread_local! {
        static JUDGED: RefCell<Judged> = RefCell::default();
    }
    if name.len() > Judged::NAME_BYTES_MAX {
        return judge_anew(name);
    }
    JUDGED.with_borrow_mut(|judged| judged.judge(name))
}

/// Names that were judged before: applications send the same few in every line. Each name has one place, where it may
/// find another one, which then goes.
struct Judged(Vec<(Box<str>, Verdict)>);

impl Default for Judged {
    fn default() -> Self {
        // The empty name is plain.
        Judged(vec![(Box::default(), Verdict::Plain); Self::PLACES])
    }
}

impl Judged {
    const PLACES: usize = 1_024;
    const NAME_BYTES_MAX: usize = 64;

    fn judge(&mut self, name: &str) -> Verdict {
        let (known, verdict) = &mut self.0[place(name.as_bytes())];
        if **known != *name {
            *verdict = judge_anew(name);
            *known = name.into();
        }
        *verdict
    }
}

/// Where a name stands: eight bytes at a time, since names in JSON are paths and come by the hundred. Whoever sends names
/// that meet gains nothing but slowness for himself.
fn place(name: &[u8]) -> usize {
    let (words, rest) = name.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mixed = words.iter().chain([&last]).fold(name.len() as u64, |hash, word| {
        (hash.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    (mixed >> 32) as usize % Judged::PLACES
}

fn judge_anew(name: &str) -> Verdict {
    let name = &name[name.floor_char_boundary(name.len().saturating_sub(NAME_BYTES_MAX))..];
    if let Some(found) = Some(name).filter(|name| may_be_secret(name.as_bytes())).and_then(secret_name) {
        return found;
    }
    if tells_apart(name) { Verdict::Identifier } else { Verdict::Plain }
}

fn secret_name(name: &str) -> Option<Verdict> {
    let (parents, last) = name.rsplit_once('.').unwrap_or(("", name));
    let words = words(last);
    if let Some(found) = session_cookie(&squashed(last)).or_else(|| session_cookie(&squashed(name))) {
        // `sessionId` is `session_id`, which tells sessions apart; the cookie is `sessionid`.
        if words.last().is_none_or(|word| word != "id") || squashed(name) == "aspnetsessionid" {
            return Some(found);
        }
    }
    let parent = parents.rsplit('.').next().unwrap_or_default();
    let mut with_parent = self::words(parent);
    with_parent.extend_from_slice(&words);
    let about = words.last().is_some_and(|word| ABOUT.contains(&word.as_str()));
    let own = secret(&words, about).or_else(|| together(&with_parent, about));
    own.or_else(|| if about { None } else { inherited(parents) })
}

/// Whether the name is that of a user agent, which is never touched.
pub fn is_user_agent(name: &str) -> bool {
    name.ends_with("user_agent.original") || squashed(name.rsplit('.').next().unwrap_or(name)) == "useragent"
}

/// Whether it is the environment variable for the working directory.
pub fn is_working_directory(name: &str, value: &str) -> bool {
    value.starts_with('/') && matches!(name.rsplit('.').next(), Some("PWD" | "OLDPWD" | "pwd"))
}

/// Every name of a secret has one of these pairs of letters. Most other names have none and are done with here.
pub fn may_be_secret(name: &[u8]) -> bool {
    name.len() > 2
        && name.windows(2).any(|pair| {
            matches!(
                [pair[0] | 0x20, pair[1] | 0x20],
                [b's', b's']
                    | [b'c', b'r']
                    | [b'w', b'd']
                    | [b'w', b't']
                    | [b'e', b'y']
                    | [b't', b'h']
                    | [b'o', b'k']
                    | [b't', b'p']
                    | [b'r', b'f']
                    | [b'f', b'a']
                    | [b'e', b'a']
                    | [b's', b'i']
            )
        })
}

fn tells_apart(name: &str) -> bool {
    let end = name.trim_end_matches(|last: char| last.is_ascii_digit() || last == '_');
    let ends = |known: &&str| {
        let start = end.len().checked_sub(known.len());
        start.is_some_and(|start| end.as_bytes()[start..].eq_ignore_ascii_case(known.as_bytes()))
    };
    IDENTIFIERS.iter().any(ends) && words(end).last().is_some_and(|word| IDENTIFIERS.contains(&word.as_str()))
}

fn secret(words: &[String], about: bool) -> Option<Verdict> {
    let last = words.last()?;
    if !about && let Some(rule) = words.iter().find_map(|word| strong(word)) {
        return Some(Verdict::Secret { rule, numbers: Numbers::Secret });
    }
    let (rule, numbers) = weak(last).or_else(|| carried(words))?;
    Some(Verdict::Secret { rule, numbers })
}

fn strong(word: &str) -> Option<RuleId> {
    if word == "pwd" {
        return Some(standard::PASSWORD);
    }
    let (_, rule) = STRONG_PARTS.iter().find(|(part, _)| word.contains(part))?;
    (!HARMLESS_WORDS.contains(&word)).then_some(*rule)
}

/// Words that are a secret as the last of a name.
fn weak(word: &str) -> Option<(RuleId, Numbers)> {
    let rule = match word {
        "auth" | "xauth" | "bearer" => standard::AUTH,
        "otp" | "totp" | "hotp" | "otpcode" | "mfacode" | "twofactor" | "onetimecode" => standard::ONE_TIME_CODE,
        "cookie" | "cookies" | "setcookie" => standard::COOKIE,
        "jwt" => standard::TOKEN,
        _ if word.ends_with("authorization") => standard::AUTH,
        _ if word.ends_with("token") => standard::TOKEN,
        _ if word.ends_with("tokens") => return Some((standard::TOKEN, Numbers::Counts)),
        _ => {
            let rest = word.strip_prefix("auth")?;
            return (CARRIERS[3..].contains(&rest)).then_some((standard::AUTH, Numbers::Secret));
        }
    };
    Some((rule, Numbers::Secret))
}

/// A weak word before one that carries it: `auth_header`, `token_value`, `otp_code`.
fn carried(words: &[String]) -> Option<(RuleId, Numbers)> {
    let [.., before, last] = words else { return None };
    if !CARRIERS.contains(&last.as_str()) {
        return None;
    }
    match before.as_str() {
        "mfa" | "2fa" | "factor" if last == "code" => Some((standard::ONE_TIME_CODE, Numbers::Secret)),
        _ => weak(before),
    }
}

/// Two neighbouring words, also across a dot.
fn together(words: &[String], about: bool) -> Option<Verdict> {
    let found = |pair: &[String]| {
        let known = STRONG_PAIRS.iter().find(|(first, second, _)| pair[0] == *first && pair[1] == *second);
        known.map(|(_, _, rule)| *rule)
    };
    // `two_factor` is a secret by itself only: what follows it says something about it.
    let pair = words.windows(2).rev().find_map(|pair| Some((found(pair)?, pair)));
    match pair {
        Some((standard::ONE_TIME_CODE, _)) if !words.ends_with(&["two".to_owned(), "factor".to_owned()]) => None,
        Some((rule, _)) if !about => Some(Verdict::Secret { rule, numbers: Numbers::Secret }),
        _ => carried(words).map(|(rule, numbers)| Verdict::Secret { rule, numbers }),
    }
}

/// What stands inside something secret is secret.
fn inherited(parents: &str) -> Option<Verdict> {
    parents.split('.').filter(|parent| !parent.is_empty()).find_map(|parent| {
        let words = words(parent);
        let about = words.last().is_some_and(|word| ABOUT.contains(&word.as_str()));
        secret(&words, about).or_else(|| together(&words, about))
    })
}

fn session_cookie(squashed: &str) -> Option<Verdict> {
    let found = SESSION_COOKIES.contains(&squashed) || squashed.starts_with("wordpressloggedin");
    found.then_some(Verdict::Secret { rule: standard::COOKIE, numbers: Numbers::Secret })
}

/// Lower-case letters and digits only.
fn squashed(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a name in lower case: cut at punctuation and where small letters turn to capitals, without the
/// numbers at their ends.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let characters: Vec<char> = name.chars().collect();
    for (index, &character) in characters.iter().enumerate() {
        let starts = character.is_uppercase()
            && index > 0
            && (characters[index - 1].is_lowercase()
                || (characters[index - 1].is_uppercase()
                    && characters.get(index + 1).is_some_and(|next| next.is_lowercase())));
        if starts || !character.is_alphanumeric() {
            finish_word(&mut words, &mut word);
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
    }
    finish_word(&mut words, &mut word);
    words
}

fn finish_word(words: &mut Vec<String>, word: &mut String) {
    let end = word.trim_end_matches(|last: char| last.is_ascii_digit()).len();
    if end > 0 {
        word.truncate(end);
    }
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_judged_as_if_it_were_the_first() {
        let names: Vec<String> = ["password", "user.token", "order_id", "plain", ""]
            .iter()
            .flat_map(|name| (0..2_000).map(move |number| format!("{name}{number}")))
            .collect();
        for name in names.iter().chain(names.iter().rev()) {
            assert_eq!(judge(name), judge_anew(name), "{name}");
        }
    }

    #[test]
    fn names_are_taken_apart_into_the_same_words() {
        for name in ["userPassword", "user_password", "User-Password", "USER.PASSWORD", "user password2"] {
            assert_eq!(words(name), ["user", "password"], "{name}");
        }
        assert_eq!(words("XAPIKey"), ["xapi", "key"]);
        assert_eq!(words("api_key_1"), ["api", "key", "1"]);
        assert_eq!(words("2fa"), ["2fa"]);
    }
}
