//! Follows errors as they are stored: what was resolved and happens again is opened, what was ignored until it was
//! enough comes back, and when issues and releases were first seen is written down.
//!
//! Ingest does not know of it: errors are asked for by their numbers after they are stored. The place moves together
//! with what was learned, so a process that ends anywhere repeats nothing and misses nothing. What cannot be written
//! is tried again from the same place.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use whodunit_control::{
    Counted, Error as ControlError, FollowedErrors, ISSUES_KNOWN_PER_PROJECT_MAX, Issue, IssueBook, IssueSighting,
    RELEASES_KNOWN_PER_PROJECT_MAX, user_hash,
};
use whodunit_issues::fingerprint::IssueId;
use whodunit_issues::release::Release;
use whodunit_issues::time::Time;
use whodunit_issues::workflow::{self, EventFacts, Happened, State, Until};
use whodunit_model::{Caller, Project};
use whodunit_query::issue_news::{IssueEvent, IssueNews, Stretch};
use whodunit_query::{Error as QueryError, IssueScope, Visibility};
use whodunit_stdx::{Tasks, Timestamp};

use crate::app::App;
use crate::desk::scope_of_book;

/// How often newly stored errors are looked for.
pub const ISSUES_FOLLOW_INTERVAL: Duration = Duration::from_secs(1);

