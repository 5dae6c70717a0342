"""Backups while everything goes on: what was acknowledged before is inside, once, and damage is found and named."""

import copy
import itertools
import json
import threading
import uuid

import pytest
import requests

from harness import API_KEY, run_binary, wait_for
from test_s3 import CREDENTIALS, bucket  # noqa: F401  (a fixture)

# Small, so that backups meet flushes and compactions.
FLAGS = ["--flush-bytes", "64KiB", "--flush-interval", "200ms", "--log", "warn"]
BACKUPS_UNDER_LOAD = 4
PAGE = 5_000


def back_up(server, to, *flags, environment=None):
    answer = run_binary(
        "backup", "--to", to, "--url", server.url, "--json", *flags,
        environment={"WHODUNIT_API_KEY": API_KEY, **(environment or {})},
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return json.loads(answer.stdout)


def restore(place, data, *flags, environment=None):
    return run_binary("restore", "--from", place, "--data", data, *flags, environment=environment)


def ask(data, sql):
    answer = run_binary("query", sql, "--data", data, "--format", "ndjson")
    assert answer.returncode == 0, answer.stderr
    # An answer of no rows is one line that says what was searched.
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    return [row for row in rows if set(row) != {"statistics"}]


def ask_all(data, column, table, number):
    """A column of every row, in answers that stay below the limit on rows; `number` counts rows from 0."""
    found = []
    while True:
        first = len(found)
        rows = ask(
            data,
            f"SELECT {column} AS value FROM {table} WHERE project = 'default'"
            f" AND {number} >= {first} AND {number} < {first + PAGE}",
        )
        if not rows:
            return found
        found += [row["value"] for row in rows]


def verify(data):
    answer = run_binary("verify-data", "--data", data, "--json")
    return json.loads(answer.stdout.splitlines()[0])


class Load:
    """Entries and log lines from two threads, and which were acknowledged."""

    def __init__(self, server):
        self.server = server
        self.lock = threading.Lock()
        self.ids, self.lines = set(), set()
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.send_audit), threading.Thread(target=self.send_logs)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def acknowledged(self):
        with self.lock:
            return set(self.ids), set(self.lines)

    def client(self):
        own = copy.copy(self.server)
        own.http = requests.Session()
        return own

    def send_audit(self):
        client = self.client()
        while not self.stop.is_set():
            answer = client.audit([{"action": "order_updated", "reason": "x" * 200} for _ in range(5)])
            assert answer.status_code == 200, answer.text
            with self.lock:
                self.ids.update(receipt["id"] for receipt in answer.json()["receipts"])

    def send_logs(self):
        client = self.client()
        numbers = itertools.count()
        while not self.stop.is_set():
            lines = [{"message": f"line {uuid.uuid4()}", "number": next(numbers)} for _ in range(20)]
            assert client.logs(lines).status_code == 200
            with self.lock:
                self.lines.update(line["message"] for line in lines)


def assert_holds(data, ids, lines, exactly=False):
    report = verify(data)
    assert report["ok"], report
    found = ask_all(data, "id", "audit_logs", "leaf_index")
    texts = ask_all(data, "body", "logs", "number")
    assert len(found) == len(set(found)) and len(texts) == len(set(texts)), "nothing is there twice"
    normal = {one.replace("-", "") for one in found}
    missing = {one.replace("-", "") for one in ids} - normal
    assert not missing, f"{len(missing)} acknowledged entries are missing"
    assert lines <= set(texts), "acknowledged lines are missing"
    if exactly:
        assert len(found) == len(ids) and len(texts) == len(lines)


