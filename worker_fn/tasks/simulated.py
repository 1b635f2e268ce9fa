"""The default task: simulates work."""

from __future__ import annotations

import asyncio
from typing import Any

from worker_fn import TaskContext, task

#: Progress reports of a run.
_STEPS = 20


class SimulatedFailure(Exception):  # noqa: N818 - what it is
    """Raised by a simulated job whose name contains "fail"."""


@task("simulated")
async def simulated(ctx: TaskContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Take about ``SIMULATED_JOB_S`` seconds, reporting progress; fail if the job's name contains "fail"."""
    seconds = ctx.settings.simulated_job_s
    ctx.log(f"simulating {seconds:g} s of work")
    for step in range(1, _STEPS + 1):
        await asyncio.sleep(seconds / _STEPS)
        ctx.progress(100 * step / _STEPS, f"step {step} of {_STEPS}")
        if step == _STEPS // 2 and "fail" in ctx.name.lower():
            ctx.log("failing, as the name asks", level="error")
            raise SimulatedFailure(f"simulated failure of {ctx.name!r}")
    return {"simulated": True, "seconds": seconds, "payload": payload}
