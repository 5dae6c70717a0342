//! One frame: a group of submissions as it stands on disk.
//!
//! All numbers are little-endian. The head has a checksum of its own, so that a frame with a damaged payload can be
//! stepped over, and one more stands at the end over everything.

use arrow::array::RecordBatch;
use sha2::{Digest, Sha256};
use whodunit_model::{Project, Table};
use whodunit_stdx::Timestamp;

use super::FRAME_BYTES_MAX;
use super::columns::{self, ColumnsError};
use crate::segment::Lane;

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// What every frame starts with.
pub const MAGIC: [u8; 4] = *b"WDF1";
const VERSION: u8 = 1;
/// Magic, version, lane, sections, head length, payload length, first seq, rows, writer, time, previous hash.
const FIXED_BYTES: usize = 4 + 1 + 1 + 2 + 4 + 4 + 8 + 4 + 8 + 8 + 32;
const CHECKSUM_BYTES: usize = 4;
/// Columns that replay fills in again from head and directory.
const DERIVED: [&str; 4] = ["project", "writer", "leaf_index", "seq"];

/// What a frame says about itself before its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameHead {
    pub lane: Lane,
    pub first_seq: u64,
    pub rows: u32,
    pub writer: [u8; 8],
    pub written_at: Timestamp,
    /// Hash of the frame before; zeroes for the first one.
    pub previous: Hash,
    pub sections: Vec<SectionHead>,
}

/// The rows of one table and project inside a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionHead {
    pub table: Table,
    pub project: Project,
    pub rows: u32,
    /// Leaf index of the first row; 0 for other tables than audit.
    pub first_leaf: u64,
    pub payload_bytes: u32,
    pub notes: Vec<Note>,
}

/// What was known of a row when it was written and cannot be seen in the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// Row inside the section.
    pub row: u32,
    pub kind: NoteKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A completion of an intent that had expired.
    LateCompletion,
    /// An intent whose completion had arrived before.
    AlreadyComplete,
}

/// Rows on their way into a frame.
#[derive(Clone, Debug)]
pub struct Section {
    pub table: Table,
    pub project: Project,
    pub first_leaf: u64,
    pub rows: RecordBatch,
    pub notes: Vec<Note>,
}

/// Who writes a frame, when, after which.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    pub lane: Lane,
    pub first_seq: u64,
    pub writer: [u8; 8],
    pub written_at: Timestamp,
    pub previous: Hash,
}

/// A frame as read: head and the bytes of its payloads.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    pub head: FrameHead,
    /// Bytes of the whole frame on disk.
    pub length: usize,
    pub hash: Hash,
    payload: &'a [u8],
}

/// Why there is no whole frame at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The bytes end before the frame does.
    Incomplete,
    /// What stands there is no head, or a damaged one.
    NoHead,
    /// The head is whole but the checksum over everything does not fit.
    Damaged { length: usize },
}

fn lane_code(lane: Lane) -> u8 {
    match lane {
        Lane::Audit => 1,
        Lane::Telemetry => 2,
    }
}

/// A group is too large for one frame.
#[derive(Debug, thiserror::Error)]
#[error("a frame of {0} bytes is larger than {FRAME_BYTES_MAX}")]
pub struct TooLarge(pub usize);

/// Appends one frame to `out` and returns its hash.
pub fn encode(origin: &Origin, sections: &[Section], out: &mut Vec<u8>) -> Result<Hash, TooLarge> {
    let start = out.len();
    let rows: usize = sections.iter().map(|section| section.rows.num_rows()).sum();
    let small = |number: usize| u32::try_from(number).map_err(|_| TooLarge(number));
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&[VERSION, lane_code(origin.lane)]);
    out.extend_from_slice(&u16::try_from(sections.len()).map_err(|_| TooLarge(sections.len()))?.to_le_bytes());
    let lengths_at = out.len();
    out.extend_from_slice(&[0; 8]);
    out.extend_from_slice(&origin.first_seq.to_le_bytes());
    out.extend_from_slice(&small(rows)?.to_le_bytes());
    out.extend_from_slice(&origin.writer);
    out.extend_from_slice(&origin.written_at.nanos().to_le_bytes());
    out.extend_from_slice(&origin.previous);
    let mut payload_lengths_at = Vec::with_capacity(sections.len());
    for section in sections {
        payload_lengths_at.push(encode_section_head(section, out)?);
    }
    let head_checksum_at = out.len();
    out.extend_from_slice(&[0; CHECKSUM_BYTES]);
    let payload_at = out.len();
    for (section, length_at) in sections.iter().zip(payload_lengths_at) {
        let before = out.len();
        columns::encode(section.table, &section.rows, |name| !DERIVED.contains(&name), out);
        let length = small(out.len() - before)?;
        out[length_at..length_at + 4].copy_from_slice(&length.to_le_bytes());
    }
    let (head, payload) = (payload_at - start, out.len() - payload_at);
    if head + payload > FRAME_BYTES_MAX {
        return Err(TooLarge(head + payload));
    }
    out[lengths_at..lengths_at + 4].copy_from_slice(&small(head)?.to_le_bytes());
    out[lengths_at + 4..lengths_at + 8].copy_from_slice(&small(payload)?.to_le_bytes());
    let head_checksum = crc32c::crc32c(&out[start..head_checksum_at]);
    out[head_checksum_at..payload_at].copy_from_slice(&head_checksum.to_le_bytes());
    let checksum = crc32c::crc32c(&out[start..]);
    out.extend_from_slice(&checksum.to_le_bytes());
    Ok(hash(origin.lane, &out[start..], head))
}

