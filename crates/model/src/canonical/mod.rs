//! What the ledger proves about an audit entry: commitments to its fields, and the leaf over them.
//!
//! The problem: an entry must be provable for as long as it is kept, through recompaction into other files, and
//! one of its fields must be erasable for a person who asks without losing the proof of the others.
//! The idea: the leaf does not cover the values, but a list of salted hashes of them. Who has value and salt can
//! recompute a hash; who has only the hash can still recompute the leaf, and learns nothing.
//!
//! ```text
//! seed ── SHA-256(tag ‖ seed ‖ name) ──▶ field salt ┐
//!                                       name, value ┴─ SHA-256 ──▶ commitment ┐
//!                                                         (other fields) …   ─┴─▶ leaf input ──▶ leaf hash
//! ```
//!
//! Committed are all fixed columns of `audit_logs` that are not null, in table order, except those that the store
//! fills in ([`ASSIGNED_BY_STORE`]). A column that a batch leaves out is null. The bytes are described in
//! docs/format/entry.md. This module knows nothing about trees, files or who asks for an erasure.
//!
//! Modules, top to bottom: each imports only those below it.

mod value;
mod salt;

use arrow::array::{Array, AsArray, BinaryViewArray, FixedSizeBinaryArray, RecordBatch};
use arrow::datatypes::DataType;
use sha2::{Digest, Sha256};
use whodunit_ledger::{Hash, leaf_hash};

pub use salt::{FieldSalt, Opening, Salt, SaltError};

use crate::batch::Batch;
use crate::project::Project;
use crate::table::{ASSIGNED_BY_STORE, Column, Table};
use value::Values;

const SALT_TAG: &[u8] = b"whodunit/salt/v1";
const FIELD_TAG: &[u8] = b"whodunit/field/v1";
const ENTRY_TAG: &[u8] = b"whodunit/entry/v1";

/// Bytes of the count that follows the tag of a leaf input.
const COUNT_BYTES: usize = 2;

