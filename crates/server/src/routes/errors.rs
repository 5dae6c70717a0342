//! Single errors.

use futures::FutureExt;
use serde_json::json;
use whodunit_model::Table;
use whodunit_query::found::{NamedBy, RowKey};
use whodunit_stdx::ErrorKind;

use super::artifacts;
use crate::call::{Answer, Call, ProjectChoice, ok};
use crate::failure::Failure;

/// One event with all that was kept of it. Sent twice, the newest.
pub fn get_error(call: Call) -> Answer {
    async move {
        let id = call.hex_id("event")?;
        let named_by = NamedBy::Id { id: id.clone(), time: None };
        let key = RowKey { table: Table::ErrorEvents, project: call.project.clone(), named_by };
        let found = call.app.engine.find_row(&key, &call.visibility(ProjectChoice::Named)).await?;
        let missing = || Failure::new(ErrorKind::NotFound, format!("no error {id} in the project {}", call.project));
        let mut found = found.ok_or_else(missing)?;
        artifacts::resolve(&call, &mut found.fields).await?;
        call.recorder.add_rows(1);
        ok(&json!({"sentence": found.summary, "event": found.fields}))
    }
    .boxed()
}
