"""Tasks as they are known outside the worker that runs them. Pure."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from chalicelib.domain.jobs import DEFAULT_MAX_RETRIES, DEFAULT_QUEUE, DEFAULT_TIMEOUT_S
from chalicelib.domain.limits import Limit
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.domain.unique import Unique

#: Tasks of the system, which nobody submits by name.
RESERVED_PREFIX: Final = "queuecraft."


class TaskSpec(NamedTuple):
    """A task in the catalogue: what is needed to validate a submission and to fill in its defaults."""

    name: str
    #: JSON schema (draft 2020-12) of the payload.
    schema: dict[str, Any]
    #: Defaults of a job whose submission does not set them.
    max_retries: int = DEFAULT_MAX_RETRIES
    timeout_s: int = DEFAULT_TIMEOUT_S
    queue: str = DEFAULT_QUEUE
    #: The docstring of the function, for users.
    doc: str = ""
    #: The dotted name of the module that defines it; empty for tasks registered by older versions.
    module: str = ""
    #: What bounds how many of its jobs run at once, and how often they start.
    limits: tuple[Limit, ...] = ()
    #: The pool whose workers run it.
    pool: str = DEFAULT_POOL
    #: How its jobs are unique, if their submission does not say.
    unique: Unique | None = None
    #: Paths in payloads and results whose values nobody is shown (``domain.redaction``), sorted.
    redact: tuple[str, ...] = ()

    @property
    def reserved(self) -> bool:
        """Whether only the system submits its jobs."""
        return self.name.startswith(RESERVED_PREFIX)
