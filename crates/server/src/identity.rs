//! Who asks: credentials and headers of a request become one [`Caller`], once, at the door.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use whodunit_control::{Control, Directory};
use whodunit_model::{Caller, Principal, Project};
use whodunit_stdx::{ErrorKind, World};

use crate::failure::Failure;
use crate::front::Peer;
use crate::proxy::{self, Trust};

/// The cookie that carries a session's token.
pub const SESSION_COOKIE: &str = "whodunit_session";
/// Must come with every change that is made by cookie.
pub const CSRF_HEADER: &str = "x-csrf-token";
pub const CORRELATION_HEADER: &str = "x-correlation-id";
/// Longest correlation id and user agent that are taken over.
pub const HEADER_TEXT_MAX: usize = 256;

/// The session behind a caller that came by cookie.
#[derive(Clone, Debug)]
pub struct Session {
    pub token: String,
    pub csrf: String,
}

/// What a request says of the one who sends it.
#[derive(Debug)]
pub struct Identity {
    pub caller: Caller,
    pub session: Option<Session>,
    pub over_tls: bool,
    /// Credentials were sent that nobody has.
    pub refused: bool,
    /// Sent by the client, or made here; goes back in the answer.
    pub correlation_id: String,
}

/// Reads everything that identifies the sender. Wrong credentials are no error yet: public operations ignore them.
pub async fn identify(
    control: &Control,
    world: &World,
    peer: Peer,
    headers: &HeaderMap,
    trust: &Trust<'_>,
) -> Identity {
    let sent_correlation = correlation_id(headers);
    let mut anonymous = Caller::new(Principal::Anonymous);
    anonymous.ip = Some(proxy::client_address(peer.address, headers, trust).to_string());
    anonymous.user_agent = text(headers, header::USER_AGENT.as_str()).map(|agent| clipped(agent, HEADER_TEXT_MAX));
    anonymous.correlation_id = sent_correlation.clone();
    if let Some((trace_id, span_id)) = text(headers, "traceparent").and_then(traceparent) {
        anonymous.trace_id = Some(trace_id);
        anonymous.span_id = Some(span_id);
    }
    let correlation_id = sent_correlation.unwrap_or_else(|| world.entry_id().to_string());
    let over_tls = peer.over_tls || proxy::came_over_tls(peer.address, headers, trust);
    let (caller, session, refused) = authenticate(control, headers, anonymous).await;
    Identity { caller, session, over_tls, refused, correlation_id }
}

async fn authenticate(control: &Control, headers: &HeaderMap, anonymous: Caller) -> (Caller, Option<Session>, bool) {
    let keys = keys(headers);
    if !keys.is_empty() {
        return match keys.iter().find_map(|secret| control.authenticate_key(secret)) {
            Some(known) => (merged(known, anonymous), None, false),
            None => (anonymous, None, true),
        };
    }
    let Some(token) = cookie(headers, SESSION_COOKIE) else { return (anonymous, None, false) };
    match control.session(token).await {
        Ok(Some(found)) => {
            let session = Session { token: token.to_owned(), csrf: found.csrf };
            (merged(found.caller, anonymous), Some(session), false)
        }
        Ok(None) => (anonymous, None, true),
        Err(error) => {
            tracing::error!(%error, "session not looked up");
            (anonymous, None, true)
        }
    }
}

/// The same request by the public part of a DSN, if it shows one: as `X-Sentry-Auth`, `Authorization: Sentry …`, the
/// user of `Basic`, or the parameter `sentry_key`. Two at once are refused: nobody can know which is meant. Goes before
/// a cookie, which the pages of this server's own address send along.
pub fn with_public_key(
    identity: Identity,
    control: &Control,
    world: &World,
    headers: &HeaderMap,
    query: &str,
) -> Identity {
    let parameter = query.split('&').find_map(|pair| pair.strip_prefix("sentry_key="));
    let public_ids = public_ids(headers, parameter);
    let [public_id] = &public_ids[..] else {
        let several = !public_ids.is_empty();
        return if several { refused(identity) } else { identity };
    };
    match control.directory().authenticate_public_id(public_id, world.now()) {
        Some(known) => Identity { caller: merged(known, identity.caller), session: None, refused: false, ..identity },
        // The key of a `Basic` may be a secret one.
        None if matches!(identity.caller.principal, Principal::Key { .. }) => identity,
        None => refused(identity),
    }
}

