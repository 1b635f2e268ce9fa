"""The task of the pool `heavy` in the demo: takes memory and processor time."""

from __future__ import annotations

import hashlib
import os
import time
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from worker_fn import TaskContext, task

_MEGABYTE = 1_048_576


class Crunch(BaseModel):
    """How much to work."""

    model_config = ConfigDict(extra="forbid")

    megabytes: int = Field(default=64, ge=1, le=4_096, description="Memory that is filled")
    seconds: float = Field(default=1.0, ge=0, le=300, description="Time for which it is hashed, over and over")


@task("crunch", retries=0, timeout_s=330)
def crunch(ctx: TaskContext, payload: Crunch) -> dict[str, Any]:
    """Fill memory and hash it for a while; give the process and how often it was hashed."""
    block = memoryview(bytearray(os.urandom(_MEGABYTE)) * payload.megabytes)
    until = time.monotonic() + payload.seconds
    rounds = 0
    digest = hashlib.sha256(block)
    while time.monotonic() < until:
        ctx.raise_if_cancelled()
        digest.update(block[: 16 * _MEGABYTE])
        rounds += 1
        ctx.progress(100 * (1 - (until - time.monotonic()) / payload.seconds), f"round {rounds}")
    return {"pid": os.getpid(), "pool": ctx.settings.pool, "rounds": rounds, "digest": digest.hexdigest()}
