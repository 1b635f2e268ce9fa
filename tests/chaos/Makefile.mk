# --- correct under fire

.PHONY: chaos test-all

chaos: $(STAMP) ## run 20,000 jobs while workers, databases and connections fail; SEEDS=1,2,3 sets the seeds
	$(BIN)/python -m tests.chaos $(if $(SEEDS),--seeds $(SEEDS)) $(CHAOS)

test-all: $(STAMP) ## run `make test` with long model and crash tests, then chaos
	QUEUECRAFT_TESTS=all $(PYTEST) $(SPREAD) $(COVERED)
	@$(MAKE) --no-print-directory chaos
