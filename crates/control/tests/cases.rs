//! Cases: who opens, fills, closes and deletes them, what a row keeps, and what the trail says of every act.

use serde_json::{Map, Value, json};
use whodunit_control::{
    CASE_ITEMS_MAX, CASE_ROW_BYTES_MAX, CASES_PER_PROJECT_MAX, Case, CaseUpdate, NewCase, NewCaseRow,
};
use whodunit_model::{Caller, Principal, Project, Role, Scope, Table};
use whodunit_stdx::{ErrorKind, Timestamp};

use crate::house::{House, START};
use crate::on_both;

on_both! {
    a_case_holds_rows_as_they_were_and_notes,
    those_who_only_read_change_no_case,
    a_row_that_may_not_be_read_is_not_there,
    a_closed_case_takes_no_change,
    cases_and_what_they_hold_are_bounded,
    every_act_is_in_the_trail,
}

fn new_case(name: &str) -> NewCase {
    let project = Project::default_project();
    NewCase { project, name: name.to_owned(), description: "who did it?".to_owned(), reason: None }
}

fn row(seq: i64) -> NewCaseRow {
    NewCaseRow {
        table: Table::Logs,
        project: Project::default_project(),
        time: Timestamp(START.nanos() + seq),
        seq,
        id: None,
        severity: Some("ERROR".to_owned()),
        summary: format!("line {seq}"),
        fields: fields(json!({"body": format!("line {seq}"), "status": 500, "odd": "a\0b"})),
        note: String::new(),
    }
}

fn entry(id: &str, seq: i64) -> NewCaseRow {
    let fields = fields(json!({"action": "DELETE", "id": id}));
    NewCaseRow { table: Table::AuditLogs, id: Some(id.to_owned()), fields, ..row(seq) }
}

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

async fn opened(house: &House, caller: &Caller) -> Case {
    house.control.create_case(caller, new_case("order 17")).await.expect("is opened")
}

