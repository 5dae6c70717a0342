//! Sources: what was counted outlives the process, and writers do not see each other's.

use std::time::Duration;

use whodunit_model::{Caller, Heard, Principal, Project, Sources};

use crate::house::{House, START};
use crate::on_both;

on_both! { sources_are_kept_by_writer }

fn heard(name: &str) -> Heard {
    let principal = Principal::Key { id: format!("id-{name}"), name: name.to_owned(), scopes: Vec::new() };
    let caller = Caller { user_agent: Some("agent/1.0 (x)".to_owned()), ..Caller::new(principal) };
    let mut heard = Heard::of(&Project::default_project(), "loki", &caller, START);
    heard.bytes = 10;
    heard.stored(Some("api \"é\""), 3);
    heard.refused("not_utf8", 2, "not UTF-8 at byte 1");
    heard
}

async fn sources_are_kept_by_writer(house: House) {
    let sources = Sources::default();
    sources.hear(heard("shop"));
    house.control.save_sources("w1", &sources).await.expect("is saved");
    sources.hear(heard("shop"));
    let mut later = heard("bank");
    later.at = START.saturating_add(Duration::from_secs(1));
    later.failed("too_large", "the body is too large");
    sources.hear(later);
    house.control.save_sources("w1", &sources).await.expect("is saved again");
    house.control.save_sources("w1", &sources).await.expect("nothing changed");
    let loaded = Sources::default();
    loaded.load(house.control.sources("w1").await.expect("is read"));
    assert_eq!(loaded.list(|_| true), sources.list(|_| true), "nothing is lost on the way");
    assert_eq!(loaded.list(|_| true).len(), 2);
    assert!(house.control.sources("w2").await.expect("is read").is_empty());
}
