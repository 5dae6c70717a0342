"""The pages about errors in Debian's Chromium: tags as filters, analytics, releases, jobs, feedback, files of an event."""

import json
import re
import zlib
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from harness import API_KEY, wait_for
from test_sentry_items import envelope
from test_ui_states import hold
from ui_harness import FORGED, look, make_user, open_page

FILE = b"what the application was doing\n"
LONG = "x" * 600


def ago(**units):
    return (datetime.now(timezone.utc) - timedelta(**units)).strftime("%Y-%m-%dT%H:%M:%SZ")


def event(number, kind, **more):
    frame = {"function": "pay", "module": "shop.pay", "filename": "shop/pay.py", "lineno": 10, "in_app": True}
    return {
        "event_id": f"{number:032x}",
        "timestamp": ago(minutes=number),
        "platform": "python",
        "level": "error",
        "release": "shop@1.4.0",
        "environment": "production",
        "exception": {"values": [{"type": kind, "value": f"order {number} has no price", "stacktrace": {"frames": [frame]}}]},
        **more,
    }


EVENTS = [
    event(1, "PriceError", transaction="/pay", user={"id": "17", "email": "ann@example.com"}, tags={"region": "eu", "till": "!7", "replayId": "r-1"}),
    event(2, "PriceError", transaction="/pay", user={"id": "17", "email": "ann@example.com"}, tags={"region": "eu"}),
    event(3, "PriceError", transaction="/cart", user={"id": "18", "email": "ben@example.com"}, tags={"region": "us"}),
    event(4, "StockError", level="warning", release="shop@1.3.0", request={"url": "https://shop.example.com/stock"}, user={"ip_address": "10.1.2.3"}),
]
CONFIG = {"schedule": {"type": "crontab", "value": "0 3 * * *"}, "checkin_margin": 5, "max_runtime": 60, "timezone": "UTC"}
HOURLY = {"schedule": {"type": "interval", "value": 1, "unit": "hour"}}


class Client:
    """What Sentry's SDKs and command line send, item by item."""

    def __init__(self, server):
        self.server = server
        keys = server.request("GET", "/api/v1/admin/keys", API_KEY).json()["keys"]
        [self.public] = [key["public_id"] for key in keys if key.get("public_id")]

    def send(self, *items, **header):
        sent = requests.post(f"{self.server.url}/api/1/envelope/?sentry_key={self.public}", data=envelope(header, *items), timeout=30)
        assert sent.status_code == 200, sent.text

    def errors(self):
        for one in EVENTS:
            self.send(({"type": "event"}, one), event_id=one["event_id"])

    def file(self, number, name, content=FILE):
        item = {"type": "attachment", "filename": name, "content_type": "text/plain"}
        self.send((item, content), event_id=f"{number:032x}")

    def say(self, number, who, message):
        about = {} if number is None else {"associated_event_id": f"{number:032x}"}
        said = {"message": message, "contact_email": who, "name": who, "url": "https://shop.example.com/cart", **about}
        self.send(({"type": "feedback"}, {"event_id": f"{zlib.crc32(message.encode()):032x}", "timestamp": ago(minutes=1), "contexts": {"feedback": said}}))

    def sessions(self, release, environment, sound, crashed):
        counts = {"aggregates": [{"started": ago(hours=2), "exited": sound, "crashed": crashed}], "attrs": {"release": release, "environment": environment}}
        self.send(({"type": "sessions"}, counts))

    def check_in(self, monitor, number, status, config, **more):
        check_in = {"check_in_id": f"{number:032x}", "monitor_slug": monitor, "status": status, "environment": "production", "monitor_config": config, **more}
        self.send(({"type": "check_in"}, check_in))

    def deploy(self, release, environment):
        made = self.server.request("POST", "/api/v1/admin/keys", json={"kind": "api", "name": "build", "scopes": ["release"]})
        assert made.status_code == 201, made.text
        key = made.json()["secret"]
        for path, body in {"": {"version": release, "projects": ["default"]}, f"{release}/deploys/": {"environment": environment, "name": "blue"}}.items():
            sent = self.server.request("POST", f"/api/0/organizations/any/releases/{path}", key, json=body)
            assert sent.status_code == 201, sent.text


@pytest.fixture
def client(bare):
    return Client(bare)


