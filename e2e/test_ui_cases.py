"""Cases, saved views and what the store holds, in Debian's Chromium against the built binary with real data."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from harness import OWNER, wait_for
from test_cases import days_ago, trail
from ui_harness import FORGED, axe, make_user, open_page, wider_than_window


# Adds an entry of Whodunit's own trail to a case.
ADD_OWN = """async ({ case: path, at }) => {
    const { csrf } = await (await fetch('/api/v1/session')).json()
    const { rows } = await (await fetch('/api/v1/audit?project=whodunit&limit=10')).json()
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }
    const body = JSON.stringify({ rows: [{ signal: 'audit_logs', project: 'whodunit', id: rows[at + 3].id }] })
    return (await fetch('/api/v1' + path + '/rows', { method: 'POST', headers, body })).status
}"""


def filled_case(server, name="order 17"):
    """A case with one audit entry, two log lines and a note; its path."""
    case = server.request("POST", "/api/v1/cases", json={"name": name, "description": "who deleted it?"}).json()
    [entry] = server.list("audit", action="order_deleted")["rows"]
    lines = server.list("logs", correlation_id="req-17", limit=2)["rows"]
    rows = [{"signal": "audit_logs", "id": entry["id"], "note": f"by {FORGED}"}]
    rows += [{"signal": "logs", "time": line["time"], "seq": line["seq"]} for line in lines]
    assert server.request("POST", f"/api/v1/cases/{case['id']}/rows", json={"rows": rows}).status_code == 200
    assert server.request("POST", f"/api/v1/cases/{case['id']}/notes", json={"note": "the customer was told"}).ok
    return f"/cases/{case['id']}"


def add(page, note=None, new=None):
    """What the dialog of adding asks for; says what was told of it."""
    dialog = page.get_by_role("dialog", name="Add to a case")
    if new is not None:
        dialog.get_by_label("Name of the new case").fill(new)
    if note is not None:
        dialog.get_by_label("Note").fill(note)
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog).to_have_count(0)
    return page.locator(".toast").last


def test_a_case_is_filled_from_everywhere_annotated_closed_and_exported(chromium, shop):
    page = open_page(chromium, shop, "/audit")
    grid = page.get_by_role("grid", name="Audit entries")
    row = grid.get_by_role("row").filter(has_text="order_deleted")
    row.hover()
    row.get_by_role("button", name="Add to case").click()
    expect(add(page, "here it happened", "Order 17")).to_contain_text("Added one row to “Order 17”.")
    # The same entry from its own page is in the case already.
    row.click(position={"x": 5, "y": 5})
    expect(page.locator(".entry-sentence")).to_be_visible()
    page.get_by_role("button", name="Add to case").click()
    expect(add(page)).to_contain_text("“Order 17” had it already.")
    page.goto(shop.url + "/logs?correlation_id=req-17")
    page.get_by_role("grid", name="Log lines").get_by_text("line 38 of the request").click()
    page.get_by_role("dialog", name="Log line").get_by_role("button", name="Add to case").click()
    expect(add(page)).to_contain_text("Added one row")
    page.goto(shop.url + "/timeline?correlation_id=req-17")
    page.get_by_role("button", name="line 2 of the request").click()
    page.get_by_role("button", name="Add to case").click()
    add(page).get_by_role("button", name="Open the case").click()

    # In the order in which things happened, not in that of adding.
    items = page.locator(".timeline-item")
    expect(items).to_have_count(3)
    for item, said in zip(items.all(), ["deleted order 17", "line 2 of the request", "line 38 of the request"]):
        expect(item).to_contain_text(said)
    expect(items.first).to_contain_text("here it happened")
    items.nth(1).get_by_role("button", name="Write a note").click()
    items.nth(1).get_by_label("Note").fill("and this came of it")
    items.nth(1).get_by_role("button", name="Save").click()
    expect(items.nth(1)).to_contain_text("and this came of it")
    page.get_by_label("New note").fill("the customer was told")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_role("region", name="Notes")).to_contain_text("the customer was told")
    items.nth(2).get_by_role("button", name="Take out").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Take it out").click()
    expect(items).to_have_count(2)

    # What was kept, and the way to where it came from.
    items.first.get_by_role("button", name="deleted order 17").click()
    kept = page.get_by_role("group", name="What is kept of the row")
    expect(kept.get_by_role("row", name="status")).to_contain_text("deleted")
    expect(kept).to_contain_text("10.1.2.3")
    expect(kept.get_by_role("link", name="The entry")).to_be_visible()

    hebrew = open_page(chromium, shop, "/he" + urlsplit(page.url).path)
    expect(hebrew.locator(".timeline-item").first.locator(".timeline-summary")).to_have_text("dana@example.com: מחיקת order 17, סיבה: duplicate")
    expect(hebrew.locator(".timeline-item").nth(1).locator(".timeline-summary")).to_have_text("line 2 of the request")

    page.get_by_role("button", name="Close the case").click()
    expect(page.locator(".case-name")).to_contain_text("closed")
    expect(page.get_by_label("New note")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export NDJSON").click()
    lines = [json.loads(line) for line in Path(download.value.path()).read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["case", "row", "row", "note"]
    page.goto(shop.url + "/cases?tab=closed")
    expect(page.get_by_role("list", name="Cases")).to_contain_text("2 rows")
    page.get_by_role("link", name="Order 17").click()
    page.get_by_role("button", name="Open again").click()
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Order 17, answered")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".case-name")).to_contain_text("Order 17, answered")
    case_id = page.url.split("/")[-1].split("?")[0]
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_label("Reason").fill("over")
    page.get_by_role("button", name="Delete the case").click()
    expect(page.get_by_role("heading", name="No case is open")).to_be_visible()
    acts = wait_for(lambda: "CASE_DELETE" in (acts := trail(shop, case_id)) and acts, "the last act")
    assert {"CASE_CREATE", "CASE_ROW_ADD", "CASE_NOTE_ADD", "CASE_ROW_REMOVE", "CASE_CLOSE", "EXPORT"} <= set(acts)
    assert not page.complaints, page.complaints


def test_a_case_says_how_many_of_its_rows_one_may_not_see(chromium, shop):
    path = filled_case(shop)
    page = open_page(chromium, shop, path)
    expect(page.locator(".timeline-item")).to_have_count(3)
    expect(page.locator(".case-hidden")).to_have_count(0)
    viewer = make_user(shop, "viewer")
    other = open_page(chromium, shop, path, who=viewer)
    for hidden, english, hebrew in [(1, "One row of this case is not shown", "שורה אחת בתיק אינה מוצגת"), (2, "2 rows of this case are not shown", "2 שורות בתיק אינן מוצגות")]:
        # Whodunit's own trail is not for viewers.
        assert page.evaluate(ADD_OWN, {"case": path, "at": hidden - 1}) == 200
        other.goto(shop.url + path)
        expect(other.locator(".case-hidden")).to_contain_text(english)
        expect(other.locator(".timeline-item")).to_have_count(3)
        other.goto(f"{shop.url}/he{path}")
        expect(other.locator(".case-hidden")).to_contain_text(hebrew)
        page.goto(shop.url + path)
        expect(page.locator(".timeline-item")).to_have_count(3 + hidden)
        expect(page.locator(".case-hidden")).to_have_count(0)
    assert not page.complaints + other.complaints, page.complaints + other.complaints


@pytest.mark.parametrize("role", ["viewer", "auditor"])
def test_who_may_only_read_sees_why(chromium, shop, role):
    path = filled_case(shop)
    page = open_page(chromium, shop, path, who=make_user(shop, role))
    expect(page.locator(".timeline-item")).to_have_count(3)
    for name in ["Rename", "Close the case", "Delete"]:
        expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("Auditors and viewers read cases").first).to_be_visible()
    expect(page.get_by_label("New note")).to_have_count(0)
    page.locator(".timeline-item").first.get_by_role("button", name="deleted order 17").click()
    page.get_by_role("link", name="The entry").click()
    expect(page.get_by_role("button", name="Add to case")).to_have_attribute("aria-disabled", "true")
    page.goto(shop.url + "/audit")
    expect(page.get_by_role("grid", name="Audit entries")).to_contain_text("order_deleted")
    expect(page.get_by_role("button", name="Add to case")).to_have_count(0)
    assert not page.complaints, page.complaints


def test_a_row_that_is_gone_elsewhere_is_still_read(chromium, shop):
    old = {"message": "card declined", "level": "ERROR", "time": days_ago(40), "order": "17"}
    assert shop.logs([old]).status_code == 200
    [line] = shop.list("logs", order="17")["rows"]
    case = shop.request("POST", "/api/v1/cases", json={"name": "declined"}).json()
    row = {"signal": "logs", "time": line["time"], "seq": line["seq"]}
    assert shop.request("POST", f"/api/v1/cases/{case['id']}/rows", json={"rows": [row]}).status_code == 200
    page = open_page(chromium, shop, f"/cases/{case['id']}?open=1")
    kept = page.get_by_role("group", name="What is kept of the row")
    kept.get_by_role("link", name="The log line").click()
    expect(page.get_by_role("grid", name="Log lines")).to_contain_text("card declined")

    shop.settle()
    rules = {"value": [{"table": "logs", "days": 30}]}
    assert shop.request("PUT", "/api/v1/admin/retention", json=rules).status_code == 200
    wait_for(lambda: (shop.settle(), shop.list("logs", order="17")["rows"] == [])[1], "the line is dropped")
    page.goto(f"{shop.url}/cases/{case['id']}?open=1")
    expect(kept).to_contain_text("no longer in its table")
    expect(kept).to_contain_text("card declined")
    assert not page.complaints, page.complaints


def test_a_saved_view_comes_back_and_is_kept_up_to_date(chromium, shop):
    page = open_page(chromium, shop, "/logs?level=ERROR&from=now-6h")
    expect(page.get_by_role("grid", name="Log lines")).to_contain_text("line 38")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("menuitem", name="Save as a view…").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Errors")
    page.get_by_text("Share with everybody").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("“Errors” is saved")
    page.goto(shop.url + "/logs")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("menuitem", name="Errors").click()
    wait_for(lambda: "from=now-6h" in page.url and "level=ERROR" in page.url, "the view, its range relative")
    page.get_by_role("button", name="Without: ERROR").or_(page.get_by_role("button", name="Without ERROR")).first.click()
    page.get_by_role("button", name="View: Errors, changed").click()
    page.get_by_role("menuitem", name="Keep the changes in “Errors”").click()
    expect(page.locator(".toast").last).to_contain_text("shows this from now on")
    [view] = shop.request("GET", "/api/v1/views").json()["views"]
    assert (view["page"], view["shared"], view["version"]) == ("logs", True, 2)
    assert "from=now-6h" in view["query"] and "level=%21ERROR" in view["query"]

    other = open_page(chromium, shop, "/settings?tab=views", who=make_user(shop, "viewer"))
    expect(other.get_by_role("row", name="Errors")).to_contain_text(OWNER[0])
    expect(other.get_by_role("button", name="Delete")).to_have_attribute("aria-disabled", "true")
    page.goto(shop.url + "/settings?tab=views")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row", name="Errors")).to_be_visible()
    page.get_by_role("row", name="Errors").get_by_role("link", name="Errors").click()
    expect(page.get_by_role("grid", name="Log lines")).to_contain_text("line 37")
    assert not page.complaints + other.complaints, page.complaints + other.complaints


def test_health_shows_what_the_store_holds_and_what_comes_in(chromium, shop):
    assert shop.request("POST", "/api/v1/logs", data=b"\xff\n{}\n").status_code == 200
    shop.settle()
    release = shop.request("POST", "/api/0/organizations/any/releases/", json={"version": "shop@1"})
    assert release.status_code == 201, release.text
    page = open_page(chromium, shop, "/server")
    held = shop.request("GET", "/api/v1/storage").json()
    [uploads] = held["uploads"]
    expect(page.get_by_text(f"1 file, {uploads['bytes']} B")).to_be_visible()
    rows = {part["table"]: part["rows"] for part in held["parts"] if part["project"] == "default"}
    holds = page.get_by_role("region", name="What the store holds")
    for table, count in rows.items():
        expect(holds.get_by_role("row", name=re.compile(f"^{table} default"))).to_contain_text(str(count))
    expect(page.get_by_text(held["days_left_because"])).to_be_visible()
    expect(page.get_by_role("region", name="What comes in").get_by_role("row", name="logs")).to_contain_text("41")
    expect(page.get_by_role("region", name="What was refused").get_by_role("row", name="not_utf8")).to_contain_text("1")
    page.get_by_role("button", name="Show as table").click()
    minutes = page.get_by_role("region", name="Rows a minute, last hour")
    expect(minutes.get_by_role("row")).to_have_count(61)
    expect(page.get_by_role("region", name="Checks")).to_contain_text("now")
    assert not page.complaints, page.complaints


@pytest.mark.parametrize("language, scheme", [("en", "light"), ("en", "dark"), ("he", "light"), ("he", "dark")])
def test_axe_finds_nothing_and_nothing_overflows(chromium, shop, language, scheme):
    case = filled_case(shop, name=f"order 17 {FORGED}")
    view = {"page": "logs", "name": "errors", "query": "level=ERROR", "shared": True}
    page = open_page(chromium, shop, f"/{language}/cases", color_scheme=scheme)
    page.evaluate(
        "(view) => fetch('/api/v1/session').then((me) => me.json()).then(({csrf}) => fetch('/api/v1/views', {method: 'POST', "
        "headers: {'Content-Type': 'application/json', 'X-CSRF-Token': csrf}, body: JSON.stringify(view)}))",
        view,
    )
    found = []
    for path in ["/cases", "/cases?tab=closed", case, f"{case}?open=1", "/settings?tab=views", "/server", "/logs"]:
        page.goto(f"{shop.url}/{language}{path}")
        expect(page.locator(".loading")).to_have_count(0)
        expect(page.locator("main")).not_to_be_empty()
        found += axe(page, path)
        page.set_viewport_size({"width": 390, "height": 800})
        page.wait_for_timeout(300)
        wide = wider_than_window(page)
        if wide > 0:
            found.append(f"{path}: {wide} pixels wider than a window of 390")
        page.set_viewport_size({"width": 1280, "height": 900})
    assert not found, "\n".join(found)
    assert not page.complaints, page.complaints
