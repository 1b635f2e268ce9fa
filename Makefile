# `make` or `make help` explains every target.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# unbuffered: its output may go to a file that is shown as it grows
PYTEST := $(BIN)/python -u -m pytest
COVERED := --cov --cov-report=term --cov-fail-under=90
# tests/distribution.py says which tests go together, and which first
ORDER := --no-loadscope-reorder
# three processes keep two cores busy while stacks wait, two beside the browser
SPREAD := -n 3 $(ORDER)
SPREAD_BESIDE := -n 2 $(ORDER)

.DEFAULT_GOAL := help
.PHONY: help install venv up down status logs debug test test-unit test-integration test-e2e check format docs lock clean

help: ## show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | \
		awk -F '\t' '{ printf "  %-18s %s\n", $$1, $$2 }'

# --- installation

install: $(STAMP) ## create .venv and install the locked requirements, if needed

# without a Python of at least 3.11 in .venv, its packages are useless
WHOLE := $(shell $(BIN)/python -I -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo yes)

$(STAMP): requirements/dev.txt $(if $(WHOLE),,venv)
	@$(MAKE) --no-print-directory venv
	@$(BIN)/python -c 'import uv' 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $(STAMP)

venv: # .venv with an interpreter and an installer; an incomplete one is recreated
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "QueueCraft needs Python 3.11 or newer, but '$(PYTHON)' is $$($(PYTHON) --version 2>&1)."; \
		echo "Choose another one: make install PYTHON=python3.13"; exit 1; }
	@test -n "$(WHOLE)" && { $(BIN)/python -c 'import uv' || $(BIN)/python -m pip --version; } >/dev/null 2>&1 || { \
		echo "Making $(VENV) …"; $(PYTHON) -m venv --clear $(VENV) || { \
		echo "'$(PYTHON) -m venv' failed: install it (Debian, Ubuntu: apt install python3-venv), or choose another"; \
		echo "Python: make install PYTHON=python3.13"; exit 1; }; }

# --- running

up: $(STAMP) ## start the stack: API on 2000, WebSocket on 2001, dashboard on 3000, AWS endpoint on 4566
	@exec $(BIN)/python -m infra.local up $(if $(DEBUG),--debug)

debug: $(STAMP) ## attach pdb to the next breakpoint() of a function, under make up DEBUG=1
	@$(BIN)/python -m infra.local debug

down: $(STAMP) ## stop the stack from another terminal
	@$(BIN)/python -m infra.local down

status: $(STAMP) ## show each service, its processes and its address
	@$(BIN)/python -m infra.local status

logs: $(STAMP) ## follow the log files of all services
	@$(BIN)/python -m infra.local logs

# --- checking

# Targets that run beside the Python tests, one after the other; the files included below add to them.
BESIDE :=
BESIDE_TESTS = $(MAKE) --no-print-directory $(BESIDE)

test: $(STAMP) ## run all tests that need no Docker; fails below 90 % line and branch coverage
	@$(BIN)/python -m infra.side_by_side "python=$(PYTEST) $(SPREAD_BESIDE) $(COVERED)" "dashboard=$(BESIDE_TESTS)"

test-unit: $(STAMP) ## run the tests without I/O
	$(PYTEST) tests/unit

test-integration: $(STAMP) ## run the tests on a real MongoDB and Valkey
	$(PYTEST) tests/integration

test-e2e: $(STAMP) ## run the tests of whole stacks over sockets
	$(PYTEST) tests/e2e tests/local_aws

check: $(STAMP) ## check lint, formatting, types, import rules and the template
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --config-file clients/python/pyproject.toml
	PYTHONPATH=. $(BIN)/lint-imports
	@$(MAKE) --no-print-directory lint-infra

format: $(STAMP) ## format the code and apply ruff's fixes
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(STAMP) ## generate tables of the documentation from the code, and its site in build/site
	$(BIN)/python -m infra.docs.tables
	$(BIN)/python -m infra.docs.site

# --- maintenance

LOCK := $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links

lock: $(STAMP) ## lock requirements/*.in for Python 3.11 to 3.13
	$(LOCK) --generate-hashes requirements/dev.in -o requirements/dev.txt
	$(LOCK) requirements/api.in -o requirements.txt
	$(LOCK) --generate-hashes requirements/node.in -o requirements/node.txt
	$(LOCK) --generate-hashes requirements/sam.in -o requirements/sam.txt

clean: ## remove caches and build output; keeps .queuecraft and .venv
	rm -rf build htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -not -path './frontend/*' -prune -exec rm -rf {} +

# --- packaging, deployment, LocalStack

include infra/Makefile.mk

# --- the dashboard

include frontend/Makefile.mk
include tests/chaos/Makefile.mk

# --- the TypeScript client

include clients/typescript/Makefile.mk

# --- benchmarks

include bench/Makefile.mk
