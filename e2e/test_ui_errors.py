"""Errors in Debian's Chromium: what a Sentry SDK sent, found, read, and joined to what happened around it."""

import re

import flask
import pytest
import sentry_sdk
from playwright.sync_api import expect
from sentry_sdk.integrations.flask import FlaskIntegration

from harness import API_KEY, wait_for
from test_ui_states import hold
from ui_harness import FORGED, axe, fill, look, make_user, open_page, settle, wider_than_window

BROKEN = 3
USERS = ["ann@example.com", "ben@example.com", FORGED]


def price_of(order):
    prices = {"16": 3}
    return prices[order]


def broken_shop():
    app = flask.Flask("shop")
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.route("/pay/<order>", methods=["POST"])
    def pay(order):
        who = USERS[int(order) % len(USERS)]
        scope = sentry_sdk.get_isolation_scope()
        scope.set_user({"id": f"user-{order}", "email": who})
        scope.set_tag("session_id", f"visit-{order}")
        scope.set_tag("region", "eu" if order == "17" else "us")
        scope.set_context("cart", {"items": 3, "note": "<b>gift</b>"})
        sentry_sdk.add_breadcrumb(category="payment", message=f"order {order} is paid", data={"step": 2})
        sentry_sdk.add_breadcrumb(category="mail", message="the receipt waits", level="warning")
        try:
            price_of(order)
        except KeyError as missing:
            raise ValueError(f"order {order} has no price") from missing

    return app


def send_errors(server):
    """One bug met by three orders, and two messages; beside them an entry and a line of the first order's request."""
    keys = server.request("GET", "/api/v1/admin/keys", API_KEY).json()["keys"]
    [public] = [key["public_id"] for key in keys if key.get("public_id")]
    sentry_sdk.init(
        dsn=f"http://{public}@127.0.0.1:{server.port}/1",
        release="shop@1.4.0",
        environment="staging",
        server_name="web-1",
        send_default_pii=True,
        integrations=[FlaskIntegration()],
    )
    # What the application logs of it is of no interest here. Loggers are the process's, which other tests share.
    app = broken_shop()
    app.logger.disabled = True
    try:
        for order in range(17, 17 + BROKEN):
            headers = {"X-Request-ID": f"pay-{order}", "User-Agent": "Browser/1"}
            answer = app.test_client().post(f"/pay/{order}?page=2", json={"note": "gift"}, headers=headers)
            assert answer.status_code == 500
        for n in range(2):
            sentry_sdk.capture_message(f"disk {90 + n}% full", level="warning")
        sentry_sdk.flush(10)
    finally:
        app.logger.disabled = False
        sentry_sdk.get_client().close(timeout=5)
        sentry_sdk.init()
    server.audit([{"action": "order_paid", "actor_email": "ann@example.com", "target_type": "order", "target_id": "17", "correlation_id": "pay-17"}])
    server.logs([{"level": "WARN", "message": "no price in the list", "service": "shop", "correlation_id": "pay-17"}])
    wait_for(lambda: len(server.list("errors")["rows"]) == BROKEN + 2, "the errors are stored")


@pytest.fixture
def broken(bare):
    """A shop whose payments fail."""
    fill(bare)
    send_errors(bare)
    return bare


def issue_of(server, title):
    [issue] = [one for one in server.list("issues")["issues"] if title in one["title"]]
    return issue


