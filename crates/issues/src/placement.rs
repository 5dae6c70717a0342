//! Which issue an event belongs to: by its fingerprint, by what people merged, and across versions of grouping.
//!
//! An issue's id is a hash of its fingerprint, so a new event needs no database. Two things change that, and both are
//! one map from fingerprints to issues that is small, lives in memory and is handed in:
//!
//! - **Merging.** The fingerprints of one issue point to another. Unmerging takes the arrow away, and the fingerprint
//!   makes its own issue again. There are no chains: an arrow points to where events go.
//! - **Upgrading.** While a project moves from one algorithm to the next, events are grouped by both. An event whose
//!   old fingerprint already has an issue stays there, and its new fingerprint is given an arrow to that issue. So
//!   nothing that exists is split; what is new is grouped by the new algorithm alone. The old one can be given up when
//!   the issues from before no longer matter: until then their arrows hold.

use std::collections::BTreeMap;

use crate::fingerprint::{Fingerprint, Grouping, IssueId};

/// Arrows from fingerprints to the issues of one project; a fingerprint without one makes its own issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merges {
    arrows: BTreeMap<Fingerprint, IssueId>,
}

/// One arrow before and after; the other way round it undoes itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub fingerprint: Fingerprint,
    pub before: Option<IssueId>,
    pub after: Option<IssueId>,
}

impl Change {
    pub fn undo(self) -> Change {
        Change { before: self.after, after: self.before, ..self }
    }
}

impl Merges {
    pub fn of(arrows: impl IntoIterator<Item = (Fingerprint, IssueId)>) -> Merges {
        Merges { arrows: arrows.into_iter().collect() }
    }

    /// The issue to which events with this fingerprint go.
    pub fn issue_of(&self, project: &str, fingerprint: &Fingerprint) -> IssueId {
        self.arrows.get(fingerprint).copied().unwrap_or_else(|| IssueId::of(project, fingerprint))
    }

    pub fn has(&self, fingerprint: &Fingerprint) -> bool {
        self.arrows.contains_key(fingerprint)
    }

    /// The fingerprints that point to an issue, its own not among them unless it has an arrow.
    pub fn pointing_to(&self, issue: IssueId) -> impl Iterator<Item = &Fingerprint> {
        self.arrows.iter().filter(move |(_, target)| **target == issue).map(|(fingerprint, _)| fingerprint)
    }

    /// The changes that send the events of `from` to `into`. `own` are the fingerprints that made the merged issues;
    /// those that already point to them come along.
    pub fn merge(&self, project: &str, own: &[Fingerprint], into: IssueId) -> Vec<Change> {
        let merged: Vec<IssueId> = own.iter().map(|fingerprint| IssueId::of(project, fingerprint)).collect();
        let pointing = self.arrows.iter().filter(|(_, target)| merged.contains(target)).map(|(one, _)| *one);
        let mut fingerprints: Vec<Fingerprint> = own.iter().copied().chain(pointing).collect();
        fingerprints.sort_unstable();
        fingerprints.dedup();
        fingerprints.into_iter().filter_map(|fingerprint| self.change(project, fingerprint, into)).collect()
    }

    /// The changes after which each of these fingerprints makes its own issue again.
    pub fn unmerge(&self, project: &str, fingerprints: &[Fingerprint]) -> Vec<Change> {
        let own = |fingerprint: &Fingerprint| self.change(project, *fingerprint, IssueId::of(project, fingerprint));
        fingerprints.iter().filter_map(own).collect()
    }

    /// An arrow to a fingerprint's own issue is none.
    fn change(&self, project: &str, fingerprint: Fingerprint, target: IssueId) -> Option<Change> {
        let before = self.arrows.get(&fingerprint).copied();
        let after = Some(target).filter(|target| *target != IssueId::of(project, &fingerprint));
        (before != after).then_some(Change { fingerprint, before, after })
    }

    /// Carries out changes; one that no longer fits what is there is left out and returned.
    pub fn apply(&mut self, changes: &[Change]) -> Vec<Change> {
        let mut refused = Vec::new();
        for change in changes {
            if self.arrows.get(&change.fingerprint).copied() != change.before {
                refused.push(*change);
                continue;
            }
            match change.after {
                Some(issue) => self.arrows.insert(change.fingerprint, issue),
                None => self.arrows.remove(&change.fingerprint),
            };
        }
        refused
    }
}

/// Where an event goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    pub issue: IssueId,
    /// The fingerprint by which it was found; that of the newest algorithm for a new issue.
    pub fingerprint: Fingerprint,
    /// An arrow to write down, so that events of which only the new fingerprint is known go there, too.
    pub adopt: Option<Change>,
}

