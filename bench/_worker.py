"""A worker process for `bench/recovery.py`: its task writes down who runs it and when, then holds until killed."""

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
    """Say who has the job, then keep it."""
    with open(os.environ["BENCH_STARTS"], "ab", buffering=0) as output:  # noqa: PTH123 - one write, unbuffered
        output.write(f"{payload['n']} {os.getpid()} {time.monotonic_ns()}\n".encode())
    await asyncio.sleep(HOLD_S)


class Nobody:
    """In place of Lambda: the workers that there are look for work all the time."""

    def invoke_async(self, name: str, payload: dict[str, Any]) -> None:
        return None


def make_container(log: IO[str] = sys.stderr, service: str = "bench") -> Container:
    """From the environment. A process that makes several gives each a ``service``, by which loggers are kept."""
    container = Container(Settings.from_env())
    container.__dict__["functions"] = Nobody()
    container.__dict__["log"] = Log(service, "INFO", log)
    return container


if __name__ == "__main__":
    made = make_container()
    Worker(made, registry.tasks, remaining_s=lambda: 900.0, log=made.log).run()
