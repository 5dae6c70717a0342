//! No secret survives: seeded ones at random places of every protocol's shapes, searched for in the rows, in the
//! decompressed files and in every byte of the data directory.

use std::path::Path;

use bytes::Bytes;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use whodunit_ingest::syslog::{Frame, Received};
use whodunit_ingest::{Gateway, GatewaySettings, Request};
use whodunit_model::{Caller, Principal, Project, Sources, Table};
use whodunit_stdx::{Limit, World};
use whodunit_store::{Durability, Settings, Store, Upkeep};

use crate::audit_cases::NOW;
use crate::shown;

/// A secret, and how it stands in a text and under a key.
#[derive(Clone, Debug)]
struct Secret {
    value: String,
    text: String,
    key: &'static str,
}

const KEYS: &[&str] = &[
    "password",
    "userPassword",
    "api_key",
    "X-API-Key",
    "client_secret",
    "access_token",
    "authorization",
    "cookie",
    "Set-Cookie",
    "sessionid",
    "csrftoken",
    "credentials",
    "private_key",
    "mysql_pwd",
    "otp",
    "auth",
];

/// Secrets that no other text contains by chance, and that need no escape in any protocol.
fn secret() -> impl Strategy<Value = Secret> {
    let word = "[A-Za-z]{6}[0-9]{4}[A-Za-z]{6}";
    let key = prop::sample::select(KEYS);
    let form = 0..10_usize;
    (word, "[0-9]{10}", key, form).prop_map(|(word, digits, key, form)| {
        let (value, text) = match form {
            0 => (word.clone(), format!("login password={word} failed")),
            1 => (word.clone(), format!("GET /reset?token={word}&next=/home")),
            2 => (word.clone(), format!("sent Authorization: Bearer {word}")),
            3 => (word.clone(), format!("with Cookie: theme=dark; sessionid={word}")),
            4 => (word.clone(), format!("connect postgres://app:{word}@db:5432/shop now")),
            5 => (word.clone(), format!("body {{'api_key': '{word}', 'n': 1}}")),
            6 => {
                let token = format!("eyJhbGciOiJIUzI1NiJ9.eyJ{word}.{word}");
                (token.clone(), format!("jwt {token} expired"))
            }
            7 => {
                let key = format!("-----BEGIN PRIVATE KEY-----{word}-----END PRIVATE KEY-----");
                (word.clone(), format!("key {key} read"))
            }
            8 => {
                let card = with_luhn(&format!("41111{digits}"));
                (card.clone(), format!("card {card} declined"))
            }
            _ => (word.clone(), format!("<user><password>{word}</password></user>")),
        };
        Secret { value, text, key }
    })
}

fn with_luhn(fifteen: &str) -> String {
    let sum: u32 = fifteen.bytes().rev().enumerate().fold(0, |sum, (index, digit)| {
        let digit = u32::from(digit - b'0');
        sum + if index % 2 == 0 { [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit as usize] } else { digit }
    });
    format!("{fifteen}{}", (10 - sum % 10) % 10)
}

struct House {
    gateway: Gateway,
    store: Store,
    directory: tempfile::TempDir,
}

impl House {
    async fn open(durability: Durability) -> House {
        let directory = tempfile::tempdir().expect("a directory");
        let (world, _clock) = World::seeded(7, NOW);
        let settings = Settings { upkeep: Upkeep::Manual, ..Settings::new(directory.path()) };
        let store = Store::open(settings, world.clone(), Limit::new("store", 256 << 20)).await.expect("opens");
        let settings = GatewaySettings { logs_durability: durability, ..GatewaySettings::for_cores(2) };
        let gateway = Gateway::new(store.clone(), world, Limit::new("memory", 256 << 20), settings, Sources::default());
        House { gateway, store, directory }
    }

