"""Sources: who sent what, over which protocol, since when, how much, and what was refused; also after a restart."""

import json
import time

import requests

from harness import API_KEY, INGEST_KEY, run_binary

LOGS = "/api/v1/logs"


def by_protocol(server):
    answer = server.request("GET", "/api/v1/sources")
    assert answer.status_code == 200, answer.text
    return {source["protocol"]: source for source in answer.json()["sources"]}


def push(server, body, agent="promtail/3.5.0 (linux)"):
    headers = {"Authorization": f"Bearer {INGEST_KEY}", "Content-Type": "application/json", "User-Agent": agent}
    return requests.post(f"{server.url}/loki/api/v1/push", data=body, headers=headers, timeout=30)


def test_a_sender_is_known_by_key_protocol_and_program(server):
    now = str(time.time_ns())
    streams = [{"stream": {"service": name}, "values": [[now, "a"], [now, "b"]]} for name in ("shop-api", "shop-worker")]
    assert push(server, json.dumps({"streams": streams})).status_code == 204
    assert push(server, "no JSON").status_code == 400
    lines = b'{"message": "good", "service": "shop"}\n\xff\n{"message": "good, too"}\n'
    assert server.request("POST", LOGS, INGEST_KEY, data=lines).status_code == 200
    assert server.audit([{"action": "LOGIN", "service": "shop"}]).status_code == 200
    assert server.logs([{"message": "x"}], key="wd_ing_nobody-has-this-key-0123456789").status_code == 401

    sources = by_protocol(server)
    assert set(sources) == {"loki", "logs", "audit"}
    loki = sources["loki"]
    assert (loki["client"], loki["sender_type"], loki["project"]) == ("promtail/3.5.0", "key", "default")
    assert (loki["requests"], loki["requests_failed"], loki["rows"], loki["rows_today"]) == (2, 1, 4, 4)
    assert {one["service"]: one["rows"] for one in loki["services"]} == {"shop-api": 2, "shop-worker": 2}
    assert loki["last_rejection"]["code"] == "request_invalid"
    logs = sources["logs"]
    assert (logs["rows"], logs["rejected"], logs["bytes"]) == (2, 1, len(lines))
    assert logs["reasons"] == [{"code": "not_utf8", "count": 1}]
    assert sources["audit"]["rows"] == 1

    rows = server.sql("SELECT protocol, sender, client, rows, services FROM sources ORDER BY protocol")
    assert [row["protocol"] for row in rows] == ["audit", "logs", "loki"]
    assert rows[2]["services"] == {"shop-api": 2, "shop-worker": 2}
    told = run_binary("sources", "--url", server.url, "--api-key", API_KEY)
    assert told.returncode == 0 and "not_utf8" in told.stdout and "promtail/3.5.0" in told.stdout, told
    listed = run_binary("sources", "--json", "--url", server.url, "--api-key", API_KEY, "--project", "default")
    assert len(json.loads(listed.stdout)["sources"]) == 3
    assert server.request("GET", "/api/v1/sources", INGEST_KEY).status_code == 403


def test_sources_outlive_the_process(server):
    assert server.logs([{"message": "x", "service": "shop"}]).status_code == 200
    before = by_protocol(server)["logs"]
    assert server.stop() == 0
    stopped = run_binary("query", "SELECT sender, rows FROM sources", "--data", server.data, "--format", "ndjson")
    assert json.loads(stopped.stdout)["rows"] == 1, stopped
    server.start()
    assert by_protocol(server)["logs"] == before
    assert server.logs([{"message": "y"}]).status_code == 200
    after = by_protocol(server)["logs"]
    assert (after["rows"], after["requests"], after["first_heard_at"]) == (2, 2, before["first_heard_at"])


def test_a_request_that_is_too_large_counts_where_it_came_from(make_server):
    server = make_server(flags=["--logs-body-max", "1000"]).start()
    assert server.logs([{"message": "x" * 2000}]).status_code == 413
    logs = by_protocol(server)["logs"]
    assert (logs["requests_failed"], logs["rows"], logs["last_rejection"]["code"]) == (1, 0, "request_too_large")


def test_nothing_says_who_was_heard_from(server):
    assert server.logs([{"message": "x", "service": "shop"}]).status_code == 200
    query = "SELECT body FROM logs WHERE body = 'nobody wrote this'"
    for format_name, media in [("ndjson", "application/x-ndjson"), ("csv", "text/csv"), ("arrow", "application/vnd")]:
        answer = server.request("POST", "/api/v1/sql", json={"query": query, "format": format_name})
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith(media)
        told = answer.headers["X-Whodunit-Searched"]
        assert "searched logs at any time" in told and "(shop) over logs since 20" in told, told
    lines = server.request("POST", "/api/v1/sql", json={"query": query, "format": "ndjson"}).text.splitlines()
    [source] = json.loads(lines[-1])["statistics"]["searched"]["sources"]
    assert (source["protocol"], source["services"]) == ("logs", ["shop"])
    listed = server.request("GET", "/api/v1/logs", params={"service": "nobody", "format": "ndjson"})
    assert json.loads(listed.text)["statistics"]["searched"]["sources"] == [source]
    csv = server.request("GET", "/api/v1/logs", params={"service": "nobody", "format": "csv"})
    assert "over logs since" in csv.headers["X-Whodunit-Searched"]
    found = server.request("POST", "/api/v1/sql", json={"query": "SELECT body FROM logs", "format": "ndjson"})
    assert "X-Whodunit-Searched" not in found.headers and found.text == '{"body":"x"}\n'
    asked = run_binary("ask", "who deleted order 17", "--url", server.url, "--api-key", API_KEY)
    assert "searched audit_logs" in asked.stdout and "heard from" not in asked.stdout, asked
