//! `whodunit config check|show`: whether the settings are right, and where each one in force came from.

use serde_json::{Value, json};

use whodunit_server::SETTINGS;

use crate::arguments::Config;
use crate::configuration::{CLIENT_SETTINGS, Configuration};
use crate::failure::Failure;
use crate::output::{Rows, Style, print_text};

/// Wrong settings never get here: they end the process with 2 before any command runs.
pub fn run(action: &Config, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    match action {
        Config::Check if style == Style::Json => print_text(&json!({"ok": true}).to_string()),
        Config::Check => print_text("the configuration is right"),
        Config::Show => show(configuration).print(style),
        Config::Reference => print_text(reference().trim_end()),
    }
}

/// The table of `docs/reference/configuration.md`, which a test holds against this.
fn reference() -> String {
    let server = SETTINGS.iter().map(|setting| (setting.name, setting.default, setting.help));
    let client = CLIENT_SETTINGS.iter().map(|setting| (setting.name, setting.default, setting.help));
    let mut table = "| name | default | what it does |\n|---|---|---|\n".to_owned();
    for (name, default, help) in server.chain(client) {
        let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
        table.push_str(&format!("| `{name}` | {default} | {} |\n", help.replace('|', "\\|")));
    }
    table
}

fn show(configuration: &Configuration) -> Rows {
    let mut rows = Rows::new(&["name", "value", "origin"]);
    for line in configuration.effective() {
        rows.rows.push(vec![line.name.into(), line.value.into(), Value::String(line.origin.to_string())]);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_page_lists_every_setting_as_it_is() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/configuration.md");
        let page = std::fs::read_to_string(path).expect("the page is there");
        let (words, _) = page.split_once("| name |").expect("the page has the table");
        let right = format!("{words}{}", reference());
        if std::env::var_os("UPDATE_REFERENCE").is_some() {
            std::fs::write(path, &right).expect("the page is written");
        } else {
            assert!(page == right, "docs/reference/configuration.md is not right; run with UPDATE_REFERENCE=1");
        }
    }
}
