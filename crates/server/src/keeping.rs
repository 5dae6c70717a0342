//! What the control plane says about rows: how they are filtered, and how long they are kept: the control plane's rules and the server's defaults, as the store's policy.
//!
//! Of the control plane's rules the first that fits a table and a project counts, whole; where none fits, the
//! server's own setting does. The store gets the answer for every table and project that there is.

use std::sync::Arc;
use std::time::Duration;

use whodunit_control::{Directory, RetentionRule};
use whodunit_model::{Project, Table};
use whodunit_stdx::Tasks;
use whodunit_store::RetentionPolicy;
use whodunit_store::maintain::Rule;

use crate::app::App;
use crate::settings::Settings;

/// How often the policy follows changes that other nodes made.
const FOLLOW_INTERVAL: Duration = Duration::from_secs(5);

/// Hands the policy of the present directory to the store, and its rules about what is filtered and let in to the ways in.
pub fn apply(app: &App) {
    let directory = app.control.directory();
    app.store.set_retention(policy(&directory.settings().retention, &directory, &app.settings));
    app.gateway.redactors().replace(directory.settings().redactors.clone());
    app.gateway.groupings().replace(directory.settings().groupings.clone());
    app.gateway.intakes().replace(directory.settings().intakes.clone());
}

/// Applies the policy now and whenever the control plane has changed.
pub fn follow(app: &Arc<App>, tasks: &Tasks) {
    apply(app);
    let app = app.clone();
    tasks.spawn("retention policy", move |mut stop| async move {
        let mut seen = app.control.directory().revision();
        while !stop.is_set() {
            tokio::select! {
                () = stop.wait() => {}
                () = tokio::time::sleep(FOLLOW_INTERVAL) => {
                    let revision = app.control.directory().revision();
                    if revision != seen {
                        seen = revision;
                        apply(&app);
                    }
                }
            }
        }
    });
}

/// The answer of these rules for every table and project.
pub fn policy(rules: &[RetentionRule], directory: &Directory, settings: &Settings) -> RetentionPolicy {
    let mut policy = RetentionPolicy::default();
    for project in directory.projects() {
        for table in Table::ALL {
            let like = governing(rules, table);
            let rule = rule(rules, like, &project.slug).unwrap_or_else(|| of_server(settings, like));
            policy.projects.insert((table, project.slug.clone()), rule);
        }
    }
    policy
}

/// The table whose rules count: files stay as long as the events that they came with, unless a rule names them.
fn governing(rules: &[RetentionRule], table: Table) -> Table {
    let is_named = rules.iter().any(|rule| rule.table == Some(table));
    if table == Table::Attachments && !is_named { Table::ErrorEvents } else { table }
}

fn rule(rules: &[RetentionRule], table: Table, project: &Project) -> Option<Rule> {
    let fits = |rule: &&RetentionRule| {
        rule.table.is_none_or(|named| named == table) && rule.project.as_ref().is_none_or(|named| named == project)
    };
    rules.iter().find(fits).map(|rule| Rule { age_max: rule.age, bytes_max: rule.bytes })
}

fn of_server(settings: &Settings, table: Table) -> Rule {
    match table {
        Table::AuditLogs => Rule { age_max: settings.retention_audit, bytes_max: None },
        _ => Rule { age_max: settings.retention_logs, bytes_max: settings.retention_logs_bytes },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stay_as_long_as_events_unless_a_rule_names_them() {
        let of = |table| RetentionRule { table: Some(table), project: None, age: None, bytes: Some(7) };
        assert_eq!(governing(&[of(Table::Logs), of(Table::ErrorEvents)], Table::Attachments), Table::ErrorEvents);
        assert_eq!(governing(&[of(Table::Attachments)], Table::Attachments), Table::Attachments);
        assert_eq!(governing(&[], Table::Logs), Table::Logs);
    }

    #[test]
    fn the_first_rule_that_fits_counts_whole() {
        let shop = Project::parse("shop").expect("slug");
        let days = |days: u64| Some(Duration::from_secs(days * 86_400));
        let rules = [
            RetentionRule { table: Some(Table::Logs), project: Some(shop.clone()), age: None, bytes: Some(7) },
            RetentionRule { table: Some(Table::Logs), project: None, age: days(3), bytes: None },
        ];
        assert_eq!(rule(&rules, Table::Logs, &shop), Some(Rule { age_max: None, bytes_max: Some(7) }));
        let other = Project::default_project();
        assert_eq!(rule(&rules, Table::Logs, &other), Some(Rule { age_max: days(3), bytes_max: None }));
        assert_eq!(rule(&rules, Table::AuditLogs, &shop), None);
    }

    #[test]
    fn by_default_nothing_is_dropped_by_age() {
        let settings = Settings::default();
        for table in Table::ALL {
            assert_eq!(of_server(&settings, table), Rule::default(), "{}", table.name());
        }
    }
}