def test_backups_under_load_hold_what_was_acknowledged_before_and_share_their_segments(make_server, tmp_path):
    server = make_server(flags=FLAGS).start()
    place = tmp_path / "backups"
    before = {}
    with Load(server) as load:
        for number in range(BACKUPS_UNDER_LOAD):
            wait_for(lambda: len(load.acknowledged()[0]) >= 100 * (number + 1), "entries are sent")
            settling = threading.Thread(target=server.settle) if number % 2 else None
            if settling:
                settling.start()
            known = load.acknowledged()
            before[back_up(server, place)["name"]] = known
            if settling:
                settling.join()
    known = load.acknowledged()
    last = back_up(server, place)
    before[last["name"]] = known
    counted = server.sql("SELECT count(*) AS n FROM audit_logs WHERE project = 'default'")[0]["n"]
    assert counted == len(known[0])

    listed = run_binary("backup", "list", "--to", place, "--json")
    names = [one["name"] for one in json.loads(listed.stdout)]
    assert names == list(before) and len(names) == BACKUPS_UNDER_LOAD + 1
    assert (place.stat().st_mode & 0o777) == 0o700, "a backup holds everything, so only its owner looks inside"

    server.stop()
    for name, (ids, lines) in before.items():
        data = tmp_path / f"restored-{name}"
        done = restore(place, data, "--at", name, "--verify")
        assert done.returncode == 0, done.stdout + done.stderr
        assert_holds(data, ids, lines, exactly=name == last["name"])
        assert (data / "control.sqlite").stat().st_mode & 0o777 == 0o600

    # The newest goes on as the server: same keys, same ledger.
    server.data = tmp_path / f"restored-{last['name']}"
    server.start()
    answer = server.audit({"action": "order_deleted"}).json()
    assert answer["receipts"][0]["leaf_index"] == len(known[0])
    assert server.sql("SELECT count(*) AS n FROM logs")[0]["n"] == len(known[1])
    server.stop()
    assert verify(server.data)["ok"]


def test_a_second_backup_copies_nothing_that_is_there_and_old_ones_are_pruned(server, tmp_path):
    place = tmp_path / "backups"
    server.audit([{"action": f"action-{number}"} for number in range(50)])
    server.settle()
    first = back_up(server, place)
    assert first["files"] >= 1 and first["bytes_done"] == first["bytes"]
    server.audit({"action": "one-more"})
    second = back_up(server, place, "--keep", "1", "--reason", "before the upgrade")
    assert second["pruned"] == [first["name"]]
    # Besides the project of the application there is Whodunit's own, which has an entry about each backup.
    assert second["files"] <= 2
    trail = server.sql("SELECT reason, outcome FROM audit_logs WHERE action = 'BACKUP' AND state = 'complete' ORDER BY time")
    assert [row["outcome"] for row in trail] == ["success", "success"]
    assert trail[1]["reason"] == "before the upgrade"
    data = tmp_path / "restored"
    assert restore(place, data, "--at", first["name"]).returncode == 1, "it was pruned"
    assert restore(place, data).returncode == 0
    assert len(ask(data, "SELECT id FROM audit_logs WHERE project = 'default'")) == 51


def test_uploads_come_back_with_a_backup_and_are_checked(server, tmp_path):
    path = "/api/0/projects/any/default/releases/shop@1/files/"
    for name, content in [("~/app.js", b"a()"), ("~/app.js.map", b'{"version": 3}')]:
        answer = server.request("POST", path, API_KEY, files={"file": (name, content)}, data={"name": name})
        assert answer.status_code == 201, answer.text
    release = server.request("POST", "/api/0/organizations/any/releases/", API_KEY, json={"version": "shop@1"})
    assert release.status_code == 201, release.text
    [uploads] = server.list("storage")["uploads"]
    assert (uploads["project"], uploads["files"]) == ("default", 5)
    place, data = tmp_path / "backups", tmp_path / "data"
    back_up(server, place)
    restored = restore(place, data, "--verify", "--json")
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert json.loads(restored.stdout.splitlines()[0])["files"] == 5
    ours, theirs = server.data / "artifacts", data / "artifacts"
    names = sorted(one.relative_to(ours) for one in ours.rglob("*") if one.is_file())
    assert names == sorted(one.relative_to(theirs) for one in theirs.rglob("*") if one.is_file())
    assert all((ours / name).read_bytes() == (theirs / name).read_bytes() for name in names)
    # Nothing is copied twice, and a flipped byte is named.
    shared = sorted((place / "files").iterdir())
    back_up(server, place)
    assert sorted((place / "files").iterdir()) == shared and len(shared) == 5
    [script] = [one for one in shared if one.read_bytes() == b"a()"]
    script.write_bytes(b"b()")
    found = run_binary("restore", "--from", place, "--verify")
    assert found.returncode == 1 and f"files/{script.name}" in found.stdout + found.stderr, found.stdout + found.stderr