def test_issues_are_found_sorted_filtered_and_opened_with_the_keys(chromium, broken):
    page = open_page(chromium, broken, "/")
    page.keyboard.press("g")
    page.keyboard.press("e")
    rows = page.get_by_role("grid", name="Issues").get_by_role("row")
    expect(rows).to_have_count(3)
    payment = rows.filter(has_text="ValueError: order")
    expect(payment).to_contain_text("has no price")
    expect(payment).to_contain_text("pay (")
    expect(payment).to_contain_text("staging")
    expect(payment.get_by_role("gridcell").nth(4)).to_have_text(str(BROKEN))
    expect(payment.get_by_role("gridcell").nth(5)).to_have_text(str(BROKEN))
    expect(payment.get_by_role("img", name=re.compile("Events over time: .*3$"))).to_be_visible()
    # Last seen first.
    expect(rows.nth(1)).to_contain_text("disk")

    page.get_by_role("button", name="Sort by").click()
    page.get_by_role("option", name="Events").click()
    expect(rows.nth(1)).to_contain_text("has no price")
    assert "sort=events" in page.url
    expect(page.locator(".chip")).to_have_count(0)

    page.get_by_role("button", name="WARN", exact=False).and_(page.locator(".facet-value")).click()
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("disk")
    page.get_by_role("button", name="Remove all filters").click()
    expect(rows).to_have_count(3)
    expect(page.locator(".cm-content")).to_be_visible()
    page.get_by_role("searchbox", name="Search in all texts").fill("nothing-like-this")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing fits the filters")).to_be_visible()
    page.get_by_role("button", name="Remove all filters").last.click()
    expect(rows).to_have_count(3)

    page.locator("main").click(position={"x": 5, "y": 5})
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(2)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    wait_for(lambda: f"/errors/{issue_of(broken, 'has no price')['id']}" in page.url, "the issue opens")
    page.go_back()
    expect(rows).to_have_count(3)
    page.goto(broken.url + "/admin/errors?actor_email=ann@example.com")
    expect(rows).to_have_count(2)
    assert not page.complaints, page.complaints


def test_an_issue_shows_where_it_broke_and_what_happened_around_it(chromium, broken):
    issue = issue_of(broken, "has no price")
    events = broken.list("errors", issue_id=issue["id"], direction="asc")["rows"]
    page = open_page(chromium, broken, f"/errors/{issue['id']}")
    expect(page.get_by_role("heading", name="ValueError: order 19 has no price", level=2)).to_be_visible()
    expect(page.get_by_role("figure", name="Events over time: 3")).to_be_visible()

    # The stack: what was thrown, then its cause; calls of the application are open, those of libraries are not.
    stack = page.get_by_role("region", name="Stack")
    expect(stack.get_by_role("heading", level=4)).to_have_text(["ValueError: order 19 has no price", "KeyError: '19'"])
    thrown = stack.get_by_role("list", name="Calls, the innermost first").first
    expect(thrown).to_have_attribute("dir", "ltr")
    expect(thrown.locator(".source-line.current").first).to_contain_text("raise ValueError")
    expect(thrown.get_by_role("row", name="order")).to_contain_text("'19'")
    library = thrown.locator("details.library")
    expect(library).not_to_have_attribute("open", "")
    library.locator("summary").first.click()
    expect(library.get_by_text("wsgi_app", exact=True)).to_be_visible()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy as text").click()
    expect(page.locator(".toast")).to_contain_text("copied as text")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("ValueError: order 19 has no price\n    at pay (") and "\ncaused by: KeyError: '19'\n    at price_of (" in copied

    # From event to event.
    events_of = page.get_by_role("navigation", name="Events of this issue")
    expect(events_of.get_by_role("button", name="Newer event")).to_have_attribute("aria-disabled", "true")
    expect(events_of.get_by_role("button", name="Older event")).not_to_have_attribute("aria-disabled", "true")
    page.keyboard.press("[")
    expect(stack.get_by_role("heading", level=4).first).to_have_text("ValueError: order 18 has no price")
    events_of.get_by_role("button", name="Oldest").click()
    expect(stack.get_by_role("heading", level=4).first).to_have_text("ValueError: order 17 has no price")
    assert f"event={events[0]['event_id']}" in page.url
    expect(events_of.get_by_role("button", name="Older event")).to_have_attribute("aria-disabled", "true")

    # What happened: the entry and the line of its request, and the entry is known to come from the same request.
    around = page.get_by_role("complementary", name="What happened").locator(".timeline-item")
    expect(around.filter(has_text="ann@example.com: order_paid order 17")).to_contain_text("same request pay-17")
    expect(around.filter(has_text="no price in the list")).to_have_count(1)
    expect(around.filter(has_text="this one")).to_have_count(1)
    # Of the same user, though of no request of theirs.
    expect(around.filter(has_text="order 18 has no price")).to_have_count(0)
    page.reload()
    expect(around.filter(has_text="no price in the list")).to_have_count(1)

    # And the reverse: the entry leads to the error.
    around.filter(has_text="order_paid").locator(".timeline-summary").click()
    page.get_by_role("link", name="Open the entry").click()
    errors = page.get_by_role("region", name="Errors of this request")
    errors.get_by_role("link", name="ValueError: order 17 has no price").click()
    expect(stack.get_by_role("heading", level=4).first).to_have_text("ValueError: order 17 has no price")
    page.get_by_role("button", name="Add to case").click()
    page.get_by_role("dialog").get_by_label("Name of the new case").fill("No price")
    page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".toast").last).to_contain_text("Added one row")
    assert not page.complaints, page.complaints