    /// Sends the secret by every way in, at every place that the protocol has. Gives how many values were filtered.
    async fn send(&self, secret: &Secret) -> u64 {
        let caller = Caller::new(Principal::Anonymous);
        let request = |body: Vec<u8>, content_type| Request {
            body: Bytes::from(body),
            content_encoding: None,
            content_type: Some(content_type),
            project: Project::default_project(),
            caller: &caller,
            parameters: &[],
        };
        let json_of = |body: &Value| request(body.to_string().into_bytes(), "application/json");
        let mut filtered = 0;

        let entry = json!({"action": "order_updated", "description": secret.text, "reason": secret.text,
            "error_message": secret.text, "error_stack": format!("at main\n{}", secret.text),
            "arguments": [secret.text, {secret.key: secret.value}],
            "metadata": {"deep": [{secret.key: secret.value}], "note": secret.text},
            "changes": [{"field": secret.key, "before": secret.value, "after": secret.value},
                {"field": "note", "before": {"a": secret.text}, "after": {secret.key: [secret.value]}}]});
        filtered += self.gateway.audit(json_of(&entry)).await.expect("taken").answer.filtered;
        let id = "019a9d3c-8a00-7000-8000-000000000001";
        let intent = json!({"action": "EXPORT", "id": id, "state": "intent", "description": secret.text});
        filtered += self.gateway.audit(json_of(&intent)).await.expect("taken").answer.filtered;
        let completion = json!({"description": secret.text, "outcome": "failure", "error_message": secret.text,
            "metadata": {secret.key: secret.value}});
        let completion = Bytes::from(completion.to_string());
        let project = Project::default_project();
        let completed = self.gateway.complete(&project, id.parse().expect("an id"), completion, &caller).await;
        filtered += completed.expect("completed").filtered;

        let line = json!({"message": secret.text, secret.key: secret.value, "http": {"headers": {secret.key: secret.value}},
            "list": [{secret.key: secret.value}], "inner": json!({secret.key: secret.value}).to_string()});
        filtered += self.gateway.logs(json_of(&line)).await.expect("taken").answer.filtered;

        for body in [
            secret.text.clone(),
            json!({"msg": secret.text, secret.key: secret.value}).to_string(),
            format!("level=info {}={} msg=\"{}\"", secret.key, secret.value, secret.text.replace('"', "")),
        ] {
            let push = json!({"streams": [{"stream": {"app": "shop", "token": secret.value},
                "values": [["1764064800000000000", body, {"password": secret.value}]]}]});
            filtered += self.gateway.loki(json_of(&push)).await.expect("taken").answer.filtered;
            let push = loki_protobuf(&body);
            filtered +=
                self.gateway.loki(request(push, "application/x-protobuf")).await.expect("taken").answer.filtered;
        }

        let attribute = json!({"key": secret.key, "value": {"stringValue": secret.value}});
        let nested = json!({"key": "request", "value": {"kvlistValue": {"values": [attribute]}}});
        let record = json!({"resourceLogs": [{"resource": {"attributes": [attribute]}, "scopeLogs": [{"logRecords": [
            {"body": {"stringValue": secret.text}, "attributes": [attribute, nested]},
            {"body": {"kvlistValue": {"values": [attribute]}}}]}]}]});
        filtered += self.gateway.otlp_logs(json_of(&record)).await.expect("taken").answer.filtered;

        let bulk = format!("{{\"create\":{{}}}}\n{line}\n");
        let bulk = self.gateway.elastic(request(bulk.into_bytes(), "application/x-ndjson"), "logs").await;
        assert!(bulk.expect("taken").failure.is_none());

        let peer = std::net::Ipv4Addr::LOCALHOST.into();
        let plain = format!(
            "<13>1 2026-11-20T10:00:00Z host app - - [x@1 {}=\"{}\"] {}",
            secret.key, secret.value, secret.text
        );
        let mut broken = plain.clone().into_bytes();
        broken.extend_from_slice(b" \xff");
        let messages = [plain.into_bytes(), broken].map(|bytes| Received { frame: Frame::Message(bytes), peer });
        let sent = self.gateway.syslog(messages.to_vec(), Project::default_project()).await;
        filtered + sent.expect("taken").answer.filtered
    }

    /// Where the secret is still found.
    async fn survivors(&self, secret: &str) -> Vec<String> {
        let mut found = Vec::new();
        let snapshot = self.store.snapshot();
        for table in [Table::AuditLogs, Table::Logs] {
            for (_, batch) in snapshot.buffered(table) {
                for row in 0..batch.num_rows() {
                    let shown = Value::Object(shown::row(&without_salt(&batch), row)).to_string();
                    // Hexadecimal is the only other form that a column has.
                    if shown.contains(secret) || shown.contains(&hex::encode(secret)) {
                        found.push(format!("row of {}: {shown}", table.name()));
                    }
                }
            }
        }
        search(self.directory.path(), secret.as_bytes(), &mut found);
        found
    }
}

