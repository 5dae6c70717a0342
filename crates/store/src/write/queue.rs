//! The way into a lane: submissions, bounded by count, and orders from maintenance, which go first.
//!
//! Bytes are bounded by the reservation that every submission carries.

use std::collections::VecDeque;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

/// A queue with one reader.
pub struct Queue<S, O> {
    inner: Mutex<Inner<S, O>>,
    filled: Condvar,
    submissions_max: usize,
}

struct Inner<S, O> {
    submissions: VecDeque<S>,
    orders: VecDeque<O>,
    closed: bool,
    /// The reader wants no more than what has come when its pause is over.
    gathering: bool,
}

/// Why something was not queued; it comes back.
pub enum Refused<T> {
    Full(T),
    Closed(T),
}

/// What the reader got.
pub struct Work<S, O> {
    pub orders: Vec<O>,
    pub submissions: Vec<S>,
    /// Closed, and nothing is left.
    pub ended: bool,
}

/// How much the reader takes at once.
#[derive(Clone, Copy, Debug)]
pub struct Portion {
    pub submissions_max: usize,
    pub bytes_max: usize,
}

impl<S, O> Queue<S, O> {
    pub fn new(submissions_max: usize) -> Queue<S, O> {
        let inner = Inner { submissions: VecDeque::new(), orders: VecDeque::new(), closed: false, gathering: false };
        Queue { inner: Mutex::new(inner), filled: Condvar::new(), submissions_max }
    }

    pub fn submit(&self, submission: S) -> Result<(), Refused<S>> {
        let mut inner = self.inner.lock();
        if inner.closed {
            return Err(Refused::Closed(submission));
        }
        if inner.submissions.len() >= self.submissions_max {
            return Err(Refused::Full(submission));
        }
        inner.submissions.push_back(submission);
        if !inner.gathering {
            self.filled.notify_one();
        }
        Ok(())
    }

    pub fn order(&self, order: O) -> Result<(), Refused<O>> {
        let mut inner = self.inner.lock();
        if inner.closed {
            return Err(Refused::Closed(order));
        }
        inner.orders.push_back(order);
        self.filled.notify_one();
        Ok(())
    }

    /// Nothing more goes in; what is in is still read.
    pub fn close(&self) {
        self.inner.lock().closed = true;
        self.filled.notify_all();
    }

    /// Lets submissions come until the pause is over; orders and the end are heard at once.
    pub fn gather(&self, pause: Duration) {
        let mut inner = self.inner.lock();
        if inner.orders.is_empty() && !inner.closed {
            inner.gathering = true;
            self.filled.wait_for(&mut inner, pause);
            inner.gathering = false;
        }
    }

    /// Waits for something to do, at most `wait` if given, and takes up to a portion of it.
    pub fn take(&self, portion: Portion, wait: Option<Duration>, bytes_of: impl Fn(&S) -> usize) -> Work<S, O> {
        let mut inner = self.inner.lock();
        while inner.submissions.is_empty() && inner.orders.is_empty() && !inner.closed {
            match wait {
                None => self.filled.wait(&mut inner),
                Some(wait) => {
                    if self.filled.wait_for(&mut inner, wait).timed_out() {
                        break;
                    }
                }
            }
        }
        let orders = inner.orders.drain(..).collect();
        let mut submissions = Vec::new();
        let mut bytes = 0_usize;
        while submissions.len() < portion.submissions_max {
            let Some(next) = inner.submissions.front() else { break };
            bytes = bytes.saturating_add(bytes_of(next));
            if bytes > portion.bytes_max && !submissions.is_empty() {
                break;
            }
            submissions.extend(inner.submissions.pop_front());
        }
        let ended = inner.closed && inner.submissions.is_empty();
        Work { orders, submissions, ended }
    }

    pub fn len(&self) -> usize {
        self.inner.lock().submissions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Portion = Portion { submissions_max: 10, bytes_max: 10 };

    #[test]
    fn a_full_queue_gives_back_and_orders_pass() {
        let queue: Queue<usize, &str> = Queue::new(2);
        assert!(queue.submit(4).is_ok() && queue.submit(5).is_ok());
        assert!(matches!(queue.submit(6), Err(Refused::Full(6))));
        assert!(queue.order("freeze").is_ok());
        let work = queue.take(ALL, None, |bytes| *bytes);
        assert_eq!((work.orders, work.submissions, work.ended), (vec!["freeze"], vec![4, 5], false));
    }

    #[test]
    fn a_portion_ends_at_its_bytes_but_never_starves() {
        let queue: Queue<usize, ()> = Queue::new(9);
        for bytes in [50, 6, 6] {
            assert!(queue.submit(bytes).is_ok());
        }
        let taken = || queue.take(ALL, None, |bytes| *bytes).submissions;
        assert_eq!((taken(), taken(), taken()), (vec![50], vec![6], vec![6]));
    }

    #[test]
    fn submissions_gather_while_orders_and_the_end_are_heard_at_once() {
        const LONG: Duration = Duration::from_secs(600);
        let queue: Queue<usize, &str> = Queue::new(9);
        let sent_while_gathering = |send: &(dyn Fn() + Sync)| {
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    while !queue.inner.lock().gathering {
                        std::thread::yield_now();
                    }
                    send();
                });
                queue.gather(LONG);
            });
        };
        sent_while_gathering(&|| {
            assert!(queue.submit(1).is_ok() && queue.submit(2).is_ok());
            assert!(queue.inner.lock().gathering, "nobody was woken for it");
            assert!(queue.order("freeze").is_ok());
        });
        let work = queue.take(ALL, None, |_| 1);
        assert_eq!((work.orders, work.submissions), (vec!["freeze"], vec![1, 2]));
        sent_while_gathering(&|| queue.close());
        queue.gather(LONG);
        assert!(queue.take(ALL, None, |_| 1).ended);
    }

    #[test]
    fn a_closed_queue_is_read_to_its_end() {
        let queue: Queue<usize, ()> = Queue::new(9);
        assert!(queue.submit(1).is_ok());
        queue.close();
        assert!(matches!(queue.submit(2), Err(Refused::Closed(2))));
        let work = queue.take(ALL, None, |_| 1);
        assert_eq!((work.submissions, work.ended), (vec![1], true));
        assert!(queue.take(ALL, None, |_| 1).ended);
    }
}
