//! One byte budget shared by everything that holds data in memory.
//!
//! A [`Limit`] is a counter with a ceiling. Whoever wants bytes reserves them first and gets a [`Reservation`]
//! that gives them back when dropped; past the ceiling the answer is `None`, which becomes 429, never an abort.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A named ceiling in bytes.
#[derive(Clone, Debug)]
pub struct Limit(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: &'static str,
    bytes_max: usize,
    used: AtomicUsize,
    peak: AtomicUsize,
    parent: Option<Limit>,
}

/// Bytes held until dropped.
#[derive(Debug)]
pub struct Reservation {
    limit: Limit,
    bytes: usize,
}

impl Limit {
    pub fn new(name: &'static str, bytes_max: usize) -> Limit {
        Limit(Arc::new(Inner { name, bytes_max, used: AtomicUsize::new(0), peak: AtomicUsize::new(0), parent: None }))
    }

    /// A part of this limit with a ceiling of its own; its bytes count in both.
    pub fn child(&self, name: &'static str, bytes_max: usize) -> Limit {
        Limit(Arc::new(Inner {
            name,
            bytes_max: bytes_max.min(self.0.bytes_max),
            used: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
            parent: Some(self.clone()),
        }))
    }

    pub fn name(&self) -> &'static str {
        self.0.name
    }

    pub fn bytes_max(&self) -> usize {
        self.0.bytes_max
    }

    pub fn used(&self) -> usize {
        self.0.used.load(Ordering::Relaxed)
    }

    pub fn peak(&self) -> usize {
        self.0.peak.load(Ordering::Relaxed)
    }

    /// Takes `bytes`, or nothing if that would pass this ceiling or a parent's.
    pub fn try_reserve(&self, bytes: usize) -> Option<Reservation> {
        self.take(bytes).then(|| Reservation { limit: self.clone(), bytes })
    }

    fn take(&self, bytes: usize) -> bool {
        let taken = self.0.used.fetch_update(Ordering::AcqRel, Ordering::Relaxed, |used| {
            used.checked_add(bytes).filter(|total| *total <= self.0.bytes_max)
        });
        let Ok(before) = taken else { return false };
        if let Some(parent) = &self.0.parent
            && !parent.take(bytes)
        {
            self.0.used.fetch_sub(bytes, Ordering::AcqRel);
            return false;
        }
        self.0.peak.fetch_max(before + bytes, Ordering::Relaxed);
        true
    }

    fn give_back(&self, bytes: usize) {
        self.0.used.fetch_sub(bytes, Ordering::AcqRel);
        if let Some(parent) = &self.0.parent {
            parent.give_back(bytes);
        }
    }
}

impl Reservation {
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Grows by `more` bytes; `false` leaves the reservation as it was.
    pub fn try_grow(&mut self, more: usize) -> bool {
        let grown = self.limit.take(more);
        if grown {
            self.bytes += more;
        }
        grown
    }

    /// Gives back all but `bytes`.
    pub fn shrink_to(&mut self, bytes: usize) {
        if bytes < self.bytes {
            self.limit.give_back(self.bytes - bytes);
            self.bytes = bytes;
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.limit.give_back(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_limit_refuses_and_recovers() {
        let limit = Limit::new("test", 100);
        let held = limit.try_reserve(80).expect("fits");
        assert!(limit.try_reserve(21).is_none());
        drop(held);
        assert_eq!(limit.used(), 0);
        assert_eq!(limit.peak(), 80);
        assert!(limit.try_reserve(100).is_some());
    }

    #[test]
    fn a_child_counts_in_its_parent_and_refusal_takes_nothing() {
        let parent = Limit::new("parent", 100);
        let child = parent.child("child", 90);
        let _held = parent.try_reserve(50).expect("fits");
        assert!(child.try_reserve(60).is_none());
        assert_eq!((child.used(), parent.used()), (0, 50));
        let mut taken = child.try_reserve(40).expect("fits");
        assert!(!taken.try_grow(20));
        taken.shrink_to(10);
        assert_eq!((child.used(), parent.used()), (10, 60));
    }

    #[test]
    fn an_overflowing_request_is_refused() {
        let limit = Limit::new("test", usize::MAX);
        let _held = limit.try_reserve(1).expect("fits");
        assert!(limit.try_reserve(usize::MAX).is_none());
    }
}
