"""Sentry's clients, unmodified: what was sent is what is found, through SQL and the API."""

import functools
import gzip
import http.server
import json
import logging
import threading
import zlib

import flask
import pytest
import requests
import sentry_sdk
from sentry_sdk.integrations.flask import FlaskIntegration

from harness import API_KEY, INGEST_KEY, run_node, wait_for

SECRETS = ["hunter2", "t0ken-17", "4111 1111 1111 1111", "session-cookie-17"]


@pytest.fixture
def dsn(server):
    keys = server.request("GET", "/api/v1/admin/keys", API_KEY).json()["keys"]
    [public] = [key["public_id"] for key in keys if key.get("public_id")]
    return f"http://{public}@127.0.0.1:{server.port}/1"


@pytest.fixture
def client():
    """Starts the SDK and ends it with the test."""
    yield sentry_sdk.init
    sentry_sdk.get_client().close(timeout=5)
    sentry_sdk.init()


def shop():
    app = flask.Flask("shop")

    @app.route("/pay/<order>", methods=["POST"])
    def pay(order):
        scope = sentry_sdk.get_isolation_scope()
        scope.set_user({"id": "user-7", "email": "ann@example.com", "username": "ann"})
        scope.set_tag("session_id", "visit-3")
        scope.set_tag("region", "eu")
        scope.set_context("cart", {"items": 3, "api_key": "hunter2"})
        sentry_sdk.add_breadcrumb(category="payment", message=f"order {order} é😀", data={"step": 2})
        password = "hunter2"
        raise KeyError(f"card 4111 1111 1111 1111 of {order} ({len(password)})")

    return app


def post(app, order):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    headers = {
        "X-Request-ID": f"req-{order}",
        "Authorization": "Bearer t0ken-17",
        "Cookie": "sid=session-cookie-17",
        "User-Agent": "Browser/1",
    }
    answer = app.test_client().post(f"/pay/{order}?page=2", json={"password": "hunter2", "note": "gift"}, headers=headers)
    assert answer.status_code == 500


def stored(server, count):
    def found():
        rows = server.sql("SELECT * FROM error_events ORDER BY time, seq")
        return rows if len(rows) >= count else None

    rows = wait_for(found, f"{count} errors are stored")
    assert len(rows) == count
    return rows


