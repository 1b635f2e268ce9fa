"""Durable jobs whose worker is killed between each effect and its record: SIGKILL, by the step's own function."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.domain.jobs import JobStatus, Outcome
from chalicelib.domain.tasks import TaskSpec
from tests.audit import audit
from tests.support import wait_until
from tests.worker_processes import ENV, Workers
from tests.worker_support import Rig

pytestmark = pytest.mark.integration

PARTS = ("part 0", "part 1")


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    return {**env, **ENV}


@pytest.fixture
def workers(env: dict[str, str]) -> Iterator[Workers]:
    workers = Workers(env, subprocess.DEVNULL)
    yield workers
    workers.stop()


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_worker_is_killed_between_each_effect_and_its_record(
    rig: Rig, workers: Workers, tmp_path: Path, kind: str
) -> None:
    rig.container.catalogue.register([TaskSpec(f"mortal_{kind}", {"type": "object"}, max_retries=9)])
    effects = tmp_path / "effects"
    job = rig.submit(f"mortal_{kind}", {"file": str(effects)}, max_retries=2)
    workers.start()

    def ended() -> bool:
        if workers.started[-1].poll() is not None:
            workers.start()
        return not rig.job(job).status.is_open

    wait_until(ended, 300, "the job has ended")
    done = rig.job(job)
    # Each effect but the one that must not repeat was repeated once, and nothing that was recorded was
    assert (done.status, done.result) == (JobStatus.COMPLETED, '["first","interrupted","part 0","part 1"]'), done.error
    assert Counter(effects.read_text().splitlines()) == {"first": 2, "once": 1, **dict.fromkeys(PARTS, 2)}
    outcomes = Counter(attempt.outcome for attempt in done.attempts)
    assert outcomes == {Outcome.LOST: 4, Outcome.COMPLETED: 1}, "completed steps let the retries begin anew"
    steps = {each.key.name: each.status.value for each in rig.container.step_store.load(job.id, "")}
    assert steps == {"first": "completed", "once": "failed", "part[0]": "completed", "part[1]": "completed"}
    assert audit(rig.container) == []
