//! What every reader sees: one pointer to everything, swapped whole.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use whodunit_model::{Project, Table};
use whodunit_stdx::EntryId;

use super::active::{Attributes, Generation};
use super::{EntrySet, Frozen, Part};
use crate::manifest::{EntriesState, LateCompletion, Manifest, PendingIntent};
use crate::segment::{Lane, SegmentMeta};

/// One state of the store. Immutable.
#[derive(Clone, Debug)]
pub struct View {
    pub version: u64,
    pub manifest: Arc<Manifest>,
    pub lanes: [LaneView; 2],
    /// Union over segments and buffers, by the table's position in `Table::ALL`.
    pub attributes: Vec<Arc<Attributes>>,
    pub pending_intents: EntrySet,
    pub late_completions: EntrySet,
    /// Segments of audit entries by project.
    pub entry_segments: Arc<HashMap<Project, EntrySegments>>,
    of_segments: Vec<Arc<Attributes>>,
}

/// Where flushed entries of one project are.
#[derive(Clone, Debug)]
pub struct EntrySegments {
    /// The highest id in any of them: what is above is in none.
    pub newest: EntryId,
    pub segments: Vec<Arc<SegmentMeta>>,
}

/// The buffers of one lane.
#[derive(Clone, Debug, Default)]
pub struct LaneView {
    /// `None` before the first group and after a freeze.
    pub active: Option<Arc<Generation>>,
    /// On their way into segments, oldest first.
    pub frozen: Vec<Arc<Generation>>,
    /// What the manifest shall say of entries once the frozen ones are flushed.
    entries: Option<Arc<EntriesState>>,
}

/// What a lane publishes after a group. The sets are the audit lane's; the telemetry lane has none.
pub struct Group {
    pub lane: Lane,
    pub active: Arc<Generation>,
    pub intents: Option<(EntrySet, EntrySet)>,
}

/// The one place where the view changes.
#[derive(Debug)]
pub struct Publisher {
    view: ArcSwap<View>,
    /// Held for the length of one swap: lanes and maintenance change different parts of the view.
    turn: Mutex<()>,
}

impl LaneView {
    pub fn generations(&self) -> impl Iterator<Item = &Arc<Generation>> {
        self.frozen.iter().chain(&self.active)
    }
}

impl View {
    pub fn lane(&self, lane: Lane) -> &LaneView {
        &self.lanes[lane as usize]
    }

    fn refresh_attributes(&mut self) {
        for table in Table::ALL.into_iter().filter(|table| table.takes_attributes()) {
            let at = table as usize;
            let mut union = Attributes::clone(&self.of_segments[at]);
            for generation in self.lanes.iter().flat_map(LaneView::generations) {
                for (name, kind) in generation.attributes[at].iter() {
                    match union.get_mut(name) {
                        Some(known) => *known = known.widen(*kind),
                        None => drop(union.insert(name.clone(), *kind)),
                    }
                }
            }
            if union != *self.attributes[at] {
                self.attributes[at] = Arc::new(union);
            }
        }
    }
}

fn entry_segments(manifest: &Manifest) -> HashMap<Project, EntrySegments> {
    let mut all: HashMap<Project, EntrySegments> = HashMap::new();
    for segment in manifest.of_table(Table::AuditLogs) {
        let Some((_, newest)) = segment.ids else { continue };
        let new = || EntrySegments { newest, segments: Vec::new() };
        let known = all.entry(segment.project.clone()).or_insert_with(new);
        known.newest = known.newest.max(newest);
        known.segments.push(segment.clone());
    }
    all
}

fn attributes_of(manifest: &Manifest) -> Vec<Arc<Attributes>> {
    Table::ALL.into_iter().map(|table| Arc::new(manifest.attributes(table))).collect()
}

impl Publisher {
    pub fn new(manifest: Arc<Manifest>) -> Publisher {
        let of_segments = attributes_of(&manifest);
        let view = View {
            version: 1,
            pending_intents: manifest.entries.pending_intents.iter().map(PendingIntent::key).collect(),
            late_completions: manifest.entries.late_completions.iter().map(LateCompletion::key).collect(),
            entry_segments: Arc::new(entry_segments(&manifest)),
            manifest,
            lanes: Default::default(),
            attributes: of_segments.clone(),
            of_segments,
        };
        Publisher { view: ArcSwap::from_pointee(view), turn: Mutex::new(()) }
    }

    pub fn view(&self) -> Arc<View> {
        self.view.load_full()
    }

    fn change<T>(&self, change: impl FnOnce(&mut View) -> T) -> T {
        let _turn = self.turn.lock();
        let mut next = View::clone(&self.view.load());
        next.version += 1;
        let answer = change(&mut next);
        self.view.store(Arc::new(next));
        answer
    }

    /// Makes the rows of a group visible.
    pub fn publish(&self, group: Group) {
        self.change(|view| {
            let lane = &mut view.lanes[group.lane as usize];
            let before = lane.active.replace(group.active.clone());
            let same = |old: &Arc<Generation>| {
                old.attributes.iter().zip(&group.active.attributes).all(|(old, new)| Arc::ptr_eq(old, new))
            };
            if !before.as_ref().is_some_and(same) {
                view.refresh_attributes();
            }
            if let Some((pending, late)) = group.intents {
                view.pending_intents = pending;
                view.late_completions = late;
            }
        });
    }

    /// Moves a lane's buffer to the frozen ones and returns all that wait for a flush; `None` if nothing does.
    pub fn freeze(&self, lane: Lane, ended: Arc<Generation>, entries: Option<EntriesState>) -> Option<Frozen> {
        self.change(|view| {
            let waiting = &mut view.lanes[lane as usize];
            waiting.active = None;
            if !ended.is_empty() {
                waiting.frozen.push(ended);
                waiting.entries = entries.map(Arc::new);
            }
            let through = waiting.frozen.last()?.through;
            let entries = waiting.entries.as_deref().cloned();
            Some(Frozen { lane, through, parts: parts(&waiting.frozen), entries })
        })
    }

    /// Shows a committed manifest and drops what it has taken over from the buffers, in one step (I-4).
    /// An older manifest than the one shown changes nothing.
    pub fn show(&self, manifest: Arc<Manifest>) {
        let of_segments = attributes_of(&manifest);
        let entry_segments = Arc::new(entry_segments(&manifest));
        self.change(|view| {
            if manifest.version <= view.manifest.version {
                return;
            }
            for lane in Lane::ALL {
                let through = manifest.flushed_through.of(lane);
                view.lanes[lane as usize].frozen.retain(|generation| generation.through > through);
            }
            view.manifest = manifest;
            view.entry_segments = entry_segments;
            view.of_segments = of_segments;
            view.refresh_attributes();
        });
    }
}

fn parts(generations: &[Arc<Generation>]) -> Vec<Part> {
    let mut all: BTreeMap<(Table, Project), Part> = BTreeMap::new();
    for ((table, project), batches) in generations.iter().flat_map(|generation| &generation.parts) {
        let new = || Part { table: *table, project: project.clone(), batches: Vec::new() };
        let part = all.entry((*table, project.clone())).or_insert_with(new);
        part.batches.extend(batches.iter().map(|one| arrow::array::RecordBatch::clone(one)));
    }
    all.into_values().collect()
}
