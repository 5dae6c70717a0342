"""A disk whose sync fails: nothing more is acknowledged, health says why, and what was acknowledged is there."""

import subprocess

import pytest

# Stands before the C library's own fdatasync. While the switch file is there, that of the audit log fails as on a
# disk that has lost its writes; every other sync goes through.
LIBRARY = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int fdatasync(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    const char *lever = getenv("E2E_SYNC_FAILS_WHILE");
    if (lever && access(lever, F_OK) == 0 && strstr(path, "/wal/audit/")) {
        errno = EIO;
        return -1;
    }
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return real(file);
}
"""


@pytest.fixture
def failing(tmp_path, make_server):
    """A server and the file that, while it is there, makes its audit log's syncs fail."""
    source, library, lever = tmp_path / "sync.c", tmp_path / "sync.so", tmp_path / "fails"
    source.write_text(LIBRARY)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    environment = {"LD_PRELOAD": str(library), "E2E_SYNC_FAILS_WHILE": str(lever)}
    return make_server(environment=environment), lever


def actions(server):
    rows = server.sql("SELECT action FROM audit_logs WHERE project = 'default'", rows_max=100_000)
    return sorted(row["action"] for row in rows)


def test_a_failed_sync_ends_acknowledgements_until_the_restart(failing):
    server, lever = failing
    server.start()
    acknowledged = [f"before-{number}" for number in range(20)]
    for action in acknowledged:
        assert server.audit({"action": action}).status_code == 200
    assert actions(server) == sorted(acknowledged)

    lever.touch()
    refused = server.audit({"action": "first-refused"})
    assert refused.status_code == 503, refused.text
    lever.unlink()
    # The disk answers again, and what it has lost meanwhile nobody knows.
    for number in range(5):
        refused = server.audit({"action": f"refused-{number}"})
        assert refused.status_code == 503 and "sync" in refused.json()["error"]["message"], refused.text
    health = server.health()
    assert health["status"] == "unhealthy"
    [lane] = [check for check in health["checks"] if check["name"] == "store.audit_lane"]
    assert lane["status"] == "unhealthy" and "Input/output error" in lane["message"], lane
    assert server.http.get(f"{server.url}/health/ready", timeout=10).status_code == 503
    assert server.http.get(f"{server.url}/health/live", timeout=10).status_code == 200
    assert server.logs([{"message": "logs have a log of their own"}]).status_code == 200

    server.kill()
    server.start()
    found = actions(server)
    assert len(found) == len(set(found))
    assert set(acknowledged) <= set(found) <= {*acknowledged, "first-refused"}
    assert server.audit({"action": "after"}).status_code == 200
    assert server.health()["status"] == "healthy"
    assert server.stop() == 0
    assert server.verify().returncode == 0
