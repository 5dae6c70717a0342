"""Issues worked through with Sentry's SDK: what happens again comes back by itself, across restarts and crashes."""

import contextlib
import csv
import io
import sqlite3

import pytest
import requests
import sentry_sdk

from harness import API_KEY, wait_for


@pytest.fixture
def errors(server):
    """Raises errors through the SDK, and ends it with the test."""
    keys = server.request("GET", "/api/v1/admin/keys", API_KEY).json()["keys"]
    [public] = [key["public_id"] for key in keys if key.get("public_id")]
    yield Errors(server, f"http://{public}@127.0.0.1:{server.port}/1")
    sentry_sdk.get_client().close(timeout=5)
    sentry_sdk.init()


class Errors:
    def __init__(self, server, dsn):
        self.server = server
        self.dsn = dsn
        self.sent = 0

    def release(self, name):
        sentry_sdk.get_client().close(timeout=5)
        sentry_sdk.init(dsn=self.dsn, release=name, environment="production", default_integrations=False)
        return self

    def raise_one(self, kind, user="user-1"):
        sentry_sdk.get_isolation_scope().set_user({"id": user})
        try:
            BROKEN[kind]()
        except Exception as error:
            sentry_sdk.capture_exception(error)
        sentry_sdk.flush(10)
        self.sent += 1
        count = "SELECT count(*) AS count FROM error_events"
        wait_for(lambda: self.server.sql(count)[0]["count"] == self.sent, f"{self.sent} errors are stored")


def pay():
    raise KeyError("price")


def ship():
    raise IndexError("no such shelf")


def bill():
    raise ValueError("no such currency")


BROKEN = {"KeyError": pay, "IndexError": ship, "ValueError": bill}


def issue(server, kind):
    issues = server.list("issues", type=kind)["issues"]
    return issues[0] if issues else None


def change(server, method, path, body):
    answer = server.request(method, f"/api/v1/issues{path}", API_KEY, json=body)
    assert answer.status_code == requests.codes.ok, answer.text
    return answer.json()


def set_state(server, kind, **state):
    return change(server, "PATCH", f"/{issue(server, kind)['id']}", {"state": state})


def undo(server, changed):
    return change(server, "POST", "/undo", {"change": changed["change"]})


def becomes(server, kind, name):
    return wait_for(lambda: (found := issue(server, kind))["state"]["name"] == name and found, f"{kind} is {name}")


def last_change(server, kind):
    return server.list(f"issues/{issue(server, kind)['id']}/history")["changes"][0]


def test_what_was_resolved_and_happens_again_is_regressed(server, errors):
    errors.release("shop@1.9.0").raise_one("KeyError")
    assert issue(server, "KeyError")["state"] == {"name": "unresolved"}
    resolved = set_state(server, "KeyError", name="resolved")
    undo(server, resolved)
    assert issue(server, "KeyError")["state"] == {"name": "unresolved"}
    set_state(server, "KeyError", name="resolved")

    server.stop()
    server.start()
    assert issue(server, "KeyError")["state"]["name"] == "resolved"
    errors.release("shop@1.10.0").raise_one("KeyError")
    regressed = becomes(server, "KeyError", "regressed")
    assert (regressed["state"]["release"], regressed["events"]) == ("shop@1.10.0", 2)
    assert (regressed["first_release"], regressed["new"]) == ("shop@1.9.0", True)
    change_of_itself = last_change(server, "KeyError")
    assert (change_of_itself["action"], change_of_itself["changed_by"]) == ("ISSUE_REGRESS", "system/issues")
    [entry] = server.sql(
        "SELECT actor_type, actor_id, target_id, outcome FROM audit_logs WHERE action = 'ISSUE_REGRESS' AND state = 'complete'"
    )
    assert entry == {"actor_type": "system", "actor_id": "issues", "target_id": regressed["id"], "outcome": "success"}
    undo(server, change_of_itself)
    assert issue(server, "KeyError")["state"]["name"] == "resolved"


def test_the_next_release_is_one_after_the_newest(server, errors):
    errors.release("shop@1.10.0").raise_one("KeyError")
    # The release is known as soon as its error was followed.
    wait_for(lambda: server.list("issues", new="true")["issues"], "the error is followed")
    resolved = set_state(server, "KeyError", name="resolved", terms="next_release")
    assert resolved["issues"][0]["state"]["release"] == "shop@1.10.0"
    errors.release("shop@1.9.0").raise_one("KeyError")
    errors.release("shop@1.10.0").raise_one("KeyError")
    # An issue of its own says that what came before it has been followed, too.
    errors.raise_one("IndexError")
    both = lambda: len(server.list("issues", new="true")["issues"]) == 2
    wait_for(both, "the other error is followed")
    assert issue(server, "KeyError")["state"]["name"] == "resolved"
    errors.release("shop@1.11.0").raise_one("KeyError")
    assert becomes(server, "KeyError", "regressed")["state"]["release"] == "shop@1.11.0"


