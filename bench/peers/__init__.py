"""Other job queues beside ours, in one run: `make bench-peers`. One small file per peer; `catalogue` lists them all."""