async fn a_case_holds_rows_as_they_were_and_notes(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let case = opened(&house, &member).await;
    let control = &house.control;
    let noted = NewCaseRow { note: "the first failure".to_owned(), ..row(1) };
    let added = control.add_case_rows(&member, &case.id, vec![noted, row(2), entry("e1", 3)], None).await;
    let added = added.expect("is added");
    assert_eq!((added.items.len(), added.present, added.case.rows, added.case.notes), (3, 0, 3, 1));
    let again = control.add_case_rows(&member, &case.id, vec![row(1), entry("e1", 9), row(4)], None).await;
    let again = again.expect("is added");
    assert_eq!((again.present, again.items[0].number), (2, 4), "a state of the same entry is the same row");
    let (_, note) = control.add_case_note(&member, &case.id, " look\nhere ", None).await.expect("is noted");
    assert_eq!((note.number, note.note.as_str()), (5, "look\nhere"));
    control.change_case_note(&member, (&case.id, 2), "the second", None).await.expect("is noted");
    control.change_case_note(&member, (&case.id, 1), "", None).await.expect("is taken away");
    let refused = control.change_case_note(&member, (&case.id, 5), "", None).await.expect_err("says nothing");
    assert_eq!(refused.field, Some("note"));
    control.remove_case_item(&member, (&case.id, 4), None).await.expect("is removed");
    control.add_case_rows(&member, &case.id, vec![row(4)], None).await.expect("is added again");

    let case = control.case(&member, &case.id).await.expect("is there");
    assert_eq!((case.rows, case.notes, case.version), (4, 2, 8));
    let listed = control.case_items(&case).await.expect("lists");
    let numbers: Vec<_> = listed.iter().map(|item| (item.number, item.note.as_str())).collect();
    assert_eq!(numbers, [(1, ""), (2, "the second"), (3, ""), (5, "look\nhere"), (6, "")], "no number comes twice");
    let whole = control.case_items_after(&case, 1, 2).await.expect("lists");
    let kept = whole[0].row.as_ref().expect("a row");
    assert_eq!(whole.iter().map(|item| item.number).collect::<Vec<_>>(), [2, 3]);
    let fields: Value = serde_json::from_str(&kept.fields).expect("JSON");
    assert_eq!(fields, json!({"body": "line 2", "status": 500, "odd": "a\0b"}), "as it was found");
    assert_eq!((kept.time, kept.seq, kept.severity.as_deref()), (Timestamp(START.nanos() + 2), 2, Some("ERROR")));
    let told: Vec<_> = listed.iter().map(|item| item.listed().row.and_then(|row| row.told)).collect();
    let of_entry = Some(self::fields(json!({"action": "DELETE"})));
    assert_eq!(told, [None, None, of_entry, None, None], "of entries, and only what a sentence is made of");
    let (_, one) = control.case_item(&member, &case.id, 3).await.expect("is there");
    assert_eq!(one.whole().row.and_then(|row| row.fields).expect("whole")["action"], "DELETE");

    let large = json!({"body": "x".repeat(CASE_ROW_BYTES_MAX), "level": "INFO"});
    let large = NewCaseRow { fields: self::fields(large), ..row(7) };
    let added = control.add_case_rows(&member, &case.id, vec![large], None).await.expect("is added");
    let kept = added.items[0].row.as_ref().expect("a row");
    assert_eq!((kept.left_out.as_slice(), kept.fields.as_str()), (&["body".to_owned()][..], r#"{"level":"INFO"}"#));
}

async fn those_who_only_read_change_no_case(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let case = opened(&house, &member).await;
    house.control.add_case_rows(&member, &case.id, vec![row(1)], None).await.expect("is added");
    for role in [Role::Auditor, Role::Viewer] {
        let reader = house.caller(&format!("{}@example.com", role.name()), role).await;
        assert_eq!(house.control.cases(&reader).await.expect("lists").len(), 1, "{role:?} reads");
        let acts = [
            house.control.create_case(&reader, new_case("x")).await.err(),
            house.control.update_case(&reader, &case.id, CaseUpdate::default()).await.err(),
            house.control.add_case_rows(&reader, &case.id, vec![row(2)], None).await.err(),
            house.control.add_case_note(&reader, &case.id, "x", None).await.err(),
            house.control.change_case_note(&reader, (&case.id, 1), "x", None).await.err(),
            house.control.remove_case_item(&reader, (&case.id, 1), None).await.err(),
            house.control.delete_case(&reader, &case.id, None).await.err(),
        ];
        for (index, error) in acts.into_iter().enumerate() {
            assert_eq!(error.map(|error| error.kind), Some(ErrorKind::Forbidden), "{role:?}, act {index}");
        }
    }
    let other = house.caller("other@example.com", Role::Member).await;
    let refused = house.control.delete_case(&other, &case.id, None).await.expect_err("is not theirs");
    assert_eq!(refused.kind, ErrorKind::Forbidden);
    house.control.delete_case(&member, &case.id, Some("done")).await.expect("is theirs");
    assert!(house.control.cases(&member).await.expect("lists").is_empty());
    let case = opened(&house, &member).await;
    let admin = house.caller("admin@example.com", Role::Admin).await;
    house.control.delete_case(&admin, &case.id, None).await.expect("an admin may");
}

async fn a_row_that_may_not_be_read_is_not_there(house: House) {
    let admin = house.caller("admin@example.com", Role::Admin).await;
    let member = house.caller("member@example.com", Role::Member).await;
    let case = opened(&house, &admin).await;
    let own_trail = NewCaseRow { project: Project::whodunit(), ..entry("e1", 1) };
    house.control.add_case_rows(&admin, &case.id, vec![own_trail, row(2)], None).await.expect("is added");
    let items = house.control.case_items(&case).await.expect("lists");
    let seen = |caller: &Caller| items.iter().map(|item| item.is_seen_by(caller)).collect::<Vec<_>>();
    assert_eq!((seen(&admin), seen(&member)), (vec![true, true], vec![false, true]));
    let refused = house.control.case_item(&member, &case.id, 1).await.expect_err("is not there");
    assert_eq!(refused.kind, ErrorKind::NotFound);
    let refused = house.control.remove_case_item(&member, (&case.id, 1), None).await.expect_err("is not there");
    assert_eq!(refused.kind, ErrorKind::NotFound);
    let refused = house.control.change_case_note(&member, (&case.id, 1), "x", None).await.expect_err("is not there");
    assert_eq!(refused.kind, ErrorKind::NotFound);

    let principal = Principal::Key { id: "k".into(), name: "k".into(), scopes: vec![Scope::ReadTelemetry] };
    let key = Caller::new(principal);
    assert_eq!(seen(&key), [false, true], "a key without read_audit sees no entries");
    let shop = Project::parse("shop").expect("a slug");
    let bound = Caller { projects: Some([shop].into_iter().collect()), ..key };
    let refused = house.control.case(&bound, &case.id).await.expect_err("is of another project");
    assert_eq!(refused.kind, ErrorKind::NotFound);
}

async fn a_closed_case_takes_no_change(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let case = opened(&house, &member).await;
    let set = |closed: bool| CaseUpdate { closed: Some(closed), ..CaseUpdate::default() };
    let stale = CaseUpdate { version: Some(7), ..set(true) };
    let refused = house.control.update_case(&member, &case.id, stale).await.expect_err("is version 1");
    assert_eq!((refused.kind, refused.field), (ErrorKind::Conflict, Some("version")));
    let closed = house.control.update_case(&member, &case.id, set(true)).await.expect("is closed");
    assert_eq!((closed.closed_by.as_deref(), closed.closed_at.is_some()), (Some("member@example.com"), true));
    let refused = house.control.add_case_rows(&member, &case.id, vec![row(1)], None).await.expect_err("is closed");
    assert_eq!(refused.kind, ErrorKind::Conflict);
    let rename = CaseUpdate { name: Some("x".to_owned()), ..CaseUpdate::default() };
    let refused = house.control.update_case(&member, &case.id, rename.clone()).await.expect_err("is closed");
    assert_eq!(refused.kind, ErrorKind::Conflict);
    let opened = CaseUpdate { closed: Some(false), ..rename };
    let opened = house.control.update_case(&member, &case.id, opened).await.expect("is opened again");
    assert_eq!((opened.name.as_str(), opened.closed_at), ("x", None));
    house.control.add_case_note(&member, &case.id, "goes on", None).await.expect("is noted");
}

async fn cases_and_what_they_hold_are_bounded(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let case = opened(&house, &member).await;
    let many = (1..=CASE_ITEMS_MAX as i64).map(row).collect();
    house.control.add_case_rows(&member, &case.id, many, None).await.expect("is full");
    let past = house.control.add_case_note(&member, &case.id, "x", None).await.expect_err("is one too many");
    assert_eq!((past.kind, past.limit), (ErrorKind::Conflict, Some("case_items_max")));
    let past = house.control.add_case_rows(&member, &case.id, vec![row(-1)], None).await.expect_err("likewise");
    assert_eq!(past.limit, Some("case_items_max"));
    let same = house.control.add_case_rows(&member, &case.id, vec![row(1)], None).await.expect("is nothing new");
    assert_eq!((same.present, same.case.rows), (1, CASE_ITEMS_MAX as u64));
    let long = house.control.add_case_note(&member, &case.id, &"x".repeat(10_001), None).await.expect_err("is long");
    assert_eq!(long.limit, Some("case_note_characters_max"));
    for bad in ["a\0b", "\u{1b}[31m"] {
        let refused = house.control.add_case_note(&member, &case.id, bad, None).await.expect_err("controls");
        assert_eq!(refused.field, Some("note"));
    }
    for number in 1..CASES_PER_PROJECT_MAX {
        house.control.create_case(&member, new_case(&number.to_string())).await.expect("is opened");
    }
    let past = house.control.create_case(&member, new_case("one more")).await.expect_err("is one too many");
    assert_eq!(past.limit, Some("cases_per_project_max"));
}

async fn every_act_is_in_the_trail(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let control = &house.control;
    let case = opened(&house, &member).await;
    let id = case.id.as_str();
    let noted = NewCaseRow { note: "first".to_owned(), ..entry("e1", 1) };
    control.add_case_rows(&member, id, vec![noted], Some("it began here")).await.expect("is added");
    control.change_case_note(&member, (id, 1), "the first", None).await.expect("is noted");
    control.add_case_note(&member, id, "alone", None).await.expect("is noted");
    control.remove_case_item(&member, (id, 2), None).await.expect("is removed");
    control.remove_case_item(&member, (id, 1), None).await.expect("is removed");
    let rename = CaseUpdate { name: Some("order 18".to_owned()), ..CaseUpdate::default() };
    control.update_case(&member, id, rename).await.expect("is renamed");
    for closed in [true, false] {
        let update = CaseUpdate { closed: Some(closed), ..CaseUpdate::default() };
        control.update_case(&member, id, update).await.expect("is closed and opened");
    }
    control.delete_case(&member, id, None).await.expect("is deleted");
    for (action, words) in [
        ("CASE_CREATE", &["order 17", "who did it?"][..]),
        ("CASE_ROW_ADD", &["row 1", "audit_logs", "e1", "note 1", "first"]),
        ("CASE_NOTE_CHANGE", &["note 1", "first", "the first"]),
        ("CASE_NOTE_ADD", &["note 2", "alone"]),
        ("CASE_NOTE_REMOVE", &["note 2", "alone"]),
        ("CASE_ROW_REMOVE", &["row 1", "e1", "the first"]),
        ("CASE_UPDATE", &["order 17", "order 18"]),
        ("CASE_CLOSE", &["open", "closed"]),
        ("CASE_REOPEN", &["closed", "open"]),
        ("CASE_DELETE", &["order 18"]),
    ] {
        let rows = house.trail_of(action);
        let [intent, complete] = &rows[..] else { panic!("{action}: {} rows", rows.len()) };
        assert_eq!((intent["state"].as_str(), complete["outcome"].as_str()), ("intent", "success"), "{action}");
        assert_eq!((complete["target_type"].as_str(), complete["target_id"].as_str()), ("case", id), "{action}");
        for word in words {
            assert!(complete["changes"].contains(word), "{action}: {word} in {}", complete["changes"]);
        }
    }
    assert_eq!(house.trail_of("CASE_ROW_ADD")[1]["reason"], "it began here");
}
