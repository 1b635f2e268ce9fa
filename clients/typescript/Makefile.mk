# Targets of the TypeScript client; included by the Makefile at the top. It has TypeScript from the dashboard's packages.
TS := clients/typescript
TS_MODULES := $(TS)/node_modules/.installed
TS_BUILT := $(TS)/dist/.built
TS_ENV := $(if $(NODE_READY),PATH="$(CURDIR)/$(BIN):$$PATH")

.PHONY: check-ts test-ts pack-ts

check: check-ts
test-all: test-ts
test: $(TS_BUILT)
BESIDE += test-ts

$(TS_MODULES): $(UI_STAMP)
	@test -e $(TS)/node_modules || ln -s ../../frontend/node_modules $(TS)/node_modules

$(TS_BUILT): $(TS_MODULES) $(TS)/package.json $(TS)/tsconfig.json $(UI)/src/types/api.gen.ts $(shell find $(TS)/src -name '*.ts')
	@rm -rf $(TS)/dist
	cd $(TS) && $(TS_ENV) node node_modules/typescript/bin/tsc
	@touch $@

check-ts: $(TS_BUILT) ## check the TypeScript client: types, lint
	cd $(TS) && $(TS_ENV) node node_modules/eslint/bin/eslint.js --max-warnings 0 src

test-ts: $(TS_BUILT) $(STAMP) ## run the tests of the TypeScript client against their own stack
	$(TS_ENV) npm --prefix $(TS) --no-update-notifier test

pack-ts: $(TS_BUILT) ## pack the TypeScript client into build/, to install it by npm
	@mkdir -p build
	cd $(TS) && $(TS_ENV) npm pack --ignore-scripts --pack-destination ../../build
