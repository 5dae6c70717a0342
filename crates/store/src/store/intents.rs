//! Intents that were never completed: after a while the store itself says that their outcome is unknown.
//!
//! The `expired` row is an entry of its own, with a leaf of its own: nothing that was written is changed.

use std::sync::Arc;

use arrow::array::{RecordBatch, TimestampNanosecondArray};
use whodunit_model::{AuditBuilder, AuditEntry, Batch};
use whodunit_stdx::ErrorKind;

use super::{Inner, PROVEN};
use crate::Error;
use crate::buffer::rows::{constant, with_columns, without};
use crate::manifest::PendingIntent;
use crate::segment::Lane;
use crate::types::{Durability, Submission};
use crate::write::EntryState;
use crate::write::older::state_of;
use crate::write::prepare::Sender;

/// Intents expired in one round; what remains waits for the next.
const EXPIRED_AT_ONCE: usize = 1000;

impl Inner {
    /// Expires what is due and returns how many intents that were.
    pub(super) async fn expire_intents(&self) -> Result<usize, Error> {
        let now = self.world.now();
        let open = self.lane(Lane::Audit).open_intents().await?;
        let due = open.into_iter().filter(|intent| now.since(intent.received_at) >= self.settings.intent_timeout);
        let mut expired = 0;
        for intent in due.take(EXPIRED_AT_ONCE) {
            let batch = self.expired_row(&intent).await?;
            let submission = Submission { batch, durability: Durability::Synced };
            expired += self.append(submission, Sender::Sweep).await?.rows;
        }
        Ok(expired)
    }

    async fn expired_row(&self, intent: &PendingIntent) -> Result<Batch, Error> {
        let rows = self.find_entry(&intent.project, intent.id).await?;
        let Some(row) = rows.into_iter().find(|row| state_of(row) == Some(EntryState::Intent)) else {
            return Ok(self.bare_expired(intent));
        };
        let now = TimestampNanosecondArray::from(vec![self.world.now().nanos()]).with_timezone("UTC");
        let changed: RecordBatch = with_columns(
            PROVEN,
            &without(&row, &[]),
            vec![
                ("received_at", Arc::new(now)),
                ("state", constant(EntryState::Expired.name(), 1)),
                ("outcome", constant("unknown", 1)),
            ],
        );
        Batch::new(PROVEN, intent.project.clone(), changed)
            .map_err(|error| Error::because(ErrorKind::Corrupt, format!("intent {} cannot expire", intent.id), error))
    }

    /// For an intent whose row retention has dropped meanwhile: it must still be closed.
    fn bare_expired(&self, intent: &PendingIntent) -> Batch {
        let mut builder = AuditBuilder::new();
        builder.push(&AuditEntry {
            time: intent.received_at,
            received_at: self.world.now(),
            id: Some(intent.id),
            outcome: Some("unknown".to_owned()),
            state: Some(EntryState::Expired.name().to_owned()),
            ..AuditEntry::default()
        });
        builder.finish(&intent.project)
    }
}
