//! Log bodies and the columns or rejections that they become, as data.

use arrow::array::AsArray;
use bytes::Bytes;
use serde_json::{Value, json};
use whodunit_ingest::logs::{Decoded, Mapping, decode};
use whodunit_model::{Batch, Project};

use crate::audit_cases::{NOW, body, check_row, parameters};
use crate::shown;

fn decode_default(text: String) -> Decoded {
    decode(Bytes::from(text), &Mapping::default(), NOW, &Project::default_project())
}

fn check(case: &Value) {
    let name = case["name"].as_str().expect("a case has a name");
    let mapping = Mapping::from_parameters(&parameters(case)).expect(name);
    let decoded = decode(Bytes::from(body(case)), &mapping, NOW, &Project::default_project());
    let rows: Vec<_> = decoded
        .batches
        .iter()
        .flat_map(|batch| (0..batch.row_count()).map(|row| shown::row(batch.rows(), row)))
        .collect();
    let none = Vec::new();
    let expected = case.get("rows").and_then(Value::as_array).unwrap_or(&none);
    assert_eq!(rows.len(), expected.len(), "{name}: {:?}", decoded.rejections);
    rows.iter().zip(expected).for_each(|(found, expected)| check_row(name, found, expected));
    let expected = case.get("rejections").and_then(Value::as_array).unwrap_or(&none);
    assert_eq!(decoded.rejected, expected.len() as u64, "{name}: {:?}", decoded.rejections);
    for (found, expected) in decoded.rejections.iter().zip(expected) {
        let found = serde_json::to_value(found).expect("serializes");
        check_row(name, found.as_object().expect("an object"), expected);
    }
    if let Some(columns) = case.get("columns") {
        let schema = decoded.batches[0].rows().schema();
        let found: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        assert_eq!(json!(found), *columns, "{name}");
    }
}

#[test]
fn lines_become_columns() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("cases/logs.json")).expect("valid JSON");
    assert!(cases.len() >= 40, "{}", cases.len());
    cases.iter().for_each(check);
}

#[test]
fn ten_thousand_labels_in_one_line_are_all_kept() {
    let line: serde_json::Map<String, Value> =
        (0..10_000).map(|number| (format!("l{number}"), json!(number))).collect();
    let decoded = decode_default(format!("{}\n{{\"l9999\":1}}\n", Value::Object(line)));
    assert_eq!(decoded.rejected, 0);
    let batch = decoded.batches[0].rows();
    assert_eq!(batch.num_columns(), 2 + 512 + 1);
    let overflow = batch.column_by_name("attributes_overflow").expect("spilled").as_string_view();
    let spilled: serde_json::Map<String, Value> = serde_json::from_str(overflow.value(0)).expect("valid JSON");
    assert_eq!(spilled.len(), 10_000 - 512);
    assert_eq!(overflow.value(1), "{\"l9999\":1}");
}

#[test]
fn new_labels_in_every_line_stay_bounded() {
    let lines: String = (0..20_000).map(|number| format!("{{\"key_{number}\":\"v\",\"same\":{number}}}\n")).collect();
    let decoded = decode_default(lines);
    assert_eq!(decoded.rejected, 0);
    assert_eq!(decoded.batches.iter().map(Batch::row_count).sum::<usize>(), 20_000);
    for batch in &decoded.batches {
        assert!(batch.rows().num_columns() <= 2 + 512 + 1);
        assert!(batch.rows().get_array_memory_size() < 96 * 1024 * 1024);
    }
}

#[test]
fn a_large_body_is_cut_into_batches_in_order() {
    let lines: String = (0..70_000).map(|number| format!("{{\"n\":{number}}}\n")).collect();
    let decoded = decode_default(lines);
    let counts: Vec<usize> = decoded.batches.iter().map(Batch::row_count).collect();
    assert_eq!(counts, [65_536, 70_000 - 65_536]);
    assert_eq!(shown::row(decoded.batches[1].rows(), 0)["n"], json!(65_536));
}

#[test]
fn rejections_are_counted_in_full_and_listed_in_part() {
    let decoded = decode_default("x\n".repeat(70_000));
    assert_eq!((decoded.rejected, decoded.rejections.len(), decoded.batches.len()), (70_000, 100, 0));
}

#[test]
fn optional_fields_do_not_confuse_the_guess_of_the_next_name() {
    let line = |number: u32| {
        let mut line = serde_json::Map::new();
        for field in 0..12_u32 {
            if !(number * 7 + field * 5).is_multiple_of(field + 2) {
                line.insert(format!("f{field}"), json!(number * 100 + field));
            }
        }
        Value::Object(line)
    };
    let decoded = decode_default((0..500).map(|number| format!("{}\n", line(number))).collect());
    for number in 0..500 {
        let mut found = shown::row(decoded.batches[0].rows(), number);
        found.remove("time");
        found.remove("received_at");
        assert_eq!(Value::Object(found), line(number as u32));
    }
}
