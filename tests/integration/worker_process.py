"""A worker in a process of its own, for tests that kill it: runs ``handle`` once with the tasks below."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from worker_fn import TaskContext, handler
from worker_fn.registry import registry


class Context:
    """Lambda's context with a minute to go."""

    def __init__(self) -> None:
        self.ends = time.monotonic() + 60

    def get_remaining_time_in_millis(self) -> int:
        return int((self.ends - time.monotonic()) * 1000)


@registry.task("poison")
def poison(ctx: TaskContext, payload: dict[str, Any]) -> None:
    """Kill the process, as a crash in a C library would."""
    os._exit(7)


@registry.task("innocent")
async def innocent(ctx: TaskContext, payload: dict[str, Any]) -> str:
    return "well"


@registry.task("hang")
def hang(ctx: TaskContext, payload: dict[str, Any]) -> None:
    """Never end, whatever is asked."""
    while True:
        time.sleep(1)


if __name__ == "__main__":
    left = handler.handle({"source": "doorbell"}, Context())
    sys.stdout.write(f"left: {left['left']}\n")
    sys.stdout.flush()
    if left["stuck"]:
        time.sleep(30)  # as the runtime waits for the next event
