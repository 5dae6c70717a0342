//! What is to be replaced in a text, and how often which rule did so.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::rules::RuleId;

/// What stands in the place of a secret.
pub const FILTERED: &str = "[Filtered]";

/// One part of a text that is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub range: Range<usize>,
    pub rule: RuleId,
    pub with: Cow<'static, str>,
}

impl Edit {
    pub fn new(range: Range<usize>, rule: RuleId) -> Edit {
        Edit { range, rule, with: Cow::Borrowed(FILTERED) }
    }
}

/// Parts of one text, in any order and possibly overlapping.
#[derive(Debug, Default)]
pub struct Edits(Vec<Edit>);

impl Edits {
    pub fn add(&mut self, edit: Edit) {
        self.0.push(edit);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with all parts replaced. Parts that overlap are one, counted for the rule of the first.
    pub fn apply(mut self, text: &str, tally: &mut Tally) -> String {
        self.0.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
        let mut merged: Vec<Edit> = Vec::with_capacity(self.0.len());
        for edit in self.0 {
            match merged.last_mut() {
                Some(last) if edit.range.start < last.range.end => {
                    last.range.end = last.range.end.max(edit.range.end);
                }
                _ => merged.push(edit),
            }
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for edit in merged {
            out.push_str(&text[from..edit.range.start]);
            out.push_str(&edit.with);
            from = edit.range.end;
            tally.count(edit.rule);
        }
        out.push_str(&text[from..]);
        out
    }
}

/// How many values each rule has filtered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(Vec<u64>);

impl Tally {
    pub fn count(&mut self, rule: RuleId) {
        self.add(rule, 1);
    }

    pub fn add(&mut self, rule: RuleId, times: u64) {
        if self.0.len() <= rule {
            self.0.resize(rule + 1, 0);
        }
        self.0[rule] += times;
    }

    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The rules that filtered something, by number.
    pub fn rules(&self) -> impl Iterator<Item = (RuleId, u64)> {
        self.0.iter().copied().enumerate().filter(|(_, times)| *times > 0)
    }
}

/// How many values were filtered, by the name of the rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filtered {
    pub by_rule: Vec<(Arc<str>, u64)>,
}

impl Filtered {
    pub fn total(&self) -> u64 {
        self.by_rule.iter().map(|(_, times)| times).sum()
    }
}
