//! Saved views: pages with the query of their link, of one user or shared with the project.

use serde::{Deserialize, Serialize};

/// `GET /api/v1/views`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedViewList {
    /// By page and name.
    pub views: Vec<SavedView>,
}

/// A page that somebody comes back to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub id: String,
    pub project: String,
    /// `activity`, `audit`, `logs` or `timeline`.
    pub page: String,
    pub name: String,
    /// The part of a link after the question mark.
    pub query: String,
    /// Seen by everybody who reaches the project; by its owner alone otherwise.
    pub shared: bool,
    /// E-mail address of the one who saved it.
    pub owner: String,
    /// The caller is its owner.
    pub mine: bool,
    /// From 1; each change counts it on.
    pub version: i64,
    pub created_at: String,
    pub updated_at: String,
    /// Who changed it last.
    pub updated_by: String,
}

/// `POST /api/v1/views`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateSavedViewRequest {
    pub page: String,
    pub name: String,
    pub query: String,
    #[serde(default)]
    pub shared: bool,
    #[serde(default)]
    pub reason: Option<String>,
}

/// `PATCH /api/v1/views/{id}`: what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateSavedViewRequest {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub query: Option<String>,
    #[serde(default)]
    pub shared: Option<bool>,
    /// Refuse with `conflict` unless this is the present version.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub reason: Option<String>,
}
