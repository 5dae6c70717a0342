"""One thing followed through all signals, and from one entry to the next."""

from playwright.sync_api import expect

from harness import wait_for
from ui_harness import open_page


def test_the_timeline_is_read_with_the_keys_and_says_why_each_row_is_there(chromium, shop):
    page = open_page(chromium, shop, "/timeline?actor=dana@example.com&from=now-1h")
    rows = page.locator(".timeline-item")
    expect(rows).to_have_count(41)
    expect(page.get_by_role("figure", name="When it happened, by signal")).to_be_visible()
    entry = rows.filter(has_text="deleted order 17")
    expect(entry).to_contain_text("same actor dana@example.com · asked for")
    expect(rows.filter(has_text="line 3 of").first).to_contain_text("same request req-17 · of the same request")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1).locator(".timeline-summary")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(rows.first.locator(".timeline-summary")).to_have_attribute("aria-expanded", "true")
    assert "open=" in page.url
    page.keyboard.press("Escape")
    expect(rows.first.locator(".timeline-summary")).to_have_attribute("aria-expanded", "false")
    page.get_by_role("group", name="Signals").get_by_role("button", name="Audit").click()
    expect(rows).to_have_count(1)
    assert "signals=audit_logs" in page.url
    entry.locator(".timeline-summary").click()
    entry.get_by_role("link", name="Five minutes before and after").click()
    # Around a moment only the time fits: a guess, and called one.
    guess = page.locator(".timeline-item").filter(has_text="updated order 18")
    expect(guess).to_contain_text("a guess: only the time fits")
    expect(page.get_by_text("±5 min around it")).to_be_visible()
    page.get_by_role("button", name="±5 minutes more").click()
    wait_for(lambda: "window=10m" in page.url, "the window is wider")
    expect(page.get_by_text("±10 min around it")).to_be_visible()
    assert not page.complaints, page.complaints


def test_an_entry_leads_to_its_neighbours_in_the_list_and_of_its_target(chromium, bare):
    for n in range(6):
        target = "17" if n % 2 else "18"
        bare.audit([{"action": f"step_{n}", "actor_email": "dana@example.com", "target_type": "order", "target_id": target}])
    page = open_page(chromium, bare, "/audit?target_type=order")
    page.get_by_role("grid", name="Audit entries").get_by_text("step_3").click()
    sentence = page.locator(".entry-sentence")
    expect(sentence).to_contain_text("step_3")
    in_list = page.get_by_role("group", name="In the list")
    in_list.get_by_role("link", name="older entry").click()
    expect(sentence).to_contain_text("step_2")
    page.get_by_role("group", name="Of this target").get_by_role("link", name="newer entry").click()
    expect(sentence).to_contain_text("step_4")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("[")
    expect(sentence).to_contain_text("step_3")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("}")
    expect(sentence).to_contain_text("step_5")
    expect(in_list.get_by_role("link", name="newer entry")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("link", name="Back to the list").click()
    wait_for(lambda: page.url == bare.url + "/audit?target_type=order", "the list as it was")


def test_a_hebrew_page_says_in_hebrew_what_was_done(chromium, shop):
    entry = shop.list("audit", action="order_deleted")["rows"][0]["id"]
    page = open_page(chromium, shop, f"/he/audit/{entry}")
    expect(page.locator(".entry-sentence")).to_have_text("dana@example.com: מחיקת order 17, סיבה: duplicate")
    forged = shop.list("audit", action="order_updated")["rows"][0]["id"]
    page.goto(f"{shop.url}/he/audit/{forged}")
    expect(page.locator(".entry-sentence")).to_have_text("U+202Emoc.elpmaxe@live: עדכון order 18")


def test_hebrew_rows_are_said_in_hebrew_wherever_they_stand(chromium, shop):
    sentence = "dana@example.com: מחיקת order 17, סיבה: duplicate"
    page = open_page(chromium, shop, "/he/")
    expect(page.locator(".feed-row").filter(has_text="order 17")).to_contain_text(sentence)
    page.goto(shop.url + "/he/timeline?correlation_id=req-17")
    expect(page.locator(".timeline-item.lane-audit_logs .timeline-summary")).to_have_text(sentence)
    # A line is data, in whatever language it was written.
    expect(page.locator(".timeline-item.lane-logs").first).to_contain_text("line 0 of the request")
    page.goto(shop.url + "/he/server")
    checks = page.get_by_role("region", name="בדיקות")
    expect(checks.get_by_role("row").filter(has_text="store.audit_lane")).to_contain_text("כותב ומסנכרן")
    assert not page.complaints, page.complaints


def test_times_are_shown_as_where_the_actor_was(chromium, bare):
    bare.audit([{"action": "order_refunded", "actor_email": "noa@example.com", "metadata": {"timezone": "Asia/Tokyo"}}])
    entry = bare.list("audit", action="order_refunded")["rows"][0]
    page = open_page(chromium, bare, f"/audit/{entry['id']}", timezone_id="Europe/Berlin")
    when = page.locator(".fact").filter(has_text="When")
    expect(when).to_contain_text("+09:00")
    when.get_by_role("button", name="All times as in Asia/Tokyo").click()
    expect(when.locator(".time")).to_have_count(1)
    expect(when.locator(".time")).to_contain_text("+09:00")
    page.goto(bare.url + "/timeline?actor=noa@example.com")
    zones = page.get_by_role("button", name="Time zone")
    page.locator(".range-button").click()
    zones.click()
    page.get_by_role("option", name="Of the actor: Asia/Tokyo").click()
    wait_for(lambda: "zone=Asia" in page.url, "the zone in the link")
    expect(page.locator(".range-zone")).to_contain_text("+09:00")
    assert not page.complaints, page.complaints
