"""The systemd unit and the Dockerfile: checked by what can check them here, since no image can be built."""

import json
import re
import subprocess

from dockerfile_parse import DockerfileParser

from harness import BINARY, ROOT, run_binary

UNIT = ROOT / "dist" / "whodunit.service"


def settings_of(section):
    text = re.search(rf"\[{section}\](.*?)(\n\[|\Z)", UNIT.read_text(), re.S)[1]
    pairs = [line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#")]
    return {name: value for name, value in pairs}


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path):
    unit = tmp_path / "whodunit.service"
    unit.write_text(UNIT.read_text().replace("/usr/bin/whodunit", str(BINARY)))
    checked = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_the_unit_leaves_the_server_time_to_stop_and_little_else():
    service = settings_of("Service")
    shown = json.loads(run_binary("config", "show", "--json").stdout)
    patience = next(line["value"] for line in shown if line["name"] == "shutdown_timeout")
    assert int(service["TimeoutStopSec"]) > int(patience.removesuffix("s"))
    assert service["DynamicUser"] == "yes" and service["ProtectSystem"] == "strict"
    assert service["StateDirectoryMode"] == "0700" and int(service["LimitNOFILE"]) >= 4096
    command = service["ExecStart"].split()
    assert command[0] == "/usr/bin/whodunit"
    assert run_binary(*command[1:], "--help").returncode == 0


def instructions():
    parser = DockerfileParser(path=str(ROOT / "Dockerfile"), cache_content=True)
    return parser, [(one["instruction"], one["value"]) for one in parser.structure if one["instruction"] != "COMMENT"]


def test_the_image_is_pinned_small_and_not_root():
    parser, steps = instructions()
    assert parser.is_multistage
    for image in parser.parent_images:
        assert re.search(r":[\w.-]*\d[\w.-]*$", image) and "latest" not in image, f"{image} is not pinned"
    final = [index for index, (name, _) in enumerate(steps) if name == "FROM"][-1]
    last = steps[final:]
    names = [name for name, _ in last]
    values = dict(last)
    assert values["USER"] not in ("root", "0") and names.index("USER") < names.index("ENTRYPOINT")
    assert values["VOLUME"] == "/var/lib/whodunit" and values["STOPSIGNAL"] == "SIGTERM"
    assert values["ENTRYPOINT"] == '["/usr/bin/whodunit"]' and values["CMD"] == '["serve"]'
    assert "ADD" not in names and "MAINTAINER" not in names
    for name, value in steps:
        if name == "RUN" and "apt-get install" in value:
            assert "--no-install-recommends" in value and "rm -rf /var/lib/apt/lists/*" in value, value
        assert "sudo" not in value and "curl |" not in value
    copied = [value for name, value in last if name == "COPY"]
    assert copied and all(value.startswith("--from=build") for value in copied), "nothing of the source is in the image"


def test_the_image_builds_what_this_repository_has_and_asks_the_binary_for_its_health():
    _, steps = instructions()
    values = [value for name, value in steps if name == "RUN"]
    assert any("cargo build --locked --release -p whodunit-cli" in value for value in values)
    scripts = json.loads((ROOT / "ui" / "package.json").read_text())["scripts"]
    assert any(value == "npm run build" for value in values) and "build" in scripts
    copied = [value for name, value in steps if name == "COPY" and value.startswith("--from=ui")]
    assert copied == ["--from=ui /source/ui/dist ui/dist"], "the interface is there before the server is compiled"
    version = re.search(r'rust-version = "([\d.]+)"', (ROOT / "Cargo.toml").read_text())[1]
    assert dict(steps) and any(name == "FROM" and value.startswith(f"rust:{version}.") for name, value in steps)
    check = next(value for name, value in steps if name == "HEALTHCHECK")
    command = re.search(r"CMD whodunit (.*?) \|\|", check)[1].split()
    assert run_binary(*command, "--help").returncode == 0
    for variable in re.findall(r"(WHODUNIT_\w+)=", dict(steps)["ENV"]):
        shown = run_binary("config", "show", environment={variable: "127.0.0.1:1"})
        assert shown.returncode == 0 and variable in shown.stdout, f"{variable} is no setting"
