//! The bytes of a manifest: zstd-compressed JSON with a format number. Golden files in `tests/golden`.
//!
//! Format 2 names the project of each late completion, where format 1 had only ids, and the session; 1 is still read.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use whodunit_stdx::{EntryId, ErrorKind, Timestamp};

use super::{Damaged, Discarded, EntriesState, FlushedThrough, LateCompletion, Manifest, NextLeaf, PendingIntent};
use crate::Error;
use crate::segment::SegmentMeta;
use crate::segment::meta::{entry_id, nanos};

/// Raised when an older Whodunit must not read the manifest; fields that it may ignore do not raise it.
pub const FORMAT: u32 = 2;

/// A manifest larger than this is damaged: a million segments take less.
const JSON_BYTES_MAX: usize = 1 << 30;

#[derive(Serialize, Deserialize)]
struct OnDisk<Entries> {
    format: u32,
    version: u64,
    #[serde(with = "nanos")]
    committed_at: Timestamp,
    #[serde(default)]
    session: Option<String>,
    flushed_through: FlushedThrough,
    entries: Entries,
    segments: Vec<SegmentMeta>,
    #[serde(default)]
    discarded: Vec<Discarded>,
    #[serde(default)]
    damaged: Vec<Damaged>,
}

/// `EntriesState` as format 1 had it.
#[derive(Deserialize)]
struct EntriesOf1 {
    next_leaves: Vec<NextLeaf>,
    pending_intents: Vec<PendingIntent>,
    #[serde(with = "entry_id::list")]
    late_completions: Vec<EntryId>,
}

#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

pub fn encode(manifest: &Manifest) -> Result<Vec<u8>, Error> {
    let on_disk = OnDisk {
        format: FORMAT,
        version: manifest.version,
        committed_at: manifest.committed_at,
        session: manifest.session.clone(),
        flushed_through: manifest.flushed_through,
        entries: manifest.entries.clone(),
        segments: manifest.segments.iter().map(|segment| SegmentMeta::clone(segment)).collect(),
        discarded: manifest.discarded.clone(),
        damaged: manifest.damaged.clone(),
    };
    let internal = |source: Box<dyn std::error::Error + Send + Sync>| Error {
        kind: ErrorKind::Internal,
        message: format!("cannot encode manifest {}", manifest.version),
        source: Some(source),
    };
    let json = serde_json::to_vec(&on_disk).map_err(|error| internal(error.into()))?;
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).map_err(|error| internal(error.into()))?;
    encoder.include_checksum(true).map_err(|error| internal(error.into()))?;
    std::io::Write::write_all(&mut encoder, &json).map_err(|error| internal(error.into()))?;
    encoder.finish().map_err(|error| internal(error.into()))
}

pub fn decode(path: &str, bytes: &[u8]) -> Result<Manifest, Error> {
    let damaged = |source: Box<dyn std::error::Error + Send + Sync>| Error {
        kind: ErrorKind::Corrupt,
        message: format!("manifest {path:?} is damaged"),
        source: Some(source),
    };
    let mut json = Vec::new();
    let decoder = zstd::Decoder::new(bytes).map_err(|error| damaged(error.into()))?;
    let mut bounded = std::io::Read::take(decoder, JSON_BYTES_MAX as u64);
    std::io::Read::read_to_end(&mut bounded, &mut json).map_err(|error| damaged(error.into()))?;
    let FormatOnly { format } = serde_json::from_slice(&json).map_err(|error| damaged(error.into()))?;
    let read = match format {
        1 => serde_json::from_slice(&json).map(of_format_1),
        FORMAT => serde_json::from_slice(&json).map(manifest_of),
        _ => {
            let message = format!("manifest {path:?} has format {format}, this program reads formats 1 to {FORMAT}");
            return Err(Error { kind: ErrorKind::Unsupported, message, source: None });
        }
    };
    read.map_err(|error| damaged(error.into()))
}

