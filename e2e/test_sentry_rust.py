"""The crate `sentry` in a real application: an error with its cause, a panic and a session arrive whole."""

import json
import subprocess

import pytest

from harness import API_KEY, ROOT

PROJECT = ROOT / "e2e" / "rust"
TARGET = ROOT / "target" / "e2e-rust"
SECRETS = ["hunter2", "t0ken-17"]


@pytest.fixture(scope="module")
def application():
    command = ["cargo", "build", "--locked", "--manifest-path", PROJECT / "Cargo.toml", "--target-dir", TARGET]
    subprocess.run(command, check=True, timeout=600)
    return TARGET / "debug" / "whodunit-e2e-sentry"


def sent_by(application, server):
    keys = server.request("GET", "/api/v1/admin/keys", API_KEY).json()["keys"]
    [public] = [key["public_id"] for key in keys if key.get("public_id")]
    subprocess.run([application, f"http://{public}@127.0.0.1:{server.port}/1"], check=True, timeout=60)
    return server.sql("SELECT * FROM error_events ORDER BY time, seq")


def test_rules_of_the_project_say_otherwise(server, application):
    rules = "path:**/sentry-panic-*/** +app\n"
    changed = server.request("PUT", "/api/v1/admin/settings/grouping", json={"value": {"default": rules}})
    assert changed.status_code == 200, changed.text
    failed, panicked = sent_by(application, server)
    assert failed["culprit"] == "main (whodunit_e2e_sentry)"
    assert panicked["culprit"] == "event_from_panic_info (lib.rs)"


def test_an_error_a_panic_and_a_session_arrive_whole(server, application):
    rows = sent_by(application, server)
    assert len(rows) == 2, [row["title"] for row in rows]
    failed, panicked = rows
    for row in rows:
        assert (row["platform"], row["release"], row["environment"], row["host"]) == ("native", "shop@2.1.0", "staging", "worker-3")
        assert (row["actor_id"], row["actor_email"]) == ("user-7", "ann@example.com")
        assert (row["request_method"], row["request_path"], row["correlation_id"]) == ("POST", "/pay/17", "req-17")
        assert row["sdk"].startswith("sentry.rust/0.49.") and row["tags"]["region"] == "eu"
        assert row["breadcrumbs"][0]["message"] == "order 17 é😀"
        assert not [secret for secret in SECRETS if secret in json.dumps(row)]
        assert row["raw"]["extra"]["db_password"] == "[Filtered]"
        contexts = row["contexts"]
        assert {"os", "rust", "device"} <= set(contexts), contexts

    # The cause comes first and what was captured last.
    chain = failed["exception"]
    assert [one["type"] for one in chain] == ["ParseIntError", "OrderFailed"]
    assert (failed["type"], failed["value"], failed["level"]) == ("OrderFailed", "the order has no number", "ERROR")

    [panic] = panicked["exception"]
    assert (panicked["type"], panicked["value"], panicked["level"]) == ("panic", "no stock of item 4", "FATAL")
    assert panicked["handled"] is False
    frames = panic["stacktrace"]["frames"]
    own = [frame for frame in frames if frame.get("function", "").startswith("whodunit_e2e_sentry::")]
    assert own and own[-1]["abs_path"].endswith("src/main.rs") and own[-1]["lineno"] > 0, frames
    # The client calls the frames of its own crates and of the standard library the application's: they are not.
    assert {row["culprit"] for row in rows} == {"main (whodunit_e2e_sentry)"}
    assert all(frame["in_app"] for frame in frames if "event_from_panic_info" in frame["function"]), "as it was sent"

    sessions = server.sql("SELECT * FROM release_sessions ORDER BY seq")
    assert {row["release"] for row in sessions} == {"shop@2.1.0"} and len({str(row["session_id"]) for row in sessions}) == 1
    health = server.list("releases/health")
    [release] = health["releases"]
    assert release["release"] == "shop@2.1.0" and release["sessions"] == 1, release
