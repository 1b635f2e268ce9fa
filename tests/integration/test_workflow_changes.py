"""Changes of workflows: cancellation, retries, crashes."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from chalicelib.domain.clock import SystemClock
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.workflows import Workflow, WorkflowStatus
from chalicelib.errors import Conflict, InvalidInput, RateLimited
from chalicelib.services.job_actions import Action
from chalicelib.settings import Settings
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import prepare
from tests.timed import ALICE, Timed
from tests.workflows import a_map, end, node, payload, run, start, states, status

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=0)


# --- changes --------------------------------------------------------------------------------------------------
def test_a_cancellation_reaches_jobs_of_all_kinds(timed: Timed) -> None:
    workflow = a_map(timed, concurrency=1)
    (first,) = timed.start()
    end(timed, first, {"list": [1, 2, 3], "of": 1})
    (running,) = timed.start()
    timed.container.workflows.cancel(ALICE, workflow.id)
    assert timed.job(running).cancel_requested
    assert run(timed) == []
    end(timed, running, None)
    timed.travel(61)
    timed.container.sweeper.sweep()
    assert status(timed, workflow) is WorkflowStatus.CANCELLED
    assert timed.container.db.jobs.count_documents({"open": True}) == 0
    with pytest.raises(Conflict):
        timed.container.workflows.cancel(ALICE, workflow.id)


def test_a_map_that_is_made_while_its_workflow_is_cancelled_runs_nothing(
    timed: Timed, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = a_map(timed)
    fill = timed.container.batch_work.fill

    def then_cancel(*args: Any) -> None:
        fill(*args)
        timed.container.workflows.cancel(ALICE, workflow.id)

    monkeypatch.setattr(timed.container.batch_work, "fill", then_cancel)
    run(timed, lambda _: {"list": [1, 2, 3], "of": 1})
    timed.travel(130)
    timed.container.sweeper.sweep()
    assert run(timed) == []
    assert status(timed, workflow) is WorkflowStatus.CANCELLED


def begun_map(timed: Timed, number: int = 3, **spec: Any) -> Workflow:
    """A workflow whose first node has ended, so that its map has jobs."""
    workflow = a_map(timed, **spec)
    (first,) = timed.start()
    end(timed, first, {"list": list(range(number)), "of": 1})
    return workflow


def test_a_cancelled_map_cancels_its_running_and_later_items(timed: Timed) -> None:
    workflow = begun_map(timed, concurrency=1)
    (running,) = timed.start()
    timed.container.jobs.cancel(ALICE, workflow.job_id("each"))
    assert timed.job(running).cancel_requested
    found = Counter(job["status"] for job in timed.container.db.jobs.find({"part.item": {"$exists": True}}))
    assert found == {"running": 1, "cancelled": 2}
    end(timed, running, None)
    assert run(timed) == []
    assert states(timed, workflow) == {"a": "completed", "each": "cancelled", "sum": "skipped"}
    assert status(timed, workflow) is WorkflowStatus.FAILED
    assert timed.container.db.jobs.count_documents({"open": True}) == 0
    assert timed.container.db.batches.count_documents({"open": True}) == 0


def test_a_map_that_is_cancelled_while_it_is_made_runs_nothing(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow, fill = a_map(timed), timed.container.batch_work.fill

    def then_cancel(*args: Any) -> None:
        fill(*args)
        timed.container.jobs.cancel(ALICE, workflow.job_id("each"))

    monkeypatch.setattr(timed.container.batch_work, "fill", then_cancel)
    assert run(timed, lambda _: {"list": [1, 2, 3], "of": 1}) == ["a"]
    assert states(timed, workflow) == {"a": "completed", "each": "cancelled", "sum": "skipped"}
    assert status(timed, workflow) is WorkflowStatus.FAILED


@pytest.mark.parametrize("whole", [False, True], ids=["the node", "the workflow"])
def test_what_a_process_left_of_a_map_that_is_cancelled_is_removed(
    timed: Timed, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given jobs of a map that are recorded but were never let run; then the sweep ends batch and workflow."""
    workflow = a_map(timed)

    def die(*args: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(timed.container.batch_work, "run", die)
        (first,) = timed.start()
        end(timed, first, {"list": [1, 2, 3], "of": 1})
    assert timed.container.db.batches.count_documents({"status": "submitting"}) == 1
    if whole:
        timed.container.workflows.cancel(ALICE, workflow.id)
    else:
        timed.container.jobs.cancel(ALICE, workflow.job_id("each"))
    for _ in range(2):
        timed.travel(130)
        timed.container.sweeper.sweep()
    assert run(timed) == []
    assert timed.container.db.jobs.count_documents({"open": True}) == 0
    assert status(timed, workflow) is (WorkflowStatus.CANCELLED if whole else WorkflowStatus.FAILED)
    assert timed.container.db.batches.count_documents({"status": "submitting"}) == 0


def test_a_retry_keeps_what_completed(timed: Timed) -> None:
    workflow = start(timed, node("a"), node("b", "a", payload={"x": {"$from": "a.result"}}), node("c", "b"), node("d"))
    tries: Counter[str] = Counter()

    def results(job: Job) -> Any:
        tries[job.name] += 1
        return ValueError() if job.name == "b" and tries["b"] < 3 else tries["a"]

    for _ in range(2):
        run(timed, results)
        assert status(timed, workflow) is WorkflowStatus.FAILED
        timed.container.workflows.retry(ALICE, workflow.id)
    run(timed, results)
    assert status(timed, workflow) is WorkflowStatus.COMPLETED
    assert tries == {"a": 1, "b": 3, "c": 1, "d": 1}
    with pytest.raises(Conflict):
        timed.container.workflows.retry(ALICE, workflow.id)

    timed.container.workflows.retry(ALICE, workflow.id, "b")
    assert run(timed, results) == ["b", "c"]


class Tries:
    """Results of jobs by name, and how often each ran; the names in ``bad`` fail."""

    def __init__(self, *bad: str, number: int = 3) -> None:
        self.bad = set(bad)
        self.number = number
        self.of: Counter[str] = Counter()
        self.payloads: dict[str, Any] = {}

    def __call__(self, job: Job) -> Any:
        self.of[job.name] += 1
        self.payloads[job.name] = payload(job)
        if job.name in self.bad:
            return ValueError()
        return {"list": list(range(self.number)), "of": 1} if job.name == "a" else f"{job.name} {self.of[job.name]}"


def test_of_two_retries_at_the_same_time_one_begins_a_run(timed: Timed) -> None:
    workflow = start(timed, node("a"), node("b", "a"))
    run(timed, Tries("a"))
    together = Barrier(2, timeout=60)

    def retry(_: int) -> bool:
        together.wait()
        try:
            timed.container.workflows.retry(ALICE, workflow.id)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(retry, range(2))) == [False, True]
    assert run(timed) == ["a", "b"]
    assert timed.container.db.jobs.count_documents({}) == 4
    assert timed.container.redis.zcard(timed.container.keys.intents) == 0


