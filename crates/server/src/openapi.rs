//! The operation table as an OpenAPI 3.1 document.

use serde_json::{Map, Value, json};
use whodunit_model::Permission;

use crate::operation::{Content, OPERATIONS, Operation, Parameter, Place};
use crate::schema::schemas;

/// The whole document.
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        let verbs = path.as_object_mut().expect("every path is an object");
        verbs.insert(operation.method.name().to_ascii_lowercase(), described(operation));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Whodunit",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Audit trail and observability: who did what, when and why.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An ingest or API key; also as `X-API-Key`."},
                "session": {"type": "apiKey", "in": "cookie", "name": "whodunit_session", "description": "From signing in; changes also need `X-CSRF-Token`."},
            },
        },
    })
}

fn described(operation: &Operation) -> Value {
    let docs = &operation.docs;
    let description = format!("{}{}", docs.description, permission_note(operation.permission));
    let mut out = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "description": description.trim(),
        "tags": [tag(operation.path)],
        "parameters": parameters(operation),
        "responses": responses(operation),
    });
    let members = out.as_object_mut().expect("made as an object");
    if let Some(request) = &docs.request {
        members.insert("requestBody".to_owned(), json!({"required": true, "content": contents(request)}));
    }
    let security = match operation.permission {
        Permission::Public => json!([]),
        Permission::OwnAccount => json!([{"session": []}]),
        _ => json!([{"key": []}, {"session": []}]),
    };
    members.insert("security".to_owned(), security);
    out
}

/// What the caller must be, in words.
pub fn permission_note(permission: Permission) -> &'static str {
    match permission {
        Permission::Public => "",
        Permission::Ingest => " Needs an ingest key, an API key with scope `ingest`, or a member.",
        Permission::ReadTelemetry => " Needs scope `read_telemetry`, or any role.",
        Permission::ReadAudit => " Needs scope `read_audit`, or any role.",
        Permission::OwnAccount => " Needs a signed-in user.",
        Permission::Edit => " Needs scope `administer`, or a member, admin or owner.",
        Permission::Release => " Needs scope `release` or `administer`, or a member, admin or owner.",
        Permission::Administer => " Needs scope `administer`, or an admin or owner.",
        Permission::ManageUsers => " Needs scope `administer`, or an admin or owner.",
    }
}

fn tag(path: &str) -> &'static str {
    let rest = path.trim_start_matches("/api/v1/");
    match rest.split('/').next().unwrap_or_default() {
        "audit" | "logs" | "errors" | "issues" | "sourcemaps" => "signals",
        _ if path.starts_with("/api/0/") => "releases",
        _ if path.contains("/envelope") || path.contains("/store") => "signals",
        _ if path.contains("/_") || path.starts_with("/loki/") || path.ends_with("/v1/logs") => "signals",
        "sql" | "ask" | "timeline" | "activity" => "questions",
        "views" | "cases" => "investigation",
        "setup" | "session" | "me" if path.starts_with("/api") => "account",
        "admin" => "administration",
        _ => "server",
    }
}

/// Names in braces, in order; one that takes the rest of the path has a star.
pub fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| name.trim_start_matches('*'))
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let in_path = path_parameters(operation.path)
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
    in_path.chain(operation.docs.parameters.iter().map(parameter)).collect()
}

fn parameter(parameter: &Parameter) -> Value {
    // OpenAPI has no names with holes; an object with free keys, exploded, says the same.
    if parameter.name == "{column}" {
        return json!({
            "name": "columns", "in": "query", "description": parameter.description, "style": "form", "explode": true,
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        });
    }
    let place = match parameter.place {
        Place::Query => "query",
        Place::Header => "header",
    };
    json!({"name": parameter.name, "in": place, "description": parameter.description, "schema": {"type": "string"}})
}

fn responses(operation: &Operation) -> Value {
    let docs = &operation.docs;
    let mut all = Map::new();
    let good = match docs.status {
        204 => json!({"description": "Done."}),
        _ => json!({"description": "Good.", "content": contents(&docs.response)}),
    };
    all.insert(docs.status.to_string(), good);
    let error = json!({
        "description": "Not done; `error.kind` says why.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    });
    all.insert("default".to_owned(), error);
    Value::Object(all)
}

fn contents(content: &Content) -> Value {
    let schema = match content.schema {
        "" => json!({}),
        name => json!({"$ref": format!("#/components/schemas/{name}")}),
    };
    content.types.iter().map(|media| ((*media).to_owned(), json!({"schema": schema}))).collect::<Map<_, _>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_resolves() {
        let document = document();
        let known = document["components"]["schemas"].as_object().expect("schemas").clone();
        let text = document.to_string();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().expect("a name");
            assert!(known.contains_key(name), "{name} is referred to and not described");
        }
    }

    #[test]
    fn operation_ids_and_method_path_pairs_are_unique() {
        let mut ids: Vec<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
        let mut routes: Vec<_> = OPERATIONS.iter().map(|operation| (operation.path, operation.method.name())).collect();
        for all in [ids.len(), routes.len()] {
            assert_eq!(all, OPERATIONS.len());
        }
        ids.sort_unstable();
        ids.dedup();
        routes.sort_unstable();
        routes.dedup();
        assert_eq!((ids.len(), routes.len()), (OPERATIONS.len(), OPERATIONS.len()));
    }
}
