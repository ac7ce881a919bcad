# Everything a contributor or a curious visitor types. Needs only python3 (3.11 to 3.13), make and git:
# `setup`, on which all else depends, fetches the rest and takes no time when there is nothing to fetch.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash

bin := .venv/bin
# One more than there are cores: many tests wait for a database, a window or a process of their own.
jobs ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)
pytest = QT_QPA_PLATFORM=offscreen QT_LOGGING_RULES=default.warning=false $(bin)/python -m pytest --dist worksteal -rfEs

# Where this is set Python compiles the whole program anew at each start, three times as slow.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help:  ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup:  ## Install what the program and its tests need (Debian packages, .venv)
	@scripts/setup.sh tests

.PHONY: setup-program
setup-program:
	@scripts/setup.sh program

.PHONY: demo
demo: setup-program  ## Play a day at the counter and leave its papers and pictures in build/demo
	@$(bin)/cashier demo --out build/demo

.PHONY: run
run: setup-program  ## Open the workstation on a demonstration utility
	@$(bin)/cashier run --demo

.PHONY: server
server: setup  ## Serve the demonstration utility over HTTPS on a throw-away PostgreSQL, until Ctrl-C
	@$(bin)/cashier serve --demo

.PHONY: check
check: static test-fast  ## Format, lint, types, imports and the fast tests; under a minute

.PHONY: test
test: static  ## Everything: the static checks, then all tests on SQLite and on PostgreSQL
	@$(pytest) -n $(jobs)

.PHONY: test-fast
test-fast: setup  ## The tests without PostgreSQL and without the slow ones
	@$(pytest) -n $(jobs) -q -m "not postgresql and not slow"

.PHONY: test-ui
test-ui: setup  ## The tests of the screens
	@$(pytest) -n $(jobs) -q tests/ui

.PHONY: test-postgresql
test-postgresql: setup  ## The tests that run on a throw-away PostgreSQL
	@$(pytest) -n $(jobs) -q -m postgresql

.PHONY: soak
soak: setup  ## The long runs: kills, thirty days offline, and whatever else takes many minutes
	@$(pytest) -s -m soak -o faulthandler_timeout=0

.PHONY: static
static: setup
	@$(bin)/ruff format --check --quiet --output-format concise . || { echo "'make format' mends this."; exit 1; }
	@$(bin)/ruff check --quiet .
	@$(bin)/mypy
	@$(bin)/lint-imports --no-logo

.PHONY: lint
lint: setup  ## Ruff's opinion, and shellcheck's where it is installed
	@$(bin)/ruff format --check --output-format concise .
	@$(bin)/ruff check .
	@if command -v shellcheck >/dev/null; then shellcheck scripts/*.sh installer/*.sh .ci/run; else echo "shellcheck is not installed: skipped"; fi

.PHONY: format
format: setup  ## Put the code into the common form
	@$(bin)/ruff format .
	@$(bin)/ruff check --fix-only --quiet .

.PHONY: types
types: setup  ## Strict types
	@$(bin)/mypy

.PHONY: imports
imports: setup  ## Imports point downwards only
	@$(bin)/lint-imports --no-logo

kept_pictures = 13-counter-change=counter 27-drawer-in-balance=drawer 50-board=board 31-customer=customer 36-explain-further=explain \
	40-payment=event 46-to-do=to-do 48-decided=decided 64-trial-balance=trial-balance 65-gl-runs=gl-run 69-code-account=code-account \
	73-approval-profile-form=approval-profile 75-batch-debt=batch \
	80-branch-join=branch-join 84-branch-offline=branch 86-branch-line=branch-line 90-branch-booked=branch-booked

.PHONY: pictures
pictures: setup-program  ## Draw the pictures of the documentation anew
	@rm -rf build/pictures && $(bin)/cashier screenshots --out build/pictures $(foreach pair,$(kept_pictures),--screen $(firstword $(subst =, ,$(pair)))) > /dev/null
	@mkdir -p docs/pictures
	@for pair in $(kept_pictures); \
	do for theme in light dark; do cp "build/pictures/$$theme/$${pair%%=*}.png" "docs/pictures/$${pair##*=}-$$theme.png"; done; done

.PHONY: bench
bench: setup  ## Measure; PostgreSQL is durable here, as in earnest
	@$(bin)/python -m benchmarks

.PHONY: sbom
sbom: setup  ## Write what the program is made of to build/cashier.cdx.json (CycloneDX)
	@$(bin)/python scripts/bill_of_materials.py build/cashier.cdx.json

.PHONY: clean
clean:  ## Remove what can be made again, except .venv
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
