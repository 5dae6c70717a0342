//! The house's own chores. `cargo xtask tidy` checks what neither the compiler nor clippy knows: floors, fences,
//! module order, reasons, lengths, leftovers and links. Its test runs the same over this repository.
//!
//! The standard library only, so that the check stays fast and can be read in one sitting.
//!
//! Modules, top to bottom: each imports only those below it.

mod rules;
mod manifest;
mod source;
mod repository;

use std::path::Path;
use std::process::ExitCode;

use repository::Repository;

const USAGE: &str = "usage: cargo xtask tidy";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tidy"] => tidy(),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn tidy() -> ExitCode {
    let repository = match Repository::read(root()) {
        Ok(repository) => repository,
        Err(error) => {
            eprintln!("cannot read the repository: {error}");
            return ExitCode::FAILURE;
        }
    };
    let findings = rules::check(&repository);
    for finding in &findings {
        eprintln!("{finding}");
    }
    match findings.len() {
        0 => ExitCode::SUCCESS,
        count => {
            eprintln!("{count} findings; the rules and their reasons stand in docs/ARCHITECTURE.md");
            ExitCode::FAILURE
        }
    }
}

/// The repository that this program was built from.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate stands in crates/xtask")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_tidy() {
        let repository = Repository::read(root()).expect("the repository is readable");
        let findings: Vec<String> = rules::check(&repository).iter().map(ToString::to_string).collect();
        assert!(findings.is_empty(), "\n{}", findings.join("\n"));
    }
}
