"""No secret that unmodified clients send is found again: not by SQL, not in the files, not in any byte of the directory."""

import json
import logging
import pathlib
import re
import shutil
import socket
import subprocess

import duckdb
import logging_loki
import requests
from elasticsearch import Elasticsearch, helpers
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from rfc5424logging import Rfc5424SysLogHandler
from rfc5424logging.transport import FRAMING_OCTET_COUNTING

from harness import INGEST_KEY, free_port, run_binary, wait_for

WAYS = ["audit", "logs", "loki", "otlp", "elastic", "syslog", "import"]
CARDS = ["4111111111111111", "5555555555554444", "378282246310005", "6011111111111117"]


def secrets_of(way):
    """Made-up secrets that stand nowhere else, by the place that they are put in."""
    return {name: f"{name}Zq7{way}9xK" for name in ["password", "token", "cookie", "bearer", "query"]}


def text_of(secrets):
    return (
        f"login password={secrets['password']} GET /reset?token={secrets['query']} "
        f"with Authorization: Bearer {secrets['bearer']}\nCookie: sid={secrets['cookie']}; theme=dark\npaid by {CARDS[0]}"
    )


def by_audit(server, secrets):
    entry = {
        "action": "CARD_PAID",
        "description": text_of(secrets),
        "arguments": [{"api_key": secrets["token"]}, f"card {CARDS[1]}"],
        "metadata": {"request": {"headers": {"Cookie": secrets["cookie"], "Authorization": secrets["bearer"]}}},
        "changes": {"password": [secrets["password"], secrets["query"]], "card": [CARDS[2], CARDS[3]]},
    }
    answer = server.audit([entry]).json()
    assert answer["accepted"] == 1 and answer["filtered"] >= 9, answer
    assert answer["receipts"][0]["filtered"] == answer["filtered"]


def by_logs(server, secrets):
    line = {"msg": text_of(secrets), "auth": {"token": secrets["token"]}, "card": int(CARDS[0]), "tokens_used": 12}
    answer = server.logs([line]).json()
    assert answer["accepted"] == 1 and answer["filtered"] >= 6, answer


def by_loki(server, secrets):
    handler = logging_loki.LokiHandler(
        url=f"{server.url}/loki/api/v1/push", tags={"application": "shop"}, auth=("x", INGEST_KEY), version="1"
    )
    failures = []
    handler.handleError = failures.append
    logger = logging.getLogger("redaction.loki")
    logger.propagate = False
    logger.addHandler(handler)
    logger.error(text_of(secrets), extra={"tags": {"access_token": secrets["token"]}})
    logger.error(json.dumps({"msg": text_of(secrets), "user": {"password": secrets["password"]}, "n": 1.50}))
    logger.error(f'level=info password={secrets["password"]} cookie="{secrets["cookie"]}" order=17')
    logger.removeHandler(handler)
    handler.emitter.close()
    assert failures == []


def by_otlp(server, secrets):
    exporter = OTLPLogExporter(f"{server.url}/v1/logs", headers={"Authorization": f"Bearer {INGEST_KEY}"})
    provider = LoggerProvider(resource=Resource.create({"service.name": "shop", "db.password": secrets["password"]}))
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    attributes = {"http.request.header.cookie": [secrets["cookie"]], "token": secrets["token"], "order": 17}
    provider.get_logger("shop").emit(body=text_of(secrets), attributes=attributes)
    provider.shutdown()


def by_elastic(server, secrets):
    document = {"message": text_of(secrets), "user": {"credentials": {"a": secrets["token"]}}, "secret": secrets["cookie"]}
    with Elasticsearch(server.url, api_key=INGEST_KEY) as client:
        assert helpers.bulk(client, [{"_op_type": "create", "_index": "logs", **document}]) == (1, [])


