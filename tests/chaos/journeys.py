"""Durable tasks under fire; each of their steps has an effect that no fault undoes."""

from __future__ import annotations

import json
import os
import time
import uuid
from typing import Any, Final

from worker_fn import Step, StepInterrupted, TaskContext
from worker_fn.registration.registry import Registry

#: The file of the effects of steps.
EFFECTS: Final = "CHAOS_EFFECTS"
PARTS: Final = 6


def _effect(ctx: TaskContext, name: str) -> str:
    """Have an effect that no fault undoes; return what is known of it only here."""
    token = f"{name}:{uuid.uuid4().hex}"
    line = {"job": ctx.job_id, "key": ctx.step_key, "token": token}
    file = os.open(os.environ[EFFECTS], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, json.dumps(line).encode() + b"\n")
    finally:
        os.close(file)
    time.sleep(0.02)
    return token


def _once(ctx: TaskContext) -> str:
    try:
        return str(ctx.step("once", _effect, ctx, "once", options=Step(once=True)))
    except StepInterrupted:
        return "interrupted"


def register(registry: Registry) -> None:
    """Add the tasks of durable jobs."""

    @registry.task("journey", retries=25)
    def journey(ctx: TaskContext, payload: dict[str, Any]) -> dict[str, Any]:
        first = ctx.step("first", _effect, ctx, "first")
        once = _once(ctx)
        ctx.sleep("pause", 1.2)
        sent = [ctx.wait_for_event("go"), ctx.wait_for_event("go")]
        parts = ctx.map("part", lambda n: _effect(ctx, f"part{n}"), range(PARTS), concurrency=3)
        return {"tokens": [first, *parts], "once": once, "sent": sent}

    @registry.task("journey_async", retries=25)
    async def journey_async(ctx: TaskContext, payload: dict[str, Any]) -> dict[str, Any]:
        first = await ctx.step("first", _effect, ctx, "first")
        await ctx.sleep("pause", 1.2)
        sent = [await ctx.wait_for_event("go"), await ctx.wait_for_event("go")]
        parts = await ctx.map("part", lambda n: _effect(ctx, f"part{n}"), range(PARTS), concurrency=3)
        return {"tokens": [first, *parts], "once": "interrupted", "sent": sent}
