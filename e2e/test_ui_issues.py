"""Issues worked through in Debian's Chromium: what people make of errors that Sentry's SDK sent, and who may."""

import json

import pytest
import sentry_sdk
from playwright.sync_api import expect

from harness import API_KEY, OWNER
from test_issues import BROKEN, Errors, becomes, issue
from ui_harness import axe, make_user, open_page, settle, shoot, wider_than_window


@pytest.fixture
def errors(bare):
    """Raises errors through the SDK at a server whose owner signs in, and ends it with the test."""
    keys = bare.request("GET", "/api/v1/admin/keys", API_KEY).json()["keys"]
    [public] = [key["public_id"] for key in keys if key.get("public_id")]
    yield Errors(bare, f"http://{public}@127.0.0.1:{bare.port}/1").release("shop@1.4.0")
    sentry_sdk.get_client().close(timeout=5)
    sentry_sdk.init()


def path_of(server, kind):
    return f"/errors/{issue(server, kind)['id']}"


def choose(page, menu, entry):
    page.get_by_role("button", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


def test_an_issue_is_resolved_comes_back_is_assigned_and_all_of_it_is_taken_back(chromium, errors):
    server = errors.server
    errors.raise_one("KeyError")
    page = open_page(chromium, server, path_of(server, "KeyError"))
    standing = page.locator(".issue-head .issue-standing")
    expect(standing).to_contain_text("unresolved")
    expect(standing).to_contain_text("Assigned to: nobody")
    expect(page.get_by_role("button", name="Reopen")).to_have_count(0)
    choose(page, "Resolve", "Now")
    expect(standing).to_contain_text("resolved")
    expect(page.locator(".toast")).to_contain_text("One issue is changed.")
    errors.release("shop@1.5.0").raise_one("KeyError")
    becomes(server, "KeyError", "regressed")
    page.reload()
    expect(standing).to_contain_text("regressed")
    expect(standing).to_contain_text("came back in shop@1.5.0")
    expect(standing).to_contain_text("new")

    choose(page, "Assign", "Assign to me")
    expect(standing).to_contain_text(f"Assigned to: {OWNER[0]}")
    page.get_by_role("tab", name="History").click()
    rows = page.get_by_role("region", name="History").get_by_role("row")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text("assigned")
    expect(rows.nth(2)).to_contain_text("Whodunit itself")
    expect(rows.nth(2).get_by_role("button")).to_have_attribute("aria-disabled", "true")
    rows.nth(1).get_by_role("button", name="Take back").click()
    expect(standing).to_contain_text("Assigned to: nobody")
    expect(rows).to_have_count(5)

    choose(page, "Resolve", "In a release…")
    dialog = page.get_by_role("dialog", name="Resolve")
    expect(dialog).to_contain_text("shop@1.5.0")
    dialog.get_by_label("Release").fill("shop@2.0.0")
    dialog.get_by_role("button", name="Resolve").click()
    expect(standing).to_contain_text("in shop@2.0.0")
    page.locator(".toast").last.get_by_role("button", name="Take back").click()
    expect(standing).to_contain_text("regressed")
    choose(page, "Ignore", "Until so many events…")
    dialog = page.get_by_role("dialog", name="Ignore")
    dialog.get_by_label("Events").fill("none")
    dialog.get_by_role("button", name="Ignore").click()
    expect(dialog).to_contain_text("A number from 1 on.")
    dialog.get_by_label("Events").fill("20")
    dialog.get_by_role("button", name="Ignore").click()
    expect(standing).to_contain_text("0 of 20 events")
    choose(page, "Ignore", "Until a time…")
    dialog.get_by_label("Until").fill("2020-01-01")
    dialog.get_by_role("button", name="Ignore").click()
    expect(dialog).to_contain_text("This is no time to come")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Reopen").click()
    expect(standing).to_contain_text("unresolved")
    assert issue(server, "KeyError")["state"]["name"] == "unresolved"
    assert not page.complaints, page.complaints


def test_issues_are_talked_about(chromium, errors):
    server = errors.server
    errors.raise_one("KeyError")
    member = make_user(server, "member")
    page = open_page(chromium, server, path_of(server, "KeyError") + "?tab=comments", who=member)
    comments = page.get_by_role("region", name="Comments")
    comments.get_by_label("New comment").fill("since the deploy of Monday")
    comments.get_by_role("button", name="Add the comment").click()
    said = comments.get_by_role("listitem")
    expect(said).to_contain_text("since the deploy of Monday")
    expect(said).to_contain_text(member[0])
    said.get_by_role("button", name="Change").click()
    comments.get_by_label("Comment", exact=True).fill("since the deploy of Tuesday")
    comments.get_by_role("button", name="Save").click()
    expect(said).to_contain_text("Tuesday")
    expect(said).to_contain_text("changed")
    viewer = open_page(chromium, server, path_of(server, "KeyError") + "?tab=comments", who=make_user(server, "viewer"))
    expect(viewer.get_by_role("region", name="Comments").get_by_role("listitem")).to_contain_text("Tuesday")
    expect(viewer.get_by_role("region", name="Comments").get_by_role("button")).to_have_count(0)
    said.get_by_role("button", name="Remove").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(said).to_have_count(0)
    assert server.list(f"issues/{issue(server, 'KeyError')['id']}/comments")["comments"] == []
    assert not page.complaints, page.complaints


@pytest.mark.parametrize("role", ["viewer", "auditor"])
def test_who_only_reads_sees_no_buttons(chromium, errors, role):
    server = errors.server
    errors.raise_one("KeyError")
    page = open_page(chromium, server, path_of(server, "KeyError"), who=make_user(server, role))
    expect(page.locator(".issue-head .issue-standing")).to_contain_text("unresolved")
    expect(page.get_by_role("group", name="What to do with the issue")).to_have_count(0)
    page.keyboard.press("e")
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text("Nobody has changed this issue yet.")).to_be_visible()
    assert issue(server, "KeyError")["state"] == {"name": "unresolved"}