fn refused(identity: Identity) -> Identity {
    let caller = Caller { principal: Principal::Anonymous, projects: None, session_id: None, ..identity.caller };
    Identity { caller, session: None, refused: true, ..identity }
}

/// The public keys that a request shows, one for each place that has one.
pub fn public_ids(headers: &HeaderMap, parameter: Option<&str>) -> Vec<String> {
    let sentry = |value: &str| {
        let (scheme, fields) = value.trim().split_once(' ')?;
        let fields = scheme.eq_ignore_ascii_case("sentry").then_some(fields)?;
        let pairs = fields.split(',').filter_map(|field| field.trim().split_once('='));
        { pairs }.find(|(name, _)| *name == "sentry_key").map(|(_, key)| key.trim_matches('"').to_owned())
    };
    let basic = |value: &str| {
        let (scheme, secret) = value.split_once(' ')?;
        let (user, _password) = scheme.eq_ignore_ascii_case("basic").then(|| pair(secret.trim())).flatten()?;
        Some(user)
    };
    let authorization = text(headers, header::AUTHORIZATION.as_str());
    let places = [
        text(headers, "x-sentry-auth").and_then(sentry),
        authorization.and_then(sentry).or_else(|| authorization.and_then(basic)),
        parameter.map(str::to_owned),
    ];
    places.into_iter().flatten().filter(|key| !key.is_empty()).collect()
}

/// The project that a DSN or a path names by its number or its slug.
pub fn project_named(directory: &Directory, name: &str) -> Option<Project> {
    let known = match name.parse() {
        Ok(number) => directory.project_by_number(number).or_else(|| directory.project(name)),
        Err(_) => directory.project(name),
    };
    known.map(|project| project.slug.clone())
}

/// The principal, projects and session of `known`, from where `seen` was seen.
pub fn merged(known: Caller, seen: Caller) -> Caller {
    Caller { principal: known.principal, projects: known.projects, session_id: known.session_id, ..seen }
}

/// A change by cookie must prove that our own page made it.
pub fn check_csrf(session: &Session, headers: &HeaderMap) -> Result<(), Failure> {
    let sent = text(headers, CSRF_HEADER).unwrap_or_default();
    if same(sent.as_bytes(), session.csrf.as_bytes()) {
        return Ok(());
    }
    Err(Failure::new(ErrorKind::Forbidden, "the request does not prove that it comes from a page of this server")
        .field("X-CSRF-Token")
        .hint("send the csrf of the sign-in's answer in the header X-CSRF-Token"))
}

/// Compares without telling by its duration where the difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

/// What may be a key, in the forms in which clients of the protocols that we speak send one: `Bearer KEY`; `ApiKey KEY`
/// or `ApiKey base64(id:KEY)` (Elasticsearch); `Basic` with the key as password, or else as user; `X-API-Key: KEY`.
fn keys(headers: &HeaderMap) -> Vec<String> {
    let sent = text(headers, header::AUTHORIZATION.as_str()).and_then(|value| value.split_once(' '));
    let found = match sent.map(|(scheme, secret)| (scheme.to_ascii_lowercase(), secret.trim())) {
        Some((scheme, secret)) if scheme == "bearer" => vec![secret.to_owned()],
        Some((scheme, secret)) if scheme == "basic" => pair(secret).map_or(Vec::new(), |(user, key)| vec![key, user]),
        Some((scheme, secret)) if scheme == "apikey" => match pair(secret) {
            Some((_id, key)) => vec![key],
            None => vec![secret.to_owned()],
        },
        _ => Vec::new(),
    };
    if !found.is_empty() {
        return found;
    }
    text(headers, "x-api-key").map(str::to_owned).into_iter().collect()
}

/// The two parts of `base64(one:two)`.
fn pair(encoded: &str) -> Option<(String, String)> {
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    decoded.split_once(':').map(|(one, two)| (one.to_owned(), two.to_owned()))
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The cookie of a session; with an empty token the one that removes it.
pub fn session_cookie(token: &str, over_tls: bool) -> HeaderValue {
    let secure = if over_tls { "; Secure" } else { "" };
    let ends = if token.is_empty() { "; Max-Age=0" } else { "" };
    let text = format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{ends}");
    let mut value = HeaderValue::from_str(&text).expect("tokens are plain ASCII");
    value.set_sensitive(true);
    value
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).filter(|value| !value.is_empty())
}

/// `X-Correlation-ID`, else `X-Request-ID`, if it is short and plain.
fn correlation_id(headers: &HeaderMap) -> Option<String> {
    let sent = text(headers, CORRELATION_HEADER).or_else(|| text(headers, "x-request-id"))?;
    let plain = sent.len() <= HEADER_TEXT_MAX && sent.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    plain.then(|| sent.to_owned())
}

