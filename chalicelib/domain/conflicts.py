"""What becomes of a submission whose unique key another job holds. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple

from chalicelib.domain.jobs import PARKED_UNTIL, Job, JobStatus
from chalicelib.domain.lifecycle import later
from chalicelib.domain.unique import OnConflict, UniqueRule

_WAITING = frozenset({JobStatus.BLOCKED, JobStatus.SCHEDULED, JobStatus.PENDING, JobStatus.RETRYING})


class Verdict(Enum):
    """What to do with a submission."""

    #: Insert it: nobody holds its key.
    CREATE = auto()
    #: Answer with the job that stands.
    KEEP = auto()
    REJECT = auto()
    #: Refuse it, because the job that stands does not wait.
    REJECT_REPLACEMENT = auto()
    #: Write its payload and options over the job that stands.
    REPLACE = auto()
    #: As ``REPLACE``, and move the due time.
    PUSH_BACK = auto()
    #: Insert it behind the job that stands.
    RUN_AFTER = auto()
    #: A worker is about to start the job that stands: look again soon.
    LOOK_AGAIN = auto()


class Conflict(NamedTuple):
    """A verdict, and the job that stands, which is ``None`` only for ``CREATE``."""

    verdict: Verdict
    stands: Job | None = None


def lost_key(job: Job) -> bool:
    """Return whether ``job`` holds a key that it should have lost: a process of an older version moved it."""
    if job.unique is None or not job.unique_key or job.status is JobStatus.BLOCKED:
        return False
    return not job.unique.holds(job.status)


def judge(rule: UniqueRule, holder: Job | None, successor: Job | None, *, leased: bool) -> Conflict:
    """Decide on a submission. ``holder`` holds its key, ``successor`` waits for the end of that job.

    ``leased``: a worker holds ``holder``, which therefore counts as running.
    """
    waiting = successor or holder
    if waiting is None:
        return Conflict(Verdict.CREATE)
    if rule.on_conflict in {OnConflict.KEEP, OnConflict.REJECT}:
        return Conflict(Verdict[rule.on_conflict.name], holder or waiting)
    if waiting.status not in _WAITING or (leased and waiting is holder):
        return Conflict(_about_busy(rule.on_conflict, waiting), waiting)
    postponed = waiting.status is JobStatus.SCHEDULED and waiting.runs_after is None
    return Conflict(
        Verdict.PUSH_BACK if rule.on_conflict is OnConflict.PUSH_BACK and postponed else Verdict.REPLACE, waiting
    )


def _about_busy(on_conflict: OnConflict, holder: Job) -> Verdict:
    """Decide on a submission that would change a waiting job, while there is only ``holder``, which does not wait."""
    match on_conflict:
        case OnConflict.PUSH_BACK:
            return Verdict.LOOK_AGAIN if holder.status is JobStatus.PENDING else Verdict.KEEP
        case OnConflict.RUN_AFTER:
            outlives = holder.unique is not None and holder.unique.outlives_end
            return Verdict.KEEP if outlives else Verdict.RUN_AFTER
    return Verdict.REJECT_REPLACEMENT


def replaced(stands: Job, new: Job, now: datetime) -> Job:
    """Return the waiting job with the payload, name, tags, retries and time limit of ``new``.

    Its queue, priority and due time stay: they are its place in the queue.
    """
    return stands.with_(
        rev=stands.rev + 1,
        updated_at=now,
        name=new.name,
        payload=new.payload,
        tags=new.tags,
        max_retries=new.max_retries,
        timeout_s=new.timeout_s,
    )


def pushed_back(stands: Job, new: Job, now: datetime) -> Job:
    """Return ``replaced``, due when ``new`` would be; never earlier than it was, and not after either maximum."""
    rules = [job.unique for job in (stands, new) if job.unique is not None]
    due = [later(stands.created_at, rule.max_wait_s) for rule in rules if rule.max_wait_s is not None]
    at = max(stands.ready_at, min([new.ready_at, *due]))
    return replaced(stands, new, now).with_(ready_at=at, run_at=at)


def behind(new: Job, holder: Job) -> Job:
    """Return ``new`` waiting for the end of ``holder``."""
    key = new.unique.next_slot if new.unique is not None else ""
    return new.with_(
        status=JobStatus.SCHEDULED, ready_at=PARKED_UNTIL, unique_key=key, runs_after=holder.id
    )  # fmt: skip


def unparked(successor: Job, now: datetime, *, holds: bool) -> Job:
    """Return a job whose wait for another one is over: due now, or at its own due time if that is later.

    ``holds``: it takes its unique key. ``runs_after`` stays until it is pending, so that a crash before the queue knows
    is found.
    """
    key = successor.unique.slot if holds and successor.unique is not None else ""
    at = max(now, successor.run_at) if successor.run_at is not None else now
    return successor.with_(rev=successor.rev + 1, updated_at=now, ready_at=at, unique_key=key)
