"""Limits for kinds of items that an unmodified client obeys, and rules for grouping that a project sets."""

import pytest
import sentry_sdk

from harness import API_KEY, wait_for


@pytest.fixture
def dsn(server):
    keys = server.request("GET", "/api/v1/admin/keys", API_KEY).json()["keys"]
    [public] = [key["public_id"] for key in keys if key.get("public_id")]
    return f"http://{public}@127.0.0.1:{server.port}/1"


@pytest.fixture
def client(dsn):
    sentry_sdk.init(dsn=dsn, release="shop@1.4.0", traces_sample_rate=1.0, auto_session_tracking=False)
    yield sentry_sdk.get_client()
    sentry_sdk.get_client().close(timeout=5)
    sentry_sdk.init()


def put(server, name, value):
    return server.request("PUT", f"/api/v1/admin/settings/{name}", json={"value": value})


def count(server, table):
    return server.sql(f"SELECT count(*) AS n FROM {table}")[0]["n"]


def capture(*texts):
    for text in texts:
        sentry_sdk.capture_message(text, level="error")
    sentry_sdk.flush(timeout=5)


def test_a_client_holds_back_the_kind_that_is_limited_and_nothing_else(server, client):
    wrong = put(server, "intake", {"default": {"key_category_items_per_minute": {"errors": 2}}})
    assert wrong.status_code == 400 and "no category" in wrong.json()["error"]["message"]
    assert put(server, "intake", {"default": {"key_category_items_per_minute": {"error": 2}}}).status_code == 200
    capture("one", "two")
    assert client.transport._disabled_until == {}
    # The third is stored and tells the client to stop; of the others none leaves it.
    capture("three")
    assert list(client.transport._disabled_until) == ["error"]
    capture("four", "five")
    with sentry_sdk.start_transaction(name="nightly", op="task"):
        pass
    sentry_sdk.flush(timeout=5)
    wait_for(lambda: count(server, "spans") == 1, "what is not limited is stored")
    assert sorted(row["value"] for row in server.sql("SELECT value FROM error_events")) == ["one", "three", "two"]

    # A client that does not obey: 429 for that kind alone.
    client.transport._disabled_until.clear()
    capture("six")
    assert list(client.transport._disabled_until) == ["error"]
    assert count(server, "error_events") == 3

    def reasons():
        [source] = server.list("sources")["sources"]
        return {reason["code"]: reason["count"] for reason in source["reasons"]}

    wait_for(lambda: reasons().get("rate_limited_error") == 1, "what was left out is counted by its kind")


def test_a_project_groups_by_its_own_rules(server, client):
    wrong = put(server, "grouping", {"default": "path:a -app\ncolour:red -app"})
    assert wrong.status_code == 400 and "line 2" in wrong.json()["error"]["message"]

    def issues():
        return [issue["events"] for issue in server.list("issues")["issues"]]

    capture("declined by the bank", "declined by the shop")
    assert sorted(issues()) == [1, 1]
    rules = "# every refusal is one problem\nmessage:\"declined *\" -> declined\n"
    changed = put(server, "grouping", {"default": rules})
    assert changed.status_code == 200
    capture("declined by the bank", "declined by the shop")
    assert sorted(issues()) == [1, 1, 2]

    # The explanation speaks of the rules of now, and says so where they did not make the issue.
    found = {issue["events"]: issue["id"] for issue in server.list("issues")["issues"]}
    explained = {events: server.list(f"issues/{id}")["grouping"]["explanation"] for events, id in found.items()}
    assert "by a fingerprint that was set" in explained[2] and "have changed since" not in explained[2]
    assert "have changed since" in explained[1]

    history = server.list("admin/settings/grouping/history")["versions"]
    assert history[-1]["after"] == {"default": rules} or history[0]["after"] == {"default": rules}
    undone = server.request("POST", "/api/v1/admin/settings/grouping/revert", json={"version": 0})
    assert undone.status_code == 200, undone.text
    capture("declined by the bank")
    assert sorted(issues()) == [1, 2, 2]
