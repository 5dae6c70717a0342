//! What the store has promised, against what is there. Pure: fed with answers and with what readers see.
//!
//! - I-1: what was acknowledged is there exactly once, after any crash (buffered lines: until the next crash).
//! - I-2: a snapshot taken after the answer has the rows, and no submission in part.
//! - I-5: leaf indexes are gapless from 0 per project and writer, and what is proved once stays proved.
//! - I-6: the same key gets the same receipt.

use std::collections::{BTreeMap, BTreeSet};

use whodunit_ledger::{Hash, Tree, prove_consistency, verify_consistency};
use whodunit_model::Project;
use whodunit_store::{Durability, Receipt};

use crate::reading::{Seen, SeenEntry};
use crate::traffic::{Key, Marker, State, What};

/// What was told to the client of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// No answer yet, or an error: all of it may be there, or nothing.
    Unknown,
    Acknowledged,
    /// Acknowledged before its sync, and there has been a crash since.
    Loosened,
}

struct Submitted {
    what: What,
    fate: Fate,
}

/// Everything clients know.
#[derive(Default)]
pub struct Checker {
    submissions: BTreeMap<u32, Submitted>,
    receipts: BTreeMap<Key, Receipt>,
    /// Entries that a reader has seen: they were synced, so they stay.
    seen: BTreeMap<Key, SeenEntry>,
    roots: BTreeMap<(Project, String), (u64, Hash)>,
    pub observations: u64,
}

impl Checker {
    /// A client has sent this and waits.
    pub fn sent(&mut self, number: u32, what: What) {
        self.submissions.insert(number, Submitted { what, fate: Fate::Unknown });
    }

    pub fn acknowledged(&mut self, number: u32, receipts: Vec<Receipt>) -> Result<(), String> {
        let submitted = self.submissions.get_mut(&number).expect("only what was sent is acknowledged");
        submitted.fate = Fate::Acknowledged;
        let What::Audit { keys } = &submitted.what else { return Ok(()) };
        if keys.len() != receipts.len() {
            return Err(format!("submission {number}: {} receipts for {} entries", receipts.len(), keys.len()));
        }
        for (key, receipt) in keys.iter().zip(receipts) {
            if receipt.id != key.id || receipt.project != key.project {
                return Err(format!("submission {number}: receipt of {} for {key:?}", receipt.id));
            }
            match self.receipts.get(key) {
                Some(first) if !receipt.repeated || !same(first, &receipt) => {
                    return Err(format!("{key:?} was sent again: first {first:?}, then {receipt:?}"));
                }
                Some(_) => {}
                None => drop(self.receipts.insert(key.clone(), receipt)),
            }
        }
        Ok(())
    }

    /// The power went out.
    pub fn crashed(&mut self) {
        for submitted in self.submissions.values_mut() {
            let buffered = matches!(submitted.what, What::Logs { durability: Durability::Buffered, .. });
            if buffered && submitted.fate == Fate::Acknowledged {
                submitted.fate = Fate::Loosened;
            }
        }
    }

    pub fn acknowledged_entries(&self) -> usize {
        self.receipts.len()
    }

    pub fn receipt(&self, key: &Key) -> Option<&Receipt> {
        self.receipts.get(key)
    }

    /// A copy of which submissions count as acknowledged now, to judge a snapshot taken now but read later.
    pub fn moment(&self) -> Moment {
        let acknowledged = self.submissions.iter().filter(|(_, submitted)| submitted.fate == Fate::Acknowledged);
        Moment { acknowledged: acknowledged.map(|(number, _)| *number).collect() }
    }

    /// Judges what a reader saw of a snapshot taken at that moment.
    pub fn observe(&mut self, moment: &Moment, seen: &Seen) -> Result<(), String> {
        self.observations += 1;
        let entries = unique(seen)?;
        self.check_entries(moment, &entries)?;
        self.check_lines(moment, &seen.lines)?;
        check_intents(seen, &entries)?;
        self.check_ledgers(seen)?;
        self.seen.extend(entries);
        Ok(())
    }

    fn check_entries(&self, moment: &Moment, entries: &BTreeMap<Key, SeenEntry>) -> Result<(), String> {
        if let Some((key, entry)) = self.seen.iter().find(|(key, entry)| entries.get(*key) != Some(*entry)) {
            return Err(format!("{key:?} was seen as {entry:?} and now is {:?}", entries.get(key)));
        }
        for (number, submitted) in &self.submissions {
            let What::Audit { keys } = &submitted.what else { continue };
            let is_own = |key: &&Key| entries.get(*key).is_some_and(|entry| entry.marker.submission == *number);
            let is_there = |key: &&Key| entries.contains_key(*key);
            let (own, there) = (keys.iter().filter(is_own).count(), keys.iter().filter(is_there).count());
            let must = moment.acknowledged.contains(number);
            if (must || own > 0) && there < keys.len() {
                return Err(format!("submission {number}: {there} of {} entries are there", keys.len()));
            }
            for key in keys.iter().filter(|_| must) {
                let (receipt, entry) = (&self.receipts[key], &entries[key]);
                if (receipt.leaf_index, receipt.leaf_hash) != (entry.leaf_index, entry.leaf_hash) {
                    return Err(format!("{receipt:?} was given for what is stored as {entry:?}"));
                }
            }
        }
        let nobody = entries.values().find(|entry| entry.key.state != State::Expired && !self.was_sent(entry));
        nobody.map_or(Ok(()), |entry| Err(format!("{entry:?} was never sent")))
    }

