"""First records: what the pages and the README say to paste, pasted as it stands there."""

import functools
import os
import pwd
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from harness import BINARY, OWNER, ROOT, clean_environment, free_port, wait_for, web_site
from ui_harness import PASSWORD, new_page, open_page

# How each program of the page is run. Those that are not named here are not installed on machines that run the tests.
OTEL_SDK = """
import logging
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource
provider = LoggerProvider(resource=Resource.create())
provider.add_log_record_processor(SimpleLogRecordProcessor(OTLPLogExporter()))
provider.get_logger("shop").emit(body="order 17 is gone", severity_number=None)
provider.shutdown()
"""
# Programs of the machine of a database, before those that are installed there.
SHIMS = {"psql": 'exec {programs}/psql -h {socket} -p {port} -U postgres "$@"', "sudo": "exec {restart}", "whodunit": 'exec {binary} "$@"'}
RUN = {
    "curl": lambda code: ["bash", "-euc", code],
    "Python": lambda code: [sys.executable, "-c", code],
    "Node.js": lambda code: ["node", "--input-type=module", "-e", code],
    "SDK": lambda code: ["bash", "-euc", f'{code}\nexec "$0" -c "$1"', sys.executable, OTEL_SDK],
}
NEW_USER = """async (body) => {
    const { csrf } = await (await fetch('/api/v1/session')).json()
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }
    return (await fetch('/api/v1/admin/users', { method: 'POST', headers, body: JSON.stringify(body) })).status
}"""
NOT_INSTALLED = {"Promtail", "Grafana Alloy", "Vector", "Fluent Bit", "Collector"}
ARRIVES = {"audit": "audit", "logs": "logs", "errors": "errors", "otel": "logs"}
PROGRAMS = "/usr/lib/postgresql/15/bin"


def paste(command):
    # Where the packages of Node.js are.
    done = subprocess.run(command, cwd=ROOT / "e2e" / "node", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def make_key(page):
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_text("It stands in the snippets below")).to_be_visible()


@pytest.mark.parametrize("kind", ARRIVES)
def test_what_the_page_says_to_paste_works_as_it_stands_there(chromium, bare, kind):
    page = open_page(chromium, bare, f"/welcome?tab={kind}")
    state = page.get_by_role("status").filter(has_text=re.compile("Waiting|Records arrive"))
    expect(state).to_contain_text("Waiting for the first record")
    make_key(page)
    programs = page.get_by_role("group", name="Programs")
    names = [name for name in programs.get_by_role("button").all_inner_texts() if name != "Copy"]
    untried = page.get_by_text("not yet tried against Whodunit")
    for name in names:
        programs.get_by_role("button", name=name, exact=True).click()
        code = page.get_by_role("region", name=name, exact=True).inner_text()
        assert "KEY" not in code and "PUBLIC_ID" not in code, "the key that was made stands in it"
        if name in NOT_INSTALLED:
            expect(untried).to_be_visible()
            continue
        expect(untried).to_have_count(0)
        before = len(bare.list(ARRIVES[kind])["rows"])
        paste(RUN[name](code))
        wait_for(lambda: len(bare.list(ARRIVES[kind])["rows"]) == before + 1, f"what {name} sent", timeout=10)
    expect(state).to_contain_text("Records arrive")
    assert not page.complaints, page.complaints


def pasted_from(page, name):
    """What the page has for a program, with a key in it."""
    make_key(page)
    page.get_by_role("group", name="Programs").get_by_role("button", name=name, exact=True).click()
    code = page.get_by_role("region", name=name, exact=True).inner_text()
    assert "PUBLIC_ID" not in code and "KEY" not in code.replace("API_KEY", "")
    return code


@pytest.mark.parametrize("name", ["@sentry/browser", "HTML"])
def test_a_page_tells_of_its_errors(chromium, bare, tmp_path, name):
    page = open_page(chromium, bare, "/welcome?tab=browser")
    code = pasted_from(page, name)
    if name == "HTML":
        (tmp_path / "index.html").write_text(f"<!doctype html>{code}")
    else:
        esbuild = ROOT / "e2e" / "node" / "node_modules" / ".bin" / "esbuild"
        command = [esbuild, "--bundle", f"--outfile={tmp_path}/page.js"]
        subprocess.run(command, input=code, cwd=ROOT / "e2e" / "node", text=True, check=True, capture_output=True, timeout=60)
        (tmp_path / "index.html").write_text("<!doctype html><script src=page.js></script>")
    with web_site(tmp_path) as address:
        visitor = chromium.new_page()
        visitor.goto(address)
        [error] = wait_for(lambda: bare.list("errors")["rows"], "what the page sent")
        visitor.close()
    assert "hello from a page" in error["title"]
    expect(page.get_by_role("status").filter(has_text="Records arrive")).to_be_visible()
    page.get_by_role("link", name="Open the errors").click()
    expect(page.get_by_role("grid")).to_contain_text("hello from a page")


