//! The bytes of a manifest: zstd-compressed JSON with a format number. Golden file in `tests/golden`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use whodunit_stdx::{ErrorKind, Timestamp};

use super::{Damaged, Discarded, EntriesState, FlushedThrough, Manifest};
use crate::Error;
use crate::segment::SegmentMeta;
use crate::segment::meta::nanos;

/// Raised when an older Whodunit must not read the manifest; fields that it may ignore do not raise it.
pub const FORMAT: u32 = 1;

/// A manifest larger than this is damaged: a million segments take less.
const JSON_BYTES_MAX: usize = 1 << 30;

#[derive(Serialize, Deserialize)]
struct OnDisk {
    format: u32,
    version: u64,
    #[serde(with = "nanos")]
    committed_at: Timestamp,
    flushed_through: FlushedThrough,
    entries: EntriesState,
    segments: Vec<SegmentMeta>,
    #[serde(default)]
    discarded: Vec<Discarded>,
    #[serde(default)]
    damaged: Vec<Damaged>,
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
    if format != FORMAT {
        let message = format!("manifest {path:?} has format {format}, this program reads format {FORMAT}");
        return Err(Error { kind: ErrorKind::Unsupported, message, source: None });
    }
    let on_disk: OnDisk = serde_json::from_slice(&json).map_err(|error| damaged(error.into()))?;
    let mut segments: Vec<_> = on_disk.segments.into_iter().map(Arc::new).collect();
    segments.sort_by_key(|segment| segment.id);
    Ok(Manifest {
        version: on_disk.version,
        committed_at: on_disk.committed_at,
        segments,
        flushed_through: on_disk.flushed_through,
        entries: on_disk.entries,
        discarded: on_disk.discarded,
        damaged: on_disk.damaged,
    })
}
