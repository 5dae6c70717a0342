"""The command line as its users type it: settings, questions, tails, administration, exit codes."""

import http.server
import json
import os
import pty
import subprocess
import termios
import threading

from harness import API_KEY, BINARY, INGEST_KEY, clean_environment, run_binary, wait_for


def with_key(server, *arguments, **more):
    return run_binary(*arguments, "--url", server.url, environment={"WHODUNIT_API_KEY": API_KEY}, **more)


def test_flags_win_over_environment_over_file_and_show_says_so(tmp_path):
    (tmp_path / "whodunit.toml").write_text('data = "from-file"\nlisten = "127.0.0.1:1111"\nflush_bytes = "1MiB"\n')
    environment = {"WHODUNIT_DATA": "from-environment", "WHODUNIT_LISTEN": "127.0.0.1:2222"}
    shown = run_binary(
        "config", "show", "--json", "--data", "from-flag", environment=environment, directory=tmp_path
    )
    assert shown.returncode == 0, shown.stderr
    lines = {line["name"]: (line["value"], line["origin"]) for line in json.loads(shown.stdout)}
    assert lines["data"] == ("from-flag", "flag --data")
    assert lines["listen"] == ("127.0.0.1:2222", "environment WHODUNIT_LISTEN")
    assert lines["flush_bytes"] == ("1MiB", "file whodunit.toml")
    assert lines["memory"][1] == "default"


def test_an_unknown_key_is_an_error_that_names_the_nearest(tmp_path):
    cases = [
        (["serve", "--dta", "x"], {}, "", "--data"),
        (["config", "check"], {"WHODUNIT_LISSTEN": "x"}, "", "WHODUNIT_LISTEN"),
        (["config", "check"], {}, "flush_byte = 3\n", "flush_bytes"),
    ]
    for arguments, environment, file, nearest in cases:
        (tmp_path / "whodunit.toml").write_text(file)
        refused = run_binary(*arguments, environment=environment, directory=tmp_path)
        assert refused.returncode == 2, arguments
        assert f"did you mean {nearest}?" in refused.stderr.replace('"', ""), refused.stderr
    (tmp_path / "whodunit.toml").write_text("")
    assert run_binary("config", "check", directory=tmp_path).returncode == 0


def test_a_wrong_value_names_where_it_stands(tmp_path):
    refused = run_binary("config", "check", environment={"WHODUNIT_FLUSH_BYTES": "much"}, directory=tmp_path)
    assert refused.returncode == 2
    assert "WHODUNIT_FLUSH_BYTES" in refused.stderr and "64MiB" in refused.stderr


def test_query_prints_tabs_in_a_pipe_json_on_request_and_a_table_on_a_terminal(server):
    server.audit({"action": "order_deleted", "actor_id": "u1", "target_id": "17"})
    sql = "SELECT action, target_id FROM audit_logs WHERE project = 'default'"
    assert with_key(server, "query", sql).stdout == "action\ttarget_id\norder_deleted\t17\n"
    asked = with_key(server, "query", "-", "--json", stdin=sql)
    assert json.loads(asked.stdout) == [{"action": "order_deleted", "target_id": "17"}]
    assert with_key(server, "query", sql, "--format", "csv").stdout.split() == ["action,target_id", "order_deleted,17"]

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, 120))
    command = [BINARY, "query", sql, "--url", server.url]
    environment = clean_environment({"WHODUNIT_API_KEY": API_KEY, "TERM": "xterm"})
    subprocess.run(command, env=environment, stdout=theirs, timeout=60, check=True)
    os.close(theirs)
    drawn = os.read(ours, 65_536).decode()
    os.close(ours)
    assert "─" in drawn and "order_deleted" in drawn and "1 row" in drawn, drawn


