# `make` or `make help` explains every target.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST := $(BIN)/python -m pytest
COVERED := --cov --cov-report=term --cov-fail-under=90
# a file's tests share its stack, so files are spread over processes; three keep two cores busy while stacks wait. Files come
# in order of their names: by number of tests, the longest ones, which have one, would come last and alone
SPREAD := -n 3 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help install venv up down status logs test test-unit test-integration test-e2e check format docs lock clean

help: ## show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | \
		awk -F '\t' '{ printf "  %-18s %s\n", $$1, $$2 }'

# --- installation

install: $(STAMP) ## make .venv and install the locked requirements (does nothing when they are)

# an interpreter that is gone or too old: what was installed for it is of no use
WHOLE := $(shell $(BIN)/python -I -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo yes)

$(STAMP): requirements/dev.txt $(if $(WHOLE),,venv)
	@$(MAKE) --no-print-directory venv
	@$(BIN)/python -c 'import uv' 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $(STAMP)

venv: # .venv with an interpreter and an installer; one that is not whole is made anew
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "QueueCraft needs Python 3.11 or newer, but '$(PYTHON)' is $$($(PYTHON) --version 2>&1)."; \
		echo "Name another one: make install PYTHON=python3.13"; exit 1; }
	@test -n "$(WHOLE)" && { $(BIN)/python -c 'import uv' || $(BIN)/python -m pip --version; } >/dev/null 2>&1 || { \
		echo "Making $(VENV) …"; $(PYTHON) -m venv --clear $(VENV) || { \
		echo "'$(PYTHON) -m venv' failed: install it (Debian, Ubuntu: apt install python3-venv), or name another"; \
		echo "Python: make install PYTHON=python3.13"; exit 1; }; }

# --- running

up: $(STAMP) ## start everything: API on 2000, WebSocket on 2001, dashboard on 3000, AWS endpoint on 4566
	@exec $(BIN)/python -m infra.local up

down: $(STAMP) ## stop the stack that `make up` started in another terminal
	@$(BIN)/python -m infra.local down

status: $(STAMP) ## show each service, its processes and its address
	@$(BIN)/python -m infra.local status

logs: $(STAMP) ## follow the log files of all services
	@$(BIN)/python -m infra.local logs

# --- checking

test: $(STAMP) ## all tests that need no Docker, with line and branch coverage of at least 90 %
	$(PYTEST) $(SPREAD) $(COVERED)

test-unit: $(STAMP) ## tests without input and output
	$(PYTEST) tests/unit

test-integration: $(STAMP) ## tests on a real MongoDB and Valkey
	$(PYTEST) tests/integration

test-e2e: $(STAMP) ## tests of whole stacks over sockets
	$(PYTEST) tests/e2e tests/local_aws

check: $(STAMP) ## lint, formatting, types, import rules, template
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports
	@$(MAKE) --no-print-directory lint-infra

format: $(STAMP) ## format the code and mend what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(STAMP) ## write README's table of settings from the code
	$(BIN)/python -m infra.settings_table

# --- upkeep

LOCK := $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links

lock: $(STAMP) ## compile requirements/*.in to the locked files, for Python 3.11 to 3.13
	$(LOCK) --generate-hashes requirements/dev.in -o requirements/dev.txt
	$(LOCK) requirements/api.in -o requirements.txt
	$(LOCK) --generate-hashes requirements/node.in -o requirements/node.txt
	$(LOCK) --generate-hashes requirements/sam.in -o requirements/sam.txt

clean: ## remove caches and build output; data under .queuecraft and the virtual environment stay
	rm -rf build htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -not -path './frontend/*' -prune -exec rm -rf {} +

# --- packaging, deployment, LocalStack

include infra/Makefile.mk

# --- the dashboard

include frontend/Makefile.mk
include tests/chaos/Makefile.mk

# --- benchmarks

include bench/Makefile.mk
