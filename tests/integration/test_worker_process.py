"""Workers in processes of their own: crashes, signals, stuck threads, output."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.jobs import JobStatus, Outcome
from chalicelib.settings import Settings
from tests.support import wait_until
from tests.worker_processes import ENV, Workers
from tests.worker_support import Rig

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(env: dict[str, str]) -> Settings:
    env |= ENV
    return Settings.from_env(env)


@pytest.fixture
def workers(settings: Settings, env: dict[str, str]) -> Iterator[Workers]:
    workers = Workers(env)
    yield workers
    workers.stop()


def test_a_task_that_kills_its_worker_ends_in_the_dlq_and_its_neighbours_do_not(rig: Rig, workers: Workers) -> None:
    poison = rig.new("poison", max_retries=1)
    innocent = [rig.new("innocent") for _ in range(12)]
    rig.enqueue([*innocent[:6], poison, *innocent[6:]])
    workers.start()
    workers.run_until_ended(rig, [poison, *innocent])
    dead = rig.job(poison)
    assert dead.status is JobStatus.DLQ
    assert {a.outcome for a in dead.attempts} == {Outcome.LOST}
    assert dead.error is not None and dead.error.type == "WorkerLost"
    assert sum(process.poll() == 7 for process in workers.started) == dead.attempt
    assert {rig.job(job).status for job in innocent} == {JobStatus.COMPLETED}
    assert sum(a.outcome is Outcome.COMPLETED for job in innocent for a in rig.job(job).attempts) == 12


def test_a_worker_killed_while_it_runs_jobs_loses_none(rig: Rig, workers: Workers, tmp_path: Path) -> None:
    go_on = tmp_path / "go_on"
    jobs = [rig.submit("rest", {"file": str(go_on)}) for _ in range(10)]
    process = workers.start()
    rig.wait(jobs[0], JobStatus.RUNNING, timeout_s=20)
    process.kill()
    process.wait(10)
    go_on.touch()
    workers.run_until_ended(rig, jobs)
    for job in jobs:
        done = rig.job(job)
        assert done.status is JobStatus.COMPLETED
        assert [a.outcome for a in done.attempts].count(Outcome.COMPLETED) == 1
    rig.settled()
    counts = rig.counts()
    assert (counts["submitted"], counts["completed"], counts["done"]) == (10, 10, 10)
    assert not any(counts.get(name) for name in ("pending", "running", "retrying", "dlq"))


def test_sigterm_stops_a_worker_in_order(rig: Rig, workers: Workers) -> None:
    job = rig.submit("simulated", timeout_s=60)
    process = workers.start()
    rig.wait(job, JobStatus.RUNNING, timeout_s=20)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=20)
    assert "left: the process is being stopped" in output
    after = rig.job(job)
    assert after.status in {JobStatus.RETRYING, JobStatus.PENDING, JobStatus.COMPLETED}
    assert after.retry_count == 0
    assert rig.container.engine.leases() == []


def test_a_process_with_a_stuck_thread_ends_itself(rig: Rig, workers: Workers) -> None:
    job = rig.submit("hang", timeout_s=1, max_retries=0)
    process = workers.start()
    assert rig.wait(job, timeout_s=20).status is JobStatus.DLQ
    assert process.wait(20) == 0  # long before the task would have ended
    assert process.stdout is not None
    assert "left: a task that was given up does not end" in process.stdout.read()


def test_leases_are_renewed_while_a_task_blocks_the_interpreter(rig: Rig, env: dict[str, str], tmp_path: Path) -> None:
    """A C call stops every thread of the worker; the lease keeper renews its lease and that of its neighbour."""
    pipe, holds, go_on = (tmp_path / name for name in ("pipe", "holds", "go_on"))
    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR)
    neighbour = rig.submit("rest", {"file": str(go_on)}, max_retries=0)
    process = Workers({**env, "LEASE_MS": "15000", "HEARTBEAT_MS": "250"}).start()
    try:
        rig.wait(neighbour, JobStatus.RUNNING)
        job = rig.submit("hold", {"pipe": str(pipe), "holds": str(holds)}, max_retries=0)
        wait_until(holds.exists, what="the interpreter held")

        def ends() -> dict[str, int]:
            return {job_id: end for job_id, end, _ in rig.container.engine.leases()}

        first = ends()
        assert set(first) == {job.id, neighbour.id}

        def renewed() -> bool:
            return all(end > first[job_id] + 1_000 for job_id, end in ends().items())

        wait_until(renewed, what="leases renewed")
        go_on.touch()
        os.write(writer, b"x")
        done = [rig.wait(each) for each in (job, neighbour)]
        assert [(each.status, each.result, each.attempt) for each in done] == [
            (JobStatus.COMPLETED, "1", 1),
            (JobStatus.COMPLETED, '"rested"', 1),
        ]
        output, errors = process.communicate(timeout=30)
        assert [line for line in output.splitlines() if '"event":"interpreter_blocked"' in line]
        assert errors == ""
    finally:
        process.kill()
        process.communicate(timeout=10)
        os.close(writer)


def test_logging_works_in_tasks_and_shows_no_payload(rig: Rig, workers: Workers) -> None:
    import orjson

    job = rig.submit("chatty", {"text": "a-secret-text"})
    process = workers.start()
    assert rig.wait(job).status is JobStatus.COMPLETED
    output, errors = process.communicate(timeout=30)

    assert "a-secret-text" not in output + errors
    lines = [orjson.loads(line) for line in output.splitlines() if not line.startswith("left:")]
    said = [line for line in lines if line.get("logger") == "an.api.of.queuecraft.workers"]
    assert [(line["level"], line["message"], line["jobId"], line["traceId"]) for line in said] == [
        ("INFO", "hello you", job.id, job.trace_id),
        ("ERROR", "failed", job.id, job.trace_id),
    ]
    assert (said[0]["size"], said[0]["api_token"], said[0]["event"]) == (3, "[redacted]", "log")
    assert "ValueError: boom" in said[1]["exception"]
    # the worker's own lines do not depend on how a task sets logging up
    assert [line["event"] for line in lines if line.get("jobId") == job.id and line["event"] != "log"] == [
        "start",
        "finish",
    ]


def test_the_output_of_a_worker_is_lines_of_json(rig: Rig, workers: Workers) -> None:
    import orjson

    job = rig.submit("simulated", name="will fail", max_retries=0)
    process = workers.start()
    dead = rig.wait(job, timeout_s=20)
    assert (dead.status, dead.error and dead.error.type) == (JobStatus.DLQ, "SimulatedFailure")
    assert process.stdout is not None
    lines: list[dict[str, Any]] = []
    for line in process.stdout:
        if line.startswith("left:"):
            break
        lines.append(orjson.loads(line))
    mine = [line for line in lines if line.get("jobId") == job.id]
    assert [line["event"] for line in mine] == ["start", "fail", "dlq"]
    assert {line["traceId"] for line in mine} == {job.trace_id}
