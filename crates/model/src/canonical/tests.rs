//! Golden bytes (made once by an independent program), and what evidence must survive and must not.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryViewArray, FixedSizeBinaryArray, StringViewArray, new_null_array};
use arrow::compute::concat_batches;
use arrow::datatypes::Schema;
use whodunit_stdx::{EntryId, Timestamp};

use super::*;
use crate::entry::{AuditBuilder, AuditEntry, Change};

fn seed() -> [u8; 32] {
    std::array::from_fn(|index| index as u8)
}

fn entry() -> AuditEntry {
    let change = |field: &str, before: Option<&str>, after: &str| Change {
        field: field.to_owned(),
        before: before.map(str::to_owned),
        after: Some(after.to_owned()),
    };
    AuditEntry {
        time: Timestamp(1_700_000_000_123_456_789),
        received_at: Timestamp(1_700_000_001_000_000_000),
        actor_id: Some("u-17".into()),
        trace_id: Some(*b"\x0a\xf7\x65\x19\x16\xcd\x43\xdd\x84\x48\xeb\x21\x1c\x80\x31\x9c"),
        id: Some(EntryId(*b"\x01\x8b\xcf\xe5\x68\x00\x70\x00\x80\x00\x00\x00\x00\x00\x00\xaa")),
        action: Some("UPDATE".into()),
        request_status: Some(-1),
        changes: vec![change("status", Some("\"open\""), "\"paid\""), change("note", None, "\"née\"")],
        metadata: Some("{\"a\":1}".into()),
        ..AuditEntry::default()
    }
}

fn batch(entries: &[AuditEntry]) -> Batch {
    let mut builder = AuditBuilder::new();
    for entry in entries {
        builder.push(entry);
    }
    builder.finish(&Project::parse("shop").expect("a slug"))
}

/// The rows as the store keeps them: with salt and leaf hash.
fn stored(batch: &Batch, seeds: &[[u8; 32]]) -> RecordBatch {
    let salts: Vec<Vec<u8>> = seeds.iter().map(|seed| Salt::Seed(*seed).to_bytes()).collect();
    let leaves = leaf_hashes(batch, seeds);
    let salts: ArrayRef = Arc::new(BinaryViewArray::from_iter_values(salts));
    let leaves = FixedSizeBinaryArray::try_from_iter(leaves.iter()).expect("hashes are equally long");
    replaced(&replaced(batch.rows(), "salt", salts), "leaf_hash", Arc::new(leaves))
}

