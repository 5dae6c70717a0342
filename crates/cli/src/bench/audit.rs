//! Audit entries: in batches, one by one, and how soon a question sees them.

use std::path::Path;

use hyper::Method;
use serde_json::{Value, json};
use whodunit_stdx::{EntryId, Instant, World};

use super::bodies::{Bodies, BodiesWriter};
use super::generate::SplitMix;
use super::pace::{Pace, TICKS_PER_SECOND};
use super::report::Latencies;
use crate::failure::Failure;
use crate::http::{Call, Client};

/// Entries per request of the visibility run; at 200 requests a second this makes 2,000 entries.
const VISIBLE_BATCH: u64 = 10;
/// One request in so many is asked for after its answer.
const ASKED_ONE_IN: u64 = 10;
/// Requests under way at once; past it the pace falls behind and the report says so.
const UNDER_WAY_MAX: usize = 256;

/// One entry as an application would send it.
pub fn entry(random: &mut SplitMix, id: Option<EntryId>) -> Value {
    let (user, order) = (random.below(50_000), random.below(1_000_000));
    let (before, after) = (random.below(10_000), random.below(10_000));
    let mut entry = json!({
        "action": "order_updated",
        "category": "mutation",
        "severity": "INFO",
        "outcome": "success",
        "description": format!("changed the amount of order {order}"),
        "reason": "customer called",
        "actor_type": "user",
        "actor_id": format!("user-{user:05}"),
        "actor_email": format!("user-{user:05}@example.com"),
        "ip": format!("10.{}.{}.7", user >> 8, user & 255),
        "session_id": format!("{:012x}", random.next() >> 16),
        "correlation_id": format!("{:016x}", random.next()),
        "target_type": "order",
        "target_id": order.to_string(),
        "request_method": "PATCH",
        "request_path": format!("/api/orders/{order}"),
        "request_status": 200,
        "changes": [{"field": "amount", "before": before, "after": after}],
        "environment": "production",
        "service": "orders",
    });
    if let Some(id) = id {
        entry["id"] = Value::String(id.to_string());
    }
    entry
}

/// `entries` of them in bodies of `batch` each, as NDJSON or, alone, as one object.
pub fn write_bodies(entries: u64, batch: u64, path: &Path) -> Result<Bodies, Failure> {
    let mut writer = BodiesWriter::create(path)?;
    let mut random = SplitMix(batch);
    let mut body = Vec::new();
    let mut rows = 0;
    for row in 1..=entries {
        body.extend_from_slice(entry(&mut random, None).to_string().as_bytes());
        body.push(b'\n');
        rows += 1;
        if rows == batch || row == entries {
            writer.push(&body, rows)?;
            body.clear();
            rows = 0;
        }
    }
    writer.finish()
}

/// The same server by two keys: one that sends, one that reads.
#[derive(Clone, Copy)]
pub struct Doors<'a> {
    pub sender: &'a Client,
    pub asker: &'a Client,
}

/// What the visibility run found.
#[derive(Debug, Default)]
pub struct Visible {
    /// From the start of writing to the end of the answer that shows the entry.
    pub request_to_visible: Latencies,
    /// From the end of the receipt to the end of the answer that shows the entry.
    pub answer_to_visible: Latencies,
    pub writes: Latencies,
    pub entries_per_second: f64,
    /// Questions that did not show the entry although its receipt was out: must be none.
    pub unseen: u64,
}

/// Writes 2,000 entries a second for `seconds` and asks for some of them by id as soon as their receipt is there.
pub async fn visible(doors: Doors<'_>, seconds: u64, world: &World) -> Result<Visible, Failure> {
    let pace = Pace { seconds, per_second: TICKS_PER_SECOND, under_way_max: UNDER_WAY_MAX };
    let begun = world.instant();
    let mut random = SplitMix(2_000);
    let mut visible = Visible::default();
    let begin = |tick: u64, _due| {
        let entries: Vec<(EntryId, Value)> =
            (0..VISIBLE_BATCH).map(|_| world.entry_id()).map(|id| (id, entry(&mut random, Some(id)))).collect();
        let asked = tick.is_multiple_of(ASKED_ONE_IN).then(|| entries[0].0);
        let body = Value::Array(entries.into_iter().map(|(_, entry)| entry).collect());
        write_and_ask(doors, body, asked, world)
    };
    pace.keep(world, begin, |done| visible.take(done)).await?;
    visible.entries_per_second = (pace.ticks() * VISIBLE_BATCH) as f64 / world.instant().since(begun).as_secs_f64();
    Ok(visible)
}

/// How one request of the visibility run went.
struct Written {
    begun: Instant,
    answered: Instant,
    seen: Option<Instant>,
    unseen: u64,
}

impl Visible {
    fn take(&mut self, written: Written) {
        self.writes.push(written.answered.since(written.begun));
        self.unseen += written.unseen;
        if let Some(seen) = written.seen {
            self.request_to_visible.push(seen.since(written.begun));
            self.answer_to_visible.push(seen.since(written.answered));
        }
    }
}

async fn write_and_ask(
    doors: Doors<'_>,
    body: Value,
    asked: Option<EntryId>,
    world: &World,
) -> Result<Written, Failure> {
    let begun = world.instant();
    doors.sender.send(Call::json(Method::POST, "/api/v1/audit", &body)).await?.success()?;
    let answered = world.instant();
    let mut written = Written { begun, answered, seen: None, unseen: 0 };
    let Some(id) = asked else { return Ok(written) };
    let question = json!({"query": format!("SELECT count(*) FROM audit_logs WHERE id = '{id}'")});
    while written.seen.is_none() {
        let answer = doors.asker.send(Call::json(Method::POST, "/api/v1/sql", &question)).await?.success()?.json()?;
        if answer["rows"][0][0] == 1 {
            written.seen = Some(world.instant());
        } else {
            written.unseen += 1;
        }
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_hold_the_entries_asked_for() {
        let directory = tempfile::tempdir().expect("a directory");
        let bodies = write_bodies(250, 100, &directory.path().join("audit")).expect("written");
        assert_eq!(bodies.rows(), 250);
        let mut sizes = Vec::new();
        while let Some(body) = bodies.take().expect("read") {
            for line in body.bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                let entry: Value = serde_json::from_slice(line).expect("JSON");
                assert_eq!(entry["action"], "order_updated");
            }
            sizes.push(body.rows);
        }
        assert_eq!(sizes, [100, 100, 50]);
    }
}
