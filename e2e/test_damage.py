"""Disks that lie: torn tails, flipped bits. What is damaged is named, and what is not is still there."""

import json

from harness import run_binary


def wal_files(server, lane="audit"):
    return sorted((server.data / "wal" / lane).glob("*.wal"))


def last_written(path):
    """Length up to the last byte that is not zero: files may be longer than what was written into them."""
    return len(path.read_bytes().rstrip(b"\0"))


def flip(path, offset):
    content = bytearray(path.read_bytes())
    content[offset] ^= 0x10
    path.write_bytes(content)


def actions(server):
    rows = server.sql("SELECT action FROM audit_logs WHERE project = 'default' ORDER BY time, seq")
    return [row["action"] for row in rows]


def not_healthy(server):
    return [check for check in server.health()["checks"] if check["status"] != "healthy"]


def test_a_torn_tail_is_cut_off_and_everything_before_it_stays(make_server):
    server = make_server().start()
    for number in range(5):
        assert server.audit({"action": f"action-{number}"}).status_code == 200
    server.kill()
    path = wal_files(server)[-1]
    content, end = path.read_bytes(), last_written(path)
    # Half of a frame as it would look: a copy of the file's own beginning, cut short.
    half = content[: min(end, 100) // 2]
    path.write_bytes(content[:end] + half + content[end + len(half) :])
    server.start()
    assert actions(server) == [f"action-{number}" for number in range(5)]
    assert server.audit({"action": "action-5"}).status_code == 200
    server.kill()
    server.start()
    assert actions(server) == [f"action-{number}" for number in range(6)]


def test_a_flipped_bit_in_the_wal_is_named_with_file_and_offset(make_server):
    server = make_server().start()
    for number in range(20):
        assert server.audit({"action": f"action-{number}", "reason": "x" * 500}).status_code == 200
    server.kill()
    path = wal_files(server)[-1]
    flip(path, last_written(path) // 2)

    checked = server.verify()
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert path.name in checked.stdout + checked.stderr

    server.start()
    problems = not_healthy(server)
    assert problems, "health says nothing"
    told = json.dumps(problems) + server.log()
    assert path.name in told and "offset" in told, told
    kept = actions(server)
    assert kept[:3] == ["action-0", "action-1", "action-2"], "what lies before the damage stays"
    assert list((server.data / "quarantine").rglob("*")), "the damaged bytes are kept"


def test_a_flipped_bit_in_a_segment_is_named(make_server):
    server = make_server().start()
    server.audit([{"action": f"action-{number}", "reason": f"because {number}"} for number in range(500)])
    server.settle()
    server.stop()
    assert server.verify().returncode == 0
    [segment] = (server.data / "segments" / "audit_logs" / "default").rglob("*.parquet")
    flip(segment, segment.stat().st_size // 3)
    checked = server.verify()
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert segment.name in checked.stdout + checked.stderr


def test_a_segment_that_vanished_is_named(make_server):
    server = make_server().start()
    server.audit({"action": "order_deleted"})
    server.settle()
    server.stop()
    [segment] = (server.data / "segments" / "audit_logs" / "default").rglob("*.parquet")
    segment.unlink()
    checked = server.verify()
    assert checked.returncode == 1
    assert segment.name in checked.stdout + checked.stderr


def test_a_directory_of_a_newer_format_is_refused(make_server):
    server = make_server().start()
    server.stop()
    (server.data / "format").write_text("999\n")
    refused = run_binary("serve", "--data", server.data, "--listen", f"127.0.0.1:{server.port}")
    assert refused.returncode != 0 and "999" in refused.stderr, refused.stderr
