"""Applications of frameworks that change nothing but their DSN: each error arrives whole, with its trace."""

import json
import sys
import types

import sentry_sdk

from harness import run_node, wait_for
from test_sentry import client, dsn, stored  # noqa: F401: fixtures

COMMON = {
    "release": "shop@1.4.0",
    "environment": "staging",
    "server_name": "web-1",
    "send_default_pii": True,
    "traces_sample_rate": 1.0,
}
HEADERS = {"X-Request-ID": "req-17", "Authorization": "Bearer t0ken-17", "User-Agent": "Browser/1"}


def fail(order):
    sentry_sdk.get_isolation_scope().set_user({"id": "user-7", "email": "ann@example.com"})
    sentry_sdk.add_breadcrumb(category="payment", message=f"order {order}")
    raise RangeError(f"order {order} has no total")


class RangeError(Exception):
    pass


def check(server, sdk, transaction, release="shop@1.4.0"):
    """The error, and the trace that it belongs to."""
    [event] = stored(server, 1)
    assert (event["type"], event["value"]) == ("RangeError", "order 17 has no total")
    assert event["sdk"].startswith(sdk) and event["handled"] is False and event["transaction"] == transaction
    assert (event["release"], event["environment"], event["host"]) == (release, "staging", "web-1")
    assert (event["actor_id"], event["actor_email"]) == ("user-7", "ann@example.com")
    assert (event["request_method"], event["request_path"]) == ("GET", "/pay/17")
    assert (event["correlation_id"], event["user_agent"]) == ("req-17", "Browser/1")

    def part(name):
        return json.loads(event[name]) if isinstance(event[name], str) else event[name]

    assert "order 17" in [crumb.get("message") for crumb in part("breadcrumbs")]
    frames = part("exception")[-1]["stacktrace"]["frames"]
    assert any(frame.get("in_app") and "no total" in frame.get("context_line", "") for frame in frames)
    assert "t0ken-17" not in json.dumps(event)

    def trace():
        spans = server.list("spans", trace_id=event["trace_id"])["rows"]
        roots = [span for span in spans if span["kind"] == "server"]
        return roots if roots else None

    root = wait_for(trace, "the trace")[0]
    assert transaction in root["name"] or root["name"] in transaction
    assert (root["environment"], root["release"], root["status"]) == ("staging", release, "error")
    assert root["duration_ns"] > 0
    return root


def test_django(server, dsn, client):
    import django
    from django.conf import settings
    from django.test import Client
    from django.urls import path

    urls = types.ModuleType("shop_urls")
    urls.urlpatterns = [path("pay/<order>", lambda request, order: fail(order), name="pay")]
    sys.modules["shop_urls"] = urls
    client(dsn=dsn, **COMMON)
    settings.configure(ROOT_URLCONF="shop_urls", ALLOWED_HOSTS=["*"], SECRET_KEY="for-tests-only", DEBUG=False)
    django.setup()
    from django.core.handlers.wsgi import WSGIHandler

    application, status = WSGIHandler(), []
    environ = {
        **Client()._base_environ(PATH_INFO="/pay/17", QUERY_STRING="page=2"),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in HEADERS.items()},
    }
    list(application(environ, lambda code, headers: status.append(code)))
    assert status[0].startswith("500")
    sentry_sdk.flush(10)
    root = check(server, "sentry.python.django/", "/pay/{order}")
    assert root["correlation_id"] == "req-17" and root["http.request.method"] == "GET"


def test_fastapi(server, dsn, client):
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    client(dsn=dsn, **COMMON)
    app = FastAPI()

    @app.get("/pay/{order}")
    def pay(order: str):
        fail(order)

    answer = TestClient(app, raise_server_exceptions=False).get("/pay/17?page=2", headers=HEADERS)
    assert answer.status_code == 500
    sentry_sdk.flush(10)
    # The client names itself after one of the frameworks that the process has loaded.
    check(server, "sentry.python.", "/pay/{order}")


def test_express(server, dsn):
    run_node("sentry-express.mjs", dsn)
    check(server, "sentry.javascript.node/11.0.0", "GET /pay/:order", release="checkout@2.1.0")
