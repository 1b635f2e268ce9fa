"""LocalStack on the host or in Docker: deploys the template there, and gives it what its free edition lacks."""
