# --- correct under fire

.PHONY: chaos test-all

chaos: $(STAMP) ## 20,000 jobs while workers, databases and connections fail; SEEDS=1,2,3 for runs of your choice
	$(BIN)/python -m tests.chaos $(if $(SEEDS),--seeds $(SEEDS)) $(CHAOS)

test-all: $(STAMP) ## pytest as in `make test`, with long runs of the model and of crashes at each step, then chaos
	QUEUECRAFT_TESTS=all $(PYTEST) $(SPREAD) $(COVERED)
	@$(MAKE) --no-print-directory chaos
