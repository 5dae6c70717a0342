//! What a project lets in: its filters, how much one key may send, and what becomes of a spike.
//!
//! A key that has sent more than it may is refused before its next body is unfolded, so a flood costs little. It is
//! a debt: a request is taken whole while the key owes no more than a minute, and what it brought is paid by waiting.
//! A spike is a minute in which a project has sent more events than it should; from there on one in
//! [`SPIKE_KEEPS_ONE_IN`] is stored and the rest is counted, so that a broken release stays visible and does not drown
//! everything else. What one key may send of one category is a debt likewise: past it only items of that category are
//! left out, and the client is told to hold them back. Nothing of this is on unless the project says so.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use whodunit_issues::category::Category;
use whodunit_issues::filter::Intake;
use whodunit_model::{Caller, Principal, Project};
use whodunit_stdx::Instant;

/// In a spike one event in so many is stored.
pub const SPIKE_KEEPS_ONE_IN: u64 = 10;
/// Keys whose debts are remembered at once; past it those that owe nothing are forgotten, then all.
pub const KEYS_MAX: usize = 10_000;
const MINUTE: Duration = Duration::from_secs(60);

/// What all projects let in. Cheap to clone; clones are the same.
#[derive(Clone, Default)]
pub struct Intakes(Arc<Inner>);

#[derive(Default)]
struct Inner {
    own: ArcSwap<BTreeMap<Project, Arc<Intake>>>,
    /// By project, key, and category if it is of one.
    debts: Mutex<HashMap<Owed, Debt>>,
    minutes: Mutex<HashMap<Project, Minute>>,
}

type Owed = (Project, String, Option<Category>);

/// What a key has sent, as the time that it has to pay for it.
#[derive(Clone, Copy, Debug)]
struct Debt {
    owed: Duration,
    at: Instant,
}

impl Debt {
    fn left(self, now: Instant) -> Duration {
        self.owed.saturating_sub(now.since(self.at))
    }
}

/// The minute of a project that is counted.
#[derive(Clone, Copy, Debug)]
struct Minute {
    began: Instant,
    events: u64,
}

impl Intakes {
    /// Puts what projects with rules of their own let in in force.
    pub fn replace(&self, own: BTreeMap<Project, Arc<Intake>>) {
        self.0.own.store(Arc::new(own));
    }

    /// `None` lets in everything.
    pub fn of(&self, project: &Project) -> Option<Arc<Intake>> {
        self.0.own.load().get(project).cloned()
    }

    /// How long a key has to wait before it may send again; `None` if it may now.
    pub fn wait(&self, project: &Project, caller: &Caller, now: Instant) -> Option<Duration> {
        self.of(project)?.key_items_per_minute?;
        let debts = self.0.debts.lock();
        let left = debts.get(&(project.clone(), key(caller), None))?.left(now);
        Some(left.saturating_sub(MINUTE)).filter(|wait| !wait.is_zero())
    }

    /// A key has sent so many items. A minute's worth may be owed.
    pub fn sent(&self, project: &Project, caller: &Caller, items: u64, now: Instant) {
        let Some(per_minute) = self.of(project).and_then(|intake| intake.key_items_per_minute) else { return };
        self.0.owe((project.clone(), key(caller), None), per_minute, items, now);
    }

    /// Of which categories a key has sent its share, and how long it has to wait with each.
    pub fn limited(&self, project: &Project, caller: &Caller, now: Instant) -> Vec<(Category, Duration)> {
        let Some(intake) = self.of(project).filter(|intake| !intake.key_category_items_per_minute.is_empty()) else {
            return Vec::new();
        };
        let debts = self.0.debts.lock();
        let wait = |category: Category, most: u32| match most {
            0 => MINUTE,
            _ => {
                let debt = debts.get(&(project.clone(), key(caller), Some(category)));
                debt.map_or(Duration::ZERO, |debt| debt.left(now).saturating_sub(MINUTE))
            }
        };
        let limits = intake.key_category_items_per_minute.iter();
        limits.map(|(category, most)| (*category, wait(*category, *most))).filter(|(_, wait)| !wait.is_zero()).collect()
    }

    /// A key has sent so much of each category. A minute's worth may be owed.
    pub fn sent_of(&self, project: &Project, caller: &Caller, counts: &BTreeMap<Category, u64>, now: Instant) {
        let Some(intake) = self.of(project) else { return };
        for (category, items) in counts {
            let most = intake.key_category_items_per_minute.get(category).filter(|most| **most > 0);
            if let Some(most) = most {
                self.0.owe((project.clone(), key(caller), Some(*category)), *most, *items, now);
            }
        }
    }

