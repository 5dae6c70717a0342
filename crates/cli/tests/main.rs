//! The built binary from outside: exit codes and where settings come from. What needs a server is in `e2e/`.
//!
//! That this file exists also makes `cargo test` build `target/debug/whodunit`, which `e2e/` then runs.

use std::path::Path;
use std::process::{Command, Output};

fn whodunit(directory: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whodunit"));
    for (name, _) in std::env::vars() {
        if name.starts_with("WHODUNIT_") || name == "ENABLE_AUDIT_LOGGING" {
            command.env_remove(name);
        }
    }
    command.current_dir(directory).args(arguments).envs(environment.iter().copied());
    command.output().expect("the binary runs")
}

#[test]
fn help_and_version_are_no_failures() {
    let directory = tempfile::tempdir().expect("a directory");
    for arguments in [&["--help"][..], &["--version"], &["serve", "--help"], &["admin", "keys", "create", "--help"]] {
        let output = whodunit(directory.path(), arguments, &[]);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(!output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn wrong_settings_end_with_2_and_name_every_problem() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("whodunit.toml"), "flush_byte = 1\n").expect("written");
    let output = whodunit(directory.path(), &["config", "check"], &[("WHODUNIT_LISTN", "x")]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("\"flush_bytes\"?") && told.contains("WHODUNIT_LISTEN?"), "{told}");
}

#[test]
fn a_named_file_is_read_and_must_be_there() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("other.toml"), "trusted_proxies = [\"10.0.0.0/8\", \"::1/128\"]\n")
        .expect("written");
    let output = whodunit(directory.path(), &["config", "show", "--json"], &[("WHODUNIT_CONFIG", "other.toml")]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let lines: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let line = lines.as_array().expect("a list").iter().find(|line| line["name"] == "trusted_proxies").expect("listed");
    assert_eq!(line["value"], "10.0.0.0/8,::1/128");
    assert_eq!(line["origin"], "file other.toml");
    let gone = whodunit(directory.path(), &["config", "show", "--config", "gone.toml"], &[]);
    assert_eq!(gone.status.code(), Some(2));
}

#[test]
fn nobody_at_the_address_ends_with_3() {
    let directory = tempfile::tempdir().expect("a directory");
    let output = whodunit(directory.path(), &["query", "SELECT 1", "--url", "http://127.0.0.1:1"], &[]);
    assert_eq!(output.status.code(), Some(3));
}