    fn was_sent(&self, entry: &SeenEntry) -> bool {
        let submitted = self.submissions.get(&entry.marker.submission);
        submitted.is_some_and(|submitted| match &submitted.what {
            What::Audit { keys } => keys.get(entry.marker.row as usize) == Some(&entry.key),
            What::Logs { .. } => false,
        })
    }

    fn check_lines(&self, moment: &Moment, lines: &[Marker]) -> Result<(), String> {
        if let Some(twice) = lines.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("log line {} is there twice", twice[0]));
        }
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        for line in lines {
            *counts.entry(line.submission).or_default() += 1;
        }
        for (number, submitted) in &self.submissions {
            let What::Logs { rows, .. } = submitted.what else { continue };
            let found = counts.remove(number).unwrap_or(0);
            let must = moment.acknowledged.contains(number) && submitted.fate == Fate::Acknowledged;
            if found != rows && (must || found != 0) {
                return Err(format!("submission {number}: {found} of {rows} log lines are there"));
            }
        }
        counts.keys().next().map_or(Ok(()), |number| Err(format!("log lines of submission {number}, never sent")))
    }

    /// Leaf indexes without gaps, and every ledger the continuation of what it was.
    fn check_ledgers(&mut self, seen: &Seen) -> Result<(), String> {
        let mut ledgers: BTreeMap<(Project, String), BTreeMap<u64, Hash>> = BTreeMap::new();
        for entry in &seen.entries {
            let ledger = ledgers.entry((entry.key.project.clone(), entry.writer.clone())).or_default();
            if ledger.insert(entry.leaf_index, entry.leaf_hash).is_some() {
                return Err(format!("leaf {} of {} is there twice", entry.leaf_index, entry.key.project));
            }
        }
        for (name, leaves) in ledgers {
            if let Some((expected, found)) = (0..).zip(leaves.keys()).find(|(expected, found)| expected != *found) {
                return Err(format!("leaf {expected} of {name:?} is missing before {found}"));
            }
            let leaves: Vec<Hash> = leaves.into_values().collect();
            let mut tree = Tree::new();
            tree.extend(leaves.iter().copied());
            if let Some((size, root)) = self.roots.get(&name) {
                let proof = prove_consistency(&leaves[..], *size, tree.size())
                    .map_err(|_| format!("the ledger {name:?} has shrunk from {size} to {} leaves", tree.size()))?;
                verify_consistency(&proof, root, &tree.root())
                    .map_err(|error| format!("the ledger {name:?} was rewritten: {error}"))?;
            }
            self.roots.insert(name, (tree.size(), tree.root()));
        }
        Ok(())
    }
}

/// Which submissions were acknowledged when a snapshot was taken.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    acknowledged: BTreeSet<u32>,
}

fn same(first: &Receipt, other: &Receipt) -> bool {
    let of = |receipt: &Receipt| {
        (receipt.id, receipt.writer.clone(), receipt.leaf_index, receipt.leaf_hash, receipt.received_at)
    };
    of(first) == of(other)
}

fn unique(seen: &Seen) -> Result<BTreeMap<Key, SeenEntry>, String> {
    let mut entries = BTreeMap::new();
    for entry in &seen.entries {
        if entries.insert(entry.key.clone(), entry.clone()).is_some() {
            return Err(format!("{:?} is there twice", entry.key));
        }
    }
    Ok(entries)
}

