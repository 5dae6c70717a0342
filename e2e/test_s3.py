"""Segments and manifest in an S3 bucket: nothing is lost or twice there, and nobody writes over another's manifest."""

import shutil
import subprocess
import sys

import boto3
import pytest
import requests
from botocore.config import Config

from harness import clean_environment, free_port, run_binary, wait_for

BUCKET = "whodunit"
ID, SECRET = "end-to-end-id", "end-to-end-secret"
LOOPBACK = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
CREDENTIALS = {"AWS_ACCESS_KEY_ID": ID, "AWS_SECRET_ACCESS_KEY": SECRET, **LOOPBACK}


class Bucket:
    """A bucket at an endpoint of our own, and the settings that lead there."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=ID,
            aws_secret_access_key=SECRET,
            config=Config(proxies={}, s3={"addressing_style": "path"}),
        )
        self.client.create_bucket(Bucket=BUCKET)

    def flags(self, prefix="shop"):
        return ["--objects", f"s3://{BUCKET}/{prefix}", "--s3-endpoint", self.endpoint]

    def keys(self, below=""):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=below)
        return sorted(entry["Key"] for page in pages for entry in page.get("Contents", []))

    def read(self, key):
        return self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def write(self, key, content):
        self.client.put_object(Bucket=BUCKET, Key=key, Body=content)

    def delete(self, key):
        self.client.delete_object(Bucket=BUCKET, Key=key)


@pytest.fixture
def bucket(tmp_path):
    port = free_port()
    with (tmp_path / "moto.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            env=clean_environment(CREDENTIALS),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    endpoint = f"http://127.0.0.1:{port}"
    session = requests.Session()
    session.trust_env = False

    def answers():
        assert process.poll() is None, (tmp_path / "moto.log").read_text()
        try:
            return session.get(f"{endpoint}/moto-api/data.json", timeout=5).ok
        except requests.ConnectionError:
            return False

    try:
        wait_for(answers, "S3 endpoint ready", timeout=60)
        yield Bucket(endpoint)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def make_remote(make_server, bucket):
    def make(name="server", prefix="shop"):
        return make_server(name, flags=bucket.flags(prefix), environment=CREDENTIALS)

    return make


def send(server, first, count):
    """`count` entries and as many log lines, numbered from `first`."""
    numbers = range(first, first + count)
    assert server.audit([{"action": f"action-{number}", "reason": "x" * 50} for number in numbers]).status_code == 200
    lines = [{"level": "INFO", "service": "shop", "message": f"line {number}", "number": number} for number in numbers]
    assert server.logs(lines).status_code == 200


def assert_holds(server, count):
    """Everything that was sent, each row exactly once."""
    rows = server.sql("SELECT action FROM audit_logs WHERE project = 'default'", rows_max=100000)
    assert sorted(row["action"] for row in rows) == sorted(f"action-{number}" for number in range(count))
    rows = server.sql("SELECT number FROM logs WHERE project = 'default'", rows_max=100000)
    assert sorted(row["number"] for row in rows) == list(range(count))


def offline(server, bucket, *command, flags=None, environment=CREDENTIALS):
    flags = bucket.flags() if flags is None else flags
    return run_binary(*command, "--data", server.data, *flags, environment=environment)


def writer(server):
    return (server.data / "writer").read_text().strip()


def test_every_row_is_there_once_after_stop_and_crash(make_remote, bucket):
    server = make_remote().start()
    send(server, 0, 1000)
    server.settle()
    own = f"shop/{writer(server)}"
    assert any("/audit_logs/default/" in key for key in bucket.keys(f"{own}/segments/"))
    assert bucket.keys(f"{own}/manifest/")
    assert not (server.data / "segments").exists() and not (server.data / "manifest").exists()
    assert_holds(server, 1000)

    assert server.stop() == 0
    server.start()
    assert_holds(server, 1000)
    send(server, 1000, 500)
    server.kill()
    server.start()
    assert_holds(server, 1500)
    server.settle()
    assert_holds(server, 1500)
    assert not [check for check in server.health()["checks"] if check["status"] != "healthy"]
    assert server.stop() == 0

    verified = offline(server, bucket, "verify-data")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert " 0 segments" not in verified.stdout
    question = "SELECT count(*) AS n FROM audit_logs WHERE project = 'default'"
    asked = offline(server, bucket, "query", question, "--format", "csv")
    assert asked.returncode == 0 and asked.stdout.split() == ["n", "1500"], asked.stdout + asked.stderr


def test_damage_in_the_bucket_is_named(make_remote, bucket):
    server = make_remote().start()
    send(server, 0, 1000)
    server.settle()
    server.stop()
    [flipped] = bucket.keys(f"shop/{writer(server)}/segments/audit_logs/default/")
    [gone] = bucket.keys(f"shop/{writer(server)}/segments/logs/default/")
    content = bytearray(bucket.read(flipped))
    content[len(content) // 3] ^= 0x10
    bucket.write(flipped, bytes(content))
    bucket.delete(gone)
    checked = offline(server, bucket, "verify-data")
    assert checked.returncode == 1, checked.stdout + checked.stderr
    for key in [flipped, gone]:
        assert key.rsplit("/", 1)[1] in checked.stdout, checked.stdout + checked.stderr


def test_a_manifest_number_that_somebody_else_took_is_not_overwritten(make_remote, bucket):
    server = make_remote().start()
    send(server, 0, 100)
    server.settle()
    present = bucket.keys(f"shop/{writer(server)}/manifest/")[-1]
    send(server, 100, 100)
    directory, number = present.removesuffix(".json.zst").rsplit("/", 1)
    taken = f"{directory}/{int(number) + 1:020}.json.zst"
    # Of two that create this number, the other one was first.
    bucket.write(taken, b"the other one's")
    refused = server.request("POST", "/api/v1/admin/settle", json={})
    assert not refused.ok, "both commits have won"
    assert bucket.read(taken) == b"the other one's"
    assert_holds(server, 200)

    bucket.delete(taken)
    server.settle()
    assert bucket.read(taken) != b"the other one's"
    assert_holds(server, 200)
    server.stop()
    verified = offline(server, bucket, "verify-data")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_two_servers_at_one_prefix_have_a_manifest_each(make_remote, bucket):
    servers = [make_remote("one").start(), make_remote("two").start()]
    for server in servers:
        send(server, 0, 300)
    for server in servers:
        server.settle()
    owners = {key.split("/")[1] for key in bucket.keys("shop/")}
    assert owners == {writer(server) for server in servers} and len(owners) == 2
    for server in servers:
        assert server.stop() == 0
        server.start()
        assert_holds(server, 300)
        server.stop()
        verified = offline(server, bucket, "verify-data")
        assert verified.returncode == 0, verified.stdout + verified.stderr


def test_of_two_copies_of_one_directory_the_newer_goes_on_and_the_older_stops(make_remote, bucket):
    older = make_remote("older").start()
    send(older, 0, 100)
    older.settle()
    send(older, 100, 50)
    newer = make_remote("newer")
    shutil.copytree(older.data, newer.data)
    newer.start()
    assert writer(newer) == writer(older)

    refused = older.request("POST", "/api/v1/admin/settle", json={})
    assert not refused.ok and "another process has opened a copy" in refused.json()["error"]["message"], refused.text
    for answer in [older.audit({"action": "late"}), older.logs([{"message": "late"}])]:
        assert answer.status_code == 503, answer.text
        assert "another process has opened a copy" in answer.json()["error"]["message"], answer.text
    assert older.http.get(f"{older.url}/health/ready", timeout=10).status_code == 503
    assert any("opened a copy" in check["message"] for check in older.health()["checks"])

    send(newer, 150, 50)
    newer.settle()
    assert_holds(newer, 200)
    older.kill()
    for command in [["serve", "--listen", f"127.0.0.1:{older.port}"], ["verify-data"]]:
        told = offline(older, bucket, *command)
        assert told.returncode == 1 and "another copy of" in told.stderr, told.stdout + told.stderr
    newer.kill()
    newer.start()
    assert_holds(newer, 200)
    assert newer.stop() == 0
    verified = offline(newer, bucket, "verify-data")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_cold_segments_go_to_a_bucket_and_are_found_there(make_server, bucket):
    flags = ["--warm-after", "0s", "--cold-after", "0s", "--s3-endpoint", bucket.endpoint]
    flags += ["--cold-location", f"s3://{BUCKET}/old"]
    server = make_server(flags=flags, environment=CREDENTIALS).start()
    entries = [{"action": f"action-{number}", "time": "2026-01-05T10:00:00Z"} for number in range(50)]
    assert server.audit(entries).status_code == 200
    server.settle()
    own = f"old/{writer(server)}/cold-1/segments/audit_logs/default/2026-01-05/"
    assert len(bucket.keys(own)) == 1
    assert not list((server.data / "segments").rglob("2026-01-05/*.parquet"))
    server.kill()
    server.start()
    [row] = server.sql("SELECT count(*) AS entries FROM audit_logs WHERE project = 'default'")
    assert row["entries"] == 50
    server.stop()
    verified = offline(server, bucket, "verify-data", flags=flags)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    lost = offline(server, bucket, "verify-data", flags=[])
    assert lost.returncode == 1 and "set cold_location as it was" in lost.stderr, lost.stdout + lost.stderr


def test_another_place_than_the_directory_was_made_with_is_refused(make_remote, bucket):
    server = make_remote().start()
    send(server, 0, 10)
    server.settle()
    server.stop()
    # Without the setting, with another prefix, and with the right name at an endpoint that has no such objects.
    for flags, expected in [([], "the directory itself"), (bucket.flags("other"), f"s3://{BUCKET}/other")]:
        for command in [["serve", "--listen", f"127.0.0.1:{server.port}"], ["verify-data"], ["query", "SELECT 1"]]:
            refused = offline(server, bucket, *command, flags=flags)
            assert refused.returncode == 1, refused.stdout + refused.stderr
            assert f"s3://{BUCKET}/shop" in refused.stderr and expected in refused.stderr, refused.stderr
    for key in bucket.keys(f"shop/{writer(server)}/"):
        bucket.delete(key)
    refused = offline(server, bucket, "verify-data")
    assert refused.returncode == 1 and "no manifest" in refused.stderr, refused.stdout + refused.stderr


def test_credentials_come_from_the_environment_and_are_never_shown(make_remote, bucket):
    server = make_remote().start()
    server.stop()
    refused = offline(server, bucket, "verify-data", environment={**CREDENTIALS, "AWS_SECRET_ACCESS_KEY": ""})
    assert refused.returncode == 2 and "AWS_SECRET_ACCESS_KEY" in refused.stderr, refused.stderr
    shown = offline(server, bucket, "config", "show")
    assert shown.returncode == 0 and f"s3://{BUCKET}/shop" in shown.stdout
    told = shown.stdout + shown.stderr + server.printed() + server.log()
    assert ID not in told and SECRET not in told
