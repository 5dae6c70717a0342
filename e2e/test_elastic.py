"""Elasticsearch's and OpenSearch's clients, unmodified: what was sent is what is found, through SQL and the list."""

import json

import pytest
import requests
from elasticsearch import Elasticsearch, helpers
from elasticsearch.helpers import BulkIndexError
from opensearchpy import OpenSearch
from opensearchpy import helpers as opensearch_helpers

from harness import INGEST_KEY, run_node

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
DOCUMENTS = [
    {
        "@timestamp": "2026-11-20T10:00:00.123456789Z",
        "message": 'order "17" is slow é😀\n',
        "log": {"level": "warning", "logger": "shop.orders"},
        "service": {"name": "shop", "version": "1.2.3"},
        "host": {"name": "web-1"},
        "user": {"id": "user-7"},
        "trace": {"id": TRACE},
        "http": {"request_id": "req-7", "response": {"status_code": 500}},
        "tags": ["a", "b"],
    },
    {"@timestamp": "2026-11-20T10:00:01Z", "message": "no stock", "log.level": "error"},
]


def actions(index):
    return [{"_op_type": "create", "_index": index, "_id": f"{index}-{n}", **document} for n, document in enumerate(DOCUMENTS)]


def check(server, index):
    first, second = server.sql("SELECT * FROM logs ORDER BY time")
    expected = {
        "body": 'order "17" is slow é😀\n',
        "level": "WARN",
        "logger": "shop.orders",
        "service": "shop",
        "release": "1.2.3",
        "host": "web-1",
        "actor_id": "user-7",
        "trace_id": TRACE,
        "correlation_id": "req-7",
        "http.response.status_code": 500,
        "_index": index,
        "_id": f"{index}-0",
    }
    assert {name: first[name] for name in expected} == expected
    assert json.loads(first["tags"]) == ["a", "b"]
    assert (second["body"], second["level"], second["_id"]) == ("no stock", "ERROR", f"{index}-1")
    [listed] = server.list("logs", actor_id="user-7")["rows"]
    assert listed["body"] == first["body"]


def test_elasticsearch(server):
    with Elasticsearch(server.url, api_key=INGEST_KEY) as client:
        assert client.ping()
        assert client.info()["version"]["number"]
        assert client.cluster.health()["status"] == "green"
        assert helpers.bulk(client, actions("logs-shop")) == (2, [])
        with pytest.raises(BulkIndexError) as refused:
            helpers.bulk(client, [{"_op_type": "delete", "_index": "logs-shop", "_id": "1"}])
        [error] = refused.value.errors
        assert error["delete"]["status"] == 400 and "never changed" in error["delete"]["error"]["reason"]
    check(server, "logs-shop")


def test_opensearch(server):
    client = OpenSearch(server.url, http_auth=("anybody", INGEST_KEY))
    assert client.ping()
    assert client.info()["version"]["number"]
    assert client.cluster.health()["status"] == "green"
    assert opensearch_helpers.bulk(client, actions("logs-shop")) == (2, [])
    client.close()
    check(server, "logs-shop")


def test_pino_elasticsearch(server):
    run_node("pino-elasticsearch.mjs", server.url, INGEST_KEY)
    first, second = server.sql('SELECT body, level, host, actor_id, correlation_id, "order.id", _index FROM logs ORDER BY level DESC')
    assert first == {
        "body": 'order "17" is slow é😀',
        "level": "WARN",
        "host": "web-1",
        "actor_id": "user-7",
        "correlation_id": "req-7",
        "order.id": 17,
        "_index": "logs-checkout",
    }
    assert (second["body"], second["level"]) == ("order failed", "ERROR")


def bulk(server, body, path="/_bulk", status=200, method="POST", **headers):
    headers = {"Authorization": f"ApiKey {INGEST_KEY}", "Content-Type": "application/x-ndjson", **headers}
    answer = requests.request(method, f"{server.url}{path}", data=body, headers=headers, timeout=30)
    assert answer.status_code == status, answer.text
    assert answer.headers["x-elastic-product"] == "Elasticsearch"
    return answer


def test_items_are_answered_one_by_one_and_neighbours_are_kept(server):
    body = b'{"index":{"_id":"a"}}\n{"message":"one"}\n{"update":{"_id":"a"}}\n{"doc":{}}\n{"create":{}}\n{"message":"\xff"}\n{"create":{}}\n{"message":"two"}\n'
    answer = bulk(server, body, "/logs-x/_bulk", method="PUT")
    assert '"errors":true,"items":[{"index":{"_index":"logs-x","_id":"a",' in answer.text
    statuses = [next(iter(item.values()))["status"] for item in answer.json()["items"]]
    assert statuses == [201, 400, 400, 201]
    assert "not UTF-8" in answer.json()["items"][2]["create"]["error"]["reason"]
    assert sorted(row["body"] for row in server.sql("SELECT body FROM logs")) == ["one", "two"]
    vendor = "application/vnd.elasticsearch+json; compatible-with=9"
    answer = bulk(server, b'{"create":{}}\n{}\n', "/x/_bulk", Accept=vendor)
    assert answer.headers["content-type"] == vendor and answer.json()["errors"] is False


def test_requests_that_cannot_be_taken_are_refused_as_elasticsearch_does(server):
    error = bulk(server, b"nonsense\n", status=400).json()
    assert error["status"] == 400 and "malformed action/metadata line [1]" in error["error"]["reason"]
    assert "required" in bulk(server, b"", status=400).json()["error"]["reason"]
    error = bulk(server, b"{}", status=401, Authorization="ApiKey nonsense").json()
    assert error["error"]["type"] == "security_exception"
    error = bulk(server, b'{"create":{}}\n{}\n' * 100_001, "/x/_bulk", status=413).json()
    assert "100000 items" in error["error"]["reason"]


def test_what_shippers_arrange_before_they_send(server):
    def ask(method, path):
        headers = {"Authorization": f"ApiKey {INGEST_KEY}", "Accept": "application/json"}
        return requests.request(method, f"{server.url}{path}", headers=headers, timeout=5)

    assert ask("GET", "/").json()["tagline"] == "You Know, for Search"
    assert ask("HEAD", "/").status_code == 200
    assert ask("GET", "/_license").json()["license"]["status"] == "active"
    assert ask("GET", "/_xpack").json()["features"] == {}
    assert " whodunit green " in ask("GET", "/_cat/health").text
    for kind in ["_ilm/policy", "_index_template", "_component_template", "_template"]:
        assert ask("GET", f"/{kind}/logs").status_code == 404
        assert ask("HEAD", f"/{kind}/logs").status_code == 404
        assert ask("PUT", f"/{kind}/logs").json() == {"acknowledged": True}
    page = requests.get(server.url, headers={"Accept": "text/html"}, timeout=5)
    assert page.headers["content-type"].startswith("text/html")
    assert json.loads(ask("GET", "/").text)["version"]["number"]
