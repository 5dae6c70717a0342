"""Saved views and cases: rows that are kept as they were found, also when retention has dropped them since."""

import csv
import io
import json
from datetime import datetime, timedelta, timezone

import requests

from harness import INGEST_KEY, OWNER, wait_for

SET_UP = {"WHODUNIT_INIT_OWNER_EMAIL": OWNER[0], "WHODUNIT_INIT_OWNER_PASSWORD": OWNER[1]}


def days_ago(days):
    return (datetime.now(timezone.utc) - timedelta(days=days)).isoformat()


class Person:
    """Somebody who signed in, as a browser does."""

    def __init__(self, server, email, password):
        self.url = server.url
        self.http = requests.Session()
        self.http.trust_env = False
        answer = self.http.post(f"{self.url}/api/v1/session", json={"email": email, "password": password}, timeout=30)
        assert answer.status_code == 201, answer.text
        self.http.headers["X-CSRF-Token"] = answer.json()["csrf"]

    def __call__(self, method, path, body=None, status=200):
        answer = self.http.request(method, f"{self.url}/api/v1{path}", json=body, timeout=30)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.headers["Content-Type"] == "application/json" else answer


def with_role(server, role):
    body = {"email": f"{role}@example.com", "role": role, "password": OWNER[1]}
    assert server.request("POST", "/api/v1/admin/users", json=body).status_code == 201
    return Person(server, body["email"], OWNER[1])


def trail(server, case_id):
    """Acts on the case that went well, in their order."""
    query = (
        "SELECT action FROM audit_logs WHERE project = 'whodunit' AND target_type = 'case' "
        f"AND target_id = '{case_id}' AND outcome = 'success' ORDER BY time"
    )
    return [row["action"] for row in server.sql(query)]


def test_a_case_outlives_the_rows_that_are_in_it(make_server):
    server = make_server(environment=SET_UP).start()
    member, viewer = with_role(server, "member"), with_role(server, "viewer")
    old = {"message": "card declined", "level": "ERROR", "time": days_ago(40), "order": "17"}
    assert server.logs([old, {"message": "of today", "time": days_ago(0)}]).status_code == 200
    entry = {"action": "DELETE", "target_type": "order", "target_id": "17", "actor_id": "eve", "reason": "duplicate"}
    assert server.audit([entry]).status_code == 200
    [line] = server.list("logs", order="17")["rows"]
    [deleted] = server.list("audit", target_id="17")["rows"]

    case = member("POST", "/cases", {"name": "order 17", "description": "who did it?"}, 201)
    path = f"/cases/{case['id']}"
    rows = [
        {"signal": "logs", "time": line["time"], "seq": line["seq"], "note": "it began here"},
        {"signal": "audit_logs", "id": deleted["id"]},
    ]
    added = member("POST", f"{path}/rows", {"rows": rows})
    assert (len(added["added"]), added["present"]) == (2, 0)
    assert added["added"][1]["row"]["summary"] == "eve deleted order 17, reason: duplicate"
    # As a timeline shows a row, so it can be added: it says its number.
    [found] = [row for row in server.timeline(target="order:17") if row["signal"] == "audit_logs"]
    again = {"signal": "audit_logs", "time": found["time"], "seq": found["seq"]}
    assert member("POST", f"{path}/rows", {"rows": [again]})["present"] == 1
    viewer("POST", f"{path}/notes", {"note": "x"}, 403)
    member("POST", f"{path}/notes", {"note": "eve was told"}, 201)

    # What retention drops is dropped, and the case has it.
    server.settle()
    rules = {"value": [{"table": "logs", "days": 30}]}
    assert server.request("PUT", "/api/v1/admin/retention", json=rules).status_code == 200
    wait_for(lambda: (server.settle(), server.list("logs", order="17")["rows"] == [])[1], "the old line is dropped")
    member("POST", f"{path}/rows", {"rows": rows[:1]}, 404)
    assert server.stop() == 0
    server.start()
    member, viewer = Person(server, "member@example.com", OWNER[1]), Person(server, "viewer@example.com", OWNER[1])
    seen = viewer("GET", path)
    assert [item["number"] for item in seen["items"]] == [1, 2, 3] and seen["hidden"] == 0
    kept = viewer("GET", f"{path}/items/1")["item"]
    assert (kept["note"], kept["row"]["fields"]) == ("it began here", line)

    exported = [json.loads(one) for one in viewer("GET", f"{path}/export").text.splitlines()]
    assert [one["kind"] for one in exported] == ["case", "row", "row", "note"]
    assert exported[1]["fields"] == line and exported[3]["note"] == "eve was told"
    assert viewer("GET", f"{path}/export?format=json") == exported
    cells = list(csv.DictReader(io.StringIO(viewer("GET", f"{path}/export?format=csv").text)))
    assert [row["summary"] for row in cells[:2]] == ["order 17", "card declined"]
    assert json.loads(cells[1]["fields"]) == line

    member("PATCH", path, {"closed": True})
    member("POST", f"{path}/notes", {"note": "x"}, 409)
    member("DELETE", path, {"reason": "over"})
    viewer("GET", path, status=404)
    acts = wait_for(lambda: "CASE_DELETE" in (acts := trail(server, case["id"])) and acts, "the last act")
    assert acts[0] == "CASE_CREATE" and acts.count("EXPORT") == 3
    assert {"CASE_ROW_ADD", "CASE_NOTE_ADD", "CASE_CLOSE", "audit_logs_accessed"} <= set(acts)
    assert server.stop() == 0
    assert server.verify().returncode == 0


