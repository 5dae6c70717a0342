# Two commands for people: `make run` and `make test`. The others are their parts.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: run build ui ui-test test packages rust lint e2e bench deny

PYTHON := .venv/bin/python

# Builds the server and starts it on 127.0.0.1:8420 with its data in ./whodunit-data.
# ARGS are further flags: make run ARGS="--listen 0.0.0.0:8420".
run: build
	exec "$${CARGO_TARGET_DIR:-target}/release/whodunit" serve $(ARGS)

build: ui
	cargo build --locked --release -p whodunit-cli

# The web interface: ui/dist, which the server embeds when it is compiled. Cargo alone never runs npm.
# Built anew only when a source of it has changed, so that starting again compiles nothing.
ui: ui/dist/index.html

ui/dist/index.html: ui/node_modules/installed $(shell find ui/src ui/public ui/scripts -type f 2>/dev/null) $(wildcard ui/*.html ui/*.json ui/*.ts)
	npm run build --prefix ui --silent

ui/node_modules/installed: ui/package-lock.json
	npm ci --prefix ui --silent --no-audit --no-fund
	touch $@

# Types, lint and unit tests of the interface.
ui-test: ui/node_modules/installed
	npm run lint --prefix ui --silent
	npm test --prefix ui --silent

# Everything that CI runs, cheapest first. Only the dev profile is built.
test: packages lint ui-test ui rust e2e
	@echo "make test: all passed"

# Debian packages that the tests need: installed where we may, else named.
packages:
	./e2e/packages

lint:
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

# Licences and sources of all dependencies, by deny.toml. Not a part of `make test`, since the tool takes long to build.
deny:
	@command -v cargo-deny >/dev/null || { echo "make deny needs cargo-deny: cargo install cargo-deny --locked" >&2; exit 1; }
	cargo deny --locked check licenses bans sources

# Also builds target/debug/whodunit, with the features that the end-to-end tests then use and the interface inside.
rust: ui
	cargo test --locked --workspace

# The built binary with real clients. E2E_CRASH_ROUNDS=2000 crashes it more often, E2E_ARGS goes to pytest.
e2e: rust .venv/installed e2e/node/node_modules/installed
	$(PYTHON) -m pytest e2e $(E2E_ARGS)

.venv/installed: e2e/requirements.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r e2e/requirements.txt
	touch $@

e2e/node/node_modules/installed: e2e/node/package-lock.json
	npm ci --prefix e2e/node --silent --no-audit --no-fund
	touch $@

# The numbers of docs/performance.md. BENCH_ARGS are flags of `whodunit bench`.
bench: build
	"$${CARGO_TARGET_DIR:-target}/release/whodunit" bench $(BENCH_ARGS)
