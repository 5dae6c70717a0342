//! Source maps and releases: what there is, and the requests of Sentry's command line.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{Docs, JSON, PROJECT, Verb, answers, content, json};
use crate::call::{AuditClass, BodyLimit, Handler};
use crate::dialect::Dialect;
use crate::gate::RateClass;
use crate::routes::artifacts;

const OPTIONS: Docs = json("ChunkUploadOptions")
    .said("`{org}` is not looked at: there is one organization. Needs scope `release`.")
    .errors(Dialect::Sentry);

const CHUNKS: Docs = answers(200, content(JSON, "ChunkUploadAnswer"))
    .said("A multipart form with parts `file` or `file_gzip`, the name of each file the SHA-1 of its unpacked bytes: at most 4 of 8 MiB.")
    .takes(content(&["multipart/form-data"], ""))
    .errors(Dialect::Sentry);

const ASSEMBLE: Docs = json("AssembleAnswer")
    .said("`not_found` with the pieces that are missing, `ok` once the bundle is kept, `error` with a reason if it cannot be used. A bundle with `version` is found by that release too. From then on frames of its scripts are those of the source, in events that come and in events that are shown.")
    .takes_json("AssembleRequest")
    .errors(Dialect::Sentry);

const RELEASE: Docs = json("Release").errors(Dialect::Sentry);

const fn sending(
    method: Verb,
    path: &'static str,
    id: &'static str,
    handler: Handler,
    summary: &'static str,
    docs: Docs,
) -> Operation {
    Operation {
        method,
        path,
        id,
        permission: Permission::Release,
        audit: AuditClass::Change,
        body: BodyLimit::Request,
        rate: RateClass::Account,
        handler,
        summary,
        docs,
    }
}

const fn asking(
    path: &'static str,
    id: &'static str,
    handler: Handler,
    summary: &'static str,
    docs: Docs,
) -> Operation {
    Operation {
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        ..sending(Verb::Get, path, id, handler, summary, docs)
    }
}

pub const OPERATIONS: &[Operation] = &[
    Operation {
        permission: Permission::ReadTelemetry,
        ..asking(
            "/api/v1/sourcemaps",
            "list_sourcemaps",
            artifacts::list,
            "Which source maps there are",
            json("SourceMapsAnswer")
                .said(
                    "The newest first. Those that were uploaded first go when all of a project are larger than 2 GiB.",
                )
                .with(&[PROJECT]),
        )
    },
    Operation {
        body: BodyLimit::None,
        ..sending(
            Verb::Delete,
            "/api/v1/sourcemaps/{id}",
            "delete_sourcemaps",
            artifacts::remove,
            "Delete a bundle of source maps",
            json("SourceMapBundle")
                .said("The answer is what it was. Events that were stored with its help stay as they are.")
                .with(&[PROJECT]),
        )
    },
    asking("/api/0/", "sentry_whoami", artifacts::whoami, "Who asks", json("Whoami").errors(Dialect::Sentry)),
    asking(
        "/api/0/organizations/{org}/chunk-upload/",
        "sentry_chunk_options",
        artifacts::upload_options,
        "How pieces of bundles are sent",
        OPTIONS,
    ),
    Operation {
        audit: AuditClass::Ingest,
        body: BodyLimit::Logs,
        // As large as those of telemetry, and never in the way of those who sign in.
        rate: RateClass::Telemetry,
        ..sending(
            Verb::Post,
            "/api/0/organizations/{org}/chunk-upload/",
            "sentry_chunk_upload",
            artifacts::upload,
            "Send pieces of bundles",
            CHUNKS,
        )
    },
    sending(
        Verb::Post,
        "/api/0/organizations/{org}/artifactbundle/assemble/",
        "sentry_assemble",
        artifacts::assemble,
        "Put a bundle of source maps together",
        ASSEMBLE,
    ),
    sending(
        Verb::Post,
        "/api/0/organizations/{org}/releases/",
        "sentry_create_release",
        artifacts::put_release,
        "Name a release",
        answers(201, content(JSON, "Release")).takes_json("ReleaseRequest").errors(Dialect::Sentry),
    ),
    sending(
        Verb::Put,
        "/api/0/organizations/{org}/releases/{version}/",
        "sentry_update_release",
        artifacts::put_release,
        "Say more of a release",
        RELEASE.takes_json("ReleaseRequest"),
    ),
    asking(
        "/api/0/organizations/{org}/releases/{version}/",
        "sentry_get_release",
        artifacts::get_release,
        "Show a release",
        RELEASE,
    ),
    sending(
        Verb::Post,
        "/api/0/organizations/{org}/releases/{version}/deploys/",
        "sentry_deploy",
        artifacts::deploy,
        "Say that a release went out",
        answers(201, content(JSON, "Deploy")).takes_json("DeployRequest").errors(Dialect::Sentry),
    ),
    sending(
        Verb::Post,
        "/api/0/projects/{org}/{project}/releases/",
        "sentry_create_project_release",
        artifacts::put_release,
        "Name a release of one project",
        answers(201, content(JSON, "Release")).takes_json("ReleaseRequest").errors(Dialect::Sentry),
    ),
    sending(
        Verb::Put,
        "/api/0/projects/{org}/{project}/releases/{version}/",
        "sentry_update_project_release",
        artifacts::put_release,
        "Say more of a release of one project",
        RELEASE.takes_json("ReleaseRequest"),
    ),
    asking(
        "/api/0/projects/{org}/{project}/releases/{version}/",
        "sentry_get_project_release",
        artifacts::get_release,
        "Show a release of one project",
        RELEASE,
    ),
];
