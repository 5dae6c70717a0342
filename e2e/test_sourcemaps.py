"""A minified application in a real browser, its source maps uploaded by Sentry's command line."""

import functools
import json
import os
import re
import subprocess

import pytest

from harness import API_KEY, INGEST_KEY, ROOT, web_site, wait_for

NODE = ROOT / "e2e" / "node"
CLI = NODE / "node_modules" / "@sentry" / "cli-linux-x64" / "bin" / "sentry-cli"
# Of before there were bundles: it sends the files of a release one by one.
OLD_CLI = NODE / "node_modules" / "sentry-cli-1" / "bin" / "sentry-cli"
ESBUILD = NODE / "node_modules" / ".bin" / "esbuild"


@pytest.fixture
def ingest_dsn(server):
    keys = server.request("GET", "/api/v1/admin/keys", API_KEY).json()["keys"]
    [public] = [key["public_id"] for key in keys if key.get("public_id")]
    return f"http://{public}@127.0.0.1:{server.port}/1"


@pytest.fixture
def releaser(server):
    """A key that may upload source maps and nothing else."""
    request = {"kind": "api", "name": "build", "scopes": ["release"]}
    answer = server.request("POST", "/api/v1/admin/keys", API_KEY, json=request)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()["secret"]


@pytest.fixture
def build(tmp_path):
    """Makes the shop's script small, with its map beside it, in a directory of its own."""

    def made(name, banner=""):
        site = tmp_path / name
        site.mkdir()
        command = [ESBUILD, NODE / "shop.js", "--bundle", "--minify", "--sourcemap", f"--outfile={site}/app.min.js"]
        if banner:
            command.append(f"--banner:js={banner}")
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        return site

    return made


