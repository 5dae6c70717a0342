"""The main job on real input: who deleted the order, from where, in which request, and what else did they do?"""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path

import duckdb
import pytest
import requests
from requests.adapters import HTTPAdapter

from harness import INGEST_KEY, clean_environment, free_port, wait_for

HERE = Path(__file__).resolve().parent
ITEMS = ["lamp", "chair", "table", "desk", "shelf", "sofa"]


class From(HTTPAdapter):
    """Sends from one of the machine's loopback addresses, so that each person has an address of their own."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *arguments, **more):
        super().init_poolmanager(*arguments, source_address=(self.address, 0), **more)


class Person:
    """Somebody with a browser."""

    def __init__(self, url, name, address):
        self.url, self.email, self.address = url, f"{name}@shop.example", address
        self.http = requests.Session()
        self.http.mount("http://", From(address))
        self.http.headers["User-Agent"] = f"{name}-browser/1.0"
        self.correlation_ids = []

    def send(self, method, path, **more):
        correlation_id = str(uuid.uuid4())
        self.correlation_ids.append(correlation_id)
        headers = {"X-Correlation-ID": correlation_id}
        return self.http.request(method, self.url + path, headers=headers, timeout=30, **more)

    def sign_in(self, password=None):
        name = self.email.split("@")[0]
        answer = self.send("POST", "/login", json={"email": self.email, "password": password or f"{name}-password"})
        if answer.ok:
            self.http.headers["X-Session"] = answer.json()["token"]
        return answer.status_code

    def order(self, item, quantity):
        return self.send("POST", "/orders", json={"item": item, "quantity": quantity}).json()["id"]


class Shop:
    """The application as a process of its own."""

    def __init__(self, directory, server):
        self.database = directory / "shop.sqlite"
        self.url = f"http://127.0.0.1:{free_port()}"
        self.output = (directory / "shop.log").open("wb")
        command = [sys.executable, "-m", "shop.app", self.database, self.url.rsplit(":", 1)[1], server.url, INGEST_KEY]
        self.process = subprocess.Popen(
            command, cwd=HERE, env=clean_environment(), stdout=self.output, stderr=subprocess.STDOUT
        )
        wait_for(self.answers, "the shop")

    def answers(self):
        assert self.process.poll() is None, "the shop ended"
        try:
            return requests.get(f"{self.url}/orders/0", timeout=5).status_code == 401
        except requests.ConnectionError:
            return False

    def happened(self, where="1 = 1", *parameters):
        with sqlite3.connect(self.database) as connection:
            connection.row_factory = sqlite3.Row
            rows = connection.execute(f"SELECT * FROM happened WHERE {where} ORDER BY id", parameters)
            return [dict(row) for row in rows]

    def end(self):
        self.process.kill()
        self.process.wait()
        self.output.close()


def own_logs():
    """This machine's own package and system logs as dictionaries, whatever there is of them."""
    lines = []
    for path in [Path("/var/log/dpkg.log"), Path("/var/log/apt/history.log"), Path("/var/log/alternatives.log")]:
        if path.exists():
            text = path.read_text(errors="replace").splitlines()[-5_000:]
            lines += [{"message": line, "file": str(path), "service": "packages"} for line in text if line.strip()]
    if shutil.which("journalctl"):
        command = ["journalctl", "--output=json", "--lines=2000", "--no-pager"]
        journal = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        for line in journal.stdout.splitlines():
            entry = json.loads(line)
            lines.append({"message": str(entry.get("MESSAGE")), "service": "journal", "journal": entry})
    assert lines, "this machine has no log of its own packages or system"
    return lines


@pytest.fixture(scope="module")
def shop_day(tmp_path_factory):
    """A day in the shop: three people order, change and delete; one of them deletes an order that is not hers."""
    from harness import Server

    directory = tmp_path_factory.mktemp("shop")
    server = Server(directory / "server").start()
    shop = Shop(directory, server)
    try:
        chance = random.Random(17)
        alice = Person(shop.url, "alice", "127.0.0.2")
        bob = Person(shop.url, "bob", "127.0.0.3")
        carol = Person(shop.url, "carol", "127.0.0.4")
        assert bob.sign_in("not his password") == 401
        assert [person.sign_in() for person in (alice, bob, carol)] == [200, 200, 200]
        orders = [person.order(chance.choice(ITEMS), chance.randint(1, 9)) for person in (alice, bob, carol) * 4]
        for order in orders:
            person = chance.choice([alice, bob, carol])
            assert person.send("PATCH", f"/orders/{order}", json={"quantity": chance.randint(10, 99)}).ok
        victim = orders[0]
        assert carol.send("DELETE", f"/orders/{victim}?reason=duplicate of another").status_code == 204
        for order in orders[5:8]:
            assert bob.send("DELETE", f"/orders/{order}?reason=customer called").status_code == 204
        assert carol.send("PATCH", f"/orders/{orders[1]}", json={"status": "shipped"}).ok
        machine = own_logs()
        answer = server.logs(machine)
        assert answer.json()["accepted"] == len(machine), answer.text[:2_000]
        yield server, shop, victim, len(machine)
    finally:
        shop.end()
        server.end()