/// Places an event by its groupings, newest algorithm first; outside of an upgrade there is one.
///
/// `is_known` says whether a fingerprint already made an issue; it is asked only about the older algorithms' and never
/// outside of an upgrade. The oldest grouping that is known or has an arrow decides.
///
/// `None` if there is no grouping at all.
pub fn place(
    project: &str,
    groupings: &[Grouping],
    merges: &Merges,
    is_known: impl Fn(&Fingerprint) -> bool,
) -> Option<Placement> {
    let (newest, older) = groupings.split_first()?;
    let newest = newest.fingerprint;
    let mut older = older.iter().rev().map(|grouping| grouping.fingerprint);
    let found = older.find(|fingerprint| merges.has(fingerprint) || is_known(fingerprint));
    let fingerprint = found.unwrap_or(newest);
    let issue = merges.issue_of(project, &fingerprint);
    // A fingerprint that has an arrow, or an issue of its own, keeps it: it only ever gains events.
    let is_free = fingerprint != newest && !merges.has(&newest) && !is_known(&newest);
    let adopt = is_free.then_some(Change { fingerprint: newest, before: None, after: Some(issue) });
    Some(Placement { issue, fingerprint, adopt })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::{Algorithm, Component};

    fn print(name: &str) -> Fingerprint {
        Fingerprint::of_parts(&[name])
    }

    fn own(name: &str) -> IssueId {
        IssueId::of("shop", &print(name))
    }

    #[test]
    fn merging_takes_along_what_was_merged_before_and_undoes() {
        let mut merges = Merges::default();
        let first = merges.merge("shop", &[print("a")], own("b"));
        assert_eq!(merges.apply(&first), []);
        let second = merges.merge("shop", &[print("b")], own("c"));
        assert_eq!(second.len(), 2);
        assert_eq!(merges.apply(&second), []);
        for name in ["a", "b", "c"] {
            assert_eq!(merges.issue_of("shop", &print(name)), own("c"), "{name}");
        }
        assert_eq!(merges.pointing_to(own("c")).count(), 2);
        let undo: Vec<Change> = second.iter().map(|change| change.undo()).collect();
        assert_eq!(merges.apply(&undo), []);
        assert_eq!(merges.issue_of("shop", &print("a")), own("b"));
        assert_eq!(merges.issue_of("shop", &print("b")), own("b"));
    }

    #[test]
    fn unmerging_gives_a_fingerprint_its_own_issue() {
        let mut merges = Merges::default();
        merges.apply(&merges.merge("shop", &[print("a"), print("b")], own("c")));
        merges.apply(&merges.unmerge("shop", &[print("a"), print("z")]));
        assert_eq!(merges.issue_of("shop", &print("a")), own("a"));
        assert_eq!(merges.issue_of("shop", &print("b")), own("c"));
        // Merging back into where it came from leaves no arrow behind.
        merges.apply(&merges.merge("shop", &[print("b")], own("b")));
        assert_eq!(merges, Merges::default());
    }

    #[test]
    fn changes_that_no_longer_fit_are_refused() {
        let mut merges = Merges::default();
        let one = merges.merge("shop", &[print("a")], own("b"));
        let other = merges.merge("shop", &[print("a")], own("c"));
        assert_eq!(merges.apply(&one), []);
        assert_eq!(merges.apply(&other), other);
        assert_eq!(merges.issue_of("shop", &print("a")), own("b"));
    }

    fn grouping(name: &str) -> Grouping {
        let components = Component { name: "event", value: None, counts: true, why: None, children: Vec::new() };
        Grouping { algorithm: Algorithm::V1, fingerprint: print(name), components }
    }

    /// An upgrade from `old` to `new` algorithms, played with events of (old, new) fingerprints.
    #[test]
    fn an_upgrade_never_splits_an_issue() {
        let mut merges = Merges::default();
        let mut known = vec![print("old 1"), print("old 2")];
        let mut play = |old: &str, new: &str| {
            let groupings = [grouping(new), grouping(old)];
            let placement = place("shop", &groupings, &merges, |print| known.contains(print)).unwrap();
            merges.apply(placement.adopt.as_slice());
            if placement.fingerprint == print(new) {
                known.push(print(new));
            }
            placement.issue
        };
        // The new algorithm is coarser: it calls two old issues one. Both stay what they are.
        assert_eq!(play("old 1", "new a"), own("old 1"));
        assert_eq!(play("old 2", "new a"), own("old 2"));
        assert_eq!(play("old 1", "new a"), own("old 1"));
        // An event that is new for the old algorithm and known to the new one goes to the issue that was there first.
        assert_eq!(play("old 3", "new a"), own("old 1"));
        // The new algorithm is finer: one old issue stays one.
        assert_eq!(play("old 1", "new b"), own("old 1"));
        // What is new altogether is grouped by the new algorithm alone.
        assert_eq!(play("old 4", "new c"), own("new c"));
        assert_eq!(play("old 5", "new c"), own("new c"));
        // After the upgrade only the new algorithm runs, and the arrows still hold.
        let after = place("shop", &[grouping("new a")], &merges, |_| unreachable!("nothing is asked")).unwrap();
        assert_eq!((after.issue, after.adopt), (own("old 1"), None));
        assert_eq!(place("shop", &[], &merges, |_| true), None);
    }
}
