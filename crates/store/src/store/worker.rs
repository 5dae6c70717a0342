//! Threads for work that costs CPU, beside the ones that answer requests.
//!
//! Each has a small runtime of its own, so that sorting and encoding never take a turn from an append. Flushes of
//! telemetry and rewrites run at a lower priority; the flush of audit does not, since it frees memory for audit.

use std::future::Future;
use std::pin::Pin;

use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};
use whodunit_stdx::tasks::lower_thread_priority;
use whodunit_stdx::{ErrorKind, Tasks};

use crate::Error;
use crate::segment::Lane;

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Jobs that may wait for one worker; there are as many as callers, who wait for their job.
const JOBS_MAX: usize = 16;

/// The threads of one store.
pub struct Workers {
    flushes: [Worker; 2],
    pub rewrites: Worker,
    pub backups: Worker,
}

/// One thread.
pub struct Worker(Mutex<Option<mpsc::Sender<Job>>>);

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
        })
    }

    pub fn flush(&self, lane: Lane) -> &Worker {
        &self.flushes[lane as usize]
    }

    /// No further job is taken; the threads end after the present one.
    pub fn close(&self) {
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
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let closed = || Error::new(ErrorKind::Unavailable, "the store is closed");
        let jobs = self.0.lock().clone().ok_or_else(closed)?;
        let (outcome, told) = oneshot::channel();
        let job = Box::pin(async move {
            let _caller_gone = outcome.send(job.await);
        });
        jobs.send(job).await.map_err(|_| closed())?;
        drop(jobs);
        told.await.unwrap_or_else(|_| Err(closed()))
    }
}
