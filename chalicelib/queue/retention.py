"""Takes expired jobs out of the counts, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.domain.events import expired
from chalicelib.domain.jobs import Job
from chalicelib.domain.retention import ExpiredPage
from chalicelib.queue.messages import encode_tail

if TYPE_CHECKING:
    from chalicelib.queue.scripts import Scripts


class ExpiredJobs:
    """Ended jobs whose records are deleted. Both methods raise ``QueueClosed``."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def lingering(self, jobs: Sequence[Job]) -> set[str]:
        """Return the ids of ended jobs that are still in the queue: maintenance settles their end first."""
        batch = self._scripts.batch("lingering")
        for job in jobs:
            batch.add(id=job.id, place=job.score)
        flags = [flag for answer in batch.run() for flag in self._scripts.marked(answer)[0]]
        return {job.id for job, flag in zip(jobs, flags, strict=True) if flag}

    def forget(self, page: ExpiredPage) -> bool:
        """Subtract a deleted page from the counts and publish its event; return ``False`` if that was done before."""
        batch = self._scripts.batch("expire")
        for owner_id, jobs in page.owners.items():
            batch.add(owner_id, page.tenant_id, jobs=jobs)
        event = encode_tail(expired(page))
        answer = batch.run_once(page=page.id, state=page.status.value, tenant_id=page.tenant_id, event=event)
        (first,) = self._scripts.marked(answer)
        return bool(first)
