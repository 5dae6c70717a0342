//! What people and programs read on standard output: a table on a terminal, tab-separated text in a pipe, JSON on
//! request.
//!
//! Texts come from strangers, so control characters never reach a terminal: they are shown escaped.

use std::io::{IsTerminal, Write};

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};
use serde_json::Value;

use crate::failure::Failure;

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Json,
    /// Drawn, fitted to the width of the terminal.
    Table,
    /// One header line, then one line per row, separated by tabs.
    Plain,
}

impl Style {
    /// JSON when asked for, else what fits standard output.
    pub fn choose(json: bool) -> Style {
        match (json, std::io::stdout().is_terminal()) {
            (true, _) => Style::Json,
            (false, true) => Style::Table,
            (false, false) => Style::Plain,
        }
    }
}

/// Rows under named columns.
#[derive(Debug, Default)]
pub struct Rows {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

impl Rows {
    pub fn new(columns: &[&str]) -> Rows {
        Rows { columns: columns.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
    }

    /// The objects of a JSON array, with the named fields as columns.
    pub fn of_objects(objects: &[Value], columns: &[&str]) -> Rows {
        let row =
            |object: &Value| columns.iter().map(|name| object.get(name).cloned().unwrap_or(Value::Null)).collect();
        Rows { rows: objects.iter().map(row).collect(), ..Rows::new(columns) }
    }

    /// Without the columns that have no value in any row.
    pub fn filled(self) -> Rows {
        let some = |column: &usize| self.rows.iter().any(|row| row.get(*column).is_some_and(|value| !value.is_null()));
        let kept: Vec<usize> = (0..self.columns.len()).filter(some).collect();
        let pick = |row: &Vec<Value>| kept.iter().map(|column| row[*column].clone()).collect();
        Rows {
            columns: kept.iter().map(|column| self.columns[*column].clone()).collect(),
            rows: self.rows.iter().map(pick).collect(),
        }
    }

    pub fn print(&self, style: Style) -> Result<(), Failure> {
        print_text(&self.render(style))
    }

    fn render(&self, style: Style) -> String {
        match style {
            Style::Json => self.json(),
            Style::Table => self.table(),
            Style::Plain => self.plain(),
        }
    }

    fn json(&self) -> String {
        let object = |row: &Vec<Value>| {
            Value::Object(self.columns.iter().cloned().zip(row.iter().cloned()).collect::<serde_json::Map<_, _>>())
        };
        let objects: Vec<Value> = self.rows.iter().map(object).collect();
        serde_json::to_string_pretty(&objects).expect("values of JSON are always printable")
    }

    fn table(&self) -> String {
        let mut table = Table::new();
        table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(self.columns.iter().map(|name| shown(name)));
        for row in &self.rows {
            table.add_row(row.iter().map(cell));
        }
        format!("{table}\n{}", counted(self.rows.len()))
    }

    fn plain(&self) -> String {
        let lines = self.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join("\t"));
        std::iter::once(self.columns.join("\t")).chain(lines).collect::<Vec<_>>().join("\n")
    }
}

fn counted(rows: usize) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

/// A value as one cell: texts bare, nothing for null, the rest as JSON.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => shown(text),
        other => other.to_string(),
    }
}

/// Text safe for a terminal and for one line: control and direction-changing characters are escaped.
pub fn shown(text: &str) -> String {
    let unsafe_character = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(unsafe_character) {
        return text.to_owned();
    }
    text.chars()
        .flat_map(|c| {
            let escaped = unsafe_character(c);
            let bare = (!escaped).then_some(c);
            escaped.then(|| c.escape_default()).into_iter().flatten().chain(bare)
        })
        .collect()
}

/// Writes a text and a line end to standard output. A closed pipe (`| head`) is a good end, not a failure.
pub fn print_text(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows() -> Rows {
        let objects = [json!({"id": "a", "count": 2}), json!({"id": "b\u{1b}[31m\tc", "extra": true})];
        Rows::of_objects(&objects, &["id", "count"])
    }

    #[test]
    fn a_pipe_gets_one_line_per_row_and_no_control_characters() {
        assert_eq!(rows().render(Style::Plain), "id\tcount\na\t2\nb\\u{1b}[31m\\tc\t");
    }

    #[test]
    fn columns_without_a_value_can_be_left_out() {
        let objects = [json!({"a": 1, "b": null, "c": ""}), json!({"a": null})];
        assert_eq!(Rows::of_objects(&objects, &["a", "b", "c"]).filled().columns, ["a", "c"]);
    }

    #[test]
    fn json_keeps_values_as_they_are() {
        let parsed: Value = serde_json::from_str(&rows().render(Style::Json)).expect("JSON");
        assert_eq!(parsed, json!([{"id": "a", "count": 2}, {"id": "b\u{1b}[31m\tc", "count": null}]));
    }

    #[test]
    fn a_terminal_gets_a_drawn_table_with_a_count() {
        let drawn = rows().render(Style::Table);
        assert!(drawn.contains('─') && drawn.ends_with("2 rows"), "{drawn}");
        assert!(!drawn.contains('\u{1b}'), "{drawn}");
    }
}