def refund():
    raise KeyError("amount")


def test_similar_issues_are_merged_and_taken_out_again(chromium, errors, monkeypatch):
    server = errors.server
    monkeypatch.setitem(BROKEN, "refund", refund)
    errors.raise_one("KeyError")
    errors.raise_one("refund")
    known = {found["title"]: found["id"] for found in server.list("issues")["issues"]}
    [pays] = [known[title] for title in known if "price" in title]
    [refunds] = [known[title] for title in known if "amount" in title]
    page = open_page(chromium, server, f"/errors/{refunds}?tab=together")
    similar = page.get_by_role("region", name="Similar issues").get_by_role("row").filter(has_text="price")
    expect(similar).to_contain_text("same type")
    expect(similar).to_contain_text("1 of 3 calls of the application")
    similar.get_by_role("button", name="Merge into this one").click()
    merged = page.get_by_role("region", name="Merged into this one")
    expect(merged.get_by_role("listitem")).to_contain_text("price")
    [both] = server.list("issues")["issues"]
    assert (both["id"], both["events"], both["merged"]) == (refunds, 2, [pays])
    merged.get_by_role("button", name="Take out").click()
    expect(page.get_by_text("No issue is merged into this one.")).to_be_visible()
    assert {found["id"] for found in server.list("issues")["issues"]} == {pays, refunds}
    assert not page.complaints, page.complaints


