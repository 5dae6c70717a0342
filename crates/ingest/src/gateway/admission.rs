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
use whodunit_stdx::{ErrorKind, Limit, Share, Turns};

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
    pub fn new(at_once: usize, background: Option<Background>) -> Decoders {
        let share = Share { at_once, of_one_max: at_once, waiting_max: DECODERS_WAITING_MAX };
        Decoders { free: Turns::new(share), background }
    }
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
    use futures::FutureExt;

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
        let decoders = Decoders::new(1, None);
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
}