def check_who_deleted(server, shop, victim):
    """The question, over all three ways, against what the shop itself knows."""
    [known] = shop.happened("action = 'order_deleted' AND order_id = ?", victim)

    [entry] = server.sql(
        "SELECT id, actor_email, actor_id, ip, correlation_id, session_id, reason, request_method, request_path,"
        f" user_agent FROM audit_logs WHERE action = 'order_deleted' AND target_id = '{victim}'"
    )
    assert entry["actor_email"] == "carol@shop.example"
    assert entry["actor_id"] == str(known["user_id"])
    assert entry["ip"] == known["ip"] == "127.0.0.4"
    assert entry["correlation_id"] == known["correlation_id"]
    assert entry["session_id"] == known["session_token"]
    assert entry["reason"] == known["reason"] == "duplicate of another"
    assert (entry["request_method"], entry["request_path"]) == ("DELETE", f"/orders/{victim}")
    assert entry["user_agent"] == "carol-browser/1.0"

    page = server.list("audit", target_type="order", target_id=victim, action="order_deleted")
    assert [row["id"] for row in page["rows"]] == [entry["id"]]
    assert page["rows"][0]["actor_email"] == "carol@shop.example"

    rows = server.timeline(target=f"order:{victim}")
    asked = [row for row in rows if row["signal"] == "audit_logs" and row["joined_by"]["certainty"] == "asked"]
    wanted = shop.happened("order_id = ?", victim)
    assert [row["fields"]["action"] for row in asked] == [known["action"] for known in wanted]
    joined = [row for row in rows if row["signal"] == "logs"]
    assert any(row["fields"]["correlation_id"] == known["correlation_id"] for row in joined), "log lines of the request"


def test_who_deleted_the_order(shop_day):
    server, shop, victim, _ = shop_day
    check_who_deleted(server, shop, victim)


def test_what_else_did_that_person_do(shop_day):
    server, shop, _, _ = shop_day
    known = shop.happened("user_id = (SELECT id FROM user WHERE email = 'carol@shop.example')")
    expected = [(row["action"], row["correlation_id"]) for row in known]

    rows = server.sql(
        "SELECT action, correlation_id FROM audit_logs WHERE actor_email = 'carol@shop.example' ORDER BY time, seq"
    )
    assert [(row["action"], row["correlation_id"]) for row in rows] == expected

    listed = server.list("audit", actor_email="carol@shop.example", limit=1_000)["rows"]
    assert [(row["action"], row["correlation_id"]) for row in reversed(listed)] == expected

    timeline = server.timeline(actor="carol@shop.example", signals="audit_logs", expand="false", limit=1_000)
    assert [(row["fields"]["action"], row["fields"]["correlation_id"]) for row in timeline] == expected


def test_every_action_of_the_shop_is_there_once_with_before_and_after(shop_day):
    server, shop, _, _ = shop_day
    known = sorted((row["action"], row["correlation_id"]) for row in shop.happened())
    rows = server.sql("SELECT action, correlation_id FROM audit_logs WHERE service = 'shop'")
    assert sorted((row["action"], row["correlation_id"]) for row in rows) == known

    changed = server.sql(
        "SELECT field, before, after FROM change_history WHERE action = 'order_updated' AND field = 'status'"
    )
    assert [(row["before"], row["after"]) for row in changed] in ([("open", "shipped")], [('"open"', '"shipped"')])
    [failed] = server.sql("SELECT actor_email, ip, outcome FROM security_events WHERE action = 'LOGIN_FAILED'")
    assert failed == {"actor_email": "bob@shop.example", "ip": "127.0.0.3", "outcome": "failure"}


def test_a_request_is_followed_through_audit_and_logs(shop_day):
    server, shop, victim, _ = shop_day
    [known] = shop.happened("action = 'order_deleted' AND order_id = ?", victim)
    rows = server.timeline(correlation_id=known["correlation_id"])
    assert {row["signal"] for row in rows} == {"audit_logs", "logs"}
    [access] = [row for row in rows if "answered 204" in row["summary"]]
    trace_id = access["fields"]["trace_id"]
    assert {row["fields"]["trace_id"] for row in rows} == {trace_id}
    why = server.sql(f"SELECT why FROM logs WHERE trace_id = '{trace_id}' AND level = 'WARN'")
    assert why == [{"why": "duplicate of another"}]


def test_the_machines_own_logs_are_there(shop_day):
    server, _, _, sent = shop_day
    [row] = server.sql("SELECT count(*) AS lines FROM logs WHERE service IN ('packages', 'journal')")
    assert row["lines"] == sent
    if Path("/var/log/dpkg.log").exists():
        found = server.list("logs", q="install", file="/var/log/dpkg.log", limit=5)["rows"]
        assert found and all("install" in row["body"] for row in found)


def test_the_answers_stay_the_same_when_segments_are_written_and_the_server_starts_again(shop_day):
    server, shop, victim, _ = shop_day
    server.settle()
    check_who_deleted(server, shop, victim)
    server.kill()
    server.start()
    check_who_deleted(server, shop, victim)

    # The segments are plain Parquet: another reader finds the same, without us.
    segments = f"{server.data}/segments/audit_logs/default/*/*.parquet"
    query = f"SELECT actor_email, ip FROM read_parquet('{segments}', union_by_name = true) WHERE action = ? AND target_id = ?"
    found = duckdb.execute(query, ["order_deleted", str(victim)]).fetchall()
    assert found == [("carol@shop.example", "127.0.0.4")]
    lines = duckdb.execute(
        f"SELECT count(*) FROM read_parquet('{server.data}/segments/logs/default/*/*.parquet', union_by_name = true)"
    ).fetchone()[0]
    assert lines == server.sql("SELECT count(*) AS lines FROM logs")[0]["lines"]