def by_syslog(port, secrets):
    # Counted, since a line break within the text would end the message otherwise.
    handler = Rfc5424SysLogHandler(
        ("127.0.0.1", port), socktype=socket.SOCK_STREAM, framing=FRAMING_OCTET_COUNTING, appname="shop", enterprise_id=32473
    )
    logger = logging.getLogger("redaction.syslog")
    logger.propagate = False
    logger.addHandler(handler)
    logger.error(text_of(secrets), extra={"structured_data": {"ctx": {"token": secrets["token"]}}})
    logger.removeHandler(handler)
    handler.close()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"<13>broken \xff password=" + secrets["password"].encode() + b"\n")
    if shutil.which("logger"):
        message = f"password={secrets['password']} token={secrets['token']}"
        subprocess.run(["logger", "--server", "127.0.0.1", "--port", str(port), "--tcp", message], check=True, timeout=30)


def by_import(server, directory, secrets):
    file = directory / "app.log"
    lines = [{"msg": text_of(secrets), "api_key": secrets["token"]}, {"msg": "fine", "session_id": "kept"}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = run_binary("import", str(file), "--url", server.url, environment={"WHODUNIT_API_KEY": INGEST_KEY})
    assert done.returncode == 0, done.stderr


def survivors(needles, haystack):
    return [needle for needle in needles if needle in haystack]


def in_directory(server, needles):
    """Raw bytes of every file, and every value of every segment as another reader sees it."""
    found = []
    for file in pathlib.Path(server.data).rglob("*"):
        if not file.is_file():
            continue
        found += [(file.name, needle) for needle in survivors([n.encode() for n in needles], file.read_bytes())]
        if file.suffix == ".parquet":
            rows = str(duckdb.sql(f"SELECT * FROM read_parquet('{file}')").fetchall())
            found += [(file.name, needle) for needle in survivors(needles, rows)]
    return found


def test_no_secret_of_any_client_is_found_again(make_server, tmp_path):
    port = free_port()
    server = make_server(flags=["--syslog-listen", f"127.0.0.1:{port}"]).start()
    secrets = {way: secrets_of(way) for way in WAYS}
    by_audit(server, secrets["audit"])
    by_logs(server, secrets["logs"])
    by_loki(server, secrets["loki"])
    by_otlp(server, secrets["otlp"])
    by_elastic(server, secrets["elastic"])
    by_syslog(port, secrets["syslog"])
    by_import(server, tmp_path, secrets["import"])
    wait_for(lambda: server.sql("SELECT count(*) AS n FROM logs")[0]["n"] >= 10, "all rows")
    needles = [value for one in secrets.values() for value in one.values()] + CARDS
    assert len(needles) >= 30

    rows = json.dumps([server.sql(f"SELECT * FROM {table}") for table in ["logs", "audit_logs", "change_history"]])
    assert survivors(needles, rows) == []
    assert rows.count("[Filtered]") > 60
    assert in_directory(server, needles) == []
    server.settle()
    assert list(pathlib.Path(server.data).rglob("*.parquet")), "the rows are in segments now"
    assert in_directory(server, needles) == []

    [kept] = server.sql("SELECT session_id FROM logs WHERE body = 'fine'")
    assert kept["session_id"] == "kept"
    [kept] = server.sql("SELECT tokens_used FROM logs WHERE tokens_used IS NOT NULL")
    assert kept["tokens_used"] == 12
    [body] = [row["body"] for row in server.sql("SELECT body FROM logs WHERE body LIKE '%\"n\": 1.5%'")]
    assert json.loads(body)["user"] == {"password": "[Filtered]"}, "a JSON line stays JSON"
    metrics = requests.get(f"{server.url}/metrics", headers={"Authorization": f"Bearer {INGEST_KEY}"}, timeout=30).text
    assert re.search(r'whodunit_ingest_filtered_values_total\{rule="card_number"\} [1-9]', metrics)
    assert server.stop() == 0
    verified = server.verify()
    assert verified.returncode == 0, verified.stderr
