//! What must not be stored goes before the event is grouped, and so before the log on disk.
//!
//! Cookies and credentials of requests and responses are dropped whole. Everything else passes the project's redactor
//! as one JSON document; lists of pairs, which have no names for it to judge, are first shown to it pair by pair.

use serde::Serialize;
use serde_json::{Map, Value};
use whodunit_model::Redactor;
use whodunit_model::parts::Member;
use whodunit_model::redact::Tally;

use super::around::{AUTO, Sender};
use super::document::{self, Document, Plain};
use super::malformed;
use crate::logs::rejection::Refusal;

/// Room for the text of most events.
const TEXT_BYTES: usize = 16 * 1024;
/// Headers that are never stored.
const HEADERS: &[&str] = &["cookie", "set-cookie", "authorization", "proxy-authorization"];
/// The same as names of variables that a gateway hands to an application.
const VARIABLES: &[&str] = &["HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION"];

/// An event without its secrets.
#[derive(Debug)]
pub struct Scrubbed {
    /// What stays text is null in it.
    pub document: Value,
    /// The same as text, all of it, with sorted keys.
    pub text: String,
    /// The members in their order, in the text.
    members: Vec<Member>,
}

impl Scrubbed {
    /// A member and its place in the text.
    pub fn member(&self, name: &str) -> Option<Member> {
        let at = self.document.as_object()?.keys().position(|key| key == name)?;
        Some(self.members[at].clone())
    }
}

/// Takes the secrets out, and puts the client's address in where the event asks for it.
pub fn scrub(
    mut document: Document<'_>,
    sender: &Sender<'_>,
    redactor: &Redactor,
    tally: &mut Tally,
) -> Result<Scrubbed, Refusal> {
    let event = &mut document.members;
    set_address(event, sender);
    if let Some(Value::Object(request)) = event.get_mut("request") {
        without_credentials(request);
        for name in ["headers", "query_string", "data", "env"] {
            request.get_mut(name).into_iter().for_each(|value| pairs(value, redactor, tally));
        }
    }
    if let Some(Value::Object(response)) = event.get_mut("contexts").and_then(|contexts| contexts.get_mut("response")) {
        without_credentials(response);
        response.get_mut("headers").into_iter().for_each(|value| pairs(value, redactor, tally));
    }
    event.get_mut("tags").into_iter().for_each(|value| pairs(value, redactor, tally));
    written(document, redactor, tally)
}

/// Writes the members one after the other and filters each, so that only those with a secret are read once more.
fn written(mut document: Document<'_>, redactor: &Redactor, tally: &mut Tally) -> Result<Scrubbed, Refusal> {
    let mut event = std::mem::take(&mut document.members);
    let mut text = Vec::with_capacity(TEXT_BYTES);
    let mut members = Vec::with_capacity(event.len());
    text.push(b'{');
    for (name, value) in &mut event {
        if !members.is_empty() {
            text.push(b',');
        }
        write(&mut text, name);
        text.push(b':');
        let start = text.len();
        let has_only_values = match document.text(name).filter(|_| value.is_null()) {
            Some(plain) => plain_member(name, plain, &mut text, redactor, tally)?,
            None => member(name, value, &mut text, redactor, tally)?,
        };
        members.push(Member { at: start..text.len(), has_only_values });
    }
    text.push(b'}');
    let text = String::from_utf8(text).expect("JSON is written as UTF-8");
    Ok(Scrubbed { document: Value::Object(event), text, members })
}

/// Writes a member of the tree without its secrets; says whether it has `values` and nothing else.
fn member(
    name: &str,
    value: &mut Value,
    text: &mut Vec<u8>,
    redactor: &Redactor,
    tally: &mut Tally,
) -> Result<bool, Refusal> {
    let start = text.len();
    write(text, value);
    let plain = std::str::from_utf8(&text[start..]).expect("JSON is written as UTF-8");
    if let Some(filtered) = redactor.member(name, plain, tally) {
        *value =
            serde_json::from_str(&filtered).map_err(|error| malformed(format!("not JSON once filtered: {error}")))?;
        text.truncate(start);
        write(text, value);
    }
    Ok(value.as_object().is_some_and(|more| more.len() == 1 && more.contains_key("values")))
}