def test_many_issues_are_changed_at_once(chromium, errors):
    server = errors.server
    for kind in ["KeyError", "IndexError", "ValueError"]:
        errors.raise_one(kind)
    page = open_page(chromium, server, "/errors")
    grid = page.get_by_role("grid", name="Issues")
    rows = grid.get_by_role("row").filter(has=page.get_by_role("checkbox"))
    bulk = page.get_by_role("region", name="Selected issues")
    expect(rows).to_have_count(3)
    expect(bulk).to_have_count(0)
    rows.filter(has_text="KeyError").get_by_role("checkbox").check()
    rows.filter(has_text="IndexError").get_by_role("checkbox").check()
    expect(bulk).to_contain_text("2 issues selected")
    choose(page, "Assign", "Assign to me")
    expect(rows.filter(has_text=OWNER[0])).to_have_count(2)
    expect(bulk).to_have_count(0)
    page.get_by_role("button", name="Assigned to me").click()
    expect(rows).to_have_count(2)
    assert "assignee=me" in page.url
    # Selected and resolved with the keys; what is resolved is not open, and stands under its own tab.
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(bulk).to_contain_text("1 issue selected")
    page.keyboard.press("e")
    expect(rows).to_have_count(1)
    page.get_by_role("tab", name="Resolved").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("resolved")
    page.get_by_role("tab", name="Ignored").click()
    expect(page.get_by_role("heading", name="No issues in this state")).to_be_visible()
    page.get_by_role("button", name="Show issues in every state").click()
    expect(rows).to_have_count(2)
    link = page.get_by_role("link", name="Download events as CSV").get_attribute("href")
    assert "assignee=me" in link and "status" not in link
    exported = page.evaluate("async (link) => (await (await fetch(link)).text())", link)
    assert len(exported.strip().splitlines()) == 1 + 2
    link = page.get_by_role("link", name="Download issues as NDJSON").get_attribute("href")
    exported = page.evaluate("async (link) => (await (await fetch(link)).text())", link)
    assert "assignee=me" in link
    titles = [json.loads(line)["title"] for line in exported.strip().splitlines()]
    assert len(titles) == 2
    for row, title in enumerate(titles):
        expect(rows.nth(row)).to_contain_text(title)

    page.goto(server.url + "/errors?status=all")
    expect(rows).to_have_count(3)
    for row in range(3):
        rows.nth(row).get_by_role("checkbox").check()
    bulk.get_by_role("button", name="Merge").click()
    page.get_by_role("dialog", name="Merge 3 issues").get_by_role("button", name="Merge").click()
    expect(rows).to_have_count(1)
    assert [found["events"] for found in server.list("issues")["issues"]] == [3]
    page.locator(".toast").last.get_by_role("button", name="Take back").click()
    expect(rows).to_have_count(3)
    expect(page.locator(".toast").last).to_contain_text("taken back")
    rows.first.get_by_role("checkbox").check()
    bulk.get_by_role("button", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(2)
    assert len(server.list("issues")["issues"]) == 2
    viewer = open_page(chromium, server, "/errors?status=all", who=make_user(server, "viewer"))
    expect(viewer.get_by_role("grid", name="Issues").get_by_role("row")).to_have_count(3)
    expect(viewer.get_by_role("checkbox")).to_have_count(0)
    assert not page.complaints, page.complaints


@pytest.mark.parametrize("language, scheme", [("en", "light"), ("he", "dark")])
def test_axe_finds_nothing_and_nothing_overflows(chromium, errors, language, scheme):
    server = errors.server
    errors.raise_one("KeyError")
    errors.raise_one("IndexError")
    one = issue(server, "KeyError")["id"]
    for body in [{"state": {"name": "resolved", "terms": "next_release"}}, {"state": {"name": "ignored", "terms": "events", "count": 20}}, {"assignee": OWNER[0], "reason": "hers"}]:
        assert server.request("PATCH", f"/api/v1/issues/{one}", API_KEY, json=body).ok
    assert server.request("POST", f"/api/v1/issues/{one}/comments", API_KEY, json={"body": "since the deploy " * 20}).ok
    page = open_page(chromium, server, f"/{language}/errors", color_scheme=scheme)
    found = []
    paths = ["/errors?status=all", *(f"/errors/{one}?tab={tab}" for tab in ["comments", "history", "together"])]
    for at, path in enumerate(paths):
        page.goto(f"{server.url}/{language}{path}")
        settle(page)
        for box in page.get_by_role("checkbox").all():
            box.check()
        found += axe(page, path)
        page.get_by_role("tabpanel").evaluate("panel => panel.scrollIntoView({ block: 'center' })")
        shoot(page, f"issues-{at}-{language}-1280")
        page.set_viewport_size({"width": 390, "height": 800})
        page.wait_for_timeout(300)
        page.get_by_role("tabpanel").evaluate("panel => panel.scrollIntoView({ block: 'center' })")
        if (wide := wider_than_window(page)) > 0:
            found.append(f"{path}: {wide} pixels wider than a window of 390")
        shoot(page, f"issues-{at}-{language}-390")
        page.set_viewport_size({"width": 1280, "height": 900})
    assert not found, "\n".join(found)
    assert not page.complaints, page.complaints
