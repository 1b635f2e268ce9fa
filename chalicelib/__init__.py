"""QueueCraft: a durable job queue on AWS Lambda."""

from typing import Final

#: The version of the API and of the project (pyproject.toml).
VERSION: Final = "0.1.0"
