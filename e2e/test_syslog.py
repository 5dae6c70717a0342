"""Syslog's senders, unmodified: what was sent is what is found, through SQL and the list."""

import contextlib
import logging
import shutil
import socket
import ssl
import subprocess

import pytest
from rfc5424logging import Rfc5424SysLogHandler
from rfc5424logging.transport import FRAMING_NON_TRANSPARENT, FRAMING_OCTET_COUNTING

from certificates import Authority
from harness import free_port, wait_for

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def syslog(make_server):
    port = free_port()
    server = make_server(flags=["--syslog-listen", f"127.0.0.1:{port}"]).start()
    return server, port


def found(server, count, columns="*"):
    """All rows, in order, as soon as there are so many: nobody answers to a syslog sender."""
    query = f"SELECT {columns} FROM logs ORDER BY time"
    wait_for(lambda: server.sql("SELECT count(*) AS n FROM logs")[0]["n"] >= count, f"{count} rows")
    return server.sql(query)


@pytest.mark.parametrize(
    "kind, framing",
    [
        (socket.SOCK_DGRAM, FRAMING_NON_TRANSPARENT),
        (socket.SOCK_STREAM, FRAMING_NON_TRANSPARENT),
        (socket.SOCK_STREAM, FRAMING_OCTET_COUNTING),
    ],
)
def test_rfc5424_logging_handler(syslog, kind, framing):
    server, port = syslog
    handler = Rfc5424SysLogHandler(
        ("127.0.0.1", port), socktype=kind, framing=framing, hostname="web-1", appname="shop", procid=77, enterprise_id=32473
    )
    logger = logging.getLogger(f"syslog.{kind}.{framing}")
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    data = {"ctx": {"user_id": "user-7", "request_id": 'req "7]', "trace_id": TRACE, "order": "17"}}
    logger.warning('order "17" is slow é😀', extra={"structured_data": data, "msgid": "ORDER"})
    logger.error("no stock")
    logger.removeHandler(handler)
    handler.close()

    first, second = found(server, 2)
    expected = {
        "body": 'order "17" is slow é😀',
        "level": "WARN",
        "severity_number": 13,
        "service": "shop",
        "host": "web-1",
        "actor_id": "user-7",
        "correlation_id": 'req "7]',
        "trace_id": TRACE,
        "ctx@32473.order": "17",
        "syslog.facility": "user",
        "syslog.procid": "77",
        "syslog.msgid": "ORDER",
        "syslog.peer": "127.0.0.1",
    }
    assert {name: first[name] for name in expected} == expected
    assert (second["body"], second["level"], second["actor_id"]) == ("no stock", "ERROR", None)
    [listed] = server.list("logs", actor_id="user-7")["rows"]
    assert listed["body"] == first["body"]


@pytest.mark.parametrize(
    "flags", [["--udp"], ["--tcp"], ["--tcp", "--octet-count"], ["--udp", "--rfc3164"], ["--tcp", "--rfc3164"]], ids=" ".join
)
def test_logger(syslog, flags):
    server, port = syslog
    assert shutil.which("logger"), "logger(1) is part of every Debian"
    command = ["logger", *flags, "--server", "127.0.0.1", "--port", str(port), "--tag", "shop", "--priority", "auth.crit"]
    subprocess.run([*command, "--id=77", "--", "who let [them] in: é"], check=True, timeout=20)
    [row] = found(server, 1)
    assert (row["body"], row["service"], row["level"]) == ("who let [them] in: é", "shop", "FATAL")
    assert (row["syslog.facility"], row["syslog.procid"]) == ("auth", "77")
    assert row["host"] == socket.gethostname().split(".")[0] or row["host"] == socket.gethostname()


def test_what_is_odd_is_kept_and_what_is_too_long_is_passed_over(syslog):
    server, port = syslog
    messages = [
        b"<13>1 1970-01-01T00:00:01Z h a - - - first\n",
        b"<13>" + b"x" * (64 * 1024 + 1) + b"\n",
        b"99999 <13>" + b"y" * 99_995,
        b"<13>1 1970-01-01T00:00:02Z h a - - - caf\xe9\n",
        b"44 <13>1 2262-04-11T00:00:00Z h a - - - counted",
        b"no syslog at all",
    ]
    with contextlib.closing(socket.create_connection(("127.0.0.1", port))) as connection:
        connection.sendall(b"".join(messages))
    rows = found(server, 4, 'body, "syslog.raw", time')
    bodies = [row["body"] for row in rows]
    assert bodies == ["first", "caf\ufffd", "no syslog at all", "counted"]
    assert bytes.fromhex(rows[1]["syslog.raw"]) == messages[3].strip()
    metrics = server.request("GET", "/metrics").text
    assert 'whodunit_ingest_rows_rejected_total{protocol="syslog",code="too_long"} 2' in metrics


@pytest.mark.parametrize("framing", [FRAMING_NON_TRANSPARENT, FRAMING_OCTET_COUNTING])
def test_tls(make_server, tmp_path, framing):
    authority, port = Authority(tmp_path), free_port()
    certificate, key, _ = authority.issue()
    (tmp_path / "server.pem").write_bytes(certificate)
    (tmp_path / "server.key").write_bytes(key)
    flags = ["--tls-cert", tmp_path / "server.pem", "--tls-key", tmp_path / "server.key"]
    server = make_server(flags=[*flags, "--syslog-tls-listen", f"127.0.0.1:{port}"], scheme="https")
    server.http.verify = str(authority.file)
    server.start()
    handler = Rfc5424SysLogHandler(
        ("localhost", port), socktype=socket.SOCK_STREAM, framing=framing, hostname="web-1", appname="shop",
        tls_enable=True, tls_ca_bundle=str(authority.file),
    )
    logger = logging.getLogger(f"syslog.tls.{framing}")
    logger.propagate = False
    logger.addHandler(handler)
    logger.warning('order "17" is slow é😀')
    [row] = found(server, 1)
    assert (row["body"], row["service"], row["syslog.peer"]) == ('order "17" is slow é😀', "shop", "127.0.0.1")
    with pytest.raises(ssl.SSLError):
        Rfc5424SysLogHandler(("localhost", port), socktype=socket.SOCK_STREAM, tls_enable=True)
    # A sender without TLS is closed, and the one beside it goes on.
    with contextlib.closing(socket.create_connection(("127.0.0.1", port))) as plain:
        plain.sendall(b"<13>1 - h a - - - plain\n")
        plain.settimeout(20)
        with contextlib.suppress(ConnectionResetError):
            while plain.recv(100):
                pass
    logger.error("no stock")
    assert [row["body"] for row in found(server, 2)] == ['order "17" is slow é😀', "no stock"]
    logger.removeHandler(handler)
    handler.close()
