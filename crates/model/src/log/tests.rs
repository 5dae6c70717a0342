//! Columns appear when filled, widen when they must, and spill when there are too many.

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Float64Type, Int64Type};

use super::*;

fn end(builder: &mut LogBuilder) {
    let row = builder.len() as i64;
    builder.finish_row(Timestamp(row + 1), Timestamp(100));
}

fn finish(builder: &mut LogBuilder) -> RecordBatch {
    builder.finish(&Project::default_project()).expect("has rows").into_rows()
}

fn names(rows: &RecordBatch) -> Vec<String> {
    rows.schema().fields().iter().map(|field| field.name().clone()).collect()
}

#[test]
fn columns_that_no_row_fills_are_never_made() {
    let mut builder = LogBuilder::new(4);
    end(&mut builder);
    builder.text(TextField::Body, "hello");
    builder.trace_id(&[7; 16]);
    end(&mut builder);
    end(&mut builder);
    let rows = finish(&mut builder);
    assert_eq!(names(&rows), ["time", "received_at", "body", "trace_id"]);
    let body = rows.column(2).as_string_view();
    assert!(body.is_null(0) && body.is_null(2));
    assert_eq!(body.value(1), "hello");
    assert!(builder.finish(&Project::default_project()).is_none());
}

#[test]
fn spans_have_columns_of_their_own() {
    let mut builder = LogBuilder::spans(2);
    builder.text(TextField::Name, "GET /cart");
    builder.duration_ns(17);
    builder.parent_span_id(&[3; 8]);
    builder.attribute("status", Scalar::Text("x"));
    builder.attribute("level", Scalar::Integer(1));
    end(&mut builder);
    let batch = builder.finish(&Project::default_project()).expect("a row");
    assert_eq!(batch.table(), Table::Spans);
    let expected = ["time", "received_at", "name", "duration_ns", "parent_span_id", "attr.status", "level"];
    assert_eq!(names(batch.rows()), expected);
}

#[test]
fn an_attribute_named_like_a_column_stands_beside_it() {
    let mut builder = LogBuilder::new(1);
    builder.text(TextField::Body, "b");
    builder.attribute("body", Scalar::Integer(1));
    end(&mut builder);
    assert_eq!(names(&finish(&mut builder)), ["time", "received_at", "body", "attr.body"]);
}

#[test]
fn integers_become_floats_while_no_digit_is_lost_and_text_otherwise() {
    let cases: &[(&[Scalar<'_>], DataType, &str)] = &[
        (&[Scalar::Integer(1), Scalar::Float(2.5)], DataType::Float64, "1.0,2.5"),
        (&[Scalar::Float(2.5), Scalar::Integer(1)], DataType::Float64, "2.5,1.0"),
        (&[Scalar::Integer(i64::MAX), Scalar::Float(2.5)], DataType::Utf8View, "9223372036854775807,2.5"),
        (&[Scalar::Float(2.5), Scalar::Integer(i64::MIN)], DataType::Utf8View, "2.5,-9223372036854775808"),
        (&[Scalar::Boolean(true), Scalar::Integer(1)], DataType::Utf8View, "true,1"),
        (&[Scalar::Text("x"), Scalar::Boolean(false)], DataType::Utf8View, "x,false"),
        (&[Scalar::Integer(5), Scalar::Text("x")], DataType::Utf8View, "5,x"),
    ];
    for (values, data_type, expected) in cases {
        let mut builder = LogBuilder::new(2);
        for value in *values {
            builder.attribute("k", *value);
            end(&mut builder);
        }
        let rows = finish(&mut builder);
        let column = rows.column_by_name("k").expect("attribute");
        assert_eq!(column.data_type(), data_type, "{values:?}");
        let shown: Vec<String> = match data_type {
            DataType::Float64 => {
                column.as_primitive::<Float64Type>().values().iter().map(|v| format!("{v:?}")).collect()
            }
            _ => column.as_string_view().iter().flatten().map(str::to_owned).collect(),
        };
        assert_eq!(shown.join(","), *expected);
    }
}

#[test]
fn widening_keeps_nulls_where_they_are() {
    let mut builder = LogBuilder::new(4);
    builder.attribute("k", Scalar::Integer(7));
    end(&mut builder);
    end(&mut builder);
    builder.attribute("k", Scalar::Text("x"));
    end(&mut builder);
    let rows = finish(&mut builder);
    let shown: Vec<_> = rows.column_by_name("k").expect("attribute").as_string_view().iter().collect();
    assert_eq!(shown, [Some("7"), None, Some("x")]);
}

#[test]
fn attributes_beyond_the_limit_spill_into_one_object() {
    let mut builder = LogBuilder::new(1);
    for number in 0..10_000 {
        builder.attribute(&format!("label_{number:05}"), Scalar::Integer(number));
    }
    builder.attribute("text \"quoted\"\n", Scalar::Text("a\\b\u{1}"));
    builder.overflow("nan", Scalar::Float(f64::NAN));
    end(&mut builder);
    let rows = finish(&mut builder);
    assert_eq!(rows.num_columns(), 2 + 1 + ATTRIBUTE_COLUMNS_MAX);
    let overflow = rows.column_by_name("attributes_overflow").expect("spilled").as_string_view().value(0);
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(overflow).expect("valid JSON");
    assert_eq!(object.len(), 10_000 - ATTRIBUTE_COLUMNS_MAX + 2);
    assert_eq!(object["label_09999"], 9999);
    assert_eq!(object["text \"quoted\"\n"], "a\\b\u{1}");
    assert_eq!(object["nan"], "NaN");
}

#[test]
fn an_abandoned_row_leaves_nothing_behind() {
    let mut builder = LogBuilder::new(3);
    builder.attribute("kept", Scalar::Integer(1));
    end(&mut builder);
    builder.attribute("gone", Scalar::Integer(2));
    builder.text(TextField::Host, "gone");
    builder.abandon_row();
    builder.attribute("kept", Scalar::Integer(3));
    end(&mut builder);
    let rows = finish(&mut builder);
    assert_eq!(names(&rows), ["time", "received_at", "kept"]);
    assert_eq!(rows.column(2).as_primitive::<Int64Type>().values(), &[1, 3]);
    builder.abandon_row();
    assert!(builder.is_empty());
    assert!(builder.finish(&Project::default_project()).is_none());
}

#[test]
fn a_builder_used_again_starts_with_fresh_columns_and_types() {
    let mut builder = LogBuilder::new(1);
    let id = builder.attribute_id("k").expect("not full");
    builder.attribute_by_id(id, Scalar::Integer(1));
    end(&mut builder);
    finish(&mut builder);
    builder.attribute_by_id(id, Scalar::Text("a"));
    builder.attribute_by_id(id, Scalar::Text("second value of a row"));
    end(&mut builder);
    let rows = finish(&mut builder);
    assert_eq!(rows.column_by_name("k").expect("attribute").as_string_view().value(0), "a");
}

#[test]
fn keys_that_make_no_column_name_spill() {
    let mut builder = LogBuilder::new(1);
    builder.attribute("", Scalar::Integer(1));
    builder.attribute(&"k".repeat(ATTRIBUTE_KEY_BYTES_MAX + 1), Scalar::Integer(2));
    end(&mut builder);
    assert_eq!(names(&finish(&mut builder)), ["time", "received_at", "attributes_overflow"]);
}
