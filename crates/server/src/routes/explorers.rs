//! What the explorers ask beyond lists: which fields rows have, and who last set each field of a thing.

use axum::response::Response;
use futures::FutureExt;
use whodunit_model::Table;
use whodunit_query::ListRequest;
use whodunit_query::fields::FIELDS_ROWS_MAX;

use super::read::of_question;
use crate::call::{Answer, Call, ProjectChoice, ok};
use crate::failure::Failure;

pub fn audit_fields(call: Call) -> Answer {
    async move { fields(call, Table::AuditLogs).await }.boxed()
}

pub fn logs_fields(call: Call) -> Answer {
    async move { fields(call, Table::Logs).await }.boxed()
}

async fn fields(call: Call, table: Table) -> Result<Response, Failure> {
    let request = ListRequest::parse(table, &of_question(&call), call.app.world.now())?;
    let answer = call.app.engine.fields(request, FIELDS_ROWS_MAX, &call.visibility(ProjectChoice::Named)).await?;
    call.recorder.add_rows(answer.rows);
    ok(&answer)
}

pub fn blame(call: Call) -> Answer {
    async move {
        let (target_type, target_id) = (required(&call, "target_type")?, required(&call, "target_id")?);
        let visibility = call.visibility(ProjectChoice::Named);
        let answer = call.app.engine.blame(target_type, target_id, &visibility).await?;
        call.recorder.add_rows(answer.statistics.rows);
        ok(&answer)
    }
    .boxed()
}

fn required<'a>(call: &'a Call, name: &str) -> Result<&'a str, Failure> {
    let value = call.parameter(name).filter(|value| !value.is_empty());
    value.ok_or_else(|| Failure::invalid(format!("{name} is missing: whose fields?")).field(name))
}