def test_views_are_ones_own_until_they_are_shared(make_server):
    server = make_server(environment=SET_UP).start()
    member, viewer = with_role(server, "member"), with_role(server, "viewer")
    new = {"page": "logs", "name": "errors", "query": "?level=ERROR&from=-1h"}
    view = member("POST", "/views", new, 201)
    assert viewer("GET", "/views")["views"] == []
    viewer("PATCH", f"/views/{view['id']}", {"name": "x"}, 404)
    member("PATCH", f"/views/{view['id']}", {"shared": True})
    [seen] = viewer("GET", "/views?page=logs")["views"]
    assert (seen["query"], seen["mine"], seen["owner"]) == ("level=ERROR&from=-1h", False, "member@example.com")
    viewer("DELETE", f"/views/{view['id']}", {}, 403)
    viewer("POST", "/views", {**new, "shared": True}, 403)
    assert server.request("GET", "/api/v1/views").json()["views"][0]["id"] == view["id"], "a key sees what is shared"
    assert server.stop() == 0
    server.start()
    owner = Person(server, *OWNER)
    owner("DELETE", f"/views/{view['id']}", {"reason": "nobody needs it"})
    query = "SELECT reason FROM audit_logs WHERE action = 'VIEW_DELETE' AND outcome = 'success'"
    assert wait_for(lambda: server.sql(query), "the act")[0]["reason"] == "nobody needs it"


def test_the_server_says_what_it_holds_and_what_comes_in(server):
    lines = [{"message": f"{days} days ago", "time": days_ago(days)} for days in range(4)]
    assert server.logs(lines).status_code == 200
    assert server.request("POST", "/api/v1/logs", data=b"\xff\n{}\n").status_code == 200
    rates = server.request("GET", "/api/v1/ingest/rates").json()
    [logs] = rates["protocols"]
    assert (logs["protocol"], logs["total"]["rows"], logs["total"]["rejected"]) == ("logs", 5, 1)
    assert logs["rows_per_second"] > 0 and rates["window_seconds"] <= 66
    assert [(one["code"], one["last_minute"]) for one in rates["rejects"]] == [("not_utf8", 1)]
    server.settle()
    held = server.request("GET", "/api/v1/storage").json()
    parts = [part for part in held["parts"] if part["table"] == "logs"]
    assert sum(part["rows"] for part in parts) == 5 and held["bytes"] == sum(part["bytes"] for part in held["parts"])
    assert "days_left" not in held and "no whole day" in held["days_left_because"]
    assert held["disks"][0]["free_bytes"] > 0
    health = server.request("GET", "/health/detailed").json()
    assert all("last_success_at" in check for check in health["checks"]), health
    assert server.request("GET", "/api/v1/storage", INGEST_KEY).status_code == 403
