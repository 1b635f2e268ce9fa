# --- correct under fire

.PHONY: chaos test-all

chaos: $(STAMP) ## 20,000 jobs while workers, databases and connections fail; SEED=n repeats a run
	$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED))

test-all: $(STAMP) ## all tests, with long runs of the model, of crashes at each step and of chaos
	QUEUECRAFT_TESTS=all $(PYTEST) $(SPREAD) $(COVERED)
