//! Keeping sources: who sent what outlives the process that counted it.

use whodunit_model::sources::{Source, Sources};

use crate::core::Control;
use crate::db;
use crate::error::Error;

impl Control {
    /// The sources that the store `writer` has heard from, as they were saved last.
    pub async fn sources(&self, writer: &str) -> Result<Vec<Source>, Error> {
        db::sources::list(&mut *self.0.database.read().await?, writer).await
    }

    /// Saves the sources that have changed since they were saved last; what cannot be saved stays for the next time.
    pub async fn save_sources(&self, writer: &str, sources: &Sources) -> Result<(), Error> {
        let changed = sources.unsaved();
        if changed.is_empty() {
            return Ok(());
        }
        let saved = async { db::sources::save(&mut *self.0.database.read().await?, writer, &changed).await }.await;
        saved.inspect_err(|_| sources.still_unsaved(&changed))
    }
}
