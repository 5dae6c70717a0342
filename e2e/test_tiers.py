"""Old rows move to another directory: questions still find them, and a crash on the way loses nothing."""

import shutil
import threading

import requests

from test_backup import back_up, restore

DAYS = [f"2026-01-{day:02}" for day in range(5, 15)]


def make(make_server, tmp_path, **options):
    flags = ["--warm-after", "0s", "--cold-after", "0s", "--cold-location", tmp_path / "cold"]
    return make_server(flags=flags, **options)


def send(server, day, count=20):
    entries = [{"action": f"{day}-{number}", "time": f"{day}T10:00:00Z"} for number in range(count)]
    assert server.audit(entries).status_code == 200
    lines = [{"message": f"{day}-{number}", "time": f"{day}T11:00:00Z"} for number in range(count)]
    assert server.logs(lines).status_code == 200


def assert_holds(server, days, count=20):
    expected = sorted(f"{day}-{number}" for day in days for number in range(count))
    for column, table in [("action", "audit_logs"), ("body", "logs")]:
        rows = server.sql(f"SELECT {column} AS text FROM {table} WHERE project = 'default'", rows_max=100_000)
        assert sorted(row["text"] for row in rows) == expected, table


def segments(directory):
    return sorted(path.name for path in directory.rglob("*.parquet") if path.parent.name in DAYS)


def test_old_rows_move_to_the_other_directory_and_are_found_there(make_server, tmp_path):
    server = make(make_server, tmp_path).start()
    send(server, DAYS[0])
    server.settle()
    assert len(segments(tmp_path / "cold")) == 2 and not segments(server.data)
    assert_holds(server, DAYS[:1])
    assert not [check for check in server.health()["checks"] if check["status"] != "healthy"]
    assert server.stop() == 0
    # The directory remembers where they are, also for those who are not told.
    server.flags = []
    assert server.verify().returncode == 0
    server.start()
    assert_holds(server, DAYS[:1])


def test_kills_on_the_way_lose_and_double_nothing(make_server, tmp_path):
    server = make(make_server, tmp_path).start()
    for number, day in enumerate(DAYS):
        send(server, day)

        def settle():
            try:
                server.request("POST", "/api/v1/admin/settle", json={})
            except requests.RequestException:
                pass  # The process was killed meanwhile, which is the point.

        moving = threading.Thread(target=settle)
        moving.start()
        moving.join(0.06 * number)
        server.kill()
        moving.join()
        server.start()
        assert_holds(server, DAYS[: number + 1])
    server.settle()
    assert_holds(server, DAYS)
    assert server.stop() == 0
    server.start()
    assert_holds(server, DAYS)
    assert not segments(server.data), "what kills have left half way is gone after a start"
    assert server.stop() == 0
    verified = server.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_disk_that_is_not_there_is_named(make_server, tmp_path):
    server = make(make_server, tmp_path).start()
    send(server, DAYS[0])
    server.settle()
    server.stop()
    (tmp_path / "cold").rename(tmp_path / "away")
    server.spawn()
    assert server.process.wait(60) != 0
    assert "is its disk mounted?" in server.log() and str(tmp_path / "cold") in server.log(), server.log()
    server.close()
    assert not (tmp_path / "cold").exists(), "it was made anew, and would have hidden the other"
    (tmp_path / "away").rename(tmp_path / "cold")
    server.start()
    assert_holds(server, DAYS[:1])


def test_a_backup_brings_old_rows_back_from_the_other_directory(make_server, tmp_path):
    server = make(make_server, tmp_path).start()
    send(server, DAYS[0])
    server.settle()
    send(server, DAYS[1])
    assert len(segments(tmp_path / "cold")) == 2
    back_up(server, tmp_path / "backups")
    assert server.stop() == 0
    # The disk with the old rows is lost with the server.
    shutil.rmtree(tmp_path / "cold")

    data = tmp_path / "restored"
    done = restore(tmp_path / "backups", data, "--verify")
    assert done.returncode == 0, done.stdout + done.stderr
    server.data, server.flags = data, []
    assert server.verify().returncode == 0
    server.start()
    assert_holds(server, DAYS[:2])
    assert server.stop() == 0
    # And on a machine that has such a disk again.
    server.flags = ["--warm-after", "0s", "--cold-after", "0s", "--cold-location", tmp_path / "cold again"]
    server.start()
    server.settle()
    assert_holds(server, DAYS[:2])
    assert len(segments(tmp_path / "cold again")) >= 2
    assert server.stop() == 0
    assert server.verify().returncode == 0
