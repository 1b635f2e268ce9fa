"""Jobs submitted by the system: no limits of a user, and created once, however often the call is repeated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.principals import Principal, Role
from tests.audit import audit
from tests.container import Container
from tests.jobs import InvocationLog, a_job, finish, prepare, start

pytestmark = pytest.mark.integration
ALICE = Principal("a" * 24, "1" * 24, Role.MEMBER)


@pytest.fixture
def invocations(container: Container) -> InvocationLog:
    """No attempt and one active job: a user could submit nothing."""
    container.settings = replace(container.settings, rate_limit_max_requests=1, max_active_jobs_per_user=1)
    return prepare(container)


def made(container: Container, count: int = 1) -> list[Job]:
    now, submission_id = container.clock.now(), container.submitter.new_submission_id()
    return [
        a_job(ALICE, id=container.ids.object_id(), at=now, submission_id=submission_id, status=JobStatus.PENDING)
        for _ in range(count)
    ]


def test_limits_of_users_do_not_apply(container: Container, invocations: InvocationLog) -> None:
    jobs = made(container, 5)

    assert container.submitter.submit(jobs) == set()

    assert {job.id for job in container.job_store.get_many([job.id for job in jobs])[0]} == {job.id for job in jobs}
    assert container.engine.counts("all")["pending"] == 5
    assert [payload for _, payload in invocations.made] == [{"source": "wake_up"}]
    assert audit(container) == []


def test_a_repeated_call_creates_each_job_once(container: Container, invocations: InvocationLog) -> None:
    [job] = made(container)
    container.submitter.submit([job])

    assert container.submitter.submit([job.with_(submission_id=container.submitter.new_submission_id())]) == {job.id}

    [running] = start(container)
    finish(container, running)
    assert container.submitter.submit([job.with_(submission_id=container.submitter.new_submission_id())]) == {job.id}, (
        "an ended job is not restarted"
    )
    assert container.job_store.get(job.id).status is JobStatus.COMPLETED
    assert audit(container) == []


def test_a_repeated_call_enqueues_the_jobs_of_a_call_that_died(
    container: Container, invocations: InvocationLog
) -> None:
    [job] = made(container)
    container.job_store.insert([job])  # where the first call died

    assert container.submitter.submit([job.with_(submission_id=container.submitter.new_submission_id())]) == {job.id}

    assert [each.id for each in start(container)] == [job.id]
    assert audit(container) == []
