"""What a job's record in MongoDB is read as."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.jobs import AttemptRecord, Job, JobError, JobStatus, Outcome
from chalicelib.store.documents import job_document, job_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def stored(outcome: Outcome, error: str) -> Job:
    attempt = AttemptRecord(1, "w", NOW, NOW, outcome, error=JobError(error, "m"))
    job = Job("1" * 24, "2" * 24, "3" * 24, "n", JobStatus.RETRYING, 3, NOW, NOW, NOW, "t", payload="{}")
    job = job.with_(attempt=1, attempts=(attempt,))
    return job_of(job_document(job))


@pytest.mark.parametrize(
    ("outcome", "error", "read_as"),
    [
        (Outcome.LOST, "WorkerStopped", Outcome.INTERRUPTED),
        (Outcome.LOST, "WorkerLost", Outcome.LOST),
        (Outcome.FAILED, "WorkerStopped", Outcome.FAILED),
        (Outcome.INTERRUPTED, "WorkerStopped", Outcome.INTERRUPTED),
    ],
)
def test_interrupted_attempts_of_older_records_are_told_from_lost_ones(
    outcome: Outcome, error: str, read_as: Outcome
) -> None:
    assert stored(outcome, error).attempts[0].outcome is read_as
