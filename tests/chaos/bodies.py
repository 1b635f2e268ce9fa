"""What the functions of tasks saw: a line when one begins and one when it ends, in a file that no fault touches.

Times are of the machine's monotonic clock, which all processes share.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker_fn import TaskContext


@dataclass
class Body:
    """One call of a task's function: an attempt that began."""

    job_id: str
    attempt: int
    task: str
    payload: dict[str, Any]
    #: The claim of its job was made in between.
    claim: tuple[float, float]
    began: float
    #: ``None`` if its process was killed.
    ended: float | None = None


class Bodies:
    """Writes the lines of one process."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._claims: dict[str, tuple[float, float]] = {}

    def claimed(self, ids: Sequence[str], began: float) -> None:
        """Note when jobs were claimed: between ``began`` and now."""
        self._claims.update(dict.fromkeys(ids, (began, time.monotonic())))

    @contextmanager
    def observed(self, ctx: TaskContext, task: str, payload: dict[str, Any]) -> Iterator[None]:
        """Note begin and end of the function that runs within."""
        key = f"{ctx.job_id} {ctx.attempt} {time.monotonic()}"
        self._write({"key": key, "body": [ctx.job_id, ctx.attempt, task, payload, self._claims[ctx.job_id]]})
        yield
        self._write({"key": key})

    def _write(self, line: dict[str, Any]) -> None:
        os.write(self._file, json.dumps({**line, "at": time.monotonic()}).encode() + b"\n")


def read(path: Path) -> list[Body]:
    """Return all bodies, in the order in which they began."""
    found: dict[str, Body] = {}
    for line in path.read_bytes().splitlines() if path.exists() else []:
        each = json.loads(line)
        if "body" in each:
            job_id, attempt, task, payload, (earliest, latest) = each["body"]
            found[each["key"]] = Body(job_id, attempt, task, payload, (earliest, latest), each["at"])
        else:
            found[each["key"]].ended = each["at"]
    return sorted(found.values(), key=lambda body: body.began)
