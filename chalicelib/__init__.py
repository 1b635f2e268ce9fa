"""QueueCraft: a durable job queue and worker on AWS Lambda."""