def test_a_flipped_byte_is_named_with_and_without_restoring(server, tmp_path):
    place = tmp_path / "backups"
    server.audit([{"action": f"action-{number}", "reason": f"because {number}"} for number in range(500)])
    server.settle()
    back_up(server, place)
    whole = run_binary("restore", "--from", place, "--verify")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    segment = max((place / "segments").iterdir(), key=lambda path: path.stat().st_size)
    content = bytearray(segment.read_bytes())
    content[len(content) // 3] ^= 0x10
    segment.write_bytes(content)

    checked = run_binary("restore", "--from", place, "--verify")
    assert checked.returncode == 1 and segment.name in checked.stdout, checked.stdout + checked.stderr
    done = restore(place, tmp_path / "restored")
    assert done.returncode == 1 and segment.name in done.stdout, done.stdout + done.stderr
    assert not verify(tmp_path / "restored")["ok"]


def test_a_stopped_servers_files_are_backed_up_without_it(server, tmp_path):
    server.audit([{"action": "a"}, {"action": "b"}])
    place = tmp_path / "backups"
    held = run_binary("backup", "--to", place, "--data", server.data)
    assert held.returncode == 3 and "another whodunit process" in held.stderr
    server.kill()
    done = run_binary("backup", "--to", place, "--data", server.data)
    assert done.returncode == 0, done.stderr
    assert restore(place, tmp_path / "restored", "--verify").returncode == 0
    assert len(ask(tmp_path / "restored", "SELECT id FROM audit_logs WHERE project = 'default'")) == 2


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (lambda server, tmp: server.data / "backups", "lies in the data directory"),
        (lambda server, tmp: tmp / "photos", "neither empty nor a place of backups"),
        (lambda server, tmp: "ftp://elsewhere/x", "no place"),
        (lambda server, tmp: "s3://backups/x", "AWS_ACCESS_KEY_ID"),
    ],
)
def test_a_place_that_cannot_be_one_is_refused_in_words(server, tmp_path, place, expected):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("meow")
    to = place(server, tmp_path)
    answer = run_binary("backup", "--to", to, "--url", server.url, environment={"WHODUNIT_API_KEY": API_KEY})
    assert answer.returncode != 0
    assert expected in answer.stderr, answer.stderr
    assert (tmp_path / "photos" / "cat.jpg").read_text() == "meow"


def test_a_directory_with_something_in_it_is_not_restored_into(server, tmp_path):
    place = tmp_path / "backups"
    back_up(server, place)
    answer = restore(place, server.data)
    assert answer.returncode == 1 and "is not empty" in answer.stderr
    assert run_binary("restore", "--from", place).returncode == 2, "nobody guesses where to"


def test_a_bucket_takes_backups_and_gives_them_back(make_server, bucket, tmp_path):  # noqa: F811
    reach = ["--s3-endpoint", bucket.endpoint]
    server = make_server(flags=reach, environment=CREDENTIALS).start()
    server.audit([{"action": f"action-{number}"} for number in range(200)])
    place = "s3://whodunit/backups"
    back_up(server, place)
    back_up(server, place)
    keys = bucket.keys("backups/")
    assert sum("/backups/backups/" in f"/{key}" for key in keys) == 2, keys
    server.stop()
    data = tmp_path / "restored"
    done = restore(place, data, "--verify", *reach, environment=CREDENTIALS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(ask(data, "SELECT id FROM audit_logs WHERE project = 'default'")) == 200
    checked = run_binary("restore", "--from", place, "--verify", *reach, environment=CREDENTIALS)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_server_that_is_told_to_stop_ends_its_backup(server, tmp_path):
    server.audit({"action": "a"})
    place = tmp_path / "backups"
    began = server.request("POST", "/api/v1/admin/backups", json={"to": str(place)})
    assert began.status_code == 202
    assert server.stop() == 0
    listed = run_binary("backup", "list", "--to", place, "--json")
    names = json.loads(listed.stdout) if listed.returncode == 0 else []
    server.start()
    back_up(server, place)
    assert len(json.loads(run_binary("backup", "list", "--to", place, "--json").stdout)) == len(names) + 1
