//! Four days of a small shop, for questions in plain words: who did what to orders, and the logs around it.

use whodunit_model::entry::{AuditEntry, Change};
use whodunit_model::log::{LogBuilder, Scalar, TextField};
use whodunit_model::{Batch, Project, Table};
use whodunit_stdx::{EntryId, Timestamp};

use crate::data::{World1, audit_of, empty, rows, texts};

/// Now is 2026-11-23T10:00:00Z, a Monday.
pub async fn shop() -> World1 {
    let world = empty(|_| {}).await;
    world.append(vec![audit_of(&entries(), &Project::default_project()), logs(), sessions(), own_trail()]).await;
    world
}

fn at(text: &str) -> Timestamp {
    let time = chrono::DateTime::parse_from_rfc3339(&format!("2026-11-{text}Z")).expect("a time");
    Timestamp(time.timestamp_nanos_opt().expect("in range"))
}

/// The id of entry n, counted from 0.
pub fn id(n: u8) -> EntryId {
    EntryId::from_parts(at("20T00:00:00"), [n; 10])
}

/// time · actor id · action · category · type and id · outcome
type Line = (&'static str, &'static str, &'static str, &'static str, (&'static str, &'static str), &'static str);

const LINES: &[Line] = &[
    ("20T09:00:00", "dana", "order_created", "mutation", ("order", "17"), "success"),
    ("20T10:05:00", "lee", "order_updated", "mutation", ("order", "17"), "success"),
    ("20T11:00:00", "lee", "order_accessed", "access", ("order", "17"), "success"),
    ("21T12:00:00", "dana", "order_deleted", "mutation", ("order", "17"), "success"),
    ("21T12:00:30", "mia", "DELETE", "mutation", ("Orders", "#18"), "failure"),
    ("21T13:00:00", "svc-cleanup", "deleteOrder", "mutation", ("", "19"), "success"),
    ("22T09:00:00", "lee", "bulk_import_clients", "mutation", ("client", "c-1"), "success"),
    ("22T09:00:01", "lee", "bulk_import_clients", "mutation", ("client", "c-2"), "success"),
    ("22T14:10:00", "mia", "LOGIN_FAILED", "authentication", ("", ""), "failure"),
    ("22T14:11:00", "mia", "LOGIN_FAILED", "authentication", ("", ""), "failure"),
    ("22T14:12:00", "mia", "LOGIN", "authentication", ("", ""), "success"),
    ("22T15:00:00", "dana", "PERMISSION_CHANGE", "authorization", ("user", "mia"), "success"),
    ("22T16:00:00", "lee", "EXPORT", "access", ("customer_list", "all"), "success"),
    ("22T17:30:00", "mia", "INVOICE_APPROVED", "mutation", ("invoice", "INV-9"), "success"),
    ("23T08:00:00", "dana", "user.login", "authentication", ("", ""), "success"),
    ("23T08:30:00", "mia", "order_shipped", "mutation", ("order", "21"), "success"),
    ("23T09:00:00", "mia", "document_viewed", "access", ("document", "o'brien's plan"), "success"),
    ("23T09:30:00", "lee", "purchaseOrderCancelled", "mutation", ("purchase_order", "PO-3"), "success"),
];

fn entries() -> Vec<AuditEntry> {
    LINES.iter().enumerate().map(|(n, line)| entry(u8::try_from(n).expect("few lines"), line)).collect()
}

fn entry(n: u8, (time, actor, action, category, (kind, target), outcome): &Line) -> AuditEntry {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let person = *actor != "svc-cleanup";
    let change = |field: &str, before: &str, after: &str| Change {
        field: field.to_owned(),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
    };
    AuditEntry {
        time: at(time),
        received_at: at(time),
        service: some("shop"),
        actor_id: some(actor),
        actor_email: person.then(|| format!("{actor}@example.com")),
        actor_name: some(match *actor {
            "dana" => "Dana Cohen",
            "lee" => "Lee",
            "mia" => "Mia O'Hara",
            _ => "",
        }),
        ip: some(if *actor == "mia" { "203.0.113.9" } else { "198.51.100.4" }),
        correlation_id: some(if n == 3 { "req-17" } else { "" }),
        batch_id: some(if action.starts_with("bulk") { "b-7" } else { "" }),
        session_id: some(if n == 3 { "s-1" } else { "" }),
        id: Some(id(n)),
        action: some(action),
        category: some(category),
        severity: some("INFO"),
        outcome: some(outcome),
        reason: some(match n {
            1 => "the customer called",
            3 => "duplicate",
            _ => "",
        }),
        target_type: some(kind),
        target_id: some(target),
        changes: if n == 1 {
            vec![change("total", "10", "12"), change("dueDate", "\"mon\"", "\"fri\"")]
        } else {
            Vec::new()
        },
        origin: some("api"),
        ..AuditEntry::default()
    }
}

/// Twelve lines a minute apart up to the deletion, and two errors of another service today.
fn logs() -> Batch {
    let mut builder = LogBuilder::new(16);
    let mut line = |time: Timestamp, service: &str, level: (&str, i64), body: &str, request: &str| {
        builder.text(TextField::Service, service);
        builder.text(TextField::Level, level.0);
        builder.severity_number(level.1);
        builder.text(TextField::CorrelationId, request);
        builder.text(TextField::Body, body);
        builder.attribute("status", Scalar::Integer(200));
        builder.finish_row(time, time);
    };
    for n in 0..12 {
        let time = Timestamp(at("21T11:49:00").0 + n * 60_000_000_000);
        let level = if n == 9 { ("ERROR", 17) } else { ("INFO", 9) };
        line(time, "shop", level, &format!("shop line {n}"), if n == 10 { "req-17" } else { "req-0" });
    }
    line(at("23T07:00:00"), "Billing", ("ERROR", 17), "card declined", "req-20");
    line(at("23T07:05:00"), "Billing", ("FATAL", 21), "out of memory", "req-21");
    builder.finish(&Project::default_project()).expect("there are lines")
}

fn sessions() -> Batch {
    let columns = vec![
        ("session_id", texts([Some("s-1")])),
        ("actor_id", texts([Some("dana")])),
        ("correlation_id", texts([Some("req-17")])),
        ("type", texts([Some("click")])),
        ("element", texts([Some("button#delete")])),
    ];
    rows(Table::SessionEvents, &[at("21T11:59:58").0], columns)
}

fn own_trail() -> Batch {
    let mut entry = entry(200, &("23T09:59:00", "key", "audit_logs_accessed", "access", ("order", "17"), "success"));
    entry.origin = Some("whodunit".to_owned());
    audit_of(&[entry], &Project::whodunit())
}
