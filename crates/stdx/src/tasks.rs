//! Supervised tasks: every spawned task has an owner, a name and an end.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll};

use parking_lot::Mutex;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

/// The tasks and threads of one owner. Stopping asks all of them to end and waits for it.
#[derive(Clone, Debug)]
pub struct Tasks {
    stop: watch::Sender<bool>,
    running: Arc<Mutex<Vec<Running>>>,
}

#[derive(Debug)]
enum Running {
    Task(&'static str, JoinHandle<()>),
    Thread(&'static str, std::thread::JoinHandle<()>),
}

/// Told to a task: become ready when it shall end.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Resolves when the owner stops, also if it already has or is gone.
    pub async fn wait(&mut self) {
        let _gone_or_set = self.0.wait_for(|stop| *stop).await;
    }
}

/// The work panicked; its message went to the log of the process.
#[derive(Debug, thiserror::Error)]
#[error("work on a blocking thread panicked")]
pub struct Panicked;

/// Runs work that computes or waits for long on a thread made for such work, so that it holds up no other request.
/// How much of it runs at once is for the caller to bound.
#[allow(clippy::disallowed_methods, reason = "this is the one door to spawning")]
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Panicked> {
    tokio::task::spawn_blocking(work).await.map_err(|_panic| Panicked)
}

/// Threads for work that can wait: they take what others leave of the processors.
///
/// They start when there is work and end when this is dropped.
pub struct Background {
    name: &'static str,
    threads_max: usize,
    threads: Mutex<usize>,
    jobs: mpsc::Sender<Job>,
    waiting: Arc<Mutex<mpsc::Receiver<Job>>>,
}

type Job = Box<dyn FnOnce() + Send>;

impl Background {
    pub fn new(name: &'static str, threads_max: usize) -> Background {
        let (jobs, waiting) = mpsc::channel();
        Background { name, threads_max, threads: Mutex::new(0), jobs, waiting: Arc::new(Mutex::new(waiting)) }
    }

    /// Runs work there, and where no thread can be had as [`blocking`] does.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Panicked> {
        if self.start_thread().is_err() {
            return blocking(work).await;
        }
        let (outcome, told) = oneshot::channel();
        let job = Box::new(move || {
            let _caller_gone = outcome.send(work());
        });
        self.jobs.send(job).map_err(|_no_thread| Panicked)?;
        told.await.map_err(|_unsent| Panicked)
    }

    /// Starts one more thread, up to as many as there may be. An error if there is none at all.
    #[allow(clippy::disallowed_methods, reason = "this is the one door to spawning")]
    fn start_thread(&self) -> std::io::Result<()> {
        let mut threads = self.threads.lock();
        if *threads == self.threads_max {
            return Ok(());
        }
        let waiting = self.waiting.clone();
        let body = move || {
            lower_thread_priority();
            loop {
                let next = waiting.lock().recv();
                let Ok(job) = next else { return };
                // What it leaves half done belongs to the job alone, and whoever waits for it is told.
                let _panicked = std::panic::catch_unwind(AssertUnwindSafe(job));
            }
        };
        match std::thread::Builder::new().name(self.name.to_owned()).spawn(body) {
            Ok(_detached) => *threads += 1,
            Err(error) if *threads == 0 => return Err(error),
            Err(_) => {}
        }
        Ok(())
    }
}

/// Makes the calling thread yield to the others (nice 10).
pub fn lower_thread_priority() {
    const NICE: libc::c_int = 10;
    // On Linux the priority belongs to the thread, and 0 names the caller. A refusal costs speed only.
    // SAFETY: no pointers are passed.
    #[cfg(target_os = "linux")]
    unsafe {
        libc::setpriority(libc::PRIO_PROCESS, 0, NICE);
    }
    #[cfg(not(target_os = "linux"))]
    let _no_priority_per_thread_here = NICE;
}

/// What [`Tasks::outliving`] gives.
pub struct Outliving<T: Send + 'static> {
    name: &'static str,
    tasks: Tasks,
    /// Gone once it is done or has panicked.
    work: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
}

impl<T: Send + 'static> Future for Outliving<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        // Taken out, so that it is not there any more if it panics.
        let mut work = self.work.take().expect("is not polled after its end");
        let polled = work.as_mut().poll(context);
        if polled.is_pending() {
            self.work = Some(work);
        }
        polled
    }
}

impl<T: Send + 'static> Drop for Outliving<T> {
    fn drop(&mut self) {
        // Without a runtime everything ends, and this with it.
        if let Some(work) = self.work.take().filter(|_| tokio::runtime::Handle::try_current().is_ok()) {
            self.tasks.spawn(self.name, |_| async move {
                let _nobody_waits = work.await;
            });
        }
    }
}

impl Default for Tasks {
    fn default() -> Self {
        Self::new()
    }
}

