//! Captured errors as Sentry's client for Python sends them: one event in an envelope, about 10 KB of JSON.
//!
//! A stack of thirty frames, of which some are the application's and have lines around and variables, fifty
//! breadcrumbs, a request, a user, tags and contexts. There are [`GROUPS`] places that fail, so there are as many
//! issues. The same number with the same chance makes the same event. Ids, addresses and names are made up. This file
//! imports nothing of ours, so that the example `sentry_speed` of crate `ingest` can include it.

use serde_json::{Value, json};

/// Places in the imagined application that fail, each in its own way.
pub const GROUPS: u64 = 1_000;
const BREADCRUMBS: u64 = 50;
/// Frames of the application; the others are of its libraries.
const OWN_FRAMES: u64 = 6;

const TYPES: &[&str] = &[
    "KeyError",
    "ValueError",
    "TypeError",
    "AttributeError",
    "OrderNotFound",
    "PaymentDeclined",
    "TimeoutError",
    "ConnectionError",
    "IntegrityError",
    "PermissionDenied",
];
const MODULES: &[&str] = &["orders", "billing", "catalog", "shipping", "accounts", "search", "reports", "returns"];
const NOUNS: &[&str] =
    &["order", "invoice", "item", "parcel", "customer", "query", "report", "refund", "price", "stock"];
const VERBS: &[&str] = &["load", "save", "check", "price", "merge", "export", "notify", "reserve", "cancel", "close"];
const ENVIRONMENTS: &[&str] = &["production", "production", "production", "staging"];
/// Module, file and function of the libraries' frames, outermost first.
const LIBRARY: &[(&str, &str, &str)] = &[
    ("gunicorn.workers.sync", "gunicorn/workers/sync.py", "handle_request"),
    ("flask.app", "flask/app.py", "__call__"),
    ("werkzeug.middleware.proxy_fix", "werkzeug/middleware/proxy_fix.py", "__call__"),
    ("flask.app", "flask/app.py", "wsgi_app"),
    ("flask.app", "flask/app.py", "full_dispatch_request"),
    ("flask.app", "flask/app.py", "dispatch_request"),
    ("flask.views", "flask/views.py", "view"),
    ("flask_login.utils", "flask_login/utils.py", "decorated_view"),
    ("sqlalchemy.orm.session", "sqlalchemy/orm/session.py", "execute"),
    ("sqlalchemy.orm.session", "sqlalchemy/orm/session.py", "_execute_internal"),
    ("sqlalchemy.engine.base", "sqlalchemy/engine/base.py", "execute"),
    ("sqlalchemy.util.compat", "sqlalchemy/util/compat.py", "raise_"),
];

/// Event number `number` of this moment (seconds since 1970) as an envelope with one item; `below` is its chance.
pub fn envelope(number: u64, seconds: f64, below: &mut dyn FnMut(u64) -> u64) -> Vec<u8> {
    let id = format!("{:016x}{:016x}", below(u64::MAX), number);
    let event = event(&id, seconds, below);
    let trace = event["contexts"]["trace"]["trace_id"].clone();
    let header = json!({"event_id": id, "sent_at": "2026-11-28T09:00:00.000000Z",
        "trace": {"trace_id": trace, "environment": event["environment"], "release": event["release"],
            "public_key": "6f2d7f7f1c3a4e1f9f5f3d0b8a7c6e5d"}});
    let payload = event.to_string();
    let item = json!({"type": "event", "content_type": "application/json", "length": payload.len()});
    format!("{header}\n{item}\n{payload}\n").into_bytes()
}