/// Returns where the payload's length goes.
fn encode_section_head(section: &Section, out: &mut Vec<u8>) -> Result<usize, TooLarge> {
    let project = section.project.as_str().as_bytes();
    out.push(section.table.code());
    out.push(u8::try_from(project.len()).expect("slugs have at most 63 bytes"));
    out.extend_from_slice(project);
    let rows = section.rows.num_rows();
    out.extend_from_slice(&u32::try_from(rows).map_err(|_| TooLarge(rows))?.to_le_bytes());
    out.extend_from_slice(&section.first_leaf.to_le_bytes());
    let length_at = out.len();
    out.extend_from_slice(&[0; 4]);
    let notes = section.notes.len();
    out.extend_from_slice(&u32::try_from(notes).map_err(|_| TooLarge(notes))?.to_le_bytes());
    for note in &section.notes {
        out.extend_from_slice(&note.row.to_le_bytes());
        out.push(match note.kind {
            NoteKind::LateCompletion => 1,
            NoteKind::AlreadyComplete => 2,
        });
    }
    Ok(length_at)
}

/// The hash that the next frame carries. In the audit lane it covers every byte. In the telemetry lane it covers the
/// head and the checksum, which binds the rows against accidents but saves hashing them: nothing is proved of logs.
fn hash(lane: Lane, frame: &[u8], head: usize) -> Hash {
    match lane {
        Lane::Audit => Sha256::digest(frame).into(),
        Lane::Telemetry => {
            let checksum = &frame[frame.len() - CHECKSUM_BYTES..];
            Sha256::new().chain_update(&frame[..head]).chain_update(checksum).finalize().into()
        }
    }
}

/// The frame at the start of `bytes`.
pub fn parse(bytes: &[u8]) -> Result<Frame<'_>, Flaw> {
    if bytes.len() < FIXED_BYTES + CHECKSUM_BYTES {
        let shown = bytes.len().min(MAGIC.len());
        return Err(if bytes[..shown] == MAGIC[..shown] { Flaw::Incomplete } else { Flaw::NoHead });
    }
    let mut input = Reader { bytes };
    if input.array::<4>() != Some(MAGIC) || input.byte() != Some(VERSION) {
        return Err(Flaw::NoHead);
    }
    let lane = match input.byte() {
        Some(1) => Lane::Audit,
        Some(2) => Lane::Telemetry,
        _ => return Err(Flaw::NoHead),
    };
    let sections = input.u16().ok_or(Flaw::NoHead)?;
    let head_bytes = input.u32().ok_or(Flaw::NoHead)? as usize;
    let payload_bytes = input.u32().ok_or(Flaw::NoHead)? as usize;
    if head_bytes < FIXED_BYTES + CHECKSUM_BYTES || head_bytes.saturating_add(payload_bytes) > FRAME_BYTES_MAX {
        return Err(Flaw::NoHead);
    }
    let length = head_bytes + payload_bytes + CHECKSUM_BYTES;
    if bytes.len() < head_bytes {
        return Err(Flaw::Incomplete);
    }
    let (checked, checksum) = bytes[..head_bytes].split_at(head_bytes - CHECKSUM_BYTES);
    if crc32c::crc32c(checked).to_le_bytes() != *checksum {
        return Err(Flaw::NoHead);
    }
    let head = parse_head(lane, sections, Reader { bytes: &checked[16..] }).ok_or(Flaw::NoHead)?;
    if head.sections.iter().map(|section| section.payload_bytes as usize).sum::<usize>() != payload_bytes {
        return Err(Flaw::NoHead);
    }
    if bytes.len() < length {
        return Err(Flaw::Incomplete);
    }
    let (checked, checksum) = bytes[..length].split_at(length - CHECKSUM_BYTES);
    if crc32c::crc32c(checked).to_le_bytes() != *checksum {
        return Err(Flaw::Damaged { length });
    }
    let hash = hash(lane, &bytes[..length], head_bytes);
    Ok(Frame { head, length, hash, payload: &checked[head_bytes..] })
}

