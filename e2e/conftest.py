"""Fixtures: the built binary, and servers that end with their test."""

import pytest

from harness import BINARY, Server

pytest_plugins = ["ui_harness"]


@pytest.fixture(scope="session", autouse=True)
def binary():
    assert BINARY.exists(), f"{BINARY} is missing: cargo build --workspace"
    return BINARY


@pytest.fixture
def make_server(tmp_path):
    """Makes servers in directories of their own; whatever still runs at the end is ended."""
    made = []

    def make(name="server", **options):
        server = Server(options.pop("directory", tmp_path / name), **options)
        made.append(server)
        return server

    yield make
    for server in made:
        server.end()


@pytest.fixture
def server(make_server):
    """A started server with known keys."""
    return make_server().start()
