"""A worker in a process of its own, for tests that kill it: runs ``handle`` once with the tasks below."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import logging.config
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from tests import declared
from worker_fn import DoNotRetry, Step, StepInterrupted, TaskContext, handler
from worker_fn.registration.registry import registry

logging.basicConfig(level=logging.DEBUG, force=True)  # as an author of a single module would


declared.install()


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


@registry.task("node")
async def node(ctx: TaskContext, payload: dict[str, Any]) -> list[int]:
    """Take a moment, then fail or return a list, as the payload says."""
    await asyncio.sleep(0.02)
    if payload.get("fails"):
        raise DoNotRetry("it fails")
    return list(range(payload.get("items", 0)))


@registry.task("hang")
def hang(ctx: TaskContext, payload: dict[str, Any]) -> None:
    """Never end, even if cancelled."""
    while True:
        time.sleep(1)


@registry.task("hold")
def hold(ctx: TaskContext, payload: dict[str, Any]) -> int:
    """Hold the interpreter's lock until the test writes into the pipe, as a long call of C code would."""
    pipe = os.open(payload["pipe"], os.O_RDONLY)
    Path(payload["holds"]).touch()
    return int(ctypes.PyDLL(None).read(pipe, ctypes.create_string_buffer(1), 1))


@registry.task("rest")
async def rest(ctx: TaskContext, payload: dict[str, Any]) -> str:
    """Wait as an async task should until the file exists."""
    while not Path(payload["file"]).exists():
        await asyncio.sleep(0.01)
    return "rested"


@registry.task("chatty")
def chatty(ctx: TaskContext, payload: dict[str, Any]) -> None:
    """Log as any code does, then configure logging."""
    log = logging.getLogger("an.api.of.queuecraft.workers")
    log.info("hello %s", "you", extra={"size": 3, "level": "odd", "api_token": payload["text"]})
    try:
        raise ValueError("boom")
    except ValueError:
        log.exception("failed")
    logging.basicConfig(level=logging.DEBUG, force=True)
    logging.config.dictConfig({"version": 1})


def effect(file: str, name: str) -> str:
    """Have an effect; the first time, kill the process before it can be recorded."""
    path = Path(file)
    known = path.read_text().splitlines() if path.exists() else []
    with path.open("a") as out:
        out.write(f"{name}\n")
    if name not in known:
        os.kill(os.getpid(), signal.SIGKILL)
    return name


@registry.task("mortal_sync")
def mortal_sync(ctx: TaskContext, payload: dict[str, Any]) -> list[str]:
    file = payload["file"]
    first = ctx.step("first", effect, file, "first")
    try:
        once = ctx.step("once", effect, file, "once", options=Step(once=True))
    except StepInterrupted:
        once = "interrupted"
    return [first, once, *ctx.map("part", lambda n: effect(file, f"part {n}"), range(2), concurrency=1)]


@registry.task("mortal_async")
async def mortal_async(ctx: TaskContext, payload: dict[str, Any]) -> list[str]:
    file = payload["file"]
    first = await ctx.step("first", effect, file, "first")
    try:
        once = await ctx.step("once", effect, file, "once", options=Step(once=True))
    except StepInterrupted:
        once = "interrupted"
    return [first, once, *await ctx.map("part", lambda n: effect(file, f"part {n}"), range(2), concurrency=1)]


if __name__ == "__main__":
    left = handler.handle({"source": "wake_up"}, Context())
    sys.stdout.write(f"left: {left['left']}\n")
    sys.stdout.flush()
    if left["stuck"]:
        time.sleep(30)  # as the runtime waits for the next event