fn parse_head(lane: Lane, sections: u16, mut input: Reader<'_>) -> Option<FrameHead> {
    let mut head = FrameHead {
        lane,
        first_seq: input.u64()?,
        rows: input.u32()?,
        writer: input.array()?,
        written_at: Timestamp(i64::from_le_bytes(input.array()?)),
        previous: input.array()?,
        sections: Vec::new(),
    };
    for _ in 0..sections {
        head.sections.push(parse_section_head(&mut input)?);
    }
    let rows = head.sections.iter().try_fold(0_u32, |sum, section| sum.checked_add(section.rows))?;
    (input.bytes.is_empty() && rows == head.rows).then_some(head)
}

fn parse_section_head(input: &mut Reader<'_>) -> Option<SectionHead> {
    let table = Table::from_code(input.byte()?)?;
    let project_bytes = input.byte()?;
    let project = std::str::from_utf8(input.take(usize::from(project_bytes))?).ok()?;
    let mut section = SectionHead {
        table,
        project: Project::parse(project).ok()?,
        rows: input.u32()?,
        first_leaf: input.u64()?,
        payload_bytes: input.u32()?,
        notes: Vec::new(),
    };
    for _ in 0..input.u32()? {
        let row = input.u32()?;
        let kind = match input.byte()? {
            1 => NoteKind::LateCompletion,
            2 => NoteKind::AlreadyComplete,
            _ => return None,
        };
        section.notes.push(Note { row, kind });
    }
    Some(section)
}

impl Frame<'_> {
    /// The sequence number after the last row.
    pub fn end_seq(&self) -> u64 {
        self.head.first_seq.saturating_add(u64::from(self.head.rows))
    }

    /// The rows of every section, in order, without the columns that follow from the head.
    pub fn sections(&self) -> Result<Vec<Section>, ColumnsError> {
        let mut rest = self.payload;
        let mut sections = Vec::with_capacity(self.head.sections.len());
        for head in &self.head.sections {
            let length = head.payload_bytes as usize;
            let (payload, after) = rest.split_at_checked(length).ok_or(ColumnsError::Short("a section"))?;
            rest = after;
            sections.push(Section {
                table: head.table,
                project: head.project.clone(),
                first_leaf: head.first_leaf,
                rows: columns::decode(head.table, head.rows as usize, payload)?,
                notes: head.notes.clone(),
            });
        }
        Ok(sections)
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whodunit_model::{AuditBuilder, AuditEntry};
    use whodunit_stdx::EntryId;

    fn frame() -> (Origin, Vec<Section>) {
        let mut builder = AuditBuilder::new();
        builder.push(&AuditEntry {
            time: Timestamp(1),
            received_at: Timestamp(2),
            id: Some(EntryId([7; 16])),
            action: Some("DELETE".into()),
            ..AuditEntry::default()
        });
        let section = Section {
            table: Table::AuditLogs,
            project: Project::default_project(),
            first_leaf: 41,
            rows: builder.finish(&Project::default_project()).into_rows(),
            notes: vec![Note { row: 0, kind: NoteKind::LateCompletion }],
        };
        let origin = Origin {
            lane: Lane::Audit,
            first_seq: 9,
            writer: *b"\x01\x02\x03\x04\x05\x06\x07\x08",
            written_at: Timestamp(3),
            previous: [0xab; 32],
        };
        (origin, vec![section])
    }

    #[test]
    fn a_frame_has_these_bytes() {
        let (origin, sections) = frame();
        let mut bytes = Vec::new();
        let hash = encode(&origin, &sections, &mut bytes).expect("small");
        let golden = include_str!("golden_frame.hex");
        let golden: String = golden.split_whitespace().collect();
        assert_eq!(hex::encode(&bytes), golden);
        assert_eq!(hash, <Hash>::from(Sha256::digest(&bytes)));
    }

    #[test]
    fn a_frame_comes_back_as_it_went() {
        let (origin, sections) = frame();
        let mut bytes = Vec::new();
        let hash = encode(&origin, &sections, &mut bytes).expect("small");
        bytes.extend_from_slice(b"more");
        let frame = parse(&bytes).expect("parses");
        assert_eq!((frame.hash, frame.length, frame.end_seq()), (hash, bytes.len() - 4, 10));
        let back = frame.sections().expect("decodes");
        assert_eq!((back[0].first_leaf, &back[0].notes), (41, &sections[0].notes));
        assert_eq!(back[0].rows, sections[0].rows);
    }

    #[test]
    fn every_cut_is_incomplete_and_every_flipped_bit_is_found() {
        let (origin, sections) = frame();
        let mut bytes = Vec::new();
        encode(&origin, &sections, &mut bytes).expect("small");
        for length in 0..bytes.len() {
            assert_eq!(parse(&bytes[..length]).err(), Some(Flaw::Incomplete), "{length}");
        }
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(parse(&changed).is_err(), "bit {bit}");
        }
    }
}
