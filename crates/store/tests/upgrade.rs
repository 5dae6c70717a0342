//! Data directories that earlier programs left must open, prove and go on; what a later one left is refused in words.
//!
//! `golden/directory-<format>` was written by the program of that format: entries and log lines in segments, and after
//! them two entries and a line in the log only, as a kill leaves them.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use whodunit_model::Table;
use whodunit_stdx::{ErrorKind, Limit, World};
use whodunit_store::manifest::Manifest;
use whodunit_store::store::DATA_FORMAT;
use whodunit_store::{Error, Settings, Store, Upkeep};

use crate::write::place::{Place, all, assert_sound};

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("is there") {
        let entry = entry.expect("reads");
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &target);
        } else {
            fs::copy(source, target).expect("copies");
        }
    }
}

fn golden(format: u32) -> TempDir {
    let data = TempDir::new().expect("a directory");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/directory-{format}"));
    copy(&from, data.path());
    data
}

async fn open(data: &TempDir) -> Result<Store, Error> {
    let settings = Settings { upkeep: Upkeep::Manual, ..Settings::new(data.path()) };
    Store::open(settings, World::system(), Limit::new("memory", 256 << 20)).await
}

async fn rows_of(store: &Store, table: Table) -> usize {
    all(store, table).await.iter().map(|batch| batch.num_rows()).sum()
}

#[tokio::test]
async fn a_directory_of_every_format_opens_proves_and_goes_on() {
    for format in 1..=DATA_FORMAT {
        let data = golden(format);
        let store = open(&data).await.expect("opens");
        let entries = assert_sound(&store).await;
        assert_eq!(rows_of(&store, Table::AuditLogs).await as u64, entries);
        assert_eq!(rows_of(&store, Table::Logs).await, 4, "three in a segment, one in the log");
        let place = Place::new(1);
        let appended = place.append(&store, &[(place.id(), "complete")]).await.expect("appends");
        assert_eq!(appended.receipts[0].leaf_index, 5, "behind three in a segment and two in the log");
        store.settle().await.expect("settles");
        assert_eq!(assert_sound(&store).await, entries + 1);
        store.close().await.expect("closes");
        let store = open(&data).await.expect("opens again");
        assert_eq!(assert_sound(&store).await, entries + 1);
        store.close().await.expect("closes");
    }
}

#[tokio::test]
async fn a_directory_of_a_later_format_is_refused_with_both_and_left_as_it_is() {
    let data = golden(DATA_FORMAT);
    let later = DATA_FORMAT + 1;
    fs::write(data.path().join("format"), format!("{later}\n")).expect("writes");
    let before = fs::read_dir(data.path().join("wal/audit")).expect("lists").count();
    let error = open(&data).await.expect_err("is refused");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    let both = format!("format {later}, made by a newer whodunit; this one reads up to {DATA_FORMAT}");
    assert!(error.message.contains(&both), "{}", error.message);
    assert_eq!(fs::read_dir(data.path().join("wal/audit")).expect("lists").count(), before);
    fs::write(data.path().join("format"), format!("{DATA_FORMAT}\n")).expect("writes");
    open(&data).await.expect("nothing was changed").close().await.expect("closes");
}

#[test]
fn a_manifest_of_a_later_format_is_refused_with_both() {
    let json = br#"{"format": 7, "what": "nobody knows"}"#;
    let bytes = zstd::encode_all(&json[..], 1).expect("packs");
    let error = Manifest::decode("manifest/9.json.zst", &bytes).expect_err("is refused");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(error.message.contains("format 7") && error.message.contains("formats 1 to 2"), "{}", error.message);
}
