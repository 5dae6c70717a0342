"""Makes the pictures of the README: the built binary with a day of a made-up shop, before Debian's Chromium.

    .venv/bin/python e2e/pictures.py
"""

import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sentry_sdk
from playwright.sync_api import sync_playwright

from harness import API_KEY, OWNER, ROOT, Server, wait_for
from ui_harness import FLAGS, open_page, settle

IMAGES = ROOT / "docs" / "images"
BYTES_MAX = 150_000
PEOPLE = {"dana@example.com": "10.1.2.3", "eli@example.com": "10.1.2.9", "noa@example.com": "10.1.7.20", "billing-service": "10.2.0.4"}
DEEDS = [("order_created", "order"), ("order_updated", "order"), ("invoice_generated", "invoice"), ("client_updated", "client"), ("client_accessed", "client"), ("LOGIN", None)]
LINES = {"INFO": ["order placed", "mail sent", "cart opened"], "WARN": ["slow answer of the warehouse", "retrying the payment"], "ERROR": ["card declined", "warehouse does not answer"]}
# The same pictures each time, but for their times.
CHANCE = random.Random(17)


def ago(**since):
    return (datetime.now(UTC) - timedelta(**since)).isoformat().replace("+00:00", "Z")


def fill_day(server):
    """Some hundred entries and lines of the last 24 hours."""
    entries, lines = [], []
    for n in range(420):
        who = CHANCE.choice(list(PEOPLE))
        action, kind = CHANCE.choice(DEEDS)
        entry = {"action": action, "actor_email" if "@" in who else "actor_id": who, "ip": PEOPLE[who], "time": ago(seconds=CHANCE.uniform(60, 86_000)), "correlation_id": f"req-{n}"}
        if kind is not None:
            entry |= {"target_type": kind, "target_id": str(CHANCE.randrange(10, 90))}
        if n % 23 == 0:
            entry |= {"outcome": "failure", "severity": "ERROR"}
        if n % 61 == 0:
            entry |= {"severity": "CRITICAL"}
        entries.append(entry)
    for n in range(1200):
        level = CHANCE.choices(list(LINES), [40, 5, 2])[0]
        lines.append({"level": level, "message": CHANCE.choice(LINES[level]), "service": CHANCE.choice(["shop", "billing"]), "time": ago(seconds=CHANCE.uniform(60, 86_000)), "correlation_id": f"req-{n % 420}"})
    for sent in (server.audit(entries), server.logs(lines)):
        assert sent.status_code == 200 and sent.json()["rejected"] == 0, sent.text


def total_of(order):
    prices = {"16": 3}
    return prices[order]


def pay(order):
    try:
        return total_of(order)
    except KeyError as missing:
        raise ValueError(f"order {order} has no price") from missing


def fill_story(server):
    """Somebody takes a price away, and a payment breaks."""
    request = {"correlation_id": "pay-17", "session_id": "visit-3", "ip": "10.1.2.3"}
    change = {"field": "price", "before": 12.5, "after": None}
    entry = {"action": "price_updated", "actor_email": "dana@example.com", "target_type": "product", "target_id": "17", "target_name": "Blue lamp", "reason": "sold out", "changes": [change, {"field": "status", "before": "on sale", "after": "hidden"}, {"field": "api_token", "before": "old", "after": "new"}]}
    assert server.audit([entry | request]).status_code == 200
    line = {"service": "shop"} | request
    server.logs([line | {"level": "INFO", "message": "basket 3 is paid"}, line | {"level": "WARN", "message": "no price for product 17 in the list"}])
    keys = server.request("GET", "/api/v1/admin/keys", API_KEY).json()["keys"]
    [public] = [key["public_id"] for key in keys if key.get("public_id")]
    sentry_sdk.init(dsn=f"http://{public}@127.0.0.1:{server.port}/1", release="shop@1.4.0", environment="production", server_name="web-1", default_integrations=False)
    scope = sentry_sdk.get_isolation_scope()
    for n, who in enumerate(["noa@example.com", "eli@example.com", "dana@example.com"]):
        scope.set_user({"email": who, "ip_address": PEOPLE[who]})
        scope.set_tag("correlation_id", "pay-17" if n == 2 else f"pay-{n}")
        scope.set_tag("session_id", "visit-3" if n == 2 else f"visit-{20 + n}")
        sentry_sdk.add_breadcrumb(category="payment", message="basket 3 is paid")
        try:
            pay("17")
        except ValueError:
            sentry_sdk.capture_exception()
    sentry_sdk.flush(10)
    sentry_sdk.get_client().close(timeout=5)
    wait_for(lambda: len(server.list("errors")["rows"]) == 3, "the errors are stored")


def take(page, name):
    settle(page)
    page.wait_for_timeout(1000)
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    size = path.stat().st_size
    assert size <= BYTES_MAX, f"{path.name} has {size} bytes of at most {BYTES_MAX}"
    print(f"{path.relative_to(ROOT)}: {size} bytes")


def main():
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        owner = {"WHODUNIT_INIT_OWNER_EMAIL": OWNER[0], "WHODUNIT_INIT_OWNER_PASSWORD": OWNER[1]}
        server = Server(Path(directory) / "server", environment=owner).start()
        try:
            fill_day(server)
            fill_story(server)
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            page = open_page(browser, server, "/", color_scheme="light", viewport={"width": 1200, "height": 700})
            take(page, "activity")
            [entry] = server.list("audit", action="price_updated")["rows"]
            page.goto(f"{server.url}/audit/{entry['id']}")
            take(page, "entry")
            [issue] = server.list("issues")["issues"]
            page.goto(f"{server.url}/errors/{issue['id']}")
            page.set_viewport_size({"width": 1200, "height": 760})
            take(page, "issue")
            browser.close()
        finally:
            server.end()


if __name__ == "__main__":
    main()
