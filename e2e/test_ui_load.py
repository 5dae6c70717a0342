"""The log explorer under load: a live tail of 500 lines a second, and 100,000 lines gone through. Figures are printed."""

import re
import threading
import time

from playwright.sync_api import expect

from harness import wait_for
from ui_harness import open_page

RATE = 500
LINES = 100_000
ROUNDS = 10
# Rows in sight, some more beyond each edge, and cells in them: never a node for each line.
NODES_MAX = 3_000


class Flood:
    """Sends log lines at a steady rate until it is ended."""

    def __init__(self, server):
        self.server, self.sent, self.goes_on = server, 0, True
        self.thread = threading.Thread(target=self.run)

    def run(self):
        start = time.monotonic()
        while self.goes_on:
            batch = [{"level": "INFO", "message": f"flood {self.sent + n}", "service": "flood"} for n in range(RATE // 10)]
            assert self.server.logs(batch).status_code == 200
            self.sent += len(batch)
            time.sleep(max(0.0, start + self.sent / RATE - time.monotonic()))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.goes_on = False
        self.thread.join()


def nodes(page):
    return page.evaluate("document.querySelectorAll('*').length")


def took(page, act):
    """Milliseconds from the act to the frame after next: what a person waits for."""
    start = time.monotonic()
    act()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return (time.monotonic() - start) * 1000


# From the event of the input to the paint after it, and to the paint that shows what was asked for, by the page's clock.
TIMED = """([type, wanted]) => {
    const painted = (then) => requestAnimationFrame(() => {
        const channel = new MessageChannel()
        channel.port1.onmessage = then
        channel.port2.postMessage(0)
    })
    window.timed = new Promise((done, never) => addEventListener(type, () => {
        const start = performance.now()
        let next
        const look = () => painted(() => {
            next ??= performance.now() - start
            if (performance.now() - start > 20_000) never(new Error(`${wanted} never came`))
            else if (document.querySelector(wanted) === null) look()
            else done([next, performance.now() - start])
        })
        look()
    }, { capture: true, once: true }))
}"""


def timed(page, event, wanted, act):
    """Milliseconds inside the page until the next paint, and until the first element `wanted` is painted."""
    page.evaluate(TIMED, [event, wanted])
    act()
    return page.evaluate("window.timed")


def told(name, waits):
    paints, shown = (sorted(wait) for wait in zip(*waits))
    half = len(waits) // 2
    print(f"{name}: next paint {paints[half]:.0f} ms (median), {paints[-1]:.0f} ms (most); shown {shown[half]:.0f} ms (median), {shown[-1]:.0f} ms (most)")


def number_in(text):
    return int("".join(filter(str.isdigit, text)))


def test_a_live_tail_of_500_lines_a_second_can_be_read_and_used(chromium, bare):
    page = open_page(chromium, bare, "/logs?live=on")
    grid = page.get_by_role("grid", name="Log lines")
    expect(page.get_by_text("Waiting for what comes next")).to_be_visible()
    with Flood(bare) as flood:
        expect(grid).to_contain_text("flood")
        first = grid.locator(".row").first
        before = first.inner_text()
        wait_for(lambda: first.inner_text() != before, "the newest line stands first")
        # Whoever scrolls down reads: the lines stay, and a counter says how many came.
        grid.evaluate("grid => grid.scrollTop = 400")
        meanwhile = page.get_by_role("button", name="new: show")
        expect(meanwhile).to_be_visible()
        held, count = grid.locator(".row").first.inner_text(), number_in(meanwhile.inner_text())
        wait_for(lambda: number_in(meanwhile.inner_text()) > count + RATE, "the counter goes on")
        assert grid.locator(".row").first.inner_text() == held, "what is read stays where it is"
        wrap = took(page, page.get_by_role("button", name="Wrap long lines").click)
        expect(page.get_by_role("button", name="Wrap long lines")).to_have_attribute("aria-pressed", "true")
        back = took(page, meanwhile.click)
        expect(meanwhile).to_have_count(0)
        assert grid.evaluate("grid => grid.scrollTop") == 0
        # The same while a line is open.
        opened = took(page, grid.locator(".row").first.click)
        expect(page.get_by_role("dialog", name="Log line")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name="Log line")).to_have_count(0)
        query = page.get_by_role("searchbox", name="Search and filter")
        typed = took(page, lambda: query.fill("level=INFO"))
        expect(query).to_have_text("level=INFO")
        assert nodes(page) < NODES_MAX
    print(f"\nlive, {flood.sent} lines: wrap {wrap:.0f} ms, to the top {back:.0f} ms, open {opened:.0f} ms, type {typed:.0f} ms")
    assert not page.complaints, page.complaints


def test_audit_entries_wait_while_somebody_reads(chromium, shop):
    page = open_page(chromium, shop, "/audit?live=on")
    expect(page.get_by_text("Waiting for what comes next")).to_be_visible()
    shop.audit([{"action": f"step_{n}", "actor_email": "dana@example.com"} for n in range(60)])
    grid = page.get_by_role("grid", name="Audit entries")
    expect(grid).to_contain_text("step_59")
    page.keyboard.press("j")
    expect(grid.locator(".row.current")).to_contain_text("step_59")
    shop.audit([{"action": "came_meanwhile"} for _ in range(3)])
    expect(page.get_by_role("button", name="3 new: show")).to_be_visible()
    expect(grid).not_to_contain_text("came_meanwhile")
    page.keyboard.press("Escape")
    expect(grid.locator(".row").first).to_contain_text("came_meanwhile")
    expect(page.get_by_role("button", name="new: show")).to_have_count(0)


def test_100_000_lines_are_gone_through(chromium, bare):
    for start in range(0, LINES, 10_000):
        sent = bare.logs([{"level": "INFO", "message": f"line {n}", "service": f"s{n % 7}"} for n in range(start, start + 10_000)])
        assert sent.status_code == 200, sent.text
    page = open_page(chromium, bare, "/logs")
    grid = page.get_by_role("grid", name="Log lines")
    expect(grid).to_have_attribute("aria-rowcount", str(LINES + 1))
    most, steps = 0, []
    begin = time.monotonic()

    def at_the_end():
        nonlocal most
        steps.append(took(page, lambda: grid.evaluate("grid => grid.scrollTop = grid.scrollHeight")))
        most = max(most, nodes(page))
        return grid.get_by_text("line 0", exact=True).count() > 0

    wait_for(at_the_end, "the oldest line", timeout=240)
    steps.sort()
    print(
        f"\n{LINES} lines in {time.monotonic() - begin:.1f} s and {len(steps)} steps, "
        f"of {steps[len(steps) // 2]:.0f} ms (median) and {steps[-1]:.0f} ms (most); at most {most} nodes"
    )
    assert most < NODES_MAX
    grid.evaluate("grid => grid.scrollTop = grid.scrollHeight / 2")
    middle = took(page, lambda: grid.locator(".row").nth(5).click())
    expect(page.get_by_role("dialog", name="Log line")).to_be_visible()
    page.keyboard.press("Escape")
    print(f"a line in the middle opens in {middle:.0f} ms")
    interact(page, grid)
    assert not page.complaints, page.complaints


def interact(page, grid):
    """Opens, selects and filters again and again while all lines are loaded; what each took is printed."""
    opened, selected, closed, filtered = [], [], [], []
    dialog = page.get_by_role("dialog", name="Log line")
    for n in range(ROUNDS):
        row = grid.locator(".row").nth(6 + n % 5)
        opened.append(timed(page, "click", "[role=dialog]", row.click))
        expect(dialog).to_be_visible()
        closed.append(timed(page, "keydown", "body:not(:has([role=dialog]))", lambda: page.keyboard.press("Escape")))
        expect(dialog).to_have_count(0)
    # The line that was opened last is the current one.
    current = number_in(grid.locator(".row.current").get_attribute("aria-rowindex"))
    for n in range(1, ROUNDS + 1):
        selected.append(timed(page, "keydown", f".row.current[aria-rowindex='{current + n}']", lambda: page.keyboard.press("j")))
    for n in range(ROUNDS):
        service = n % 7
        rows = len(range(service, LINES, 7))
        value = page.locator(".facet-value").filter(has_text=re.compile(f"^s{service}"))
        filtered.append(timed(page, "click", f".rows[aria-rowcount='{rows + 1}']", value.click))
        page.get_by_role("button", name="Remove all filters").click()
        expect(grid).to_have_attribute("aria-rowcount", str(LINES + 1))
    told("open a line", opened)
    told("close it", closed)
    told("select the next line", selected)
    told("filter by a click", filtered)
