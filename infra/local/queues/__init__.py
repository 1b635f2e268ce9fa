"""Functions that take messages of SQS queues."""
