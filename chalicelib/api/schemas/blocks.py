"""The model of what keeps a pending job from starting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from chalicelib.api.call import Output
from chalicelib.domain.jobs import Job, from_ms, iso
from chalicelib.domain.limits import parse_instance
from chalicelib.domain.pauses import TASK_PREFIX
from chalicelib.queue.lanes import CAP, EVERYTHING

if TYPE_CHECKING:
    from chalicelib.queue.limit_instances import Block


class BlockOut(Output):
    """What keeps a pending job from starting: a limit, with the job's key if it has one, its paused queue or task, or
    its tenant, which is paused or whose concurrency is used up. None of them is named if everything is paused.

    ``why``: ``full``, ``rate`` (a start is allowed at ``until``) or ``paused``. ``held`` jobs hold the limit,
    ``of`` may; null is any number.
    """

    limit: str | None
    key: str | None
    queue: str | None
    tenant: str | None
    task: str | None
    why: Literal["full", "rate", "paused"]
    held: int
    of: int | None
    until: str | None


def block_body(job: Job, block: Block) -> dict[str, Any]:
    """Return ``BlockOut`` as a plain dict."""
    is_of_tenant, is_wide = block.instance == CAP, block.instance in {CAP, EVERYTHING}
    is_task = block.instance.startswith(TASK_PREFIX)
    name, key, _ = parse_instance("" if is_wide or is_task else block.instance)
    return {
        "limit": name or None,
        "key": key,
        "queue": None if name or is_wide or is_task else job.queue,
        "tenant": job.tenant_id if is_of_tenant else None,
        "task": job.task if is_task else None,
        "why": block.why.value,
        "held": block.held,
        "of": block.of,
        "until": iso(from_ms(block.until_ms)) if block.until_ms is not None else None,
    }
