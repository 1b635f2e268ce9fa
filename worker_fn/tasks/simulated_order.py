"""A task that shows durable steps: pretends to handle an order."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import BaseModel, Field

from worker_fn import Step, TaskContext, task

_MAX_SECONDS = 60
_MONTH_S = 30 * 24 * 3600


class SimulatedStepFailure(Exception):  # noqa: N818 - what it is
    """Raised by the step that ``fail_at`` names."""


class Order(BaseModel):
    """What the order has, and how long its steps take."""

    parts: int = Field(3, ge=0, le=10_000, description="steps `pack[0]`, `pack[1]`, …")
    seconds: float = Field(0.2, ge=0, le=_MAX_SECONDS, description="of each step")
    pause_s: float = Field(0, ge=0, le=_MONTH_S, description="of the sleep `cool`")
    approval: bool = Field(False, description="whether it waits for the event `approval`")
    approval_s: float | None = Field(None, ge=0, le=_MONTH_S, description="for how long at most")
    invoice: bool = Field(False, description="whether it invokes a job of `simulated_mail`")
    email: str = Field("", max_length=200, description="of the customer, whom nobody is shown")
    fail_at: str = Field("", max_length=20, description="the step that fails: `reserve` or `ship`")


@task("simulated_order", retries=0, redact=["email"])
async def simulated_order(ctx: TaskContext, payload: Order) -> dict[str, Any]:
    """Reserve, pack each of `parts`, pause, wait for an approval, send an invoice, ship."""

    async def work(name: str) -> dict[str, str]:
        await asyncio.sleep(payload.seconds)
        if payload.fail_at == name:
            raise SimulatedStepFailure(f"simulated failure of step {name!r}")
        return {"done": name}

    async def pack(part: int) -> int:
        await asyncio.sleep(payload.seconds)
        return part

    await ctx.step("reserve", work, "reserve", options=Step(retries=1))
    parts = await ctx.map("pack", pack, range(payload.parts), concurrency=20)
    if payload.pause_s:
        await ctx.sleep("cool", payload.pause_s)
    answer = await ctx.wait_for_event("approval", payload.approval_s) if payload.approval else None
    if payload.invoice:
        await ctx.invoke("invoice", "simulated_mail", {"account_id": "orders", "seconds": payload.seconds})
    await ctx.step("ship", work, "ship")
    return {"parts": len(parts), "approval": answer}
