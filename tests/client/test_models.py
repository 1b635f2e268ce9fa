"""Answers: what a newer server adds is tolerated, what is missing is said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from queuecraft_client import Job, JobDetail, JobStatus, UnexpectedAnswer
from queuecraft_client.models import Batch, ScheduleDetail, WorkflowDetail
from tests.client.fake_io import JOB_ID, job


def test_values_get_their_types() -> None:
    read = JobDetail.parse(
        job(
            "dlq",
            con="2026-11-24T09:30:00.123Z",
            finishedAt=None,
            tags=["a", "b"],
            error={"type": "KeyError", "message": "'x'"},
            attempts=[{"number": 1, "outcome": "failed", "error": {"type": "KeyError", "message": "'x'"}}],
            workflow={"_id": JOB_ID, "node": "sum", "run": 1, "index": None},
        )
    )
    assert read.id == JOB_ID
    assert read.created_at == datetime(2026, 11, 24, 9, 30, 0, 123_000, tzinfo=UTC)
    assert read.finished_at is None
    assert read.tags == ("a", "b")
    assert read.attempts[0].error is not None
    assert read.attempts[0].error.type == "KeyError"
    assert read.workflow is not None
    assert read.workflow.node == "sum"
    assert read.status is JobStatus.DLQ
    assert read.ended


def test_fields_and_states_of_a_newer_server_are_tolerated() -> None:
    read = Job.parse(job("dreaming", wakesAt="2030-01-01T00:00:00Z"))
    assert read.raw["wakesAt"] == "2030-01-01T00:00:00Z"
    assert read.status == "dreaming"
    assert read.status not in set(JobStatus)
    assert not read.ended
    assert {each.value for each in JobStatus} == {each.value for each in list(JobStatus)}


def test_fields_that_an_older_server_lacks_have_defaults() -> None:
    assert Batch.parse({"_id": "1", "name": "b", "status": "running"}).total == 0


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Job, None),
        (Job, []),
        (Job, {"_id": "1"}),
        (Job, job(con="yesterday")),
        (Job, job(tags=3)),
        (JobDetail, job(attempts=[{}])),
        (JobDetail, job() | {"status": 3}),
        (WorkflowDetail, {"_id": "1", "name": "w", "status": "running", "nodes": {"a": 1}}),
    ],
)
def test_what_does_not_fit_is_said(kind: Any, data: Any) -> None:
    with pytest.raises(UnexpectedAnswer, match=r"Job|Attempt|NodeState"):
        kind.parse(data)


def test_answers_are_values() -> None:
    assert Job.parse(job()) == Job.parse(job(new="field"))
    with pytest.raises(AttributeError):
        Job.parse(job()).name = "other"  # type: ignore[misc]


def test_a_node_is_found_by_its_id() -> None:
    nodes = [{"id": "a", "jobId": JOB_ID, "status": None}]
    read = WorkflowDetail.parse({"_id": "1", "name": "w", "status": "running", "nodes": nodes})
    assert read.node("a").job_id == JOB_ID
    with pytest.raises(KeyError):
        read.node("b")


def test_fires_are_times() -> None:
    read = ScheduleDetail.parse({"_id": "1", "name": "s", "state": "active", "next": ["2030-01-01T00:00:00.000Z"]})
    assert read.next == (datetime(2030, 1, 1, tzinfo=UTC),)
