//! How alike two issues are: the application's own frames that their stacks share.
//!
//! Grouping asks whether two events are the same problem and must not guess; this only says where a person may want to
//! look, so it compares what is there and tells what it found.

use std::collections::BTreeSet;

use crate::event::Event;
use crate::frame::{frames_of, normalise, stack_of_event};
use crate::rules::Rules;

/// The application's own frames of an event, each once, without lines and versions.
pub type OwnFrames = BTreeSet<String>;

/// What two sets of frames have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Likeness {
    pub shared: usize,
    /// Different frames of both together.
    pub all: usize,
}

/// The frames of every exception of the event, or of its own stack if it has none.
pub fn own_frames(event: &Event<'_>, rules: &Rules) -> OwnFrames {
    let thrown = event.exceptions.iter().filter_map(|exception| exception.stack.as_ref());
    let own = stack_of_event(event).filter(|_| event.exceptions.iter().all(|exception| exception.stack.is_none()));
    let mut frames = OwnFrames::new();
    for stack in thrown.chain(own) {
        for frame in frames_of(stack).iter() {
            let normal = normalise(frame, event, rules);
            let is_nameless = normal.names.function.is_empty() && normal.names.place().is_empty();
            if normal.in_app.in_app && normal.names.noise.is_none() && !is_nameless {
                frames.insert(format!("{} in {}", normal.names.function, normal.names.place()));
            }
        }
    }
    frames
}

/// Compares the frames of two events.
pub fn likeness(one: &OwnFrames, other: &OwnFrames) -> Likeness {
    Likeness { shared: one.intersection(other).count(), all: one.union(other).count() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn frames(functions: &[(&str, bool)]) -> OwnFrames {
        let frame =
            |(function, in_app): &(&str, bool)| json!({"function": function, "module": "shop.cart", "in_app": in_app});
        let frames: Vec<Value> = functions.iter().map(frame).collect();
        let raw =
            json!({"platform": "python", "exception": {"values": [{"type": "E", "stacktrace": {"frames": frames}}]}});
        own_frames(&Event::read(&raw), &Rules::default())
    }

    #[test]
    fn only_the_applications_own_frames_are_shared() {
        let one = frames(&[("serve", false), ("checkout", true), ("pay", true), ("pay", true)]);
        let other = frames(&[("serve", false), ("checkout", true), ("ship", true)]);
        assert_eq!(likeness(&one, &other), Likeness { shared: 1, all: 3 });
        assert_eq!(likeness(&one, &one), Likeness { shared: 2, all: 2 });
        assert_eq!(likeness(&one, &frames(&[("serve", false)])), Likeness { shared: 0, all: 2 });
        assert_eq!(likeness(&OwnFrames::new(), &OwnFrames::new()), Likeness::default());
    }
}
