//! Rows to start from: small, but with every kind of column.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryViewArray, FixedSizeBinaryArray, Int64Array, RecordBatch, StringViewArray};
use whodunit_model::canonical::{Salt, leaf_hashes};
use whodunit_model::log::{LogBuilder, Scalar, TextField};
use whodunit_model::{AuditBuilder, AuditEntry, Batch, Change, Project, Table};
use whodunit_stdx::{EntryId, Timestamp};

pub const NOW: Timestamp = Timestamp(1_700_000_000_000_000_000);

/// Audit entries as clients send them, newest first.
pub fn audit(rows: u8) -> Batch {
    let mut builder = AuditBuilder::new();
    for row in 0..rows {
        let change = Change { field: "total".into(), before: None, after: Some(row.to_string()) };
        builder.push(&AuditEntry {
            time: Timestamp(NOW.0 - i64::from(row)),
            received_at: NOW,
            id: Some(EntryId::from_parts(NOW, [row; 10])),
            actor_id: (row % 3 != 0).then(|| format!("user-{}", row % 5)),
            trace_id: (row % 2 == 0).then_some([row; 16]),
            action: Some("ORDER_DELETED".into()),
            description: Some(format!("order {row} deleted by hand because the customer asked for it")),
            request_status: Some(i64::from(row) - 2),
            changes: if row % 2 == 0 { vec![change] } else { Vec::new() },
            metadata: Some(format!("{{\"n\":{row}}}")),
            ..AuditEntry::default()
        });
    }
    builder.finish(&project())
}

/// Log lines with attributes of all types, newest first.
pub fn logs(rows: u8) -> Batch {
    let mut builder = LogBuilder::new(usize::from(rows));
    for row in 0..rows {
        builder.text(TextField::Body, &format!("GET /orders/{row} took {} ms", u32::from(row) * 7));
        builder.text(TextField::Level, if row % 7 == 0 { "ERROR" } else { "INFO" });
        builder.attribute("status", Scalar::Integer(200 + i64::from(row)));
        builder.attribute("ratio", Scalar::Float(f64::from(row) / 3.0));
        builder.attribute("cached", Scalar::Boolean(row % 2 == 0));
        builder.attribute("route", Scalar::Text("/orders/{id}"));
        builder.finish_row(Timestamp(NOW.0 - i64::from(row)), NOW);
    }
    builder.finish(&project()).expect("there are rows")
}

/// The rows of a batch as the store keeps them: with project, numbers and, for audit, evidence.
pub fn stored(batch: &Batch) -> RecordBatch {
    let count = batch.row_count();
    let numbers = || -> ArrayRef { Arc::new(Int64Array::from_iter_values((0..count as i64).rev())) };
    let text = |text: &str| -> ArrayRef { Arc::new(StringViewArray::from(vec![text; count])) };
    let mut added = vec![("project", text(batch.project().as_str())), ("seq", numbers())];
    if batch.table() == Table::AuditLogs {
        let seeds: Vec<[u8; 32]> = (0..count).map(|row| [row as u8; 32]).collect();
        let salts = seeds.iter().map(|seed| Salt::Seed(*seed).to_bytes());
        let leaves = FixedSizeBinaryArray::try_from_iter(leaf_hashes(batch, &seeds).iter());
        added.push(("writer", text("0123456789abcdef")));
        added.push(("leaf_index", numbers()));
        added.push(("salt", Arc::new(BinaryViewArray::from_iter_values(salts))));
        added.push(("leaf_hash", Arc::new(leaves.expect("hashes are equally long"))));
    }
    let rows = batch.rows();
    let mut fields = rows.schema().fields().to_vec();
    let mut columns = rows.columns().to_vec();
    for (name, values) in added {
        fields.push(Arc::new(batch.table().column(name).expect("a fixed column").field()));
        columns.push(values);
    }
    RecordBatch::try_new(Arc::new(arrow::datatypes::Schema::new(fields)), columns).expect("columns fit")
}

pub fn project() -> Project {
    Project::parse("shop").expect("a slug")
}
