//! Who is asking: a signed-in user, a key, or Whodunit itself, and what that allows.

use std::sync::Arc;

use crate::project::Project;

/// The role of a user in the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything, including other owners.
    Owner,
    /// Everything but owners and the organization itself.
    Admin,
    /// Reads all signals, manages issues, views and silences.
    Member,
    /// Reads all signals and the audit trail of Whodunit itself; changes nothing.
    Auditor,
    /// Reads all signals but Whodunit's own audit trail; changes nothing.
    Viewer,
}

/// What an operation asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Nothing: health, sign-in, set-up.
    Public,
    /// Send signals into a project.
    Ingest,
    /// Read logs and the other telemetry.
    ReadTelemetry,
    /// Read audit entries.
    ReadAudit,
    /// Change one's own password, sessions and views.
    OwnAccount,
    /// Keep what people share: views, cases.
    Edit,
    /// Upload source maps, name releases and deploys.
    Release,
    /// Keys, projects, settings.
    Administer,
    /// Users and roles.
    ManageUsers,
}

/// What an API key may do; a subset of permissions, chosen when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    Ingest,
    ReadTelemetry,
    ReadAudit,
    Release,
    Administer,
}

/// The credential behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    Anonymous,
    User {
        id: String,
        email: String,
        name: String,
        role: Role,
    },
    /// An ingest key can only send; an API key has scopes.
    Key {
        id: String,
        name: String,
        scopes: Vec<Scope>,
    },
    /// Whodunit's own tasks.
    System {
        task: &'static str,
    },
}

/// The one who asks, and from where. Built once at the door, passed down, never asked for again.
#[derive(Clone, Debug)]
pub struct Caller {
    pub principal: Principal,
    /// Projects the caller may touch; `None` means all of the organization.
    pub projects: Option<Arc<[Project]>>,
    /// Client address: the peer's, or the forwarded one if the peer is a trusted proxy.
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub session_id: Option<String>,
    pub correlation_id: Option<String>,
    /// From W3C `traceparent`.
    pub trace_id: Option<[u8; 16]>,
    pub span_id: Option<[u8; 8]>,
}

impl Role {
    pub const ALL: [Role; 5] = [Role::Owner, Role::Admin, Role::Member, Role::Auditor, Role::Viewer];

    pub fn name(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Admin => "admin",
            Role::Member => "member",
            Role::Auditor => "auditor",
            Role::Viewer => "viewer",
        }
    }

    pub fn from_name(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    pub fn allows(self, permission: Permission) -> bool {
        use Permission::*;
        match permission {
            Public | OwnAccount | ReadTelemetry | ReadAudit => true,
            Ingest | Edit | Release => matches!(self, Role::Owner | Role::Admin | Role::Member),
            Administer => matches!(self, Role::Owner | Role::Admin),
            ManageUsers => matches!(self, Role::Owner | Role::Admin),
        }
    }

    /// Whether this role reads Whodunit's audit trail of itself (project `whodunit`).
    pub fn reads_own_trail(self) -> bool {
        matches!(self, Role::Owner | Role::Admin | Role::Auditor)
    }
}

impl Permission {
    /// All but `Public`, which everybody has.
    pub const ALL: [Permission; 8] = [
        Permission::Ingest,
        Permission::ReadTelemetry,
        Permission::ReadAudit,
        Permission::OwnAccount,
        Permission::Edit,
        Permission::Release,
        Permission::Administer,
        Permission::ManageUsers,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Permission::Public => "public",
            Permission::Ingest => "ingest",
            Permission::ReadTelemetry => "read_telemetry",
            Permission::ReadAudit => "read_audit",
            Permission::OwnAccount => "own_account",
            Permission::Edit => "edit",
            Permission::Release => "release",
            Permission::Administer => "administer",
            Permission::ManageUsers => "manage_users",
        }
    }
}

impl Scope {
    pub const ALL: [Scope; 5] =
        [Scope::Ingest, Scope::ReadTelemetry, Scope::ReadAudit, Scope::Release, Scope::Administer];

    pub fn name(self) -> &'static str {
        match self {
            Scope::Ingest => "ingest",
            Scope::ReadTelemetry => "read_telemetry",
            Scope::ReadAudit => "read_audit",
            Scope::Release => "release",
            Scope::Administer => "administer",
        }
    }

    pub fn from_name(name: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.name() == name)
    }

    pub fn allows(self, permission: Permission) -> bool {
        match self {
            Scope::Ingest => permission == Permission::Ingest,
            Scope::ReadTelemetry => permission == Permission::ReadTelemetry,
            Scope::ReadAudit => permission == Permission::ReadAudit,
            Scope::Release => permission == Permission::Release,
            Scope::Administer => {
                matches!(
                    permission,
                    Permission::Edit | Permission::Release | Permission::Administer | Permission::ManageUsers
                )
            }
        }
    }
}

impl Caller {
    /// A caller with a principal and nothing else known.
    pub fn new(principal: Principal) -> Caller {
        Caller {
            principal,
            projects: None,
            ip: None,
            user_agent: None,
            session_id: None,
            correlation_id: None,
            trace_id: None,
            span_id: None,
        }
    }

    pub fn system(task: &'static str) -> Caller {
        Caller::new(Principal::System { task })
    }

    pub fn allows(&self, permission: Permission) -> bool {
        match &self.principal {
            Principal::Anonymous => permission == Permission::Public,
            Principal::User { role, .. } => role.allows(permission),
            Principal::Key { scopes, .. } => {
                permission == Permission::Public || scopes.iter().any(|scope| scope.allows(permission))
            }
            Principal::System { .. } => true,
        }
    }

    /// Whether the caller may touch `project` at all.
    pub fn reaches(&self, project: &Project) -> bool {
        if project.as_str() == Project::WHODUNIT {
            return match &self.principal {
                Principal::User { role, .. } => role.reads_own_trail(),
                Principal::Key { scopes, .. } => {
                    scopes.contains(&Scope::ReadAudit) && self.projects.as_ref().is_none_or(|all| all.contains(project))
                }
                Principal::System { .. } => true,
                Principal::Anonymous => false,
            };
        }
        self.projects.as_ref().is_none_or(|projects| projects.contains(project))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ingest_key_can_only_send() {
        let key = Principal::Key { id: "k".into(), name: "shop".into(), scopes: vec![Scope::Ingest] };
        let caller = Caller::new(key);
        assert!(caller.allows(Permission::Ingest));
        for other in Permission::ALL.into_iter().filter(|other| *other != Permission::Ingest) {
            assert!(!caller.allows(other), "{other:?}");
        }
    }

    #[test]
    fn the_own_trail_is_for_those_who_answer_for_it() {
        let user = |role| {
            Caller::new(Principal::User { id: "u".into(), email: "u@example.com".into(), name: "U".into(), role })
        };
        assert!(user(Role::Auditor).reaches(&Project::whodunit()));
        assert!(!user(Role::Viewer).reaches(&Project::whodunit()));
        assert!(user(Role::Viewer).reaches(&Project::default_project()));
        assert!(!user(Role::Auditor).allows(Permission::Administer));
        assert!(!user(Role::Auditor).allows(Permission::Edit) && user(Role::Member).allows(Permission::Edit));
    }
}
