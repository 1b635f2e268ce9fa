# --- correct under fire

.PHONY: chaos test-all

chaos: $(STAMP) ## run 20,000 jobs while workers, databases and connections fail; SEEDS=1,2,3 sets the seeds
	$(BIN)/python -m tests.chaos $(if $(SEEDS),--seeds $(SEEDS)) $(CHAOS)

test-all: $(STAMP) ## run the Python tests with long model and crash tests, then chaos of 5,000 jobs
	QUEUECRAFT_TESTS=all $(PYTEST) $(SPREAD) $(COVERED)
	@$(MAKE) --no-print-directory chaos CHAOS="--jobs 5000 --over 30"