/// A late completion belongs to whichever project has an expired entry that may be it: nearly always one.
fn of_format_1(on_disk: OnDisk<EntriesOf1>) -> Manifest {
    let EntriesOf1 { next_leaves, pending_intents, late_completions: ids } = on_disk.entries;
    let expired = on_disk.segments.iter().filter(|segment| segment.expired > 0);
    let ranges: Vec<_> = expired.filter_map(|segment| Some((&segment.project, segment.ids?))).collect();
    let mut late_completions: Vec<LateCompletion> = Vec::new();
    for id in ids {
        let holding = ranges.iter().filter(|(_, (first, last))| *first <= id && id <= *last);
        late_completions.extend(holding.map(|(project, _)| LateCompletion { project: (*project).clone(), id }));
    }
    late_completions.sort_unstable();
    late_completions.dedup();
    let entries = EntriesState { next_leaves, pending_intents, late_completions };
    manifest_of(OnDisk {
        format: FORMAT,
        version: on_disk.version,
        committed_at: on_disk.committed_at,
        session: on_disk.session,
        flushed_through: on_disk.flushed_through,
        entries,
        segments: on_disk.segments,
        discarded: on_disk.discarded,
        damaged: on_disk.damaged,
    })
}

fn manifest_of(on_disk: OnDisk<EntriesState>) -> Manifest {
    let mut segments: Vec<_> = on_disk.segments.into_iter().map(Arc::new).collect();
    segments.sort_by_key(|segment| segment.id);
    Manifest {
        version: on_disk.version,
        committed_at: on_disk.committed_at,
        session: on_disk.session,
        segments,
        flushed_through: on_disk.flushed_through,
        entries: on_disk.entries,
        discarded: on_disk.discarded,
        damaged: on_disk.damaged,
    }
}

#[cfg(test)]
mod tests {
    use whodunit_model::Project;

    use super::*;

    /// A manifest as the program before wrote it: late completions were ids without a project.
    #[test]
    fn format_1_is_read_and_its_late_completions_find_their_project() {
        let json = |json: serde_json::Value| zstd::encode_all(json.to_string().as_bytes(), 3).expect("encodes");
        let id = |last: u8| hex::encode([[0u8; 15].as_slice(), &[last]].concat());
        let segment = |project: &str, number: u8, ids: (u8, u8), expired: u64| {
            serde_json::json!({
                "id": format!("019a9d3c-8a00-7000-8000-0000000000{number:02}"), "table": "audit_logs",
                "project": project, "day": 20777, "path": "p", "rows": 3, "bytes": 9, "min_time": 1, "max_time": 2,
                "min_seq": 1, "max_seq": 3, "lane": "audit", "level": 0, "tier": "hot", "sha256": "00".repeat(32),
                "created_at": 1, "attributes": [], "has_overflow": false, "overflow_attributes": [],
                "ids": [id(ids.0), id(ids.1)], "leaves": [], "intents": 1, "expired": expired,
            })
        };
        let old = json(serde_json::json!({
            "format": 1, "version": 7, "committed_at": 5, "flushed_through": {"audit": 4, "telemetry": 1},
            "entries": {"next_leaves": [], "pending_intents": [], "late_completions": [id(2), id(40)]},
            "segments": [segment("shop", 1, (1, 9), 1), segment("other", 2, (1, 9), 0), segment("far", 3, (20, 30), 1)],
        }));
        let manifest = decode("p", &old).expect("format 1 is read");
        let shop = Project::parse("shop").expect("a slug");
        let expected = LateCompletion {
            project: shop,
            id: EntryId([[0u8; 15].as_slice(), &[2]].concat().try_into().expect("16")),
        };
        assert_eq!((manifest.version, &manifest.session), (7, &None));
        assert_eq!(manifest.entries.late_completions, [expected]);
        let again = decode("p", &encode(&manifest).expect("encodes")).expect("is read");
        assert_eq!(again, manifest);

        let newer = json(serde_json::json!({"format": FORMAT + 1}));
        assert_eq!(decode("p", &newer).expect_err("from the future").kind, ErrorKind::Unsupported);
    }
}
