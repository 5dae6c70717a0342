//! Cases.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{Docs, EXPORTED, JSON, PROJECT, Verb, answers, content, json, query};
use crate::call::{AuditClass, BodyLimit, Handler};
use crate::gate::RateClass;
use crate::routes::{case_export, cases};

/// One that changes a case: for those who may edit what people share.
const fn change(
    (method, path): (Verb, &'static str),
    id: &'static str,
    handler: Handler,
    summary: &'static str,
    docs: Docs,
) -> Operation {
    Operation {
        method,
        path,
        id,
        permission: Permission::Edit,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler,
        summary,
        docs,
    }
}

/// One that reads rows which a case keeps.
const fn read(
    path: &'static str,
    id: &'static str,
    rate: RateClass,
    handler: Handler,
    summary: &'static str,
    docs: Docs,
) -> Operation {
    Operation {
        method: Verb::Get,
        path,
        id,
        permission: Permission::ReadAudit,
        audit: AuditClass::Query,
        body: BodyLimit::None,
        rate,
        handler,
        summary,
        docs,
    }
}

pub const OPERATIONS: &[Operation] = &[
    Operation {
        audit: AuditClass::ReadControl,
        ..read(
            "/api/v1/cases",
            "list_cases",
            RateClass::Account,
            cases::list,
            "List cases",
            json("CaseList")
                .said("Of all projects that the caller reaches, unless one is named.")
                .with(&[PROJECT, query("state", "`open` or `closed`; both if left out.")]),
        )
    },
    change(
        (Verb::Post, "/api/v1/cases"),
        "create_case",
        cases::create,
        "Open a case",
        answers(201, content(JSON, "CaseView"))
            .said("A named list of rows with notes. Who reaches its project and may read audit entries sees it; rows inside may be of other projects, and are there for those who may read them.")
            .takes_json("CreateCaseRequest")
            .with(&[PROJECT]),
    ),
    read(
        "/api/v1/cases/{id}",
        "get_case",
        RateClass::Account,
        cases::get,
        "Read a case",
        json("CaseAnswer").said("With all that it holds; of rows one line each. Recorded in Whodunit's own trail with the case as target."),
    ),
    change(
        (Verb::Patch, "/api/v1/cases/{id}"),
        "update_case",
        cases::update,
        "Rename, describe, close or reopen a case",
        json("CaseView")
            .said("A closed case takes no change but being opened again, or deleted.")
            .takes_json("UpdateCaseRequest"),
    ),
    change(
        (Verb::Delete, "/api/v1/cases/{id}"),
        "delete_case",
        cases::delete,
        "Delete a case with all that it holds",
        json("CaseView")
            .said("For the user who opened it, and for administrators. The answer is what it was; the trail keeps every act on it.")
            .takes_json("ReasonRequest"),
    ),
    Operation {
        body: BodyLimit::Request,
        rate: RateClass::Query,
        ..change(
            (Verb::Post, "/api/v1/cases/{id}/rows"),
            "add_case_rows",
            cases::add_rows,
            "Add rows to a case",
            json("AddCaseRowsAnswer")
                .said("Each row is looked up, as far as the caller may read it, and kept as it is now: retention of the signal does not touch what the case keeps. All rows of a request are added, or none; those that the case has already are counted in `present`. 404 names the first that is not there.")
                .takes_json("AddCaseRowsRequest")
                .with(&[PROJECT]),
        )
    },
    change(
        (Verb::Post, "/api/v1/cases/{id}/notes"),
        "add_case_note",
        cases::add_note,
        "Add a note to a case",
        answers(201, content(JSON, "CaseItemAnswer")).takes_json("CaseNoteRequest"),
    ),
    read(
        "/api/v1/cases/{id}/items/{number}",
        "get_case_item",
        RateClass::Account,
        cases::get_item,
        "Read one row of a case, whole",
        json("CaseItemAnswer").said("With every column that is kept of it, in `item.row.fields`. Recorded as reading the case is."),
    ),
    change(
        (Verb::Patch, "/api/v1/cases/{id}/items/{number}"),
        "change_case_note",
        cases::change_note,
        "Change the note of a row, or a note",
        json("CaseItemAnswer").takes_json("CaseNoteRequest"),
    ),
    change(
        (Verb::Delete, "/api/v1/cases/{id}/items/{number}"),
        "remove_case_item",
        cases::remove_item,
        "Take a row or a note out of a case",
        json("CaseItemAnswer").said("What the case kept of the row is gone with it. The answer is what it was.").takes_json("ReasonRequest"),
    ),
    read(
        "/api/v1/cases/{id}/export",
        "export_case",
        RateClass::Stream,
        case_export::export,
        "Export a case",
        answers(200, content(EXPORTED, ""))
            .said("First a line of the kind `case` (its name in `summary`, its description in `note`), then its rows and notes in the order in which they were added, each row with all that is kept of it in `fields`; what the caller may not read is left out. Works as a plain link for who is signed in. Recorded as an export with the case as target.")
            .with(&[
                query("format", "`ndjson` (default), `json` (an array of objects) or `csv`."),
                query("formulas", "`exact` (default), or `escape` with `csv`, as in the exports of lists."),
            ]),
    ),
];
