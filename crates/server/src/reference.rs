//! The operation table as `docs/reference/api.md`. A test compares the file with this text.

use std::fmt::Write;

use serde_json::Value;

use crate::openapi::{path_parameters, permission_note};
use crate::operation::{Content, OPERATIONS, Operation};
use crate::schema::schemas;

/// The whole page.
pub fn page() -> String {
    let mut out = String::from(HEAD);
    for operation in OPERATIONS {
        let _infallible =
            writeln!(out, "| `{}` | `{}` | {} |", operation.method.name(), operation.path, operation.summary);
    }
    out.push_str("\n## Operations\n");
    for operation in OPERATIONS {
        section(&mut out, operation);
    }
    out.push_str("\n## Bodies\n");
    for (name, schema) in schemas() {
        if let Some(properties) = schema["properties"].as_object()
            && !properties.is_empty()
        {
            body(&mut out, &name, &schema);
        }
    }
    out
}

const HEAD: &str = "\
# HTTP API

Generated from the operation table (`crates/server/src/operation.rs`); `UPDATE_REFERENCE=1 cargo test -p whodunit-server reference` writes it anew.
The same as OpenAPI 3.1: `GET /api/v1/openapi.json`.

Credentials: `Authorization: Bearer KEY` or `X-API-Key: KEY`, or the session cookie of a signed-in user together with `X-CSRF-Token` for everything that changes something.
Every answer carries `X-Correlation-ID`: the one that was sent, or a new one.
Every error is `{\"error\": {\"kind\", \"message\", \"hint\"?, \"field\"?, \"limit\"?}}`; 429 and 503 carry `Retry-After`.

| method | path | what |
|---|---|---|
";

fn section(out: &mut String, operation: &Operation) {
    let docs = &operation.docs;
    let _infallible =
        writeln!(out, "\n### {}\n\n`{} {}`\n", operation.summary, operation.method.name(), operation.path);
    let text = format!("{}{}", docs.description, permission_note(operation.permission));
    for sentence in text.trim().split_inclusive(". ").map(str::trim).filter(|sentence| !sentence.is_empty()) {
        let _infallible = writeln!(out, "{sentence}");
    }
    let _infallible = writeln!(out, "{}\n", operation.audit.note());
    for name in path_parameters(operation.path) {
        let _infallible = writeln!(out, "- path `{name}`");
    }
    for parameter in docs.parameters {
        let place = format!("{:?}", parameter.place).to_ascii_lowercase();
        let _infallible = writeln!(out, "- {place} `{}`: {}", parameter.name, parameter.description);
    }
    if let Some(request) = &docs.request {
        let _infallible = writeln!(out, "- body (at most {}): {}", operation.body.note(), carried(request));
    }
    match docs.status {
        204 => out.push_str("- answer 204 without a body\n"),
        status => {
            let _infallible = writeln!(out, "- answer {status}: {}", carried(&docs.response));
        }
    }
}

fn carried(content: &Content) -> String {
    let types = content.types.iter().map(|media| format!("`{media}`")).collect::<Vec<_>>().join(", ");
    if content.schema.is_empty() { types } else { format!("`{}` as {types}", content.schema) }
}

fn body(out: &mut String, name: &str, schema: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let _infallible = writeln!(out, "\n### {name}\n\n{}\n", text(&schema["description"]));
    out.push_str("| member | type | |\n|---|---|---|\n");
    let required = |member: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == member));
    for (member, one) in schema["properties"].as_object().into_iter().flatten() {
        let optional = if required(member) { "" } else { " (optional)" };
        let description = text(&one["description"]);
        let _infallible = writeln!(out, "| `{member}`{optional} | {} | {description} |", kind(one));
    }
}

fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return format!("`{}`", reference.rsplit('/').next().unwrap_or_default());
    }
    match schema["type"].as_str() {
        Some("array") => format!("list of {}", kind(&schema["items"])),
        Some("string") => "text".to_owned(),
        Some(other) => other.to_owned(),
        None => "anything".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_page_is_what_the_table_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/api.md");
        let page = page();
        if std::env::var_os("UPDATE_REFERENCE").is_some() {
            std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference")).expect("docs exist");
            std::fs::write(path, &page).expect("the page is written");
        }
        let found = std::fs::read_to_string(path).unwrap_or_default();
        assert!(found == page, "docs/reference/api.md is not what the table says; run with UPDATE_REFERENCE=1");
    }
}
