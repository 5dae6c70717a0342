//! Errors about unknown names, with the names that were perhaps meant.

use std::collections::BTreeSet;

use whodunit_model::Table;

use crate::error::Error;
use crate::statement::Mentions;
use crate::views::{ALIASES, SOURCES, View};

/// Whether some table has a fixed column or an alias of that name.
pub fn is_fixed(name: &str) -> bool {
    Table::ALL.into_iter().any(|table| table.column(name).is_some()) || ALIASES.iter().any(|(alias, _)| *alias == name)
}

/// Adds near names to an error about an unknown column or table.
pub fn explain(error: Error, attributes: &BTreeSet<String>, mentions: &Mentions) -> Error {
    if let Some(field) = error.field.clone()
        && error.message.starts_with("no column is called")
    {
        // The planner has it in lower case; show it as it was written.
        let written = mentions.as_written(&field);
        let fixed = Table::ALL.into_iter().flat_map(Table::columns).map(|column| column.name);
        let all = fixed.chain(attributes.iter().map(String::as_str)).chain(ALIASES.iter().map(|(alias, _)| *alias));
        let near = nearest(&written, all);
        let error = Error { message: format!("no column is called {written:?}"), field: Some(written), ..error };
        return match near.is_empty() {
            true => error.with_hint("SHOW COLUMNS FROM a table lists what there is"),
            false => error.with_hint(format!("did you mean {}?", near.join(", "))),
        };
    }
    if let Some(name) = missing_table(&error.message) {
        let signals = Table::ALL.into_iter().map(Table::name).chain(View::ALL.into_iter().map(View::name));
        let all = signals.chain(std::iter::once(SOURCES));
        let near = nearest(&name, all.clone());
        let known = if near.is_empty() { all.map(str::to_owned).collect() } else { near };
        return Error::invalid(format!("no table is called {name:?}"))
            .with_field(name)
            .with_hint(format!("there is {}", known.join(", ")));
    }
    error
}

/// The name in DataFusion's `table 'whodunit.public.x' not found`.
fn missing_table(message: &str) -> Option<String> {
    let inner = message.strip_prefix("table '")?.strip_suffix("' not found")?;
    Some(inner.rsplit('.').next().unwrap_or(inner).to_owned())
}

/// Up to three names within a third of the length, nearest first.
pub fn nearest<'a>(name: &str, all: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let lower = name.to_lowercase();
    let most = (lower.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = all
        .into_iter()
        .map(|other| (distance(&lower, &other.to_lowercase()), other))
        .filter(|(distance, other)| *distance <= most || other.ends_with(&format!("_{lower}")))
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, other)| other.to_owned()).collect()
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        assert_eq!(nearest("actr_id", ["actor_id", "action", "time"]), ["actor_id"]);
        assert_eq!(nearest("serivce", ["service", "level"]), ["service"]);
        assert!(nearest("zzz", ["service", "level"]).is_empty());
        assert_eq!(missing_table("table 'whodunit.public.log' not found").as_deref(), Some("log"));
    }
}