/// The same of a member that stays text.
fn plain_member(
    name: &str,
    plain: Plain<'_>,
    text: &mut Vec<u8>,
    redactor: &Redactor,
    tally: &mut Tally,
) -> Result<bool, Refusal> {
    let Some(filtered) = redactor.member(name, plain.text, tally) else {
        text.extend_from_slice(plain.text.as_bytes());
        return Ok(plain.has_only_values);
    };
    let plain = document::plain(&filtered).ok_or_else(|| malformed("not JSON once filtered"))?;
    text.extend_from_slice(plain.text.as_bytes());
    Ok(plain.has_only_values)
}

fn write(text: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(text, value).expect("names and values that were read are written to memory");
}

/// `{{auto}}` stands for the address that the envelope came from, in `user.ip_address` and `request.env.REMOTE_ADDR`.
fn set_address(event: &mut Map<String, Value>, sender: &Sender<'_>) {
    let places = [("user", "ip_address", None), ("request", "env", Some("REMOTE_ADDR"))];
    for (holder, name, inner) in places {
        let slot = event.get_mut(holder).and_then(|holder| holder.get_mut(name));
        let slot = match inner {
            Some(inner) => slot.and_then(|slot| slot.get_mut(inner)),
            None => slot,
        };
        if let Some(slot) = slot.filter(|slot| slot.as_str() == Some(AUTO)) {
            *slot = sender.client_ip.map_or(Value::Null, Value::from);
        }
    }
}

fn without_credentials(message: &mut Map<String, Value>) {
    message.remove("cookies");
    let forbidden = |name: &str| HEADERS.iter().any(|header| name.eq_ignore_ascii_case(header));
    match message.get_mut("headers") {
        Some(Value::Object(headers)) => headers.retain(|name, _| !forbidden(name)),
        Some(Value::Array(headers)) => headers.retain(|pair| !pair_name(pair).is_some_and(forbidden)),
        _ => {}
    }
    if let Some(Value::Object(variables)) = message.get_mut("env") {
        variables.retain(|name, _| !VARIABLES.iter().any(|variable| name.eq_ignore_ascii_case(variable)));
    }
}

/// The name of `["name", "value"]` or `{"key": "name", "value": "value"}`.
fn pair_name(pair: &Value) -> Option<&str> {
    match pair {
        Value::Array(pair) => pair.first()?.as_str(),
        Value::Object(pair) => pair.get("key").or_else(|| pair.get("name"))?.as_str(),
        _ => None,
    }
}