def test_the_circumstances_of_an_event(chromium, broken):
    issue = issue_of(broken, "has no price")
    page = open_page(chromium, broken, f"/errors/{issue['id']}")
    crumbs = page.get_by_role("region", name="Breadcrumbs")
    expect(crumbs.get_by_role("row")).to_have_count(3)
    expect(crumbs.get_by_role("row").nth(1)).to_contain_text("the receipt waits")
    page.get_by_label("Find in the breadcrumbs").fill("IS PAID")
    expect(crumbs.get_by_role("row")).to_have_count(2)
    expect(page.get_by_text("1 of 2, the last first")).to_be_visible()
    panel = page.get_by_role("tabpanel")
    for tab, words in {
        "Request": ["http://localhost/pay/19", "page=2", "gift", "X-Request-Id", "pay-19"],
        "User and device": ["ben@example.com", "CPython", "<b>gift</b>", "sentry.python", "flask"],
        "Why it is grouped so": ["v1", "Grouped by the exceptions", "module: test_ui_errors"],
        "Raw": ['"platform": "python"'],
    }.items():
        page.get_by_role("tab", name=tab).click()
        for word in words:
            expect(panel, tab).to_contain_text(word)
    assert "tab=raw" in page.url
    page.get_by_role("tab", name="Tags").click()
    region = panel.get_by_role("region", name="region")
    expect(region.get_by_role("listitem").first).to_contain_text("us")
    expect(region.get_by_role("listitem").first).to_contain_text("2 · 67%")
    expect(region.get_by_role("listitem").first).to_contain_text("this event")
    expect(region.get_by_role("listitem").last).to_contain_text("1 · 33%")
    # A message has no stack, and says so.
    page.goto(f"{broken.url}/errors/{issue_of(broken, 'disk')['id']}")
    expect(page.get_by_text("The event came without a stack.")).to_be_visible()
    expect(page.locator(".issue-main").get_by_text("disk 91% full")).to_be_visible()
    assert not page.complaints, page.complaints


def test_errors_in_every_state(chromium, broken, make_ui_server):
    issue = f"/errors/{issue_of(broken, 'has no price')['id']}"
    timed_out = {"kind": "timeout", "message": "the query took longer than 30 s", "limit": "query_time"}
    page = open_page(chromium, broken, "/")
    main = page.get_by_role("main")
    for path, question in {"/errors": "**/api/v1/issues?*", issue: f"**/api/v1{issue.replace('errors', 'issues')}?*"}.items():
        held = hold(page, question)
        page.goto(broken.url + path)
        expect(main.get_by_role("status", name="Loading").first, path).to_be_visible()
        page.unroute(question)
        for route in held:
            route.fallback()
        expect(main.locator(".row, .issue-name").first, path).to_be_visible()
        page.route(question, lambda route: route.fulfill(status=504, json={"error": timed_out}))
        page.goto(broken.url + path)
        failed = main.get_by_role("alert").filter(has_text="took too long").first
        expect(failed, path).to_contain_text("30 s")
        page.unroute(question)
        failed.get_by_role("button", name="Refresh").click()
        expect(main.locator(".row, .issue-name").first, path).to_be_visible()

        def cut(route):
            answer = route.fetch()
            body = answer.json()
            body["statistics"] |= {"partial": True, "limit": "query_rows"}
            route.fulfill(response=answer, json=body)

        page.route(question, cut)
        page.goto(broken.url + path)
        expect(main.get_by_role("status").filter(has_text="This is only a part").first, path).to_contain_text("query_rows")
        page.unroute(question)
    # What happened fails by itself; the rest of the page stays.
    page.route("**/api/v1/timeline?*", lambda route: route.fulfill(status=504, json={"error": timed_out}))
    page.goto(broken.url + issue)
    expect(page.get_by_role("complementary", name="What happened").get_by_role("alert")).to_contain_text("took too long")
    expect(page.get_by_role("region", name="Stack")).to_be_visible()
    page.unroute("**/api/v1/timeline?*")

    page.goto(f"{broken.url}{issue}?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z")
    expect(page.get_by_role("heading", name="There is no such thing")).to_be_visible()
    page.get_by_role("button", name="Look in the last 30 days").click()
    expect(page.get_by_role("region", name="Stack")).to_be_visible()
    page.goto(f"{broken.url}/errors?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z")
    expect(page.get_by_role("heading", name="Nothing in this range of time")).to_be_visible()
    # Whodunit's own trail is not for viewers.
    viewer = open_page(chromium, broken, "/errors?project=whodunit", who=make_user(broken, "viewer"))
    for path in ["/errors", issue]:
        viewer.goto(f"{broken.url}{path}?project=whodunit")
        expect(viewer.get_by_role("main").get_by_role("heading", name="You may not see this").first, path).to_be_visible()
    viewer.goto(broken.url + issue)
    expect(viewer.get_by_role("region", name="Stack")).to_be_visible()
    expect(viewer.get_by_role("button", name="Add to case")).to_have_attribute("aria-disabled", "true")
    empty = open_page(chromium, make_ui_server("empty"), "/errors")
    expect(empty.get_by_role("heading", name="Nothing has come in yet")).to_be_visible()