fn without_salt(batch: &arrow::array::RecordBatch) -> arrow::array::RecordBatch {
    let schema = batch.schema();
    let kept: Vec<usize> = (0..schema.fields().len()).filter(|index| schema.field(*index).name() != "salt").collect();
    batch.project(&kept).expect("columns exist")
}

/// Every file: its bytes, and whatever zstd frames stand anywhere in it.
fn search(directory: &Path, secret: &[u8], found: &mut Vec<String>) {
    for file in std::fs::read_dir(directory).expect("a directory") {
        let path = file.expect("a file").path();
        if path.is_dir() {
            search(&path, secret, found);
            continue;
        }
        let bytes = std::fs::read(&path).expect("readable");
        let holds = |bytes: &[u8]| memchr::memmem::find(bytes, secret).is_some();
        if holds(&bytes) {
            found.push(format!("bytes of {}", path.display()));
        }
        for at in memchr::memmem::find_iter(&bytes, &[0x28, 0xb5, 0x2f, 0xfd]) {
            let mut unpacked = Vec::new();
            if let Ok(mut decoder) = zstd::stream::read::Decoder::new(&bytes[at..]) {
                // A frame is followed by other bytes, which are no zstd.
                let _whatever_was_read = std::io::Read::read_to_end(&mut decoder, &mut unpacked);
            }
            if holds(&unpacked) {
                found.push(format!("unpacked bytes of {} at {at}", path.display()));
            }
        }
    }
}

/// A push of one entry, in a snappy block.
fn loki_protobuf(line: &str) -> Vec<u8> {
    let field = crate::loki::field;
    let entry = [field(1, &[8, 1]), field(2, line.as_bytes())].concat();
    let stream = [field(1, b"{app=\"shop\"}"), field(2, &entry)].concat();
    snap::raw::Encoder::new().compress_vec(&field(1, &stream)).expect("snappy takes it")
}

#[test]
fn no_secret_survives_anywhere() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&(secret(), any::<bool>()), |(secret, buffered)| {
        runtime.block_on(async {
            let durability = if buffered { Durability::Buffered } else { Durability::Synced };
            let house = House::open(durability).await;
            let filtered = house.send(&secret).await;
            prop_assert!(filtered >= 25, "only {filtered} values were filtered");
            let found = house.survivors(&secret.value).await;
            prop_assert!(found.is_empty(), "{found:#?}");
            house.store.flush().await.expect("flushes");
            let found = house.survivors(&secret.value).await;
            prop_assert!(found.is_empty(), "{found:#?}");
            Ok(())
        })
    });
    outcome.expect("no secret survives");
}

/// The search finds what is there: in the WAL, and in a segment.
#[tokio::test]
async fn the_search_finds_what_is_not_filtered() {
    let house = House::open(Durability::Synced).await;
    let caller = Caller::new(Principal::Anonymous);
    let needle = "needleneedleneedle";
    let lines: String = (0..50).map(|number| format!("{{\"msg\":\"{number} {needle} stands here\"}}\n")).collect();
    let request = Request {
        body: Bytes::from(lines),
        content_encoding: None,
        content_type: None,
        project: Project::default_project(),
        caller: &caller,
        parameters: &[],
    };
    house.gateway.logs(request).await.expect("taken");
    let found = house.survivors(needle).await;
    assert!(found.iter().any(|place| place.contains(".wal")), "{found:?}");
    assert!(found.iter().any(|place| place.starts_with("row of logs")), "{found:?}");
    house.store.flush().await.expect("flushes");
    let found = house.survivors(needle).await;
    assert!(found.iter().any(|place| place.contains(".parquet")), "{found:?}");
}

#[tokio::test]
async fn a_completion_repeats_what_the_intent_said() {
    let house = House::open(Durability::Synced).await;
    let secret = Secret { value: "x".into(), text: "password=hunter2".into(), key: "token" };
    assert!(house.send(&secret).await > 0);
}
