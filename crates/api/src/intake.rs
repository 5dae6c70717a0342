//! What of a project's errors is let in: a project's share of the setting `intake`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Filters and limits of one project. What is left out is off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntakeRules {
    /// Drop events of the environment `development`.
    pub development: bool,
    /// Drop events of applications on the developer's own machine.
    pub localhost: bool,
    /// Drop errors that extensions of browsers made.
    pub browser_extensions: bool,
    /// Drop events of browsers that nobody supports any more.
    pub legacy_browsers: bool,
    /// Drop events that crawlers caused.
    pub web_crawlers: bool,
    /// Drop events whose message fits one of these globs (`*`, `?`).
    pub messages: Vec<String>,
    /// Drop events whose release fits one of these globs.
    pub releases: Vec<String>,
    /// Items that one key may send in a minute; further requests are answered 429.
    pub key_items_per_minute: Option<u32>,
    /// Items of one category (`error`, `transaction`, `attachment`, …) that one key may send in a minute, 0 for none at
    /// all; what is past it is not stored, and clients are told to hold that category back.
    pub key_category_items_per_minute: BTreeMap<String, u32>,
    /// Events of the project in a minute beyond which only a sample is stored.
    pub spike_events_per_minute: Option<u32>,
}
