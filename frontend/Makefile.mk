# Targets of the dashboard; included by the Makefile at the top.
UI := frontend
UI_STAMP := $(UI)/node_modules/.installed
UI_BUILT := $(UI)/dist/.built
UI_SOURCES := $(shell find $(UI)/src $(UI)/public -type f 2>/dev/null) $(UI)/index.html $(UI)/vite.config.ts
# The machine's Node if it is new enough, else one from PyPI in the virtual environment.
NODE_OK := $(shell command -v npm >/dev/null 2>&1 && node -e \
	'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
	2>/dev/null && echo yes)
ifeq ($(NODE_OK),yes)
NODE_READY :=
NPM := npm --prefix $(UI) --no-update-notifier
else
NODE_READY := $(VENV)/.node
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix $(UI) --no-update-notifier
endif

.PHONY: ui dev-ui types-ui check-ui test-ui test-browser demo screenshots

$(VENV)/.node: requirements/node.txt | $(STAMP)
	$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/node.txt
	@touch $@

$(UI_STAMP): $(UI)/package-lock.json $(NODE_READY)
	$(NPM) ci --no-progress
	@touch $@

$(UI_BUILT): $(UI_STAMP) $(UI_SOURCES)
	$(NPM) run build --silent -- --logLevel warn
	@touch $@

# What the top Makefile promises of the whole holds for the dashboard too.
up: ui
check: check-ui
test: ui
BESIDE += test-browser test-ui

ui: $(UI_BUILT) ## build the dashboard, if needed

dev-ui: $(UI_STAMP) ## serve the dashboard with hot reload on 5173, beside a running `make up`
	$(NPM) run dev

types-ui: $(UI_STAMP) $(STAMP) ## generate the dashboard's types from the API
	$(NPM) run types

check-ui: $(UI_BUILT) $(STAMP) ## check the dashboard: types, match with the API, lint, size budget
	$(NPM) run check
	$(NPM) run check:budget

test-ui: $(UI_STAMP) ## run the unit tests of the dashboard
	$(NPM) test

test-browser: $(UI_BUILT) $(STAMP) ## run the browser tests in Chromium against their own stack
	$(NPM) run test:browser

demo: $(UI_STAMP) $(STAMP) ## fill a running stack with demo data
	$(NPM) run demo

screenshots: $(UI_BUILT) $(STAMP) ## take screenshots of every page into docs/images
	$(NPM) run screenshots
