//! The pages of the interface, and which paths are pages.

use axum::http::{HeaderMap, Method, header};
use whodunit_model::Permission;

use super::Operation;
use super::docs::{ANY, Docs, HTML, Verb, answers, content, query};
use crate::call::{AuditClass, BodyLimit, Handler};
use crate::gate::RateClass;
use crate::interface::Interface;
use crate::routes::pages;

/// In the table it stands for every path that no other row has.
pub const EVERY_OTHER_PATH: &str = "/{*page}";

/// First parts of paths that are never pages: who asks there for something unknown is a program.
const NO_PAGES: [&str; 7] = ["api", "v1", "loki", "otlp", "health", "metrics", "assets"];

pub const OPERATIONS: &[Operation] = &[
    row("/", "index", pages::index, "The interface", answers(200, content(HTML, "Text")).said("Who asks for JSON is answered as Elasticsearch does.")),
    row(
        "/setup",
        "set_up_page",
        pages::set_up,
        "The page behind the set-up link",
        answers(200, content(HTML, "Text")).with(&[query("token", "From the printed link.")]),
    ),
    row(
        "/assets/{file}",
        "asset",
        pages::asset,
        "A file of the interface",
        answers(200, content(ANY, "")).said("A file whose name ends with a hash of its content may be kept for ever, the others are asked for again. In brotli or gzip where the client takes it; `If-None-Match` is honoured."),
    ),
    row(
        EVERY_OTHER_PATH,
        "page",
        pages::page,
        "Any page of the interface",
        answers(200, content(HTML, "Text")).said("Every other path, asked for with `Accept: text/html`, but for those that begin with `/api`, `/v1`, `/loki`, `/otlp`, `/health`, `/metrics` or have a part that begins with `_`. Its Content-Security-Policy allows scripts of this server and styles with the answer's nonce only."),
    ),
];

const fn row(path: &'static str, id: &'static str, handler: Handler, summary: &'static str, docs: Docs) -> Operation {
    Operation {
        method: Verb::Get,
        path,
        id,
        permission: Permission::Public,
        audit: AuditClass::Public,
        body: BodyLimit::None,
        rate: RateClass::Light,
        handler,
        summary,
        docs,
    }
}

/// The row that answers a request for a path that no other row has.
pub fn page(method: &Method, path: &str, headers: &HeaderMap, interface: &Interface) -> Option<&'static Operation> {
    let is_read = method == Method::GET || method == Method::HEAD;
    if !is_read || !(interface.has_file(path) || (is_page(path) && wants_html(headers))) {
        return None;
    }
    OPERATIONS.iter().find(|operation| operation.path == EVERY_OTHER_PATH)
}

fn is_page(path: &str) -> bool {
    let mut parts = path.trim_start_matches('/').split('/');
    let first = parts.clone().next().unwrap_or_default();
    !NO_PAGES.contains(&first) && !parts.any(|part| part.starts_with('_'))
}

fn wants_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .any(|media| media.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_what_people_open_and_programs_do_not() {
        for path in
            ["/activity", "/he/dashboard/activity", "/admin/audit", "/logs", "/audit/018f", "/health-page", "/x"]
        {
            assert!(is_page(path), "{path}");
        }
        for path in ["/api", "/api/v2/x", "/v1/traces", "/_cat/x", "/logs-1/_search", "/health/x", "/loki/api/v1/x"] {
            assert!(!is_page(path), "{path}");
        }
    }
}
