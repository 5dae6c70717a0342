"""What a newcomer sees: one link, two keys and three lines that work as printed."""

import json
import re
import subprocess

import requests

from harness import API_KEY, INGEST_KEY, OWNER, Server, run_binary


def paste(line):
    """What a shell makes of a printed line."""
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{line}\n{done.stderr}"
    return done.stdout


def three_lines(server):
    lines = [line.strip() for line in server.printed().splitlines() if line.strip().startswith("curl ")]
    assert len(lines) == 3, server.printed()
    return lines


def test_the_three_lines_work_as_printed(make_server):
    server = make_server(keys=False).start()
    first, second, third = three_lines(server)
    assert json.loads(paste(first))["accepted"] == 1
    assert json.loads(paste(second))["accepted"] == 1
    [row] = json.loads(paste(third))["rows"]
    sent = json.loads(re.search(r"'(\{.*\})'", first).group(1))
    assert row["action"] == sent["action"]
    assert (row["actor_email"], row["reason"]) == (sent["actor_email"], sent["reason"])
    assert server.sql("SELECT body FROM logs", key=re.search(r"wd_api_[\w-]+", third).group()) == [
        {"body": json.loads(re.search(r"'(\{.*\})'", second).group(1))["message"]}
    ]


def test_a_second_start_keeps_the_data_and_prints_no_secret(make_server):
    server = make_server(keys=False).start()
    first, second, third = three_lines(server)
    paste(first), paste(second)
    before = json.loads(paste(third))["rows"]
    secrets = re.findall(r"wd_(?:ing|api)_[\w-]+|token=[\w-]+", server.printed())
    assert secrets
    printed = len(server.printed())
    assert server.stop() == 0
    server.start()
    again = server.printed()[printed:]
    assert not any(key in again for key in secrets if key.startswith("wd_")), again
    assert "curl" not in again
    assert json.loads(paste(third))["rows"] == before


def test_the_set_up_link_makes_one_owner_and_then_nothing(make_server):
    server = make_server(keys=False).start()
    [link] = re.findall(r"http://\S+/setup\?token=\S+", server.printed())
    assert requests.get(link, timeout=10).status_code == 200
    token = link.split("token=")[1]
    email, password = OWNER
    body = {"token": token, "email": email, "name": "Olga Owner", "password": password}
    assert requests.post(f"{server.url}/api/v1/setup", json=body, timeout=30).status_code == 201
    again = requests.post(f"{server.url}/api/v1/setup", json={**body, "email": "thief@example.com"}, timeout=30)
    assert again.status_code in (401, 403, 404, 409), again.text

    http = requests.Session()
    signed_in = http.post(f"{server.url}/api/v1/session", json={"email": email, "password": password}, timeout=30)
    assert signed_in.status_code == 201, signed_in.text
    assert http.get(f"{server.url}/api/v1/session", timeout=10).json()["role"] == "owner"
    wrong = requests.post(f"{server.url}/api/v1/session", json={"email": email, "password": "wrong"}, timeout=30)
    assert wrong.status_code == 401
    query = "SELECT action, outcome FROM audit_logs WHERE project = 'whodunit' ORDER BY time, seq"
    answer = http.post(
        f"{server.url}/api/v1/sql",
        json={"query": query},
        headers={"X-CSRF-Token": signed_in.json()["csrf"]},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    outcomes = [outcome for _, outcome in answer.json()["rows"]]
    assert "failure" in outcomes and "success" in outcomes, answer.json()["rows"]


def test_an_unattended_install_takes_owner_and_keys_from_the_environment_once(make_server):
    email, password = OWNER
    environment = {"WHODUNIT_INIT_OWNER_EMAIL": email, "WHODUNIT_INIT_OWNER_PASSWORD": password}
    server = make_server(environment=environment).start()
    assert server.audit({"action": "installed"}).json()["accepted"] == 1
    assert server.sql("SELECT action FROM audit_logs WHERE project = 'default'") == [{"action": "installed"}]
    sign_in = {"email": email, "password": password}
    assert requests.post(f"{server.url}/api/v1/session", json=sign_in, timeout=30).status_code == 201
    for secret in (INGEST_KEY, API_KEY, password):
        assert secret not in server.printed() and secret not in server.log()
    assert "/setup?token=" not in server.printed()
    server.stop()

    other = "wd_ing_another-key-0123456789"
    server.environment["WHODUNIT_INIT_INGEST_KEY"] = other
    server.start()
    assert server.audit({"action": "late"}, key=other).status_code == 401
    assert server.audit({"action": "kept"}).status_code == 200


def test_keys_are_taken_from_both_headers_and_from_nowhere_else(server):
    entry = {"action": "READ"}
    url = f"{server.url}/api/v1/audit"
    assert requests.post(url, json=entry, headers={"X-API-Key": INGEST_KEY}, timeout=10).status_code == 200
    assert requests.post(url, json=entry, params={"key": INGEST_KEY}, timeout=10).status_code == 401
    assert server.request("POST", "/api/v1/sql", INGEST_KEY, json={"query": "SELECT 1"}).status_code == 403


def test_two_processes_never_share_a_data_directory(server, tmp_path):
    other = Server(tmp_path / "other")
    other.data = server.data
    other.spawn()
    assert other.process.wait(30) == 3
    other.close()
    assert "another whodunit process" in other.log(), other.log()
    assert server.audit({"action": "READ"}).status_code == 200
    for command in (["verify-data"], ["query", "SELECT 1"], ["admin", "users", "list"]):
        refused = run_binary(*command, "--data", server.data)
        assert refused.returncode == 3, refused.stderr


def test_switching_audit_logging_off_is_honoured_and_recorded(make_server):
    server = make_server().start()
    assert server.audit({"action": "before"}).status_code == 200
    server.stop()
    server.environment["ENABLE_AUDIT_LOGGING"] = "false"
    server.start()
    refused = server.audit({"action": "meanwhile"})
    assert refused.status_code == 409 and "audit" in refused.json()["error"]["message"], refused.text
    assert server.logs([{"message": "logs go on"}]).json()["accepted"] == 1
    server.stop()
    server.environment["ENABLE_AUDIT_LOGGING"] = "true"
    server.start()
    assert server.audit({"action": "after"}).status_code == 200
    mine = server.sql("SELECT action FROM audit_logs WHERE project = 'default' ORDER BY time, seq")
    assert [row["action"] for row in mine] == ["before", "after"]
    switched = server.sql(
        "SELECT changes FROM audit_logs WHERE project = 'whodunit' AND target_id = 'audit_logging' ORDER BY time, seq"
    )
    assert len(switched) >= 2, "off and on are both recorded"