@pytest.fixture
def postgres(tmp_path):
    """A PostgreSQL as a package would run it, and programs that reach it as they would there."""
    with tempfile.TemporaryDirectory(prefix="whodunit-pg") as directory:
        place = Path(directory)
        user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if user is not None:
            os.chown(place, user.pw_uid, user.pw_gid)
        # Whoever pastes the lines reads the log, as its group may.
        runs = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user is not None else {}
        silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        run = functools.partial(subprocess.run, check=True, cwd=place, timeout=60, **silent, **runs)
        port = free_port()
        control = [f"{PROGRAMS}/pg_ctl", "-w", "-D", place / "data", "-l", place / "log"]
        run([f"{PROGRAMS}/initdb", "--no-sync", "--auth=trust", "--username=postgres", "-D", place / "data"])
        settings = f"port = {port}\nlisten_addresses = ''\nunix_socket_directories = '{place}'\nfsync = off\n"
        with (place / "data" / "postgresql.auto.conf").open("a") as file:
            file.write(settings)
        run([*control, "start"])
        restart = place / "restart"
        restart.write_text(f"#!/bin/sh\n{shlex.join(map(str, [*control, 'restart']))} >/dev/null\n")
        restart.chmod(0o755)
        as_user = "setpriv --reuid postgres --regid postgres --clear-groups " if user is not None else ""
        names = {"programs": PROGRAMS, "socket": place, "port": port, "restart": f"{as_user}{restart}", "binary": BINARY}
        shims = tmp_path / "shims"
        shims.mkdir()
        for name, line in SHIMS.items():
            (shims / name).write_text(f"#!/bin/sh\n{line.format(**names)}\n")
            (shims / name).chmod(0o755)
        try:
            yield {**clean_environment(), "PATH": f"{shims}:{os.environ['PATH']}"}
        finally:
            run([*control, "-m", "immediate", "stop"])


def test_a_database_says_who_changed_what(chromium, bare, postgres):
    page = open_page(chromium, bare, "/welcome?tab=postgres")
    code = pasted_from(page, "psql")

    def run(code):
        done = subprocess.run(["bash", "-euc", code], env=postgres, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr

    once, every_minute = code.split("\n\n")
    run(once)
    run("psql -c 'CREATE TABLE orders (id int)' -c 'DELETE FROM orders WHERE id = 17'")
    run("psql -c 'SELECT * FROM ordes' || true")
    run(every_minute)
    lines = bare.sql("SELECT level, actor_name, service, body, dbname FROM logs WHERE application_name = 'psql' ORDER BY time")
    assert {"level": "INFO", "actor_name": "postgres", "service": "postgresql", "body": "statement: DELETE FROM orders WHERE id = 17", "dbname": "postgres"} in lines
    assert ("ERROR", 'relation "ordes" does not exist') in {(line["level"], line["body"]) for line in lines}
    expect(page.get_by_role("status").filter(has_text="Records arrive")).to_be_visible()


def readme_lines(url, ingest, api):
    """The three lines of the README, with this server's address and keys in them."""
    readme = (ROOT / "README.md").read_text()
    lines = [line for line in readme.splitlines() if line.startswith("curl -sS")]
    assert len(lines) == 3, lines
    filled = [line.replace("http://127.0.0.1:8420", url).replace("wd_ing_…", ingest).replace("wd_api_…", api) for line in lines]
    assert not any("…" in line for line in filled), filled
    return filled


def test_a_newcomer_goes_from_the_readme_to_the_answer_and_hands_it_on(chromium, make_server):
    """What the server prints and what the README says is all that is known."""
    server = make_server(keys=False).start()
    printed = server.printed()
    [link] = re.findall(r"http://\S+/setup\?token=\S+", printed)
    [ingest] = set(re.findall(r"wd_ing_[\w-]+", printed))
    [api] = set(re.findall(r"wd_api_[\w-]+", printed))

    page = new_page(chromium)
    page.goto(link)
    page.get_by_label("Your e-mail address").fill(OWNER[0])
    page.get_by_label("Your name").fill("Olga Owner")
    page.get_by_label("A password").fill(OWNER[1])
    page.get_by_role("button", name="Make me the owner").click()
    expect(page.get_by_role("heading", name="Send records")).to_be_visible()
    for line in readme_lines(server.url, ingest, api):
        paste(["bash", "-euc", line])

    expect(page.get_by_text("Records arrive")).to_be_visible()
    page.get_by_role("link", name="See it on Activity").click()
    page.get_by_role("region", name="As it happens").get_by_role("link", name="deleted order 17").click()
    expect(page.locator(".entry-sentence")).to_contain_text("dana@example.com deleted order 17, reason: duplicate")
    changed = page.get_by_role("table").get_by_role("row", name="status")
    expect(changed).to_contain_text("open")
    expect(changed).to_contain_text("deleted")
    page.get_by_role("link", name="Log lines of this request").click()
    expect(page.get_by_role("grid", name="Log lines")).to_contain_text("hello from my application")
    assert parse_qs(urlsplit(page.url).query)["correlation_id"] == ["first-steps"]

    # Somebody else, in a browser of their own.
    viewer = ("viewer@example.com", PASSWORD)
    made = page.evaluate(NEW_USER, {"email": viewer[0], "role": "viewer", "password": viewer[1]})
    assert made == 201
    other = open_page(chromium, server, page.url.removeprefix(server.url), who=viewer)
    expect(other.get_by_role("grid", name="Log lines")).to_contain_text("hello from my application")
    assert other.url == page.url
    complaints = [said for said in page.complaints if "401" not in said]
    assert not complaints + other.complaints, complaints + other.complaints
