"""Starts, asks, crashes and stops the built binary, as an operator would."""

import contextlib
import functools
import http.server
import json
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
BINARY = Path(os.environ.get("E2E_BINARY", ROOT / "target" / "debug" / "whodunit"))
INGEST_KEY = "wd_ing_end-to-end-tests-0123456789"
API_KEY = "wd_api_end-to-end-tests-0123456789"
OWNER = ("owner@example.com", "correct horse battery staple")
START_TIMEOUT = 60


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(extra=None):
    """This process's environment without any setting of the binary's."""
    ours = ("WHODUNIT_", "ENABLE_AUDIT_LOGGING")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, **(extra or {})}


def wait_for(condition, what, timeout=90, pause=0.02):
    """The first true value of `condition`, asked again and again until the time is up."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    raise AssertionError(f"{what}: not within {timeout} s")


def run_binary(*arguments, environment=None, directory=None, stdin=None):
    """Runs a command to its end."""
    return subprocess.run(
        [BINARY, *map(str, arguments)],
        env=clean_environment(environment),
        cwd=directory,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )


class _Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def web_site(directory):
    """Serves files as another web server would; the address of their directory."""
    handler = functools.partial(_Files, directory=directory)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{web.server_port}/"
        web.shutdown()


def run_node(script, *arguments):
    """Runs one of the clients under `node` to its end."""
    command = ["node", ROOT / "e2e" / "node" / script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


class Server:
    """One data directory and, at times, a process that serves it."""

    def __init__(self, directory, *, flags=(), environment=None, keys=True, preexec=None, scheme="http"):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.data = self.directory / "data"
        self.flags = list(flags)
        self.environment = dict(environment or {})
        if keys:
            self.environment.setdefault("WHODUNIT_INIT_INGEST_KEY", INGEST_KEY)
            self.environment.setdefault("WHODUNIT_INIT_API_KEY", API_KEY)
        self.preexec = preexec
        self.scheme = scheme
        self.port = free_port()
        self.process = None
        self.http = requests.Session()
        # A proxy or another authority that the machine is set to use would be in the way.
        self.http.trust_env = False

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def spawn(self):
        """Starts the process and does not wait for it."""
        self.stdout = (self.directory / "stdout").open("ab")
        self.stderr = (self.directory / "stderr").open("ab")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", *self.flags],
            env=clean_environment(self.environment),
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=self.stdout,
            stderr=self.stderr,
            preexec_fn=self.preexec,
        )
        return self

    def start(self):
        """Starts the process and waits until it takes requests."""
        self.spawn()
        wait_for(self.is_ready, f"server ready\n{self.log()}", START_TIMEOUT, 0.01)
        return self

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}\n{self.log()}")
        with contextlib.suppress(requests.ConnectionError):
            return self.http.get(f"{self.url}/health/ready", timeout=5).status_code == 200

    def log(self):
        return (self.directory / "stderr").read_text(errors="replace")[-4000:]

    def printed(self):
        return (self.directory / "stdout").read_text()

    def kill(self):
        """The power goes out."""
        self.process.kill()
        self.process.wait()
        self.close()

    def stop(self):
        """Asks the process to end, and returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.close()
        return code

    def close(self):
        # Connections of a dead process must not be used again.
        self.http.close()
        self.stdout.close()
        self.stderr.close()

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill()

    # Requests

    def request(self, method, path, key=API_KEY, **more):
        headers = {"Authorization": f"Bearer {key}", **more.pop("headers", {})}
        return self.http.request(method, f"{self.url}{path}", headers=headers, timeout=60, **more)

    def audit(self, entries, key=INGEST_KEY):
        return self.request("POST", "/api/v1/audit", key, json=entries)

    def logs(self, lines, key=INGEST_KEY, **parameters):
        body = "".join(json.dumps(line) + "\n" for line in lines)
        headers = {"Content-Type": "application/x-ndjson"}
        return self.request("POST", "/api/v1/logs", key, data=body.encode(), headers=headers, params=parameters)

    def sql(self, query, key=API_KEY, **more):
        """Rows as dictionaries."""
        answer = self.request("POST", "/api/v1/sql", key, json={"query": query, **more})
        assert answer.status_code == 200, f"{query}\n{answer.text}"
        body = answer.json()
        names = [column["name"] for column in body["columns"]]
        return [dict(zip(names, row)) for row in body["rows"]]

    def list(self, signal_name, **parameters):
        answer = self.request("GET", f"/api/v1/{signal_name}", params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def timeline(self, **parameters):
        answer = self.request("GET", "/api/v1/timeline", params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()["rows"]

    def settle(self):
        answer = self.request("POST", "/api/v1/admin/settle", json={})
        assert answer.ok, answer.text

    def health(self):
        return self.http.get(f"{self.url}/health", timeout=10).json()

    def verify(self):
        """`verify-data` on the stopped server's files."""
        return run_binary("verify-data", "--data", self.data)
