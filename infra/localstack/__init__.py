"""LocalStack on the host or in Docker: deploys the template to it, and adds what its free edition lacks."""
