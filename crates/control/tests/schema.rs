//! The database itself: all migrations equal `schema.sql`, twice is once, and its constraints hold.

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};

use crate::house::House;
use crate::{on_both, postgres};

on_both! {
    opening_twice_changes_nothing,
    illegal_states_are_refused_by_the_database,
    a_newer_database_is_refused,
}

const SCHEMA: &str = include_str!("../src/db/schema.sql");

async fn connect(place: &str) -> AnyConnection {
    let url = if place.starts_with("postgres") { place.to_owned() } else { format!("sqlite://{place}?mode=rwc") };
    AnyConnection::connect(&url).await.expect("connects")
}

async fn texts(connection: &mut AnyConnection, sql: &'static str) -> Vec<String> {
    let rows = sqlx::query(sql).fetch_all(connection).await.expect("is legal SQL");
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}

async fn described(place: &str) -> Vec<String> {
    let mut connection = connect(place).await;
    if !place.starts_with("postgres") {
        let sql = "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master ORDER BY type, name";
        return texts(&mut connection, sql).await;
    }
    let columns =
        "SELECT table_name::text || '.' || column_name::text || ' ' || data_type::text || ' ' || is_nullable::text
        FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position";
    let constraints = "SELECT conrelid::regclass::text || ' ' || conname::text || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1";
    let indexes = "SELECT indexdef::text FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1";
    let mut all = texts(&mut connection, columns).await;
    all.extend(texts(&mut connection, constraints).await);
    all.extend(texts(&mut connection, indexes).await);
    all
}

async fn check_sum(house: House, empty: &str) {
    let mut connection = connect(empty).await;
    for _ in 0..2 {
        sqlx::raw_sql(AssertSqlSafe(SCHEMA)).execute(&mut connection).await.expect("schema.sql is legal, twice");
    }
    let (summed, written) = (described(&house.place).await, described(empty).await);
    assert!(summed.len() > 15, "{summed:?}");
    assert_eq!(summed, written);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_sum_to_the_schema_on_sqlite() {
    let house = House::on_sqlite().await;
    let directory = tempfile::tempdir().expect("a temporary directory");
    check_sum(house, directory.path().join("schema.sqlite").to_str().expect("is UTF-8")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_sum_to_the_schema_on_postgres() {
    check_sum(House::on_postgres().await, &postgres::new_database().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_reached_over_tls_that_checks_the_name() {
    let house = House::on_postgres_over_tls().await;
    let sql = "SELECT CASE WHEN ssl THEN 'encrypted' ELSE 'plain' END FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert_eq!(texts(&mut connect(&house.place).await, sql).await, ["encrypted"]);
    let by_another_name = house.place.replace("@localhost:", "@127.0.0.1:");
    let opened = whodunit_control::Control::open(&by_another_name, house.store.clone(), house.world.clone()).await;
    let error = opened.err().expect("the certificate is for localhost");
    assert_eq!(error.kind, whodunit_stdx::ErrorKind::Unavailable);
}

async fn opening_twice_changes_nothing(house: House) {
    let before = described(&house.place).await;
    house.reopened().await;
    assert_eq!(described(&house.place).await, before);
    let applied = texts(&mut connect(&house.place).await, "SELECT name FROM migration ORDER BY number").await;
    assert_eq!(applied.first().map(String::as_str), Some("0001_create_control_state"));
}

async fn illegal_states_are_refused_by_the_database(house: House) {
    let mut connection = connect(&house.place).await;
    let illegal = [
        "INSERT INTO control_state (id, revision) VALUES (2, 0)",
        "INSERT INTO \"user\" (id, email, name, role, password_hash, created_at) VALUES ('a', 'a@b', 'A', 'root', 'x', 1)",
        "INSERT INTO \"user\" (id, email, name, role, password_hash, created_at) VALUES ('a', 'A@b', 'A', 'owner', 'x', 1)",
        "INSERT INTO session (id, user_id, token_hash, created_at, last_seen_at, expires_at) VALUES ('s', 'nobody', 'h', 1, 1, 2)",
        "UPDATE project SET archived_at = 1 WHERE number = 0",
        "INSERT INTO project (number, slug, name, created_at) VALUES (-1, 'x', 'x', 1)",
        "INSERT INTO \"key\" (id, kind, name, secret_hash, hint, scopes, reach, created_at, created_by)
            VALUES ('k', 'ingest', 'k', 'h', 'hint', 'ingest', 'listed', 1, 'me')",
        "INSERT INTO \"key\" (id, kind, name, secret_hash, hint, public_id, scopes, reach, created_at, created_by)
            VALUES ('k', 'ingest', 'k', 'h', 'hint', 'p', 'ingest read_audit', 'listed', 1, 'me')",
        "INSERT INTO key_project (key_id, project_number) VALUES ('nothing', 1)",
        "INSERT INTO setting (name, value, version, changed_at, changed_by) VALUES ('x', '1', 0, 1, 'me')",
        "INSERT INTO setting_version (name, version, value_before, value_after, changed_at, changed_by, source)
            VALUES ('x', 1, '1', '2', 1, 'me', 'magic')",
        "INSERT INTO saved_view
            (id, project, owner_id, page, name, query, version, created_at, updated_at, updated_by)
            VALUES ('v', 'default', 'nobody', 'audit', 'n', '', 1, 1, 1, 'me')",
        "INSERT INTO case_item (case_id, number, note, added_at, added_by) VALUES ('nothing', 1, 'n', 1, 'me')",
        "INSERT INTO \"case\"
            (id, project, name, description, version, item_last, created_at, created_by, updated_at, updated_by, closed_at)
            VALUES ('c', 'default', 'n', '', 1, 0, 1, 'me', 1, 'me', 1)",
        "INSERT INTO scram (id, salt, iterations) VALUES (2, '00', 4096)",
        "UPDATE scram SET iterations = 1",
        "INSERT INTO key_verifier (key_id, stored_key, server_key) VALUES ('nothing', '00', '00')",
    ];
    for sql in illegal {
        let error = sqlx::query(sql).execute(&mut connection).await.expect_err(sql);
        assert!(error.as_database_error().is_some(), "{sql}: {error}");
    }
}

async fn a_newer_database_is_refused(house: House) {
    let mut connection = connect(&house.place).await;
    let sql = "INSERT INTO migration (number, name, checksum, applied_at) VALUES (9999, '9999_from_the_future', '', 1)";
    sqlx::query(sql).execute(&mut connection).await.expect("is written");
    let opened = whodunit_control::Control::open(&house.place, house.store.clone(), house.world.clone()).await;
    let error = opened.err().expect("is refused");
    assert!(error.message.contains("is older"), "{}", error.message);
}