/// Why an entry does not prove to be what its leaf says.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EvidenceError {
    #[error("column {column:?} is {found}, which audit_logs does not have")]
    WrongType { column: &'static str, found: DataType },
    #[error("column {0:?} is missing or null")]
    Missing(&'static str),
    #[error("salt cannot be read")]
    Salt(#[from] SaltError),
    #[error("field {0:?} has a value that the leaf does not cover")]
    NotCovered(&'static str),
    #[error("field {0:?} is covered by the leaf but has no value")]
    NoValue(String),
    #[error("field {0:?} was erased but has a value")]
    ErasedHasValue(&'static str),
    #[error("field {0:?} is not in this entry")]
    NoSuchField(String),
    #[error("fields lead to leaf {}, not {}", hex::encode(.0.found), hex::encode(.0.stored))]
    OtherLeaf(Box<OtherLeaf>),
}

/// The two hashes that should have been one.
#[derive(Debug, PartialEq, Eq)]
pub struct OtherLeaf {
    pub found: Hash,
    pub stored: Hash,
}

/// A field's share in the leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    pub name: String,
    pub hash: Hash,
    /// Lets whoever knows the value recompute the hash; gone once the field is erased or withheld.
    pub salt: Option<[u8; 32]>,
}

/// The leaf input of every row: the bytes whose leaf hash enters the ledger. One secret random seed per row.
///
/// # Panics
/// If there are not as many seeds as rows, or the batch is of another table: only audit entries have leaves.
pub fn leaf_inputs(batch: &Batch, seeds: &[[u8; 32]]) -> Vec<Vec<u8>> {
    assert_eq!(batch.table(), Table::AuditLogs, "only audit entries have leaves");
    assert_eq!(batch.row_count(), seeds.len(), "every entry needs a seed of its own");
    let columns = committed_columns(batch.rows(), batch.project()).expect("a batch has the types of its table");
    let bytes_max = columns.iter().map(|column| 1 + column.name.len() + 32).sum::<usize>();
    let start = [ENTRY_TAG, &[0; COUNT_BYTES]].concat();
    let mut inputs: Vec<Vec<u8>> = seeds
        .iter()
        .map(|_| {
            let mut input = Vec::with_capacity(start.len() + bytes_max);
            input.extend_from_slice(&start);
            input
        })
        .collect();
    let mut counts = vec![0u16; seeds.len()];
    for column in &columns {
        let mut committer = Committer::new(column);
        for (row, seed) in seeds.iter().enumerate() {
            if column.values.is_null(row) {
                continue;
            }
            counts[row] += 1;
            let salt = committer.salt(seed);
            append_commitment(&mut inputs[row], column.name, &committer.commit(&salt, row));
        }
    }
    for (input, count) in inputs.iter_mut().zip(counts) {
        input[ENTRY_TAG.len()..start.len()].copy_from_slice(&count.to_be_bytes());
    }
    inputs
}

/// The leaf hash of every row; see [`leaf_inputs`].
pub fn leaf_hashes(batch: &Batch, seeds: &[[u8; 32]]) -> Vec<Hash> {
    leaf_inputs(batch, seeds).iter().map(|input| leaf_hash(input)).collect()
}

/// The leaf input over commitments in their order.
pub fn leaf_input_of(commitments: &[Commitment]) -> Vec<u8> {
    let count = u16::try_from(commitments.len()).expect("an entry has fewer than 65,536 fields");
    let mut input = [ENTRY_TAG, &count.to_be_bytes()].concat();
    for commitment in commitments {
        append_commitment(&mut input, &commitment.name, &commitment.hash);
    }
    input
}

/// Stored audit rows with their evidence: the columns that are committed, `salt` and `leaf_hash`.
pub struct Entries<'a> {
    columns: Vec<CommittedColumn<'a>>,
    salts: &'a BinaryViewArray,
    leaves: &'a FixedSizeBinaryArray,
}

impl<'a> Entries<'a> {
    /// Rows as the store keeps them. `project` counts where the rows leave out that column.
    pub fn new(rows: &'a RecordBatch, project: &'a Project) -> Result<Entries<'a>, EvidenceError> {
        let evidence = |name: &'static str| rows.column_by_name(name).ok_or(EvidenceError::Missing(name));
        let (salts, leaves) = (evidence("salt")?, evidence("leaf_hash")?);
        let wrong = |column, array: &dyn Array| EvidenceError::WrongType { column, found: array.data_type().clone() };
        let leaves = leaves.as_fixed_size_binary_opt().filter(|leaves| leaves.value_length() == 32);
        Ok(Entries {
            columns: committed_columns(rows, project)?,
            salts: salts.as_binary_view_opt().ok_or_else(|| wrong("salt", salts))?,
            leaves: leaves.ok_or_else(|| wrong("leaf_hash", rows["leaf_hash"].as_ref()))?,
        })
    }

    /// Checks that the row's fields, with its salt, lead to its leaf hash, and gives that.
    pub fn verify(&self, row: usize) -> Result<Hash, EvidenceError> {
        if self.leaves.is_null(row) {
            return Err(EvidenceError::Missing("leaf_hash"));
        }
        let found = leaf_hash(&leaf_input_of(&self.commitments(row)?));
        let stored: Hash = self.leaves.value(row).try_into().expect("the column's values have 32 bytes");
        if found == stored { Ok(found) } else { Err(EvidenceError::OtherLeaf(Box::new(OtherLeaf { found, stored }))) }
    }

    /// The commitments under the row's leaf in their order, recomputed from the values that are still there.
    pub fn commitments(&self, row: usize) -> Result<Vec<Commitment>, EvidenceError> {
        if self.salts.is_null(row) {
            return Err(EvidenceError::Missing("salt"));
        }
        match Salt::parse(self.salts.value(row))? {
            Salt::Seed(seed) => Ok(self.commitments_from_seed(row, &seed)),
            Salt::Fields(fields) => self.commitments_from_fields(row, fields),
        }
    }

    /// The salt that the row gets when these fields are set to null: the leaf and the proof of all other fields
    /// stay as they are, and nothing that is left lets anybody test a guess at an erased value.
    /// The row must verify, so that a later quarrel is not about what was erased.
    pub fn erase(&self, row: usize, fields: &[&str]) -> Result<Salt, EvidenceError> {
        self.verify(row)?;
        let commitments = self.commitments(row)?;
        if let Some(unknown) = fields.iter().find(|field| commitments.iter().all(|one| one.name != **field)) {
            return Err(EvidenceError::NoSuchField((*unknown).to_owned()));
        }
        let kept = commitments.into_iter().map(|Commitment { name, hash, salt }| {
            let opening = match salt {
                Some(salt) if !fields.contains(&name.as_str()) => Opening::Salt(salt),
                _ => Opening::Commitment(hash),
            };
            FieldSalt { name, opening }
        });
        Ok(Salt::Fields(kept.collect()))
    }

    fn commitments_from_seed(&self, row: usize, seed: &[u8; 32]) -> Vec<Commitment> {
        let present = self.columns.iter().filter(|column| !column.values.is_null(row));
        let commitment = |column: &CommittedColumn<'_>| {
            let mut committer = Committer::new(column);
            let salt = committer.salt(seed);
            Commitment { name: column.name.to_owned(), hash: committer.commit(&salt, row), salt: Some(salt) }
        };
        present.map(commitment).collect()
    }

    fn commitments_from_fields(&self, row: usize, fields: Vec<FieldSalt>) -> Result<Vec<Commitment>, EvidenceError> {
        for column in self.columns.iter().filter(|column| !column.values.is_null(row)) {
            match fields.iter().find(|field| field.name == column.name).map(|field| &field.opening) {
                None => return Err(EvidenceError::NotCovered(column.name)),
                Some(Opening::Commitment(_)) => return Err(EvidenceError::ErasedHasValue(column.name)),
                Some(Opening::Salt(_)) => {}
            }
        }
        let commitment = |FieldSalt { name, opening }| match opening {
            Opening::Commitment(hash) => Ok(Commitment { name, hash, salt: None }),
            Opening::Salt(salt) => {
                let column = self.columns.iter().find(|column| column.name == name);
                match column.filter(|column| !column.values.is_null(row)) {
                    None => Err(EvidenceError::NoValue(name)),
                    Some(column) => {
                        let hash = Committer::new(column).commit(&salt, row);
                        Ok(Commitment { name, hash, salt: Some(salt) })
                    }
                }
            }
        };
        fields.into_iter().map(commitment).collect()
    }
}

