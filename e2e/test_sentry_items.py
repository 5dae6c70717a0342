"""What Sentry's clients send beside errors: files, words of users, check-ins, sessions, crashes, reports of browsers."""

import hashlib
import itertools
import json
import subprocess
import zlib

import requests
import sentry_sdk
from sentry_sdk.crons import capture_checkin

from harness import API_KEY, ROOT, wait_for, web_site
from test_sentry import client, dsn  # noqa: F401: fixtures

EVENT = "9ec79c33ec9942ab8353589fcb2e04dc"


def public(dsn):
    return dsn.split("//")[1].split("@")[0]


def send(server, dsn, path, body, **headers):
    headers = {"X-Sentry-Auth": f"Sentry sentry_key={public(dsn)}", **headers}
    return requests.post(f"{server.url}{path}", data=body, headers=headers, timeout=30)


def envelope(header, *items):
    lines = [json.dumps(header)]
    for item, payload in items:
        payload = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        lines += [json.dumps({**item, "length": len(payload)}), payload]
    return b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)


def test_a_file_comes_with_its_event_and_is_handed_out_as_it_was(server, dsn, client):
    content = bytes(range(256)) * 3000
    client(dsn=dsn, release="shop@1.4.0", environment="staging")
    scope = sentry_sdk.get_isolation_scope()
    scope.add_attachment(bytes=content, filename="state é.bin", content_type="application/x-state")
    event_id = sentry_sdk.capture_message("with a file")
    sentry_sdk.flush(10)
    [file] = wait_for(lambda: server.list("attachments", event_id=event_id)["rows"], "the file")
    assert (file["name"], file["bytes"], file["content_type"]) == ("state é.bin", len(content), "application/x-state")
    assert file["sha256"] == hashlib.sha256(content).hexdigest() and "data" not in file and file["parts"] == 3

    def download(key=API_KEY):
        return server.request("GET", f"/api/v1/attachments/{file['id']}", key)

    server.settle()
    for _ in range(2):
        answer = download()
        assert answer.status_code == 200 and answer.content == content
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        server.kill()
        server.start()
    # The outcome of a download is told after its last byte, so that one cut off by the power stays an intent.
    assert download().status_code == 200
    assert download("wrong").status_code == 401
    assert server.request("GET", "/api/v1/attachments/17").status_code == 400
    assert server.request("GET", f"/api/v1/attachments/{EVENT}").status_code == 404

    def outcomes():
        exports = server.sql("SELECT outcome FROM audit_logs WHERE project = 'whodunit' AND action = 'EXPORT'")
        return {row["outcome"] for row in exports} >= {"success", "failure"}

    wait_for(outcomes, "downloads are completed in the trail, the one of nothing as well")


def test_a_crash_is_an_event_with_its_memory(server, dsn):
    dump = b"MDMP" + bytes(1000)
    files = {"upload_file_minidump": ("a.dmp", dump), "sentry": (None, json.dumps({"event_id": EVENT, "message": "hit a wall"}))}
    answer = requests.post(f"{server.url}/api/1/minidump/?sentry_key={public(dsn)}", files=files, timeout=30)
    assert (answer.status_code, answer.text) == (200, EVENT), answer.text
    more = {"log": ("run.log", b"last line")}
    answer = requests.post(f"{server.url}/api/1/events/{EVENT}/attachments/?sentry_key={public(dsn)}", files=more, timeout=30)
    assert answer.status_code == 200, answer.text
    [event] = server.sql("SELECT value FROM error_events")
    assert event["value"] == "hit a wall"
    kinds = {row["name"]: row["kind"] for row in server.list("attachments", event_id=EVENT)["rows"]}
    assert kinds == {"a.dmp": "event.minidump", "run.log": "event.attachment"}
    assert send(server, dsn, "/api/1/minidump/", b"not a dump").status_code == 400


def test_what_users_say_stands_with_their_event(server, dsn, client):
    client(dsn=dsn, release="shop@1.4.0")
    event_id = sentry_sdk.capture_message("it broke")
    sentry_sdk.flush(10)
    said = {"event_id": EVENT, "contexts": {"feedback": {"message": "no card 4111 1111 1111 1111", "contact_email": "ann@example.com", "associated_event_id": event_id}}}
    report = {"event_id": event_id, "name": "Bob", "email": "bob@example.com", "comments": "nothing happened"}
    body = envelope({}, ({"type": "feedback"}, said), ({"type": "user_report"}, report))
    for _ in range(2):
        assert send(server, dsn, "/api/1/envelope/", body).status_code == 200
    rows = server.list("feedback", event_id=event_id)["rows"]
    assert sorted(row["message"] for row in rows) == ["no card [Filtered]", "nothing happened"]
    assert {row["actor_email"] for row in rows} == {"ann@example.com", "bob@example.com"}
    [joined] = server.sql("SELECT count(*) AS n FROM feedback JOIN error_events USING (event_id)")
    assert joined["n"] == 2


