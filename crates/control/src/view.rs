//! From the control plane's nouns to the shapes of the HTTP API and back; the only place that knows both.

use whodunit_api::admin::{
    ChangeSettingRequest, CreateKeyAnswer, CreateKeyRequest, CreateProjectRequest, CreateUserAnswer, CreateUserRequest,
    KeyView, ProjectView, SessionView, SetUpRequest, SettingVersionView, SettingView, SignInAnswer,
    UpdateProjectRequest, UpdateUserRequest, UserView,
};
use whodunit_api::cases::{
    CaseItem as CaseItemAnswer, CaseRow as CaseRowAnswer, CaseView, CreateCaseRequest, UpdateCaseRequest,
};
use whodunit_api::views::{CreateSavedViewRequest, SavedView as SavedViewAnswer, UpdateSavedViewRequest};
use whodunit_model::{Caller, Project, Role, Scope};

use crate::cases::{CaseUpdate, NewCase};
use crate::error::Error;
use crate::keys::{CreatedKey, NewKey};
use crate::noun::{
    Case, CaseItem, CaseRow, Key, KeyKind, ProjectRecord, SavedView, Setting, SettingSource, SettingVersion, User,
    UserSession, ViewPage, parse_rfc3339, rfc3339,
};
use crate::projects::{NewProject, ProjectUpdate};
use crate::saved_views::{NewSavedView, SavedViewUpdate, Sharing};
use crate::set_up::SetUp;
use crate::settings::SettingChange;
use crate::sign_in::SignedIn;
use crate::users::{CreatedUser, NewUser, UserUpdate};

impl From<&User> for UserView {
    fn from(user: &User) -> UserView {
        UserView {
            id: user.id.clone(),
            email: user.email.clone(),
            name: user.name.clone(),
            role: user.role.name().to_owned(),
            created_at: rfc3339(user.created_at),
            disabled_at: user.disabled_at.map(rfc3339),
            last_sign_in_at: user.last_sign_in_at.map(rfc3339),
        }
    }
}

impl From<&CreatedUser> for CreateUserAnswer {
    fn from(created: &CreatedUser) -> CreateUserAnswer {
        CreateUserAnswer { user: (&created.user).into(), password: created.password.clone() }
    }
}

impl From<&SignedIn> for SignInAnswer {
    /// Without the token, which goes into the cookie.
    fn from(signed_in: &SignedIn) -> SignInAnswer {
        SignInAnswer {
            user: (&signed_in.user).into(),
            csrf: signed_in.csrf.clone(),
            expires_at: rfc3339(signed_in.expires_at),
        }
    }
}

impl UserSession {
    /// `current` is the id of the session that asks.
    pub fn view(&self, current: Option<&str>) -> SessionView {
        SessionView {
            id: self.id.clone(),
            created_at: rfc3339(self.created_at),
            last_seen_at: rfc3339(self.last_seen_at),
            expires_at: rfc3339(self.expires_at),
            ip: self.ip.clone(),
            user_agent: self.user_agent.clone(),
            current: current == Some(self.id.as_str()),
        }
    }
}

impl From<&Key> for KeyView {
    fn from(key: &Key) -> KeyView {
        let slugs = |projects: &Vec<Project>| projects.iter().map(Project::to_string).collect();
        KeyView {
            id: key.id.clone(),
            kind: key.kind.name().to_owned(),
            name: key.name.clone(),
            hint: key.hint.clone(),
            public_id: key.public_id.clone(),
            scopes: key.scopes.iter().map(|scope| scope.name().to_owned()).collect(),
            projects: key.projects.as_ref().map(slugs),
            created_at: rfc3339(key.created_at),
            created_by: key.created_by.clone(),
            expires_at: key.expires_at.map(rfc3339),
            revoked_at: key.revoked_at.map(rfc3339),
            last_used_at: key.last_used_at.map(rfc3339),
        }
    }
}

impl From<&CreatedKey> for CreateKeyAnswer {
    fn from(created: &CreatedKey) -> CreateKeyAnswer {
        CreateKeyAnswer { key: (&created.key).into(), secret: created.secret.clone() }
    }
}

impl From<&ProjectRecord> for ProjectView {
    fn from(project: &ProjectRecord) -> ProjectView {
        ProjectView {
            number: project.number,
            slug: project.slug.to_string(),
            name: project.name.clone(),
            created_at: rfc3339(project.created_at),
            archived_at: project.archived_at.map(rfc3339),
        }
    }
}