/// W3C trace context: `00-<32 hex>-<16 hex>-<2 hex>`; ids of zeros mean none.
fn traceparent(value: &str) -> Option<([u8; 16], [u8; 8])> {
    let mut parts = value.trim().split('-');
    let version = parts.next()?;
    let (mut trace_id, mut span_id) = ([0; 16], [0; 8]);
    hex::decode_to_slice(parts.next()?, &mut trace_id).ok()?;
    hex::decode_to_slice(parts.next()?, &mut span_id).ok()?;
    let legal = version.len() == 2 && version != "ff" && trace_id != [0; 16] && span_id != [0; 8];
    legal.then_some((trace_id, span_id))
}

fn clipped(text: &str, bytes_max: usize) -> String {
    text[..text.floor_char_boundary(bytes_max)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn keys_come_in_the_forms_that_clients_send() {
        let cases: &[(&str, &[&str])] = &[
            ("bearer  wd_1 ", &["wd_1"]),
            ("ApiKey wd_1", &["wd_1"]),
            // id:wd_1
            ("ApiKey aWQ6d2RfMQ==", &["wd_1"]),
            // someone:wd_1
            ("Basic c29tZW9uZTp3ZF8x", &["wd_1", "someone"]),
            ("Basic nonsense!", &["wd_2"]),
            ("Digest x", &["wd_2"]),
            ("wd_1", &["wd_2"]),
        ];
        for (sent, expected) in cases {
            assert_eq!(keys(&headers(&[("authorization", sent), ("x-api-key", "wd_2")])), *expected, "{sent}");
        }
        assert!(keys(&headers(&[])).is_empty());
    }

    #[test]
    fn the_session_cookie_is_found_among_others() {
        let sent = headers(&[("cookie", "theme=dark; whodunit_session=abc; x=y")]);
        assert_eq!(cookie(&sent, SESSION_COOKIE), Some("abc"));
        let set = session_cookie("abc", true);
        let set = set.to_str().expect("ASCII");
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Secure"), "{set}");
    }

    #[test]
    fn correlation_ids_are_taken_over_only_when_plain() {
        assert_eq!(correlation_id(&headers(&[("x-request-id", "r-1")])).as_deref(), Some("r-1"));
        assert_eq!(correlation_id(&headers(&[("x-correlation-id", "c\tb")])), None);
    }

    #[test]
    fn a_traceparent_fills_both_ids_or_none() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(traceparent(good).expect("legal").1, [0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7]);
        for bad in [
            "",
            "00-0-0-0",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(traceparent(bad), None, "{bad}");
        }
    }

    #[test]
    fn public_keys_come_in_four_places() {
        type Case<'c> = (&'c [(&'c str, &'c str)], Option<&'c str>, &'c [&'c str]);
        let cases: &[Case<'_>] = &[
            (&[("x-sentry-auth", "Sentry sentry_version=7, sentry_key=abc, sentry_client=x/1")], None, &["abc"]),
            (&[("x-sentry-auth", "sentry sentry_key=\"abc\"")], None, &["abc"]),
            (&[("authorization", "Sentry sentry_key=abc,sentry_version=7")], None, &["abc"]),
            // abc:
            (&[("authorization", "Basic YWJjOg==")], None, &["abc"]),
            (&[], Some("abc"), &["abc"]),
            (&[("x-sentry-auth", "Sentry sentry_key=abc")], Some("def"), &["abc", "def"]),
            (&[("authorization", "Bearer abc")], Some(""), &[]),
            (&[("x-sentry-auth", "sentry_key=abc")], None, &[]),
        ];
        for (sent, parameter, expected) in cases {
            let sent: HeaderMap = sent
                .iter()
                .map(|(name, value)| {
                    (name.parse::<header::HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
                })
                .collect();
            assert_eq!(public_ids(&sent, *parameter), *expected, "{sent:?} {parameter:?}");
        }
    }

    #[test]
    fn csrf_tokens_must_be_the_same() {
        let session = Session { token: "t".to_owned(), csrf: "secret".to_owned() };
        assert!(check_csrf(&session, &headers(&[("x-csrf-token", "secret")])).is_ok());
        assert!(check_csrf(&session, &headers(&[("x-csrf-token", "secreT")])).is_err());
        assert!(check_csrf(&session, &headers(&[])).is_err());
    }
}
