//! The write-ahead log, at three depths: files as replay finds them, frames whose checksums fit whatever they hold,
//! and the columns inside.

use std::path::Path;

use whodunit_model::Table;
use whodunit_store::wal::frame::{self, Origin};
use whodunit_store::wal::{Hash, Section, Source, columns, file_name, replay as replay_log};
use whodunit_store::{Disk, FaultyDisk, Lane};

use super::sample;
use crate::rounds::Target;

const DIRECTORY: &str = "/wal/audit";
const QUARANTINE: &str = "/quarantine";
const WORDS: &[&[u8]] = &[b"WDF1", b"WDF1\x01\x01\x01\x00", b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"];

/// A file of a few frames. Whatever happens to it, replay hands out only frames that were written, all of those
/// that stand before the damage, and the same ones when it runs again.
pub fn replay() -> Target {
    let file = frames(&[3, 1, 8, 20]);
    let hashes: Vec<Hash> = whole_frames(&file).into_iter().map(|(_, hash)| hash).collect();
    assert_eq!(hashes.len(), 4, "the log to be damaged is whole");
    let original = file.clone();
    let check = move |bytes: &[u8]| {
        let disk = FaultyDisk::new(0);
        disk.write_whole(&Path::new(DIRECTORY).join(file_name(1)), bytes).expect("the disk has no faults");
        let first = replayed(&disk);
        assert!(first.iter().all(|hash| hashes.contains(hash)), "a frame that nobody wrote");
        let same = original.iter().zip(bytes).take_while(|(written, found)| written == found).count();
        let untouched = whole_frames(&original).into_iter().take_while(|(end, _)| *end <= same);
        let untouched: Vec<Hash> = untouched.map(|(_, hash)| hash).collect();
        assert!(first.starts_with(&untouched), "a frame before the damage is lost");
        assert_eq!(replayed(&disk), first, "the second replay differs from the first");
    };
    Target { name: "wal", corpus: vec![file], words: WORDS, check: Box::new(check) }
}

/// A frame whose checksums fit: nothing inside may be trusted for that.
pub fn frame() -> Target {
    let corpus = vec![frames(&[5]), telemetry_frame()];
    let check = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        make_checksums_fit(&mut bytes);
        if let Ok(frame) = frame::parse(&bytes)
            && let Ok(sections) = frame.sections()
        {
            let rows: usize = sections.iter().map(|section| section.rows.num_rows()).sum();
            assert_eq!(rows, frame.head.rows as usize, "the head counts other rows");
            assert!(frame.end_seq() >= frame.head.first_seq);
        }
    };
    Target { name: "frame", corpus, words: WORDS, check: Box::new(check) }
}

/// Columns without any checksum. What decodes, encodes to something that decodes to the same.
pub fn columns() -> Target {
    let encoded = |table: Table, rows: &arrow::array::RecordBatch| {
        let mut bytes = vec![table.code(), rows.num_rows() as u8];
        columns::encode(table, rows, |_| true, &mut bytes);
        bytes
    };
    let audit = sample::stored(&sample::audit(7));
    let logs = sample::stored(&sample::logs(9));
    let corpus = vec![encoded(Table::AuditLogs, &audit), encoded(Table::Logs, &logs)];
    let check = |bytes: &[u8]| {
        let [code, rows, payload @ ..] = bytes else { return };
        let Some(table) = Table::from_code(*code) else { return };
        let Ok(decoded) = columns::decode(table, usize::from(*rows), payload) else { return };
        let mut again = Vec::new();
        columns::encode(table, &decoded, |_| true, &mut again);
        let twice = columns::decode(table, usize::from(*rows), &again).expect("own bytes decode");
        let mut thrice = Vec::new();
        columns::encode(table, &twice, |_| true, &mut thrice);
        assert_eq!(again, thrice, "encoding is not stable");
    };
    Target { name: "columns", corpus, words: WORDS, check: Box::new(check) }
}

/// A log of frames with so many rows each.
fn frames(sizes: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let (mut previous, mut first_seq) = ([0; 32], 1);
    for size in sizes {
        let section = Section {
            table: Table::AuditLogs,
            project: sample::project(),
            first_leaf: first_seq - 1,
            rows: sample::stored(&sample::audit(*size)),
            notes: Vec::new(),
        };
        let origin = origin(Lane::Audit, first_seq, previous);
        previous = frame::encode(&origin, &[section], &mut file).expect("a small frame");
        first_seq += u64::from(*size);
    }
    file
}

fn telemetry_frame() -> Vec<u8> {
    let section = |rows| Section {
        table: Table::Logs,
        project: sample::project(),
        first_leaf: 0,
        rows: sample::stored(&sample::logs(rows)),
        notes: Vec::new(),
    };
    let mut bytes = Vec::new();
    let origin = origin(Lane::Telemetry, 1, [0; 32]);
    frame::encode(&origin, &[section(4), section(1)], &mut bytes).expect("a small frame");
    bytes
}

fn origin(lane: Lane, first_seq: u64, previous: Hash) -> Origin {
    Origin { lane, first_seq, writer: [7; 8], written_at: sample::NOW, previous }
}

/// End and hash of the frames from the start of a file to the first flaw.
fn whole_frames(file: &[u8]) -> Vec<(usize, Hash)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Ok(frame) = frame::parse(&file[at..]) {
        at += frame.length;
        found.push((at, frame.hash));
    }
    found
}

fn replayed(disk: &FaultyDisk) -> Vec<Hash> {
    let mut hashes = Vec::new();
    let source = Source {
        disk,
        directory: Path::new(DIRECTORY),
        quarantine: Path::new(QUARANTINE),
        lane: Lane::Audit,
        from_seq: 1,
    };
    replay_log(&source, |frame| {
        frame.sections().expect("a frame with fitting checksums is as it was written");
        hashes.push(frame.hash);
        Ok(())
    })
    .expect("the disk has no faults");
    hashes
}

/// Writes lengths and checksums that fit the bytes, as far as there is room for them.
fn make_checksums_fit(bytes: &mut [u8]) {
    const LENGTHS_AT: usize = 8;
    let Some((head, _)) = bytes.split_first_chunk::<16>() else { return };
    let head_bytes = u32::from_le_bytes(head[LENGTHS_AT..12].try_into().expect("four bytes")) as usize;
    let length = bytes.len();
    if head_bytes < 20 || head_bytes + 4 > length {
        return;
    }
    let payload = u32::try_from(length - head_bytes - 4).expect("inputs are small");
    bytes[LENGTHS_AT + 4..LENGTHS_AT + 8].copy_from_slice(&payload.to_le_bytes());
    let head_checksum = crc32c::crc32c(&bytes[..head_bytes - 4]);
    bytes[head_bytes - 4..head_bytes].copy_from_slice(&head_checksum.to_le_bytes());
    let checksum = crc32c::crc32c(&bytes[..length - 4]);
    bytes[length - 4..].copy_from_slice(&checksum.to_le_bytes());
}
