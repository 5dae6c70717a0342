"""The pages in Debian's Chromium, against the built binary with real data: what a newcomer does, and what axe finds."""

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from harness import wait_for
from ui_harness import axe, look, make_user, open_page


def test_a_newcomer_finds_the_entry_its_diff_its_request_and_sends_the_link(chromium, shop):
    page = open_page(chromium, shop, "/")
    feed = page.get_by_role("region", name="As it happens")
    feed.get_by_role("link", name="deleted order 17").click()
    expect(page.locator(".entry-sentence")).to_contain_text("dana@example.com deleted order 17, reason: duplicate")
    changes = page.get_by_role("table")
    expect(changes.get_by_role("row", name="status")).to_contain_text("open")
    expect(changes.get_by_role("row", name="status")).to_contain_text("deleted")
    expect(changes.get_by_role("row", name="password")).to_contain_text("sealed")
    expect(changes.get_by_text("unchanged", exact=True)).to_have_count(0)
    entry = page.url
    page.get_by_role("tab", name="History of this target").click()
    blamed = page.get_by_role("table").first.get_by_role("row", name="status")
    expect(blamed).to_contain_text("deleted")
    expect(blamed).to_contain_text("dana@example.com")
    page.get_by_role("link", name="Log lines of this request").click()
    expect(page.get_by_role("grid", name="Log lines")).to_contain_text("line 39 of the request")
    link = page.url
    viewer = make_user(shop, "viewer")
    for wanted, shown in [(entry, "deleted order 17"), (link, "line 39 of the request")]:
        other = open_page(chromium, shop, wanted.removeprefix(shop.url), who=viewer)
        expect(other.get_by_text(shown).first).to_be_visible()
        assert other.url == wanted, "the link brings exactly there"
        assert not other.complaints, other.complaints
    assert not page.complaints, page.complaints


def test_what_comes_meanwhile_stands_there_by_itself(chromium, shop):
    page = open_page(chromium, shop, "/")
    expect(page.locator(".feed-row").first).to_be_visible()
    shop.audit([{"action": "refund_granted", "actor_email": "noa@example.com"}])
    expect(page.locator(".feed-row").first).to_contain_text("refund_granted")
    page.get_by_role("button", name="Errors only").click()
    expect(page.locator(".feed-row").first).to_contain_text("line")
    assert all("ERROR" in row for row in page.locator(".feed-row").all_inner_texts())
    page.goto(shop.url + "/logs?live=on")
    expect(page.get_by_text("Waiting for what comes next")).to_be_visible()
    shop.logs([{"level": "INFO", "message": "a line of just now"}])
    expect(page.get_by_role("grid", name="Log lines")).to_contain_text("a line of just now")


def test_filters_chips_and_the_three_kinds_of_nothing(chromium, shop):
    page = open_page(chromium, shop, "/logs")
    page.get_by_role("searchbox").fill("level=ERROR nothing-like-this")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing fits the filters")).to_be_visible()
    assert "level=ERROR" in page.url and "q=nothing-like-this" in page.url
    page.get_by_role("button", name="Remove all filters").last.click()
    expect(page.get_by_role("grid", name="Log lines")).to_contain_text("line 39")
    page.get_by_role("searchbox").fill("level=")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="has no value")).to_be_visible()
    page.goto(shop.url + "/logs?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z")
    expect(page.get_by_role("heading", name="Nothing in this range of time")).to_be_visible()
    assert not page.complaints, page.complaints


def test_questions_batches_and_forged_names_in_the_audit_explorer(chromium, shop):
    page = open_page(chromium, shop, "/audit?ask=" + quote("who deleted order 17"))
    expect(page.locator(".answer-sentence")).to_contain_text("dana@example.com deleted order 17")
    grid = page.get_by_role("grid", name="Audit entries")
    expect(grid).to_contain_text("×14")
    expect(grid).to_contain_text("U+202E")
    grid.get_by_text("×14").click()
    wait_for(lambda: "batch_id=" in page.url, "the batch opens")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert len(lines) == 15 and all("bulk_import_row" in line for line in lines[1:]), "exactly what is filtered"


def test_keys_reach_every_page_and_the_sheet_lists_them(chromium, shop):
    page = open_page(chromium, shop, "/")
    expect(page.locator(".feed-row").first).to_be_visible()
    for keys, path in [("gu", "/audit"), ("gl", "/logs"), ("gt", "/timeline"), ("gh", "/server"), ("gs", "/settings"), ("ga", "/")]:
        for key in keys:
            page.keyboard.press(key)
        wait_for(lambda path=path: page.url.split("?")[0] == shop.url + path, f"{keys} leads to {path}")
        # Keys are pressed by somebody who sees the page; while it comes they may fall between two pages.
        expect(page.locator("main")).not_to_be_empty()
        page.wait_for_timeout(300)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Go to Logs")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("req-17")
    page.get_by_role("menuitem", name="Investigate req-17").click()
    expect(page.locator(".timeline-item").first).to_be_visible()
    assert page.locator(".joined").first.inner_text()


PAGES = [
    "/",
    "/audit",
    "/logs",
    "/logs?live=on",
    "/timeline",
    "/timeline?correlation_id=req-17",
    "/server",
    "/welcome",
    *(f"/settings?tab={tab}" for tab in ["account", "projects", "keys", "users", "redaction", "retention", "switches"]),
]


@pytest.mark.parametrize("language, scheme", [("en", "light"), ("en", "dark"), ("he", "light"), ("he", "dark")])
def test_axe_finds_nothing_and_nothing_overflows(chromium, shop, language, scheme):
    page = open_page(chromium, shop, f"/{language}/", color_scheme=scheme)
    entry, line = shop.list("audit", action="order_deleted")["rows"][0], shop.list("logs")["rows"][0]
    opened = "/logs?open=" + quote(f"{line['time']} {line['seq']}")
    paths = [*PAGES, *(f"/audit/{entry['id']}?tab={tab}" for tab in ["changes", "timeline", "history", "proof"]), opened, opened + "&tab=around"]
    found = look(page, shop, language, paths, f"pages-{scheme}")
    assert not found, "\n".join(found)
    assert not page.complaints, page.complaints
