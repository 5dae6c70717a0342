"""Full disks, read-only disks and more than can be taken: refused clearly, nothing acknowledged is lost."""

import os
import resource
import select
import signal
import socket
import subprocess
import threading

import pytest
import requests

from harness import INGEST_KEY, wait_for

MEGABYTE = 1 << 20


class SmallDisk:
    """64 MB that can fill up: a tmpfs when we may mount one, else a limit on the size of files."""

    def __init__(self, directory):
        self.directory = directory
        directory.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", directory]
        self.mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0

    def preexec(self):
        if not self.mounted:
            # A write past the limit then fails with an error, as on a full disk, instead of a signal.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (3 * MEGABYTE, 3 * MEGABYTE))

    def end(self):
        if self.mounted:
            subprocess.run(["umount", "-l", self.directory], check=True)


@pytest.fixture
def small_disk(tmp_path, make_server):
    disk = SmallDisk(tmp_path / "disk")
    servers = []

    def make(**options):
        server = make_server(directory=tmp_path / "small", preexec=disk.preexec, **options)
        server.data = disk.directory / "data"
        servers.append(server)
        return server

    yield make, disk
    for server in servers:
        server.end()
    disk.end()


def numbers(server):
    rows = server.sql("SELECT target_id FROM audit_logs WHERE action = 'fill'", rows_max=1_000_000)
    return sorted(int(row["target_id"]) for row in rows)


def fill(server, start):
    """Sends entries until they are refused; returns the acknowledged numbers and the refusal."""
    acknowledged = []
    for first in range(start, start + 20_000, 10):
        numbers = range(first, first + 10)
        entries = [{"action": "fill", "target_id": str(n), "reason": os.urandom(15_000).hex()} for n in numbers]
        try:
            answer = server.audit(entries)
        except requests.RequestException as failure:
            return acknowledged, failure
        if answer.status_code != 200:
            return acknowledged, answer
        assert answer.json()["accepted"] == len(entries), answer.text[:500]
        acknowledged += numbers
    raise AssertionError("the disk never filled")


def test_a_full_disk_is_a_clear_error_and_nothing_acknowledged_is_lost(small_disk):
    make, disk = small_disk
    server = make(flags=["--disk-free-min", "0", "--flush-bytes", "256MiB"]).start()
    acknowledged, refusal = fill(server, 0)
    assert len(acknowledged) > 10
    assert isinstance(refusal, requests.Response), f"the process died: {refusal}\n{server.log()}"
    assert refusal.status_code in (503, 507), refusal.text
    assert refusal.json()["error"]["message"], refusal.text
    assert server.http.get(f"{server.url}/health/live", timeout=10).status_code == 200
    worst = {check["status"] for check in server.health()["checks"]}
    assert worst & {"degraded", "unhealthy"}, server.health()
    server.kill()

    if disk.mounted:
        subprocess.run(["mount", "-o", "remount,size=256m", disk.directory], check=True)
    server.preexec = None
    server.start()
    assert set(acknowledged) <= set(numbers(server))
    assert len(numbers(server)) == len(set(numbers(server)))
    assert server.audit({"action": "after"}).status_code == 200, "with room again, entries are taken again"


def test_the_disk_guard_refuses_before_the_disk_is_full(make_server):
    # More free space is asked for than any disk of today has.
    server = make_server(flags=["--disk-free-min", "900TiB"])
    server.start()
    # The guard looks in every round of maintenance; this asks for one now.
    server.settle()
    answer = server.audit({"action": "READ"})
    assert answer.status_code in (503, 507), answer.text
    assert "disk" in answer.json()["error"]["message"], answer.text
    assert any(check["status"] != "healthy" and "disk" in check["message"] for check in server.health()["checks"])
    assert server.sql("SELECT 1 AS one") == [{"one": 1}], "questions are still answered"


