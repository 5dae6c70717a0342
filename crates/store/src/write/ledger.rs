//! What the audit lane knows of entries: their numbers, the ids of late, the open intents.
//!
//! Admission is planned for a whole group and then either committed, after the frame was written, or rolled back
//! (I-5). Pure: no IO, no clock.

use std::collections::{HashMap, VecDeque};

use whodunit_model::Project;
use whodunit_stdx::{EntryId, ErrorKind, Timestamp};

use super::prepare::{Entries, EntryState, First, Older};
use crate::Error;
use crate::buffer::EntrySet;
use crate::manifest::{EntriesState, LateCompletion, NextLeaf, PendingIntent};
use crate::wal::{Note, NoteKind};

/// Idempotency: the same key is the same entry (I-6).
type Key = (u32, EntryId, EntryState);

/// The state of the audit lane beside its rows.
#[derive(Debug)]
pub struct Ledger {
    writer: String,
    /// Counters of other writers, carried along.
    foreign: Vec<NextLeaf>,
    projects: HashMap<Project, u32>,
    next_leaves: HashMap<Project, u64>,
    recent: HashMap<Key, First>,
    /// Keys of each group with the `seq` after it, oldest first.
    groups: VecDeque<(u64, Vec<Key>)>,
    /// Keys of rows below this `seq` may be forgotten here: they are found in segments.
    forgotten: u64,
    pending: HashMap<(Project, EntryId), Timestamp>,
    pending_keys: EntrySet,
    late_keys: EntrySet,
    late: usize,
    limits: Limits,
}

/// A group on its way: what to undo if it is not written, what to do once it is.
#[derive(Debug, Default)]
pub struct Plan {
    keys: Vec<Key>,
    leaves_before: Vec<(Project, u64)>,
    changes: Vec<IntentChange>,
    opened: usize,
    late: usize,
}

/// Most entries that need to be remembered, since their rows alone do not show what became of them.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub open_intents_max: usize,
    pub late_completions_max: usize,
}

#[derive(Debug)]
enum IntentChange {
    Open(Project, EntryId, Timestamp),
    Close(Project, EntryId),
    Late(Project, EntryId),
}

/// What becomes of one submission.
#[derive(Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Leaf index of the first row that is new.
    pub first_leaf: u64,
    /// New rows in order.
    pub new: Vec<usize>,
    /// Rows that are stored already, with their first receipt.
    pub repeated: Vec<(usize, First)>,
    /// By position among the new rows.
    pub notes: Vec<Note>,
}

impl Ledger {
    pub fn new(writer: String, flushed: &EntriesState, flushed_through: u64, limits: Limits) -> Ledger {
        let (own, foreign) = flushed.next_leaves.iter().cloned().partition::<Vec<_>, _>(|leaf| leaf.writer == writer);
        let pending = flushed.pending_intents.iter();
        Ledger {
            writer,
            foreign,
            projects: HashMap::new(),
            next_leaves: own.into_iter().map(|leaf| (leaf.project, leaf.next)).collect(),
            recent: HashMap::new(),
            groups: VecDeque::new(),
            forgotten: flushed_through,
            pending: pending.map(|open| ((open.project.clone(), open.id), open.received_at)).collect(),
            pending_keys: flushed.pending_intents.iter().map(PendingIntent::key).collect(),
            late_keys: flushed.late_completions.iter().map(LateCompletion::key).collect(),
            late: flushed.late_completions.len(),
            limits,
        }
    }

    /// What a flush of everything so far puts into the manifest.
    pub fn entries(&self) -> EntriesState {
        let own = self.next_leaves.iter();
        let own =
            own.map(|(project, next)| NextLeaf { project: project.clone(), writer: self.writer.clone(), next: *next });
        let mut next_leaves: Vec<NextLeaf> = self.foreign.iter().cloned().chain(own).collect();
        next_leaves.sort_by(|a, b| (&a.project, &a.writer).cmp(&(&b.project, &b.writer)));
        let late = self.late_keys.all();
        let late = late.iter().map(|(project, id)| LateCompletion { project: project.clone(), id: *id });
        let mut late_completions: Vec<LateCompletion> = late.collect();
        late_completions.sort_unstable();
        EntriesState { next_leaves, pending_intents: self.open_intents(), late_completions }
    }