def test_a_flask_application_changes_its_dsn(server, dsn, client):
    client(
        dsn=dsn,
        release="shop@1.4.0",
        environment="staging",
        server_name="web-1",
        send_default_pii=True,
        integrations=[FlaskIntegration()],
    )
    app = shop()
    for order in (17, 18):
        post(app, order)
    sentry_sdk.flush(10)
    first, second = stored(server, 2)

    assert (first["type"], first["level"], first["handled"]) == ("KeyError", "ERROR", False)
    assert first["value"] == "'card [Filtered] of 17 (7)'"
    assert first["title"] == "KeyError: 'card [Filtered] of 17 (7)'"
    assert first["culprit"].startswith("pay (") and first["platform"] == "python"
    # The client names itself after one of the frameworks that are installed, which need not be the application's.
    assert first["sdk"] in [f"sentry.python.{name}/{sentry_sdk.VERSION}" for name in ("flask", "django", "fastapi")]
    assert (first["release"], first["environment"], first["host"]) == ("shop@1.4.0", "staging", "web-1")
    assert (first["actor_type"], first["actor_id"]) == ("user", "user-7")
    assert (first["actor_email"], first["actor_name"], first["ip"]) == ("ann@example.com", "ann", "127.0.0.1")
    assert (first["session_id"], first["correlation_id"]) == ("visit-3", "req-17")
    assert (first["request_method"], first["request_path"], first["user_agent"]) == ("POST", "/pay/17", "Browser/1")
    assert first["transaction"] == "pay" and len(first["trace_id"]) == 32
    # One bug is one issue, whichever order it met.
    assert first["issue_id"] == second["issue_id"] and first["event_id"] != second["event_id"]

    def part(name):
        return json.loads(first[name]) if isinstance(first[name], str) else first[name]

    raw = part("raw")
    assert part("tags")["region"] == "eu"
    assert part("contexts")["cart"] == {"items": 3, "api_key": "[Filtered]"}
    crumb = [crumb for crumb in part("breadcrumbs") if crumb["category"] == "payment"]
    assert crumb[0]["message"] == "order 17 é😀" and crumb[0]["data"] == {"step": 2}
    frame = part("exception")[0]["stacktrace"]["frames"][-1]
    assert frame["function"] == "pay" and "raise KeyError" in frame["context_line"] and frame["pre_context"]
    assert frame["vars"]["order"] == "'17'" and frame["vars"]["password"] == "[Filtered]"
    assert raw["request"]["data"] == {"note": "gift", "password": "[Filtered]"}
    assert raw["modules"]["flask"] == "3.1.3"
    assert "cookies" not in raw["request"]
    assert {"authorization", "cookie"}.isdisjoint(name.lower() for name in raw["request"]["headers"])
    everything = json.dumps([first, second], ensure_ascii=False)
    assert [secret for secret in SECRETS if secret in everything] == []

    # The same through the lists, the timeline and the view.
    [listed] = server.list("errors", correlation_id="req-17")["rows"]
    assert listed["event_id"] == first["event_id"]
    assert len(server.list("errors", issue_id=first["issue_id"], q="KeyError")["rows"]) == 2
    one = server.list(f"errors/{first['event_id'].replace('-', '')}")
    assert one["event"]["title"] == first["title"]
    assert [row["signal"] for row in server.timeline(correlation_id="req-17")] == ["error_events"]
    [seen] = server.sql("SELECT signal, error_type, issue_id FROM error_logs WHERE correlation_id = 'req-18'")
    assert (seen["signal"], seen["error_type"], seen["issue_id"]) == ("error_events", "KeyError", first["issue_id"])


def test_messages_logs_and_traces(server, dsn, client):
    client(dsn=dsn, environment="production", enable_logs=True, traces_sample_rate=1.0, send_client_reports=True)
    with sentry_sdk.start_transaction(op="task", name="nightly") as transaction:
        sentry_sdk.capture_message("disk 91% full", level="warning")
        sentry_sdk.logger.error("order {order} failed", order=17)
        logging.getLogger("shop").error("no stock for %s", 17)
    sentry_sdk.flush(10)
    rows = stored(server, 2)
    by_title = {row["title"]: row for row in rows}
    assert by_title["disk 91% full"]["level"] == "WARN"
    assert by_title["no stock for 17"]["logger"] == "shop"
    assert {row["trace_id"] for row in rows} == {transaction.trace_id}
    lines = wait_for(lambda: server.sql("SELECT body, level, environment, trace_id FROM logs WHERE body LIKE 'order%'"), "the line")
    expected = {"body": "order 17 failed", "level": "ERROR", "environment": "production", "trace_id": transaction.trace_id}
    assert lines == [expected]

    # The transaction is a trace, which its errors and lines belong to.
    [span] = wait_for(lambda: server.list("spans", trace_id=transaction.trace_id)["rows"], "the transaction")
    assert (span["name"], span["kind"], span["sentry.op"]) == ("nightly", "internal", "task")
    assert span["span_id"] == transaction.span_id and span["duration_ns"] > 0 and span["environment"] == "production"
    signals = {row["signal"] for row in server.timeline(trace_id=transaction.trace_id)}
    assert signals == {"error_events", "logs", "spans"}


