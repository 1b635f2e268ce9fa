# --- benchmarks: each leaves its figures in bench/results; docs/benchmarks.md is made from them

# Environments of their own, so that no peer decides the versions of ours.
BENCH_VENVS := build/bench-peers/.installed build/bench-peers-arq/.installed
BULLMQ := bench/peers/bullmq
BENCHES := gateway latency stages fanout lists coldstart drain startup

.PHONY: bench bench-peers bench-memory bench-limits bench-schedules bench-chain bench-steps bench-recovery bench-scale bench-report lock-bench

build/bench-%/.installed: requirements/bench-%.txt $(STAMP)
	@test -x build/bench-$*/bin/python || $(BIN)/python -m uv venv --quiet --python $(BIN)/python build/bench-$*
	$(BIN)/python -m uv pip install --quiet --python build/bench-$*/bin/python --require-hashes -r $<
	@touch $@

# Not `npm ci`: it insists on packages for other platforms, which not every registry has.
$(BULLMQ)/node_modules/.installed: $(BULLMQ)/package-lock.json $(NODE_READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix $(BULLMQ) --no-update-notifier install --no-save --no-progress --silent
	@touch $@

bench: $(STAMP) ui ## measure gateway, latency, fan-out, lists, cold starts and drain; about 6 minutes
	@for name in $(BENCHES); do echo "== bench.$$name"; $(BIN)/python -m bench.$$name || exit 1; done

bench-peers: $(STAMP) $(BENCH_VENVS) $(BULLMQ)/node_modules/.installed ## compare with other job queues in one run; about 10 minutes
	PATH="$$PATH:$(CURDIR)/$(BIN)" $(BIN)/python -m bench.peers

bench-limits: $(STAMP) ## measure claims beside a million jobs behind a limit, and a limit for each of 100,000 keys
	$(BIN)/python -m bench.limits

bench-schedules: $(STAMP) ## measure how long 10,000 schedules that are due at once take
	$(BIN)/python -m bench.schedules

bench-chain: $(STAMP) ## measure a chain of 1,000 nodes of a workflow beside plain jobs
	$(BIN)/python -m bench.chain

bench-steps: $(STAMP) ## measure what a step of a durable task costs
	$(BIN)/python -m bench.steps

bench-memory: $(STAMP) ## measure Redis with a million waiting jobs: bytes per job, time of a claim
	$(BIN)/python -m bench.memory

bench-recovery: $(STAMP) ## measure the time to recover from failures
	$(BIN)/python -m bench.recovery

bench-scale: $(STAMP) ## measure what a job costs Valkey and MongoDB, then simulate what one engine and several carry
	$(BIN)/python -m bench.scale
	$(BIN)/python -m bench.scale_model

bench-report: $(STAMP) build/bench-plots/.installed ## generate the plots and tables of docs/benchmarks.md from bench/results
	$(BIN)/python -m bench.report
	build/bench-plots/bin/python -m bench.plots

lock: lock-bench
lock-bench: $(STAMP)
	@for name in peers peers-arq plots; do \
		$(LOCK) --generate-hashes requirements/bench-$$name.in -o requirements/bench-$$name.txt || exit 1; done