def test_a_job_of_a_running_workflow_is_neither_deleted_nor_does_it_expire(timed: Timed) -> None:
    timed.clock.at = SystemClock().now()
    timed.container.tenant_store.add(ALICE.tenant_id, "a tenant", timed.clock.now())
    timed.container.retention.pause = lambda _: None
    workflow = start(timed, node("a"), node("b", "a", delay_s=300 * 86_400))
    assert run(timed) == ["a"]
    with pytest.raises(Conflict):
        timed.container.jobs.delete(ALICE, workflow.job_id("a"))
    timed.travel(40 * 86_400)
    timed.container.sweeper.tidy()
    assert states(timed, workflow)["a"] == "completed"

    timed.container.workflows.cancel(ALICE, workflow.id)
    timed.container.jobs.delete(ALICE, workflow.job_id("a"))
    assert "a" not in states(timed, workflow)


def test_a_retry_reopens_the_failed_items_of_a_map_alone(timed: Timed) -> None:
    workflow, tries = a_map(timed), Tries("each 1", "each 2")
    run(timed, tries)
    assert status(timed, workflow) is WorkflowStatus.FAILED
    tries.bad = {"each 2"}
    timed.container.workflows.retry(ALICE, workflow.id)
    assert Counter(run(timed, tries)) == {"each 1": 1, "each 2": 1}
    assert states(timed, workflow)["each"] == "dlq"
    tries.bad.clear()
    timed.container.workflows.retry(ALICE, workflow.id)
    assert Counter(run(timed, tries)) == {"each 2": 1, "sum": 1}
    assert tries.payloads["sum"] == {"all": ["each 0 1", "each 1 2", "each 2 3"]}
    assert status(timed, workflow) is WorkflowStatus.COMPLETED

    timed.container.workflows.retry(ALICE, workflow.id, "sum")
    assert run(timed, tries) == ["sum"]
    assert tries.payloads["sum"] == {"all": ["each 0 1", "each 1 2", "each 2 3"]}
    timed.container.workflows.retry(ALICE, workflow.id, "each")
    assert Counter(run(timed, tries)) == {"each 0": 1, "each 1": 1, "each 2": 1, "sum": 1}