def test_what_is_ignored_returns_after_so_many_events_also_after_a_crash(server, errors):
    errors.release("shop@1").raise_one("KeyError")
    ignored = set_state(server, "KeyError", name="ignored", terms="events", count=3)
    undo(server, ignored)
    assert issue(server, "KeyError")["state"] == {"name": "unresolved"}
    set_state(server, "KeyError", name="ignored", terms="events", count=3)
    errors.raise_one("KeyError")
    errors.raise_one("KeyError")
    server.kill()
    server.start()
    wait_for(lambda: issue(server, "KeyError")["state"].get("counted") == 2, "both are counted, once")
    assert server.list("issues", status="ignored")["issues"][0]["id"] == issue(server, "KeyError")["id"]
    errors.raise_one("KeyError", user="user-2")
    becomes(server, "KeyError", "unresolved")
    assert last_change(server, "KeyError")["action"] == "ISSUE_RETURN"


def test_a_place_ahead_of_the_store_is_no_reason_to_miss_an_error(server, errors):
    errors.release("shop@1").raise_one("KeyError")
    wait_for(lambda: server.list("issues", new="true")["issues"], "the error is followed")
    set_state(server, "KeyError", name="resolved")
    server.kill()
    # As after a crash that took back errors which were followed already, or a backup of the store alone.
    with contextlib.closing(sqlite3.connect(server.data / "control.sqlite")) as control, control:
        moved = control.execute("UPDATE issue_place SET seq = seq + 1000000").rowcount
    assert moved == 1
    server.start()
    errors.raise_one("KeyError")
    becomes(server, "KeyError", "regressed")


def test_what_is_ignored_returns_after_so_many_users(server, errors):
    errors.release("shop@1").raise_one("KeyError")
    set_state(server, "KeyError", name="ignored", terms="users", count=2)
    errors.raise_one("KeyError", user="user-1")
    errors.raise_one("KeyError", user="user-1")
    wait_for(lambda: issue(server, "KeyError")["state"].get("counted") == 1, "one user is counted once")
    errors.raise_one("KeyError", user="user-2")
    becomes(server, "KeyError", "unresolved")


def test_merged_issues_count_together_until_it_is_taken_back(server, errors):
    errors.release("shop@1").raise_one("KeyError", user="user-1")
    errors.raise_one("IndexError", user="user-2")
    errors.raise_one("ValueError", user="user-2")
    pays, ships = issue(server, "KeyError")["id"], issue(server, "IndexError")["id"]
    merged = change(server, "POST", "/merge", {"ids": [pays], "into": ships, "reason": "one bug"})
    both = server.list("issues", sort="events")["issues"][0]
    assert (both["id"], both["events"], both["users"], both["merged"]) == (ships, 2, 2, [pays])

    server.stop()
    server.start()
    errors.raise_one("KeyError", user="user-3")
    both = server.list("issues", sort="events")["issues"][0]
    assert (both["id"], both["events"], both["users"]) == (ships, 3, 3)
    assert server.list(f"issues/{pays}")["issue"]["id"] == ships
    exported = server.request("GET", "/api/admin/errors/export", API_KEY, params={"issue_id": ships})
    rows = list(csv.DictReader(io.StringIO(exported.text)))
    assert sorted(row["type"] for row in rows) == ["IndexError", "KeyError", "KeyError"]
    # An export is completed in the trail after its last byte.
    completed = "SELECT outcome, metadata FROM audit_logs WHERE action = 'EXPORT' AND state = 'complete'"
    [export] = wait_for(lambda: server.sql(completed), "the export is recorded")
    assert export["outcome"] == "success" and '"rows":3' in str(export["metadata"]).replace(" ", "").replace("'", '"')

    undo(server, merged)
    counted = {found["type"]: found["events"] for found in server.list("issues")["issues"]}
    assert counted == {"KeyError": 2, "IndexError": 1, "ValueError": 1}


def test_a_deleted_issue_comes_back_as_new(server, errors):
    errors.release("shop@1").raise_one("KeyError")
    wait_for(lambda: server.list("issues", new="true")["issues"], "the error is followed")
    deleted = change(server, "DELETE", f"/{issue(server, 'KeyError')['id']}", {"reason": "noise"})
    assert issue(server, "KeyError") is None
    errors.release("shop@2").raise_one("KeyError")
    back = wait_for(lambda: (found := issue(server, "KeyError")).get("first_release") and found, "it is followed")
    assert (back["events"], back["first_release"], back["begun_at"]) == (1, "shop@2", back["first_seen"])
    undo(server, deleted)
    whole = issue(server, "KeyError")
    assert (whole["events"], whole["first_release"]) == (2, "shop@1")
    assert whole["begun_at"] < back["begun_at"]