@pytest.fixture
def broken(bare, client):
    """A shop with errors, and with all that comes beside them."""
    client.errors()
    client.file(1, "run é.log")
    client.say(1, "ann@example.com", "the price is <b>gone</b>")
    client.say(None, "ben@example.com", "where is the cart?")
    client.sessions("shop@1.4.0", "production", 1996, 4)
    client.sessions("shop@1.3.0", "production", 500, 0)
    client.deploy("shop@1.4.0", "production")
    client.check_in("nightly", 1, "in_progress", CONFIG)
    client.check_in("nightly", 1, "error", CONFIG, duration=1.5)
    client.check_in("hourly", 2, "ok", HOURLY)
    # The failed run of the job is an error, too.
    wait_for(lambda: len(bare.list("errors")["rows"]) == len(EVENTS) + 1, "the errors are stored")
    wait_for(lambda: len(bare.list("monitors")["monitors"]) == 2, "the jobs are known")
    wait_for(lambda: len(bare.list("issues", new="true")["issues"]) == 3, "the errors are followed")
    return bare


def issue_of(server, kind):
    [issue] = server.list("issues", type=kind)["issues"]
    return issue["id"]


def chips(page):
    return page.get_by_role("list", name="Filters").locator(".chip")


def test_errors_are_filtered_by_their_tags(chromium, broken):
    page = open_page(chromium, broken, "/errors")
    rows = page.get_by_role("grid", name="Issues").get_by_role("row")
    expect(rows).to_have_count(4)
    tags = page.get_by_role("region", name="Tags")
    tags.get_by_text("region", exact=True).click()
    expect(tags.get_by_role("button", name="eu", exact=False).and_(page.locator(".facet-value"))).to_contain_text("2 · 40%")
    tags.get_by_role("button", name="us", exact=False).and_(page.locator(".facet-value")).click()
    expect(chips(page)).to_have_text(re.compile("tag.region=us"))
    expect(rows).to_have_count(2)
    expect(rows.nth(1).get_by_role("gridcell").nth(4)).to_have_text("1")
    exported = broken.request("GET", "/api/v1/errors/export", params={"tag.region": "us"})
    assert [json.loads(line)["event_id"].replace("-", "") for line in exported.text.splitlines()] == [EVENTS[2]["event_id"]]
    href = page.get_by_role("link", name="Download events as NDJSON").get_attribute("href")
    assert "tag.region=us" in href
    tags.get_by_role("button", name="Without us").click()
    expect(chips(page)).to_have_text(re.compile("tag.region≠us"))
    expect(rows).to_have_count(4)

    # Typed, beside words; a value that begins like an exclusion is meant as it is.
    page.get_by_role("button", name="Remove all filters").click()
    expect(chips(page)).to_have_count(0)
    search = page.get_by_role("searchbox", name="Search in all texts")
    # The field with suggestions is loaded behind the plain one.
    expect(page.locator(".cm-content")).to_be_visible()
    search.fill("price tag.region=eu -level=WARN")
    search.press("Enter")
    expect(chips(page)).to_have_count(3)
    expect(search).to_have_text("price")
    # Names are offered while they are typed, tags of these errors among them, and then their values.
    search.press("End")
    page.keyboard.type(" regi")
    page.get_by_role("option", name="tag.region").click()
    expect(page.get_by_role("option", name="us")).to_be_visible()
    page.get_by_role("option", name="eu").click()
    expect(search).to_have_text("price tag.region=eu ")
    search.fill("lev")
    expect(page.get_by_role("option", name="level")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.get_by_role("option", name="ERROR")).to_be_visible()
    page.keyboard.press("Escape")
    search.fill("price")
    search.press("Enter")
    expect(rows).to_have_count(2)
    search.fill("tag.region=")
    search.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="has no value")).to_be_visible()
    page.goto(f"{broken.url}/errors")
    expect(rows).to_have_count(4)
    tags.get_by_text("till", exact=True).click()
    tags.get_by_role("button", name="!7", exact=False).and_(page.locator(".facet-value")).click()
    expect(rows).to_have_count(2)
    expect(rows.nth(1).get_by_role("gridcell").nth(4)).to_have_text("1")

    # From the tags of an issue to the errors that have the same.
    page.goto(f"{broken.url}/errors/{issue_of(broken, 'PriceError')}?tab=tags")
    expect(page.get_by_text("One of them names a replay")).to_be_visible()
    page.get_by_role("tabpanel").get_by_role("link", name="eu", exact=True).click()
    expect(chips(page)).to_have_text(re.compile("tag.region=eu"))
    expect(rows).to_have_count(2)
    assert not page.complaints, page.complaints


