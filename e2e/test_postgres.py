"""SQL over the PostgreSQL wire with unmodified clients: psql, psycopg, DuckDB's reader; and with clients that lie."""

import contextlib
import datetime
import decimal
import glob
import json
import os
import socket
import struct
import subprocess
import threading
import uuid

import duckdb
import duckdb_extension_postgres_scanner
import psycopg
import pytest

from certificates import Authority
from harness import API_KEY, INGEST_KEY, free_port, wait_for

PSQL = "/usr/lib/postgresql/15/bin/psql"
# As printed in the issue that asked for this.
THREE = [
    "SELECT COUNT(*), MAX(timestamp) FROM session_events;",
    "SELECT action, entity, COUNT(*) FROM audit_logs WHERE created_at > NOW() - INTERVAL '1 day' GROUP BY action, entity;",
    "SELECT level, COUNT(*) FROM error_logs WHERE created_at > NOW() - INTERVAL '1 day' GROUP BY level;",
]
TABLES = {
    "audit_logs", "logs", "error_events", "session_events", "spans", "samples",
    "attachments", "feedback", "check_ins", "release_sessions",
    "change_history", "security_events", "data_access_logs", "error_logs", "timeline", "sources",
}


def start(make_server, **more):
    port = free_port()
    flags = ["--pg-listen", f"127.0.0.1:{port}", *more.pop("flags", [])]
    server = make_server(flags=flags, **more)
    server.pg = port
    return server


@pytest.fixture
def server(make_server):
    server = start(make_server).start()
    entries = [
        {"action": "order_deleted", "target_type": "order", "target_id": str(number), "actor_email": "dana@example.com"}
        for number in range(3)
    ]
    entries.append({"action": "LOGIN", "changes": [{"field": "a", "before": 1, "after": None}], "metadata": {"k": [1]}})
    assert server.audit(entries).json()["accepted"] == 4
    lines = [{"level": "ERROR", "message": f"it's \"{number}\"\t\\", "size": number / 2} for number in range(5)]
    assert server.logs([*lines, {"level": "INFO", "message": "fine", "size": None}]).json()["accepted"] == 6
    return server


def psql(server, *commands, key=API_KEY, flags=(), database="whodunit", **environment):
    """What psql prints for commands, and what it complains of."""
    arguments = [PSQL, "-X", "-h", "localhost", "-p", str(server.pg), "-U", "api", "-d", database, *flags]
    for command in commands:
        arguments += ["-c", command]
    environment = {**os.environ, "PGPASSWORD": key, "PGCONNECT_TIMEOUT": "20", **environment}
    return subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=120)


def lines(server, *commands, **more):
    done = psql(server, *commands, flags=["-At"], **more)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return done.stdout.splitlines()


def connect(server, **more):
    given = {"host": "127.0.0.1", "port": server.pg, "user": "api", "password": API_KEY, "dbname": "whodunit"}
    return psycopg.connect(**{**given, "connect_timeout": 20, **more})


def connect_when_free(server):
    """A place of a connection that has ended is given back a moment later."""

    def free():
        try:
            return connect(server)
        except psycopg.OperationalError as refused:
            assert "too many connections" in str(refused), refused
            return None

    return wait_for(free, "a place is given back")


