"""Settings: who may change what, what a change would do, and the way back."""

from playwright.sync_api import expect

from harness import wait_for
from ui_harness import make_user, open_page


def confirm(page, button, reason=None):
    """Answers the question for a reason."""
    dialog = page.get_by_role("alertdialog")
    if reason:
        dialog.get_by_label("Reason").fill(reason)
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_have_count(0)


def test_an_auditor_reads_everything_and_changes_nothing(chromium, shop):
    page = open_page(chromium, shop, "/audit", who=make_user(shop, "auditor"))
    expect(page.get_by_role("grid", name="Audit entries")).to_contain_text("order_deleted")
    page.goto(shop.url + "/audit?project=whodunit")
    expect(page.get_by_role("grid", name="Audit entries")).to_contain_text("USER_CREATE")
    page.goto(shop.url + "/settings?tab=users")
    expect(page.get_by_role("heading", name="Only owners and admins may change this")).to_be_visible()
    page.goto(shop.url + "/settings")
    expect(page.get_by_role("main")).to_contain_text("Auditor")
    # One's own password is one's own.
    expect(page.get_by_role("button", name="Change the password")).to_be_visible()
    refused = page.evaluate(
        """async () => {
            const { csrf } = await (await fetch('/api/v1/session')).json()
            const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }
            const body = JSON.stringify({ kind: 'api', name: 'mine' })
            return (await fetch('/api/v1/admin/keys', { method: 'POST', headers, body })).status
        }"""
    )
    assert refused == 403, "what the page does not offer the server does not allow"