def test_sessions_tell_the_health_of_a_release(server, dsn, client):
    client(dsn=dsn, release="shop@1.4.0", environment="staging", auto_session_tracking=True)
    sentry_sdk.get_isolation_scope().set_user({"id": "user-7"})
    sentry_sdk.get_isolation_scope().start_session(session_mode="application")
    try:
        raise KeyError("x")
    except KeyError:
        sentry_sdk.capture_exception()
    sentry_sdk.get_isolation_scope().end_session()
    sentry_sdk.flush(10)
    visits = [
        ({"type": "session"}, {"sid": f"visit-{n}", "did": f"u-{n % 2}", "init": first, "status": status, "errors": 0, "started": "2026-01-01T00:00:00Z", "attrs": {"release": "web@2"}})
        for n in range(4)
        for first, status in ((True, "ok"), (False, "crashed" if n == 3 else "exited"))
    ]
    counts = {"aggregates": [{"started": "2026-01-01T00:00:00Z", "exited": 15, "crashed": 1}], "attrs": {"release": "web@2"}}
    answer = send(server, dsn, "/api/1/envelope/", envelope({}, *visits, ({"type": "sessions"}, counts)))
    assert answer.status_code == 200, answer.text

    def health():
        releases = server.list("releases/health", **{"from": "2025-12-31T00:00:00Z"})["releases"]
        return {row["release"]: row for row in releases} if len(releases) == 2 else None

    releases = wait_for(health, "both releases")
    web = releases["web@2"]
    assert (web["sessions"], web["crashed"], web["errored"], web["crash_free_sessions"]) == (20, 2, 0, 0.9)
    assert (web["users"], web["crash_free_users"]) == (2, 0.5)
    shop = releases["shop@1.4.0"]
    assert (shop["environment"], shop["sessions"], shop["errored"], shop["crashed"]) == ("staging", 1, 1, 0)


def test_reports_of_browsers_become_events(server, dsn):
    key = f"?sentry_key={public(dsn)}&sentry_release=web@2"
    report = {"csp-report": {"document-uri": "https://shop.example.com/cart", "blocked-uri": "https://evil.example.com/a.js", "effective-directive": "script-src-elem"}}
    answer = requests.post(f"{server.url}/api/1/security/{key}", json=report, headers={"Content-Type": "application/csp-report"}, timeout=30)
    assert answer.status_code == 201, answer.text
    modern = [{"type": "csp-violation", "url": "https://shop.example.com/cart", "body": {"blockedURL": "https://evil.example.com/a.js", "effectiveDirective": "script-src-elem"}}]
    answer = requests.post(f"{server.url}/api/1/security/{key}", data=json.dumps(modern), headers={"Content-Type": "application/reports+json"}, timeout=30)
    assert answer.status_code == 201, answer.text
    rows = server.sql("SELECT issue_id, logger, release, request_path FROM error_events")
    assert len({row["issue_id"] for row in rows}) == 1 and len(rows) == 2
    assert {(row["logger"], row["release"], row["request_path"]) for row in rows} == {("csp", "web@2", "/cart")}
    preflight = requests.options(f"{server.url}/api/1/security/", timeout=30)
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert requests.post(f"{server.url}/api/1/security/", json=report, timeout=30).status_code == 401