def test_analytics_chart_what_is_filtered_and_filter_by_a_press(chromium, broken):
    page = open_page(chromium, broken, "/errors?environment=production")
    page.get_by_role("navigation", name="Pages about errors").get_by_role("link", name="Analytics").click()
    expect(page.get_by_role("navigation", name="Pages about errors").get_by_role("link", name="Analytics")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("navigation", name="Pages about errors").get_by_role("link", name="Issues")).not_to_have_attribute("aria-current", re.compile("."))
    expect(page.get_by_role("link", name="Errors", exact=True)).to_have_attribute("aria-current", "page")
    expect(chips(page)).to_have_text(re.compile("environment=production"))
    by_page = page.get_by_role("region", name="Errors by page")
    expect(by_page.get_by_role("figure", name="Errors by page: 5")).to_be_visible()
    expect(by_page.get_by_role("button", name="Only /stock")).to_be_visible()
    expect(page.get_by_role("region", name="Errors by release").get_by_role("button", name="Only shop@1.3.0")).to_be_visible()
    by_type = page.get_by_role("region", name="Errors by type").first
    by_type.get_by_role("button", name="Table").click()
    expect(by_type.get_by_role("columnheader", name="PriceError")).to_be_visible()

    free = page.get_by_role("region", name="Crash-free sessions").first
    expect(free).to_contain_text("99.84% of 2,500 sessions without a crash; 4 crashed")
    row = free.get_by_role("row").filter(has_text="shop@1.4.0")
    expect(row).to_contain_text("99.8%")
    expect(row).to_contain_text("80%")

    by_page.get_by_role("button", name="Only /pay").click()
    expect(by_page.get_by_role("figure", name="Errors by page: 2")).to_be_visible()
    expect(chips(page)).to_have_count(2)
    users = page.get_by_role("region", name="Users with the most errors")
    expect(users.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Remove all filters").click()
    expect(users.get_by_role("row")).to_have_count(4)
    expect(users.get_by_role("row").nth(1)).to_contain_text("ann@example.com")
    users.get_by_role("button", name="Only 10.1.2.3").click()
    expect(chips(page)).to_have_text(re.compile("user=10.1.2.3"))
    expect(by_type.get_by_role("figure")).to_have_accessible_name("Errors by type: 1")
    page.get_by_role("navigation", name="Pages about errors").get_by_role("link", name="Issues").click()
    expect(page.get_by_role("grid", name="Issues").get_by_role("row")).to_have_count(2)
    page.goto(f"{broken.url}/errors/analytics")
    page.get_by_role("figure", name="Count over time").get_by_role("button", name="Only WARN").click()
    expect(chips(page)).to_have_text(re.compile("level=WARN"))
    page.goto(f"{broken.url}/errors/analytics?type=Nothing")
    expect(page.get_by_role("heading", name="Nothing fits the filters")).to_be_visible()
    assert not page.complaints, page.complaints


def test_releases_say_how_they_went(chromium, broken, make_ui_server):
    page = open_page(chromium, broken, "/errors/releases")
    rows = page.get_by_role("region", name="Releases").get_by_role("row")
    expect(rows.filter(has_text="shop@")).to_have_count(2)
    cells = rows.filter(has_text="shop@1.4.0").get_by_role("cell")
    expect(cells.nth(1)).to_have_text("80%")
    expect(cells.nth(2)).to_have_text("2,000")
    expect(cells.nth(3)).to_have_text("99.8%")
    expect(cells.nth(5)).to_have_text("3")
    expect(cells.nth(6)).to_have_text("1")
    cells.nth(8).get_by_text("1 deploy").click()
    expect(cells.nth(8)).to_contain_text("blue")
    expect(rows.filter(has_text="shop@1.3.0").get_by_role("cell").nth(8)).to_have_text("—")
    cells.nth(0).get_by_role("button", name="Only production").click()
    expect(chips(page)).to_have_text(re.compile("environment=production"))
    cells.nth(5).get_by_role("link", name="3").click()
    expect(page.get_by_role("grid", name="Issues").get_by_role("row")).to_have_count(2)
    page.goto(f"{broken.url}/errors/releases?environment=nowhere")
    expect(page.get_by_role("heading", name="Nothing fits the filters")).to_be_visible()
    page.goto(f"{broken.url}/errors/releases?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z")
    expect(page.get_by_role("heading", name="Nothing in this range of time")).to_be_visible()
    assert not page.complaints, page.complaints


def test_jobs_say_when_they_are_due_and_what_they_said(chromium, broken):
    page = open_page(chromium, broken, "/errors/jobs")
    rows = page.get_by_role("region", name="Scheduled jobs").get_by_role("row")
    nightly, hourly = rows.filter(has_text="nightly"), rows.filter(has_text="hourly")
    expect(nightly).to_contain_text("failing")
    expect(nightly).to_contain_text("0 3 * * *")
    expect(nightly).to_contain_text("may be 5 minutes late · may run 60 minutes")
    expect(hourly).to_contain_text("well")
    expect(hourly).to_contain_text("every hour")
    page.get_by_role("button", name="Show the check-ins of nightly").click()
    history = page.get_by_role("region", name="Check-ins of nightly")
    expect(history.get_by_role("row")).to_have_count(3)
    expect(history.get_by_role("row").nth(1)).to_contain_text("failed")
    expect(history.get_by_role("row").nth(1)).to_contain_text("1.50 s")
    page.reload()
    expect(history.get_by_role("row")).to_have_count(3)
    page.get_by_role("link", name="Its errors").click()
    issues = page.get_by_role("grid", name="Issues").get_by_role("row")
    expect(issues).to_have_count(2)
    expect(issues.nth(1)).to_contain_text("Job nightly failed")
    page.goto(f"{broken.url}/errors/jobs?q=weekly")
    expect(page.get_by_role("heading", name="No job fits")).to_be_visible()
    page.get_by_role("button", name="Show all jobs").click()
    expect(nightly).to_be_visible()
    assert not page.complaints, page.complaints


def test_feedback_leads_to_its_error_which_has_it_and_its_files(chromium, broken):
    page = open_page(chromium, broken, "/errors/feedback")
    rows = page.get_by_role("grid", name="Feedback").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="where is the cart?")).to_contain_text("the application")
    about = rows.filter(has_text="the price is <b>gone</b>")
    expect(about).to_contain_text("ann@example.com")
    page.get_by_role("searchbox", name="Search in all texts").fill("cart")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert len(lines) == 1 + 1 and "where is the cart?" in lines[1], lines
    page.get_by_role("button", name="Remove all filters").click()
    expect(rows).to_have_count(3)
    about.get_by_role("link", name="PriceError: order 1 has no price").click()
    page.get_by_role("tab", name="Feedback (1)").click()
    panel = page.get_by_role("tabpanel")
    expect(panel).to_contain_text("the price is <b>gone</b>")
    expect(panel).to_contain_text("about this event")
    page.get_by_role("tab", name="Files (1)").click()
    row = panel.get_by_role("row").nth(1)
    expect(row).to_contain_text("run é.log")
    expect(row).to_contain_text("text/plain")
    expect(row).to_contain_text(f"{len(FILE)} B")
    with page.expect_download() as begun:
        row.get_by_role("link", name="Download run é.log").click()
    assert begun.value.suggested_filename == "run é.log"
    with open(begun.value.path(), "rb") as kept:
        assert kept.read() == FILE
    # Another event of the same issue has no files, and the words are about another event.
    page.keyboard.press("[")
    expect(panel.get_by_text("The event came without files.")).to_be_visible()
    page.get_by_role("tab", name="Feedback (1)").click()
    panel.get_by_role("link", name="about another event").click()
    expect(panel).to_contain_text("about this event")
    assert not page.complaints, page.complaints