def made_key(server, **more):
    body = {"kind": "api", "name": "made", "scopes": ["read_telemetry", "read_audit"], **more}
    answer = server.request("POST", "/api/v1/admin/keys", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


# psql


def test_psql_runs_the_three_questions_as_printed(server):
    assert lines(server, THREE[0]) == ["0|"]
    found = set(lines(server, THREE[1]))
    assert {"order_deleted|order|3", "LOGIN||1"} <= found
    assert lines(server, THREE[2]) == ["ERROR|5"]


def test_psql_lists_tables_and_describes_them(server):
    shown = psql(server, r"\d")
    assert shown.returncode == 0 and not shown.stderr, shown.stderr
    listed = {line.split("|")[1].strip() for line in shown.stdout.splitlines() if line.startswith(" public")}
    assert listed == TABLES
    tables = psql(server, r"\dt").stdout
    assert "audit_logs" in tables and "error_logs" not in tables
    views = psql(server, r"\dv").stdout
    assert "error_logs" in views and "audit_logs" not in views
    described = psql(server, r"\d audit_logs")
    assert described.returncode == 0 and not described.stderr, described.stderr
    columns = {}
    for line in described.stdout.splitlines()[3:]:
        name, kind, *_ = [part.strip() for part in line.split("|")] + [""]
        columns[name] = kind
    expected = {
        "time": "timestamp with time zone", "created_at": "timestamp with time zone", "entity": "text",
        "id": "uuid", "leaf_index": "bigint", "metadata": "json", "trace_id": "text",
    }
    assert {name: columns.get(name) for name in expected} == expected
    assert "size" in psql(server, r"\d logs").stdout, "attributes are columns"
    for command in [r"\d+ audit_logs", r"\l", r"\dn", r"\du", r"\di", r"\df", r"\dt+", r"\dt audit*", r"\conninfo"]:
        done = psql(server, command)
        assert done.returncode == 0 and "ERROR" not in done.stderr, f"{command}\n{done.stderr}"


def test_psql_hears_what_is_wrong_in_postgresqls_words(server):
    def refused(command, code):
        done = psql(server, command, flags=["-v", "VERBOSITY=verbose"])
        assert done.returncode == 1 and f"ERROR:  {code}:" in done.stderr, done.stderr
        return done.stderr

    assert "did you mean actor_id" in refused("SELECT actr_id FROM audit_logs", "42703")
    refused("SELECT 1 FROM nothing_like_it", "42P01")
    refused("SELEC 1", "42601")
    for command in ["INSERT INTO logs VALUES (1)", "DELETE FROM audit_logs", "CREATE TABLE a (b int)", "DROP TABLE logs"]:
        assert "read-only transaction" in refused(command, "25006")
    refused("SELECT 1/0", "22012")
    assert "statement_timeout" in refused(
        "SET statement_timeout = 50; SELECT count(*) FROM generate_series(1, 100000000000) a", "57014"
    )


def test_an_answer_without_rows_says_in_a_notice_where_it_looked(server):
    done = psql(server, "SELECT id FROM audit_logs WHERE target_id = 'never' AND time > NOW() - INTERVAL '1 day'")
    assert done.returncode == 0 and "(0 rows)" in done.stdout
    assert "NOTICE:  no rows; searched audit_logs since " in done.stderr
    assert "heard from" in done.stderr, "and since when its sources have been heard from"
    assert psql(server, "SELECT 1 WHERE false").stderr == "", "nothing was looked through"


def test_several_statements_and_transactions_in_one_text(server):
    assert lines(server, "BEGIN; SELECT 1; COMMIT; SELECT 2") == ["BEGIN", "1", "COMMIT", "2"]
    done = psql(server, "BEGIN", "SELECT nothing", "SELECT 1", "COMMIT", "SELECT 2", flags=["-At"])
    assert done.stdout.splitlines() == ["BEGIN", "ROLLBACK", "2"], done.stdout
    assert "current transaction" in done.stderr or "transaction has failed" in done.stderr
    assert lines(server, "SET application_name = 'x'", "SHOW application_name", "SHOW server_version") == [
        "SET", "x", "15.0",
    ]
    assert lines(server, "SELECT version()")[0].startswith("PostgreSQL 15")
    assert lines(server, "SELECT current_schema(), current_database(), current_user") == ["public|whodunit|api"]


def test_copy_in_its_three_forms(server):
    question = "SELECT message, size FROM (SELECT body AS message, size FROM logs) AS l ORDER BY size"
    text = psql(server, f"COPY ({question}) TO STDOUT").stdout.splitlines()
    assert text[1] == "it's \"1\"\\t\\\\\t0.5" and text[-1] == "fine\t\\N"
    table = psql(server, f"COPY ({question}) TO STDOUT WITH (FORMAT csv, HEADER)").stdout.splitlines()
    assert table[0] == "message,size" and table[-1] == "fine,"
    with connect(server) as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY ({question}) TO STDOUT (FORMAT BINARY)") as copy:
            copy.set_types(["text", "float8"])
            rows = list(copy.rows())
    assert rows[2] == ("it's \"2\"\t\\", 1.0) and rows[-1] == ("fine", None)


# psycopg


def test_psycopg_sends_parameters_and_reads_values_in_both_forms(server):
    before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    with connect(server) as connection:
        for query in THREE:
            connection.execute(query).fetchall()
        for binary in (False, True):
            cursor = connection.cursor(binary=binary)
            cursor.execute(
                "SELECT target_id, time, id, leaf_index, metadata, trace_id FROM audit_logs"
                " WHERE project = %s AND action = %s AND time > %s AND leaf_index >= %s AND target_id = ANY(%s)"
                " ORDER BY leaf_index LIMIT %s",
                ("default", "order_deleted", before, 1, ["0", "1", "2"], 1),
            )
            [(target, time, ident, leaf, metadata, trace)] = cursor.fetchall()
            assert (target, leaf, metadata, trace) == ("1", 1, None, None)
            assert time > before and time.tzinfo is not None and isinstance(ident, uuid.UUID)
            assert cursor.execute("SELECT count(*) FROM audit_logs WHERE id = %s", (ident,)).fetchone() == (1,)
            cursor.execute("SELECT changes, metadata FROM audit_logs WHERE action = %b", ("LOGIN",))
            assert cursor.fetchone() == ([{"field": "a", "before": 1, "after": None}], {"k": [1]})
            cursor.execute(
                "SELECT 1::smallint, 2::int, 3::bigint, 1.5::real, 2.25::double precision, 12.50::decimal(10, 2),"
                " true, 'x', NULL, date '2026-11-20', interval '1 day 2 hours', timestamp '2026-11-20 01:02:03.5',"
                " make_array(1, NULL, 3), make_array('a', 'b \"c')"
            )
            assert cursor.fetchone() == (
                1, 2, 3, 1.5, 2.25, decimal.Decimal("12.50"), True, "x", None, datetime.date(2026, 11, 20),
                datetime.timedelta(days=1, hours=2), datetime.datetime(2026, 11, 20, 1, 2, 3, 500000),
                [1, None, 3], ["a", 'b "c'],
            )
        assert [column.name for column in cursor.description][6:9] == ["bool", "?column?", "?column?"]


def test_prepared_statements_are_reused_and_described(server):
    with connect(server, prepare_threshold=1) as connection:
        for number in range(20):
            query = "SELECT target_id FROM audit_logs WHERE project = 'default' AND target_id = %s"
            assert connection.execute(query, (str(number % 3),), prepare=True).fetchall() == [(str(number % 3),)]
        with pytest.raises(psycopg.errors.UndefinedColumn):
            connection.execute("SELECT nothing FROM logs WHERE body = %s", ("x",), prepare=True)
        connection.rollback()
        assert connection.execute("SELECT %s::text || 'b', %s", ("a", 7)).fetchone() == ("ab", 7)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("INSERT INTO logs (body) VALUES (%s)", ("x",))
        connection.rollback()
        with connection.pipeline():
            results = [connection.execute("SELECT %s::int", (number,)) for number in range(5)]
        assert [result.fetchone()[0] for result in results] == list(range(5))


def test_a_running_question_is_cancelled_from_outside(server):
    endless = "SELECT count(*) FROM generate_series(1, 100000000000) a"
    with connect(server, autocommit=True) as connection:
        failures = []

        def ask():
            with pytest.raises(psycopg.errors.QueryCanceled) as failure:
                connection.execute(endless)
            failures.append(failure)

        asking = threading.Thread(target=ask)
        asking.start()
        wait_for(lambda: connection.cancel_safe(timeout=10) or not asking.is_alive(), "the question is cancelled", pause=0.1)
        asking.join(30)
        assert len(failures) == 1
        assert connection.execute("SELECT 1").fetchone() == (1,)


# DuckDB


def attached(server):
    pattern = os.path.join(os.path.dirname(duckdb_extension_postgres_scanner.__file__), "extensions", "*", "*")
    [extension] = glob.glob(pattern)
    connection = duckdb.connect()
    connection.load_extension(extension)
    address = f"host=127.0.0.1 port={server.pg} user=api dbname=whodunit password={API_KEY}"
    connection.execute(f"ATTACH '{address}' AS w (TYPE postgres, READ_ONLY)")
    connection.execute("USE w")
    return connection


def test_duckdb_attaches_and_runs_the_three_questions(server):
    connection = attached(server)
    assert {name for (name,) in connection.execute("SHOW TABLES").fetchall()} == TABLES
    assert connection.execute(THREE[0]).fetchall() == [(0, None)]
    found = connection.execute(THREE[1]).fetchall()
    assert ("order_deleted", "order", 3) in found and ("LOGIN", None, 1) in found
    assert connection.execute(THREE[2]).fetchall() == [("ERROR", 5)]
    rows = connection.execute("SELECT body, size FROM logs WHERE size >= 1 ORDER BY size").fetchall()
    assert rows == [(f"it's \"{number}\"\t\\", number / 2) for number in range(2, 5)]
    [(kind, found)] = connection.execute("SELECT typeof(id), metadata FROM audit_logs WHERE action = 'LOGIN'").fetchall()
    assert kind == "UUID" and json.loads(found) == {"k": [1]}
    assert connection.execute("SELECT * FROM postgres_query('w', 'SELECT count(*) AS n FROM logs')").fetchall() == [(6,)]


# Who may


def test_keys_see_what_is_theirs_and_nothing_else(server):
    assert server.request("POST", "/api/v1/admin/projects", json={"slug": "shop"}).status_code == 201
    shop = made_key(server, projects=["shop"])["secret"]
    assert lines(server, "SELECT count(*) FROM audit_logs", key=shop) == ["0"]
    assert lines(server, "SELECT count(*) FROM audit_logs", key=shop, database="shop") == ["0"]
    assert lines(server, "SELECT count(*) FROM audit_logs", database="default") == ["4"]
    for database in ("default", "nowhere", "whodunit2"):
        done = psql(server, "SELECT 1", key=shop, database=database)
        assert done.returncode == 2 and "no database is called" in done.stderr, done.stderr
    telemetry = made_key(server, scopes=["read_telemetry"])["secret"]
    done = psql(server, "SELECT * FROM audit_logs", key=telemetry)
    assert done.returncode == 1 and "read_audit" in done.stderr
    assert "audit_logs" not in psql(server, r"\d", key=telemetry).stdout


def test_only_keys_sign_in_and_failures_are_in_the_trail(server):
    for key, user in [("wd_api_nobody-has-this-key", "api"), (INGEST_KEY, "api"), (API_KEY, "root"), ("", "api")]:
        with pytest.raises(psycopg.OperationalError) as failure:
            connect(server, password=key or "x", user=user)
        assert "no API key" in str(failure.value) or "no user is called" in str(failure.value), failure.value
    query = "SELECT action FROM audit_logs WHERE project = 'whodunit' AND action IN ('LOGIN_FAILED', 'AUTHENTICATION_REFUSED')"
    rows = wait_for(lambda: len(found := server.sql(query)) >= 4 and found, "failures are in the trail")
    assert {row["action"] for row in rows} == {"LOGIN_FAILED", "AUTHENTICATION_REFUSED"}


def test_a_revoked_key_ends_its_session_at_the_next_question(server):
    made = made_key(server)
    with connect(server, password=made["secret"], autocommit=True) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        answer = server.request("DELETE", f"/api/v1/admin/keys/{made['key']['id']}", json={})
        assert answer.ok, answer.text
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_reads_of_audit_entries_are_recorded_as_over_http(server):
    query = "SELECT target_id FROM audit_logs WHERE target_id = '2'"
    assert lines(server, query) == ["2"]
    assert lines(server, f"COPY ({query}) TO STDOUT") == ["2"]
    lines(server, "SELECT count(*) FROM logs")
    question = (
        "SELECT action, metadata, actor_type FROM audit_logs WHERE project = 'whodunit' AND category = 'access'"
        " AND outcome = 'success' AND state = 'complete' ORDER BY leaf_index"
    )

    def recorded():
        rows = [row for row in server.sql(question) if (row["metadata"] or {}).get("operation") == "postgres"]
        return rows if len(rows) >= 2 else None

    rows = wait_for(recorded, "both reads are in the trail")
    assert [row["action"] for row in rows] == ["audit_logs_accessed", "EXPORT"]
    assert rows[0]["actor_type"] == "api_key" and query in rows[0]["metadata"]["query"]
    assert rows[0]["metadata"]["rows"] == 1


def test_sessions_are_encrypted_when_there_is_a_certificate(make_server, tmp_path):
    authority = Authority(tmp_path)
    certificate, key, _ = authority.issue()
    (tmp_path / "cert.pem").write_bytes(certificate)
    (tmp_path / "key.pem").write_bytes(key)
    flags = ["--tls-cert", tmp_path / "cert.pem", "--tls-key", tmp_path / "key.pem"]
    server = start(make_server, flags=flags, scheme="https")
    server.http.verify = str(authority.file)
    server.start()
    verified = {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": str(authority.file)}
    shown = psql(server, r"\conninfo", **verified)
    assert "SSL connection (protocol: TLSv1.3" in shown.stdout, shown.stdout + shown.stderr
    assert lines(server, "SELECT 1", **verified) == ["1"]
    assert lines(server, "SELECT 1", PGSSLMODE="disable") == ["1"], "who does not ask is not forced"


# Limits, and clients that lie


def test_connections_past_the_bound_are_told_so(make_server):
    server = start(make_server, flags=["--pg-connections-max", "2"]).start()
    with connect(server), connect(server):
        with pytest.raises(psycopg.OperationalError, match="too many connections"):
            connect(server)
    wait_for(lambda: psql(server, "SELECT 1").returncode == 0, "places are given back")


def test_an_answer_that_a_limit_would_cut_is_an_error(make_server):
    server = start(make_server, flags=["--query-rows-max", "10"]).start()
    done = psql(server, "SELECT * FROM generate_series(1, 11) AS t(a)", flags=["-v", "VERBOSITY=verbose"])
    assert "54000" in done.stderr and "query_rows_max" in done.stderr, done.stderr
    assert len(lines(server, "SELECT * FROM generate_series(1, 10) AS t(a)")) == 10


STARTUP = b"\0\x03\0\0user\0api\0database\0whodunit\0\0"
LIES = {
    "nothing": b"",
    "half a length": b"\0\0",
    "a length of nothing": struct.pack(">I", 0),
    "a negative length": b"\xff\xff\xff\xff",
    "an endless start": struct.pack(">I", 2**31 - 1),
    "http": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "tls without a certificate": b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + b"\0" * 100,
    "protocol two": struct.pack(">II", 8, 2 << 16),
    "no end of parameters": struct.pack(">II", 16, 3 << 16) + b"user\0api",
    "latin": struct.pack(">II", 8 + 10, 3 << 16) + b"user\0\xe9\xe9\0\0\0",
    "a question before the sign-in": struct.pack(">I", len(STARTUP) + 4) + STARTUP + b"Q\0\0\0\x0dSELECT 1\0",
    "a huge answer to the sign-in": struct.pack(">I", len(STARTUP) + 4) + STARTUP + b"p" + struct.pack(">I", 2**30),
    "no such mechanism": struct.pack(">I", len(STARTUP) + 4) + STARTUP + b"p\0\0\0\x0ePLAIN\0\0\0\0\0",
    "a strange message": struct.pack(">I", len(STARTUP) + 4) + STARTUP + b"\x01\0\0\0\x04",
    "encryption again and again": struct.pack(">II", 8, 80877103) * 50,
}


@pytest.mark.parametrize("lie", LIES)
def test_malformed_bytes_end_their_own_connection_only(server, lie):
    with socket.create_connection(("127.0.0.1", server.pg), timeout=30) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(LIES[lie])
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
    assert lines(server, "SELECT 1") == ["1"]
    assert "panic" not in server.log()


def test_a_client_that_turns_bad_after_its_sign_in_loses_its_place(make_server):
    server = start(make_server, flags=["--pg-connections-max", "1"]).start()
    bad = [
        b"B" + struct.pack(">I", 12) + b"\0\0\xff\xff\xff\xff\0\0",
        b"P" + struct.pack(">I", 6) + b"\xff\0",
        b"Q" + struct.pack(">I", 2**31 - 1),
        b"D\0\0\0\x06?\0",
        b"?\0\0\0\x04",
    ]

    for message in bad:
        with connect_when_free(server) as connection:
            raw = socket.socket(fileno=os.dup(connection.fileno()))
            with raw:
                raw.setblocking(True)
                raw.sendall(message)
                told = b""
                while piece := raw.recv(4096):
                    told += piece
            assert b"FATAL" in told and b"08P01" in told, told
    connect_when_free(server).close()
    assert "panic" not in server.log()
