# Every command of this repository. Bare `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup setup-check setup-test setup-bench run demo test check check-fast fix bench faults
MAKEFLAGS += --no-print-directory

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what `make run` needs into .venv (seconds when it is there already)
	@scripts/setup run

setup-check: ## install what `make check` needs as well
	@scripts/setup check

setup-test: ## install what `make test` needs as well: PostgreSQL and Chromium from Debian
	@scripts/setup test

setup-bench: ## install what `make bench` needs as well: the peers it measures against, PostgreSQL and Chromium
	@scripts/setup bench

run: setup ## practice on http://localhost:8000: site, worker, mail and 300 items; Ctrl-C stops all of it
	@exec .venv/bin/openhotline practice serve

demo: setup ## the whole journey with 20,254 items; the table goes to docs/demo.md
	@exec .venv/bin/openhotline practice run --items 20254 --error-rate 0 --report docs/demo.md

test: setup-test ## the whole suite on SQLite, on PostgreSQL, in Chromium and under faults; prints the counts
	@scripts/test

check: setup-check ## format, lint, types, import contracts, migrations, generated pages, architecture; changes nothing
	@scripts/check

check-fast: setup-check ## format, lint, types, import contracts and the fast tests, in under a minute
	@scripts/check --fast

fix: setup-check ## format, mend what the linter can mend, write the generated pages and the catalogues again
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .
	@.venv/bin/openhotline languages extract
	@.venv/bin/python scripts/reference.py

bench: setup-bench ## measure hashing and search beside peers (SUITE=all: everything, or one by name; QUICK=1: small)
	@QUICK=$(QUICK) scripts/bench $(SUITE)

faults: setup-test ## break things on purpose: every script in tests/faults/ (SHORT=1: as every build does)
	@.venv/bin/python scripts/run_faults.py $(if $(SHORT),--short)