/// The same rows with one column replaced or added.
fn replaced(rows: &RecordBatch, name: &str, values: ArrayRef) -> RecordBatch {
    let mut fields = rows.schema().fields().to_vec();
    let mut columns = rows.columns().to_vec();
    let field = Arc::new(Table::AuditLogs.column(name).expect("a fixed column").field().with_nullable(true));
    match fields.iter().position(|field| field.name() == name) {
        Some(position) => (fields[position], columns[position]) = (field, values),
        None => {
            fields.push(field);
            columns.push(values);
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("columns fit")
}

fn verify(rows: &RecordBatch) -> Result<Hash, EvidenceError> {
    let project = Project::parse("shop").expect("a slug");
    Entries::new(rows, &project)?.verify(0)
}

/// What is stored after an erasure: the fields null, the new salt.
fn erased(rows: &RecordBatch, fields: &[&str]) -> RecordBatch {
    let project = Project::parse("shop").expect("a slug");
    let salt = Entries::new(rows, &project).and_then(|entries| entries.erase(0, fields)).expect("fields are there");
    let salt: ArrayRef = Arc::new(BinaryViewArray::from_iter_values([salt.to_bytes()]));
    let mut rows = replaced(rows, "salt", salt);
    for field in fields {
        let kind = Table::AuditLogs.column(field).expect("a fixed column").kind;
        rows = replaced(&rows, field, new_null_array(&kind.data_type(), 1));
    }
    rows
}

fn with_text(rows: &RecordBatch, name: &str, text: &str) -> RecordBatch {
    replaced(rows, name, Arc::new(StringViewArray::from(vec![text])))
}

#[test]
fn golden_leaf_input() {
    let inputs = leaf_inputs(&batch(&[entry()]), &[seed()]);
    let expected = concat!(
        "77686f64756e69742f656e7472792f7631",
        "000b",
        "0474696d65",
        "6f6f6668d3e3048f5b59ba820744ea09d364eaefb0da9aa15ffa5e850c2486e6",
        "0b72656365697665645f6174",
        "887691167ec0499fec402d0d3e5fea69d1bbe84a48dcd16883a6ec384c1eff13",
        "0770726f6a656374",
        "33d35e9cbd60bb6d42f72b653618ec0259e7023c6d49408cd81e6308820d90c0",
        "086163746f725f6964",
        "30f2272ff92afaa04223ba5b3fb94575e1d34775b9e525b3912f2e0ceec96a18",
        "0874726163655f6964",
        "a5d9df7c5afa700cb86f5a27a95b7ac87c2ba97400be1362d6a5ad82c02ffb96",
        "026964",
        "132d2581277489f754524e19b36f41e9c900d29a2dbbdff5488afea60f714739",
        "06616374696f6e",
        "b822e8bd4044a648773e89b4c5a7981b7f8caf191a924f2bf8ae4006a2494c6f",
        "0e726571756573745f737461747573",
        "ce4568a34d769f2c1614185528ac7b74a113dc44a57c8a505ed469b5f9494ffd",
        "076368616e676573",
        "fe1a49647b8b424aefbc61c19622d7b06088b1aa81e79613a34a15a40614210e",
        "086d65746164617461",
        "c7a94b37503ca86b0c841e21e317423a775db122d5fdcc5637f0cb250471369c",
        "057374617465",
        "c3aa7791c9359c8ba35cd460f846829957ad9bf38a39c3a91435eb470aa6dd3a",
    );
    assert_eq!(hex::encode(&inputs[0]), expected);
    let leaf = "28f3a66a37b27386de321776b4cfb279f94af85620b630467aff9c1f6aa2e9cd";
    assert_eq!(hex::encode(leaf_hash(&inputs[0])), leaf);
}

#[test]
fn a_row_has_the_same_leaf_alone_and_among_others() {
    let sparse = AuditEntry { ip: Some("::1".into()), ..AuditEntry::default() };
    let together = leaf_inputs(&batch(&[entry(), sparse.clone(), entry()]), &[[1; 32], [2; 32], [3; 32]]);
    assert_eq!(together[0], leaf_inputs(&batch(&[entry()]), &[[1; 32]])[0]);
    assert_eq!(together[1], leaf_inputs(&batch(&[sparse]), &[[2; 32]])[0]);
    assert_ne!(together[0], together[2], "seeds tell equal entries apart");
}

#[test]
fn stored_rows_verify_with_and_without_columns_that_are_null_or_given() {
    let seeds = [[1; 32], [2; 32]];
    let rows = stored(&batch(&[entry(), AuditEntry::default()]), &seeds);
    let project = Project::parse("shop").expect("a slug");
    let full = rows.schema().fields().len();
    let host = replaced(&rows, "host", new_null_array(&DataType::Utf8View, 2));
    let named = replaced(&host, "project", Arc::new(StringViewArray::from(vec!["shop", "shop"])));
    assert_eq!(named.num_columns(), full + 2);
    let joined = concat_batches(&named.schema(), [&named, &named]).expect("same schema");
    for (rows, count) in [(&rows, 2), (&named, 2), (&joined, 4)] {
        let entries = Entries::new(rows, &project).expect("columns are there");
        for row in 0..count {
            entries.verify(row).expect("nothing was changed");
        }
    }
}

#[test]
fn any_other_value_breaks_the_leaf() {
    let rows = stored(&batch(&[entry()]), &[seed()]);
    verify(&rows).expect("nothing was changed");
    let is_other = |found: Result<Hash, EvidenceError>| matches!(found, Err(EvidenceError::OtherLeaf(_)));
    for column in Table::AuditLogs.columns().filter(|column| is_committed(column)) {
        let was_null = rows.column_by_name(column.name).is_none();
        if !was_null {
            let nulled = replaced(&rows, column.name, new_null_array(&column.kind.data_type(), 1));
            assert!(is_other(verify(&nulled)), "{} set to null", column.name);
        }
        if column.kind.data_type() == DataType::Utf8View {
            assert!(is_other(verify(&with_text(&rows, column.name, "forged"))), "{} forged", column.name);
        }
    }
    let swapped = with_text(&with_text(&rows, "actor_id", "UPDATE"), "action", "u-17");
    assert!(is_other(verify(&swapped)), "values moved to another field");
}

#[test]
fn an_erased_field_leaves_the_proof_of_the_rest() {
    let rows = stored(&batch(&[entry()]), &[seed()]);
    let leaf = verify(&rows).expect("nothing was changed");
    let once = erased(&rows, &["actor_id", "changes"]);
    assert_eq!(verify(&once), Ok(leaf), "the leaf never changes");
    let twice = erased(&once, &["metadata"]);
    assert_eq!(verify(&twice), Ok(leaf));
    assert!(matches!(verify(&with_text(&twice, "action", "READ")), Err(EvidenceError::OtherLeaf(_))));
    assert_eq!(verify(&with_text(&twice, "actor_id", "u-17")), Err(EvidenceError::ErasedHasValue("actor_id")));
    assert_eq!(verify(&with_text(&twice, "host", "h")), Err(EvidenceError::NotCovered("host")));
    let nulled = replaced(&twice, "action", new_null_array(&DataType::Utf8View, 1));
    assert_eq!(verify(&nulled), Err(EvidenceError::NoValue("action".into())));
}

#[test]
fn nothing_left_behind_opens_an_erased_field() {
    let rows = stored(&batch(&[entry()]), &[seed()]);
    let project = Project::parse("shop").expect("a slug");
    let entries = Entries::new(&rows, &project).expect("columns are there");
    let bytes = entries.erase(0, &["actor_id"]).expect("the field is there").to_bytes();
    let before = entries.commitments(0).expect("the salt is readable");
    let contains = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(!contains(&seed()), "the seed would give every salt");
    for commitment in before {
        let salt = commitment.salt.expect("nothing was erased before");
        assert_eq!(contains(&salt), commitment.name != "actor_id", "{}", commitment.name);
    }
}

#[test]
fn what_cannot_be_erased_or_verified_is_named() {
    let rows = stored(&batch(&[entry()]), &[seed()]);
    let project = Project::parse("shop").expect("a slug");
    let erase =
        |rows: &RecordBatch, field: &str| Entries::new(rows, &project).and_then(|entries| entries.erase(0, &[field]));
    assert_eq!(erase(&rows, "host"), Err(EvidenceError::NoSuchField("host".into())));
    let forged = with_text(&rows, "action", "READ");
    assert!(matches!(erase(&forged, "action"), Err(EvidenceError::OtherLeaf(_))));
    let unsalted = batch(&[entry()]);
    assert_eq!(verify(unsalted.rows()), Err(EvidenceError::Missing("salt")));
    let garbage = replaced(&rows, "salt", Arc::new(BinaryViewArray::from_iter_values([[9u8]])));
    assert_eq!(verify(&garbage), Err(EvidenceError::Salt(SaltError::UnknownFormat(9))));
}
