//! Cancelling from another connection: the process number and the secret that a session was given at its start.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;
use whodunit_stdx::World;

/// Sessions that may be cancelled.
#[derive(Debug, Default)]
pub struct Cancels {
    next: AtomicU32,
    sessions: Mutex<HashMap<u32, Known>>,
}

#[derive(Debug)]
struct Known {
    secret: u32,
    signal: Arc<Signal>,
}

/// Between a session and those who cancel it.
#[derive(Debug, Default)]
struct Signal {
    /// Whether there is anything to cancel.
    running: AtomicBool,
    requested: AtomicBool,
    wake: Notify,
}

/// A session's own entry; gone when it is dropped.
#[derive(Debug)]
pub struct Cancellable {
    pub process: u32,
    pub secret: u32,
    signal: Arc<Signal>,
    cancels: Arc<Cancels>,
}

impl Cancels {
    pub fn enter(self: &Arc<Cancels>, world: &World) -> Cancellable {
        let process = self.next.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let (secret, signal) = (u32::from_be_bytes(world.random_bytes()), Arc::new(Signal::default()));
        self.sessions.lock().insert(process, Known { secret, signal: signal.clone() });
        Cancellable { process, secret, signal, cancels: self.clone() }
    }

    /// Ends what the session does now, if the secret is its own. Nobody is told whether it was.
    pub fn cancel(&self, process: u32, secret: u32) {
        if let Some(known) = self.sessions.lock().get(&process)
            && known.secret == secret
            && known.signal.running.load(Ordering::Acquire)
        {
            known.signal.requested.store(true, Ordering::Release);
            known.signal.wake.notify_waiters();
        }
    }
}

impl Cancellable {
    /// From now on there is something to cancel. What was asked for before is over.
    pub fn begin(&self) {
        self.signal.requested.store(false, Ordering::Release);
        self.signal.running.store(true, Ordering::Release);
    }

    pub fn end(&self) {
        self.signal.running.store(false, Ordering::Release);
    }

    /// Resolves when what runs shall end, also if that was said while nobody waited.
    pub async fn cancelled(&self) {
        loop {
            let woken = self.signal.wake.notified();
            if self.signal.requested.load(Ordering::Acquire) {
                return;
            }
            woken.await;
        }
    }
}

impl Drop for Cancellable {
    fn drop(&mut self) {
        self.cancels.sessions.lock().remove(&self.process);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use whodunit_stdx::Timestamp;

    use super::*;

    #[tokio::test]
    async fn only_the_secret_cancels_and_only_what_runs() {
        let (world, _) = World::seeded(1, Timestamp(0));
        let cancels = Arc::new(Cancels::default());
        let session = cancels.enter(&world);
        cancels.cancel(session.process, session.secret);
        session.begin();
        assert!(session.cancelled().now_or_never().is_none(), "what came before is over");
        cancels.cancel(session.process, session.secret.wrapping_add(1));
        assert!(session.cancelled().now_or_never().is_none());
        cancels.cancel(session.process, session.secret);
        assert!(session.cancelled().now_or_never().is_some(), "said while nobody waited");
        session.end();
        session.begin();
        assert!(session.cancelled().now_or_never().is_none());
        let process = session.process;
        drop(session);
        assert!(!cancels.sessions.lock().contains_key(&process));
    }
}