def test_a_deleted_issue_takes_its_feedback_with_it(broken):
    issue = issue_of(broken, "PriceError")
    [said] = broken.list(f"issues/{issue}/feedback")["feedback"]
    assert said["message"] == "the price is <b>gone</b>"
    other = issue_of(broken, "StockError")
    assert broken.list(f"issues/{other}/feedback")["feedback"] == []
    merged = broken.request("POST", "/api/v1/issues/merge", json={"ids": [issue], "into": other})
    assert merged.ok, merged.text
    assert len(broken.list(f"issues/{other}/feedback")["feedback"]) == 1
    [old] = [row for row in broken.list("releases/health")["releases"] if row["release"] == "shop@1.4.0"]
    assert (old["errors"], old["issues"]) == (3, 1)
    deleted = broken.request("DELETE", f"/api/v1/issues/{other}", json={})
    assert deleted.ok, deleted.text
    assert broken.list(f"issues/{other}/feedback")["feedback"] == []
    [new] = [row for row in broken.list("releases/health")["releases"] if row["release"] == "shop@1.4.0"]
    assert (new["errors"], new["sessions"]) == (0, 2000)
    wrong = broken.request("GET", "/api/v1/releases/health", params={"level": "ERROR"})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "level")


PATHS = ["/errors", "/errors/analytics", "/errors/releases", "/errors/jobs", "/errors/feedback"]


