//! The trail: what a row says, and what happens when it cannot be written.

use whodunit_control::{Act, Category, Completed, NewKey, Outcome, SettingChange, SettingName, Severity};
use whodunit_model::{Caller, Principal, Project, Role, Scope};
use whodunit_stdx::ErrorKind;

use crate::house::{House, PASSWORD, from};
use crate::on_both;

on_both! {
    a_row_says_who_from_where_in_which_request,
    an_act_of_two_steps_keeps_its_id_and_tells_rows_and_duration,
    without_a_trail_nothing_changes_but_leaving_is_possible,
}

async fn a_row_says_who_from_where_in_which_request(house: House) {
    let principal = Principal::Key { id: "key-1".into(), name: "report".into(), scopes: vec![Scope::ReadAudit] };
    let caller = Caller {
        ip: Some("2001:db8::1".into()),
        user_agent: Some("curl/8".into()),
        correlation_id: Some("req-7".into()),
        trace_id: Some([0xab; 16]),
        span_id: Some([0xcd; 8]),
        ..Caller::new(principal)
    };
    let act = Act::new("AUDIT_LOGS_EXPORT", Category::Access, "export audit entries")
        .severity(Severity::Warning)
        .reason(Some("the yearly audit"))
        .target("project", "shop", Some("Shop"))
        .request("POST", "/api/v1/sql")
        .metadata("query", "SELECT 1")
        .metadata("format", "csv");
    house
        .control
        .trail()
        .record(&caller, act, Completed::success().rows(3).request_status(200))
        .await
        .expect("is written");
    let rows = house.trail();
    let expected = [
        ("action", "AUDIT_LOGS_EXPORT"),
        ("category", "access"),
        ("severity", "WARNING"),
        ("outcome", "success"),
        ("state", "complete"),
        ("actor_type", "api_key"),
        ("actor_id", "key-1"),
        ("actor_name", "report"),
        ("ip", "2001:db8::1"),
        ("user_agent", "curl/8"),
        ("correlation_id", "req-7"),
        ("trace_id", "abababababababababababababababab"),
        ("span_id", "cdcdcdcdcdcdcdcd"),
        ("reason", "the yearly audit"),
        ("target_type", "project"),
        ("target_id", "shop"),
        ("target_name", "Shop"),
        ("request_method", "POST"),
        ("request_path", "/api/v1/sql"),
        ("request_status", "200"),
        ("metadata", "{\"format\":\"csv\",\"query\":\"SELECT 1\",\"rows\":3}"),
        ("project", "whodunit"),
    ];
    assert_eq!(rows.len(), 1);
    for (column, value) in expected {
        assert_eq!(rows[0].get(column).map(String::as_str), Some(value), "{column}");
    }
}

async fn an_act_of_two_steps_keeps_its_id_and_tells_rows_and_duration(house: House) {
    let caller = Caller::system("retention");
    let act = Act::new("SEGMENTS_DELETE", Category::System, "delete old segments");
    let open = house.control.trail().begin(&caller, act).await.expect("is written");
    let id = open.id().expect("is on").to_string();
    house.clock.advance(std::time::Duration::from_millis(1500));
    let done = Completed { outcome: Outcome::Failure, ..Completed::failure("timeout", "took too long").rows(9) };
    open.complete(done).await.expect("is written");
    let rows = house.trail();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["id"].replace('-', "") == id.replace('-', "")));
    assert_eq!(rows[0]["time"], rows[1]["time"]);
    assert_eq!((rows[1]["duration_ns"].as_str(), rows[1]["outcome"].as_str()), ("1500000000", "failure"));
    assert_eq!((rows[1]["error_type"].as_str(), rows[1]["error_message"].as_str()), ("timeout", "took too long"));
    assert_eq!((rows[1]["actor_id"].as_str(), rows[1]["metadata"].as_str()), ("retention", "{\"rows\":9}"));
}

async fn without_a_trail_nothing_changes_but_leaving_is_possible(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let signed_in = house.signed_in("owner@example.com").await;
    let made =
        house.control.create_key(&owner, NewKey::ingest("kept", Project::default_project())).await.expect("is made");
    house.store.close().await.expect("closes");

    let key = house.control.create_key(&owner, NewKey::ingest("lost", Project::default_project())).await.map(drop);
    let revoked = house.control.revoke_key(&owner, &made.key.id, None).await.map(drop);
    let setting =
        house.control.change_setting(&owner, SettingName::AuditLogging, SettingChange::new(false)).await.map(drop);
    let sign_in = house.control.sign_in("owner@example.com", PASSWORD, &from("192.0.2.7")).await.map(drop);
    for refused in [key, revoked, setting, sign_in] {
        assert_eq!(refused.expect_err("is refused").kind, ErrorKind::Unavailable);
    }
    assert_eq!(house.control.keys().await.expect("lists").len(), 1);
    assert!(house.control.authenticate_key(&made.secret).is_some());
    assert!(house.control.trail().is_on());
    assert_eq!(house.control.sessions(&signed_in.caller).await.expect("lists").len(), 1);

    house.control.sign_out(&signed_in.token, &from("192.0.2.7")).await.expect("leaves");
    assert!(house.control.session(&signed_in.token).await.expect("asks").is_none());
}
