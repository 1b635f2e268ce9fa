"""Pools in the local AWS: a function for each, with the limits of the list."""

from __future__ import annotations

import asyncio
import json
import os
import re
from pathlib import Path

import pytest

from infra.local.deployed.model import Deployment, DeploymentError
from infra.local.deployed.pools import FILE
from infra.local.deployed.read import read
from infra.local.deployed.tasks import BootstrapFailedError, Prepared, prepare
from tests.e2e.clients import project_with

TASK = """
from worker_fn import task

@task("report", timeout_s={timeout_s})
def report(ctx, payload):
    pass
"""
HEAVY = {
    "modules": ["added"], "memory_mb": 700, "timeout_s": 300, "storage_mb": 1024, "concurrency": 2, "fleet": 4,
    "architecture": "arm64", "environment": {"THREADS": "4"},
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, with a task in the pool `heavy`."""
    made = project_with(tmp_path / "project", TASK.format(timeout_s=60))
    (made / FILE).write_text(json.dumps({"heavy": HEAVY}))
    return made


def deployment(project: Path, **variables: str) -> Deployment:
    kept = {"PATH": os.environ["PATH"], **variables}
    return asyncio.run(read(project, variables=kept, addresses={"STAGE": "local"}, stack_name="qc"))


def prepared(project: Path) -> Prepared:
    return asyncio.run(prepare(project, {"PATH": os.environ["PATH"]}, "check"))


def test_a_pool_is_a_function_with_its_own_limits(project: Path) -> None:
    functions = {each.logical_id: each for each in deployment(project, JOB_CONCURRENCY="9").functions}
    heavy, worker = functions["HeavyWorker"], functions["Worker"]
    assert (heavy.name, heavy.memory_mb, heavy.timeout_s, heavy.concurrency) == ("qc-worker-heavy", 700, 300, 3)
    assert (worker.name, worker.memory_mb, worker.timeout_s) == ("qc-worker", 512, 900)
    # the caller's variables are for the default pool
    assert (heavy.environment["JOB_CONCURRENCY"], heavy.environment["POOL_FLEET"]) == ("2", "4")
    assert worker.environment["JOB_CONCURRENCY"] == "9"
    assert (heavy.environment["POOL"], heavy.environment["THREADS"]) == ("heavy", "4")
    assert "POOL" not in worker.environment
    assert all(json.loads(each.environment["POOLS"]) == {"heavy": ["added"]} for each in functions.values())


def test_only_the_default_pool_has_a_tick(project: Path) -> None:
    assert {each.function for each in deployment(project).schedules} == {"Worker", "ConnectionManager"}


def test_a_wrong_list_is_refused_before_anything_starts(project: Path) -> None:
    (project / FILE).write_text(json.dumps({"heavy": {**HEAVY, "memory_mb": 64}}))
    with pytest.raises(DeploymentError, match=re.escape("heavy.memory_mb")):
        deployment(project)
    with pytest.raises(BootstrapFailedError, match=re.escape("heavy.memory_mb")):
        prepared(project)


def test_a_task_that_its_pool_would_cut_short_is_reported(project: Path) -> None:
    assert prepared(project).cut_short == []
    (project / "worker_fn" / "tasks" / "added.py").write_text(TASK.format(timeout_s=241))
    (message,) = prepared(project).cut_short
    assert "report has timeout_s=241, but a job may take 240 s in the pool heavy" in message


def test_two_tasks_of_one_name_are_found_whatever_their_pools(project: Path) -> None:
    (project / "worker_fn" / "tasks" / "other.py").write_text(TASK.format(timeout_s=60))
    (failed,) = prepared(project).failed.items()
    assert failed[0] == "worker_fn.tasks.other"
    assert "'report' is taken by worker_fn.tasks.added.report" in failed[1]
