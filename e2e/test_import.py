"""Log files enter whole and once: packed, grown, interrupted, in every format."""

import gzip
import json
import os
import pty
import signal
import subprocess

import pytest
import zstandard

from harness import API_KEY, BINARY, INGEST_KEY, clean_environment, run_binary, wait_for

LINES = 20_000


def access_line(number):
    status = 500 if number % 100 == 0 else 200
    return (
        f'203.0.113.{number % 250} - - [25/Nov/2026:06:{number // 60 % 60:02}:{number % 60:02} +0000] '
        f'"GET /orders/{number}?full=1 HTTP/1.1" {status} {number} "https://shop.example/" "curl/8.{number % 9}"'
    )


def write(path, lines, end="\n"):
    path.write_text("".join(f"{line}\n" for line in lines)[: None if end else -1])
    return path


def bring(server, *arguments, key=INGEST_KEY, stdin=None):
    return run_binary(
        "import", *arguments, "--url", server.url, "--json", environment={"WHODUNIT_API_KEY": key}, stdin=stdin
    )


def told(answer):
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()]


def bodies(server, where="true"):
    rows = server.sql(f"SELECT body FROM logs WHERE {where} ORDER BY \"import.line\"", rows_max=1_000_000)
    return [row["body"] for row in rows]


def test_an_access_log_enters_once_whatever_it_is_packed_in(server, tmp_path):
    lines = [access_line(number) for number in range(LINES)]
    plain = write(tmp_path / "access.log", lines)
    packed = tmp_path / "access.log.1.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    dense = tmp_path / "old.zst"
    dense.write_bytes(zstandard.compress(plain.read_bytes()))

    [first] = told(bring(server, packed))
    assert first == {
        "file": str(packed), "format": "access", "added": LINES, "known": 0, "as_text": 0, "rejected": 0,
    }
    for path in (packed, plain, dense):
        [again] = told(bring(server, path))
        assert (again["added"], again["known"]) == (0, LINES), path
    assert bodies(server) == lines
    [row] = server.sql(
        "SELECT count(*) AS n, min(time) AS first, max(bytes) AS bytes FROM logs WHERE status = 500 AND level = 'ERROR'"
        " AND method = 'GET' AND ip LIKE '203.0.113.%' AND user_agent LIKE 'curl/8.%'"
    )
    assert (row["n"], row["bytes"]) == (LINES // 100, LINES - 100)
    assert row["first"].startswith("2026-11-25T06:00:00")


def test_of_a_file_that_has_grown_only_the_new_lines_enter(server, tmp_path):
    lines = [access_line(number) for number in range(300)]
    path = write(tmp_path / "access.log", lines[:100])
    assert told(bring(server, path))[0]["added"] == 100
    write(path, lines[:250])
    [grown] = told(bring(server, path))
    assert (grown["added"], grown["known"]) == (150, 100)
    # Restarted, the server knows from what it has stored.
    server.stop()
    server.start()
    write(path, lines)
    [grown] = told(bring(server, path))
    assert (grown["added"], grown["known"]) == (50, 250)
    assert bodies(server) == lines


def test_a_last_line_without_an_end_is_taken_and_taken_again_when_it_has_one(server, tmp_path):
    path = tmp_path / "app.log"
    path.write_text("one\ntwo\nthr")
    assert told(bring(server, path, "--format", "text"))[0]["added"] == 3
    assert told(bring(server, path, "--format", "text"))[0]["added"] == 0
    path.write_text("one\ntwo\nthree\nfour\n")
    [grown] = told(bring(server, path, "--format", "text"))
    assert (grown["added"], grown["known"]) == (2, 2)
    assert sorted(bodies(server)) == ["four", "one", "thr", "three", "two"]


def test_another_file_with_the_same_beginning_is_another_file_from_where_they_differ(server, tmp_path):
    one = write(tmp_path / "one.log", ["started", "a", "b"])
    other = write(tmp_path / "other.log", ["started", "c", "d"])
    for path in (one, other, one, other):
        bring(server, path, "--format", "text")
    assert sorted(bodies(server)) == ["a", "b", "c", "d", "started", "started"]
    [same] = told(bring(server, one, "--format", "text", "--source", "web-2"))
    assert same["added"] == 3, "the same lines of another machine"


@pytest.mark.parametrize("round", range(4))
def test_an_import_killed_half_way_goes_on_without_a_gap_or_a_line_twice(make_server, tmp_path, round):
    server = make_server(flags=["--flush-bytes", "256KiB", "--flush-interval", "200ms"]).start()
    lines = [access_line(number) for number in range(60_000)]
    path = write(tmp_path / "access.log", lines)

    def start():
        return subprocess.Popen(
            [BINARY, "import", path, "--url", server.url],
            env=clean_environment({"WHODUNIT_API_KEY": INGEST_KEY}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stored():
        return server.sql("SELECT count(*) AS n FROM logs")[0]["n"]

    for wanted in (1, 15_000 + 5_000 * round):
        process = start()
        wait_for(lambda: stored() >= wanted or process.poll() is not None, "some lines are stored")
        process.send_signal(signal.SIGKILL)
        process.wait()
    if round % 2:
        server.kill()
        server.start()
    [done] = told(bring(server, path))
    assert done["added"] + done["known"] == len(lines)
    assert bodies(server) == lines


def test_two_imports_of_one_file_at_once_add_it_once(server, tmp_path):
    lines = [access_line(number) for number in range(30_000)]
    path = write(tmp_path / "access.log", lines)
    command = [BINARY, "import", path, "--url", server.url]
    environment = clean_environment({"WHODUNIT_API_KEY": INGEST_KEY})
    processes = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(120) for process in processes] == [0, 0]
    assert bodies(server) == lines


def test_every_format_is_told_and_what_does_not_fit_is_kept(server, tmp_path):
    files = {
        "json": ['{"time": "2026-11-25T06:20:01Z", "level": "warn", "msg": "a", "service": "shop", "n": 7}'] * 9
        + ["not json"],
        "logfmt": [f'time=2026-11-25T06:20:01Z level=error msg="b c" n={number}' for number in range(10)],
        "syslog": [f"<34>1 2026-11-25T06:20:01Z web-1 su {number} ID47 - failed" for number in range(10)],
        "text": ["2026-11-25 06:20:01,5 ERROR it broke", "  at line 7"] * 5,
    }
    for name, lines in files.items():
        path = write(tmp_path / name, lines)
        [done] = told(bring(server, path, "--environment", "test"))
        assert (done["format"], done["added"]) == (name, 10), done
        assert done["as_text"] == (1 if name == "json" else 0)
    assert bodies(server, "body = 'not json'") == ["not json"]
    counted = server.sql("SELECT level, count(*) AS n FROM logs WHERE time = '2026-11-25T06:20:01Z' GROUP BY 1 ORDER BY 1")
    assert {row["level"]: row["n"] for row in counted}["WARN"] == 9
    assert server.sql("SELECT count(*) AS n FROM logs WHERE environment = 'test'")[0]["n"] == 40
    assert server.sql("SELECT count(*) AS n FROM logs WHERE service = 'su' AND host = 'web-1'")[0]["n"] == 10
    # A line of a trace has the time of the line above it.
    assert server.sql("SELECT count(*) AS n FROM logs WHERE body = '  at line 7' AND time < '2026-11-26'")[0]["n"] == 5


def test_standard_input_long_lines_and_bytes_that_are_no_text(server):
    done = run_binary(
        "import", "-", "--format", "text", "--url", server.url, environment={"WHODUNIT_API_KEY": INGEST_KEY},
        stdin="short\n" + "x" * 300_000 + "\nlast\n",
    )
    assert done.returncode == 0, done.stderr
    assert "3 lines added as text" in done.stdout
    rows = server.sql("SELECT length(body) AS n, \"import.cut\" AS cut FROM logs ORDER BY \"import.line\"")
    assert [(row["n"], row["cut"]) for row in rows] == [(5, None), (128 << 10, True), (4, None)]
    odd = subprocess.run(
        [BINARY, "import", "-", "--format", "text", "--url", server.url],
        env=clean_environment({"WHODUNIT_API_KEY": INGEST_KEY}),
        input=b"caf\xe9 \x00 \xff\n",
        capture_output=True,
        timeout=60,
    )
    assert odd.returncode == 0, odd.stderr
    assert server.sql("SELECT count(*) AS n FROM logs WHERE body LIKE 'caf%'")[0]["n"] == 1


def test_a_damaged_archive_gives_what_it_has_and_is_named(server, tmp_path):
    whole = gzip.compress("".join(f"{access_line(number)}\n" for number in range(20_000)).encode())
    path = tmp_path / "cut.gz"
    path.write_bytes(whole[: len(whole) // 2])
    missing = tmp_path / "missing.log"
    answer = bring(server, missing, path)
    assert answer.returncode == 1
    assert "cut.gz: behind line" in answer.stderr and "missing.log" in answer.stderr, answer.stderr
    path.write_bytes(whole)
    assert told(bring(server, path))
    assert len(bodies(server)) == 20_000


def test_keys_projects_and_absent_servers_are_told_in_words(server, tmp_path):
    path = write(tmp_path / "a.log", ["hello"])
    nowhere = bring(server, path, "--project", "nowhere", key=API_KEY)
    assert nowhere.returncode == 1 and "there is no project nowhere" in nowhere.stderr, nowhere.stderr
    assert bring(server, path, key="wd_ing_wrong_wrong_wrong").returncode == 1
    assert run_binary("import", path, "--url", server.url).returncode == 2
    server.stop()
    gone = bring(server, path)
    assert gone.returncode == 3 and "again, it goes on where it ended" in gone.stderr
    server.start()
    assert told(bring(server, path, key=API_KEY))[0]["added"] == 1


def test_a_terminal_sees_a_bar(server, tmp_path):
    path = write(tmp_path / "access.log", [access_line(number) for number in range(30_000)])
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [BINARY, "import", path, "--url", server.url],
        env=clean_environment({"WHODUNIT_API_KEY": INGEST_KEY}),
        stdout=subprocess.DEVNULL,
        stderr=follower,
    )
    os.close(follower)
    drawn = b""
    while True:
        try:
            piece = os.read(leader, 65_536)
        except OSError:
            break
        if not piece:
            break
        drawn += piece
    assert process.wait(60) == 0
    assert b"[#" in drawn or b"[." in drawn, drawn[-500:]