@pytest.mark.parametrize("language, scheme", [("en", "light"), ("en", "dark"), ("he", "light"), ("he", "dark")])
def test_axe_finds_nothing_and_nothing_overflows(chromium, broken, language, scheme):
    issue = f"/errors/{issue_of(broken, 'has no price')['id']}"
    page = open_page(chromium, broken, f"/{language}/errors", color_scheme=scheme)
    paths = ["/errors", "/errors?level=WARN&sort=users", *(f"{issue}?tab={tab}" for tab in ["breadcrumbs", "request", "surroundings", "tags", "grouping", "raw"])]
    found = look(page, broken, language, paths, f"errors-{scheme}")
    assert not found, "\n".join(found)
    assert not page.complaints, page.complaints


LONG = "x" * 900


def long_event():
    """An event whose every text is longer than its place, with a name that would turn what follows."""
    frame = {
        "function": "handle_" + "y" * 120,
        "filename": "https://cdn.example.com/assets/" + "z" * 160 + ".js",
        "lineno": 9,
        "colno": 123456,
        "pre_context": ["a" * 300],
        "context_line": "b" * 2000,
        "vars": {"v" * 80: {"deep": [LONG]}},
    }
    return {
        "platform": "javascript",
        "level": "fatal",
        "release": "shop@" + "r" * 120,
        "environment": "production-" + "e" * 60,
        "exception": {"values": [{"type": "TypeError", "value": f"{FORGED} cannot read {LONG}", "stacktrace": {"frames": [frame, frame]}}]},
        "breadcrumbs": {"values": [{"timestamp": 1795168800.5, "category": "c" * 80, "message": LONG, "data": {"u": LONG}}]},
        "request": {"url": "https://shop.example.com/" + "p" * 400, "headers": [["Referer", LONG]], "data": LONG},
        "user": {"id": "u" * 200, "email": "m" * 80 + "@example.com"},
        "tags": {"t" * 60: "w" * 190},
        "contexts": {"browser": {"name": "Chromium", "version": LONG}},
    }


@pytest.mark.parametrize("language", ["en", "he"])
def test_long_values_are_folded_and_widen_nothing(chromium, bare, language):
    keys = bare.request("GET", "/api/v1/admin/keys", API_KEY).json()["keys"]
    [public] = [key["public_id"] for key in keys if key.get("public_id")]
    sent = bare.http.post(f"{bare.url}/api/1/store/?sentry_version=7&sentry_key={public}", json=long_event())
    assert sent.status_code == 200, sent.text
    issue = issue_of(bare, "cannot read")["id"]
    page = open_page(chromium, bare, f"/{language}/errors", viewport={"width": 390, "height": 800})
    found = []
    for path in ["/errors", *(f"/errors/{issue}?tab={tab}" for tab in ["breadcrumbs", "request", "surroundings", "tags"])]:
        page.goto(f"{bare.url}/{language}{path}")
        settle(page)
        found += axe(page, path)
        if (wide := wider_than_window(page)) > 0:
            found.append(f"{path}: {wide} pixels wider than a window of 390")
    assert not found, "\n".join(found)
    value = page.locator(".stack-value details")
    expect(value).to_contain_text("U+202E")
    expect(value.get_by_text(LONG)).not_to_be_visible()
    value.locator("summary").click()
    expect(value.get_by_text(LONG)).to_be_visible()
    assert not page.complaints, page.complaints