/// Why a round was not finished.
#[derive(Debug, thiserror::Error)]
enum Unfinished {
    #[error(transparent)]
    Control(#[from] ControlError),
    #[error(transparent)]
    Query(#[from] QueryError),
}

/// Follows until `tasks` stop.
pub fn follow(app: &Arc<App>, tasks: &Tasks) {
    // Before anything new is stored: what a crash took back is numbered again, and must not be passed over.
    let newest = app.engine.newest_error().unwrap_or(0);
    let app = app.clone();
    tasks.spawn("issues", move |mut stop| async move {
        let mut place: Option<i64> = None;
        while !stop.is_set() {
            let followed = async {
                let begin = match place {
                    Some(place) => place,
                    None => app.control.issue_place(app.store.writer()).await?.unwrap_or(0).min(newest),
                };
                let mut at = *place.insert(begin);
                while !stop.is_set()
                    && let Some(stretch) = app.engine.errors_after(at)
                {
                    at = step(&app, stretch).await?;
                    place = Some(at);
                    // What came meanwhile waits for the next round: many errors cost little more than one.
                    if at == stretch.through && stretch.reaches_newest() {
                        break;
                    }
                }
                wake(&app).await
            };
            if let Err(error) = followed.await {
                tracing::warn!(%error, source = ?std::error::Error::source(&error), "errors were not followed; it is tried again");
            }
            tokio::select! {
                () = stop.wait() => {}
                () = tokio::time::sleep(ISSUES_FOLLOW_INTERVAL) => {}
            }
        }
    });
}

/// Ends ignoring of what was to be ignored until now.
async fn wake(app: &App) -> Result<(), Unfinished> {
    for issue in app.control.issues_due().await? {
        let (state, happened) = workflow::at(&issue.standing.state, Time(app.world.now().nanos()));
        if happened != Happened::Nothing {
            app.control.move_issue(issue, state, &happened, None).await?;
        }
    }
    Ok(())
}

/// Learns from a stretch, and says how far it came.
async fn step(app: &App, mut stretch: Stretch) -> Result<i64, Unfinished> {
    let caller = Caller::system("issues");
    let visibility = Visibility::of(&caller);
    let book = app.control.issue_book(&caller, None).await?;
    let scope = Arc::new(scope_of_book(&book));
    let news = loop {
        match app.engine.issue_news(stretch, &scope, &visibility).await {
            // So many issues at once do not fit: fewer rows have fewer.
            Err(error) if error.limit.is_some() && stretch.through - stretch.after > 1 => {
                stretch.through = stretch.after + (stretch.through - stretch.after) / 2;
            }
            news => break news?,
        }
    };
    let releases = releases(&news);
    let watched = watched(&book, &scope, &news);
    let mut counted = Vec::new();
    if !watched.is_empty() {
        let only = news.iter().map(|one| one.issue).filter(|id| watched.contains_key(&scope.counts_for(*id))).collect();
        let of_watched = Arc::new(IssueScope { only: Some(only), ..scope.as_ref().clone() });
        let events = app.engine.issue_events(stretch, &of_watched, &visibility).await?;
        let known = known_releases(app, watched.values().map(|(issue, _)| &issue.project), &releases).await?;
        let mut by_issue: HashMap<IssueId, Vec<IssueEvent>> = HashMap::new();
        events.into_iter().for_each(|event| by_issue.entry(scope.counts_for(event.issue)).or_default().push(event));
        for (id, (issue, title)) in watched {
            let events = by_issue.remove(&id).unwrap_or_default();
            let moved = played(&issue, &events, known.get(&issue.project));
            match moved {
                Moved { happened: happened @ (Happened::Regressed | Happened::Returned), state, .. } => {
                    app.control.move_issue(issue, state, &happened, title).await?;
                }
                Moved { counted: now, .. } if now != issue.counted => counted.push((issue, now)),
                Moved { .. } => {}
            }
        }
    }
    let followed = FollowedErrors {
        writer: app.store.writer().to_owned(),
        seq: stretch.through,
        sightings: news.iter().map(|one| sighting(one, &book)).collect(),
        releases: releases.into_iter().map(|((project, name), seen)| (project, name, seen)).collect(),
        counted,
        issues_max: ISSUES_KNOWN_PER_PROJECT_MAX,
        releases_max: RELEASES_KNOWN_PER_PROJECT_MAX,
    };
    app.control.keep_followed(&followed).await?;
    Ok(stretch.through)
}

/// Releases that events name, each with its first event.
fn releases(news: &[IssueNews]) -> BTreeMap<(Project, String), Timestamp> {
    let mut first: BTreeMap<(Project, String), Timestamp> = BTreeMap::new();
    for one in news {
        for (name, seen) in &one.releases {
            let known = first.entry((one.project.clone(), name.clone())).or_insert(*seen);
            *known = (*known).min(*seen);
        }
    }
    first
}

/// A deletion begins a new life of the issue; what it hides belongs to the one before.
fn sighting(news: &IssueNews, book: &IssueBook) -> IssueSighting {
    let deleted_at = book.get(news.issue).and_then(|issue| issue.standing.deleted_at).filter(|_| news.stands);
    IssueSighting {
        project: news.project.clone(),
        issue: news.issue,
        life: deleted_at.unwrap_or(Timestamp(0)),
        first_seen: news.first_seen,
        first_release: news.releases.iter().min_by_key(|(_, seen)| *seen).map(|(name, _)| name.clone()),
        last_seen: news.last_seen,
    }
}

/// Issues with news whose state an event can change, each with what it is called now.
fn watched(book: &IssueBook, scope: &IssueScope, news: &[IssueNews]) -> BTreeMap<IssueId, (Issue, Option<String>)> {
    let mut watched = BTreeMap::new();
    for one in news.iter().filter(|one| one.stands) {
        let Some(issue) = book.get(scope.counts_for(one.issue)) else { continue };
        let is_watched = match &issue.standing.state {
            State::Resolved { .. } => true,
            State::Ignored { until, .. } => *until != Until::Forever,
            State::Unresolved | State::Regressed { .. } => false,
        };
        if is_watched {
            watched.insert(issue.id, (issue.clone(), one.title.clone()));
        }
    }
    watched
}

type Releases = HashMap<String, Timestamp>;

async fn known_releases(
    app: &App,
    projects: impl Iterator<Item = &Project>,
    news: &BTreeMap<(Project, String), Timestamp>,
) -> Result<HashMap<Project, Releases>, Unfinished> {
    let projects: HashSet<&Project> = projects.collect();
    let mut known: HashMap<Project, Releases> = HashMap::new();
    for project in projects {
        let releases = app.control.issue_releases(project).await?;
        let seen = |release: Release| Some((release.name, Timestamp(release.first_seen?.0)));
        known.insert(project.clone(), releases.into_iter().filter_map(seen).collect());
    }
    for ((project, name), seen) in news {
        if let Some(releases) = known.get_mut(project) {
            let first = releases.entry(name.clone()).or_insert(*seen);
            *first = (*first).min(*seen);
        }
    }
    Ok(known)
}

/// What became of an issue.
#[derive(Debug, PartialEq, Eq)]
struct Moved {
    state: State,
    happened: Happened,
    counted: Counted,
}

/// Plays events on an issue until one of them changes its state.
fn played(issue: &Issue, events: &[IssueEvent], releases: Option<&Releases>) -> Moved {
    let mut counted = issue.counted.clone();
    let ignored_at = match &issue.standing.state {
        State::Ignored { at, .. } => Some(*at),
        _ => None,
    };
    for event in events {
        let time = Time(event.time.nanos());
        if ignored_at.is_some_and(|at| time > at) {
            counted.events += 1;
            if matches!(&issue.standing.state, State::Ignored { until: Until::Users(_), .. }) {
                counted.users.extend(event.user.as_deref().map(user_hash));
            }
        }
        let first_seen = |name: &String| releases?.get(name).map(|seen| Time(seen.nanos()));
        let facts = EventFacts {
            time,
            release: event.release.as_ref().map(|name| Release::new(name, first_seen(name))),
            events_since_ignored: counted.events,
            users_since_ignored: counted.users.len() as u64,
        };
        let (state, happened) = workflow::next(&issue.standing.state, &facts);
        if matches!(happened, Happened::Regressed | Happened::Returned) {
            return Moved { state, happened, counted };
        }
    }
    Moved { state: issue.standing.state.clone(), happened: Happened::Nothing, counted }
}

#[cfg(test)]
mod tests {
    use whodunit_control::Standing;
    use whodunit_issues::workflow::Resolution;

    use super::*;

    const AT: Time = Time(1_000);

    fn issue(state: State) -> Issue {
        let issue = Issue::untouched(&Project::default_project(), IssueId([1; 16]));
        Issue { standing: Standing { state, ..Standing::default() }, ..issue }
    }

    fn event(time: i64, user: &str, release: &str) -> IssueEvent {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        IssueEvent { issue: IssueId([1; 16]), time: Timestamp(time), release: text(release), user: text(user) }
    }

    #[test]
    fn events_from_before_it_was_ignored_do_not_count() {
        let ignored = issue(State::Ignored { at: AT, until: Until::Events(3) });
        let moved = played(&ignored, &[event(999, "a", ""), event(1_001, "a", ""), event(1_002, "b", "")], None);
        assert_eq!((moved.happened, moved.counted.events), (Happened::Nothing, 2));
        let counted = Issue { counted: moved.counted, ..ignored };
        let moved = played(&counted, &[event(1_003, "a", "")], None);
        assert_eq!((moved.happened, moved.state), (Happened::Returned, State::Unresolved));
    }

    #[test]
    fn users_are_counted_once_and_events_without_one_are_nobodys() {
        let ignored = issue(State::Ignored { at: AT, until: Until::Users(2) });
        let events = [event(1_001, "a", ""), event(1_002, "a", ""), event(1_003, "", "")];
        let moved = played(&ignored, &events, None);
        assert_eq!((moved.happened, moved.counted.users.len()), (Happened::Nothing, 1));
        let counted = Issue { counted: moved.counted, ..ignored };
        assert_eq!(played(&counted, &[event(1_004, "b", "")], None).happened, Happened::Returned);
    }

    #[test]
    fn a_release_that_was_there_before_does_not_break_the_promise_of_the_next_one() {
        let by = Resolution::After(Some(Release::new("b4f1c2d", Some(Time(500)))));
        let resolved = issue(State::Resolved { at: AT, by });
        let releases =
            Releases::from([("b4f1c2d".to_owned(), Timestamp(500)), ("c0ffee1".to_owned(), Timestamp(2_000))]);
        let late = played(&resolved, &[event(3_000, "a", "b4f1c2d")], Some(&releases));
        assert_eq!(late.happened, Happened::Nothing);
        let broken = played(&resolved, &[event(3_000, "a", "b4f1c2d"), event(3_001, "a", "c0ffee1")], Some(&releases));
        let release = Some("c0ffee1".to_owned());
        assert_eq!(broken.state, State::Regressed { at: Time(3_001), release });
    }
}