/// Filters the values of a list of pairs by their names.
fn pairs(list: &mut Value, redactor: &Redactor, tally: &mut Tally) {
    let Value::Array(list) = list else { return };
    for pair in list {
        let Some(name) = pair_name(pair).map(str::to_owned) else { continue };
        let slot = match pair {
            Value::Array(pair) => pair.get_mut(1),
            Value::Object(pair) => pair.get_mut("value"),
            _ => None,
        };
        let Some(slot) = slot else { continue };
        let shown = Value::Object(Map::from_iter([(name.clone(), slot.clone())])).to_string();
        let filtered = redactor.json(&shown, tally).and_then(|text| serde_json::from_str::<Value>(&text).ok());
        if let Some(value) = filtered.and_then(|mut filtered| filtered.get_mut(&name).map(Value::take)) {
            *slot = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use whodunit_stdx::Timestamp;

    use super::super::envelope::Header;
    use super::*;

    fn scrubbed(event: Value) -> (Value, u64) {
        let Value::Object(event) = event else { panic!("an object") };
        let header = Header::default();
        let sender =
            Sender { client_ip: Some("192.0.2.7"), user_agent: None, header: &header, received_at: Timestamp(0) };
        let mut tally = Tally::default();
        let scrubbed = scrub(Document::from(event), &sender, Redactor::standard(), &mut tally).expect("stays JSON");
        assert_eq!(scrubbed.text, scrubbed.document.to_string());
        for (name, value) in scrubbed.document.as_object().expect("an object") {
            let member = scrubbed.member(name).expect("it is a member");
            assert_eq!(scrubbed.text[member.at], value.to_string(), "{name}");
        }
        (scrubbed.document, tally.total())
    }

    #[test]
    fn cookies_and_credentials_are_gone_in_both_forms_of_headers() {
        let (event, _) = scrubbed(json!({
            "request": {"cookies": {"a": "b"}, "headers": {"Cookie": "a=b", "authorization": "Basic x", "Accept": "*/*"},
                "env": {"HTTP_COOKIE": "a=b", "SERVER_NAME": "x"}},
            "contexts": {"response": {"cookies": "a=b", "headers": [["Set-Cookie", "a=b"], ["X-Rows", "3"]], "status_code": 500}},
        }));
        assert_eq!(
            event,
            json!({
                "request": {"headers": {"Accept": "*/*"}, "env": {"SERVER_NAME": "x"}},
                "contexts": {"response": {"headers": [["X-Rows", "3"]], "status_code": 500}},
            })
        );
    }

    #[test]
    fn secrets_are_filtered_by_name_wherever_they_stand() {
        let (event, filtered) = scrubbed(json!({
            "request": {"headers": [["X-Api-Key", "k-17"], ["Accept", "*/*"]], "query_string": [["token", "t-17"], ["page", "2"]],
                "data": {"password": "p-17", "name": "Ann"}},
            "tags": [{"key": "api_key", "value": "k-17"}, ["region", "eu"]],
            "extra": {"db_password": "p-17"},
            "exception": {"values": [{"type": "E", "value": "card 4111 1111 1111 1111",
                "stacktrace": {"frames": [{"vars": {"secret": "s-17", "n": 3}}]}}]},
        }));
        assert_eq!(
            event,
            json!({
                "request": {"headers": [["X-Api-Key", "[Filtered]"], ["Accept", "*/*"]],
                    "query_string": [["token", "[Filtered]"], ["page", "2"]], "data": {"password": "[Filtered]", "name": "Ann"}},
                "tags": [{"key": "api_key", "value": "[Filtered]"}, ["region", "eu"]],
                "extra": {"db_password": "[Filtered]"},
                "exception": {"values": [{"type": "E", "value": "card [Filtered]",
                    "stacktrace": {"frames": [{"vars": {"secret": "[Filtered]", "n": 3}}]}}]},
            })
        );
        assert_eq!(filtered, 7);
    }

    #[test]
    fn secrets_are_filtered_in_what_stays_text() {
        let payload = r#"{"level":"error","breadcrumbs":{"values":[{"message":"card 4111 1111 1111 1111","data":{"password":"p-17"}}]},
            "modules":{"a":"1"}}"#;
        let header = Header::default();
        let sender = Sender { client_ip: None, user_agent: None, header: &header, received_at: Timestamp(0) };
        let document = Document::read(payload.as_bytes()).expect("an event");
        let mut tally = Tally::default();
        let scrubbed = scrub(document, &sender, Redactor::standard(), &mut tally).expect("stays JSON");
        assert_eq!(
            scrubbed.text,
            r#"{"breadcrumbs":{"values":[{"message":"card [Filtered]","data":{"password":"[Filtered]"}}]},"level":"error","modules":{"a":"1"}}"#
        );
        assert_eq!(tally.total(), 2);
        let crumbs = scrubbed.member("breadcrumbs").expect("is there");
        assert!(crumbs.has_only_values && scrubbed.text[crumbs.at].ends_with("}]}"));
        assert_eq!(scrubbed.document, json!({"level": "error", "breadcrumbs": null, "modules": null}));
    }

    #[test]
    fn the_clients_address_stands_where_the_event_asks_for_it() {
        let (event, _) =
            scrubbed(json!({"user": {"ip_address": "{{auto}}"}, "request": {"env": {"REMOTE_ADDR": "{{auto}}"}}}));
        assert_eq!(
            event,
            json!({"user": {"ip_address": "192.0.2.7"}, "request": {"env": {"REMOTE_ADDR": "192.0.2.7"}}})
        );
        assert_eq!(scrubbed(json!({"user": {"ip_address": "192.0.2.9"}})).0["user"]["ip_address"], "192.0.2.9");
    }
}
