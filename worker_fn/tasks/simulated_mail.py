"""A task that shows limits: pretends to send a mail for an account."""

from __future__ import annotations

import asyncio

from pydantic import BaseModel, Field

from worker_fn import Limit, TaskContext, task

SERVER = Limit("simulated_server", concurrency=4, rate="50/s")
ACCOUNT = Limit("simulated_account", per="payload.account_id", concurrency=1, total=10)


class Mail(BaseModel):
    """For whom to send, and how long it takes."""

    account_id: str = Field(min_length=1, max_length=100)
    seconds: float = Field(1.0, ge=0, le=60)


@task("simulated_mail", limits=[SERVER, ACCOUNT])
async def simulated_mail(ctx: TaskContext, payload: Mail) -> dict[str, str]:
    """Take `seconds`; one at a time for an account, and few at a time for all."""
    ctx.log(f"sending a mail for {payload.account_id}")
    await asyncio.sleep(payload.seconds)
    return {"account_id": payload.account_id}
