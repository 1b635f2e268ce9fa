"""HTTP requests to addresses that a job names, safe for a worker in a private network."""
