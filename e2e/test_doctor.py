"""`doctor` says what is wrong with machine, files and server, and sends a probe through the whole way."""

import contextlib
import json
import socket

from harness import API_KEY, INGEST_KEY, run_binary


def look(server, *flags, key=API_KEY):
    answer = run_binary(
        "doctor", "--data", server.data, "--json", *flags, environment={"WHODUNIT_API_KEY": key} if key else {}
    )
    assert answer.stdout, answer.stderr
    report = json.loads(answer.stdout.splitlines()[0])
    assert answer.returncode == {"ok": 0, "warning": 4, "problem": 1}[report["worst"]], answer.stderr
    return {finding["check"]: finding for finding in report["findings"]}


def test_a_running_server_is_probed_through_the_whole_way(server):
    found = look(server, "--url", server.url)
    assert found["server"]["state"] == "ok" and "healthy" in found["server"]["found"]
    assert found["probe"]["state"] in ("ok", "warning"), found["probe"]
    assert "sent and on disk in" in found["probe"]["found"] and "found by a question in" in found["probe"]["found"]
    [entry] = server.sql("SELECT category, actor_id FROM audit_logs WHERE action = 'WHODUNIT_DOCTOR_PROBE'")
    assert entry == {"category": "system", "actor_id": "whodunit doctor"}
    for check in ("data", "disk", "space", "sync", "format", "permissions", "files", "memory", "clock"):
        finding = found[check]
        assert finding["found"], check
        assert bool(finding["advice"]) == (finding["state"] != "ok"), finding
    assert "median of" in found["sync"]["found"]
    assert not list(server.data.glob(".whodunit-doctor*")), "nothing is left behind"


def test_a_key_that_may_not_is_named_and_no_key_too(server):
    assert "does not allow" in look(server, "--url", server.url, key=INGEST_KEY)["probe"]["found"]
    assert "there is no key" in look(server, "--url", server.url, key=None)["probe"]["found"]


def test_without_a_server_the_port_is_tried(make_server):
    server = make_server()
    with contextlib.closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        taken = look(server, "--listen", f"127.0.0.1:{port}")
    free = look(server, "--listen", f"127.0.0.1:{server.port}")
    assert free["server"]["state"] == "ok" and "is free" in free["server"]["found"]
    assert taken["server"]["state"] == "problem", taken["server"]
    assert free["data"]["state"] == "warning", "it is not there yet"


def test_files_of_a_newer_version_and_too_much_memory_are_problems(server):
    server.stop()
    (server.data / "format").write_text("7\n")
    found = look(server, "--listen", f"127.0.0.1:{server.port}", "--memory", "900TiB")
    assert found["format"]["state"] == "problem"
    assert "version 7" in found["format"]["found"] and "up to 1" in found["format"]["found"]
    assert found["memory"]["state"] == "problem" and found["memory"]["advice"]


def test_a_health_check_asks_the_server_only(server):
    asked = run_binary("doctor", "--server", "--url", server.url)
    assert asked.returncode == 0 and asked.stdout.startswith("ok"), asked.stdout
    server.stop()
    asked = run_binary("doctor", "--server", "--url", server.url)
    assert asked.returncode == 1 and "is the server running" in asked.stdout
