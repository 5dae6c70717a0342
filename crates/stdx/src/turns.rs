//! So many at once, and those who wait are served one after the other by whose they are.
//!
//! The problem: behind one queue a flood of one project stands before everybody else. The idea: each key (a project)
//! has a queue of its own, and a place that gets free goes to the next key in a circle, so that whoever sends little
//! waits for at most one turn of each other key, however long their queues are. One key never holds more than its share
//! of the places, so that slow requests of one leave some for others. Those who wait are bounded: when there is no room,
//! the last of the longest queue gives way to whoever comes from a shorter one.
//!
//! - T-1: at most `at_once` turns are held, and at most `of_one_max` of them by one key.
//! - T-2: at most `waiting_max` wait.
//! - T-3: a place is free only while nobody waits who may have it.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

/// How many turns there are.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    pub at_once: usize,
    /// Of one key.
    pub of_one_max: usize,
    pub waiting_max: usize,
}

/// Turns by key. Cheap to clone; clones are the same.
#[derive(Debug)]
pub struct Turns<K: Key>(Arc<Shared<K>>);

/// Whose a turn is.
pub trait Key: Clone + Eq + Hash {}

impl<K: Clone + Eq + Hash> Key for K {}

/// Held while something is worked on.
#[derive(Debug)]
pub struct Turn<K: Key> {
    shared: Arc<Shared<K>>,
    key: K,
}

#[derive(Debug)]
struct Shared<K: Key> {
    share: Share,
    state: Mutex<State<K>>,
}

#[derive(Debug)]
struct State<K> {
    free: usize,
    /// Turns of each key that has some.
    held: HashMap<K, usize>,
    /// Keys for which somebody waits, the next to be served first.
    circle: VecDeque<(K, VecDeque<Waiting>)>,
    waiting: usize,
    /// The next number of somebody who waits.
    next: u64,
    displaced: u64,
}

#[derive(Debug)]
struct Waiting {
    number: u64,
    /// Told that the turn is theirs. Dropped without: there is no room any more.
    called: oneshot::Sender<()>,
}

impl<K: Key> Clone for Turns<K> {
    fn clone(&self) -> Self {
        Turns(self.0.clone())
    }
}

impl<K: Key> Turns<K> {
    /// At least one at once, and at least one of one key.
    pub fn new(share: Share) -> Turns<K> {
        let at_once = share.at_once.max(1);
        let share = Share { at_once, of_one_max: share.of_one_max.clamp(1, at_once), ..share };
        let state =
            State { free: at_once, held: HashMap::new(), circle: VecDeque::new(), waiting: 0, next: 0, displaced: 0 };
        Turns(Arc::new(Shared { share, state: Mutex::new(state) }))
    }

    /// A turn at once or in its order; `None` if there is no room to wait.
    pub async fn take(&self, key: &K) -> Option<Turn<K>> {
        let (number, called) = {
            let mut state = self.0.state.lock();
            if state.has_place(key, &self.0.share) {
                state.hold(key);
                return Some(Turn { shared: self.0.clone(), key: key.clone() });
            }
            state.wait(key, &self.0.share)?
        };
        let mut leaving = Leaving { shared: &self.0, key, number, called: Some(called) };
        let called = leaving.called.as_mut().expect("is taken only below").await;
        leaving.called = None;
        called.ok()?;
        Some(Turn { shared: self.0.clone(), key: key.clone() })
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.0.state.lock().waiting
    }

    /// How many had to give way since the start.
    pub fn displaced(&self) -> u64 {
        self.0.state.lock().displaced
    }
}

impl<K: Key> State<K> {
    fn has_place(&self, key: &K, share: &Share) -> bool {
        self.free > 0 && self.held.get(key).is_none_or(|held| *held < share.of_one_max)
    }

    fn hold(&mut self, key: &K) {
        self.free -= 1;
        *self.held.entry(key.clone()).or_default() += 1;
    }

    fn give_back(&mut self, key: &K, share: &Share) {
        self.free += 1;
        if let Some(held) = self.held.get_mut(key) {
            *held -= 1;
            if *held == 0 {
                self.held.remove(key);
            }
        }
        self.call(share);
    }

    /// Gives free places to those who wait, key by key. Whoever does not listen any more has left on its own.
    fn call(&mut self, share: &Share) {
        while let Some(at) = self.circle.iter().position(|(key, _)| self.has_place(key, share)) {
            let (key, mut queue) = self.circle.remove(at).expect("was found there");
            let first = queue.pop_front().expect("a key in the circle has somebody who waits");
            self.waiting -= 1;
            if first.called.send(()).is_ok() {
                self.hold(&key);
            }
            if !queue.is_empty() {
                self.circle.push_back((key, queue));
            }
        }
    }

