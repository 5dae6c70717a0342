"""Debian's Chromium before the built binary with real data: what the tests of the pages share."""

import os
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from harness import OWNER, ROOT

AXE = (ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js").read_text()
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A name that would turn the direction of what follows.
FORGED = "\u202emoc.elpmaxe@live"
PASSWORD = "another long password"
# To try pages without compiling the binary anew: `E2E_UI_DIST=ui/dist` puts these files before the embedded ones.
DIST = os.environ.get("E2E_UI_DIST")


# A busy machine is no failure: what must be on a page is waited for this long, in milliseconds.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def make_ui_server(make_server):
    """A started server with an owner who signs in with a password."""

    def make(name="server", **options):
        environment = {"WHODUNIT_INIT_OWNER_EMAIL": OWNER[0], "WHODUNIT_INIT_OWNER_PASSWORD": OWNER[1]}
        return make_server(name, environment=environment, **options).start()

    return make


@pytest.fixture
def bare(make_ui_server):
    """A server to which nobody has sent anything."""
    return make_ui_server()


@pytest.fixture
def shop(bare):
    """A server with the trail and the log lines of a shop."""
    fill(bare)
    return bare


def fill(server):
    batch = str(uuid.uuid4())
    server.audit(
        [
            {
                "action": "order_deleted",
                "actor_email": "dana@example.com",
                "target_type": "order",
                "target_id": "17",
                "reason": "duplicate",
                "ip": "10.1.2.3",
                "correlation_id": "req-17",
                "changes": [
                    {"field": "status", "before": "open", "after": "deleted"},
                    {"field": "password", "before": "a-secret-of-old", "after": "a-secret-of-now"},
                    {"field": "unchanged", "before": 1, "after": 1},
                ],
            },
            {"action": "order_updated", "actor_email": FORGED, "target_type": "order", "target_id": "18"},
            *({"action": "bulk_import_row", "actor_email": "eli@example.com", "batch_id": batch} for _ in range(14)),
        ]
    )
    levels = ["INFO", "WARN", "ERROR", "DEBUG"]
    server.logs(
        [
            {
                "level": levels[n % 4],
                "message": f"line {n} of the request",
                "service": "shop" if n % 4 else "api",
                "host": f"web{n % 2 + 1}",
                "status": 500 if n % 4 == 2 else 200,
                "correlation_id": "req-17",
            }
            for n in range(40)
        ]
    )


def make_user(server, role):
    """Somebody of that role, as the sign-in takes them."""
    who = (f"{role}@example.com", PASSWORD)
    made = server.request("POST", "/api/v1/admin/users", json={"email": who[0], "role": role, "password": who[1]})
    assert made.status_code == 201, made.text
    return who


def new_page(chromium, **context):
    """A page of a browser that nobody has used, which keeps what went wrong on it."""
    context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
    context.set_default_timeout(PATIENCE)
    if DIST:
        context.route("**/*", serve_files)
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
    return page


def open_page(chromium, server, path, who=OWNER, **context):
    """A page behind the sign-in: the link is asked for first, and comes back by itself."""
    page = new_page(chromium, **context)
    page.goto(server.url + path)
    page.locator("input[type=email]").fill(who[0])
    page.locator("input[type=password]").fill(who[1])
    page.keyboard.press("Enter")
    expect(page.locator("nav.navigation")).to_be_attached()
    # Before signing in the server rightly says 401.
    page.complaints = [said for said in page.complaints if "401" not in said]
    return page


def serve_files(route):
    """The built pages from a directory, under a policy as strict as the server's own."""
    path = urlsplit(route.request.url).path
    root = Path(DIST).resolve()
    if route.request.resource_type == "document":
        policy = "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-n1'; connect-src 'self'; img-src 'self' data:; font-src 'self'"
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
        route.fulfill(headers=headers, body=(root / "index.html").read_text().replace("{{nonce}}", "n1"))
    elif path.startswith("/assets/"):
        route.fulfill(path=root / path.removeprefix("/"))
    else:
        route.fallback()


def settle(page):
    """Waits until the page is there and nothing on it has been loading for a moment."""
    expect(page.locator("main > *").first).to_be_attached()
    for _ in range(3):
        page.wait_for_timeout(150)
        expect(page.locator(".loading")).to_have_count(0)


def shoot(page, name):
    """A picture to be looked at, in target/screenshots."""
    page.screenshot(path=ROOT / "target" / "screenshots" / f"{name}.png")


def axe(page, path):
    """What axe finds on the page as it stands."""
    page.evaluate(AXE)
    result = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    return [f"{path}: {violation['id']} at {violation['nodes'][0]['html'][:300]}" for violation in result["violations"]]


def wider_than_window(page):
    """Pixels that the page, or the dialog over it, has beside the window."""
    return page.evaluate(
        "Math.max(...[document.documentElement, ...document.querySelectorAll('.dialog-body')]"
        ".map((part) => part.scrollWidth - part.clientWidth))"
    )


def look(page, server, language, paths, name):
    """What axe and a ruler find on these pages, wide and narrow; pictures of each."""
    found = []
    for at, path in enumerate(paths):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{server.url}/{language}{path}")
        settle(page)
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "he" else "ltr")
        found += axe(page, path)
        shoot(page, f"{name}-{at}-{language}-1280")
        page.set_viewport_size({"width": 390, "height": 800})
        # Charts follow the window a moment later.
        page.wait_for_timeout(300)
        if (wide := wider_than_window(page)) > 0:
            found.append(f"{path}: {wide} pixels wider than a window of 390")
        shoot(page, f"{name}-{at}-{language}-390")
    return found
