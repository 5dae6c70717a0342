//! JSON schemas of request and answer bodies, by the names that the operation table uses.
//!
//! Written by hand beside the wire types of `whodunit-api`: a test holds that every name in the table exists here and
//! that every reference resolves. The shorthand below keeps a field on a line.

mod activity;
mod cases;
mod artifacts;
mod errors;
mod issues;
mod explorers;
mod objects;
mod rates;
mod redaction;
mod releases;
mod sources;
mod storage;
mod views;

use serde_json::{Map, Value, json};

use objects::OBJECTS;

/// All schemas by name, for `components.schemas`.
pub fn schemas() -> Map<String, Value> {
    let mut all = Map::new();
    let mut add = |name: &str, schema: Value| all.insert(name.to_owned(), schema);
    add("Text", json!({"type": "string"}));
    let rooms = [
        OBJECTS,
        activity::OBJECTS,
        cases::OBJECTS,
        artifacts::OBJECTS,
        errors::OBJECTS,
        issues::OBJECTS,
        explorers::OBJECTS,
        rates::OBJECTS,
        redaction::OBJECTS,
        releases::OBJECTS,
        sources::OBJECTS,
        storage::OBJECTS,
        views::OBJECTS,
    ];
    for (name, description, fields) in rooms.into_iter().flatten() {
        add(name, object(description, fields));
    }
    add(
        "AuditEntries",
        json!({
            "description": "One entry, an array of entries, or one entry per line (NDJSON).",
            "oneOf": [reference("AuditEntry"), {"type": "array", "items": reference("AuditEntry")}],
        }),
    );
    add(
        "LogLines",
        json!({
            "description": "One object per line (NDJSON) or an array of objects. Time, level, message and context fields are recognised by their usual names; all others become attributes.",
            "type": "object", "additionalProperties": true,
        }),
    );
    all
}

/// A field: name, type, description. A name that ends in `?` may be absent. Types: `text`, `integer`, `number`,
/// `boolean`, `any`, `object`, the name of a schema, or one of those after `[]`.
type Field = (&'static str, &'static str, &'static str);

fn object(description: &str, fields: &[Field]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, kind, description) in fields {
        let plain = name.trim_end_matches('?');
        if plain.len() == name.len() {
            required.push(plain);
        }
        let mut schema = of_kind(kind);
        if let Some(schema) = schema.as_object_mut()
            && !description.is_empty()
        {
            schema.insert("description".to_owned(), json!(description));
        }
        properties.insert(plain.to_owned(), schema);
    }
    json!({"type": "object", "description": description, "properties": properties, "required": required})
}

fn of_kind(kind: &str) -> Value {
    match kind {
        "text" => json!({"type": "string"}),
        "integer" => json!({"type": "integer"}),
        "number" => json!({"type": "number"}),
        "boolean" => json!({"type": "boolean"}),
        "object" => json!({"type": "object", "additionalProperties": true}),
        "any" => json!({}),
        _ => match kind.strip_prefix("[]") {
            Some(item) => json!({"type": "array", "items": of_kind(item)}),
            None => reference(kind),
        },
    }
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}
