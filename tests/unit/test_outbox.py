"""The followers of a job are written with each kind of end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from chalicelib.domain.jobs import (
    AttemptRecord,
    Follower,
    Job,
    JobError,
    JobStatus,
    Lease,
    OutboxEntry,
    Outcome,
)
from chalicelib.domain.lifecycle import (
    MAX_LOST_IN_A_ROW,
    AttemptResult,
    cancelled,
    check_settled,
    ended,
    lost,
    lost_unstarted,
    redriven,
    started,
    started_and_ended,
)
from chalicelib.errors import Conflict
from chalicelib.store.documents import job_document, job_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ERROR = JobError("ValueError", "m")
ENTRIES = (OutboxEntry("b1", "batch", 2), OutboxEntry("", "dependents", 2))
FOLLOWERS = (Follower("b1", "batch"), Follower("", "dependents"))
DONE, FAILED = AttemptResult(Outcome.COMPLETED, NOW, result="1"), AttemptResult(Outcome.FAILED, NOW, error=ERROR)
Move = Callable[[Job], Job]


def a_job(status: JobStatus, **changes: object) -> Job:
    job = Job(
        "1" * 24, "2" * 24, "3" * 24, "a", status, 7, NOW, NOW, NOW, "t",
        redrives=2, max_retries=0, followers=FOLLOWERS, payload="{}",
    )  # fmt: skip
    return job.with_(**changes)


def running() -> Job:
    return started(a_job(JobStatus.PENDING), "token", "w", NOW)


def lost_often() -> Job:
    attempts = tuple(AttemptRecord(n, "w", NOW, NOW, Outcome.LOST) for n in range(MAX_LOST_IN_A_ROW - 1))
    return a_job(JobStatus.PENDING, attempts=attempts)


ENDS: dict[str, Move] = {
    "completed": lambda _: ended(running(), DONE, progress=None, base_s=1, random=0),
    "given up": lambda _: ended(running(), FAILED, progress=None, base_s=1, random=0),
    "at once": lambda job: started_and_ended(job, "w", NOW, DONE, progress=None, base_s=1, random=0),
    "cancelled": lambda job: cancelled(job, NOW),
    "cancelled while it ran": lambda _: cancelled(running(), NOW),
    "lost": lambda _: lost(running(), NOW, base_s=1, random=0),
    "lost, and was to stop": lambda _: lost(running().with_(cancel_requested=True), NOW, base_s=1, random=0),
    "lost before it began": lambda _: lost_unstarted(lost_often(), "w", NOW),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_each_kind_of_end_adds_the_followers(end: Move) -> None:
    after = end(a_job(JobStatus.PENDING))

    assert not after.status.is_open
    assert after.outbox == ENTRIES
    assert job_of(job_document(after)).outbox == ENTRIES


def test_other_moves_add_nothing() -> None:
    assert running().outbox == ()
    retried = ended(running().with_(max_retries=3), FAILED, progress=None, base_s=1, random=0)
    assert (retried.status, retried.outbox) == (JobStatus.RETRYING, ())
    assert lost_unstarted(a_job(JobStatus.PENDING), "w", NOW).outbox == ()


def test_the_record_of_a_plain_job_has_no_field_for_it() -> None:
    plain = cancelled(a_job(JobStatus.PENDING, followers=()), NOW)

    assert not {"outbox", "followers"} & job_document(plain).keys()


def test_a_job_is_redriven_once_what_follows_its_end_is_done() -> None:
    dead = ended(running(), FAILED, progress=None, base_s=1, random=0)

    with pytest.raises(Conflict):
        redriven(dead, NOW)
    again = redriven(dead.with_(outbox=()), NOW)
    check_settled(again)

    end = cancelled(again.with_(lease=Lease("t", "w")), NOW)
    assert [entry.series for entry in end.outbox] == [3, 3], "an end of a new series"
