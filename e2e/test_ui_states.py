"""Every page while it waits, when it gets only a part or nothing, when it fails, and for somebody who may not see it."""

import json
import re

import pytest
from playwright.sync_api import expect

from ui_harness import make_user, open_page

# Each page with the question whose answer it waits for.
PAGES = {
    "/": "**/api/v1/activity/summary*",
    "/audit": "**/api/v1/audit?*",
    "/audit/ENTRY": "**/api/v1/audit/*",
    "/logs": "**/api/v1/logs?*",
    "/timeline?correlation_id=req-17": "**/api/v1/timeline?*",
    "/cases": "**/api/v1/cases?*",
    "/cases/CASE": "**/api/v1/cases/*",
    "/server": "**/health/detailed",
    "/welcome": "**/api/v1/sources",
    "/settings": "**/api/v1/me/sessions",
    "/settings?tab=projects": "**/api/v1/admin/projects",
    "/settings?tab=keys": "**/api/v1/admin/keys",
    "/settings?tab=users": "**/api/v1/admin/users",
    "/settings?tab=redaction": "**/api/v1/admin/redaction",
    "/settings?tab=retention": "**/api/v1/admin/settings",
    "/settings?tab=switches": "**/api/v1/admin/settings",
    "/settings?tab=views": "**/api/v1/views",
}
TIMED_OUT = {"kind": "timeout", "message": "the query took longer than 30 s", "limit": "query_time"}


def main_of(page):
    return page.get_by_role("main")


def hold(page, question):
    """The requests that wait for an answer from now on."""
    held = []
    page.route(question, lambda route: held.append(route))
    return held


def go(page, server, path):
    if "ENTRY" in path:
        path = path.replace("ENTRY", server.list("audit", action="order_deleted")["rows"][0]["id"])
    if "CASE" in path:
        path = path.replace("CASE", server.request("POST", "/api/v1/cases", json={"name": "a case"}).json()["id"])
    page.goto(server.url + path)


def test_every_page_says_that_it_loads_and_then_is_there(chromium, shop):
    page = open_page(chromium, shop, "/")
    for path, question in PAGES.items():
        if path == "/welcome":
            # It waits for the first record anyway, and says so.
            continue
        held = hold(page, question)
        go(page, shop, path)
        expect(main_of(page).get_by_role("status", name="Loading").first, path).to_be_visible()
        page.unroute(question)
        for route in held:
            route.fallback()
        expect(main_of(page).locator(".loading"), path).to_have_count(0)
        expect(main_of(page).get_by_role("alert").filter(has_text=re.compile(r"\w")), path).to_have_count(0)
    assert not page.complaints, page.complaints


def test_what_takes_too_long_says_so_and_can_be_asked_again(chromium, shop):
    page = open_page(chromium, shop, "/")
    for path, question in PAGES.items():
        page.route(question, lambda route: route.fulfill(status=504, json={"error": TIMED_OUT}))
        go(page, shop, path)
        failed = main_of(page).get_by_role("alert").filter(has_text="took too long").first
        expect(failed, path).to_contain_text("30 s")
        page.unroute(question)
        failed.get_by_role("button", name="Refresh").click()
        expect(main_of(page).locator(".loading"), path).to_have_count(0)


@pytest.mark.parametrize(
    "answer, title",
    [
        (lambda route: route.fulfill(status=500, json={"error": {"kind": "internal", "message": "a segment cannot be read"}}), "This did not work"),
        (lambda route: route.abort(), "The server cannot be reached"),
        (lambda route: route.fulfill(status=429, json={"error": {"kind": "busy", "message": "16 queries run"}}), "The server is busy"),
    ],
    ids=["failed", "unreachable", "busy"],
)
def test_a_failure_stands_where_the_rows_would_be(chromium, shop, answer, title):
    page = open_page(chromium, shop, "/")
    page.route("**/api/v1/logs?*", answer)
    page.goto(shop.url + "/logs")
    # What may come back by itself is asked for again before it is given up.
    expect(main_of(page).get_by_role("heading", name=title)).to_be_visible(timeout=15_000)
    page.unroute("**/api/v1/logs?*")
    main_of(page).get_by_role("button", name="Refresh").last.click()
    expect(page.get_by_role("grid", name="Log lines")).to_contain_text("line 39")


def test_a_part_is_called_a_part(chromium, shop):
    page = open_page(chromium, shop, "/")

    def cut(route):
        answer = route.fetch()
        body = answer.json()
        body["statistics"] |= {"partial": True, "limit": "query_rows"}
        route.fulfill(response=answer, body=json.dumps(body))

    for path in ["/audit", "/logs", "/timeline?correlation_id=req-17"]:
        page.route(PAGES[path], cut)
        page.goto(shop.url + path)
        notice = main_of(page).get_by_role("status").filter(has_text="This is only a part")
        expect(notice, path).to_contain_text("query_rows")
        page.unroute(PAGES[path])
        page.goto(shop.url + path)
        expect(main_of(page).locator(".row, .timeline-item").first, path).to_be_visible()
        expect(notice, path).to_have_count(0)


def test_nothing_yet_says_what_to_do(chromium, bare):
    page = open_page(chromium, bare, "/")
    expected = {
        "/": "Nothing has happened yet",
        "/audit": "Nothing has come in yet",
        "/logs": "Nothing has come in yet",
        "/timeline": "Whom or what do you want to follow?",
        "/timeline?actor=nobody": "Nothing has come in yet",
        "/audit/01a220a9-b876-7d95-9365-89ab8559ef6e": "There is no such thing",
        "/cases": "No case is open",
        "/cases/01a220a9-b876-7d95-9365-89ab8559ef6e": "There is no such thing",
        "/logs?open=2020-01-01T00:00:00Z+1": "This line is not there",
    }
    for path, heading in expected.items():
        page.goto(bare.url + path)
        expect(page.get_by_role("heading", name=heading), path).to_be_visible()
    for path, words in {"/server": "Nobody has sent anything yet", "/settings?tab=retention": "Never changed", "/settings?tab=views": "No view is saved yet", "/logs?live=on": "Waiting for what comes next"}.items():
        page.goto(bare.url + path)
        expect(main_of(page), path).to_contain_text(words)


def test_who_may_not_see_is_told_so(chromium, shop):
    viewer = make_user(shop, "viewer")
    page = open_page(chromium, shop, "/", who=viewer)
    for path in ["/?project=whodunit", "/audit?project=whodunit", "/logs?project=whodunit", "/timeline?project=whodunit&actor=x"]:
        page.goto(shop.url + path)
        expect(main_of(page).get_by_role("heading", name="You may not see this").first, path).to_be_visible()
    for tab in ["projects", "keys", "users", "redaction", "retention", "switches"]:
        page.goto(f"{shop.url}/settings?tab={tab}")
        expect(main_of(page).get_by_role("heading", name="Only owners and admins may change this"), tab).to_be_visible()
        expect(main_of(page).get_by_role("textbox"), tab).to_have_count(0)