impl From<&Setting> for SettingView {
    fn from(setting: &Setting) -> SettingView {
        SettingView {
            name: setting.name.name().to_owned(),
            description: setting.name.description().to_owned(),
            value: setting.value.clone(),
            default: setting.name.default_value(),
            version: setting.version,
            changed_at: setting.changed_at.map(rfc3339),
            changed_by: setting.changed_by.clone(),
        }
    }
}

impl From<&SettingVersion> for SettingVersionView {
    fn from(version: &SettingVersion) -> SettingVersionView {
        SettingVersionView {
            version: version.version,
            before: version.before.clone(),
            after: version.after.clone(),
            changed_at: rfc3339(version.changed_at),
            changed_by: version.changed_by.clone(),
            source: version.source.name().to_owned(),
            reason: version.reason.clone(),
        }
    }
}

impl From<SetUpRequest> for SetUp {
    fn from(request: SetUpRequest) -> SetUp {
        SetUp { token: request.token, email: request.email, name: request.name, password: request.password }
    }
}

impl TryFrom<CreateUserRequest> for NewUser {
    type Error = Error;

    fn try_from(request: CreateUserRequest) -> Result<NewUser, Error> {
        let CreateUserRequest { email, name, role, password, reason } = request;
        Ok(NewUser { email, name, role: role_of(&role)?, password, reason })
    }
}

impl TryFrom<UpdateUserRequest> for UserUpdate {
    type Error = Error;

    fn try_from(request: UpdateUserRequest) -> Result<UserUpdate, Error> {
        let UpdateUserRequest { name, role, disabled, reason } = request;
        Ok(UserUpdate { name, role: role.as_deref().map(role_of).transpose()?, disabled, reason })
    }
}

impl TryFrom<CreateKeyRequest> for NewKey {
    type Error = Error;

    fn try_from(request: CreateKeyRequest) -> Result<NewKey, Error> {
        let kind = KeyKind::from_name(&request.kind)
            .ok_or_else(|| Error::invalid("kind", format!("{:?} is not a kind of key: ingest or api", request.kind)))?;
        let scopes = request.scopes.iter().map(|name| scope_of(name)).collect::<Result<Vec<_>, _>>()?;
        let parse = |slug: &String| Project::parse(slug).map_err(|error| Error::invalid("projects", error.to_string()));
        let listed = |slugs: &Vec<String>| slugs.iter().map(parse).collect::<Result<Vec<_>, _>>();
        let instant = |text: &str| {
            parse_rfc3339(text).ok_or_else(|| Error::invalid("expires_at", format!("{text:?} is not an RFC 3339 time")))
        };
        Ok(NewKey {
            kind,
            name: request.name,
            scopes,
            projects: request.projects.as_ref().map(listed).transpose()?,
            expires_at: request.expires_at.as_deref().map(instant).transpose()?,
            reason: request.reason,
        })
    }
}

impl From<CreateProjectRequest> for NewProject {
    fn from(request: CreateProjectRequest) -> NewProject {
        NewProject { slug: request.slug, name: request.name, reason: request.reason }
    }
}

impl From<UpdateProjectRequest> for ProjectUpdate {
    fn from(request: UpdateProjectRequest) -> ProjectUpdate {
        ProjectUpdate { name: request.name, archived: request.archived, reason: request.reason }
    }
}

impl From<ChangeSettingRequest> for SettingChange {
    fn from(request: ChangeSettingRequest) -> SettingChange {
        let ChangeSettingRequest { value, version, reason } = request;
        SettingChange { value, version, source: SettingSource::Request, reason }
    }
}

impl SavedView {
    /// As `caller` is shown it.
    pub fn view(&self, caller: &Caller) -> SavedViewAnswer {
        SavedViewAnswer {
            id: self.id.clone(),
            project: self.project.to_string(),
            page: self.page.name().to_owned(),
            name: self.name.clone(),
            query: self.query.clone(),
            shared: self.sharing() == Sharing::Shared,
            owner: self.owner.clone(),
            mine: self.is_of(caller),
            version: self.version,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            updated_by: self.updated_by.clone(),
        }
    }
}

impl NewSavedView {
    /// A view to be kept in `project`.
    pub fn of(request: CreateSavedViewRequest, project: Project) -> Result<NewSavedView, Error> {
        let CreateSavedViewRequest { page, name, query, shared, reason } = request;
        Ok(NewSavedView { project, page: page_of(&page)?, name, query, sharing: sharing(shared), reason })
    }
}

impl From<UpdateSavedViewRequest> for SavedViewUpdate {
    fn from(request: UpdateSavedViewRequest) -> SavedViewUpdate {
        let UpdateSavedViewRequest { name, query, shared, version, reason } = request;
        SavedViewUpdate { name, query, sharing: shared.map(sharing), version, reason }
    }
}