/// Pending are the intents that are neither completed nor expired; late is what expired and was completed after all.
fn check_intents(seen: &Seen, entries: &BTreeMap<Key, SeenEntry>) -> Result<(), String> {
    let has = |key: &Key, state| entries.contains_key(&Key { state, ..key.clone() });
    let intents = entries.keys().filter(|key| key.state == State::Intent);
    let open = intents.filter(|key| !has(key, State::Complete) && !has(key, State::Expired));
    let open: BTreeSet<_> = open.map(Key::entry).collect();
    if open != seen.pending {
        return Err(format!("open intents are {open:?}, the snapshot says {:?}", seen.pending));
    }
    let expired = || entries.keys().filter(|key| key.state == State::Expired);
    if let Some(orphan) = expired().find(|key| !has(key, State::Intent)) {
        return Err(format!("{orphan:?} expired without an intent"));
    }
    let late: BTreeSet<_> = expired().filter(|key| has(key, State::Complete)).map(Key::entry).collect();
    if late != seen.late {
        return Err(format!("late completions are {late:?}, the snapshot says {:?}", seen.late));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use whodunit_stdx::{EntryId, Timestamp};

    fn key(id: u8) -> Key {
        Key { project: Project::default_project(), id: EntryId([id; 16]), state: State::Complete }
    }

    fn entry(id: u8, submission: u32, row: u32, leaf_index: u64) -> SeenEntry {
        let marker = Marker { submission, row };
        SeenEntry { key: key(id), marker, writer: "w".into(), leaf_index, leaf_hash: [id; 32] }
    }

    fn receipt(id: u8, leaf_index: u64) -> Receipt {
        Receipt {
            id: EntryId([id; 16]),
            project: Project::default_project(),
            writer: "w".into(),
            leaf_index,
            leaf_hash: [id; 32],
            received_at: Timestamp(0),
            repeated: false,
        }
    }

    fn entries(entries: &[SeenEntry]) -> Seen {
        Seen { entries: entries.to_vec(), ..Seen::default() }
    }

    /// Submission 0 with entries 1 and 2, acknowledged.
    fn checker() -> Checker {
        let mut checker = Checker::default();
        checker.sent(0, What::Audit { keys: vec![key(1), key(2)] });
        checker.acknowledged(0, vec![receipt(1, 0), receipt(2, 1)]).expect("receipts fit");
        checker
    }

    fn judge(checker: &mut Checker, seen: &Seen) -> Result<(), String> {
        let moment = checker.moment();
        checker.observe(&moment, seen)
    }

    fn check(seen: &[SeenEntry], complaint: &str) {
        let found = judge(&mut checker(), &entries(seen)).expect_err(complaint);
        assert!(found.contains(complaint), "{found}");
    }

    #[test]
    fn what_was_promised_and_kept_is_no_complaint() {
        let seen = entries(&[entry(1, 0, 0, 0), entry(2, 0, 1, 1)]);
        let mut checker = checker();
        assert_eq!(judge(&mut checker, &seen), Ok(()));
        assert_eq!(judge(&mut checker, &seen), Ok(()));
    }

    #[test]
    fn every_broken_promise_about_entries_is_seen() {
        check(&[], "0 of 2 entries");
        check(&[entry(1, 0, 0, 0)], "1 of 2 entries");
        check(&[entry(1, 0, 0, 0), entry(2, 0, 1, 1), entry(2, 0, 1, 2)], "there twice");
        check(&[entry(1, 0, 0, 1), entry(2, 0, 1, 0)], "was given for what is stored");
        check(&[entry(1, 0, 0, 0), entry(2, 0, 1, 1), entry(3, 0, 2, 2)], "never sent");
    }

    #[test]
    fn ledgers_have_no_gaps_and_do_not_change() {
        let mut unanswered = Checker::default();
        unanswered.sent(0, What::Audit { keys: vec![key(1), key(2)] });
        let gap = entries(&[entry(1, 0, 0, 0), entry(2, 0, 1, 2)]);
        assert!(judge(&mut unanswered, &gap).expect_err("a gap").contains("is missing"));
        let mut checker = checker();
        let seen = entries(&[entry(1, 0, 0, 0), entry(2, 0, 1, 1)]);
        judge(&mut checker, &seen).expect("as promised");
        checker.seen.clear();
        checker.receipts.clear();
        checker
            .submissions
            .insert(0, Submitted { what: What::Audit { keys: vec![key(1), key(2)] }, fate: Fate::Unknown });
        let mut rewritten = seen;
        rewritten.entries[0].leaf_hash = [9; 32];
        assert!(judge(&mut checker, &rewritten).expect_err("another leaf").contains("was rewritten"));
    }

    #[test]
    fn a_repeated_entry_must_get_its_first_receipt() {
        let mut checker = checker();
        checker.sent(1, What::Audit { keys: vec![key(1)] });
        assert!(checker.acknowledged(1, vec![receipt(1, 5)]).is_err());
        assert!(checker.acknowledged(1, vec![receipt(1, 0)]).is_err(), "it must say that it is repeated");
        assert_eq!(checker.acknowledged(1, vec![Receipt { repeated: true, ..receipt(1, 0) }]), Ok(()));
    }

    #[test]
    fn buffered_lines_may_go_with_a_crash_but_only_whole_submissions() {
        let lines =
            |count| Seen { lines: (0..count).map(|row| Marker { submission: 0, row }).collect(), ..Seen::default() };
        let mut checker = Checker::default();
        checker.sent(0, What::Logs { rows: 3, durability: Durability::Buffered });
        checker.acknowledged(0, Vec::new()).expect("lines have no receipts");
        assert!(judge(&mut checker, &lines(0)).is_err());
        checker.crashed();
        assert_eq!(judge(&mut checker, &lines(0)), Ok(()));
        assert!(judge(&mut checker, &lines(2)).is_err());
        assert_eq!(judge(&mut checker, &lines(3)), Ok(()));
    }

    #[test]
    fn intents_are_open_until_completed() {
        let intent = Key { state: State::Intent, ..key(1) };
        let mut seen = entries(&[SeenEntry { key: intent.clone(), ..entry(1, 0, 0, 0) }]);
        let mut checker = Checker::default();
        checker.sent(0, What::Audit { keys: vec![intent.clone()] });
        assert!(judge(&mut checker, &seen).expect_err("it is open").contains("open intents"));
        seen.pending.insert(intent.entry());
        assert_eq!(judge(&mut checker, &seen), Ok(()));
    }
}
