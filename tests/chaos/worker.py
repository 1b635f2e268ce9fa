"""A worker process under fire: handles one event after another, with tasks that end in every possible way."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.domain.clock import SystemClock
from chalicelib.domain.retry import DoNotRetry, Snooze
from chalicelib.queue.answers import Claim
from chalicelib.settings import Settings
from tests.chaos import journeys
from tests.chaos.bodies import Bodies
from tests.chaos.limited import FEW, PACED, SINGLE
from tests.container import Container
from worker_fn import TaskContext, handler
from worker_fn.registration.registry import registry

INVOCATION_S = 20.0
PAUSE_S = 0.05
#: The file of `tests.chaos.bodies`.
BODIES = "CHAOS_BODIES"
bodies = Bodies(Path(os.environ[BODIES])) if BODIES in os.environ else None


journeys.register(registry)


@registry.task("noop")
async def noop(ctx: TaskContext, payload: dict[str, Any]) -> None:
    return None


@registry.task("slow")
def slow(ctx: TaskContext, payload: dict[str, Any]) -> str:
    time.sleep(payload["s"])
    ctx.progress(100)
    return "slow"


@registry.task("lists")
def lists(ctx: TaskContext, payload: dict[str, Any]) -> list[int]:
    return list(range(payload["n"]))


@registry.task("fails")
def fails(ctx: TaskContext, payload: dict[str, Any]) -> str:
    if ctx.attempt <= payload["times"]:
        raise ValueError(f"attempt {ctx.attempt}")
    return "at last"


@registry.task("hopeless")
def hopeless(ctx: TaskContext, payload: dict[str, Any]) -> None:
    raise DoNotRetry("hopeless")


@registry.task("snoozes")
async def snoozes(ctx: TaskContext, payload: dict[str, Any]) -> None:
    if ctx.attempt == 1:
        raise Snooze(0.1)


@registry.task("hangs")
def hangs(ctx: TaskContext, payload: dict[str, Any]) -> None:
    time.sleep(3600)


@registry.task("poison")
def poison(ctx: TaskContext, payload: dict[str, Any]) -> None:
    os._exit(9)


@registry.task("single", limits=[SINGLE, FEW])
def single(ctx: TaskContext, payload: dict[str, Any]) -> None:
    with _observed(ctx, "single", payload):
        time.sleep(0.02)


@registry.task("paced", limits=[PACED])
async def paced(ctx: TaskContext, payload: dict[str, Any]) -> None:
    with _observed(ctx, "paced", payload):
        pass


@registry.task("newest")
def newest(ctx: TaskContext, payload: dict[str, Any]) -> None:
    with _observed(ctx, "newest", payload):
        time.sleep(0.3)


def _observed(ctx: TaskContext, task: str, payload: dict[str, Any]) -> AbstractContextManager[None]:
    return bodies.observed(ctx, task, payload) if bodies else nullcontext()


class SkewedClock(SystemClock):
    """The machine's clock, wrong by ``skew_s``, until it jumps."""

    #: By how much it is wrong after each jump.
    JUMPS_S = (2.0, -2.0, 0.5, -0.5)

    def __init__(self, skew_s: float) -> None:
        self._skew_s = skew_s
        self._jumps = 0

    def jump(self) -> None:
        """Be wrong by another time from now on."""
        self._skew_s = self.JUMPS_S[self._jumps % len(self.JUMPS_S)]
        self._jumps += 1

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._skew_s)

    def now_ms(self) -> int:
        return super().now_ms() + int(self._skew_s * 1000)


class Nobody:
    """There is no Lambda: the workers that there are look for work all the time."""

    def invoke_async(self, name: str, payload: dict[str, Any]) -> None:
        return None


class Context:
    """Lambda's context."""

    def __init__(self) -> None:
        self._ends = time.monotonic() + INVOCATION_S

    def get_remaining_time_in_millis(self) -> int:
        return int((self._ends - time.monotonic()) * 1000)


def _note_claims(container: Container, bodies: Bodies) -> None:
    claim = container.engine.claim

    def noted(*args: Any, **kwargs: Any) -> Claim:
        began = time.monotonic()
        result = claim(*args, **kwargs)
        bodies.claimed(result.ids, began)
        return result

    container.engine.__dict__["claim"] = noted


def main() -> None:
    """Work until killed."""
    clock = SkewedClock(float(sys.argv[1]))
    signal.signal(signal.SIGUSR1, lambda *_: clock.jump())
    container = Container(Settings.from_env(), clock=clock)
    container.__dict__["functions"] = Nobody()
    handler.__dict__["get_container"] = lambda: container
    if bodies:
        _note_claims(container, bodies)
    while True:
        try:
            left = handler.handle({"source": "wake_up"}, Context())
        except Exception as error:
            sys.stdout.write(f"{error!r}\n")
            left = {}
        if left.get("stuck"):
            sys.exit(3)  # as the runtime would end a process whose thread hangs
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    main()