def test_empty_pages_say_so(chromium, bare):
    page = open_page(chromium, bare, "/")
    for path in PATHS:
        page.goto(bare.url + path)
        title = "No job has checked in yet" if path == "/errors/jobs" else "Nothing has come in yet"
        expect(page.get_by_role("heading", name=title), path).to_be_visible()
    assert not page.complaints, page.complaints


QUESTIONS = {
    "/errors/analytics": "**/api/v1/issues/statistics?*",
    "/errors/releases": "**/api/v1/releases/health?*",
    "/errors/jobs": "**/api/v1/monitors",
    "/errors/feedback": "**/api/v1/feedback?*",
}


def test_pages_load_fail_and_are_forbidden(chromium, broken):
    timed_out = {"kind": "timeout", "message": "the query took longer than 30 s", "limit": "query_time"}
    page = open_page(chromium, broken, "/")
    main = page.get_by_role("main")
    for path, question in QUESTIONS.items():
        held = hold(page, question)
        page.goto(broken.url + path)
        expect(main.get_by_role("status", name="Loading").first, path).to_be_visible()
        page.unroute(question)
        for route in held:
            route.fallback()
        expect(main.get_by_role("status", name="Loading"), path).to_have_count(0)
        page.route(question, lambda route: route.fulfill(status=504, json={"error": timed_out}))
        page.goto(broken.url + path)
        failed = main.get_by_role("alert").filter(has_text="took too long").first
        expect(failed, path).to_contain_text("30 s")
        page.unroute(question)
        failed.get_by_role("button", name="Refresh").click()
        expect(failed, path).to_have_count(0)
    # Whodunit's own trail is not for viewers, who may read all of this.
    viewer = open_page(chromium, broken, "/errors/releases", who=make_user(broken, "viewer"))
    expect(viewer.get_by_role("region", name="Releases").get_by_role("row")).to_have_count(3)
    for path in QUESTIONS:
        viewer.goto(f"{broken.url}{path}?project=whodunit")
        expect(viewer.get_by_role("main").get_by_role("heading", name="You may not see this").first, path).to_be_visible()


@pytest.mark.parametrize("language, scheme", [("en", "light"), ("he", "light"), ("en", "dark")])
def test_axe_finds_nothing_and_nothing_overflows(chromium, broken, language, scheme):
    issue = f"/errors/{issue_of(broken, 'PriceError')}"
    page = open_page(chromium, broken, f"/{language}/errors", color_scheme=scheme)
    paths = [*PATHS, "/errors/jobs?open=default nightly production", f"{issue}?tab=files", f"{issue}?tab=feedback", f"{issue}?tab=tags", "/errors?tag.region=eu"]
    found = look(page, broken, language, paths, f"error-pages-{scheme}")
    assert not found, "\n".join(found)
    assert not page.complaints, page.complaints


@pytest.mark.parametrize("language", ["en", "he"])
def test_long_values_widen_nothing(chromium, bare, client, language):
    names = {"release": f"shop@{LONG[:190]}", "environment": "e" * 60, "transaction": "/" + LONG[:190]}
    tags = {f"{'t' * 24}.{at}": FORGED + LONG[:150] for at in range(15)}
    one = event(1, "Price" * 20, **names, tags=tags, user={"id": "u" * 120, "email": "m" * 80 + "@example.com"})
    client.send(({"type": "event"}, one), event_id=one["event_id"])
    client.file(1, "f" * 150 + ".log")
    client.say(1, "m" * 80 + "@example.com", FORGED + LONG)
    client.sessions(names["release"], names["environment"], 10, 1)
    client.check_in("j" * 50, 1, "ok", CONFIG)
    wait_for(lambda: len(bare.list("feedback")["rows"]) == 1 and len(bare.list("monitors")["monitors"]) == 1, "all is stored")
    issue = f"/errors/{bare.list('issues')['issues'][0]['id']}"
    page = open_page(chromium, bare, f"/{language}/errors")
    found = look(page, bare, language, [*PATHS, f"{issue}?tab=files", f"{issue}?tab=feedback"], "error-pages-long")
    assert not found, "\n".join(found)
    assert not page.complaints, page.complaints
