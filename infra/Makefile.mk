# Packaging, deployment, LocalStack. Included by the Makefile above.
.PHONY: wheel package package-check localstack localstack-up localstack-install lint-infra lock-infra

wheel: $(STAMP) ui ## build the distributions queuecraft and queuecraft-client into build/dist
	rm -rf build/dist
	$(BIN)/python -m hatchling build -t wheel -d build/dist
	cd clients/python && ../../$(BIN)/python -m hatchling build -t wheel -d ../../build/dist

# what the tests would install otherwise, while others wait
test: localstack-install

package: $(STAMP) ## build the zips and the template for deployment into build/aws
	$(BIN)/python -m infra.aws.package

package-check: $(STAMP) ## build twice and check that the zips are identical
	$(BIN)/python -m infra.aws.package --out build/aws
	$(BIN)/python -m infra.aws.package --out build/aws-again
	diff -r build/aws build/aws-again && rm -r build/aws-again

localstack: $(STAMP) ## deploy to LocalStack, test the system and its alarms, stop; needs Python 3.13
	$(BIN)/python -m infra.localstack smoke

localstack-up: $(STAMP) ## run the whole system on LocalStack: dashboard on 3011, WebSocket on 2011, AWS on 4567
	@exec $(BIN)/python -m infra.localstack up

localstack-install: $(STAMP) # its environments, if there is a Python 3.13; without one, its tests are skipped
	@! $(BIN)/python -m infra.localstack.python >/dev/null 2>&1 || $(BIN)/python -m infra.localstack install

lint-infra: package ## check the merged template with cfn-lint
	$(BIN)/cfn-lint build/aws/template.json
	MYPYPATH=infra/localstack/plugin $(BIN)/mypy -p queuecraft_executor --ignore-missing-imports --allow-subclassing-any
	@! command -v promtool >/dev/null || (cd infra/monitoring && promtool check config prometheus.yml && \
		promtool test rules rules_test.yml)

lock-infra: $(STAMP) ## lock the requirements of the image, LocalStack and Lambda's runtime
	$(LOCK) --generate-hashes -c requirements/dev.txt requirements/image.in -o requirements/image.txt
	$(subst --universal --python-version 3.11,--python-version 3.13,$(LOCK)) --generate-hashes \
		infra/localstack/requirements.in -o infra/localstack/requirements.txt
	$(subst --universal --python-version 3.11,--python-version 3.13,$(LOCK)) --generate-hashes \
		-c requirements/dev.txt infra/localstack/runtime.in -o infra/localstack/runtime.txt
