# Targets of the dashboard; included by the Makefile at the top.
UI := frontend
UI_STAMP := $(UI)/node_modules/.installed
UI_BUILT := $(UI)/dist/.built
UI_SOURCES := $(shell find $(UI)/src $(UI)/public -type f 2>/dev/null) $(UI)/index.html $(UI)/vite.config.ts
NPM := npm --prefix $(UI) --no-update-notifier

.PHONY: ui dev-ui types-ui check-ui test-ui test-browser demo screenshots

$(UI_STAMP): $(UI)/package-lock.json
	@command -v npm >/dev/null || { echo "The dashboard needs Node 20.19 or newer with npm."; exit 1; }
	$(NPM) ci --no-progress
	@touch $@

$(UI_BUILT): $(UI_STAMP) $(UI_SOURCES)
	$(NPM) run build --silent -- --logLevel warn
	@touch $@

# What the top Makefile promises of the whole holds for the dashboard too. Without Node the stack runs, undressed.
up: ui-if-possible
check: check-ui
test: test-ui test-browser

.PHONY: ui-if-possible
ui-if-possible:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory ui; \
	else echo "No npm found: the stack starts without its dashboard."; fi

ui: $(UI_BUILT) ## build the dashboard (does nothing when it is built)

dev-ui: $(UI_STAMP) ## the dashboard with hot reload on 5173, beside a running `make up`
	$(NPM) run dev

types-ui: $(UI_STAMP) $(STAMP) ## generate the dashboard's types from the API
	$(NPM) run types

check-ui: $(UI_BUILT) $(STAMP) ## types, drift from the API, lint and the budget of the dashboard
	$(NPM) run check
	$(NPM) run check:budget

test-ui: $(UI_STAMP) ## tests of the dashboard's logic
	$(NPM) test

test-browser: $(UI_BUILT) $(STAMP) ## the dashboard in real Chromium against a stack of its own
	$(NPM) run test:browser

demo: $(UI_STAMP) $(STAMP) ## fill a running stack with a seeded demo data set
	$(NPM) run demo

screenshots: $(UI_BUILT) $(STAMP) ## every page, light, dark and on a phone, to docs/images
	$(NPM) run screenshots
