"""A worker process for `bench/recovery.py`: its task records process and time, then waits until it is killed."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import IO, Any

from bench.container import Container
from chalicelib.settings import Settings
from chalicelib.telemetry.logger import Log
from worker_fn.registration.registry import Registry
from worker_fn.worker import Worker

HOLD_S = 300.0
registry = Registry()


@registry.task("hold", timeout_s=600, retries=3)
async def hold(ctx: Any, payload: dict[str, Any]) -> None:
    """Record the process and the time, then never return."""
    with open(os.environ["BENCH_STARTS"], "ab", buffering=0) as output:  # noqa: PTH123 - one write, unbuffered
        output.write(f"{payload['n']} {os.getpid()} {time.monotonic_ns()}\n".encode())
    await asyncio.sleep(HOLD_S)


class NoFunctions:
    """Replaces Lambda: the workers that run claim by themselves."""

    def invoke_async(self, name: str, payload: dict[str, Any]) -> None:
        return None


def make_container(log: IO[str] = sys.stderr, service: str = "bench") -> Container:
    """Return a container with settings from the environment; in one process, each needs its own ``service`` name."""
    container = Container(Settings.from_env())
    container.__dict__["functions"] = NoFunctions()
    container.__dict__["log"] = Log(service, "INFO", log)
    return container


if __name__ == "__main__":
    made = make_container()
    Worker(made, registry.tasks, remaining_s=lambda: 900.0, log=made.log).run()