/// A column whose values enter the leaf.
struct CommittedColumn<'a> {
    name: &'static str,
    values: Values<'a>,
}

fn is_committed(column: &Column) -> bool {
    !ASSIGNED_BY_STORE.contains(&column.name)
}

/// The committed columns that `rows` have, in table order.
fn committed_columns<'a>(
    rows: &'a RecordBatch,
    project: &'a Project,
) -> Result<Vec<CommittedColumn<'a>>, EvidenceError> {
    let mut columns = Vec::with_capacity(rows.num_columns() + 1);
    for Column { name, kind, .. } in Table::AuditLogs.columns().filter(|column| is_committed(column)) {
        let values = match rows.column_by_name(name) {
            Some(array) => Values::of(array, *kind)
                .ok_or_else(|| EvidenceError::WrongType { column: name, found: array.data_type().clone() })?,
            None if *name == "project" => Values::Same(project.as_str()),
            None => continue,
        };
        columns.push(CommittedColumn { name, values });
    }
    Ok(columns)
}

/// Makes the salts and commitments of one column, in buffers that keep what is the same for all rows.
struct Committer<'a> {
    values: &'a Values<'a>,
    /// tag ‖ seed ‖ name
    salt_message: Vec<u8>,
    /// tag ‖ salt ‖ length of name ‖ name ‖ type tag, then the value
    field_message: Vec<u8>,
    value_at: usize,
}

impl<'a> Committer<'a> {
    fn new(column: &'a CommittedColumn<'a>) -> Committer<'a> {
        let name = column.name.as_bytes();
        let salt_message = [SALT_TAG, &[0; 32], name].concat();
        let field_message = [FIELD_TAG, &[0; 32], &[length_byte(name)], name, &[column.values.type_tag()]].concat();
        Committer { values: &column.values, salt_message, value_at: field_message.len(), field_message }
    }

    fn salt(&mut self, seed: &[u8; 32]) -> [u8; 32] {
        self.salt_message[SALT_TAG.len()..][..32].copy_from_slice(seed);
        Sha256::digest(&self.salt_message).into()
    }

    fn commit(&mut self, salt: &[u8; 32], row: usize) -> Hash {
        self.field_message.truncate(self.value_at);
        self.field_message[FIELD_TAG.len()..][..32].copy_from_slice(salt);
        self.values.append(row, &mut self.field_message);
        Sha256::digest(&self.field_message).into()
    }
}

fn append_commitment(input: &mut Vec<u8>, name: &str, commitment: &Hash) {
    input.push(length_byte(name.as_bytes()));
    input.extend_from_slice(name.as_bytes());
    input.extend_from_slice(commitment);
}

fn length_byte(name: &[u8]) -> u8 {
    u8::try_from(name.len()).expect("column names are shorter than 256 bytes")
}

#[cfg(test)]
mod tests;