    /// Open intents, oldest first.
    pub fn open_intents(&self) -> Vec<PendingIntent> {
        let open = self.pending.iter();
        let open =
            open.map(|((project, id), time)| PendingIntent { id: *id, project: project.clone(), received_at: *time });
        let mut open: Vec<PendingIntent> = open.collect();
        open.sort_by_key(|intent| (intent.received_at, intent.id));
        open
    }

    pub fn pending_keys(&self) -> EntrySet {
        self.pending_keys.clone()
    }

    pub fn late_keys(&self) -> EntrySet {
        self.late_keys.clone()
    }

    /// Ids of rows below this must have been looked up in segments by the caller.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Forgets ids of rows below `seq`, which are in segments.
    pub fn forget(&mut self, seq: u64) {
        while let Some((end, _)) = self.groups.front()
            && *end <= seq
        {
            let (_, keys) = self.groups.pop_front().expect("it was just seen");
            for key in keys {
                self.recent.remove(&key);
            }
        }
        self.forgotten = self.forgotten.max(seq);
    }

    /// Decides for every row of a submission whether it is new, numbers it, and notes what it does to intents.
    pub fn admit(&mut self, plan: &mut Plan, project: &Project, sent: (&Entries, &Older)) -> Result<Admitted, Error> {
        let (entries, older) = sent;
        let number = self.number(project);
        self.refuse_past_limits(plan, number, sent)?;
        let first_leaf = self.next_leaves.get(project).copied().unwrap_or(0);
        plan.leaves_before.push((project.clone(), first_leaf));
        let mut admitted = Admitted { first_leaf, new: Vec::new(), repeated: Vec::new(), notes: Vec::new() };
        for row in 0..entries.ids.len() {
            let (id, state) = (entries.ids[row], entries.states[row]);
            let key = (number, id, state);
            if let Some(first) = self.known(key, older) {
                admitted.repeated.push((row, first));
                continue;
            }
            if state == EntryState::Expired && !self.is_open(plan, project, id) {
                // Completed between the sweep's look and now.
                continue;
            }
            let leaf_index = first_leaf + admitted.new.len() as u64;
            let first = First { leaf_index, leaf_hash: entries.hashes[row], received_at: entries.received[row] };
            let position = u32::try_from(admitted.new.len()).expect("a frame has fewer than 2^32 rows");
            let note = self.note(number, (id, state), older);
            admitted.notes.extend(note.map(|kind| Note { row: position, kind }));
            self.plan_change(plan, project, (id, state), note, first.received_at);
            self.recent.insert(key, first);
            plan.keys.push(key);
            admitted.new.push(row);
        }
        self.next_leaves.insert(project.clone(), first_leaf + admitted.new.len() as u64);
        Ok(admitted)
    }

