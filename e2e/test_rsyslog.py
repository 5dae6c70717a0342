"""rsyslog, unmodified, forwards over UDP, TCP and TLS: what was sent is what is found, byte for byte."""

import contextlib
import socket
import subprocess

import pytest

from certificates import Authority
from harness import free_port, wait_for

BODIES = ['order "17" is slow é😀', "with\ttabs, [brackets] and \\backslashes\\", "x" * 4000]


@pytest.fixture
def server(make_server, tmp_path):
    authority = Authority(tmp_path)
    certificate, key, _ = authority.issue()
    (tmp_path / "server.pem").write_bytes(certificate)
    (tmp_path / "server.key").write_bytes(key)
    plain, encrypted = free_port(), free_port()
    flags = ["--syslog-listen", f"127.0.0.1:{plain}", "--syslog-tls-listen", f"127.0.0.1:{encrypted}"]
    flags += ["--tls-cert", tmp_path / "server.pem", "--tls-key", tmp_path / "server.key"]
    server = make_server(flags=flags, scheme="https")
    server.http.verify = str(authority.file)
    server.authority, server.plain, server.encrypted = authority.file, plain, encrypted
    return server.start()


@contextlib.contextmanager
def rsyslog(directory, action, authority):
    """An instance of its own, with its own configuration and socket, as long as the block runs."""
    configuration, inlet = directory / "rsyslog.conf", directory / "in.sock"
    configuration.write_text(
        f"""
global(workDirectory="{directory}" localHostname="web-1" maxMessageSize="64k"
       parser.escapeControlCharactersOnReceive="off" DefaultNetstreamDriverCAFile="{authority}")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="{inlet}" RateLimit.Interval="0")
action(type="omfwd" target="127.0.0.1" template="RSYSLOG_SyslogProtocol23Format" {action})
"""
    )
    command = ["/usr/sbin/rsyslogd", "-n", "-i", directory / "rsyslog.pid", "-f", configuration]
    with (directory / "rsyslog.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wait_for(inlet.exists, "rsyslog's socket")
            yield inlet
        finally:
            process.terminate()
            process.wait(20)


TLS = 'StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="localhost"'


@pytest.mark.parametrize("way", ["udp", "tcp", "tcp octet-counted", "tls"])
def test_rsyslog(server, tmp_path, way):
    action = {
        "udp": f'protocol="udp" port="{server.plain}"',
        "tcp": f'protocol="tcp" port="{server.plain}"',
        "tcp octet-counted": f'protocol="tcp" port="{server.plain}" TCP_Framing="octet-counted"',
        "tls": f'protocol="tcp" port="{server.encrypted}" TCP_Framing="octet-counted" {TLS}',
    }[way]
    with rsyslog(tmp_path, action, server.authority) as inlet:
        with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as sender:
            for body in BODIES:
                # As syslog(3) of the C library writes it: facility local0, severity warning.
                sender.sendto(f"<132>Nov 28 01:02:03 shop[77]: {body}".encode(), str(inlet))
        count = "SELECT count(*) AS n FROM logs"
        wait_for(lambda: server.sql(count)[0]["n"] >= len(BODIES), (tmp_path / "rsyslog.log").read_text())
    columns = 'body, level, host, service, "syslog.facility", "syslog.procid", "syslog.peer"'
    rows = server.sql(f"SELECT {columns} FROM logs ORDER BY length(body)")
    # rsyslog takes the blank behind the tag for a part of the text, and sends it.
    assert [row.pop("body") for row in rows] == [f" {body}" for body in sorted(BODIES, key=len)]
    for row in rows:
        assert list(row.values()) == ["WARN", "web-1", "shop", "local0", "77", "127.0.0.1"]
    [source] = server.request("GET", "/api/v1/sources").json()["sources"]
    assert (source["protocol"], source["sender"], source["rows"]) == ("syslog", "127.0.0.1", len(BODIES))
