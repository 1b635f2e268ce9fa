"""What an operation of a durable task asks of its driver, which is synchronous or not.

An operation is a generator: it yields commands, is sent their answers, and returns its result. So it is written once
for sync and async tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.domain.steps import StepKey, StepRecord


class Write(NamedTuple):
    """Write a record. The answer is the record as it is stored then."""

    record: StepRecord


class Call(NamedTuple):
    """Call the function of a step. The answer is what it returns; what it raises is thrown into the operation."""

    key: StepKey
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    timeout_s: float | None


class Ask(NamedTuple):
    """Call a function that waits for a database. The answer is what it returns."""

    function: Callable[[], Any]


class Await(NamedTuple):
    """Wait for a future, which others may wait for too. The answer is its result."""

    future: Future[Any]


class Park(NamedTuple):
    """Wait until a time, or until the job is resumed for another reason. ``Suspended`` is thrown if it is suspended.

    ``until`` is ``None`` if only an event ends the wait. ``hands_over``: another attempt must go on from here.
    """

    until: datetime | None
    waits_for: str = ""
    hands_over: bool = False


Command = Write | Call | Ask | Await | Park
Operation = Generator[Command, Any, Any]