    fn refuse_past_limits(&self, plan: &Plan, number: u32, sent: (&Entries, &Older)) -> Result<(), Error> {
        let (entries, older) = sent;
        let rows = || entries.ids.iter().zip(&entries.states).map(|(id, state)| (*id, *state));
        let intents = rows().filter(|(_, state)| *state == EntryState::Intent).count();
        let Limits { open_intents_max, late_completions_max } = self.limits;
        if intents > 0 && self.pending.len() + plan.opened + intents > open_intents_max {
            let message = format!("open_intents_max: {open_intents_max} intents are open already");
            return Err(Error::new(ErrorKind::Exhausted, message));
        }
        // Which of them are late takes two lookups each, so it is asked near the limit only.
        let completions = rows().filter(|(_, state)| *state == EntryState::Complete).count();
        if self.late + plan.late + completions <= late_completions_max {
            return Ok(());
        }
        let is_late = |row: &(EntryId, EntryState)| {
            self.note(number, *row, older) == Some(NoteKind::LateCompletion)
                && self.known((number, row.0, row.1), older).is_none()
        };
        let late = rows().filter(is_late).count();
        if late > 0 && self.late + plan.late + late > late_completions_max {
            let message = format!(
                "late_completions_max: {late_completions_max} intents were completed after they had expired; send what \
                 happened as entries of their own"
            );
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        Ok(())
    }

    fn number(&mut self, project: &Project) -> u32 {
        if let Some(number) = self.projects.get(project) {
            return *number;
        }
        let number = u32::try_from(self.projects.len()).expect("there are fewer than 2^32 projects");
        self.projects.insert(project.clone(), number);
        number
    }

    fn known(&self, key: Key, older: &Older) -> Option<First> {
        let flushed = || {
            let found = older.get(&key.1)?;
            found.iter().find(|(state, _)| *state == key.2).map(|(_, first)| *first)
        };
        self.recent.get(&key).copied().or_else(flushed)
    }

    fn is_open(&self, plan: &Plan, project: &Project, id: EntryId) -> bool {
        let closed = plan.changes.iter().any(|change| match change {
            IntentChange::Close(other, closed) => other == project && *closed == id,
            _ => false,
        });
        !closed && self.pending.contains_key(&(project.clone(), id))
    }

    /// What must be told to replay, since the row alone does not show it.
    fn note(&self, number: u32, row: (EntryId, EntryState), older: &Older) -> Option<NoteKind> {
        let (id, state) = row;
        match state {
            EntryState::Complete => {
                self.known((number, id, EntryState::Expired), older).map(|_| NoteKind::LateCompletion)
            }
            EntryState::Intent => {
                self.known((number, id, EntryState::Complete), older).map(|_| NoteKind::AlreadyComplete)
            }
            EntryState::Expired => None,
        }
    }

    fn plan_change(
        &self,
        plan: &mut Plan,
        project: &Project,
        row: (EntryId, EntryState),
        note: Option<NoteKind>,
        received_at: Timestamp,
    ) {
        let (id, state) = row;
        match (state, note) {
            (EntryState::Intent, None) => {
                plan.opened += 1;
                plan.changes.push(IntentChange::Open(project.clone(), id, received_at));
            }
            (EntryState::Intent, Some(_)) => {}
            (EntryState::Complete, Some(NoteKind::LateCompletion)) => {
                plan.late += 1;
                plan.changes.push(IntentChange::Late(project.clone(), id));
            }
            (EntryState::Complete, _) if self.pending.is_empty() && plan.opened == 0 => {}
            (EntryState::Complete | EntryState::Expired, _) => {
                plan.changes.push(IntentChange::Close(project.clone(), id));
            }
        }
    }

    /// The group is on disk; its rows end before `end_seq`.
    pub fn commit(&mut self, plan: Plan, end_seq: u64) {
        for change in plan.changes {
            match change {
                IntentChange::Open(project, id, time) => {
                    self.pending.insert((project.clone(), id), time);
                    self.pending_keys.insert((project, id));
                }
                IntentChange::Close(project, id) => {
                    let key = (project, id);
                    if self.pending.remove(&key).is_some() {
                        self.pending_keys.remove(key);
                    }
                }
                IntentChange::Late(project, id) => {
                    self.late += 1;
                    self.late_keys.insert((project, id));
                }
            }
        }
        if !plan.keys.is_empty() {
            self.groups.push_back((end_seq, plan.keys));
        }
    }

    /// The group was not written: its numbers and ids are free again.
    pub fn roll_back(&mut self, plan: Plan) {
        for key in plan.keys {
            self.recent.remove(&key);
        }
        for (project, next) in plan.leaves_before.into_iter().rev() {
            self.next_leaves.insert(project, next);
        }
    }

    /// Takes over rows from the WAL, which were admitted before the restart.
    pub fn restore(&mut self, project: &Project, first_leaf: u64, entries: &Entries, notes: &[Note]) -> Plan {
        let number = self.number(project);
        let mut plan = Plan::default();
        for row in 0..entries.ids.len() {
            let (id, state) = (entries.ids[row], entries.states[row]);
            let leaf_index = first_leaf + row as u64;
            let first = First { leaf_index, leaf_hash: entries.hashes[row], received_at: entries.received[row] };
            let note = notes.iter().find(|note| note.row as usize == row).map(|note| note.kind);
            self.plan_change(&mut plan, project, (id, state), note, first.received_at);
            self.recent.insert((number, id, state), first);
            plan.keys.push((number, id, state));
        }
        let next = self.next_leaves.entry(project.clone()).or_default();
        *next = (*next).max(first_leaf + entries.ids.len() as u64);
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(rows: &[(u8, EntryState)]) -> Entries {
        Entries {
            ids: rows.iter().map(|(id, _)| EntryId([*id; 16])).collect(),
            states: rows.iter().map(|(_, state)| *state).collect(),
            hashes: rows.iter().map(|(id, _)| [*id; 32]).collect(),
            received: rows.iter().map(|(id, _)| Timestamp(i64::from(*id))).collect(),
        }
    }

    const LIMITS: Limits = Limits { open_intents_max: 2, late_completions_max: 1 };

    fn ledger() -> Ledger {
        Ledger::new("w".into(), &EntriesState::default(), 1, LIMITS)
    }

    fn admit(ledger: &mut Ledger, rows: &[(u8, EntryState)], end_seq: u64) -> Admitted {
        let mut plan = Plan::default();
        let admitted =
            ledger.admit(&mut plan, &Project::default_project(), (&entries(rows), &Older::new())).expect("admitted");
        ledger.commit(plan, end_seq);
        admitted
    }

    use EntryState::{Complete, Expired, Intent};

    #[test]
    fn a_repeated_row_keeps_its_first_number_also_within_a_submission() {
        let mut ledger = ledger();
        let admitted = admit(&mut ledger, &[(1, Complete), (2, Complete), (1, Complete)], 3);
        assert_eq!((admitted.new, admitted.repeated[0].1.leaf_index), (vec![0, 1], 0));
        let again = admit(&mut ledger, &[(2, Complete), (3, Complete)], 4);
        assert_eq!((again.first_leaf, again.new, again.repeated[0].1.leaf_index), (2, vec![1], 1));
    }

    #[test]
    fn a_group_that_was_not_written_leaves_no_trace() {
        let mut ledger = ledger();
        let mut plan = Plan::default();
        let project = Project::default_project();
        for rows in [[(1, Intent)], [(2, Complete)]] {
            ledger.admit(&mut plan, &project, (&entries(&rows), &Older::new())).expect("admitted");
        }
        ledger.roll_back(plan);
        assert_eq!(ledger.entries().next_leaves[0].next, 0);
        assert!(ledger.recent.is_empty() && ledger.pending.is_empty());
    }

    #[test]
    fn intents_open_close_expire_and_complete_late() {
        let mut ledger = ledger();
        admit(&mut ledger, &[(1, Intent), (2, Intent)], 3);
        let mut plan = Plan::default();
        let refused = ledger.admit(&mut plan, &Project::default_project(), (&entries(&[(3, Intent)]), &Older::new()));
        assert_eq!(refused.expect_err("two are open").kind, ErrorKind::Exhausted);
        admit(&mut ledger, &[(1, Complete)], 4);
        assert_eq!(ledger.open_intents().len(), 1);
        assert_eq!(admit(&mut ledger, &[(1, Expired), (2, Expired)], 5).new, [1]);
        assert!(ledger.open_intents().is_empty());
        let late = admit(&mut ledger, &[(2, Complete)], 6);
        assert_eq!(late.notes, [Note { row: 0, kind: NoteKind::LateCompletion }]);
        assert!(ledger.late_keys().contains(&(Project::default_project(), EntryId([2; 16]))));
    }

    #[test]
    fn an_intent_that_arrives_after_its_completion_is_not_open() {
        let mut ledger = ledger();
        admit(&mut ledger, &[(1, Complete), (1, Intent)], 3);
        assert!(ledger.open_intents().is_empty());
    }

    #[test]
    fn an_intent_completed_in_the_same_group_is_closed() {
        let mut ledger = ledger();
        admit(&mut ledger, &[(1, Intent), (1, Complete)], 3);
        assert!(ledger.open_intents().is_empty());
        assert!(!ledger.pending_keys().contains(&(Project::default_project(), EntryId([1; 16]))));
    }

    #[test]
    fn what_is_forgotten_is_told_by_the_caller() {
        let mut ledger = ledger();
        admit(&mut ledger, &[(1, Complete)], 2);
        admit(&mut ledger, &[(2, Complete)], 3);
        ledger.forget(2);
        assert_eq!(ledger.forgotten(), 2);
        assert_eq!(admit(&mut ledger, &[(2, Complete)], 4).repeated.len(), 1);
        let sent = entries(&[(1, Complete)]);
        let first = First { leaf_index: 0, leaf_hash: [1; 32], received_at: Timestamp(1) };
        let older = Older::from([(EntryId([1; 16]), vec![(Complete, first)])]);
        let mut plan = Plan::default();
        let admitted = ledger.admit(&mut plan, &Project::default_project(), (&sent, &older)).expect("admitted");
        assert_eq!(admitted.repeated, [(0, first)]);
    }
}
