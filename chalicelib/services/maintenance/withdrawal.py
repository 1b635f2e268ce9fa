"""Withdraws ended jobs; a step of several routines."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.events import moved
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.queue.engine import Engine


def withdraw_ended(engine: Engine, jobs: Sequence[Job]) -> int:
    """Remove ended jobs from the queue; return how many were in it."""
    return sum(engine.withdraw(jobs, [moved(job, _before(job)) for job in jobs])) if jobs else 0


def _before(job: Job) -> JobStatus:
    """Return the state that an ended job probably had before."""
    return JobStatus.BLOCKED if job.was_blocked and not job.attempt else JobStatus.PENDING