    /// A place in the queue of a key. Nobody waits behind a full room, unless another queue is longer than this one.
    fn wait(&mut self, key: &K, share: &Share) -> Option<(u64, oneshot::Receiver<()>)> {
        let mine = self.circle.iter().find(|(known, _)| known == key).map_or(0, |(_, queue)| queue.len());
        if self.waiting >= share.waiting_max {
            let longest = (0..self.circle.len()).max_by_key(|at| self.circle[*at].1.len())?;
            let queue = &mut self.circle[longest].1;
            if queue.len() <= mine + 1 {
                return None;
            }
            queue.pop_back();
            self.waiting -= 1;
            self.displaced += 1;
        }
        let (called, hears) = oneshot::channel();
        let number = self.next;
        self.next += 1;
        self.waiting += 1;
        let waiting = Waiting { number, called };
        match self.circle.iter_mut().find(|(known, _)| known == key) {
            Some((_, queue)) => queue.push_back(waiting),
            None => self.circle.push_back((key.clone(), VecDeque::from([waiting]))),
        }
        Some((number, hears))
    }

    fn leave(&mut self, key: &K, number: u64) {
        let Some(at) = self.circle.iter().position(|(known, _)| known == key) else { return };
        let queue = &mut self.circle[at].1;
        let before = queue.len();
        queue.retain(|waiting| waiting.number != number);
        self.waiting -= before - queue.len();
        if queue.is_empty() {
            self.circle.remove(at);
        }
    }
}

impl<K: Key> Drop for Turn<K> {
    fn drop(&mut self) {
        self.shared.state.lock().give_back(&self.key, &self.shared.share);
    }
}

/// Somebody who waits; dropped while waiting, the place in the queue is given back, and so is a turn that came just then.
struct Leaving<'t, K: Key> {
    shared: &'t Arc<Shared<K>>,
    key: &'t K,
    number: u64,
    called: Option<oneshot::Receiver<()>>,
}

impl<K: Key> Drop for Leaving<'_, K> {
    fn drop(&mut self) {
        let Some(mut called) = self.called.take() else { return };
        let mut state = self.shared.state.lock();
        // Under the lock: either the turn is here already, or nobody will send it.
        match called.try_recv() {
            Ok(()) => state.give_back(self.key, &self.shared.share),
            Err(_) => state.leave(self.key, self.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::Pin;

    use futures::FutureExt;

    use super::*;

    type Asked<'t> = Pin<Box<dyn Future<Output = Option<Turn<&'static str>>> + 't>>;

    fn turns(at_once: usize, of_one_max: usize, waiting_max: usize) -> Turns<&'static str> {
        Turns::new(Share { at_once, of_one_max, waiting_max })
    }

    /// Asks for a turn that is not there yet.
    fn waits<'t>(turns: &'t Turns<&'static str>, key: &'t &'static str) -> Asked<'t> {
        let mut asked: Asked<'t> = Box::pin(turns.take(key));
        assert!(asked.as_mut().now_or_never().is_none(), "{key} waits");
        asked
    }

    fn has(asked: &mut Asked<'_>) -> Option<Turn<&'static str>> {
        asked.as_mut().now_or_never().expect("it has been called")
    }

    #[test]
    fn whoever_comes_behind_a_flood_of_another_is_next() {
        let turns = turns(1, 1, 100);
        let held = turns.take(&"flood").now_or_never().expect("free");
        let mut flood: Vec<_> = (0..50).map(|_| waits(&turns, &"flood")).collect();
        let mut quiet = waits(&turns, &"quiet");
        drop(held);
        let first = has(&mut flood[0]).expect("it came before");
        assert!(quiet.as_mut().now_or_never().is_none());
        drop(first);
        let second = has(&mut quiet).expect("in front of 49 others");
        assert!(flood[1].as_mut().now_or_never().is_none());
        drop(second);
        assert!(has(&mut flood[1]).is_some());
    }

    #[test]
    fn one_key_never_holds_all_places() {
        let turns = turns(4, 3, 100);
        let held: Vec<_> = (0..3).map(|_| turns.take(&"flood").now_or_never().expect("free")).collect();
        let mut more = waits(&turns, &"flood");
        let other = turns.take(&"quiet").now_or_never().expect("there is a place left");
        drop(other);
        assert!(more.as_mut().now_or_never().is_none(), "that one is for others");
        drop(held);
        assert!(has(&mut more).is_some());
    }

    #[test]
    fn a_full_room_takes_from_the_longest_queue() {
        let turns = turns(1, 1, 4);
        let held = turns.take(&"flood").now_or_never().expect("free");
        let mut flood: Vec<_> = (0..4).map(|_| waits(&turns, &"flood")).collect();
        assert!(turns.take(&"flood").now_or_never().expect("answered at once").is_none());
        let mut quiet = waits(&turns, &"quiet");
        assert!(has(&mut flood[3]).is_none(), "the last of the flood gives way");
        assert_eq!((turns.waiting(), turns.displaced()), (4, 1));
        drop(held);
        drop(has(&mut flood[0]));
        assert!(has(&mut quiet).is_some());
    }

    #[test]
    fn whoever_leaves_gives_place_and_turn_back() {
        let turns = turns(1, 1, 10);
        let held = turns.take(&"a").now_or_never().expect("free");
        let (gone, called, mut last) = (waits(&turns, &"a"), waits(&turns, &"b"), waits(&turns, &"c"));
        drop(gone);
        assert_eq!(turns.waiting(), 2);
        drop(held);
        // The turn is b's by now, who does not come for it.
        drop(called);
        assert!(has(&mut last).is_some());
        assert_eq!(turns.waiting(), 0);
        drop(last);
        assert!(turns.take(&"a").now_or_never().expect("all is free again").is_some());
    }
}