fn event(id: &str, seconds: f64, below: &mut dyn FnMut(u64) -> u64) -> Value {
    let group = below(GROUPS);
    let (user, order) = (below(50_000), below(1_000_000));
    let (kind, module) = (of(TYPES, group), of(MODULES, group / 10));
    let path = format!("/api/{module}/{order}");
    json!({
        "event_id": id,
        "timestamp": seconds,
        "platform": "python",
        "level": "error",
        "logger": format!("shop.{module}"),
        "transaction": format!("{module}.{}_{}", of(VERBS, group / 7), of(NOUNS, group / 3)),
        "release": format!("shop@4.{}.{}", below(3), below(10)),
        "environment": of(ENVIRONMENTS, below(4)),
        "server_name": format!("web-{}", below(12)),
        "exception": {"values": [{
            "type": kind,
            "module": format!("shop.{module}.errors"),
            "value": format!("{} {order} of customer {user} cannot be {}d in state {}", of(NOUNS, group), of(VERBS, group),
                below(9)),
            "mechanism": {"type": "flask", "handled": false},
            "stacktrace": {"frames": frames(group, module, below)},
        }]},
        "breadcrumbs": {"values": (0..BREADCRUMBS).map(|at| breadcrumb(seconds, at, below)).collect::<Vec<_>>()},
        "request": {
            "method": "POST",
            "url": format!("https://shop.example.com{path}"),
            "query_string": format!("page={}&sort=newest", below(40)),
            "data": {"order": order, "quantity": below(9), "note": "leave it at the door"},
            "headers": {"Host": "shop.example.com", "Accept": "application/json", "Content-Type": "application/json",
                "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "X-Request-Id": format!("{:016x}", below(u64::MAX)), "Cookie": "session=not-a-real-one"},
            "env": {"SERVER_NAME": "shop.example.com", "SERVER_PORT": "443", "REMOTE_ADDR": format!("192.0.2.{}", below(256))},
        },
        "user": {"id": format!("user-{user:05}"), "email": format!("user-{user:05}@example.com"),
            "ip_address": format!("198.51.100.{}", below(256))},
        "tags": {"region": of(&["eu-central-1", "eu-west-1", "us-east-1"], below(3)), "tenant": format!("t-{}", below(200)),
            "queue": "web", "feature": of(&["old-cart", "new-cart"], below(2))},
        "contexts": {
            "trace": {"trace_id": format!("{:016x}{:016x}", below(u64::MAX), below(u64::MAX)),
                "span_id": format!("{:016x}", below(u64::MAX)), "op": "http.server", "status": "internal_error"},
            "runtime": {"name": "CPython", "version": "3.13.1", "build": "3.13.1 (main, Jan 12 2026, 10:11:12) [GCC 14.2.0]"},
        },
        "extra": {"sys.argv": ["gunicorn", "shop:app"], "attempt": below(4)},
        "modules": {"flask": "3.1.0", "werkzeug": "3.1.3", "sqlalchemy": "2.0.36", "gunicorn": "23.0.0", "sentry-sdk": "2.75.0"},
        "sdk": {"name": "sentry.python.flask", "version": "2.75.0",
            "packages": [{"name": "pypi:sentry-sdk", "version": "2.75.0"}]},
    })
}

/// Libraries call the application, which calls itself and them in turn; the last frame is the application's.
fn frames(group: u64, module: &str, below: &mut dyn FnMut(u64) -> u64) -> Vec<Value> {
    let mut frames: Vec<Value> = LIBRARY.iter().chain(LIBRARY).map(library_frame).collect();
    for at in 0..OWN_FRAMES {
        let at_place = group + at * 37;
        let (verb, noun) = (of(VERBS, at_place / 11), of(NOUNS, at_place));
        let function = if at == OWN_FRAMES - 1 { format!("{verb}_{noun}_{group}") } else { format!("{verb}_{noun}") };
        let frame = json!({
            "module": format!("shop.{module}.{noun}s"),
            "filename": format!("shop/{module}/{noun}s.py"),
            "abs_path": format!("/srv/shop/releases/current/shop/{module}/{noun}s.py"),
            "function": function,
            "lineno": 20 + at_place % 400,
            "in_app": true,
            "pre_context": [format!("        {noun} = self.repository.get({noun}_id)")],
            "context_line": format!("        return self.{verb}({noun}, strict=True)"),
            "post_context": ["    def __repr__(self):"],
            "vars": {"self": format!("<shop.{module}.{noun}s object at 0x7f{:010x}>", below(1 << 40)),
                format!("{noun}_id"): below(1_000_000).to_string(), "strict": "True"},
        });
        frames.push(frame);
    }
    frames
}

fn library_frame((module, file, function): &(&str, &str, &str)) -> Value {
    json!({"module": module, "filename": file, "function": function, "lineno": 100 + function.len() * 7, "in_app": false})
}

fn breadcrumb(seconds: f64, at: u64, below: &mut dyn FnMut(u64) -> u64) -> Value {
    let timestamp = seconds - (BREADCRUMBS - at) as f64 * 0.05;
    let (category, message) = match at % 3 {
        0 => ("query", format!("SELECT * FROM {} WHERE id = %s", of(NOUNS, below(10)))),
        1 => ("httplib", format!("GET /stock/{}", below(100_000))),
        _ => ("shop.cart", format!("{} {}", of(VERBS, below(10)), of(NOUNS, below(10)))),
    };
    json!({"timestamp": timestamp, "category": category, "message": message, "level": "info"})
}

fn of<'a>(list: &[&'a str], at: u64) -> &'a str {
    list[(at % list.len() as u64) as usize]
}
