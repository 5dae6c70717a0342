"""TLS from files: who connects, what happens when the files change, and what a bad change does."""

import signal
import socket
import ssl
import subprocess
import threading

import pytest
import requests

from certificates import Authority
from harness import API_KEY, BINARY, INGEST_KEY, clean_environment, run_binary, wait_for


class Files:
    """The certificate and key that a server is told to use."""

    def __init__(self, directory, authority):
        self.authority = authority
        self.certificate, self.key = directory / "server.pem", directory / "server.key"
        self.serial = self.write(*authority.issue())

    def write(self, certificate, key, serial=None):
        self.key.write_bytes(key)
        self.certificate.write_bytes(certificate)
        return serial

    @property
    def flags(self):
        return ["--tls-cert", self.certificate, "--tls-key", self.key]


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path, Authority(tmp_path))


@pytest.fixture
def server(make_server, files):
    server = make_server(flags=files.flags, scheme="https")
    server.http.verify = str(files.authority.file)
    return server.start()


def presented(server, files):
    """The serial number of the certificate in use, after a handshake that checks it."""
    context = ssl.create_default_context(cafile=files.authority.file)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as secured:
            return int(secured.getpeercert()["serialNumber"], 16)


def check(server):
    [found] = [check for check in server.health()["checks"] if check["name"] == "tls"]
    return found


def test_requests_go_over_tls_and_cookies_say_so(server, files):
    assert server.audit({"action": "X"}).json()["accepted"] == 1
    assert presented(server, files) == files.serial
    assert check(server)["status"] == "healthy"
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{server.url}/health", timeout=10)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(files.authority.file)
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
        with old.wrap_socket(plain, server_hostname="localhost") as secured:
            assert secured.version() == "TLSv1.2"


def test_plain_http_is_told_to_use_https(server):
    answer = requests.get(f"http://127.0.0.1:{server.port}/health", timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]["hint"] == "use https:// instead"


def test_a_new_certificate_is_taken_up_and_a_bad_one_is_not(server, files):
    first = files.serial
    second = files.write(*files.authority.issue())
    wait_for(lambda: presented(server, files) == second, "the second certificate is in use")
    assert server.audit({"action": "X"}).ok, "connections that stand go on"

    _, strange_key, _ = files.authority.issue()
    files.key.write_bytes(strange_key)
    wait_for(lambda: check(server)["status"] == "degraded", "health says that the files cannot be used")
    message = check(server)["message"]
    assert "tls_key: the key is not that of the certificate" in message and str(files.key) not in message
    assert presented(server, files) == second != first
    assert "the new TLS certificate cannot be used" in server.log()

    third = files.write(*files.authority.issue())
    server.process.send_signal(signal.SIGHUP)
    wait_for(lambda: presented(server, files) == third, "the third certificate is in use")
    assert check(server)["status"] == "healthy"


def test_a_handshake_that_does_not_come_leaves_the_others_alone(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as silent:
        silent.sendall(b"\x16\x03\x01\x02\x00")
        assert server.health()["status"] == "healthy"


def test_a_server_that_cannot_encrypt_does_not_start(tmp_path, files):
    def started(*flags):
        done = run_binary("serve", "--data", tmp_path / "data", "--listen", "127.0.0.1:0", *flags)
        assert done.returncode != 0
        return done.stderr

    assert "tls_key: is empty, though tls_cert is set" in started("--tls-cert", files.certificate)
    files.certificate.write_text("nothing")
    assert "tls_cert: there is no CERTIFICATE in the file" in started(*files.flags)
    files.certificate.unlink()
    assert "tls_cert: the file cannot be read" in started(*files.flags)


def whodunit(server, ca, *arguments, key=API_KEY):
    return run_binary(*arguments, "--url", server.url, "--ca", ca, "--api-key", key)


def test_our_own_command_line_speaks_https(server, files, tmp_path):
    lines = tmp_path / "app.log"
    lines.write_text('{"message": "imported over https", "service": "shop"}\n')
    imported = whodunit(server, files.authority.file, "import", lines, key=INGEST_KEY)
    assert imported.returncode == 0, imported
    found = whodunit(server, files.authority.file, "query", "SELECT body FROM logs", "--format", "csv")
    assert "imported over https" in found.stdout, found
    told = whodunit(server, files.authority.file, "sources")
    assert "shop" in told.stdout, told
    looked = whodunit(server, files.authority.file, "doctor")
    assert "certificate" not in looked.stderr and f"{server.url}" in looked.stdout + looked.stderr, looked
    environment = {"WHODUNIT_CA": str(files.authority.file), "WHODUNIT_API_KEY": API_KEY}
    asked = run_binary("ask", "failed logins", "--url", server.url, environment=environment)
    assert asked.returncode == 0, asked

    command = [BINARY, "tail", "logs", "--url", server.url, "--ca", files.authority.file, "--api-key", API_KEY]
    tail = subprocess.Popen(command, env=clean_environment(), stdout=subprocess.PIPE, text=True)
    try:
        seen = threading.Event()
        reader = threading.Thread(target=lambda: [seen.set() for line in tail.stdout if "tailed" in line], daemon=True)
        reader.start()
        wait_for(lambda: server.logs([{"message": "tailed"}]).ok and seen.wait(0.2), "a line over https")
    finally:
        tail.terminate()
        tail.wait(20)


def test_a_certificate_of_nobody_we_trust_is_refused_in_words(server, files, tmp_path):
    stranger = Authority(tmp_path, "stranger")
    refused = whodunit(server, stranger.file, "query", "SELECT 1")
    assert refused.returncode != 0 and "invalid peer certificate: UnknownIssuer" in refused.stderr, refused
    without = run_binary("query", "SELECT 1", "--url", server.url, "--api-key", API_KEY)
    assert without.returncode != 0 and "invalid peer certificate: UnknownIssuer" in without.stderr, without
    nothing = whodunit(server, files.key, "query", "SELECT 1")
    assert nothing.returncode != 0 and "no CERTIFICATE in the file" in nothing.stderr, nothing
    missing = whodunit(server, tmp_path / "missing.pem", "query", "SELECT 1")
    assert "the file cannot be read" in missing.stderr, missing


def test_syslog_over_tls_needs_a_certificate(tmp_path):
    flags = ["--syslog-tls-listen", "127.0.0.1:0"]
    done = run_binary("serve", "--data", tmp_path / "data", "--listen", "127.0.0.1:0", *flags)
    assert done.returncode != 0 and "syslog_tls_listen: needs a certificate: set tls_cert and tls_key" in done.stderr
