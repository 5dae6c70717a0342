//! What is asked of sessions in SQL.
//!
//! A session that is told of by several updates counts once, by the worst that was said of it; counts of sessions are
//! added as they came.

use whodunit_query::format::time_text;
use whodunit_stdx::Timestamp;

/// Values of a column that are asked for, as filters of lists have them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    any_of: Vec<String>,
    none_of: Vec<String>,
    is_there: Option<bool>,
}

impl Wanted {
    pub fn add(&mut self, value: &str) {
        match (value, value.strip_prefix('!'), value.strip_prefix('\\')) {
            ("*", ..) => self.is_there = Some(true),
            ("!*", ..) => self.is_there = Some(false),
            (_, Some(value), _) => self.none_of.push(value.to_owned()),
            (_, _, Some(value)) => self.any_of.push(value.to_owned()),
            (value, None, None) => self.any_of.push(value.to_owned()),
        }
    }

    pub fn admits(&self, value: Option<&str>) -> bool {
        let among = |values: &[String]| value.is_some_and(|value| values.iter().any(|one| one == value));
        (self.any_of.is_empty() || among(&self.any_of))
            && !among(&self.none_of)
            && self.is_there.is_none_or(|is_there| is_there == value.is_some())
    }

    /// The same as a condition on that column.
    pub fn condition(&self, column: &str) -> String {
        let list = |values: &[String]| {
            values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect::<Vec<_>>().join(", ")
        };
        let mut all = vec!["TRUE".to_owned()];
        if !self.any_of.is_empty() {
            all.push(format!("{column} IN ({})", list(&self.any_of)));
        }
        if !self.none_of.is_empty() {
            all.push(format!("({column} IS NULL OR {column} NOT IN ({}))", list(&self.none_of)));
        }
        match self.is_there {
            Some(true) => all.push(format!("{column} IS NOT NULL")),
            Some(false) => all.push(format!("{column} IS NULL")),
            None => {}
        }
        all.join(" AND ")
    }
}

/// Which sessions are asked about.
#[derive(Clone, Debug)]
pub struct Asked {
    pub from: Timestamp,
    pub to: Timestamp,
    pub release: Wanted,
    pub environment: Wanted,
}

/// Rows of a release in an environment, with all sessions of the environment beside its own; at most `most`.
pub fn by_release(asked: &Asked, most: usize) -> String {
    let (environment, release) = (asked.environment.condition("environment"), asked.release.condition("\"release\""));
    format!(
        "SELECT * FROM (SELECT \"release\", environment, sum(sessions) AS sessions, sum(crashed) AS crashed, \
         sum(abnormal) AS abnormal, sum(errored) AS errored, count(DISTINCT actor_id) AS users, \
         count(DISTINCT CASE WHEN crashed > 0 THEN actor_id END) AS crashed_users, \
         sum(sum(sessions)) OVER (PARTITION BY environment) AS environment_sessions, \
         min(time) AS first_seen, max(time) AS last_seen FROM ({}) AS counted WHERE {environment} \
         GROUP BY \"release\", environment) AS grouped WHERE {release} \
         ORDER BY last_seen DESC, \"release\", environment LIMIT {most}",
        counted(asked)
    )
}

/// Rows of a bucket, by its number of seconds since 1970.
pub fn over_time(asked: &Asked, bucket_seconds: i64) -> String {
    let (environment, release) = (asked.environment.condition("environment"), asked.release.condition("\"release\""));
    format!(
        "SELECT CAST(date_part('epoch', date_bin(INTERVAL '{bucket_seconds} seconds', time, \
         TIMESTAMP '1970-01-01T00:00:00Z')) AS BIGINT) AS at, sum(sessions) AS sessions, sum(crashed) AS crashed \
         FROM ({}) AS counted WHERE {environment} AND {release} GROUP BY at ORDER BY at",
        counted(asked)
    )
}

fn counted(asked: &Asked) -> String {
    let (from, to) = (time_text(asked.from.nanos()), time_text(asked.to.nanos()));
    let range = format!("time >= TIMESTAMP '{from}' AND time < TIMESTAMP '{to}'");
    let worst = |condition: &str| format!("max(CASE WHEN {condition} THEN 1 ELSE 0 END)");
    let (crashed, abnormal) = (worst("status IN ('crashed', 'unhandled')"), worst("status = 'abnormal'"));
    let errored = worst("errors > 0 OR status = 'errored'");
    let counted = |status: &str| format!("CASE WHEN {status} THEN sessions ELSE 0 END");
    format!(
        "SELECT \"release\", max(environment) AS environment, max(actor_id) AS actor_id, min(time) AS time, \
         1 AS sessions, {crashed} AS crashed, \
         CASE WHEN {crashed} = 0 THEN {abnormal} ELSE 0 END AS abnormal, \
         CASE WHEN {crashed} = 0 AND {abnormal} = 0 THEN {errored} ELSE 0 END AS errored \
         FROM release_sessions WHERE {range} AND session_id IS NOT NULL GROUP BY \"release\", session_id \
         UNION ALL \
         SELECT \"release\", environment, actor_id, time, sessions, \
         {} AS crashed, {} AS abnormal, {} AS errored \
         FROM release_sessions WHERE {range} AND session_id IS NULL",
        counted("status IN ('crashed', 'unhandled')"),
        counted("status = 'abnormal'"),
        counted("status = 'errored'"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_admits_what_it_says_and_a_value_ends_no_text() {
        let mut wanted = Wanted::default();
        assert!(wanted.admits(None) && wanted.condition("a") == "TRUE");
        for value in ["x'; --", "y", "!z", "\\!u"] {
            wanted.add(value);
        }
        assert_eq!(wanted.condition("a"), "TRUE AND a IN ('x''; --', 'y', '!u') AND (a IS NULL OR a NOT IN ('z'))");
        assert!(wanted.admits(Some("y")) && wanted.admits(Some("!u")));
        assert!(!wanted.admits(Some("z")) && !wanted.admits(Some("v")) && !wanted.admits(None));
        let mut there = Wanted::default();
        there.add("*");
        assert!(there.admits(Some("v")) && !there.admits(None));
    }
}
