//! Secrets are filtered before anything touches the disk.
//!
//! The problem: applications write passwords, tokens and card numbers into what they send, and a log that proves what
//! happened must not become the place where all of them can be read. What is on disk once is in the WAL, in segments,
//! in backups and under leaves, so it has to go before.
//!
//! The idea: two kinds of rules. A *name* (a column, a member of JSON, a word before `=` or `:`) says that its value is
//! a secret; then the whole value becomes `[Filtered]`. A *shape* (a card number with its check digit, a private key, a
//! token) is a secret under any name; then only that part of the text does. A project adds rules of its own, or keeps
//! what the standard ones would take.
//!
//! - ids, times and user agents are never touched, so that nothing that joins rows is lost.
//! - what is filtered stays filtered: a second pass changes nothing, so an entry sent again is the same entry.
//! - JSON stays JSON, canonical JSON canonical; texts change only where a secret was.
//! - names are never filtered, only values.
//!
//! The rules are listed in docs/reference/redaction.md. This room is pure: it knows no project, no store, no protocol.
//!
//! Modules, top to bottom: each imports only those below it.

mod rows;
mod json;
mod text;
mod shapes;
mod names;
mod edit;
mod rules;

use std::sync::{Arc, LazyLock};

pub use edit::{FILTERED, Filtered, Tally};
pub use rows::Finding;
pub use rules::{
    Matches, PATTERN_BYTES_MAX, PATTERN_MEMORY_MAX, RULE_NAME_BYTES_MAX, RULES_MAX, Rule, RuleError, STANDARD_NAMES,
};

use names::{Numbers, Verdict};
use rules::OwnRules;
use text::Scope;

/// Shorter texts hold no JSON with a secret in it.
const JSON_BYTES_MIN: usize = 6;

/// The rules of one project, ready for use.
#[derive(Debug, Default)]
pub struct Redactor {
    rules: Vec<Rule>,
    own: OwnRules,
}

/// Those with the same rules are the same.
impl PartialEq for Redactor {
    fn eq(&self, other: &Redactor) -> bool {
        self.rules == other.rules
    }
}

impl Eq for Redactor {}

impl Redactor {
    /// The standard rules alone.
    pub fn standard() -> &'static Arc<Redactor> {
        static STANDARD: LazyLock<Arc<Redactor>> = LazyLock::new(Arc::default);
        &STANDARD
    }

    /// The standard rules and a project's own.
    pub fn with_rules(rules: &[Rule]) -> Result<Redactor, RuleError> {
        Ok(Redactor { own: OwnRules::compile(rules)?, rules: rules.to_vec() })
    }

    /// The text without its secrets, or `None` if it has none. A text that is JSON stays JSON.
    pub fn text(&self, text: &str, tally: &mut Tally) -> Option<String> {
        self.scan("", text, Scope::Free, tally)
    }

    /// JSON text without its secrets, or `None` if it has none.
    pub fn json(&self, text: &str, tally: &mut Tally) -> Option<String> {
        self.json_under("", text, tally)
    }

    /// The JSON text of one member of an object without its secrets, or `None` if it has none: the same as when the
    /// whole object is filtered.
    pub fn member(&self, name: &str, text: &str, tally: &mut Tally) -> Option<String> {
        match json::redact_member(self, name, text, tally) {
            Ok(filtered) => filtered,
            Err(json::NotJson) => apply(text, Scope::Free, &self.own, tally),
        }
    }

    /// The counts under the names of their rules.
    pub fn filtered(&self, tally: &Tally) -> Filtered {
        Filtered { by_rule: tally.rules().map(|(rule, times)| (self.rule_name(rule), times)).collect() }
    }

    fn rule_name(&self, rule: usize) -> Arc<str> {
        static STANDARD: LazyLock<Vec<Arc<str>>> =
            LazyLock::new(|| STANDARD_NAMES.iter().map(|name| (*name).into()).collect());
        match rule.checked_sub(STANDARD.len()) {
            None => STANDARD[rule].clone(),
            Some(own) => self.own.names()[own].clone(),
        }
    }

    fn json_under(&self, path: &str, text: &str, tally: &mut Tally) -> Option<String> {
        match json::redact(self, path, text, tally) {
            Ok(filtered) => filtered,
            Err(json::NotJson) => apply(text, Scope::Free, &self.own, tally),
        }
    }

    /// What a name says about its value. A project's own rules go before the standard ones.
    fn judge(&self, name: &str) -> Verdict {
        if self.own.has_keys() {
            if let Some(rule) = self.own.filters(name) {
                return Verdict::Secret { rule, numbers: Numbers::Secret };
            }
            if self.own.keeps(name) {
                return Verdict::Exempt;
            }
        }
        names::judge(name)
    }

    /// The text that stands under a name.
    fn scan(&self, path: &str, text: &str, scope: Scope, tally: &mut Tally) -> Option<String> {
        if matches!(scope, Scope::Free) && may_be_json(text) {
            return self.json_under(path, text, tally);
        }
        apply(text, scope, &self.own, tally)
    }
}

fn apply(text: &str, scope: Scope, own: &OwnRules, tally: &mut Tally) -> Option<String> {
    let edits = text::find(text, scope, own);
    if edits.is_empty() { None } else { Some(edits.apply(text, tally)) }
}

fn may_be_json(text: &str) -> bool {
    let trimmed = text.trim();
    text.len() >= JSON_BYTES_MIN
        && matches!(
            (trimmed.as_bytes().first(), trimmed.as_bytes().last()),
            (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']'))
        )
}

#[cfg(test)]
mod tests;
