//! What is filtered, and what must stay: tables of texts.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray, TimestampNanosecondArray};
use proptest::prelude::*;

use super::*;
use crate::batch::Batch;
use crate::entry::{AuditBuilder, AuditEntry, Change};
use crate::project::Project;
use crate::table::Table;

/// Texts with what becomes of them. Made-up secrets; the numbers are those that card networks publish for tests.
const FILTERED_TEXTS: &[(&str, &str)] = &[
    // Names before values.
    ("password=hunter2", "password=[Filtered]"),
    ("login failed password=hunter2 user=bob", "login failed password=[Filtered] user=bob"),
    ("password = hunter2", "password = [Filtered]"),
    ("password: hunter2", "password: [Filtered]"),
    ("password: hunter", "password: [Filtered]"),
    ("Password=hun,ter2;user=bob", "Password=[Filtered];user=bob"),
    ("password=\"two words\" ok", "password=\"[Filtered]\" ok"),
    ("password='it\\'s' ok", "password='[Filtered]' ok"),
    ("{'password': 'hunter2', 'user': 'bob'}", "{'password': '[Filtered]', 'user': 'bob'}"),
    ("got {\"password\":\"hunter2\"} here", "got {\"password\":\"[Filtered]\"} here"),
    ("got {\\\"password\\\":\\\"hunter2\\\"} here", "got {\\\"password\\\":\\\"[Filtered]\\\"} here"),
    ("\"password\"=>\"hunter2\"", "\"password\"=>\"[Filtered]\""),
    ("user[password]=hunter2&x=1", "user[password]=[Filtered]&x=1"),
    ("<Password>hunter2</Password>", "<Password>[Filtered]</Password>"),
    ("<ns:password type=\"x\">hunter2</ns:password>", "<ns:password type=\"x\">[Filtered]</ns:password>"),
    ("mysql --password=hunter2 shop", "mysql --password=[Filtered] shop"),
    ("MYSQL_PWD=hunter2 mysqldump", "MYSQL_PWD=[Filtered] mysqldump"),
    ("passwd: s3cr3t!", "passwd: [Filtered]"),
    ("client_secret=abc", "client_secret=[Filtered]"),
    ("Server=db;Uid=app;Pwd=hunter2;", "Server=db;Uid=app;Pwd=[Filtered];"),
    ("apikey=abc", "apikey=[Filtered]"),
    ("api-key: 12ab34", "api-key: [Filtered]"),
    ("X-API-Key: 12ab34", "X-API-Key: [Filtered]"),
    ("credentials={user: a, pass: b} done", "credentials=[Filtered] done"),
    ("privateKey=abc", "privateKey=[Filtered]"),
    ("GET /reset?token=abc&next=/home", "GET /reset?token=[Filtered]&next=/home"),
    ("accessToken=abc", "accessToken=[Filtered]"),
    ("token: a1b2c3d4", "token: [Filtered]"),
    ("otp=123456", "otp=[Filtered]"),
    ("otp: 123456", "otp: [Filtered]"),
    ("two_factor=123456", "two_factor=[Filtered]"),
    ("auth=abc", "auth=[Filtered]"),
    // Headers.
    ("Authorization: Bearer abc", "Authorization: [Filtered]"),
    ("Authorization: Basic dTpw\nAccept: */*", "Authorization: [Filtered]\nAccept: */*"),
    ("Authorization: Digest username=\"a\", nonce=\"b\"\nX: y", "Authorization: [Filtered]\nX: y"),
    ("curl -H 'Authorization: Bearer abc' http://x", "curl -H 'Authorization: [Filtered]' http://x"),
    ("Cookie: a=b; c=d\nHost: x", "Cookie: [Filtered]\nHost: x"),
    ("Set-Cookie: sid=1; Path=/", "Set-Cookie: [Filtered]"),
    ("-H \"Cookie: a=b; c=d\" http://x", "-H \"Cookie: [Filtered]\" http://x"),
    ("sessionid=abc; theme=dark", "sessionid=[Filtered]; theme=dark"),
    ("PHPSESSID=abc", "PHPSESSID=[Filtered]"),
    ("connect.sid=abc", "connect.sid=[Filtered]"),
    ("csrftoken=abc", "csrftoken=[Filtered]"),
    // Shapes.
    ("sent Bearer abcdef012345 to it", "sent Bearer [Filtered] to it"),
    ("sent Basic dXNlcjpwYXNz to it", "sent Basic [Filtered] to it"),
    ("card 4111111111111111 declined", "card [Filtered] declined"),
    ("card 4111 1111 1111 1111.", "card [Filtered]."),
    ("card 4111-1111-1111-1111, exp 12/30", "card [Filtered], exp 12/30"),
    ("amex 3782 822463 10005", "amex [Filtered]"),
    ("378282246310005", "[Filtered]"),
    ("5555555555554444", "[Filtered]"),
    ("2223003122003222", "[Filtered]"),
    ("6011111111111117", "[Filtered]"),
    ("30569309025904", "[Filtered]"),
    ("3530111333300000", "[Filtered]"),
    ("4222222222222", "[Filtered]"),
    ("to DE89370400440532013000 today", "to [Filtered] today"),
    ("to DE89 3704 0044 0532 0130 00 today", "to [Filtered] today"),
    ("GB82WEST12345698765432", "[Filtered]"),
    ("ssn 078-05-1120", "ssn [Filtered]"),
    ("postgres://app:hunter2@db:5432/shop", "postgres://app:[Filtered]@db:5432/shop"),
    ("redis://:hunter2@cache/0", "redis://:[Filtered]@cache/0"),
    ("amqp://u:p@ss@mq/x and more", "amqp://u:[Filtered]@mq/x and more"),
    ("mysql://u:pa/ss@db/x", "mysql://u:[Filtered]@db/x"),
    ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl.", "jwt [Filtered]."),
    ("a -----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY----- b", "a [Filtered] b"),
    ("-----BEGIN PRIVATE KEY-----\nMIIabc cut o", "[Filtered]"),
    // JSON stays JSON.
    (r#"{"a":1.10,"password":"x","b":[1]}"#, r#"{"a":1.10,"password":"[Filtered]","b":[1]}"#),
    (r#"{"password":{"old":"a","new":"b"}}"#, r#"{"password":"[Filtered]"}"#),
    (r#"{"password":12345}"#, r#"{"password":"[Filtered]"}"#),
    (r#"{"m":"say \"password=x\" now"}"#, r#"{"m":"say \"password=[Filtered]\" now"}"#),
    (r#"{"card":4111111111111111}"#, r#"{"card":"[Filtered]"}"#),
    (r#"{"h":{"Set-Cookie":["a=b"],"Host":"x"}}"#, r#"{"h":{"Set-Cookie":"[Filtered]","Host":"x"}}"#),
    (r#"{"tokens":["a","b"],"n":1}"#, r#"{"tokens":["[Filtered]","[Filtered]"],"n":1}"#),
    (r#"{"body":"{\"secret\":\"x\"}"}"#, r#"{"body":"{\"secret\":\"[Filtered]\"}"}"#),
    (r#"[{"apiKey":"x"},["card 4111111111111111"]]"#, r#"[{"apiKey":"[Filtered]"},["card [Filtered]"]]"#),
    (r#"{"p\u0061ssword":"x"}"#, r#"{"p\u0061ssword":"[Filtered]"}"#),
];

const KEPT_TEXTS: &[&str] = &[
    "invalid password: too short",
    "Password: required",
    "PASSWORD_CHANGE",
    "password reset for user 7",
    "the token expired",
    "unexpected token: identifier",
    "SyntaxError: Unexpected token: < in JSON",
    "token::new(4)",
    "connecting to auth:8080",
    "auth: failed for bob",
    "author=jane authority: x",
    "token_count=532 tokens_used=12",
    "authenticated=true auth_method=password",
    "password_changed_at=2026-11-20T10:00:00Z",
    "session_id=abc sessionId=abc correlation_id=def",
    "Bearer authentication is required",
    "basic information about it",
    "has_password=true",
    "password=null",
    "password=",
    "password == other",
    "order 4111111111111112",
    "trace 41111111111111110000000000000000",
    "x4111111111111111",
    "0.4111111111111111",
    "time 1764064800000000000",
    "phone +4917012345678",
    "uuid 41111111-1111-4111-8111-111111111111",
    "at 2026-11-20 10:00:00.123456789",
    "DE89370400440532013001",
    "line 9afee6a5-faba-43c7-be08-b5db69392d38",
    "id=be08-b5db-6939-2d38",
    "000-12-3456 and 666-12-3456 and 123-45-67890",
    "http://host:8080/path@x",
    "git@example.com:a/b",
    "ssh://git@example.com/a",
    "https://example.com/a?b=c#d=e",
    "-----BEGIN CERTIFICATE-----\nMIIabc\n-----END CERTIFICATE-----",
    "PWD=/home/app",
    "eyJ is how it begins",
    "cookie: accepted",
    "cookies_enabled=1",
    r#"{"a":1.10,"b":[1,2],"author":"x","tokens":12,"usage":{"prompt_tokens":5}}"#,
    r#"{"password":null,"secret":false,"token":""}"#,
    r#"{"request_id":"4111111111111111"}"#,
    "9 orders for order 12 after 5 ms: ok",
    "",
];

fn text(text: &str) -> Option<String> {
    let mut tally = Tally::default();
    let filtered = Redactor::standard().text(text, &mut tally);
    assert_eq!(filtered.is_some(), tally.total() > 0, "what is filtered is counted: {text}");
    filtered
}

#[test]
fn secrets_are_filtered_and_nothing_else() {
    for (sent, expected) in FILTERED_TEXTS {
        assert_eq!(text(sent).as_deref(), Some(*expected), "{sent}");
    }
}

#[test]
fn what_only_looks_like_a_secret_stays() {
    for sent in KEPT_TEXTS {
        assert_eq!(text(sent), None, "{sent}");
    }
}

/// Four of 40,000 UUIDs in log lines once passed for bank accounts.
#[test]
fn no_id_is_taken_for_an_account_or_a_card() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for _ in 0..50_000 {
        let id = format!("{:016x}{:016x}", next(), next());
        let uuid = format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]);
        for sent in [format!("line {uuid} done"), format!("trace {id} span {}", &id[16..])] {
            assert_eq!(text(&sent), None, "{sent}");
        }
    }
}

#[test]
fn what_is_filtered_stays_as_it_is() {
    for (sent, _) in FILTERED_TEXTS {
        let once = text(sent).expect("filtered");
        assert_eq!(text(&once), None, "{sent}: a second pass changes {once}");
    }
}

#[test]
fn names_say_what_is_secret() {
    let secret = |name: &str| matches!(names::judge(name), Verdict::Secret { .. });
    for name in [
        "password",
        "Password",
        "userPassword",
        "user_password2",
        "DB-PASSWORD",
        "newpassword",
        "passwd",
        "passphrase",
        "password_hash",
        "mysql_pwd",
        "secret",
        "clientSecret",
        "aws_secret_access_key",
        "api_key",
        "api-key",
        "apikey",
        "X-API-Key",
        "APIKey",
        "api.key",
        "credentials",
        "aws.credentials.raw",
        "private_key",
        "privateKey",
        "privatekey",
        "auth",
        "basic_auth",
        "Authorization",
        "Proxy-Authorization",
        "http.request.header.authorization",
        "auth_header",
        "authToken",
        "token",
        "tokens",
        "access_token",
        "idToken",
        "csrfmiddlewaretoken",
        "token_value",
        "refreshtoken",
        "password_reset_token",
        "otp",
        "totp",
        "otp_code",
        "two_factor",
        "two-factor",
        "twoFactor",
        "mfa_code",
        "cookie",
        "Set-Cookie",
        "cookies",
        "http.request.header.cookie",
        "cookies.theme",
        "sessionid",
        "JSESSIONID",
        "PHPSESSID",
        "connect.sid",
        "ASP.NET_SessionId",
        "csrftoken",
        "XSRF-TOKEN",
        "whodunit_session",
    ] {
        assert!(secret(name), "{name}");
    }
    for name in [
        "author",
        "authors",
        "authority",
        "authenticated",
        "authentication",
        "auth_method",
        "auth_type",
        "auth.user",
        "auth_provider",
        "authorization_url",
        "token_count",
        "token_type",
        "tokens_used",
        "tokens_per_second",
        "tokenizer",
        "session_id",
        "sessionId",
        "session",
        "correlation_id",
        "trace_id",
        "password_changed_at",
        "password_policy",
        "passwordless",
        "secretary",
        "secret_name",
        "api_key_id",
        "apiKeyName",
        "credential_id",
        "key",
        "keyboard",
        "monkey",
        "hotkey",
        "cookie_name",
        "cookies_enabled",
        "cookie_consent",
        "two_factor_enabled",
        "otp_sent",
        "action",
        "status",
        "user_id",
        "pass_rate",
        "passed",
        "bypass",
        "compass",
        "path",
        "broken",
    ] {
        assert!(!secret(name), "{name}");
    }
    assert_eq!(names::judge("order_id"), Verdict::Identifier);
    assert_eq!(names::judge("commitSha"), Verdict::Identifier);
}

fn own(rules: &[(&str, Matches)]) -> Redactor {
    let rules: Vec<_> =
        rules.iter().map(|(name, matches)| Rule { name: (*name).to_owned(), matches: matches.clone() }).collect();
    Redactor::with_rules(&rules).expect("rules")
}

#[test]
fn a_project_adds_rules_and_keeps_names() {
    let redactor = own(&[
        ("customer", Matches::FilterKey("customer_*".to_owned())),
        ("tokens", Matches::KeepKey("*.public_token".to_owned())),
        ("order", Matches::FilterValue(r"order (\d+)".to_owned())),
        ("badge", Matches::FilterValue(r"BX-\d{4}".to_owned())),
    ]);
    let mut tally = Tally::default();
    let sent =
        r#"{"customer_name":"Ann","a":{"public_token":"BX-1234 password=x"},"m":"order 17 of BX-9999","token":"t"}"#;
    let expected = r#"{"customer_name":"[Filtered]","a":{"public_token":"[Filtered] password=x"},"m":"order [Filtered] of [Filtered]","token":"[Filtered]"}"#;
    assert_eq!(redactor.text(sent, &mut tally).as_deref(), Some(expected));
    let counted = redactor.filtered(&tally).by_rule;
    let counted: Vec<_> = counted.iter().map(|(name, times)| (&**name, *times)).collect();
    assert_eq!(counted, [("token", 1), ("customer", 1), ("order", 1), ("badge", 2)]);
    assert_eq!(redactor.text("customer_phone=123", &mut tally).as_deref(), Some("customer_phone=[Filtered]"));
}

fn entry() -> AuditEntry {
    let some = |text: &str| Some(text.to_owned());
    AuditEntry {
        action: some("PASSWORD_CHANGE"),
        description: some("set password=hunter2"),
        reason: some("asked by 4111 1111 1111 1111"),
        actor_id: some("4111111111111111"),
        session_id: some("password=kept"),
        user_agent: some("agent password=kept"),
        target_name: some("Password: the form"),
        host: some("postgres://a:hunter2@db"),
        request_path: some("/reset?token=abc"),
        error_message: some("auth=abc"),
        arguments: some(r#"["a",{"api_key":"x"}]"#),
        metadata: some(r#"{"cookie":"a=b","n":1.10}"#),
        changes: vec![
            Change { field: "password".into(), before: some("\"old\""), after: some("{\"a\":1}") },
            Change { field: "note".into(), before: None, after: some("\"secret=x\"") },
            Change { field: "total".into(), before: some("1.10"), after: some("2") },
        ],
        ..AuditEntry::default()
    }
}

#[test]
fn an_entry_is_filtered_as_its_row_is() {
    let build = |entry: &AuditEntry| {
        let mut builder = AuditBuilder::new();
        builder.push(entry);
        builder.finish(&Project::default_project())
    };
    let redactor = Redactor::standard();
    let (mut first, mut second) = (Tally::default(), Tally::default());
    let mut filtered = entry();
    redactor.entry(&mut filtered, &mut first);
    let rows = redactor.batch(build(&entry()), &mut second);
    assert_eq!(build(&filtered).rows(), rows.rows());
    assert_eq!((first.total(), &first), (10, &second));
    assert_eq!(filtered.action.as_deref(), Some("PASSWORD_CHANGE"));
    assert_eq!(filtered.actor_id, entry().actor_id);
    assert_eq!((&filtered.session_id, &filtered.user_agent), (&entry().session_id, &entry().user_agent));
    assert_eq!(filtered.target_name, entry().target_name);
    assert_eq!(filtered.metadata.as_deref(), Some(r#"{"cookie":"[Filtered]","n":1.10}"#));
    assert_eq!(filtered.changes[0].after.as_deref(), Some("\"[Filtered]\""));
    assert_eq!(filtered.changes[1].after.as_deref(), Some("\"secret=[Filtered]\""));
    assert_eq!(filtered.changes[2], entry().changes[2]);
}

fn lines(columns: Vec<(&str, ArrayRef)>) -> Batch {
    let times = || Arc::new(TimestampNanosecondArray::from(vec![1, 2]).with_timezone("UTC")) as ArrayRef;
    let mut all = vec![("time", times()), ("received_at", times())];
    all.extend(columns);
    Batch::new(Table::Logs, Project::default_project(), RecordBatch::try_from_iter(all).expect("equally long"))
        .expect("a batch")
}

#[test]
fn columns_of_lines_are_filtered_by_name_and_shape() {
    let texts = |values: [Option<&str>; 2]| Arc::new(StringViewArray::from(values.to_vec())) as ArrayRef;
    let numbers = |values: [Option<i64>; 2]| Arc::new(Int64Array::from(values.to_vec())) as ArrayRef;
    let raw = hex::encode(b"<13>password=hunter2 \xff");
    let batch = lines(vec![
        ("body", texts([Some("fine"), Some("password=hunter2")])),
        ("stream", texts([Some(r#"{"app":"shop","token":"x"}"#), None])),
        ("attributes_overflow", texts([None, Some(r#"{"api_key":"x"}"#)])),
        ("region", texts([Some("eu"), Some("us")])),
        ("token", texts([Some("abc"), None])),
        ("otp", numbers([Some(123_456), None])),
        ("attr.session_id", texts([Some("4111111111111111"), None])),
        ("card", numbers([Some(4_111_111_111_111_111), Some(5)])),
        ("prompt_tokens", numbers([Some(12), Some(5)])),
        ("syslog.raw", texts([Some(&raw), Some("00ff")])),
        ("user_agent.original", texts([Some("x password=kept"), None])),
    ]);
    let before = batch.rows().clone();
    let mut tally = Tally::default();
    let rows = Redactor::standard().batch(batch, &mut tally).into_rows();
    let shown = |name: &str| {
        let column = rows.column_by_name(name).expect(name).as_string_view();
        column.iter().map(|value| value.unwrap_or("-").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(shown("body"), ["fine", "password=[Filtered]"]);
    assert_eq!(shown("stream"), [r#"{"app":"shop","token":"[Filtered]"}"#, "-"]);
    assert_eq!(shown("attributes_overflow"), ["-", r#"{"api_key":"[Filtered]"}"#]);
    assert_eq!(shown("token"), ["[Filtered]", "-"]);
    assert_eq!(shown("otp"), ["[Filtered]", "-"]);
    assert_eq!(shown("card"), ["[Filtered]", "5"]);
    assert_eq!(shown("syslog.raw"), ["[Filtered]", "00ff"]);
    for kept in ["region", "attr.session_id", "prompt_tokens", "user_agent.original", "time"] {
        assert_eq!(rows.column_by_name(kept), before.column_by_name(kept), "{kept}");
    }
    assert_eq!(tally.total(), 7);
}

#[test]
fn columns_that_are_done_are_looked_at_again_for_rules_that_look_at_names() {
    let stream = Arc::new(StringViewArray::from(vec![Some(r#"{"app":{"code":"x-17"}}"#), None])) as ArrayRef;
    let shown = |redactor: &Redactor| {
        let batch = lines(vec![("stream", stream.clone())]);
        let rows = redactor.batch_but(batch, &["stream"], &mut Tally::default()).into_rows();
        rows.column_by_name("stream").expect("stream").as_string_view().value(0).to_owned()
    };
    let by_value = own(&[("code", Matches::FilterValue(r"x-\d+".to_owned()))]);
    assert_eq!(shown(&by_value), r#"{"app":{"code":"x-17"}}"#, "passed over");
    let by_path = own(&[("code", Matches::FilterKey("app.code".to_owned()))]);
    assert_eq!(shown(&by_path), r#"{"app":{"code":"[Filtered]"}}"#, "the path begins at the column");
}

#[test]
fn findings_name_column_and_rule_and_never_the_secret() {
    let body = Arc::new(StringViewArray::from(vec!["fine", "password=hunter2 ok"])) as ArrayRef;
    let rows = lines(vec![("body", body)]).into_rows();
    assert!(Redactor::standard().findings(Table::Logs, &rows, 0).is_empty());
    let found = Redactor::standard().findings(Table::Logs, &rows, 1);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].column.as_str(), found[0].preview.as_str()), ("body", "password=[Filtered] ok"));
    assert_eq!(found[0].filtered.by_rule, [("password".into(), 1)]);
}

proptest! {
    /// R-2 and R-3, and no text makes it panic.
    #[test]
    fn a_second_pass_changes_nothing(sent in "([ a-zA-Z0-9=:\"'\\\\{}\\[\\],;&@/<>.é-]|password|token=|Cookie: |://|Bearer |eyJ){0,40}") {
        if let Some(once) = text(&sent) {
            prop_assert_eq!(text(&once), None, "{}", once);
        }
    }

    #[test]
    fn json_stays_json(password in ".{1,20}", card in prop::sample::select(vec!["4111111111111111", "5555555555554444"])) {
        let sent = serde_json::json!({"a": [{"password": password}], "m": format!("card {card}"), "n": 1.5});
        let filtered = text(&sent.to_string()).expect("filtered");
        let read: serde_json::Value = serde_json::from_str(&filtered).expect("JSON");
        prop_assert_eq!(&read["m"], "card [Filtered]");
        prop_assert_eq!(&read["n"], 1.5);
    }
}