def test_a_map_behind_a_node_that_runs_again_is_made_anew(timed: Timed) -> None:
    workflow, tries = a_map(timed), Tries("each 1")
    run(timed, tries)
    tries.bad.clear()
    timed.container.workflows.retry(ALICE, workflow.id, "a")
    assert Counter(run(timed, tries)) == {"a": 1, "each 0": 1, "each 1": 1, "each 2": 1, "sum": 1}


def test_a_cancelled_map_all_of_whose_items_completed_completes_at_its_retry(timed: Timed) -> None:
    workflow = begun_map(timed, 2)
    for running in timed.start():
        timed.finish(running)  # nobody looks at the map yet
    timed.container.jobs.cancel(ALICE, workflow.job_id("each"))
    timed.travel(130)
    timed.container.sweeper.sweep()
    assert status(timed, workflow) is WorkflowStatus.FAILED
    timed.container.workflows.retry(ALICE, workflow.id)
    assert run(timed) == ["sum"]
    assert status(timed, workflow) is WorkflowStatus.COMPLETED


# --- through the jobs of nodes --------------------------------------------------------------------------------
@pytest.mark.parametrize("action", [Action.RETRY, Action.REDRIVE])
def test_the_redrive_of_a_node_retries_the_workflow_from_there(timed: Timed, action: Action) -> None:
    workflow, tries = start(timed, node("a"), node("b", "a"), node("c", "b"), node("d")), Tries("b", "d")
    run(timed, tries)
    dead = timed.container.job_store.get(workflow.job_id("b"))
    change = timed.container.jobs.retry if action is Action.RETRY else timed.container.jobs.redrive
    again = change(ALICE, dead.id)
    assert (again.id, again.status) != (dead.id, JobStatus.DLQ)
    assert again.part is not None
    assert (again.part.node, again.part.run) == ("b", 1)
    assert timed.status(dead) is JobStatus.DLQ
    tries.bad.clear()
    assert run(timed, tries) == ["b", "c"]
    assert status(timed, workflow) is WorkflowStatus.FAILED, "d is still dead"
    with pytest.raises(Conflict, match="took the place"):
        change(ALICE, dead.id)
    change(ALICE, workflow.job_id("d"))
    assert run(timed, tries) == ["d"]
    assert status(timed, workflow) is WorkflowStatus.COMPLETED