def test_jobs_check_in_by_the_client_and_by_a_shell(server, dsn, client):
    client(dsn=dsn, environment="staging")
    config = {"schedule": {"type": "crontab", "value": "0 3 * * *"}, "checkin_margin": 5}
    check_in = capture_checkin(monitor_slug="nightly", status="in_progress", monitor_config=config)
    capture_checkin(monitor_slug="nightly", check_in_id=check_in, status="ok", duration=1.5)
    sentry_sdk.flush(10)
    base = f"{server.url}/api/1/cron/weekly"
    assert requests.get(f"{base}/{public(dsn)}/?status=error", timeout=30).status_code == 202
    assert requests.post(f"{base}/?sentry_key={public(dsn)}", timeout=30).status_code == 202
    assert requests.get(f"{base}/?status=ok", timeout=30).status_code == 401
    assert requests.get(f"{base}/wrong/?status=ok", timeout=30).status_code == 401
    rows = wait_for(lambda: (found := server.list("check-ins")["rows"]) and len(found) == 4 and found, "four check-ins")
    by_monitor = {}
    for row in rows:
        by_monitor.setdefault(row["monitor"], []).append(row["status"])
    assert sorted(by_monitor["nightly"]) == ["in_progress", "ok"] and sorted(by_monitor["weekly"]) == ["error", "ok"]
    nightly = [row for row in rows if row["monitor"] == "nightly"]
    assert {row["check_in_id"].replace("-", "") for row in nightly} == {check_in}
    assert {row["environment"] for row in nightly} == {"staging"}


def test_a_job_that_fails_is_an_issue(server, dsn):
    config = {"schedule": {"type": "crontab", "value": "0 3 * * *"}, "checkin_margin": 5}
    for number in (1, 2):
        check_in = {"check_in_id": f"{number:032x}", "monitor_slug": "nightly", "status": "error", "monitor_config": config}
        assert send(server, dsn, "/api/1/envelope/", envelope({}, ({"type": "check_in"}, check_in))).status_code == 200
    rows = wait_for(lambda: (found := server.list("errors")["rows"]) and len(found) == 2 and found, "both failures are told")
    assert len({row["issue_id"] for row in rows}) == 1 and {row["logger"] for row in rows} == {"monitor"}
    assert rows[0]["title"].startswith("Job nightly failed: it began at ") and rows[0]["environment"] == "production"
    [monitor] = server.list("monitors")["monitors"]
    assert (monitor["monitor"], monitor["state"], monitor["last_status"]) == ("nightly", "failing", "error")
    assert monitor["config"] == config and monitor["next_due"].endswith("T03:00:00.000000000Z")
    # After a crash the job is still known, and nothing is told again.
    server.kill()
    server.start()
    [monitor] = wait_for(lambda: server.list("monitors")["monitors"], "the job is known again")
    assert monitor["state"] == "failing" and len(server.list("errors")["rows"]) == 2


def test_a_job_is_an_issue_after_as_many_bad_runs_as_it_says_and_closed_after_as_many_good_ones(server, dsn):
    config = {
        "schedule": {"type": "crontab", "value": "0 3 * * *"},
        "failure_issue_threshold": 2,
        "recovery_threshold": 2,
    }
    numbers = itertools.count(1)

    def run(status):
        check_in = {"check_in_id": f"{next(numbers):032x}", "monitor_slug": "nightly", "status": status, "monitor_config": config}
        assert send(server, dsn, "/api/1/envelope/", envelope({}, ({"type": "check_in"}, check_in))).status_code == 200

    def monitor(state):
        # Whatever was sent before is judged once the job stands so.
        return wait_for(lambda: [one for one in server.list("monitors")["monitors"] if one["state"] == state], state)

    def issue(state):
        found = lambda: [one for one in server.list("issues")["issues"] if one["state"]["name"] == state]  # noqa: E731
        [one] = wait_for(found, f"the issue is {state}")
        return one

    run("error")
    monitor("ok")
    run("ok")
    run("error")
    run("error")
    monitor("failing")
    first = issue("unresolved")
    assert first["title"].startswith("Job nightly failed") and first["events"] == 1
    run("ok")
    run("error")
    run("ok")
    run("ok")
    closed = issue("resolved")
    assert closed["id"] == first["id"] and closed["state"]["terms"] == "now" and closed["events"] == 2
    [act] = server.sql(
        "SELECT actor_type, actor_name, outcome, target_id FROM audit_logs"
        " WHERE project = 'whodunit' AND action = 'ISSUE_RECOVER' AND state = 'complete'"
    )
    assert (act["actor_type"], act["outcome"], act["target_id"]) == ("system", "success", first["id"]), act
    run("error")
    run("error")
    assert issue("regressed")["id"] == first["id"]
    # Somebody who opens it again after a recovery is not overruled by a restart.
    run("ok")
    run("ok")
    issue("resolved")
    opened = server.request("PATCH", f"/api/v1/issues/{first['id']}", API_KEY, json={"state": {"name": "unresolved"}})
    assert opened.status_code == 200, opened.text
    server.kill()
    server.start()
    monitor("ok")
    assert issue("unresolved")["id"] == first["id"]