def test_an_admin_changes_all_but_owners(chromium, shop):
    make_user(shop, "member")
    page = open_page(chromium, shop, "/settings?tab=users", who=make_user(shop, "admin"))
    users = page.get_by_role("region", name="Users")
    owner = users.get_by_role("row", name="owner@example.com")
    expect(owner.get_by_role("button", name="Disable")).to_have_attribute("aria-disabled", "true")
    users.get_by_role("row", name="member@example.com").get_by_role("button", name="Disable").click()
    confirm(page, "Disable", "left the company")
    expect(users.get_by_role("row", name="member@example.com")).to_contain_text("disabled")
    history = page.get_by_role("region", name="History")
    change = history.get_by_role("row").filter(has_text="USER_DISABLE")
    expect(change).to_contain_text("left the company")
    expect(history.get_by_role("row").filter(has_text="USER_CREATE").first.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")
    change.get_by_role("button", name="Undo").click()
    confirm(page, "Undo", "came back")
    expect(users.get_by_role("row", name="member@example.com")).to_contain_text("active")
    expect(history.get_by_role("row").filter(has_text="USER_ENABLE")).to_contain_text("came back")
    # Changed again since: only the newest change can be taken back.
    expect(change.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")


def test_a_key_is_shown_once_and_a_project_gets_its_name_back(chromium, shop):
    page = open_page(chromium, shop, "/settings?tab=keys")
    page.get_by_role("textbox", name="Name").fill("billing")
    page.get_by_role("button", name="Create").click()
    secret = page.get_by_role("alertdialog", name="The key billing")
    expect(secret).to_contain_text("wd_ing_")
    page.get_by_role("button", name="I have copied it").click()
    expect(page.get_by_text("wd_ing_")).to_have_count(0)
    expect(page.get_by_role("region", name="History")).to_contain_text("billing")
    page.get_by_role("tab", name="Projects").click()
    page.get_by_role("region", name="Projects").get_by_role("row", name="Default").get_by_role("button", name="Rename").click()
    page.get_by_role("alertdialog").get_by_label("Name").fill("Shop")
    confirm(page, "Rename", "nicer")
    expect(page.get_by_role("region", name="Projects").get_by_role("rowheader", name="Shop")).to_be_visible()
    page.get_by_role("region", name="History").get_by_role("row").filter(has_text="nicer").get_by_role("button", name="Undo").click()
    confirm(page, "Undo")
    expect(page.get_by_role("region", name="Projects").get_by_role("rowheader", name="Default")).to_be_visible()
    assert not page.complaints, page.complaints


def test_retention_says_what_would_go_before_anything_does(chromium, shop):
    shop.settle()
    page = open_page(chromium, shop, "/settings?tab=retention")
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_label("Days").fill("1")
    page.get_by_role("button", name="What would go").click()
    expect(page.get_by_text("Nothing would go now.")).to_be_visible()
    page.get_by_label("Days").fill("")
    page.get_by_label("Bytes").fill("1")
    page.get_by_role("button", name="What would go").click()
    expect(page.get_by_role("region", name="What would go").get_by_role("row", name="logs default 40")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    asked = page.get_by_role("alertdialog", name="Retention")
    expect(asked).to_contain_text("would go at once, for ever")
    asked.get_by_role("button", name="Cancel").click()
    assert len(shop.list("logs")["rows"]) == 40, "nothing has gone"
    expect(page.get_by_text("Never changed")).to_be_visible()


def test_going_back_to_earlier_rules_touches_one_project_only(chromium, shop):
    def rules(project):
        return [rule["name"] for rule in shop.request("GET", "/api/v1/admin/redaction", headers={"X-Whodunit-Project": project}).json()["rules"]]

    def set_rules(project, *names):
        body = {"rules": [{"name": name, "kind": "key", "pattern": f"*{name}*"} for name in names]}
        answer = shop.request("PUT", "/api/v1/admin/redaction", json=body, headers={"X-Whodunit-Project": project})
        assert answer.ok, answer.text

    shop.request("POST", "/api/v1/admin/projects", json={"slug": "billing", "name": "Billing"})
    set_rules("default", "one")
    set_rules("billing", "tax")
    set_rules("default", "one", "two")
    set_rules("billing", "tax", "salary")
    page = open_page(chromium, shop, "/settings?tab=redaction")
    history = page.get_by_role("region", name="History: rules of default")
    expect(history.get_by_role("row")).to_have_count(3)
    history.get_by_role("row").last.get_by_role("button", name="Make this one the newest").click()
    confirm(page, "Make this one the newest", "two was wrong")
    wait_for(lambda: rules("default") == ["one"], "the project's rules are those of before")
    assert rules("billing") == ["tax", "salary"], "another project's rules stay"
    expect(history.get_by_role("row")).to_have_count(4)
    page.get_by_role("button", name="Back to the default").click()
    confirm(page, "Make this one the newest")
    wait_for(lambda: rules("default") == [], "no rules of its own are left")
    assert rules("billing") == ["tax", "salary"]


def test_a_switch_shows_on_health_what_to_do_and_who_did_it(chromium, shop):
    page = open_page(chromium, shop, "/settings?tab=switches")
    page.get_by_text("Record audit entries: on").click()
    confirm(page, "Save", "too loud")
    expect(page.get_by_text("Record audit entries: off")).to_be_visible()
    page.goto(shop.url + "/server")
    trouble = page.get_by_role("list", name="What is not healthy").get_by_role("listitem")
    expect(trouble).to_contain_text("audit_logging")
    expect(trouble).to_contain_text("What to do:")
    check = page.get_by_role("region", name="Checks").get_by_role("row").filter(has_text="audit_logging")
    expect(check).to_contain_text("not since this page was opened")
    trouble.get_by_role("link", name="Settings, Switches").click()
    history = page.get_by_role("region", name="History: Record audit entries")
    expect(history).to_contain_text("too loud")
    page.get_by_role("button", name="Back to the default").first.click()
    confirm(page, "Make this one the newest")
    expect(page.get_by_text("Record audit entries: on")).to_be_visible()


def test_sources_say_why_they_were_refused(chromium, shop):
    shop.audit([{"actor_email": "dana@example.com"}, {"action": "fine"}])
    page = open_page(chromium, shop, "/server")
    row = page.get_by_role("region", name="Who sends").get_by_role("row").filter(has_text="audit")
    row.locator("summary").click()
    expect(row).to_contain_text("1 × a required field is missing")
