"""First records: what the pages and the README say to paste, pasted as it stands there."""

import re
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from harness import OWNER, ROOT, wait_for
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


def paste(command):
    # Where the packages of Node.js are.
    done = subprocess.run(command, cwd=ROOT / "e2e" / "node", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("kind", ARRIVES)
def test_what_the_page_says_to_paste_works_as_it_stands_there(chromium, bare, kind):
    page = open_page(chromium, bare, f"/welcome?tab={kind}")
    state = page.get_by_role("status").filter(has_text=re.compile("Waiting|Records arrive"))
    expect(state).to_contain_text("Waiting for the first record")
    page.get_by_role("button", name="Make a key").click()
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
