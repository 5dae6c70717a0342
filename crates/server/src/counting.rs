//! Looks again and again at what changes by itself: the counters of the ways in.

use std::sync::Arc;

use whodunit_stdx::Tasks;

use crate::app::App;
use crate::rates::RATES_INTERVAL;

/// Looks until `tasks` stop.
pub fn follow(app: &Arc<App>, tasks: &Tasks) {
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