def test_ask_says_a_sentence_then_rows_then_the_sql_that_ran(server):
    server.audit(
        {
            "action": "order_deleted",
            "actor_email": "dana@example.com",
            "target_type": "order",
            "target_id": "17",
            "reason": "duplicate",
            "time": "2026-11-21T12:00:00Z",
        }
    )
    asked = with_key(server, "ask", "who", "deleted", "order", "17?")
    sentence, header, *rest = asked.stdout.splitlines()
    assert sentence == "dana@example.com deleted order 17 on 2026-11-21 at 12:00:00 UTC, reason: duplicate."
    assert header.split("\t")[:3] == ["time", "actor", "action"], asked.stdout
    assert "Read as: who deleted order 17, at any time" in rest
    sql = asked.stdout.split("SQL:\n")[1]
    assert len(with_key(server, "query", sql).stdout.splitlines()) == 2, sql

    berlin = with_key(server, "ask", "why was order 17 deleted", "--zone", "Europe/Berlin", "--json")
    assert "2026-11-21 at 13:00:00 Europe/Berlin" in json.loads(berlin.stdout)["sentence"]

    nothing = with_key(server, "ask", "who deleted order 99")
    assert nothing.returncode == 0
    assert "no rows; searched audit_logs at any time; audit_logs holds 1 rows, from 2026-11-21" in nothing.stdout

    unclear = with_key(server, "ask", "who deletd order 17")
    assert unclear.returncode == 1
    assert "error:   who deleted order 17" in unclear.stderr.splitlines(), unclear.stderr


def test_no_rows_say_where_they_were_looked_for(server):
    server.audit({"action": "order_deleted", "time": "2026-11-21T12:00:00Z"})
    asked = with_key(server, "query", "SELECT action FROM audit_logs WHERE action = 'NEVER' AND project = 'default'")
    assert asked.stdout == "action\n"
    assert "no rows; searched audit_logs at any time" in asked.stderr, asked.stderr


def test_ask_answers_from_the_files_of_a_stopped_server(server):
    server.audit({"action": "order_deleted", "actor_id": "u1", "target_type": "order", "target_id": "17"})
    assert server.stop() == 0
    asked = run_binary("ask", "who deleted order 17", "--data", server.data)
    assert asked.stdout.startswith("u1 deleted order 17 on "), asked.stdout + asked.stderr


def test_query_fails_with_the_servers_words_and_its_own_exit_codes(server):
    wrong = with_key(server, "query", "SELECT nothing FROM nowhere")
    assert wrong.returncode == 1 and "nowhere" in wrong.stderr, wrong.stderr
    no_key = run_binary("query", "SELECT 1", "--url", server.url)
    assert no_key.returncode == 1 and "unauthenticated" in no_key.stderr
    assert run_binary("query", "SELECT 1", "--url", "http://127.0.0.1:1").returncode == 3
    assert run_binary("query", "SELECT 1", "--url", "https://127.0.0.1:1").returncode == 3
    assert run_binary("query", "SELECT 1", "--url", "ftp://127.0.0.1:1").returncode == 2


def test_query_reads_the_files_of_a_stopped_server(server):
    server.audit({"action": "order_deleted", "target_id": "17"})
    server.logs([{"message": "hello there", "colour": "blue"}])
    server.settle()
    server.logs([{"message": "still in the log", "colour": "red"}])
    server.kill()
    asked = run_binary("query", "SELECT body, colour FROM logs ORDER BY time", "--data", server.data, "--json")
    assert asked.returncode == 0, asked.stderr
    assert [row["colour"] for row in json.loads(asked.stdout)] == ["blue", "red"]
    server.start()
    assert server.sql("SELECT count(*) AS lines FROM logs") == [{"lines": 2}]


def test_tail_follows_what_arrives(server):
    command = [BINARY, "tail", "logs", "--filter", "level=ERROR", "--rows", "2", "--json", "--url", server.url]
    tail = subprocess.Popen(
        command, env=clean_environment({"WHODUNIT_API_KEY": API_KEY}), stdout=subprocess.PIPE, text=True
    )
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(tail.stdout))
    reader.start()

    def arrived():
        server.logs([{"level": "INFO", "message": "not this"}, {"level": "ERROR", "message": "disk on fire"}])
        return len(lines) >= 2

    wait_for(arrived, "two lines", pause=0.2)
    assert tail.wait(30) == 0
    reader.join()
    assert [json.loads(line)["body"] for line in lines] == ["disk on fire"] * 2


