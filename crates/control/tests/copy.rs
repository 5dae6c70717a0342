//! The copy for a backup: whole, of one moment, and none of a database that has tools of its own.

use whodunit_control::Control;
use whodunit_model::Role;

use crate::house::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_sqlite_is_a_control_plane_of_its_own() {
    let house = House::on_sqlite().await;
    house.user("owner@example.com", Role::Owner).await;
    let directory = tempfile::tempdir().expect("a temporary directory");
    let scratch = directory.path().join("copy");
    std::fs::write(&scratch, "left by a copy that was cut short").expect("writes");
    let bytes = house.control.copy(&scratch).await.expect("is copied").expect("SQLite gives its bytes");
    assert!(!scratch.exists(), "nothing is left behind");
    // What comes after the copy is not in it.
    house.user("later@example.com", Role::Viewer).await;
    let restored = directory.path().join("restored.sqlite");
    std::fs::write(&restored, bytes).expect("writes");
    let place = restored.to_str().expect("is UTF-8");
    let control = Control::open(place, house.store.clone(), house.world.clone()).await.expect("opens");
    let users = control.users().await.expect("lists");
    assert_eq!(users.iter().map(|user| user.email.as_str()).collect::<Vec<_>>(), ["owner@example.com"]);
    assert!(control.setup_token().is_none(), "it has its owner");
    control.close().await.expect("closes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_gives_no_copy() {
    let house = House::on_postgres().await;
    let directory = tempfile::tempdir().expect("a temporary directory");
    let scratch = directory.path().join("copy");
    assert_eq!(house.control.copy(&scratch).await.expect("answers"), None);
    assert!(!scratch.exists());
}
