//! Looks again and again at what changes by itself: the counters of the ways in, and the checks of health.

use std::sync::Arc;

use whodunit_stdx::Tasks;

use crate::app::App;
use crate::checkup::CHECKUP_INTERVAL;
use crate::rates::RATES_INTERVAL;
use crate::routes::detailed;

/// Looks until `tasks` stop.
pub fn follow(app: &Arc<App>, tasks: &Tasks) {
    let checked = app.clone();
    tasks.spawn("checkup", move |mut stop| async move {
        while !stop.is_set() {
            detailed::check_all(&checked).await;
            tokio::select! {
                () = stop.wait() => {}
                () = tokio::time::sleep(CHECKUP_INTERVAL) => {}
            }
        }
    });
    let app = app.clone();
    tasks.spawn("ingest rates", move |mut stop| async move {
        while !stop.is_set() {
            tokio::select! {
                () = stop.wait() => {}
                () = tokio::time::sleep(RATES_INTERVAL) => app.rates.look(&app.world),
            }
        }
    });
}