def test_admin_over_http_and_directly_on_a_stopped_servers_files(server):
    made = with_key(server, "admin", "users", "create", "--email", "ada@example.com", "--role", "auditor", "--json")
    assert made.returncode == 0, made.stderr
    answer = json.loads(made.stdout)
    assert answer["user"]["role"] == "auditor" and answer["password"]
    listed = with_key(server, "admin", "users", "list")
    assert "ada@example.com" in listed.stdout

    assert with_key(server, "admin", "projects", "create", "--slug", "shop").returncode == 0
    made = with_key(server, "admin", "keys", "create", "--name", "shop", "--project", "shop", "--json")
    key = json.loads(made.stdout)
    assert server.audit({"action": "READ"}, key=key["secret"]).status_code == 200
    assert server.sql("SELECT project FROM audit_logs WHERE action = 'READ'") == [{"project": "shop"}]
    assert with_key(server, "admin", "keys", "revoke", key["key"]["id"]).returncode == 0
    assert server.audit({"action": "READ"}, key=key["secret"]).status_code == 401

    server.stop()
    owner = ["admin", "users", "create", "--email", "boss@example.com", "--role", "owner", "--json"]
    made = run_binary(*owner, "--data", server.data)
    assert made.returncode == 0, made.stderr
    password = json.loads(made.stdout)["password"]
    server.start()
    sign_in = server.http.post(
        f"{server.url}/api/v1/session", json={"email": "boss@example.com", "password": password}, timeout=30
    )
    assert sign_in.status_code == 201, sign_in.text
    trail = server.sql("SELECT action FROM audit_logs WHERE project = 'whodunit' AND target_type = 'user'")
    assert len(trail) >= 2, "both ways leave a trail"


def test_admin_without_a_key_says_what_to_do(server):
    refused = run_binary("admin", "users", "list", "--url", server.url)
    assert refused.returncode == 2 and "--api-key" in refused.stderr
    refused = run_binary("admin", "users", "list", "--url", server.url, "--api-key", INGEST_KEY)
    assert refused.returncode == 1 and "forbidden" in refused.stderr


def test_verify_data_passes_on_good_data(server):
    server.audit([{"action": "order_created", "target_id": str(number)} for number in range(50)])
    server.settle()
    server.audit({"action": "order_deleted"})
    assert server.stop() == 0
    checked = server.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_bench_runs_small(tmp_path):
    done = run_binary(
        *["bench", "--rows", "20000", "--audit-entries", "500", "--visible-seconds", "1", "--repeats", "1", "--json"],
        *["--scratch", tmp_path],
    )
    assert done.returncode == 0, done.stderr
    measures = {measure["name"]: measure for measure in json.loads(done.stdout)["measures"]}
    assert measures["needle by user id, rows"]["value"] == 21
    assert measures["rare word, rows"]["value"] == 17
    assert measures["questions that missed an acknowledged entry"]["value"] == 0


def test_bench_of_captured_errors_runs_small(tmp_path):
    done = run_binary(
        *["bench", "--target", "sentry", "--events", "100", "--event-rate", "50", "--event-seconds", "1"],
        *["--event-flood-seconds", "1", "--json", "--scratch", tmp_path],
    )
    assert done.returncode == 0, done.stderr
    measures = {measure["name"]: measure["value"] for measure in json.loads(done.stdout)["measures"]}
    assert measures["captured errors at 50/s for 1 s, told to come later (429)"] == 0
    assert measures["flood of captured errors over 200 connections, events per second"] > 0
    for who in ("audit", "captured errors of another project"):
        assert measures[f"{who} at 50/s in that flood, p50"] > 0, "none was answered"
    assert not list(tmp_path.iterdir())


class LokiEndpoint(http.server.BaseHTTPRequestHandler):
    """Somebody else's push endpoint: takes everything, keeps it in the server's `bodies`."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append((self.path, self.headers["Content-Type"], body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_bench_drives_any_loki_push_endpoint():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), LokiEndpoint) as endpoint:
        threading.Thread(target=endpoint.serve_forever, daemon=True).start()
        for target, media in (("loki-json", "application/json"), ("loki", "application/x-protobuf")):
            endpoint.bodies = []
            url = f"http://127.0.0.1:{endpoint.server_port}/loki/api/v1/push"
            done = run_binary("bench", "--target", target, "--rows", "5000", "--url", url, "--pid", os.getpid(), "--json")
            assert done.returncode == 0, done.stderr
            assert {(path, kind) for path, kind, _ in endpoint.bodies} == {("/loki/api/v1/push", media)}
            if target == "loki-json":
                streams = [stream for _, _, body in endpoint.bodies for stream in json.loads(body)["streams"]]
                assert sum(len(stream["values"]) for stream in streams) == 5_000
        endpoint.shutdown()