def test_node(server, dsn):
    run_node("sentry-node.mjs", dsn)
    rows = stored(server, 2)
    by_type = {row["type"]: row for row in rows}
    error = by_type["TypeError"]
    assert (error["value"], error["level"], error["platform"]) == ("order 17 has no total", "ERROR", "node")
    assert (error["release"], error["environment"], error["host"]) == ("checkout@2.1.0", "production", "web-1")
    assert (error["actor_id"], error["actor_email"]) == ("user-7", "ann@example.com")
    assert (error["correlation_id"], error["session_id"]) == ("req-7", "visit-3")
    assert error["sdk"] == "sentry.javascript.node/11.0.0" and error["culprit"].startswith("total (")
    raw = json.loads(error["raw"]) if isinstance(error["raw"], str) else error["raw"]
    assert [crumb["message"] for crumb in raw["breadcrumbs"] if crumb.get("category") == "cart"] == ["added é😀"]
    assert raw["extra"] == {"token": "[Filtered]", "attempt": 2}
    message = by_type[None]
    assert (message["title"], message["level"]) == ("disk is nearly full", "WARN")
    [line] = wait_for(lambda: server.sql("SELECT body, level, release FROM logs WHERE body LIKE 'order%'"), "the line")
    assert line == {"body": "order 17 is slow", "level": "WARN", "release": "checkout@2.1.0"}


def test_every_encoding_is_taken(server, dsn):
    public = dsn.split("//")[1].split("@")[0]
    raw = zlib.compressobj(wbits=-15)
    event = b'{}\n{"type":"event"}\n{"message":"hello"}\n'
    encodings = {"": event, "gzip": gzip.compress(event), "deflate": raw.compress(event) + raw.flush()}
    for encoding, body in encodings.items():
        headers = {"X-Sentry-Auth": f"Sentry sentry_key={public}", **({"Content-Encoding": encoding} if encoding else {})}
        answer = requests.post(f"{server.url}/api/1/envelope/", data=body, headers=headers, timeout=30)
        assert answer.status_code == 200 and len(answer.json()["id"]) == 32, answer.text
    assert server.sql("SELECT count(*) AS n FROM error_events")[0]["n"] == 3


def test_what_the_disk_holds_has_no_secret_and_survives_a_crash(server, dsn, client):
    client(dsn=dsn, send_default_pii=True, integrations=[FlaskIntegration()])
    post(shop(), 17)
    sentry_sdk.flush(10)
    stored(server, 1)
    files = [path.read_bytes() for path in server.data.rglob("*") if path.is_file()]
    assert any(b"Browser/1" in content for content in files), "what is no secret can be read where it lies"
    for secret in SECRETS:
        assert not any(secret.encode() in content for content in files), secret
    server.kill()
    server.start()
    assert [row["type"] for row in stored(server, 1)] == ["KeyError"]


def test_the_public_key_opens_nothing_else(server, dsn):
    public = dsn.split("//")[1].split("@")[0]
    for path in ("/api/v1/logs", "/api/v1/audit", "/loki/api/v1/push"):
        assert server.request("POST", path, public, data=b"{}").status_code == 401
    assert server.request("GET", "/api/v1/errors", INGEST_KEY).status_code == 403


def test_a_page_reports_by_loading_a_picture(server, dsn, chromium, tmp_path):
    """What clients in browsers did when nothing else went from one site to another."""
    key = dsn.split("//")[1].split("@")[0]
    event = {"event_id": "7" * 32, "logger": "javascript", "platform": "javascript", "message": "Script error 100% & é😀"}
    (tmp_path / "index.html").write_text("<!doctype html><title>shop</title>")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    # Of another site than the server, by its port.
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    page = chromium.new_page()
    page.goto(f"http://127.0.0.1:{site.server_port}/index.html")
    width = page.evaluate(
        """([address, event]) => new Promise((resolve, reject) => {
          const picture = new Image()
          picture.onload = () => resolve(picture.naturalWidth)
          picture.onerror = () => reject(new Error('no picture came'))
          picture.src = address + '&sentry_data=' + encodeURIComponent(JSON.stringify(event))
        })""",
        [f"{server.url}/api/1/store/?sentry_version=4&sentry_client=raven-js/1.1.22&sentry_key={key}", event],
    )
    assert width == 1
    page.close()
    site.shutdown()
    [row] = stored(server, 1)
    assert (row["value"], row["platform"], row["logger"]) == (event["message"], "javascript", "javascript")
    assert row["event_id"].replace("-", "") == event["event_id"]