def test_a_read_only_disk_is_a_clear_error(small_disk, tmp_path):
    make, disk = small_disk
    server = make().start()
    assert server.audit({"action": "before"}).status_code == 200
    if not disk.mounted:
        # Without the right to mount, a directory that may not be written is the nearest thing.
        server.kill()
        for path in [server.data, *server.data.rglob("*")]:
            path.chmod(0o500 if path.is_dir() else 0o400)
        server.spawn()
        assert server.process.wait(60) != 0
        assert "denied" in server.log().lower(), server.log()
        for path in [server.data, *server.data.rglob("*")]:
            path.chmod(0o700 if path.is_dir() else 0o600)
        server.close()
        server.start()
    else:
        server.kill()
        subprocess.run(["mount", "-o", "remount,ro", disk.directory], check=True)
        server.spawn()
        assert server.process.wait(60) != 0
        assert "read-only" in server.log().lower(), server.log()
        server.close()
        subprocess.run(["mount", "-o", "remount,rw", disk.directory], check=True)
        server.start()
    rows = server.sql("SELECT action FROM audit_logs WHERE project = 'default'")
    assert rows == [{"action": "before"}]


def test_overload_is_refused_with_a_time_to_come_back_and_passes(make_server):
    flags = ["--memory", "96MiB", "--telemetry-requests-max", "2", "--logs-body-max", "8MiB"]
    server = make_server(flags=flags).start()
    line = '{"message":"' + "overload " * 40 + '","level":"INFO","service":"flood"}\n'
    body = (line * 12_000).encode()
    statuses, waits, unclear, audits = [], [], [], []
    stop = threading.Event()

    def flood():
        headers = {"Authorization": f"Bearer {INGEST_KEY}", "Content-Type": "application/x-ndjson"}
        for _ in range(4):
            answer = requests.post(f"{server.url}/api/v1/logs", data=body, headers=headers, timeout=120)
            statuses.append(answer.status_code)
            if answer.status_code == 429:
                waits.append(answer.headers.get("Retry-After"))
            elif answer.status_code != 200:
                unclear.append(answer.text)

    def audit():
        headers = {"Authorization": f"Bearer {INGEST_KEY}"}
        while not stop.is_set():
            entry = {"action": "READ"}
            answer = requests.post(f"{server.url}/api/v1/audit", json=entry, headers=headers, timeout=60)
            audits.append((answer.status_code, answer.json().get("accepted")))

    auditor = threading.Thread(target=audit)
    auditor.start()
    threads = [threading.Thread(target=flood) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    auditor.join()

    assert not unclear, unclear[:3]
    assert 429 in statuses, "ten times too much, and nothing was refused"
    assert all(wait and int(wait) > 0 for wait in waits)
    assert set(audits) == {(200, 1)}, "flooding logs does not keep audit entries out"
    after = wait_for(lambda: server.logs([{"message": "after the flood"}]).status_code == 200, "room again")
    assert after
    accepted = statuses.count(200) * 12_000
    [row] = server.sql("SELECT count(*) AS lines FROM logs WHERE service = 'flood'")
    assert row["lines"] == accepted, "what was acknowledged is there, and nothing else"
    [row] = server.sql("SELECT count(*) AS entries FROM audit_logs WHERE project = 'default'")
    assert row["entries"] == len(audits)


def test_a_refusal_is_heard_although_the_body_was_not_read(server):
    body = b'{"action":"READ"}'
    head = f"POST /api/v1/audit HTTP/1.1\r\nHost: x\r\nX-API-Key: nobody\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        answers = connection.makefile("rb")
        for _ in range(3):
            # An answer before the body is there would end the connection, and might get lost with it.
            connection.sendall(head.encode())
            early, _, _ = select.select([connection], [], [], 0.1)
            assert not early
            connection.sendall(body)
            assert answers.readline() == b"HTTP/1.1 401 Unauthorized\r\n"
            length = 0
            while (line := answers.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            assert b"unauthenticated" in answers.read(length)
