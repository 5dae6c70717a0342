//! What is filtered of a project's rows: its own rules, and what they, or others, would do to rows and samples.

use std::sync::Arc;

use futures::FutureExt;
use serde_json::{Map, Value};
use whodunit_api::redaction::{
    RecordFiltered, RedactionChange, RedactionTest, RedactionTestAnswer, RedactionView, RuleCount, SampleFiltered,
};
use whodunit_control::{Setting, SettingChange, SettingName, redaction};
use whodunit_model::redact::{Filtered, Finding, STANDARD_NAMES, Tally};
use whodunit_model::{Redactor, Table};
use whodunit_query::SqlRequest;
use whodunit_query::format::row_objects;
use whodunit_stdx::ErrorKind;

use crate::call::{Answer, Call, ProjectChoice, ok};
use crate::failure::Failure;
use crate::keeping;

/// How many of a table's newest rows a test looks at.
pub const TEST_ROWS_MAX: usize = 100;

pub fn get(call: Call) -> Answer {
    async move {
        reach(&call)?;
        let setting = call.app.control.setting(SettingName::Redaction).await?;
        ok(&view(&call, &setting))
    }
    .boxed()
}

pub fn set(call: Call) -> Answer {
    async move {
        reach(&call)?;
        let request: RedactionChange = call.json()?;
        let control = &call.app.control;
        let before = control.setting(SettingName::Redaction).await?;
        let change = SettingChange {
            // The value holds the rules of all projects: it must not have changed since it was read.
            version: Some(request.version.unwrap_or(before.version)),
            reason: request.reason,
            ..SettingChange::new(redaction::with_rules_of(&before.value, &call.project, &request.rules))
        };
        let setting = control.change_setting(&call.caller, SettingName::Redaction, change).await?;
        keeping::apply(&call.app);
        ok(&view(&call, &setting))
    }
    .boxed()
}

pub fn test(call: Call) -> Answer {
    async move {
        reach(&call)?;
        let request: RedactionTest = call.json_or_default()?;
        let redactor = match &request.rules {
            Some(rules) => Arc::new(redaction::redactor(rules)?),
            None => call.app.gateway.redactors().of(&call.project),
        };
        let mut answer = RedactionTestAnswer {
            sample: request.sample.map(|sample| of_sample(&redactor, sample)),
            ..RedactionTestAnswer::default()
        };
        for table in [Table::AuditLogs, Table::Logs] {
            of_table(&call, &redactor, table, &mut answer).await?;
        }
        call.recorder.add_rows(answer.rows);
        ok(&answer)
    }
    .boxed()
}

fn reach(call: &Call) -> Result<(), Failure> {
    if call.project_choice == ProjectChoice::All {
        return Err(Failure::invalid("redaction rules belong to one project").field("project"));
    }
    let known = call.app.control.directory().project(call.project.as_str()).is_some();
    if !known || !call.caller.reaches(&call.project) {
        return Err(Failure::new(ErrorKind::NotFound, format!("there is no project {}", call.project)).field("project"));
    }
    Ok(())
}

fn view(call: &Call, setting: &Setting) -> RedactionView {
    RedactionView {
        project: call.project.to_string(),
        version: setting.version,
        rules: redaction::rules_of(&setting.value, &call.project),
        standard: STANDARD_NAMES.map(str::to_owned).to_vec(),
    }
}

fn of_sample(redactor: &Redactor, sample: Value) -> SampleFiltered {
    let mut tally = Tally::default();
    let filtered = match &sample {
        Value::String(text) => redactor.text(text, &mut tally).map(Value::String),
        other => redactor.json(&other.to_string(), &mut tally).and_then(|text| serde_json::from_str(&text).ok()),
    };
    SampleFiltered { filtered: filtered.unwrap_or(sample), rules: counts(&redactor.filtered(&tally)) }
}

/// The newest rows of a table, if the caller may read it.
async fn of_table(
    call: &Call,
    redactor: &Redactor,
    table: Table,
    answer: &mut RedactionTestAnswer,
) -> Result<(), Failure> {
    let visibility = call.visibility(ProjectChoice::Named);
    if visibility.require(table).is_err() {
        return Ok(());
    }
    let query = format!("SELECT * FROM {} ORDER BY time DESC LIMIT {TEST_ROWS_MAX}", table.name());
    let limits = call.app.engine.settings().limits;
    let (batches, _) = call.app.engine.sql(SqlRequest { query, limits }, &visibility).await?.collect().await?;
    for batch in &batches {
        answer.rows += batch.num_rows() as u64;
        for (row, shown) in row_objects(batch)?.iter().enumerate() {
            let found = redactor.findings(table, batch, row).into_iter();
            answer.records.extend(found.map(|finding| record(table, shown, finding)));
        }
    }
    Ok(())
}

fn record(table: Table, shown: &Map<String, Value>, finding: Finding) -> RecordFiltered {
    let text = |name: &str| shown.get(name).and_then(Value::as_str).map(str::to_owned);
    let Finding { column, filtered, preview } = finding;
    RecordFiltered {
        table: table.name().to_owned(),
        id: text("id").filter(|_| table == Table::AuditLogs),
        time: text("time").unwrap_or_default(),
        column,
        rules: counts(&filtered),
        preview,
    }
}

fn counts(filtered: &Filtered) -> Vec<RuleCount> {
    filtered.by_rule.iter().map(|(rule, count)| RuleCount { rule: rule.to_string(), count: *count }).collect()
}
