//! Scheduled jobs and how they stand.

use futures::FutureExt;
use whodunit_api::monitors::MonitorsAnswer;
use whodunit_model::Table;

use crate::call::{Answer, Call, ProjectChoice, ok};

pub fn list(call: Call) -> Answer {
    async move {
        let visibility = call.visibility(ProjectChoice::Named);
        visibility.require(Table::CheckIns)?;
        let monitors = call.app.monitors.list(|project| visibility.sees_project(project), call.app.world.now());
        call.recorder.add_rows(monitors.len() as u64);
        ok(&MonitorsAnswer { monitors })
    }
    .boxed()
}