def test_many_jobs_of_one_workflow_are_redriven_by_one_retry(timed: Timed) -> None:
    workflow, tries = a_map(timed), Tries("each 0", "each 2")
    run(timed, tries)
    dead = [str(job["_id"]) for job in timed.container.db.jobs.find({"status": "dlq"})]
    assert len(dead) == 3, "two items and their node"
    done = timed.container.jobs.act(ALICE, Action.REDRIVE, dead)
    assert (done.changed, done.failed) == (3, [])
    tries.bad.clear()
    assert Counter(run(timed, tries)) == {"each 0": 1, "each 2": 1, "sum": 1}
    assert status(timed, workflow) is WorkflowStatus.COMPLETED


def test_a_node_is_not_redriven_while_its_workflow_runs_nor_with_another_payload(timed: Timed) -> None:
    workflow = start(timed, node("a"), node("b"))
    first, second = sorted(timed.start(), key=lambda job: job.name)
    end(timed, first, ValueError())
    with pytest.raises(Conflict, match="not ended"):
        timed.container.jobs.redrive(ALICE, first.id)
    end(timed, second, None)
    with pytest.raises(InvalidInput, match="payload stays"):
        timed.container.jobs.redrive(ALICE, first.id, "{}")
    assert status(timed, workflow) is WorkflowStatus.FAILED


class TestLimits:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, rate_limit_max_requests=4, max_open_jobs_per_tenant=5)

    def test_a_retry_counts_as_attempts_and_changes_nothing_beyond_the_limit(self, timed: Timed) -> None:
        workflow = start(timed, node("a"), node("b", "a"), node("c", "b"))
        run(timed, Tries("b"))
        with pytest.raises(RateLimited):
            timed.container.workflows.retry(ALICE, workflow.id)
        with pytest.raises(RateLimited):
            timed.container.jobs.redrive(ALICE, workflow.job_id("b"))
        now = timed.container.workflow_store.get(workflow.id)
        assert now is not None
        assert (now.status, now.run) == (WorkflowStatus.FAILED, 0)
        assert timed.container.redis.zcard(timed.container.keys.intents) == 0
        timed.travel(61)
        timed.container.workflows.retry(ALICE, workflow.id)
        assert run(timed) == ["b", "c"]

    def test_items_count_against_the_tenants_open_jobs_and_not_as_attempts(self, timed: Timed) -> None:
        workflow, tries = a_map(timed), Tries(number=4)
        run(timed, tries)
        assert states(timed, workflow) == {"a": "completed", "each": "dlq", "sum": "skipped"}
        error = timed.container.job_store.get(workflow.job_id("each")).error
        assert error is not None
        assert "the map needs 4 jobs; the tenant has 2 open ones of 5 allowed" in error.message
        timed.travel(61)
        tries.number = 3
        timed.container.workflows.retry(ALICE, workflow.id, "a")
        run(timed, tries)
        assert status(timed, workflow) is WorkflowStatus.COMPLETED


class TestHttp:
    @pytest.fixture(autouse=True)
    def catalogue(self, container: Container) -> None:
        prepare(container)

    def test_the_redrive_of_a_node_answers_its_new_job(self, api: Api, alice: Person) -> None:
        workflow = api.post("/workflows", {"name": "w", "nodes": [{"id": "a"}]}, by=alice).json["workflow"]
        job_id = workflow["nodes"][0]["jobId"]
        api.container.db.jobs.update_one({"part.node": "a"}, {"$set": {"status": "dlq"}, "$unset": {"open": ""}})
        assert api.post(f"/dlq/{job_id}/redrive", {}, by=alice).status == 409, "the workflow runs"
        api.container.workflow_work.settle(workflow["_id"])
        refused = api.post(f"/dlq/{job_id}/redrive", {"payload": {}}, by=alice)
        assert (refused.status, refused.json["field"]) == (400, "payload"), refused.text
        job = api.post(f"/dlq/{job_id}/redrive", {}, by=alice).json["job"]
        assert job["workflow"] == {"_id": workflow["_id"], "node": "a", "run": 1, "index": None}
        assert job["_id"] != job_id
