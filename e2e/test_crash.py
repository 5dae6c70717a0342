"""kill -9 at random moments under load: every acknowledged row is there exactly once, every entry with its leaf.

Seeded by E2E_SEED; E2E_CRASH_ROUNDS asks for more rounds than CI runs. A failure names seed and round.
"""

import json
import os
import random
import threading
import time
import uuid

import pytest
import requests

from harness import API_KEY, INGEST_KEY

ROUNDS = int(os.environ.get("E2E_CRASH_ROUNDS", 200))
SEED = int(os.environ.get("E2E_SEED", 20261120))
# Small, so that flushes happen within a round and get killed too.
FLAGS = ["--flush-bytes", "128KiB", "--flush-interval", "200ms", "--log", "warn"]
AUDIT_SENDERS = 2
# In one round of so many the server is flushing and compacting when it dies.
SETTLING_ONE_IN = 3


def uuid7(chance):
    milliseconds = int(time.time() * 1000)
    bits = (milliseconds << 80) | (0x7 << 76) | (chance.getrandbits(12) << 64) | (0b10 << 62) | chance.getrandbits(62)
    return str(uuid.UUID(int=bits))


class Round:
    """What was sent in one round, and what of it was acknowledged."""

    def __init__(self, number):
        self.name = f"round-{number}"
        self.chance = random.Random(SEED * 1_000_003 + number)
        self.receipts = {}
        self.entries = {}
        self.lines = set()
        self.stop = threading.Event()
        self.lock = threading.Lock()

    def entry(self, chance):
        entry = {
            "id": uuid7(chance),
            "action": "order_updated",
            "actor_id": f"user-{chance.randrange(50)}",
            "target_type": "order",
            "target_id": str(chance.randrange(1000)),
            "batch_id": self.name,
            "reason": "x" * chance.randrange(200),
        }
        with self.lock:
            self.entries[entry["id"]] = entry
        return entry

    def acknowledge(self, receipts):
        with self.lock:
            for receipt in receipts:
                kept = {name: receipt[name] for name in ("writer", "leaf_index", "leaf_hash")}
                before = self.receipts.setdefault(receipt["id"], kept)
                assert before == kept, f"{self.name}: another receipt for {receipt['id']}"

    def send_audit(self, url, seed):
        chance = random.Random(seed)
        with session() as http:
            while not self.stop.is_set():
                entries = [self.entry(chance) for _ in range(chance.choice([1, 1, 3, 20]))]
                answer = http.post(f"{url}/api/v1/audit", json=entries, timeout=30)
                if answer.status_code == 200:
                    assert answer.json()["rejected"] == 0, answer.text
                    self.acknowledge(answer.json()["receipts"])

    def send_logs(self, url, seed):
        chance = random.Random(seed)
        number = 0
        with session() as http:
            while not self.stop.is_set():
                names = [f"{self.name}-{number + i}" for i in range(chance.choice([1, 10, 100]))]
                number += len(names)
                lines = [{"message": f"line {name}", "line": name, "batch_id": self.name, "n": 1} for name in names]
                body = "".join(json.dumps(line) + "\n" for line in lines)
                headers = {"Content-Type": "application/x-ndjson"}
                answer = http.post(f"{url}/api/v1/logs", data=body, headers=headers, timeout=30)
                if answer.status_code == 200 and answer.json()["accepted"] == len(names):
                    with self.lock:
                        self.lines.update(names)

    def settle(self, url, _seed):
        with session(API_KEY) as http:
            while not self.stop.is_set():
                http.post(f"{url}/api/v1/admin/settle", json={}, timeout=30)

    def run(self, server):
        """Load from several threads, then the end without warning."""
        failures = []

        def guarded(send, seed):
            try:
                send(server.url, seed)
            except requests.RequestException:
                pass  # The process is gone: what was not answered is not acknowledged.
            except Exception as failure:  # noqa: BLE001, told by the test's own thread
                failures.append(failure)

        senders = [self.send_audit] * AUDIT_SENDERS + [self.send_logs]
        if self.chance.randrange(SETTLING_ONE_IN) == 0:
            senders.append(self.settle)
        threads = [threading.Thread(target=guarded, args=(send, self.chance.random())) for send in senders]
        for thread in threads:
            thread.start()
        time.sleep(self.chance.uniform(0.02, 0.3))
        server.kill()
        self.stop.set()
        for thread in threads:
            thread.join()
        assert not failures, failures

    def check(self, server):
        """Everything acknowledged exactly once; what was under way at most once."""
        rows = server.sql(
            f"SELECT id, writer, leaf_index, leaf_hash FROM audit_logs WHERE batch_id = '{self.name}'", rows_max=1_000_000
        )
        found = {}
        for row in rows:
            assert row["id"] not in found, f"{self.name}: {row['id']} twice"
            found[row["id"]] = {name: row[name] for name in ("writer", "leaf_index", "leaf_hash")}
        for identifier, receipt in self.receipts.items():
            assert found.get(identifier) == receipt, f"{self.name}: {identifier} acknowledged as {receipt}"
        assert set(found) <= set(self.entries), f"{self.name}: entries that nobody sent"

        query = f"SELECT line, count(*) AS times FROM logs WHERE batch_id = '{self.name}' GROUP BY line"
        times = {row["line"]: row["times"] for row in server.sql(query, rows_max=1_000_000)}
        assert all(count == 1 for count in times.values()), f"{self.name}: a line twice"
        missing = self.lines - set(times)
        assert not missing, f"{self.name}: {len(missing)} acknowledged lines are gone, such as {sorted(missing)[:3]}"

    def send_again(self, server):
        """A careful client sends what it does not know about again, and some that it knows of."""
        unknown = [entry for identifier, entry in self.entries.items() if identifier not in self.receipts]
        known = [self.entries[identifier] for identifier in list(self.receipts)[:5]]
        if unknown or known:
            answer = server.audit(unknown + known)
            assert answer.status_code == 200, answer.text
            assert answer.json()["repeated"] >= len(known)
            self.acknowledge(answer.json()["receipts"])


