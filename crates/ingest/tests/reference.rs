//! The reference pages about field names say what the code does.

use std::fmt::Write;
use std::path::PathBuf;

use whodunit_ingest::audit::alias::{ALIASES, COMPOSITES, Composite, Rule, Unit, names_of};
use whodunit_ingest::logs::mapping::GUESSES;

fn audit_table() -> String {
    let mut table = String::from("| field | read as | names, the first that an entry carries wins |\n|---|---|---|\n");
    for (row, alias) in ALIASES.iter().enumerate() {
        let names: Vec<String> = names_of(row).iter().map(|name| format!("`{name}`")).collect();
        let _infallible = writeln!(table, "| `{}` | {} | {} |", alias.field, read_as(alias.rule), names.join(" "));
    }
    table
}

fn read_as(rule: Rule) -> &'static str {
    match rule {
        Rule::Text(_) => "text",
        Rule::Id => "UUID of version 7",
        Rule::Time => "instant",
        Rule::TraceId => "32 hexadecimal digits",
        Rule::SpanId => "16 hexadecimal digits",
        Rule::Traceparent => "W3C traceparent",
        Rule::RequestStatus => "whole number",
        Rule::Status => "number: `request_status`; word: `outcome`",
        Rule::Outcome => "word or boolean",
        Rule::Success => "boolean",
        Rule::Category => "category",
        Rule::Severity => "word or number",
        Rule::SeverityNumber => "OpenTelemetry's 1 to 24",
        Rule::State => "`complete` or `intent`",
        Rule::Origin => "`sdk` or `api`",
        Rule::Duration(Unit::Nanoseconds) => "nanoseconds",
        Rule::Duration(Unit::Microseconds) => "microseconds",
        Rule::Duration(Unit::Milliseconds) => "milliseconds",
        Rule::Duration(Unit::Seconds) => "seconds",
        Rule::Arguments => "JSON",
        Rule::Changes => "list or map of changes",
        Rule::Before => "object: the old values",
        Rule::After => "object: the new values",
        Rule::Metadata => "JSON object",
        Rule::Composite(_) => "object, see below",
    }
}

fn composite_table() -> String {
    let mut table = String::from("| object | field | names inside |\n|---|---|---|\n");
    for (composite, parts) in COMPOSITES {
        let object = match composite {
            Composite::Actor => "actor",
            Composite::Target => "target",
            Composite::Error => "error",
            Composite::Request => "request",
        };
        for (field, names) in *parts {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let _infallible = writeln!(table, "| `{object}` | `{field}` | {} |", names.join(" "));
        }
    }
    table
}

fn guess_table() -> String {
    let mut table = String::from("| column | parameters | names tried without one, in this order |\n|---|---|---|\n");
    for guess in GUESSES {
        let quoted = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" ");
        let _infallible =
            writeln!(table, "| `{}` | {} | {} |", guess.column, quoted(guess.parameters), quoted(guess.names));
    }
    table
}

/// Compares the part of a page between its marks; with `UPDATE_REFERENCE` set, writes it instead.
fn check(page: &str, mark: &str, generated: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../docs/reference", page].iter().collect();
    let text = std::fs::read_to_string(&path).expect("the page exists");
    let (open, close) = (format!("<!-- generated: {mark} -->\n"), format!("<!-- end: {mark} -->"));
    let start = text.find(&open).expect("the page has the opening mark") + open.len();
    let end = text.find(&close).expect("the page has the closing mark");
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(&path, format!("{}{generated}{}", &text[..start], &text[end..])).expect("the page is written");
        return;
    }
    assert!(text[start..end] == *generated, "{page} is out of date: run this test with UPDATE_REFERENCE=1");
}

#[test]
fn the_audit_page_lists_every_name() {
    check("audit-fields.md", "names", &audit_table());
    check("audit-fields.md", "objects", &composite_table());
}

#[test]
fn the_log_page_lists_every_guess() {
    check("logs.md", "guesses", &guess_table());
}
