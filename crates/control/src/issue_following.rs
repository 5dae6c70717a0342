//! What becomes of issues by itself: seen first and last, come back after a resolution, no longer ignored, recovered.
//!
//! Whoever follows errors hands over what it learned together with how far it came, and both are written at once. So
//! nothing is missed and nothing counted twice, whenever the process ends. A state changes before the place moves: a
//! change whose place was lost is asked for again, and then there is nothing to change.

use sha2::{Digest, Sha256};
use whodunit_issues::release::Release;
use whodunit_issues::workflow::{Happened, State};
use whodunit_model::{Caller, Project};
use whodunit_stdx::{ErrorKind, Timestamp};

use crate::core::Control;
use crate::db;
use crate::error::Error;
use crate::issue::{Counted, Issue, IssueSighting, Standing};
use crate::issues::{ChangedIssues, Circumstances, Planned};
use crate::trail::Severity;

/// Issues of one project of which it is known when they were first seen; past it those seen longest ago are forgotten.
pub const ISSUES_KNOWN_PER_PROJECT_MAX: usize = 100_000;
/// Likewise releases; past it those that were seen first longest ago are forgotten.
pub const RELEASES_KNOWN_PER_PROJECT_MAX: usize = 10_000;

/// The task in whose name issues change by themselves.
const TASK: &str = "issues";

/// What was learned from the errors of a writer up to a row.
#[derive(Clone, Debug)]
pub struct FollowedErrors {
    /// The id of the store.
    pub writer: String,
    /// The number of the last row.
    pub seq: i64,
    pub sightings: Vec<IssueSighting>,
    /// Each with its first error.
    pub releases: Vec<(Project, String, Timestamp)>,
    /// Ignored issues as they were read, each with what is counted of it now.
    pub counted: Vec<(Issue, Counted)>,
    /// How much of a project is known at most.
    pub issues_max: usize,
    pub releases_max: usize,
}

impl Control {
    /// How far the errors of a writer were followed.
    pub async fn issue_place(&self, writer: &str) -> Result<Option<i64>, Error> {
        db::sightings::place(&mut *self.0.database.read().await?, writer).await
    }

    /// Writes what was learned and moves the place: both, or neither.
    pub async fn keep_followed(&self, followed: &FollowedErrors) -> Result<(), Error> {
        let mut transaction = self.0.database.together().await?;
        db::sightings::move_to(&mut transaction, &followed.writer, followed.seq, self.0.world.now()).await?;
        db::sightings::see(&mut transaction, &followed.sightings).await?;
        for (project, name, seen) in &followed.releases {
            db::sightings::see_release(&mut transaction, project, name, *seen).await?;
        }
        for (before, counted) in &followed.counted {
            if !db::issues::count_on(&mut transaction, before, counted).await? {
                let message = format!("the issue {} was changed while its events were counted", before.id);
                return Err(Error::new(ErrorKind::Conflict, message));
            }
        }
        let mut projects: Vec<&Project> = followed.sightings.iter().map(|sighting| &sighting.project).collect();
        projects.sort_unstable();
        projects.dedup();
        for project in projects {
            db::sightings::forget_past(&mut transaction, project, followed.issues_max).await?;
            db::sightings::forget_releases_past(&mut transaction, project, followed.releases_max).await?;
        }
        db::commit(transaction).await
    }

    /// Ignored issues of all projects whose time has come.
    pub async fn issues_due(&self) -> Result<Vec<Issue>, Error> {
        db::issues::list_due(&mut *self.0.database.read().await?, self.0.world.now()).await
    }

    /// The releases of a project, first seen last first.
    pub async fn issue_releases(&self, project: &Project) -> Result<Vec<Release>, Error> {
        db::sightings::releases(&mut *self.0.database.read().await?, project).await
    }

    /// Changes the state of an issue in Whodunit's own name; a conflict if somebody changed it since it was read.
    pub async fn move_issue(
        &self,
        before: Issue,
        state: State,
        happened: &Happened,
        title: Option<String>,
    ) -> Result<ChangedIssues, Error> {
        let (action, doing, severity) = match happened {
            Happened::Regressed => ("ISSUE_REGRESS", "an event after the resolution opens", Severity::Warning),
            Happened::Recovered => ("ISSUE_RECOVER", "a job that runs well again resolves", Severity::Info),
            _ => ("ISSUE_RETURN", "what was waited for ends ignoring", Severity::Info),
        };
        let doing = doing.to_owned();
        let circumstances = Circumstances { action, doing, severity, reason: None, undoes: None };
        let after = Standing { state, ..before.standing.clone() };
        let planned = vec![Planned { before, after, title }];
        self.carry_out(&Caller::system(TASK), planned, circumstances).await
    }
}

/// A user among those who were counted, so that their names are not kept.
pub fn user_hash(user: &str) -> String {
    hex::encode(&Sha256::digest(user.as_bytes())[..8])
}
