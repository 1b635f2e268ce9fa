# Packaging, deployment, LocalStack. Included by the Makefile above.
.PHONY: package package-check lint-infra

package: $(STAMP) ## build the zips and the template that are deployed, into build/aws
	$(BIN)/python -m infra.aws.package

package-check: $(STAMP) ## build twice and compare: the same source gives the same bytes
	$(BIN)/python -m infra.aws.package --out build/aws
	$(BIN)/python -m infra.aws.package --out build/aws-again
	diff -r build/aws build/aws-again && rm -r build/aws-again

lint-infra: package ## the merged template by cfn-lint
	$(BIN)/cfn-lint build/aws/template.json
