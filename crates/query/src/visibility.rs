//! What a caller may see. Every question takes one; no question can be asked without.
//!
//! The table provider applies it: segments and buffered batches of other projects are never opened, so no view,
//! subquery or function can reach them.

use std::sync::Arc;

use whodunit_model::{Caller, Permission, Project, Table};

use crate::error::Error;

/// Which rows of which tables exist for a caller.
#[derive(Clone, Debug)]
pub struct Visibility {
    projects: Projects,
    /// Whether the project `whodunit` (the trail of Whodunit itself) is among them.
    own_trail: bool,
    audit: Access,
    telemetry: Access,
}

/// The projects whose rows exist for a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Projects {
    /// All of the organization, whodunit's own only with `own_trail`.
    All,
    Only(Arc<[Project]>),
}

/// Whether a kind of table may be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Allowed,
    Refused,
}

impl Visibility {
    pub fn of(caller: &Caller) -> Visibility {
        let access = |permission| if caller.allows(permission) { Access::Allowed } else { Access::Refused };
        Visibility {
            projects: caller.projects.clone().map_or(Projects::All, Projects::Only),
            own_trail: caller.reaches(&Project::whodunit()),
            audit: access(Permission::ReadAudit),
            telemetry: access(Permission::ReadTelemetry),
        }
    }

    /// The same, but of the named projects only. Never widens.
    pub fn narrowed(&self, to: &[Project]) -> Visibility {
        let kept: Vec<Project> = to.iter().filter(|project| self.sees_project(project)).cloned().collect();
        Visibility { projects: Projects::Only(kept.into()), ..self.clone() }
    }

    /// The same without Whodunit's own trail.
    pub fn of_applications(&self) -> Visibility {
        Visibility { own_trail: false, ..self.clone() }
    }

    /// Whether rows of `project` exist for the caller.
    pub fn sees_project(&self, project: &Project) -> bool {
        if project.as_str() == Project::WHODUNIT && !self.own_trail {
            return false;
        }
        match &self.projects {
            Projects::All => true,
            Projects::Only(projects) => projects.contains(project),
        }
    }

    pub fn reads(&self, table: Table) -> bool {
        let access = if table == Table::AuditLogs { self.audit } else { self.telemetry };
        access == Access::Allowed
    }

    /// Refuses a table that the caller may not read, by name.
    pub fn require(&self, table: Table) -> Result<(), Error> {
        if self.reads(table) {
            return Ok(());
        }
        let scope = if table == Table::AuditLogs { "read_audit" } else { "read_telemetry" };
        Err(Error::forbidden(format!("{} may not be read with these credentials", table.name()))
            .with_field(table.name())
            .with_hint(format!("use a key with the scope {scope}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whodunit_model::{Principal, Role, Scope};

    fn key(scopes: Vec<Scope>, projects: Option<Vec<Project>>) -> Caller {
        let principal = Principal::Key { id: "k".into(), name: "k".into(), scopes };
        Caller { projects: projects.map(Into::into), ..Caller::new(principal) }
    }

    #[test]
    fn a_key_sees_its_projects_and_tables_only() {
        let shop = Project::parse("shop").expect("slug");
        let visibility = Visibility::of(&key(vec![Scope::ReadTelemetry], Some(vec![shop.clone()])));
        assert!(visibility.sees_project(&shop));
        assert!(!visibility.sees_project(&Project::default_project()));
        assert!(!visibility.sees_project(&Project::whodunit()));
        assert!(visibility.require(Table::Logs).is_ok());
        assert!(visibility.require(Table::AuditLogs).is_err());
    }

    #[test]
    fn the_own_trail_needs_its_role() {
        let user = |role| Principal::User { id: "u".into(), email: "u@example.com".into(), name: "U".into(), role };
        assert!(Visibility::of(&Caller::new(user(Role::Auditor))).sees_project(&Project::whodunit()));
        let viewer = Visibility::of(&Caller::new(user(Role::Viewer)));
        assert!(!viewer.sees_project(&Project::whodunit()));
        assert!(!viewer.narrowed(&[Project::whodunit()]).sees_project(&Project::whodunit()));
    }
}