def cli(server, key, *arguments, fails=False, program=CLI):
    environment = {
        **os.environ,
        "SENTRY_URL": server.url,
        "SENTRY_AUTH_TOKEN": key,
        "SENTRY_ORG": "shop",
        "SENTRY_PROJECT": "default",
    }
    done = subprocess.run([program, *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout + done.stderr


def visit(chromium, directory, **settings):
    """Serves the site and opens its page, until the browser has sent what went wrong."""
    text = f"<!doctype html><script>window.settings = {json.dumps(settings)}</script><script src=/static/app.min.js></script>"
    (directory / "static").mkdir(exist_ok=True)
    for name in ["app.min.js", "app.min.js.map"]:
        if (directory / name).exists():
            (directory / name).rename(directory / "static" / name)
    (directory / "index.html").write_text(text)
    with web_site(directory) as address:
        page = chromium.new_page()
        with page.expect_response(re.compile("/envelope/")) as sent:
            page.goto(f"{address}index.html")
        assert sent.value.status == 200, sent.value.text()
        page.close()


def newest(server, count):
    def found():
        rows = server.sql("SELECT * FROM error_events ORDER BY time DESC, seq DESC")
        return rows if len(rows) == count else None

    return wait_for(found, f"{count} errors are stored")[0]


def thrown(exception):
    value = exception if isinstance(exception, list) else json.loads(exception)
    return value[-1]["stacktrace"]["frames"][-1]


def assert_original(frame):
    assert frame["function"] == "chargeCard"
    assert frame["filename"].endswith("shop.js")
    written = (NODE / "shop.js").read_text().splitlines()
    assert frame["context_line"] == written[frame["lineno"] - 1] == "    throw new TypeError(`order ${order.id} has no total`)"
    assert frame["pre_context"][-1] == "  if (order.total === undefined) {"
    assert frame["post_context"][0] == "  }"
    assert frame["in_app"] is True


def test_a_minified_error_is_told_as_it_was_written(server, ingest_dsn, releaser, build, chromium):
    site = build("site")
    cli(server, releaser, "sourcemaps", "inject", site)
    assert "debugId" in (site / "app.min.js").read_text()
    told = cli(server, releaser, "sourcemaps", "upload", site)
    assert "Uploaded files to Sentry" in told, told
    visit(chromium, site, dsn=ingest_dsn, release="shop@1.4.0")
    row = newest(server, 1)
    assert_original(thrown(row["exception"]))
    assert "chargeCard" in row["culprit"]
    raw = json.loads(row["raw"]) if isinstance(row["raw"], str) else row["raw"]
    sent = raw["exception"]["values"][-1]["raw_stacktrace"]["frames"][-1]
    assert sent["filename"].endswith("/static/app.min.js") and sent["function"] != "chargeCard"
    assert (row["release"], row["actor_id"]) == ("shop@1.4.0", "user-7")
    [bundle] = server.request("GET", "/api/v1/sourcemaps", API_KEY).json()["bundles"]
    assert bundle["uploaded_by"] == "key/build"
    # The same again makes no second one; what lies elsewhere does.
    for _ in range(2):
        cli(server, releaser, "sourcemaps", "upload", site / "static")
    assert len(server.request("GET", "/api/v1/sourcemaps", API_KEY).json()["bundles"]) == 1
    # A start reads what was kept.
    server.stop()
    server.start()
    visit(chromium, site, dsn=ingest_dsn, release="shop@1.4.0")
    assert_original(thrown(newest(server, 2)["exception"]))
    issues = server.request("GET", "/api/v1/issues", API_KEY).json()["issues"]
    assert [issue["events"] for issue in issues] == [2]


def test_a_map_that_comes_late_is_used_when_the_error_is_shown(server, ingest_dsn, releaser, build, chromium):
    site = build("site")
    cli(server, releaser, "sourcemaps", "inject", site)
    visit(chromium, site, dsn=ingest_dsn, release="shop@1.4.0")
    row = newest(server, 1)
    assert thrown(row["exception"])["filename"].endswith("/static/app.min.js")
    path = f"/api/v1/errors/{row['event_id']}"
    before = server.request("GET", path, API_KEY).json()["event"]
    assert thrown(before["exception"])["filename"].endswith("/static/app.min.js")
    cli(server, releaser, "sourcemaps", "upload", site / "static")
    after = server.request("GET", path, API_KEY).json()["event"]
    assert_original(thrown(after["exception"]))
    [bundle] = server.request("GET", "/api/v1/sourcemaps", API_KEY).json()["bundles"]
    gone = server.request("DELETE", f"/api/v1/sourcemaps/{bundle['id']}", API_KEY)
    assert gone.status_code == 200 and gone.json()["id"] == bundle["id"], gone.text
    again = server.request("DELETE", f"/api/v1/sourcemaps/{bundle['id']}", API_KEY)
    assert again.status_code == 404, again.text
    event = server.request("GET", path, API_KEY).json()["event"]
    assert thrown(event["exception"])["filename"].endswith("/static/app.min.js")


def test_maps_are_found_by_release_and_dist(server, ingest_dsn, releaser, build, chromium):
    site = build("site", banner="/* without debug ids */")
    cli(server, releaser, "releases", "new", "shop@2.0.0")
    upload = ["sourcemaps", "upload", "--release", "shop@2.0.0", "--dist", "42", "--url-prefix", "~/static"]
    cli(server, releaser, *upload, site)
    cli(server, releaser, "releases", "finalize", "shop@2.0.0")
    cli(server, releaser, "deploys", "new", "--release", "shop@2.0.0", "--env", "production")
    visit(chromium, site, dsn=ingest_dsn, release="shop@2.0.0", dist="41")
    assert thrown(newest(server, 1)["exception"])["filename"].endswith("/static/app.min.js"), "another dist"
    visit(chromium, site, dsn=ingest_dsn, release="shop@2.0.0", dist="42")
    assert_original(thrown(newest(server, 2)["exception"]))
    release = server.request("GET", "/api/0/organizations/shop/releases/shop@2.0.0/", releaser).json()
    assert release["dateReleased"] and [deploy["environment"] for deploy in release["deploys"]] == ["production"]
    acts = server.sql("SELECT action, actor_name, outcome FROM audit_logs WHERE project = 'whodunit' ORDER BY time")
    acted = {act["action"] for act in acts if act["outcome"] == "success"}
    assert {"SOURCEMAPS_UPLOAD", "RELEASE_UPDATE", "DEPLOY"} <= acted


def test_the_old_command_line_uploads_files_one_by_one(server, ingest_dsn, releaser, build, chromium):
    old = functools.partial(cli, server, releaser, program=OLD_CLI)
    site = build("site", banner="/* without debug ids */")
    old("releases", "new", "shop@1.0.0")
    upload = ["releases", "files", "shop@1.0.0", "upload-sourcemaps", site, "--url-prefix", "~/static"]
    old(*upload, "--dist", "42")
    old("releases", "finalize", "shop@1.0.0")
    assert server.request("GET", "/api/v1/sourcemaps", API_KEY).json()["bundles"] == []
    visit(chromium, site, dsn=ingest_dsn, release="shop@1.0.0", dist="41")
    assert thrown(newest(server, 1)["exception"])["filename"].endswith("/static/app.min.js"), "another dist"
    visit(chromium, site, dsn=ingest_dsn, release="shop@1.0.0", dist="42")
    assert_original(thrown(newest(server, 2)["exception"]))

    listed = old("releases", "files", "shop@1.0.0", "list")
    assert "~/static/app.min.js" in listed and "~/static/app.min.js.map" in listed and " 42 " in listed
    # What is there already is not sent again, and a restart forgets nothing.
    before = server.request("GET", "/api/v1/sourcemaps", API_KEY).json()["files"]
    server.kill()
    server.start()
    old("releases", "files", "shop@1.0.0", "upload", site / "static" / "app.min.js", "~/static/other.js")
    files = server.request("GET", "/api/v1/sourcemaps", API_KEY).json()["files"]
    assert sorted(one["name"] for one in files) == ["~/static/app.min.js", "~/static/app.min.js.map", "~/static/other.js"]
    assert [one for one in files if one["name"] != "~/static/other.js"] == before
    old("releases", "files", "shop@1.0.0", "delete", "~/static/other.js")
    assert "other.js" not in old("releases", "files", "shop@1.0.0", "list")
    old("releases", "files", "shop@1.0.0", "delete", "--all")
    assert server.request("GET", "/api/v1/sourcemaps", API_KEY).json()["files"] == []
    visit(chromium, site, dsn=ingest_dsn, release="shop@1.0.0", dist="42")
    assert thrown(newest(server, 3)["exception"])["filename"].endswith("/static/app.min.js")


def test_who_only_sends_cannot_put_maps_in_the_way(server, releaser, build):
    site = build("site")
    cli(server, INGEST_KEY, "sourcemaps", "upload", site, fails=True)
    answer = server.request("GET", "/api/v1/sourcemaps", releaser)
    assert answer.status_code == 403, "a key that uploads cannot read"
    assemble = "/api/0/organizations/shop/artifactbundle/assemble/"
    for body, status, text in [
        ({"checksum": "../../etc"}, 400, "no SHA-1"),
        ({"checksum": "a" * 40, "chunks": ["b" * 40], "projects": ["other"]}, 404, "no project"),
    ]:
        answer = server.request("POST", assemble, releaser, json=body)
        assert answer.status_code == status and text in answer.json()["detail"], answer.text
    missing = server.request("POST", assemble, releaser, json={"checksum": "a" * 40, "chunks": ["b" * 40]}).json()
    assert missing == {"state": "not_found", "missingChunks": ["b" * 40]}
    wrong = {"file": ("b" * 40, b"not that")}
    answer = server.request("POST", "/api/0/organizations/shop/chunk-upload/", releaser, files=wrong)
    assert answer.status_code == 400 and "SHA-1" in answer.json()["detail"], answer.text
