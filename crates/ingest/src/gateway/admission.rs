//! What bounds the work of all requests together, and shares it out among projects.
//!
//! A flood of one project may fill what is its own: it waits behind itself for a decoder, and what it holds in memory
//! ends before the memory for telemetry does.

use std::collections::HashMap;

use bytes::Bytes;
use parking_lot::Mutex;
use whodunit_model::Project;
use whodunit_stdx::metrics::Gauge;
use whodunit_stdx::tasks::{Background, blocking};
use whodunit_stdx::{ErrorKind, Limit, Share, Turn, Turns};

use super::interrupted;
use crate::error::Error;
use crate::metrics::{DECODERS_RUNNING, DECODERS_WAITING};

/// Bodies that wait for a decoder; the places before this gate are fewer.
const DECODERS_WAITING_MAX: usize = 4_096;
/// Of a hundred bytes for telemetry, so many may be held for one project: its flood leaves room for others.
pub const TELEMETRY_MEMORY_OF_PROJECT_PER_HUNDRED_MAX: usize = 75;
/// How many bodies are decoded at once, and where. Projects take turns.
pub struct Decoders {
    free: Turns<Project>,
    /// For small ones, which are decoded where they arrive; none: they take no turns.
    here: Option<Turns<Project>>,
    /// Threads that yield to all others; none: the common ones for such work.
    background: Option<Background>,
}

/// A body as it came, and where it is to be decoded.
pub struct Sent<'s> {
    pub bytes: Bytes,
    pub project: &'s Project,
    pub decoders: &'s Decoders,
    /// Too large to be decoded where it arrives.
    pub large: bool,
}

/// A limit of which each project may hold a part.
pub struct Shares {
    whole: Limit,
    of_projects: Mutex<HashMap<Project, Limit>>,
}

/// Counts a decoder that runs, or a body that waits for one, for as long as it lives.
struct Counted(&'static Gauge);

impl Counted {
    fn start(gauge: &'static Gauge) -> Counted {
        gauge.add(1);
        Counted(gauge)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.add(-1);
    }
}

impl Decoders {
    /// On the common threads for such work; small bodies where they arrive, at once.
    pub fn prompt(at_once: usize) -> Decoders {
        Decoders { free: turns(at_once), here: None, background: None }
    }

    /// On threads that yield to all others; small bodies where they arrive, and so many of them at once.
    pub fn yielding(name: &'static str, at_once: usize, here: usize) -> Decoders {
        let background = Some(Background::new(name, at_once));
        Decoders { free: turns(at_once), here: Some(turns(here)), background }
    }

    /// A turn to decode a small body here.
    ///
    /// Whoever has it lets others go first: a hundred small bodies that are there at once are a hundred tasks, and
    /// whoever is not of them would wait for all. So they wait here, and between two of them whatever else is ready
    /// has its turn, sockets included.
    pub async fn turn_here(&self, project: &Project) -> Result<Option<Turn<Project>>, Error> {
        let Some(here) = &self.here else { return Ok(None) };
        let turn = here.take(project).await.ok_or_else(too_many)?;
        tokio::task::yield_now().await;
        Ok(Some(turn))
    }
}

fn turns(at_once: usize) -> Turns<Project> {
    Turns::new(Share { at_once, of_one_max: at_once, waiting_max: DECODERS_WAITING_MAX })
}

impl Shares {
    pub fn of(whole: Limit) -> Shares {
        Shares { whole, of_projects: Mutex::default() }
    }

    /// What one project may hold. There are as many as projects that have sent something.
    pub fn share(&self, project: &Project) -> Limit {
        let mut shares = self.of_projects.lock();
        if let Some(share) = shares.get(project) {
            return share.clone();
        }
        let bytes_max = self.whole.bytes_max() / 100 * TELEMETRY_MEMORY_OF_PROJECT_PER_HUNDRED_MAX;
        let share = self.whole.child("memory", bytes_max);
        shares.insert(project.clone(), share.clone());
        share
    }
}

impl Sent<'_> {
    /// Does work here if the body is small, else in its turn on a thread for such work.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        if !self.large {
            return Ok(work());
        }
        let waits = Counted::start(&DECODERS_WAITING);
        let _turn = self.decoders.free.take(self.project).await.ok_or_else(too_many)?;
        drop(waits);
        let _running = Counted::start(&DECODERS_RUNNING);
        let done = match &self.decoders.background {
            Some(background) => background.run(work).await,
            None => blocking(work).await,
        };
        done.map_err(|_panicked| interrupted())
    }
}

/// As a full gate says it.
fn too_many() -> Error {
    Error::new(ErrorKind::Exhausted, "too many bodies wait to be decoded").limit("telemetry_requests_max")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::FutureExt;
    use whodunit_stdx::Tasks;

    use super::*;

    fn project(slug: &str) -> Project {
        Project::parse(slug).expect("a slug")
    }

    #[test]
    fn what_a_flood_holds_leaves_memory_for_other_projects() {
        let memory = Limit::new("memory", 1_000);
        let shares = Shares::of(memory.clone());
        let mut held = Vec::new();
        while let Some(more) = shares.share(&project("flood")).try_reserve(10) {
            held.push(more);
        }
        assert_eq!(memory.used(), 750);
        assert!(shares.share(&project("quiet")).try_reserve(200).is_some());
        drop(held);
        assert_eq!(memory.used(), 0);
    }

    #[test]
    fn a_body_is_decoded_in_front_of_the_backlog_of_another_project() {
        let decoders = Decoders::prompt(1);
        let [flood, quiet] = ["flood", "quiet"].map(project);
        let sent = |project| Sent { bytes: Bytes::new(), project, decoders: &decoders, large: true };
        let running = decoders.free.take(&flood).now_or_never().expect("free");
        let (floods, quiets) = (sent(&flood), sent(&quiet));
        let mut backlog: Vec<_> = (0..100).map(|_| Box::pin(floods.decoders.free.take(floods.project))).collect();
        assert!(backlog.iter_mut().all(|waiting| waiting.now_or_never().is_none()));
        let mut other = Box::pin(quiets.decoders.free.take(quiets.project));
        assert!((&mut other).now_or_never().is_none());
        drop(running);
        drop((&mut backlog[0]).now_or_never().expect("it came first"));
        let turn = (&mut other).now_or_never().expect("its project's turn");
        assert!(turn.is_some());
        assert!((&mut backlog[1]).now_or_never().is_none());
    }

    #[tokio::test]
    async fn what_is_ready_beside_small_bodies_waits_for_one_of_them_and_not_for_all() {
        let decoders = Arc::new(Decoders::yielding("decode", 1, 1));
        let (tasks, order) = (Tasks::new(), Arc::new(Mutex::new(Vec::new())));
        for body in 0..10 {
            let (decoders, order) = (decoders.clone(), order.clone());
            tasks.spawn("small body", move |_| async move {
                let turn = decoders.turn_here(&project("flood")).await.expect("a turn");
                order.lock().push(body);
                drop(turn);
            });
        }
        let beside = order.clone();
        tasks.spawn("beside", move |_| async move { beside.lock().push(99) });
        assert!(tasks.stop().await.is_empty());
        let order = order.lock().clone();
        assert_eq!(order.len(), 11);
        assert!(order.iter().position(|one| *one == 99) <= Some(1), "{order:?}");
    }
}
