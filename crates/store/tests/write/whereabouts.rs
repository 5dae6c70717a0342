//! A data directory remembers where its segments are, and each writer of a bucket has a prefix of its own.

use bytes::Bytes;
use whodunit_stdx::ErrorKind;
use whodunit_store::object::{ObjectsIn, S3Settings};
use whodunit_store::{Disk, Objects};

use super::place::Place;

pub fn bucket(prefix: &str) -> ObjectsIn {
    ObjectsIn::S3(S3Settings {
        bucket: "bucket".to_owned(),
        prefix: prefix.to_owned(),
        endpoint: None,
        region: "us-east-1".to_owned(),
        access_key_id: "id".to_owned(),
        secret_access_key: "secret".to_owned(),
    })
}

#[tokio::test]
async fn another_place_than_the_remembered_one_is_refused_and_the_old_one_still_opens() {
    let cases = [
        (ObjectsIn::Directory, bucket("shop"), "the directory itself, not in s3://bucket/shop"),
        (bucket("shop"), ObjectsIn::Directory, "s3://bucket/shop, not in the directory itself"),
        (bucket("shop"), bucket("other"), "s3://bucket/shop, not in s3://bucket/other"),
    ];
    for (first, second, expected) in cases {
        let mut place = Place::new(1);
        place.settings.objects = first.clone();
        place.open().await.close().await.expect("closes");
        place.settings.objects = second;
        let error = place.try_open().await.expect_err("it is another place");
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert!(error.message.contains(expected), "{}", error.message);
        place.settings.objects = first;
        place.open().await;
    }
}

#[tokio::test]
async fn a_directory_from_before_places_were_remembered_has_its_segments_inside() {
    let mut place = Place::new(2);
    place.disk.write_whole("/data/manifest/1.json.zst".as_ref(), b"a manifest").expect("writes");
    place.settings.objects = bucket("shop");
    let error = place.try_open().await.expect_err("it has a manifest");
    assert!(error.message.contains("the directory itself"), "{}", error.message);
}

#[tokio::test]
async fn a_remembered_place_without_a_manifest_is_refused() {
    let mut place = Place::new(3);
    place.settings.objects = bucket("shop");
    place.open().await.close().await.expect("closes");
    let other = Place { objects: Objects::memory(), ..place };
    let error = other.try_open().await.expect_err("the bucket of that name is empty");
    assert_eq!(error.kind, ErrorKind::Corrupt);
    assert!(error.message.contains("no manifest in s3://bucket/shop"), "{}", error.message);
}

#[tokio::test]
async fn each_writer_of_a_bucket_has_its_own_prefix() {
    let objects = Objects::memory();
    let mut writers = Vec::new();
    for seed in [4, 5] {
        let mut place = Place { objects: objects.clone(), ..Place::new(seed) };
        place.settings.objects = bucket("shop");
        let store = place.open().await;
        place.add(&store).await;
        store.flush().await.expect("flushed");
        writers.push(store.writer().to_owned());
    }
    assert_ne!(writers[0], writers[1]);
    let paths: Vec<String> = objects.list("").await.expect("lists").into_iter().map(|entry| entry.path).collect();
    for writer in &writers {
        for directory in ["manifest", "segments"] {
            let own = format!("{writer}/{directory}/");
            assert!(paths.iter().any(|path| path.starts_with(&own)), "{own} in {paths:?}");
        }
    }
    assert!(paths.iter().all(|path| writers.iter().any(|writer| path.starts_with(&format!("{writer}/")))), "{paths:?}");
}

/// Somebody else has created the next number: it stays as it is, and the commit fails instead of losing it (I-8).
#[tokio::test]
async fn a_manifest_number_that_is_taken_is_never_overwritten() {
    let mut place = Place::new(6);
    place.settings.objects = bucket("shop");
    let store = place.open().await;
    place.add(&store).await;
    let taken = format!("{}/manifest/{:020}.json.zst", store.writer(), 3);
    place.objects.put(&taken, Bytes::from_static(b"not ours")).await.expect("put");
    store.flush().await.expect_err("the number is taken");
    assert_eq!(place.objects.get(&taken).await.expect("get"), "not ours");
    place.objects.delete(&taken).await.expect("delete");
    store.flush().await.expect("the number is free");
}
