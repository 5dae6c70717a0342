"""The OpenTelemetry SDK, unmodified: what was sent is what is found, through SQL and the list."""

import gzip
import json

import requests
from opentelemetry import trace
from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

from harness import INGEST_KEY

RESOURCE = {
    "service.name": "shop",
    "service.version": "1.2.3",
    "host.name": "web-1",
    "deployment.environment.name": "production",
    "cloud.region": "eu-north-1",
}


def export(server, body, status=200, path="/v1/logs", **headers):
    headers = {"Authorization": f"Bearer {INGEST_KEY}", "Content-Type": "application/json", **headers}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = requests.post(f"{server.url}{path}", data=data, headers=headers, timeout=30)
    assert answer.status_code == status, answer.text
    return answer


def request(*records):
    return {"resourceLogs": [{"resource": {}, "scopeLogs": [{"scope": {"name": "s"}, "logRecords": list(records)}]}]}


def record(text, **more):
    return {"timeUnixNano": "1795168800000000001", "body": {"stringValue": text}, **more}


def test_the_sdk(server):
    exporter = OTLPLogExporter(f"{server.url}/v1/logs", headers={"Authorization": f"Bearer {INGEST_KEY}"})
    provider = LoggerProvider(resource=Resource.create(RESOURCE))
    provider.add_log_record_processor(BatchLogRecordProcessor(exporter))
    logger = provider.get_logger("shop.orders", "9", attributes={"team": "checkout"})
    with TracerProvider().get_tracer("t").start_as_current_span("request") as span:
        logger.emit(
            timestamp=1795168800000000001,
            observed_timestamp=1795168800000000002,
            severity_number=SeverityNumber.WARN2,
            severity_text="WARNING",
            body='order "17" is slow é😀\n',
            attributes={
                "enduser.id": "user-7",
                "session.id": "s-7",
                "client.address": "192.0.2.7",
                "user_agent.original": "shop/1",
                "correlation_id": "req-7",
                "http.response.status_code": 500,
                "ratio": 0.5,
                "cached": False,
                "tags": ["a", "b"],
                "service": "other",
            },
        )
        logger.emit(timestamp=1795168800000000003, severity_number=SeverityNumber.ERROR, body={"userId": "user-8", "n": [1, 2]})
        context = span.get_span_context()
    assert provider.force_flush(), "the SDK says that all was exported"
    provider.shutdown()

    first, second = server.sql("SELECT * FROM logs ORDER BY time")
    assert first["body"] == 'order "17" is slow é😀\n'
    expected = {
        "level": "WARN",
        "severity_number": 14,
        "service": "shop",
        "release": "1.2.3",
        "host": "web-1",
        "environment": "production",
        "logger": "shop.orders",
        "actor_id": "user-7",
        "session_id": "s-7",
        "ip": "192.0.2.7",
        "user_agent": "shop/1",
        "correlation_id": "req-7",
        "trace_id": trace.format_trace_id(context.trace_id),
        "span_id": trace.format_span_id(context.span_id),
        "http.response.status_code": 500,
        "ratio": 0.5,
        "cached": False,
        "tags": '["a","b"]',
        "attr.service": "other",
        "team": "checkout",
        "otel.scope.version": "9",
        "cloud.region": "eu-north-1",
        "telemetry.sdk.language": "python",
    }
    assert {name: first[name] for name in expected} == expected
    assert (second["level"], second["actor_id"], json.loads(second["body"])) == ("ERROR", "user-8", {"userId": "user-8", "n": [1, 2]})
    nanos = server.sql("SELECT CAST(time AS BIGINT) AS t, CAST(observed_at AS BIGINT) AS o FROM logs ORDER BY time LIMIT 1")[0]
    assert (int(nanos["t"]), int(nanos["o"])) == (1795168800000000001, 1795168800000000002)
    [listed] = server.list("logs", actor_id="user-7")["rows"]
    assert listed["body"] == first["body"]


def test_the_answer_has_the_form_of_the_request(server):
    assert export(server, request(record("a"))).json() == {}
    assert export(server, request(record("b")), path="/otlp/v1/logs").json() == {}
    partial = export(server, request(record("c"), {"timeUnixNano": "soon"})).json()["partialSuccess"]
    assert partial["rejectedLogRecords"] == "1" and "number 2, timeUnixNano" in partial["errorMessage"]

    wire = ExportLogsServiceRequest()
    scope = wire.resource_logs.add().scope_logs.add()
    scope.log_records.add(body={"string_value": "d"})
    scope.log_records.add(body={"string_value": "far"}, time_unix_nano=1 << 63)
    protobuf = {"Content-Type": "application/x-protobuf", "Content-Encoding": "gzip"}
    answer = export(server, gzip.compress(wire.SerializeToString()), **protobuf)
    assert answer.headers["content-type"] == "application/x-protobuf"
    read = ExportLogsServiceResponse.FromString(answer.content)
    assert read.partial_success.rejected_log_records == 1
    assert "2262" in read.partial_success.error_message
    assert sorted(row["body"] for row in server.sql("SELECT body FROM logs")) == ["a", "b", "c", "d"]


def test_errors_are_a_status(server):
    status = export(server, b"{", 400).json()
    assert status["code"] == 3 and "not JSON" in status["message"]
    answer = export(server, b"\x0a\xff", 400, **{"Content-Type": "application/x-protobuf"})
    assert answer.content.startswith(b"\x08\x03\x12") and b"not protobuf" in answer.content
    assert export(server, request(), 401, Authorization="Bearer wd_ing_unknown_unknown").json()["code"] == 16
    export(server, b"x", 415, **{"Content-Type": "text/plain"})


def test_a_request_that_is_too_large_is_said_to_be(make_server):
    server = make_server(flags=["--logs-body-max", "64KiB"]).start()
    assert export(server, request(record("x" * 65_536)), 413).json()["code"] == 8
