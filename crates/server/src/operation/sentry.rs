//! The endpoints that Sentry's clients know.

use axum::http::StatusCode;
use whodunit_model::Permission;
use whodunit_stdx::ErrorKind;

use super::Operation;
use super::docs::{ANY, Docs, JSON, TEXT, Verb, answers, content, query};
use crate::call::{AuditClass, BodyLimit, Handler};
use crate::dialect::Dialect;
use crate::failure::Failure;
use crate::gate::RateClass;
use crate::routes::sentry;

const ENVELOPE: Docs = answers(200, content(JSON, "SentryAnswer"))
    .said("`{project}` is a project's number or slug. The key is the public part of a DSN, in `X-Sentry-Auth`, `Authorization`, the parameter `sentry_key` or the `dsn` of the first line; exactly one of them. Plain, gzip, deflate, br or zstd. Errors, log lines, transactions, spans, attachments, feedback, check-ins, sessions and reports are stored; other items are counted by their type and answered as taken. See docs/compatibility.md.")
    .takes(content(&["application/x-sentry-envelope"], ""))
    .errors(Dialect::Sentry);

const STORE: Docs = answers(200, content(JSON, "SentryAnswer"))
    .said("One event as JSON, as base64 of it, or as zlib in base64, from clients of before there were envelopes. The key as for envelopes, but not in the body.")
    .takes(content(ANY, ""))
    .errors(Dialect::Sentry);

const STORE_BY_ADDRESS: Docs = answers(200, content(&["image/gif"], ""))
    .said("For pages of browsers that load a picture to report an error: `sentry_data` is one event, as JSON, as base64 of it, or as base64 of zlib of it, and `sentry_key` the key. The answer is a picture of one pixel. An address has at most 65,534 bytes.")
    .errors(Dialect::Sentry)
    .with(&[query("sentry_data", "The event."), query("sentry_key", "The public part of a DSN.")]);

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

const fn by_address(path: &'static str, id: &'static str) -> Operation {
    let summary = "Send one event in the address of a picture";
    Operation {
        method: Verb::Get,
        body: BodyLimit::None,
        ..sending(path, id, sentry::store_by_address, summary, STORE_BY_ADDRESS)
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

const MINIDUMP: Docs = answers(200, content(TEXT, "Text"))
    .said("A form with the memory in `upload_file_minidump` and, if there is one, the event as JSON in `sentry`; or nothing but the memory. Answers the event's id. The memory is kept as an attachment and not read.")
    .takes(content(ANY, ""))
    .errors(Dialect::Sentry);

const FILES: Docs = answers(200, content(JSON, "SentryAnswer"))
    .said("A form with files of an event that was sent before.")
    .takes(content(&["multipart/form-data"], ""))
    .errors(Dialect::Sentry);

const REPORTS: Docs = answers(201, content(TEXT, ""))
    .said("Violations of a content security policy and errors of the network, in the form that browsers always had and in that of the Reporting API. Each becomes an event. The key as `sentry_key`; `sentry_release` and `sentry_environment` say what the report belongs to.")
    .takes(content(ANY, ""))
    .errors(Dialect::Sentry);

const CRON: Docs = answers(202, content(TEXT, ""))
    .said("For jobs without a client, by GET or POST: `status` is `ok` (default), `error` or `in_progress`; `check_in_id`, `duration` (seconds) and `environment` may be there; a body is a check-in as JSON, which may bring `monitor_config`. The key as for envelopes, or as the last part of the path.")
    .errors(Dialect::Sentry);

const fn cron(method: Verb, path: &'static str, id: &'static str) -> Operation {
    Operation {
        method,
        body: BodyLimit::Request,
        ..sending(path, id, sentry::cron, "Check in for a scheduled job", CRON)
    }
}

impl Operation {
    /// Whether a request without credentials is read all the same: the body may name a key, and the handler looks.
    pub fn finds_key_in_body(&self) -> bool {
        matches!(self.id, "sentry_envelope" | "sentry_envelope_bare") || self.id.starts_with("sentry_cron_with_key")
    }

    /// A failure as its clients are to hear it. A check-in is never answered with 429: programs that call from a shell
    /// come again when a server is not there, and give up when they are told that they come too often.
    pub fn said(&self, failure: Failure) -> Failure {
        match failure.kind {
            ErrorKind::Exhausted if self.id.starts_with("sentry_cron") => {
                failure.status(StatusCode::SERVICE_UNAVAILABLE)
            }
            _ => failure,
        }
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
    by_address("/api/{project}/store/", "sentry_store_by_address"),
    by_address("/api/{project}/store", "sentry_store_by_address_bare"),
    by_address("/api/store/", "sentry_store_by_address_legacy"),
    preflight("/api/store/", "sentry_store_legacy_preflight"),
    preflight("/api/{project}/store/", "sentry_store_preflight"),
    preflight("/api/{project}/store", "sentry_store_bare_preflight"),
    sending(
        "/api/{project}/minidump/",
        "sentry_minidump",
        sentry::minidump,
        "Send the memory of a crashed process",
        MINIDUMP,
    ),
    sending(
        "/api/{project}/minidump",
        "sentry_minidump_bare",
        sentry::minidump,
        "The same without the slash",
        MINIDUMP,
    ),
    sending(
        "/api/{project}/events/{event}/attachments/",
        "sentry_attachments",
        sentry::event_attachments,
        "Send files of an event",
        FILES,
    ),
    sending("/api/{project}/security/", "sentry_security", sentry::report, "Take reports of browsers", REPORTS),
    sending("/api/{project}/csp-report/", "sentry_csp", sentry::report, "The same under its old name", REPORTS),
    sending("/api/{project}/nel/", "sentry_nel", sentry::report, "The same for errors of the network", REPORTS),
    preflight("/api/{project}/security/", "sentry_security_preflight"),
    preflight("/api/{project}/csp-report/", "sentry_csp_preflight"),
    preflight("/api/{project}/nel/", "sentry_nel_preflight"),
    cron(Verb::Get, "/api/{project}/cron/{monitor}/", "sentry_cron"),
    cron(Verb::Post, "/api/{project}/cron/{monitor}/", "sentry_cron_post"),
    cron(Verb::Get, "/api/{project}/cron/{monitor}/{key}/", "sentry_cron_with_key"),
    cron(Verb::Post, "/api/{project}/cron/{monitor}/{key}/", "sentry_cron_with_key_post"),
    cron(Verb::Get, "/api/{project}/cron/{monitor}", "sentry_cron_bare"),
    cron(Verb::Post, "/api/{project}/cron/{monitor}", "sentry_cron_bare_post"),
    cron(Verb::Get, "/api/{project}/cron/{monitor}/{key}", "sentry_cron_with_key_bare"),
    cron(Verb::Post, "/api/{project}/cron/{monitor}/{key}", "sentry_cron_with_key_bare_post"),
];
