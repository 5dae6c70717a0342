"""Loki's clients, unmodified: what was sent is what is found, through SQL and the list."""

import gzip
import json
import logging
import time
import zlib

import logging_loki
import requests

from harness import INGEST_KEY, run_node

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def push(server, body, status=204, **headers):
    headers = {"Authorization": f"Bearer {INGEST_KEY}", "Content-Type": "application/json", **headers}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = requests.post(f"{server.url}/loki/api/v1/push", data=data, headers=headers, timeout=30)
    assert answer.status_code == status, answer.text
    return answer


def stream(*values, **labels):
    return {"streams": [{"stream": labels, "values": [list(value) for value in values]}]}


def test_python_logging_loki(server):
    handler = logging_loki.LokiHandler(
        url=f"{server.url}/loki/api/v1/push",
        tags={"application": "shop", "environment": "production"},
        auth=("anybody", INGEST_KEY),
        version="1",
    )
    failures = []
    handler.handleError = failures.append
    logger = logging.getLogger("shop.orders")
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    before = time.time_ns()
    tags = {"user_id": "user-7", "trace_id": TRACE, "request_id": "req-7", "order": "17"}
    logger.warning('order "17" is slow é😀\nsecond line\t', extra={"tags": tags})
    logger.error("no stock")
    logger.removeHandler(handler)
    handler.emitter.close()
    assert failures == []

    columns = "time, body, level, severity_number, service, environment, logger, actor_id, trace_id, correlation_id"
    first, second = server.sql(f'SELECT {columns}, "order", stream FROM logs ORDER BY time')
    assert first["body"] == 'order "17" is slow é😀\nsecond line\t'
    assert (first["level"], first["severity_number"]) == ("WARN", 13)
    assert (first["service"], first["environment"], first["logger"]) == ("shop", "production", "shop.orders")
    assert (first["actor_id"], first["trace_id"], first["correlation_id"]) == ("user-7", TRACE, "req-7")
    assert first["order"] == "17"
    labels = {**tags, "application": "shop", "environment": "production", "severity": "warning", "logger": "shop.orders"}
    assert first["stream"] == labels
    assert (second["body"], second["level"], second["actor_id"]) == ("no stock", "ERROR", None)
    nanos = server.sql("SELECT CAST(time AS BIGINT) AS nanos FROM logs ORDER BY time LIMIT 1")[0]["nanos"]
    assert before <= int(nanos) <= time.time_ns()
    [listed] = server.list("logs", actor_id="user-7")["rows"]
    assert listed["body"] == first["body"]


def test_pino_loki(server):
    run_node("pino-loki.mjs", server.url, INGEST_KEY)
    columns = "body, level, service, environment, host, actor_id, correlation_id, trace_id, stream"
    first, second = server.sql(f"SELECT {columns} FROM logs ORDER BY time, level DESC")
    assert (first["level"], first["service"], first["environment"]) == ("WARN", "checkout", "production")
    # pino's line is the body, byte for byte; context inside it fills the columns.
    line = json.loads(first["body"])
    assert line["msg"] == 'order "17" is slow é😀' and line["order"] == {"id": 17}
    assert (first["actor_id"], first["correlation_id"], first["trace_id"]) == ("user-7", "req-7", TRACE)
    assert second["level"] == "ERROR" and json.loads(second["body"])["err"]["message"] == "no stock"
    [listed] = server.list("logs", correlation_id="req-7")["rows"]
    assert listed["body"] == first["body"]


def test_every_encoding_is_taken(server):
    body = json.dumps(stream(["1795168800000000001", "hello"], app="shop")).encode()
    raw = zlib.compressobj(wbits=-15)
    encodings = {"gzip": gzip.compress(body), "deflate": raw.compress(body) + raw.flush(), "": body}
    for encoding, data in encodings.items():
        push(server, data, **({"Content-Encoding": encoding} if encoding else {}))
    rows = server.sql("SELECT DISTINCT body, service, CAST(time AS BIGINT) AS nanos, count(*) AS n FROM logs GROUP BY 1, 2, 3")
    assert [(row["body"], row["service"], int(row["nanos"]), row["n"]) for row in rows] == [
        ("hello", "shop", 1795168800000000001, 3)
    ]


def test_refusals_are_lokis_and_neighbours_are_kept(server):
    assert "no entries" in push(server, {"streams": []}, 422).text
    assert "not JSON" in push(server, b'{"streams":[', 400).text
    assert "snappy" in push(server, b"\x05nonsense", 400, **{"Content-Type": "application/x-protobuf"}).text
    push(server, b"x", 415, **{"Content-Encoding": "lz4"})
    answer = push(server, stream(["1795168800000000001", "kept"], ["soon", "lost"], app="shop"), 400)
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith("1 of 2 entries were not taken, the others are stored; the first is number 2, time:")
    assert [row["body"] for row in server.sql("SELECT body FROM logs")] == ["kept"]
    answer = push(server, stream(["1", "x"]), 401, Authorization="Basic bm9ib2R5Om5vdGhpbmc=")
    assert answer.text == "these credentials are not known; send a key as Authorization: Bearer KEY or X-API-Key: KEY, or sign in\n"


def test_a_push_that_is_too_large_is_said_to_be(make_server):
    server = make_server(flags=["--logs-body-max", "64KiB"]).start()
    assert "larger than 65536 bytes" in push(server, stream(["1", "x" * 65_536], app="shop"), 413).text


def test_the_edges_of_time(server):
    edges = ["0", "9223372036854775807", "-9223372036854775808"]
    push(server, stream(*[[edge, edge] for edge in edges], app="shop"))
    rows = server.sql("SELECT body, CAST(time AS BIGINT) AS nanos FROM logs ORDER BY time")
    assert [(row["body"], str(row["nanos"])) for row in rows] == [(edge, edge) for edge in sorted(edges, key=int)]


def test_what_clients_ask_before_they_push(server):
    assert requests.get(f"{server.url}/ready", timeout=5).text == "ready\n"
    assert requests.get(f"{server.url}/loki/api/v1/status/buildinfo", timeout=5).json()["version"]
