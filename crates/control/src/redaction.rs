//! Projects' redaction rules: the value of the setting `redaction`, and changing one project's share of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};
use whodunit_api::redaction::{RedactionRule, RuleAction, RuleKind};
use whodunit_model::redact::{Matches, Rule};
use whodunit_model::{Project, Redactor};

use crate::error::Error;

/// The redactors of projects that have rules of their own.
pub type Redactors = BTreeMap<Project, Arc<Redactor>>;

/// A value of the setting, ready for use: an object of project to list of rules.
pub fn redactors(value: &Value) -> Result<Redactors, Error> {
    let wrong = |message: String| Error::invalid("value", message);
    let projects =
        value.as_object().ok_or_else(|| wrong("redaction is an object of project to list of rules".to_owned()))?;
    let of_project = |(slug, rules): (&String, &Value)| {
        let project = Project::parse(slug).map_err(|error| wrong(error.to_string()))?;
        let rules: Vec<RedactionRule> =
            serde_json::from_value(rules.clone()).map_err(|error| wrong(format!("redaction of {slug}: {error}")))?;
        Ok((project, Arc::new(redactor(&rules)?)))
    };
    projects.iter().map(of_project).collect()
}

/// The standard rules and these.
pub fn redactor(rules: &[RedactionRule]) -> Result<Redactor, Error> {
    let rules = rules.iter().map(rule).collect::<Result<Vec<_>, _>>()?;
    Redactor::with_rules(&rules).map_err(|error| Error::invalid("rules", error.to_string()))
}

fn rule(rule: &RedactionRule) -> Result<Rule, Error> {
    let (name, pattern) = (rule.name.clone(), rule.pattern.clone());
    let matches = match (rule.kind, rule.action) {
        (RuleKind::Key, RuleAction::Filter) => Matches::FilterKey(pattern),
        (RuleKind::Key, RuleAction::Keep) => Matches::KeepKey(pattern),
        (RuleKind::Value, RuleAction::Filter) => Matches::FilterValue(pattern),
        (RuleKind::Value, RuleAction::Keep) => {
            return Err(Error::invalid("rules", format!("rule {name:?}: only rules for keys can keep")));
        }
    };
    Ok(Rule { name, matches })
}

/// The rules of one project in a value of the setting.
pub fn rules_of(value: &Value, project: &Project) -> Vec<RedactionRule> {
    value.get(project.as_str()).and_then(|rules| serde_json::from_value(rules.clone()).ok()).unwrap_or_default()
}

/// The value with one project's rules replaced; a project without rules is not in it.
pub fn with_rules_of(value: &Value, project: &Project, rules: &[RedactionRule]) -> Value {
    let mut projects: Map<String, Value> = value.as_object().cloned().unwrap_or_default();
    match rules {
        [] => drop(projects.remove(project.as_str())),
        _ => {
            let rules = serde_json::to_value(rules).expect("rules have a JSON form");
            projects.insert(project.as_str().to_owned(), rules);
        }
    }
    Value::Object(projects)
}
