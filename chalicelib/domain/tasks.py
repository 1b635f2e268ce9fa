"""What is known of a task outside the worker that runs it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.jobs import DEFAULT_MAX_RETRIES, DEFAULT_QUEUE, DEFAULT_TIMEOUT_S


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """A task as the catalogue describes it: enough to check a submission and to fill in its defaults."""

    name: str
    #: JSON schema (draft 2020-12) of the payload.
    schema: dict[str, Any]
    #: What a job of this task gets when its submission does not say.
    max_retries: int = DEFAULT_MAX_RETRIES
    timeout_s: int = DEFAULT_TIMEOUT_S
    queue: str = DEFAULT_QUEUE
    #: The docstring of the function, for people.
    doc: str = ""
    #: The module that defines it, by its dotted name; empty for what older versions registered.
    module: str = ""
