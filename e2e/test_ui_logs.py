"""The log explorer: its query, its fields, its columns, and the lines around one."""

import json
import re
from urllib.parse import quote

from playwright.sync_api import expect

from harness import wait_for
from ui_harness import open_page


def key_of(server, body):
    """What a line is called in a link."""
    line = server.list("logs", q=f'"{body}"')["rows"][0]
    return f"{line['time']} {line['seq']}"


def lines_of(page):
    return page.get_by_role("grid", name="Log lines")


def test_the_query_is_completed_from_what_the_lines_have(chromium, shop):
    page = open_page(chromium, shop, "/logs")
    query = page.get_by_role("searchbox", name="Search and filter")
    # The field with suggestions is loaded behind the plain one.
    expect(page.locator(".cm-content")).to_be_visible()
    query.click()
    page.keyboard.type("serv")
    expect(page.get_by_role("option", name="service")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name="api")).to_contain_text("10")
    # The most frequent value stands first.
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(query).to_have_text("service=api")
    page.keyboard.type('-host=web2 "line 4"')
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    wait_for(lambda: "service=api" in page.url and "host=%21web2" in page.url, "the filters are in the link")
    expect(lines_of(page).get_by_role("row")).to_have_count(2)
    expect(lines_of(page)).to_contain_text("line 4 of the request")
    assert not page.complaints, page.complaints


def test_a_wrong_query_says_what_is_wrong_in_plain_words(chromium, shop):
    page = open_page(chromium, shop, "/logs")
    expect(page.locator(".cm-content")).to_be_visible()
    query = page.get_by_role("searchbox", name="Search and filter")
    wrong = {"level=": "has no value", "=ERROR": "names no field|is no filter", '"half a phrase': "does not end", "-debug": "only values of fields"}
    for typed, said in wrong.items():
        query.fill(typed)
        query.press("Escape")
        query.press("Enter")
        expect(page.get_by_role("alert").filter(has_text=re.compile(said)), typed).to_be_visible()
        expect(query).to_have_attribute("aria-invalid", "true")
    query.fill("fine")
    expect(query).to_have_attribute("aria-invalid", "false")
    assert page.url == shop.url + "/logs", "nothing wrong went into the link"


def test_fields_beside_the_lines_filter_by_a_click_and_become_columns(chromium, shop):
    page = open_page(chromium, shop, "/logs")
    fields = page.get_by_role("complementary", name="Fields")
    service = fields.get_by_role("region", name="Service")
    expect(service.get_by_role("button", name="shop 30")).to_contain_text("30 · 75%")
    service.get_by_role("button", name="Without shop").click()
    wait_for(lambda: "service=%21shop" in page.url, "the value is excluded")
    expect(lines_of(page).get_by_role("row")).to_have_count(11)
    page.get_by_role("button", name="Remove all filters").first.click()
    status = fields.get_by_role("region", name="status")
    status.get_by_role("button", name="status 100%").click()
    status.get_by_role("button", name="500 10").click()
    wait_for(lambda: "status=500" in page.url, "the value is asked for")
    status.get_by_role("button", name="status: show as a column").click()
    expect(lines_of(page).get_by_role("columnheader", name="status")).to_be_visible()
    page.get_by_role("button", name="Columns").click()
    chooser = page.get_by_role("dialog", name="Columns")
    chooser.get_by_role("button", name="status: earlier").click()
    chooser.get_by_role("button", name="Service: hide").click()
    page.keyboard.press("Escape")
    edge = page.get_by_role("slider", name="Width of Level")
    edge.focus()
    edge.press("ArrowRight")
    page.get_by_role("button", name="Wrap long lines").click()
    wait_for(lambda: "wrap=on" in page.url, "the link holds all of it")
    other = open_page(chromium, shop, page.url.removeprefix(shop.url))
    for one in [page, other]:
        expect(lines_of(one).get_by_role("columnheader")).to_have_count(4)
        heads = [head.strip() for head in lines_of(one).get_by_role("columnheader").all_inner_texts()]
        assert heads == ["When", "Level", "status", "Message"], heads
    assert page.get_by_role("slider", name="Width of Level").get_attribute("aria-valuenow") == "108"


def test_a_line_is_copied_linked_and_stands_among_its_neighbours(chromium, shop):
    now = shop.list("logs", limit=1)["rows"][0]["time"]
    shop.logs(
        [{"message": f"step {n}", "service": "import", "host": "db1", "time": f"{now[:19]}.{n:09}Z"} for n in range(40)]
        + [{"message": f"noise {n}", "service": "other", "time": f"{now[:19]}.{n:09}Z"} for n in range(40)]
    )
    page = open_page(chromium, shop, "/logs?q=step&from=now-24h", permissions=["clipboard-read", "clipboard-write"])
    lines_of(page).get_by_text("step 20", exact=True).click()
    drawer = page.get_by_role("dialog", name="Log line")
    drawer.get_by_role("button", name="Copy as JSON").click()
    expect(page.get_by_text("The line is copied as JSON")).to_be_visible()
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied["body"] == "step 20" and copied["service"] == "import"
    drawer.get_by_role("tab", name="Lines around it").click()
    around = drawer.get_by_role("listitem")
    expect(around).to_have_count(21)
    shown = [line.split("step ")[1] for line in around.all_inner_texts()]
    assert shown == [str(n) for n in range(10, 31)], "only the same source, in the order of time"
    expect(drawer.locator("[aria-current=true]")).to_contain_text("step 20")
    drawer.get_by_role("button", name="Later lines").click()
    expect(around).to_have_count(30)
    around.filter(has_text="step 35").get_by_role("button").click()
    expect(drawer.locator(".line-body")).to_have_text("step 35")
    # The link opens the line also for who has other lines in the list.
    other = open_page(chromium, shop, page.url.removeprefix(shop.url).replace("q=step", "q=request"))
    expect(other.get_by_role("dialog", name="Log line").locator(".line-body")).to_have_text("step 35")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    # Lines of one moment stand in the order in which they came.
    other.goto(shop.url + "/logs?tab=around&open=" + quote(key_of(shop, "line 21 of the request")))
    expect(other.locator(".surrounding-line.current")).to_contain_text("line 21 of the request")
    expect(other.locator(".surrounding-line").first).to_contain_text("line 1 of the request")
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.get_by_text("Put a key into the variable")).to_be_visible()
    curl = page.evaluate("navigator.clipboard.readText()")
    assert curl.startswith("curl ") and "/api/v1/logs/export?q=step" in curl and "format=ndjson" in curl, curl
