//! Refused requests (401, 403) enter Whodunit's own trail, at a bounded rate.
//!
//! One refusal is worth an entry: somebody tried a door. A thousand a second are a flood that must not fill the
//! trail, so per minute a fixed number is written and the rest is counted in a metric.

use std::time::Duration;

use parking_lot::Mutex;
use whodunit_control::{Act, Category, Completed, Control, Severity};
use whodunit_model::Caller;
use whodunit_stdx::{ErrorKind, Instant, Tasks, World};

use crate::failure::Failure;
use crate::observed::REFUSALS_UNRECORDED;

/// Refusals that enter the trail per [`REFUSALS_WINDOW`].
pub const REFUSALS_RECORDED_MAX: u32 = 60;
pub const REFUSALS_WINDOW: Duration = Duration::from_secs(60);

/// Writes refusals into the trail, so many per window.
pub struct Refusals {
    control: Control,
    tasks: Tasks,
    world: World,
    budget: Budget,
}

/// Counts the refusals of the present window.
#[derive(Debug, Default)]
struct Budget(Mutex<Option<Window>>);

#[derive(Debug)]
struct Window {
    opened: Instant,
    recorded: u32,
}

impl Refusals {
    pub fn new(control: Control, tasks: Tasks, world: World) -> Refusals {
        Refusals { control, tasks, world, budget: Budget::default() }
    }

    /// Writes the refusal into the trail if the window has room; never waits for it.
    pub fn note(&self, operation: &'static str, caller: &Caller, failure: &Failure) {
        if !self.budget.admit(self.world.instant()) {
            REFUSALS_UNRECORDED.add(1);
            return;
        }
        let (action, category) = match failure.kind {
            ErrorKind::Unauthenticated => ("AUTHENTICATION_REFUSED", Category::Authentication),
            _ => ("AUTHORIZATION_REFUSED", Category::Authorization),
        };
        let act = Act::new(action, category, format!("{operation} is refused: {}", failure.message()))
            .severity(Severity::Warning)
            .target("operation", operation, None);
        let done =
            Completed::failure(failure.kind.name(), failure.message()).request_status(failure.status_code().as_u16());
        let (control, caller) = (self.control.clone(), caller.clone());
        self.tasks.spawn("record refusal", move |_| async move {
            if let Err(error) = control.trail().record(&caller, act, done).await {
                tracing::warn!(%error, "refusal not recorded");
            }
        });
    }
}

impl Budget {
    fn admit(&self, now: Instant) -> bool {
        let mut window = self.0.lock();
        match window.as_mut() {
            Some(open) if now.since(open.opened) < REFUSALS_WINDOW => {
                open.recorded += 1;
                open.recorded <= REFUSALS_RECORDED_MAX
            }
            _ => {
                *window = Some(Window { opened: now, recorded: 1 });
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_room_for_so_many_and_then_opens_again() {
        let budget = Budget::default();
        let admitted = (0..200).filter(|_| budget.admit(Instant(5))).count();
        assert_eq!(admitted, REFUSALS_RECORDED_MAX as usize);
        let later = Instant(5 + REFUSALS_WINDOW.as_nanos() as u64);
        assert!(budget.admit(later));
    }
}
