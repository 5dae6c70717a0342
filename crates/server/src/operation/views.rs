//! Saved views.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{JSON, PROJECT, Verb, answers, content, json, query};
use crate::call::{AuditClass, BodyLimit};
use crate::gate::RateClass;
use crate::routes::views;

pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: Verb::Get,
        path: "/api/v1/views",
        id: "list_views",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: views::list,
        summary: "List saved views",
        docs: json("SavedViewList")
            .said("The caller's own and those that are shared, of all projects that the caller reaches, unless one is named. A key sees the shared ones.")
            .with(&[PROJECT, query("page", "`activity`, `audit`, `logs` or `timeline`; all if left out.")]),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/views",
        id: "create_view",
        permission: Permission::OwnAccount,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: views::create,
        summary: "Save a view",
        docs: answers(201, content(JSON, "SavedView"))
            .said("Of one's own, or with `shared` for everybody who reaches the project, which needs a member, admin or owner. Names differ within a project and page, among one's own and among shared ones.")
            .takes_json("CreateSavedViewRequest")
            .with(&[PROJECT]),
    },
    Operation {
        method: Verb::Patch,
        path: "/api/v1/views/{id}",
        id: "update_view",
        permission: Permission::OwnAccount,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: views::update,
        summary: "Change, rename, share or stop sharing a view",
        docs: json("SavedView")
            .said("One's own, or a shared one as a member, admin or owner. Its earlier states are in the trail: `target_type=view` and its id.")
            .takes_json("UpdateSavedViewRequest"),
    },
    Operation {
        method: Verb::Delete,
        path: "/api/v1/views/{id}",
        id: "delete_view",
        permission: Permission::OwnAccount,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: views::delete,
        summary: "Delete a view",
        docs: json("SavedView").said("By the rules of changing it. The answer is what it was.").takes_json("ReasonRequest"),
    },
];
