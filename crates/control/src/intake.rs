//! What projects let in: the value of the setting `intake`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use whodunit_api::intake::IntakeRules;
use whodunit_issues::category::Category;
use whodunit_issues::filter::{Filters, Intake};
use whodunit_issues::glob::{Glob, Of};
use whodunit_model::Project;

use crate::error::Error;

/// Globs that a list of one project may hold.
pub const INTAKE_GLOBS_MAX: usize = 100;

/// What projects with rules of their own let in; all others let in everything.
pub type Intakes = BTreeMap<Project, Arc<Intake>>;

/// A value of the setting, ready for use: an object of project to rules.
pub fn intakes(value: &Value) -> Result<Intakes, Error> {
    let wrong = |message: String| Error::invalid("value", message);
    let projects = value.as_object().ok_or_else(|| wrong("intake is an object of project to rules".to_owned()))?;
    let of_project = |(slug, rules): (&String, &Value)| {
        let project = Project::parse(slug).map_err(|error| wrong(error.to_string()))?;
        let rules: IntakeRules =
            serde_json::from_value(rules.clone()).map_err(|error| wrong(format!("intake of {slug}: {error}")))?;
        let intake = intake(rules).map_err(|message| wrong(format!("intake of {slug}: {message}")))?;
        Ok((project, Arc::new(intake)))
    };
    projects.iter().map(of_project).collect()
}

fn intake(rules: IntakeRules) -> Result<Intake, String> {
    let globs = |name: &str, list: &[String]| {
        if list.len() > INTAKE_GLOBS_MAX {
            return Err(format!("{name} has more than {INTAKE_GLOBS_MAX} patterns"));
        }
        let parse = |text: &String| Glob::parse(text, Of::Sentences).map_err(|error| format!("{name}: {error}"));
        list.iter().map(parse).collect::<Result<Vec<Glob>, String>>()
    };
    for (name, limit) in [
        ("key_items_per_minute", rules.key_items_per_minute),
        ("spike_events_per_minute", rules.spike_events_per_minute),
    ] {
        if limit == Some(0) {
            return Err(format!("{name} is at least 1; leave it out for no limit"));
        }
    }
    let category = |(name, most): (&String, &u32)| match Category::parse(name) {
        Some(category) => Ok((category, *most)),
        None => {
            let known = Category::ALL.map(Category::name).join(", ");
            Err(format!("key_category_items_per_minute: {name:?} is no category; there are {known}"))
        }
    };
    Ok(Intake {
        filters: Filters {
            development: rules.development,
            localhost: rules.localhost,
            browser_extensions: rules.browser_extensions,
            legacy_browsers: rules.legacy_browsers,
            web_crawlers: rules.web_crawlers,
            messages: globs("messages", &rules.messages)?,
            releases: globs("releases", &rules.releases)?,
        },
        key_items_per_minute: rules.key_items_per_minute,
        key_category_items_per_minute: rules
            .key_category_items_per_minute
            .iter()
            .map(category)
            .collect::<Result<_, String>>()?,
        spike_events_per_minute: rules.spike_events_per_minute,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_are_read_by_project_and_what_is_wrong_is_named() {
        let value = json!({"shop": {"localhost": true, "messages": ["*boom*"], "key_items_per_minute": 60,
            "key_category_items_per_minute": {"replay": 0, "error": 30}}});
        let intakes = intakes(&value).expect("fine");
        let shop = &intakes[&Project::parse("shop").expect("a slug")];
        assert!(shop.filters.localhost && !shop.filters.development && shop.filters.messages[0].matches("a boom b"));
        assert_eq!((shop.key_items_per_minute, shop.spike_events_per_minute), (Some(60), None));
        let by_category = [(Category::Error, 30), (Category::Replay, 0)];
        assert_eq!(shop.key_category_items_per_minute, BTreeMap::from(by_category));
        let many = vec!["a"; INTAKE_GLOBS_MAX + 1];
        for (bad, named) in [
            (json!([]), "object of project"),
            (json!({"shop": {"colour": 1}}), "colour"),
            (json!({"shop": {"messages": [""]}}), "messages"),
            (json!({"shop": {"releases": many}}), "releases"),
            (json!({"shop": {"spike_events_per_minute": 0}}), "spike_events_per_minute"),
            (json!({"shop": {"key_category_items_per_minute": {"errors": 1}}}), "\"errors\" is no category"),
        ] {
            let error = super::intakes(&bad).expect_err("wrong");
            assert!(error.message.contains(named), "{}", error.message);
        }
    }
}
