//! `whodunit doctor`: looks at the machine, the data directory and the running server, and says what to do.
//!
//! Each look is a reading of facts and a pure judgement of them, so that the judgement is tested with tables.
//!
//! Modules, top to bottom: each imports only those below it.

mod server;
mod machine;
mod files;

use serde_json::json;
use whodunit_stdx::World;

use crate::arguments::Doctor;
use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::output::{Style, print_text, shown};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Ok,
    Warning,
    Problem,
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub check: &'static str,
    pub state: State,
    /// What was found, and what it means where it is not as it should be.
    pub found: String,
    /// What to do; empty when there is nothing to do.
    pub advice: String,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Problem => "problem",
        }
    }
}

impl Finding {
    pub fn ok(check: &'static str, found: impl Into<String>) -> Finding {
        Finding { check, state: State::Ok, found: found.into(), advice: String::new() }
    }

    pub fn warning(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Finding {
        Finding { check, state: State::Warning, found: found.into(), advice: advice.into() }
    }

    pub fn problem(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Finding {
        Finding { check, state: State::Problem, found: found.into(), advice: advice.into() }
    }
}

pub async fn run(doctor: &Doctor, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    let findings = match doctor.server {
        true => vec![server::health(configuration).await?],
        false => look(configuration).await?,
    };
    let worst = findings.iter().map(|finding| finding.state).max().unwrap_or(State::Ok);
    print(&findings, worst, style)?;
    let count = |state| findings.iter().filter(|finding| finding.state == state).count();
    match worst {
        State::Ok => Ok(()),
        State::Warning => Err(Failure::Warned(format!("{} warnings, no problem", count(State::Warning)))),
        State::Problem => {
            Err(Failure::Failed(format!("{} problems, {} warnings", count(State::Problem), count(State::Warning))))
        }
    }
}

async fn look(configuration: &Configuration) -> Result<Vec<Finding>, Failure> {
    let world = World::system();
    let clock = machine::Clock::start(&world);
    let settings = &configuration.settings;
    let mut findings = files::look(settings, &world);
    findings.extend(machine::look(settings));
    findings.extend(server::look(configuration, &world).await?);
    findings.push(clock.judge(&world));
    Ok(findings)
}

fn print(findings: &[Finding], worst: State, style: Style) -> Result<(), Failure> {
    if style == Style::Json {
        let lines: Vec<_> = findings
            .iter()
            .map(|one| json!({"check": one.check, "state": one.state.name(), "found": one.found, "advice": one.advice}))
            .collect();
        return print_text(&json!({"worst": worst.name(), "findings": lines}).to_string());
    }
    for finding in findings {
        print_text(&format!("{:<8} {:<12} {}", finding.state.name(), finding.check, shown(&finding.found)))?;
        if !finding.advice.is_empty() {
            print_text(&format!("{:<21} → {}", "", shown(&finding.advice)))?;
        }
    }
    Ok(())
}