impl Tasks {
    pub fn new() -> Tasks {
        Tasks { stop: watch::Sender::new(false), running: Arc::default() }
    }

    pub fn stop_signal(&self) -> Stop {
        Stop(self.stop.subscribe())
    }

    /// Starts an asynchronous task on the current runtime.
    #[allow(clippy::disallowed_methods, reason = "this is the one door to spawning")]
    pub fn spawn<F>(&self, name: &'static str, task: impl FnOnce(Stop) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let handle = tokio::spawn(task(self.stop_signal()));
        self.remember(Running::Task(name, handle));
    }

    /// Work that is done where it is awaited, and goes on as a task of its own if nobody awaits it any more.
    pub fn outliving<T: Send + 'static>(
        &self,
        name: &'static str,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Outliving<T> {
        Outliving { name, tasks: self.clone(), work: Some(Box::pin(work)) }
    }

    /// Starts a named operating-system thread.
    #[allow(clippy::disallowed_methods, reason = "this is the one door to spawning")]
    pub fn thread(&self, name: &'static str, body: impl FnOnce(Stop) + Send + 'static) -> std::io::Result<()> {
        let stop = self.stop_signal();
        let handle = std::thread::Builder::new().name(name.to_owned()).spawn(move || body(stop))?;
        self.remember(Running::Thread(name, handle));
        Ok(())
    }

    fn remember(&self, started: Running) {
        let mut running = self.running.lock();
        running.retain(|one| match one {
            Running::Task(_, handle) => !handle.is_finished(),
            Running::Thread(_, handle) => !handle.is_finished(),
        });
        running.push(started);
    }

    /// Asks every task to end, waits for all, and reports those that panicked by name.
    #[allow(clippy::disallowed_methods, reason = "joining a thread waits, so it gets a blocking thread")]
    pub async fn stop(&self) -> Vec<&'static str> {
        self.stop.send_replace(true);
        let running = std::mem::take(&mut *self.running.lock());
        let mut panicked = Vec::new();
        for one in running {
            let (name, failed) = match one {
                Running::Task(name, handle) => (name, handle.await.is_err_and(|error| error.is_panic())),
                Running::Thread(name, handle) => {
                    let joined = tokio::task::spawn_blocking(move || handle.join().is_err()).await;
                    (name, joined.unwrap_or(true))
                }
            };
            if failed {
                tracing::error!(task = name, "task panicked");
                panicked.push(name);
            }
        }
        panicked
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn blocking_work_answers_or_says_that_it_panicked() {
        assert_eq!(blocking(|| 7).await.expect("answers"), 7);
        assert!(blocking(|| panic!("on purpose")).await.is_err());
    }

    #[tokio::test]
    async fn background_work_answers_or_says_that_it_panicked_and_the_thread_goes_on() {
        let background = Background::new("background", 1);
        let name = || std::thread::current().name().map(str::to_owned);
        assert_eq!(background.run(name).await.expect("answers").as_deref(), Some("background"));
        assert!(background.run(|| panic!("on purpose")).await.is_err());
        let results = futures::future::join_all((0..100).map(|number| background.run(move || number * 2))).await;
        let results: Vec<i32> = results.into_iter().map(|result| result.expect("answers")).collect();
        assert_eq!(results, (0..100).map(|number| number * 2).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn outliving_work_ends_where_it_is_awaited_or_without() {
        let tasks = Tasks::new();
        assert_eq!(tasks.outliving("answers", async { 7 }).await, 7);
        let (go, wait) = oneshot::channel();
        let (done, told) = oneshot::channel();
        let mut work = tasks.outliving("goes on", async move { done.send(wait.await) });
        assert!(futures::poll!(&mut work).is_pending());
        drop(work);
        go.send(7).expect("it still waits");
        assert_eq!(told.await.expect("it was done without anybody who waits"), Ok(7));
    }

    #[tokio::test]
    async fn outliving_work_that_panicked_does_not_go_on() {
        let tasks = Tasks::new();
        let mut work = tasks.outliving("panics", async { panic!("on purpose") });
        let polled = std::panic::catch_unwind(AssertUnwindSafe(|| Pin::new(&mut work).now_or_never()));
        assert!(polled.is_err());
        drop(work);
        assert!(tasks.stop().await.is_empty());
    }

    #[tokio::test]
    async fn stopping_ends_tasks_and_threads_and_names_the_panicked() {
        let tasks = Tasks::new();
        tasks.spawn("waits", |mut stop| async move { stop.wait().await });
        tasks.spawn("panics", |_| async { panic!("on purpose") });
        tasks
            .thread("spins", |stop| {
                while !stop.is_set() {
                    std::thread::yield_now()
                }
            })
            .expect("thread starts");
        assert_eq!(tasks.stop().await, vec!["panics"]);
    }
}
