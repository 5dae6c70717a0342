//! The endpoints that Sentry's clients know.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{ANY, Docs, JSON, TEXT, Verb, answers, content};
use crate::call::{AuditClass, BodyLimit, Handler};
use crate::dialect::Dialect;
use crate::gate::RateClass;
use crate::routes::sentry;

const ENVELOPE: Docs = answers(200, content(JSON, "SentryAnswer"))
    .said("`{project}` is a project's number or slug. The key is the public part of a DSN, in `X-Sentry-Auth`, `Authorization`, the parameter `sentry_key` or the `dsn` of the first line; exactly one of them. Plain, gzip, deflate, br or zstd. Errors and log lines are stored; other items are counted by their type and answered as taken. See docs/compatibility.md.")
    .takes(content(&["application/x-sentry-envelope"], ""))
    .errors(Dialect::Sentry);

const STORE: Docs = answers(200, content(JSON, "SentryAnswer"))
    .said("One event as JSON, or as zlib in base64, from clients of before there were envelopes. The key as for envelopes, but not in the body.")
    .takes(content(ANY, ""))
    .errors(Dialect::Sentry);

const PREFLIGHT: Docs = answers(200, content(TEXT, "")).errors(Dialect::Sentry);

const fn sending(
    path: &'static str,
    id: &'static str,
    handler: Handler,
    summary: &'static str,
    docs: Docs,
) -> Operation {
    Operation {
        method: Verb::Post,
        path,
        id,
        permission: Permission::Ingest,
        audit: AuditClass::Ingest,
        body: BodyLimit::Logs,
        rate: RateClass::Telemetry,
        handler,
        summary,
        docs,
    }
}

const fn preflight(path: &'static str, id: &'static str) -> Operation {
    Operation {
        method: Verb::Options,
        path,
        id,
        permission: Permission::Public,
        audit: AuditClass::Public,
        body: BodyLimit::None,
        rate: RateClass::Light,
        handler: sentry::preflight,
        summary: "Say to browsers that pages of any site may send",
        docs: PREFLIGHT,
    }
}

impl Operation {
    /// Whether a request without credentials is read all the same: the body may name a key, and the handler looks.
    pub fn finds_key_in_body(&self) -> bool {
        matches!(self.id, "sentry_envelope" | "sentry_envelope_bare")
    }
}

pub const OPERATIONS: &[Operation] = &[
    sending("/api/{project}/envelope/", "sentry_envelope", sentry::envelope, "Send an envelope as to Sentry", ENVELOPE),
    sending(
        "/api/{project}/envelope",
        "sentry_envelope_bare",
        sentry::envelope,
        "The same without the slash",
        ENVELOPE,
    ),
    preflight("/api/{project}/envelope/", "sentry_envelope_preflight"),
    preflight("/api/{project}/envelope", "sentry_envelope_bare_preflight"),
    sending("/api/{project}/store/", "sentry_store", sentry::store, "Send one event as to Sentry", STORE),
    sending("/api/{project}/store", "sentry_store_bare", sentry::store, "The same without the slash", STORE),
    sending("/api/store/", "sentry_store_legacy", sentry::store, "The same into the only project of the key", STORE),
    preflight("/api/{project}/store/", "sentry_store_preflight"),
    preflight("/api/{project}/store", "sentry_store_bare_preflight"),
];