impl From<&Case> for CaseView {
    fn from(case: &Case) -> CaseView {
        CaseView {
            id: case.id.clone(),
            project: case.project.to_string(),
            name: case.name.clone(),
            description: case.description.clone(),
            rows: case.rows,
            notes: case.notes,
            version: case.version,
            created_at: rfc3339(case.created_at),
            created_by: case.created_by.clone(),
            updated_at: rfc3339(case.updated_at),
            updated_by: case.updated_by.clone(),
            closed_at: case.closed_at.map(rfc3339),
            closed_by: case.closed_by.clone(),
        }
    }
}

impl CaseItem {
    /// As lists show it.
    pub fn listed(&self) -> CaseItemAnswer {
        CaseItemAnswer {
            number: self.number,
            note: (!self.note.is_empty()).then(|| self.note.clone()),
            added_at: rfc3339(self.added_at),
            added_by: self.added_by.clone(),
            noted_at: self.noted_at.map(rfc3339),
            noted_by: self.noted_by.clone(),
            row: self.row.as_ref().map(CaseRow::listed),
        }
    }

    /// With all that is kept of its row.
    pub fn whole(&self) -> CaseItemAnswer {
        let fields = self.row.as_ref().and_then(|row| serde_json::from_str(&row.fields).ok());
        let mut shown = self.listed();
        if let Some(row) = &mut shown.row {
            row.fields = fields;
        }
        shown
    }
}

impl CaseRow {
    fn listed(&self) -> CaseRowAnswer {
        CaseRowAnswer {
            signal: self.table.name().to_owned(),
            project: self.project.to_string(),
            time: rfc3339(self.time),
            id: self.id.clone(),
            seq: self.seq,
            severity: self.severity.clone(),
            summary: self.summary.clone(),
            left_out: self.left_out.clone(),
            told: self.told(),
            fields: None,
        }
    }
}

impl NewCase {
    /// A case to be opened in `project`.
    pub fn of(request: CreateCaseRequest, project: Project) -> NewCase {
        let CreateCaseRequest { name, description, reason } = request;
        NewCase { project, name, description, reason }
    }
}

impl From<UpdateCaseRequest> for CaseUpdate {
    fn from(request: UpdateCaseRequest) -> CaseUpdate {
        let UpdateCaseRequest { name, description, closed, version, reason } = request;
        CaseUpdate { name, description, closed, version, reason }
    }
}

fn sharing(shared: bool) -> Sharing {
    if shared { Sharing::Shared } else { Sharing::Own }
}

fn page_of(name: &str) -> Result<ViewPage, Error> {
    let known = || ViewPage::ALL.map(ViewPage::name).join(", ");
    ViewPage::from_name(name)
        .ok_or_else(|| Error::invalid("page", format!("{name:?} is no page with views: {}", known())))
}

fn role_of(name: &str) -> Result<Role, Error> {
    let known = || Role::ALL.map(Role::name).join(", ");
    Role::from_name(name).ok_or_else(|| Error::invalid("role", format!("{name:?} is not a role: {}", known())))
}

fn scope_of(name: &str) -> Result<Scope, Error> {
    let known = || Scope::ALL.map(Scope::name).join(", ");
    Scope::from_name(name).ok_or_else(|| Error::invalid("scopes", format!("{name:?} is not a scope: {}", known())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_name_their_field_and_the_known_ones() {
        let request = |kind: &str, scope: &str, expires_at: &str| CreateKeyRequest {
            kind: kind.to_owned(),
            name: "k".to_owned(),
            scopes: vec![scope.to_owned()],
            projects: None,
            expires_at: Some(expires_at.to_owned()),
            reason: None,
        };
        let field = |request: CreateKeyRequest| NewKey::try_from(request).expect_err("is refused").field;
        assert_eq!(field(request("root", "ingest", "2030-01-01T00:00:00Z")), Some("kind"));
        assert_eq!(field(request("api", "everything", "2030-01-01T00:00:00Z")), Some("scopes"));
        assert_eq!(field(request("api", "ingest", "tomorrow")), Some("expires_at"));
        let key = NewKey::try_from(request("api", "ingest", "2030-01-01T00:00:00.5+02:00")).expect("is fine");
        assert_eq!(key.expires_at.map(rfc3339).as_deref(), Some("2029-12-31T22:00:00.500000000Z"));
        assert!(role_of("root").expect_err("is no role").message.contains("auditor"));
    }
}