def session(key=INGEST_KEY):
    http = requests.Session()
    http.headers["Authorization"] = f"Bearer {key}"
    return http


def check_ledger(server):
    """Leaves of each writer are numbered from 0 without a gap."""
    rows = server.sql(
        "SELECT project, writer, count(*) AS entries, count(DISTINCT leaf_index) AS leaves, min(leaf_index) AS first,"
        " max(leaf_index) AS last FROM audit_logs GROUP BY project, writer"
    )
    for row in rows:
        if row["project"] == "default":
            assert row["first"] == 0 and row["entries"] == row["leaves"] == row["last"] + 1, row


def test_nothing_acknowledged_is_lost(make_server):
    server = make_server("crash", flags=FLAGS).start()
    chance = random.Random(SEED)
    rounds = []
    acknowledged = 0
    for number in range(ROUNDS):
        try:
            now = Round(number)
            now.run(server)
            if chance.random() < 0.1:
                # The start itself is killed too, sometimes before it has replayed.
                server.spawn()
                time.sleep(chance.uniform(0, 0.3))
                server.kill()
            server.start()
            now.check(server)
            now.send_again(server)
            rounds.append(now)
            acknowledged += len(now.receipts)
            if number % 20 == 19:
                # Nobody lives long enough here to compact in its own time.
                server.settle()
                for earlier in chance.sample(rounds, 5):
                    earlier.check(server)
        except AssertionError as failure:
            raise AssertionError(f"seed {SEED}, round {number}: {failure}") from failure
    for each in rounds:
        each.check(server)
    check_ledger(server)
    server.settle()
    for each in rounds[-20:]:
        each.check(server)
    assert server.stop() == 0
    checked = server.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr
    print(f"{ROUNDS} rounds, {acknowledged} entries acknowledged, {sum(len(each.lines) for each in rounds)} lines")
    assert acknowledged > ROUNDS, "the load was too light to mean anything"


def test_an_entry_sent_again_after_a_crash_keeps_its_receipt(make_server):
    server = make_server("again").start()
    entry = {"id": uuid7(random.Random(5)), "action": "order_deleted", "target_id": "17"}
    [first] = server.audit([entry]).json()["receipts"]
    assert not first["repeated"]
    server.kill()
    server.start()
    [second] = server.audit([entry]).json()["receipts"]
    assert second["repeated"]
    server.settle()
    server.kill()
    server.start()
    [third] = server.audit([entry]).json()["receipts"]
    for name in ("id", "writer", "leaf_index", "leaf_hash", "received_at"):
        assert first[name] == second[name] == third[name], name
    [row] = server.sql(f"SELECT count(*) AS entries FROM audit_logs WHERE id = '{entry['id']}'")
    assert row["entries"] == 1


@pytest.mark.parametrize("key", [None, "wd_ing_wrong-wrong-wrong", API_KEY[:-1]])
def test_a_crash_opens_no_door(make_server, key):
    server = make_server("door").start()
    server.kill()
    server.start()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = server.http.post(f"{server.url}/api/v1/sql", json={"query": "SELECT 1"}, headers=headers, timeout=10)
    assert answer.status_code == 401
