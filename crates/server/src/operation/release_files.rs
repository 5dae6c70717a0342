//! Files of releases one by one: the requests of Sentry's command line from before there were bundles.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{Docs, JSON, TEXT, Verb, answers, content, json, query};
use crate::call::{AuditClass, BodyLimit, Handler};
use crate::dialect::Dialect;
use crate::gate::RateClass;
use crate::routes::release_files;

const UPLOAD: Docs = answers(201, content(JSON, "ReleaseFile"))
    .said("A form with the bytes in `file`, the URL in `name` (`~` stands for scheme and host; the file's own name if left out), and, if there are, `dist` and any number of `header`: `Sourcemap:app.js.map` says where the map of a script is, else the script's last comment does. 409 if the release has a file of that name and dist. From then on frames of the script are those of the source.")
    .takes(content(&["multipart/form-data"], ""))
    .errors(Dialect::Sentry);

const LIST: Docs = json("").said("`ReleaseFile`s by name.").errors(Dialect::Sentry).with(&[
    query("query", "Only files with this text in their name."),
    query("checksum", "Only files with this SHA-1, or one of several."),
]);
const ALL_OF: Docs = REMOVE.with(&[query("name", "The release.")]);

const SHOW: Docs = json("ReleaseFile").errors(Dialect::Sentry);

const REMOVE: Docs = answers(204, content(TEXT, "")).errors(Dialect::Sentry);

const fn changing(
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
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler,
        summary,
        docs,
    }
}

const fn upload(path: &'static str, id: &'static str) -> Operation {
    Operation {
        body: BodyLimit::Logs,
        // As large as telemetry, and never in the way of those who sign in.
        rate: RateClass::Telemetry,
        ..changing(Verb::Post, path, id, release_files::upload, "Send a file of a release", UPLOAD)
    }
}

const fn asking(
    path: &'static str,
    id: &'static str,
    handler: Handler,
    summary: &'static str,
    docs: Docs,
) -> Operation {
    Operation { audit: AuditClass::ReadControl, ..changing(Verb::Get, path, id, handler, summary, docs) }
}

const fn list(path: &'static str, id: &'static str) -> Operation {
    asking(path, id, release_files::list, "Which files a release has", LIST)
}

const fn show(path: &'static str, id: &'static str) -> Operation {
    asking(path, id, release_files::show, "Show a file of a release", SHOW)
}

const fn remove(path: &'static str, id: &'static str) -> Operation {
    changing(Verb::Delete, path, id, release_files::remove, "Delete a file of a release", REMOVE)
}

pub const OPERATIONS: &[Operation] = &[
    upload("/api/0/projects/{org}/{project}/releases/{version}/files/", "sentry_upload_file"),
    list("/api/0/projects/{org}/{project}/releases/{version}/files/", "sentry_list_files"),
    show("/api/0/projects/{org}/{project}/releases/{version}/files/{id}/", "sentry_get_file"),
    remove("/api/0/projects/{org}/{project}/releases/{version}/files/{id}/", "sentry_delete_file"),
    changing(
        Verb::Delete,
        "/api/0/projects/{org}/{project}/files/source-maps/",
        "sentry_delete_files",
        release_files::remove_of_release,
        "Delete all files of a release that came one by one",
        ALL_OF,
    ),
    upload("/api/0/organizations/{org}/releases/{version}/files/", "sentry_upload_file_of_org"),
    list("/api/0/organizations/{org}/releases/{version}/files/", "sentry_list_files_of_org"),
    show("/api/0/organizations/{org}/releases/{version}/files/{id}/", "sentry_get_file_of_org"),
    remove("/api/0/organizations/{org}/releases/{version}/files/{id}/", "sentry_delete_file_of_org"),
];
