//! `whodunit`: the one binary. Reads flags, environment and file, and runs one command.
//!
//! Modules, top to bottom: each imports only those below it.

mod commands;
mod bench;
mod arguments;
mod configuration;
mod http;
mod progress;
mod output;
mod failure;
mod allocator;

use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

use crate::arguments::{Action, Parsed, Refused};
use crate::configuration::{Configuration, Sources};
use crate::failure::Failure;
use crate::output::Style;

fn main() -> ExitCode {
    allocator::give_back_early();
    let parsed = match arguments::parse(std::env::args_os()) {
        Ok(parsed) => parsed,
        Err(Refused::Clap(told)) => told.exit(),
        Err(Refused::Unknown(failure)) => return tell(&failure),
    };
    match run(parsed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => tell(&failure),
    }
}

fn tell(failure: &Failure) -> ExitCode {
    for line in failure.to_string().lines() {
        eprintln!("error: {}", output::shown(line));
    }
    ExitCode::from(failure.exit_code())
}

fn run(parsed: Parsed) -> Result<(), Failure> {
    let Parsed { whodunit, settings } = parsed;
    let given = settings.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let configuration = Configuration::resolve(Sources::of_process(settings, whodunit.config)?)?;
    let style = Style::choose(whodunit.json);
    if let Action::Config(action) = &whodunit.command {
        return commands::config::run(action, &configuration, style);
    }
    log_to_standard_error(configuration.log())?;
    let runtime = match whodunit.command {
        // Whoever measures a server on the same machine leaves it as much of that as possible.
        Action::Bench(_) => tokio::runtime::Builder::new_current_thread().enable_all().build()?,
        _ => tokio::runtime::Builder::new_multi_thread().enable_all().build()?,
    };
    runtime.block_on(async {
        match whodunit.command {
            Action::Config(action) => commands::config::run(&action, &configuration, style),
            Action::Serve => commands::serve::run(&configuration, style).await,
            Action::Ask(ask) => commands::ask::run(ask, &configuration, style).await,
            Action::Query(query) => commands::query::run(query, &configuration, style).await,
            Action::Sources(sources) => commands::sources::run(sources, &configuration, style).await,
            Action::Tail(tail) => commands::tail::run(tail, &configuration, style).await,
            Action::Admin(admin) => commands::admin::run(admin, &configuration, style).await,
            Action::VerifyData => commands::verify::run(&configuration, style).await,
            Action::Import(import) => commands::import::run(import, &configuration, style).await,
            Action::Doctor(doctor) => commands::doctor::run(&doctor, &configuration, style).await,
            Action::Backup(backup) => commands::backup::run(backup, &configuration, style).await,
            Action::Restore(restore) => commands::restore::run(restore, &configuration, style).await,
            Action::Bench(options) => {
                let elsewhere = given.contains(&"url").then(|| configuration.url());
                bench::run(*options, elsewhere, configuration.api_key(), style).await
            }
        }
    })
}

/// People get lines, machines get JSON.
fn log_to_standard_error(filter: &str) -> Result<(), Failure> {
    use std::io::IsTerminal;
    let filter = EnvFilter::try_new(filter).map_err(|error| Failure::Usage(format!("log {filter:?}: {error}")))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.with_target(false).init();
    } else {
        builder.json().flatten_event(true).init();
    }
    Ok(())
}
