//! By which rules projects group their events: the value of the setting `grouping`.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::Arc;

use serde_json::Value;
use whodunit_issues::rules::Rules;
use whodunit_model::Project;

use crate::error::Error;

/// Longest text of one project's rules.
pub const GROUPING_BYTES_MAX: usize = 32 * 1024;

/// Rules of projects that have some.
pub type Groupings = BTreeMap<Project, Arc<Rules>>;

/// A value of the setting, ready for use: an object of project to rules, one a line.
pub fn groupings(value: &Value) -> Result<Groupings, Error> {
    let wrong = |message: String| Error::invalid("value", message);
    let projects = value.as_object().ok_or_else(|| wrong("grouping is an object of project to rules".to_owned()))?;
    let of_project = |(slug, rules): (&String, &Value)| {
        let project = Project::parse(slug).map_err(|error| wrong(error.to_string()))?;
        let text = rules.as_str().ok_or_else(|| wrong(format!("grouping of {slug}: a text of rules, one a line")))?;
        if text.len() > GROUPING_BYTES_MAX {
            return Err(wrong(format!("grouping of {slug}: more than {GROUPING_BYTES_MAX} bytes")));
        }
        let rules = Rules::parse(text).map_err(|error| {
            let cause = error.problem.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            wrong(format!("grouping of {slug}: {error}{cause}"))
        })?;
        Ok((project, Arc::new(rules)))
    };
    projects.iter().map(of_project).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_are_read_by_project_and_the_wrong_line_is_named() {
        let rules = "# generated code is nobody's\npath:**/generated/** -app\ntype:Timeout* -> timeout\n";
        let groupings = groupings(&json!({"shop": rules})).expect("fine");
        assert_ne!(*groupings[&Project::parse("shop").expect("a slug")], Rules::default());
        for (bad, named) in [
            (json!([]), "object of project"),
            (json!({"shop": ["path:a -app"]}), "grouping of shop: a text of rules"),
            (json!({"shop": "path:a -app\ncolour:red -app"}), "grouping of shop: line 2: \"colour\""),
            (json!({"shop": format!("path:{} -app", "a".repeat(300))}), "grouping of shop: line 1: pattern: "),
            (json!({"shop": "#".repeat(GROUPING_BYTES_MAX + 1)}), "more than 32768 bytes"),
            (json!({"Not a slug": ""}), "slug"),
        ] {
            let error = super::groupings(&bad).expect_err("wrong");
            assert!(error.message.contains(named), "{}", error.message);
        }
    }
}