def test_a_project_says_what_it_lets_in(server, dsn):
    def let_in(**rules):
        body = {"value": {"default": rules}}
        return server.request("PUT", "/api/v1/admin/settings/intake", json=body)

    def reasons():
        [source] = server.list("sources")["sources"]
        return {reason["code"]: reason["count"] for reason in source["reasons"]}

    def event(number, **more):
        return envelope({}, ({"type": "event"}, {"event_id": f"{number:032x}", "message": "a", **more}))

    assert let_in(colour=1).status_code == 400
    assert let_in(development=True, messages=["*boom*"]).status_code == 200
    for number, more in enumerate([{"environment": "development"}, {"message": "a boom b"}, {"environment": "production"}]):
        assert send(server, dsn, "/api/1/envelope/", event(number, **more)).status_code == 200
    assert server.sql("SELECT count(*) AS n FROM error_events")[0]["n"] == 1
    counted = wait_for(reasons, "what was filtered is counted")
    assert (counted["filtered_development"], counted["filtered_message"]) == (1, 1)

    assert let_in(key_items_per_minute=3).status_code == 200
    answers = [send(server, dsn, "/api/1/envelope/", event(100 + number)) for number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    wait = int(answers[-1].headers["Retry-After"])
    assert 1 <= wait <= 21 and answers[-1].headers["X-Sentry-Rate-Limits"].startswith(f"{wait}:")


REPLAYED = """
import * as Sentry from '@sentry/browser'
Sentry.init({ dsn: '%s', release: 'shop@1.4.0', replaysSessionSampleRate: 1, integrations: [Sentry.replayIntegration({ minReplayDuration: 0 })] })
document.querySelector('button').addEventListener('click', () => { document.querySelector('p').hidden = true })
window.replay = Sentry.getReplay()
"""


def test_a_replay_is_kept_segment_by_segment_as_the_browser_recorded_it(server, dsn, chromium, tmp_path):
    node = ROOT / "e2e" / "node"
    command = [node / "node_modules" / ".bin" / "esbuild", "--bundle", f"--outfile={tmp_path}/page.js"]
    subprocess.run(command, input=REPLAYED % dsn, cwd=node, text=True, check=True, capture_output=True, timeout=60)
    page_text = "<!doctype html><p>words of a customer</p><button>Hide</button><script src=page.js></script>"
    (tmp_path / "index.html").write_text(page_text)
    with web_site(tmp_path) as address:
        page = chromium.new_page()
        page.goto(address)
        replay = page.evaluate("window.replay.getReplayId()")
        page.get_by_role("button").click()
        page.evaluate("window.replay.flush()")

        def files():
            rows = server.list("attachments", event_id=replay)["rows"]
            return rows if {row["kind"] for row in rows} == {"replay_event", "replay_recording"} else None

        rows = wait_for(files, "what the session was and how it looked")
        page.close()
    [said] = [row for row in rows if row["name"] == "segment-0.json"]
    event = server.request("GET", f"/api/v1/attachments/{said['id']}").json()
    assert event["replay_id"] == replay and event["urls"][0].startswith(address) and event["release"] == "shop@1.4.0"
    [recorded] = [row for row in rows if row["name"] == "segment-0.rrweb"]
    line, recording = server.request("GET", f"/api/v1/attachments/{recorded['id']}").content.split(b"\n", 1)
    assert json.loads(line) == {"segment_id": 0}
    steps = zlib.decompress(recording).decode()
    assert {4, 2} <= {step["type"] for step in json.loads(steps)}, "the address and a whole picture"
    assert "words of a customer" not in steps, "masked by the client"
    counted = {reason["code"] for source in server.request("GET", "/api/v1/sources").json()["sources"] for reason in source["reasons"]}
    assert not {code for code in counted if code.startswith("not_stored_replay")}


def test_a_part_of_a_replay_that_belongs_nowhere_is_refused_alone(server, dsn):
    parts = [({"type": "replay_recording"}, b"no line first"), ({"type": "replay_event"}, {"segment_id": 0, "urls": []}), ({"type": "event"}, {"message": "beside"})]
    answer = requests.post(f"{server.url}/api/1/envelope/?sentry_key={public(dsn)}", data=envelope({}, *parts), timeout=30)
    assert answer.status_code == 200, answer.text
    assert [row["title"] for row in server.list("errors")["rows"]] == ["beside"]
    assert server.list("attachments")["rows"] == []