    /// Whether the next event of a project is stored; in a spike most are not.
    pub fn keeps(&self, project: &Project, intake: &Intake, now: Instant) -> bool {
        let Some(most) = intake.spike_events_per_minute else { return true };
        let mut minutes = self.0.minutes.lock();
        let minute = minutes.entry(project.clone()).or_insert(Minute { began: now, events: 0 });
        if now.since(minute.began) >= MINUTE {
            *minute = Minute { began: now, events: 0 };
        }
        minute.events += 1;
        let beyond = minute.events.saturating_sub(u64::from(most));
        beyond == 0 || beyond % SPIKE_KEEPS_ONE_IN == 1
    }
}

impl Inner {
    fn owe(&self, whose: Owed, per_minute: u32, items: u64, now: Instant) {
        let each = MINUTE / per_minute;
        let mut debts = self.debts.lock();
        if debts.len() >= KEYS_MAX {
            debts.retain(|_, debt| !debt.left(now).is_zero());
        }
        if debts.len() >= KEYS_MAX {
            debts.clear();
        }
        let items = u32::try_from(items).unwrap_or(u32::MAX);
        let debt = debts.entry(whose).or_insert(Debt { owed: Duration::ZERO, at: now });
        *debt = Debt { owed: debt.left(now).saturating_add(each.saturating_mul(items)), at: now };
    }
}

/// Who pays: a key, else the address.
fn key(caller: &Caller) -> String {
    match &caller.principal {
        Principal::Key { id, .. } => id.clone(),
        _ => caller.ip.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use whodunit_stdx::{Timestamp, World};

    use super::*;

    fn intakes(intake: Intake) -> Intakes {
        let intakes = Intakes::default();
        intakes.replace(BTreeMap::from([(Project::default_project(), Arc::new(intake))]));
        intakes
    }

    fn caller(ip: &str) -> Caller {
        Caller { ip: Some(ip.to_owned()), ..Caller::new(Principal::Anonymous) }
    }

    #[test]
    fn a_key_sends_a_minutes_worth_at_once_and_then_waits_for_what_it_owes() {
        let (world, clock) = World::seeded(1, Timestamp(0));
        let intakes = intakes(Intake { key_items_per_minute: Some(60), ..Intake::default() });
        let (project, one, other) = (Project::default_project(), caller("192.0.2.1"), caller("192.0.2.2"));
        let wait = |caller: &Caller| intakes.wait(&project, caller, world.instant());
        intakes.sent(&project, &one, 60, world.instant());
        assert_eq!(wait(&one), None, "a minute's worth is free");
        intakes.sent(&project, &one, 5, world.instant());
        assert_eq!((wait(&one), wait(&other)), (Some(Duration::from_secs(5)), None));
        clock.advance(Duration::from_secs(5));
        assert_eq!(wait(&one), None);
        let elsewhere = Project::parse("shop").expect("a slug");
        intakes.sent(&elsewhere, &one, 1000, world.instant());
        assert_eq!(intakes.wait(&elsewhere, &one, world.instant()), None, "no rules, no limit");
    }

    #[test]
    fn in_a_spike_one_event_in_ten_is_stored_and_the_next_minute_is_whole_again() {
        let (world, clock) = World::seeded(1, Timestamp(0));
        let intake = Intake { spike_events_per_minute: Some(100), ..Intake::default() };
        let intakes = intakes(intake.clone());
        let project = Project::default_project();
        let kept = |events: usize| (0..events).filter(|_| intakes.keeps(&project, &intake, world.instant())).count();
        assert_eq!((kept(100), kept(1000)), (100, 100));
        clock.advance(MINUTE);
        assert_eq!(kept(100), 100);
    }

    #[test]
    fn debts_are_bounded() {
        let (world, _) = World::seeded(1, Timestamp(0));
        let intakes = intakes(Intake { key_items_per_minute: Some(1), ..Intake::default() });
        for number in 0..2 * KEYS_MAX {
            intakes.sent(&Project::default_project(), &caller(&number.to_string()), 100, world.instant());
        }
        assert!(intakes.0.debts.lock().len() <= KEYS_MAX);
    }
}
