//! Threads for work that costs CPU, beside the ones that answer requests.
//!
//! Each has a small runtime of its own, so that sorting and encoding never take a turn from an append. Flushes of
//! telemetry and rewrites run at a lower priority; the flush of audit does not, since it frees memory for audit.
//!
//! A lower priority is not enough. The kernel wakes a thread on the core where it ran, and moves it to another only
//! every few tens of milliseconds: two threads that answer requests share one core while a flush has most of the other
//! to itself, and what is due within milliseconds waits. So work that can wait also rests between its pieces.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};
use whodunit_stdx::tasks::lower_thread_priority;
use whodunit_stdx::{ErrorKind, Tasks, World};

use crate::Error;
use crate::segment::Lane;

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Jobs that may wait for one worker; there are as many as callers, who wait for their job.
const JOBS_MAX: usize = 16;
/// Work that is done before a rest: shorter rests than a few milliseconds cost more than they give.
const WORK_BEFORE_REST: Duration = Duration::from_millis(1);

/// The threads of one store.
pub struct Workers {
    flushes: [Worker; 2],
    pub rewrites: Worker,
    pub backups: Worker,
    /// How many wait for what the threads do, so that none of them rests.
    waiting: Arc<AtomicUsize>,
}

/// No thread rests as long as this lives.
pub struct Hurry(Arc<AtomicUsize>);

impl Drop for Hurry {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// One thread.
pub struct Worker(Mutex<Option<mpsc::Sender<Job>>>);

/// How a job rests. It can where it waits for something, be it for its next turn alone.
pub struct Pace {
    world: World,
    /// So many times as long as it has worked.
    rests: u32,
    /// Asked before each rest: whether there is none for now.
    is_urgent: Box<dyn Fn() -> bool + Send>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Priority {
    Normal,
    Low,
}

impl Workers {
    pub fn start(tasks: &Tasks) -> Result<Workers, Error> {
        Ok(Workers {
            flushes: [
                Worker::start("audit flush", Priority::Normal, tasks)?,
                Worker::start("telemetry flush", Priority::Low, tasks)?,
            ],
            rewrites: Worker::start("rewrites", Priority::Low, tasks)?,
            backups: Worker::start("backup", Priority::Low, tasks)?,
            waiting: Arc::default(),
        })
    }

    pub fn hurry(&self) -> Hurry {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Hurry(self.waiting.clone())
    }

    /// The pace of a job that rests so many times as long as it works, unless it is urgent or somebody waits.
    pub fn pace(&self, world: &World, rests: u32, is_urgent: impl Fn() -> bool + Send + 'static) -> Pace {
        let waiting = self.waiting.clone();
        let is_urgent = Box::new(move || waiting.load(Ordering::Relaxed) > 0 || is_urgent());
        Pace { world: world.clone(), rests, is_urgent }
    }

    pub fn flush(&self, lane: Lane) -> &Worker {
        &self.flushes[lane as usize]
    }

    /// No further job is taken; the threads end after the present one, which rests no more.
    pub fn close(&self) {
        std::mem::forget(self.hurry());
        for worker in self.flushes.iter().chain([&self.rewrites, &self.backups]) {
            worker.0.lock().take();
        }
    }
}

impl Worker {
    fn start(name: &'static str, priority: Priority, tasks: &Tasks) -> Result<Worker, Error> {
        let (jobs, mut waiting) = mpsc::channel::<Job>(JOBS_MAX);
        let failed = |error| Error::because(ErrorKind::Unavailable, format!("cannot start the thread {name:?}"), error);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let body = move |_| {
            if priority == Priority::Low {
                lower_thread_priority();
            }
            runtime.block_on(async {
                while let Some(job) = waiting.recv().await {
                    job.await;
                }
            });
        };
        tasks.thread(name, body).map_err(failed)?;
        Ok(Worker(Mutex::new(Some(jobs))))
    }

    /// Runs a job there and waits for its outcome.
    pub fn run<T: Send + 'static>(
        &self,
        job: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> impl Future<Output = Result<T, Error>> {
        self.run_at(None, job)
    }

    /// The same at a pace, if there is one.
    ///
    /// Jobs are tens of kilobytes large. They are boxed before there is a future that holds them, or that of every
    /// caller were as large several times over, and the stack with it.
    pub fn run_at<T: Send + 'static>(
        &self,
        pace: Option<Pace>,
        job: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> impl Future<Output = Result<T, Error>> {
        let (outcome, told) = oneshot::channel();
        let job = Box::pin(job);
        let job = Box::pin(async move {
            let done = match pace {
                Some(pace) => pace.keep(job).await,
                None => job.await,
            };
            let _caller_gone = outcome.send(done);
        });
        async {
            let closed = || Error::new(ErrorKind::Unavailable, "the store is closed");
            let jobs = self.0.lock().clone().ok_or_else(closed)?;
            jobs.send(job).await.map_err(|_| closed())?;
            drop(jobs);
            told.await.unwrap_or_else(|_| Err(closed()))
        }
    }
}

impl Pace {
    async fn keep<T>(self, mut job: Pin<Box<impl Future<Output = T>>>) -> T {
        let mut worked = Duration::ZERO;
        loop {
            let begun = self.world.instant();
            let polled = futures::poll!(job.as_mut());
            worked += self.world.instant().since(begun);
            match polled {
                Poll::Ready(outcome) => return outcome,
                Poll::Pending if worked >= WORK_BEFORE_REST && !(self.is_urgent)() => {
                    tokio::time::sleep(worked * self.rests).await;
                    worked = Duration::ZERO;
                }
                // Whatever the job waits for wakes this too.
                Poll::Pending => futures::pending!(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use whodunit_stdx::Timestamp;

    use super::*;

    /// What a job that takes 0.4 ms for each of ten pieces asks and rests, if it is as urgent as that.
    async fn ten_pieces(workers: &Workers, is_urgent: bool) -> (usize, Duration) {
        let (world, clock) = World::seeded(1, Timestamp(0));
        let asked = Arc::new(AtomicUsize::new(0));
        let asking = asked.clone();
        let pace = workers.pace(&world, 5, move || {
            asking.fetch_add(1, Ordering::Relaxed);
            is_urgent
        });
        let job = async move {
            for _ in 0..10 {
                clock.advance(Duration::from_micros(400));
                tokio::task::yield_now().await;
            }
            Ok(())
        };
        let real = World::system();
        let begun = real.instant();
        workers.rewrites.run_at(Some(pace), job).await.expect("it runs");
        (asked.load(Ordering::Relaxed), real.instant().since(begun))
    }

    #[tokio::test]
    async fn a_job_rests_five_times_as_long_as_it_works_unless_it_is_urgent_or_waited_for() {
        let workers = Workers::start(&Tasks::new()).expect("threads");
        let (asked, took) = ten_pieces(&workers, false).await;
        // After every third piece, for six milliseconds.
        assert_eq!(asked, 3);
        assert!(took >= Duration::from_millis(18), "{took:?}");
        assert_eq!(ten_pieces(&workers, true).await.0, 8, "asked after each piece from the third on");
        let hurry = workers.hurry();
        assert_eq!(ten_pieces(&workers, false).await.0, 0);
        drop(hurry);
        assert_eq!(ten_pieces(&workers, false).await.0, 3);
        workers.close();
    }
}
