"""Requests to addresses that a job names, as safe as a worker in a private network needs them."""
