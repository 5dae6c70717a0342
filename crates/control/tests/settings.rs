//! Settings: versions, history, going back, and the switch of the trail itself.

use serde_json::json;
use whodunit_control::{Act, Category, Completed, SettingChange, SettingName, SettingSource};
use whodunit_model::{Caller, Role};
use whodunit_stdx::ErrorKind;

use crate::house::House;
use crate::on_both;

on_both! {
    a_change_is_in_force_at_once_and_in_the_history,
    an_expected_version_guards_against_overwriting,
    going_back_is_a_new_version,
    the_same_value_again_leaves_no_trace,
    wrong_values_are_refused_by_field,
    switching_the_trail_off_and_on_is_in_the_trail,
}

async fn a_change_is_in_force_at_once_and_in_the_history(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    assert!(house.control.directory().settings().retention.is_empty());
    let value = json!([{"table": "logs", "days": 30}]);
    let change = SettingChange { reason: Some("the disk is small".into()), ..SettingChange::new(value.clone()) };
    let setting = house.control.change_setting(&owner, SettingName::Retention, change).await.expect("is set");
    assert_eq!((setting.version, setting.changed_by.as_deref()), (1, Some("owner@example.com")));
    assert_eq!(house.control.directory().settings().retention.len(), 1);
    let history = house.control.setting_history(SettingName::Retention).await.expect("lists");
    assert_eq!(history.len(), 1);
    assert_eq!((&history[0].before, &history[0].after), (&json!([]), &value));
    assert_eq!((history[0].source, history[0].reason.as_deref()), (SettingSource::Request, Some("the disk is small")));
    let all = house.control.settings().await.expect("lists");
    assert_eq!(
        all.iter().map(|setting| (setting.name, setting.version)).collect::<Vec<_>>(),
        [
            (SettingName::AuditLogging, 0),
            (SettingName::SessionTracking, 0),
            (SettingName::Retention, 1),
            (SettingName::Redaction, 0),
            (SettingName::Intake, 0),
            (SettingName::Grouping, 0)
        ]
    );
    assert_eq!(house.reopened().await.directory().settings().retention.len(), 1);
    assert!(house.trail_of("SETTINGS_CHANGE")[1]["changes"].contains("\"days\":30"));
}

async fn an_expected_version_guards_against_overwriting(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let change = |value: bool, version| SettingChange { version: Some(version), ..SettingChange::new(value) };
    house.control.change_setting(&owner, SettingName::SessionTracking, change(false, 0)).await.expect("is at 0");
    let error =
        house.control.change_setting(&owner, SettingName::SessionTracking, change(true, 0)).await.expect_err("is at 1");
    assert_eq!((error.kind, error.field), (ErrorKind::Conflict, Some("version")));
    house.control.change_setting(&owner, SettingName::SessionTracking, change(true, 1)).await.expect("is at 1");
}

async fn going_back_is_a_new_version(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    for days in [30, 60] {
        let change = SettingChange::new(json!([{"days": days}]));
        house.control.change_setting(&owner, SettingName::Retention, change).await.expect("is set");
    }
    let back =
        house.control.revert_setting(&owner, SettingName::Retention, 1, Some("a mistake")).await.expect("goes back");
    assert_eq!((back.version, back.value), (3, json!([{"days": 30}])));
    let first = house.control.revert_setting(&owner, SettingName::Retention, 0, None).await.expect("to the default");
    assert_eq!((first.version, first.value), (4, json!([])));
    let history = house.control.setting_history(SettingName::Retention).await.expect("lists");
    assert_eq!(history.iter().map(|version| version.version).collect::<Vec<_>>(), [4, 3, 2, 1]);
    assert_eq!((history[1].source, history[1].before.clone()), (SettingSource::Revert, json!([{"days": 60}])));
    let error =
        house.control.revert_setting(&owner, SettingName::Retention, 9, None).await.expect_err("no such version");
    assert_eq!(error.kind, ErrorKind::NotFound);
}

async fn the_same_value_again_leaves_no_trace(house: House) {
    let server = Caller::system("start");
    let change = |value: bool| SettingChange { source: SettingSource::Environment, ..SettingChange::new(value) };
    house.control.change_setting(&server, SettingName::SessionTracking, change(true)).await.expect("is so already");
    assert!(house.trail().is_empty());
    let set = house.control.change_setting(&server, SettingName::SessionTracking, change(false)).await.expect("is set");
    assert_eq!((set.version, set.changed_by.as_deref()), (1, Some("system/start")));
    let rows = house.trail();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        (rows[1]["actor_type"].as_str(), rows[1]["metadata"].as_str()),
        ("system", "{\"source\":\"environment\"}")
    );
}

async fn wrong_values_are_refused_by_field(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let cases = [
        (SettingName::AuditLogging, json!("false")),
        (SettingName::SessionTracking, json!(null)),
        (SettingName::Retention, json!({"days": 1})),
        (SettingName::Retention, json!([{"table": "users", "days": 1}])),
    ];
    for (name, value) in cases {
        let error =
            house.control.change_setting(&owner, name, SettingChange::new(value.clone())).await.expect_err("is wrong");
        assert_eq!(error.field, Some("value"), "{value}");
    }
    let auditor = house.caller("auditor@example.com", Role::Auditor).await;
    let error = house.control.change_setting(&auditor, SettingName::AuditLogging, SettingChange::new(false)).await;
    assert_eq!(error.expect_err("changes nothing").kind, ErrorKind::Forbidden);
    assert!(house.control.trail().is_on());
}

async fn switching_the_trail_off_and_on_is_in_the_trail(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let before = house.trail().len();
    let set = |value: bool| house.control.change_setting(&owner, SettingName::AuditLogging, SettingChange::new(value));
    set(false).await.expect("is switched off");
    assert!(!house.control.trail().is_on());
    let off = house.trail().split_off(before);
    assert_eq!(off.iter().map(|row| row["state"].as_str()).collect::<Vec<_>>(), ["intent", "complete"]);
    assert_eq!((off[1]["severity"].as_str(), off[1]["outcome"].as_str()), ("CRITICAL", "success"));

    let act = || Act::new("AUDIT_LOGS_READ", Category::Access, "read audit entries");
    house.control.trail().record(&owner, act(), Completed::success()).await.expect("is silent");
    let open = house.control.trail().begin(&owner, act()).await.expect("is silent");
    assert_eq!(open.id(), None);
    open.complete(Completed::success()).await.expect("is silent");
    house.user("silent@example.com", Role::Viewer).await;
    assert_eq!(house.trail().len(), before + 2);
    assert!(!house.reopened().await.trail().is_on(), "stays off over a restart");

    set(true).await.expect("is switched on");
    assert_eq!(house.trail().len(), before + 4);
    house.user("heard@example.com", Role::Viewer).await;
    assert_eq!(house.trail().len(), before + 6);
}
