"""Workflows over HTTP and through a queue worked by hand: references, maps, skips, cancellation, retries, crashes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from chalicelib.domain.clock import SystemClock
from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.events import moved
from chalicelib.domain.jobs import Job, JobStatus, NewJob, Outcome
from chalicelib.domain.lifecycle import AttemptResult, ended
from chalicelib.domain.nodes import MapSpec
from chalicelib.domain.workflows import NodeSpec, Workflow, WorkflowStatus
from chalicelib.errors import Conflict
from chalicelib.queue.engine import Settlement
from chalicelib.services.workflows import NewWorkflow
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from tests.api_client import Api, Person
from tests.container import Container
from tests.crash import dying, points
from tests.jobs import an_error, prepare
from tests.timed import ALICE, Timed
from tests.world import World

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=0)


def node(name: str, *needs: str, payload: Any = None, run_if: RunIf = RunIf.ALL_OK, **fields: Any) -> NodeSpec:
    map_ = fields.pop("map", None)
    job = NewJob(name, payload=orjson.dumps(payload or {}).decode(), max_retries=0, **fields)
    return NodeSpec(name, job, needs, run_if, map_)


def start(timed: Timed, *nodes: NodeSpec, key: str | None = None) -> Workflow:
    return timed.container.workflows.create(ALICE, NewWorkflow("a workflow", nodes, key), "trace")[0]


def states(timed: Timed, workflow: Workflow) -> dict[str, str]:
    now = timed.container.workflow_store.get(workflow.id)
    assert now is not None
    return {name: status.value for name, status in timed.container.workflow_work.states(now).items()}


def status(timed: Timed, workflow: Workflow) -> WorkflowStatus:
    now = timed.container.workflow_store.get(workflow.id)
    assert now is not None
    return now.status


Results = Callable[[Job], Any]


def end(timed: Timed, running: Job, result: Any) -> None:
    """End a running job with a result, or an error."""
    failed = isinstance(result, Exception)
    outcome = Outcome.FAILED if failed else Outcome.COMPLETED
    text = None if failed else orjson.dumps(result).decode()
    report = AttemptResult(outcome, timed.clock.now(), result=text, error=an_error() if failed else None)
    after = ended(running, report, progress=None, base_s=1, random=0.5)
    (written,) = timed.container.job_store.advance([(running.rev, after)])
    assert written is not None
    assert running.lease is not None
    timed.container.engine.settle([Settlement(written, running.lease.token, moved(written, JobStatus.RUNNING))])
    timed.container.dispatcher.dispatch([written])


def run(timed: Timed, results: Results = lambda job: None) -> list[str]:
    """Run all that may run to its end; return the names in order."""
    names = []
    while running := timed.start():
        for job in running:
            names.append(job.name)
            end(timed, job, results(job))
    return names


def payload(job: Job) -> Any:
    return orjson.loads(job.payload or "null")


# --- over HTTP ------------------------------------------------------------------------------------------------
class TestHttp:
    @pytest.fixture(autouse=True)
    def catalogue(self, container: Container) -> None:
        prepare(container)

    def body(self, *nodes: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return {"name": "Import", "nodes": list(nodes), **fields}

    def test_a_workflow_is_started_shown_listed_and_cancelled(self, api: Api, alice: Person) -> None:
        nodes: list[dict[str, Any]] = [
            {"id": "a"},
            {"id": "b", "needs": ["a"], "run_if": "all_done", "payload": {"x": {"$from": "a.result"}}},
        ]
        answer = api.post("/workflows", self.body(*nodes), by=alice)
        assert answer.status == 201, answer.text
        workflow = answer.json["workflow"]
        assert (workflow["status"], workflow["run"], workflow["total"]) == ("running", 0, 2)
        assert [(each["id"], each["status"]) for each in workflow["nodes"]] == [("a", "pending"), ("b", "blocked")]
        assert workflow["edges"] == [{"from": "a", "to": "b"}]
        job = api.get(f"/job/{workflow['nodes'][1]['jobId']}", by=alice).json["job"]
        assert job["workflow"] == {"_id": workflow["_id"], "node": "b", "run": 0, "index": None}
        assert job["dependsOn"] == [workflow["nodes"][0]["jobId"]]
        assert api.get(f"/workflows/{workflow['_id']}", by=alice).json["workflow"] == workflow
        assert [each["_id"] for each in api.get("/workflows", by=alice).json["workflows"]] == [workflow["_id"]]
        assert api.post(f"/workflows/{workflow['_id']}/retry", {}, by=alice).status == 409

        cancelled = api.post(f"/workflows/{workflow['_id']}/cancel", by=alice).json["workflow"]
        assert cancelled["status"] == "cancelled"
        wrong = api.post(f"/workflows/{workflow['_id']}/retry", {"node": "no"}, by=alice)
        assert (wrong.status, wrong.json["field"]) == (400, "node"), wrong.text
        assert api.get(f"/workflows/{workflow['_id']}", by=alice).json["workflow"]["run"] == workflow["run"]
        again = api.post(f"/workflows/{workflow['_id']}/retry", {}, by=alice).json["workflow"]
        assert (again["status"], again["run"]) == ("running", 1)
        assert {each["status"] for each in again["nodes"]} == {"pending", "blocked"}

    def test_documents_are_checked_whole(self, api: Api, alice: Person) -> None:
        a = {"id": "a"}
        for nodes, field in (
            ([{"id": "a", "needs": ["b"]}, {"id": "b", "needs": ["a"]}], "nodes.0.needs"),
            ([a, {"id": "b", "needs": ["c"]}], "nodes.1.needs.0"),
            ([a, {"id": "b", "payload": {"x": {"$from": "a.result"}}}], "nodes.1.payload.x"),
            ([a, {"id": "b", "task": "no such"}], "nodes.1.task"),
            ([a, {"id": "b", "task": "resize", "payload": {"width": 0}}], "nodes.1.payload.width"),
            ([a, {"id": "b", "dependsOn": ["0" * 24]}], "nodes.1.dependsOn"),
            ([], "nodes"),
        ):
            answer = api.post("/workflows", self.body(*nodes), by=alice)
            assert (answer.status, answer.json["field"]) == (400, field), answer.text
        assert api.container.db.workflows.count_documents({}) == 0
        assert api.container.db.jobs.count_documents({}) == 0

    def test_a_key_identifies_the_call(self, api: Api, alice: Person) -> None:
        made = [api.post("/workflows", self.body({"id": "a"}, idempotencyKey="k"), by=alice) for _ in range(2)]
        assert [answer.status for answer in made] == [201, 200]
        assert api.post("/workflows", self.body({"id": "b"}, idempotencyKey="k"), by=alice).status == 409
        [stored] = api.container.db.workflows.find()
        assert len(stored["digest"]) == 64, "the digest of a large document is not its text"


# --- results --------------------------------------------------------------------------------------------------
def test_results_are_passed_on(timed: Timed) -> None:
    seen: dict[str, Any] = {}

    def results(job: Job) -> Any:
        seen[job.name] = payload(job)
        return {"files": ["x", "y"], "n": 2} if job.name == "a" else None

    given = {"all": {"$from": "a.result"}, "two": [{"$from": "a.result.files.1"}], "plain": 1}
    workflow = start(
        timed, node("a"), node("b", "a", payload=given), node("c", "b", payload={"n": {"$from": "a.result.n"}})
    )
    assert run(timed, results) == ["a", "b", "c"]
    assert seen["b"] == {"all": {"files": ["x", "y"], "n": 2}, "two": ["y"], "plain": 1}
    assert seen["c"] == {"n": 2}
    assert status(timed, workflow) is WorkflowStatus.COMPLETED


@pytest.mark.parametrize(
    ("given", "result", "word"),
    [
        ({"x": {"$from": "a.result.no"}}, {}, "a.result has no no"),
        ({"x": {"$from": "a.result"}, "y": {"$from": "a.result"}}, "z" * 40_000, "bytes"),
    ],
)
def test_a_node_whose_payload_cannot_be_made_fails_by_name(timed: Timed, given: Any, result: Any, word: str) -> None:
    workflow = start(timed, node("a"), node("b", "a", payload=given), node("c", "b"))
    assert run(timed, lambda _: result) == ["a"]
    assert states(timed, workflow) == {"a": "completed", "b": "dlq", "c": "skipped"}
    job = timed.container.job_store.get(workflow.job_id("b"))
    assert job.error is not None
    assert (job.error.type, word in job.error.message) == ("Unrunnable", True), job.error.message
    assert status(timed, workflow) is WorkflowStatus.FAILED


def test_conditions_decide_what_runs(timed: Timed) -> None:
    workflow = start(
        timed,
        node("a"),
        node("b", "a"),
        node("rescue", "a", run_if=RunIf.ANY_FAILED),
        node("always", "b", "rescue", run_if=RunIf.ALL_DONE),
    )
    assert run(timed, lambda job: ValueError() if job.name == "a" else None) == ["a", "rescue", "always"]
    assert states(timed, workflow) == {"a": "dlq", "b": "skipped", "rescue": "completed", "always": "completed"}
    assert status(timed, workflow) is WorkflowStatus.FAILED


# --- maps -----------------------------------------------------------------------------------------------------
def a_map(timed: Timed, **spec: Any) -> Workflow:
    given = {"item": {"$from": "item"}, "n": {"$from": "index"}, "of": {"$from": "a.result.of"}}
    return start(
        timed,
        node("a"),
        node("each", "a", payload=given, map=MapSpec("a.result.list", **spec)),
        node("sum", "each", payload={"all": {"$from": "each.results"}}),
    )


@pytest.mark.parametrize("number", [0, 1, 3, 450])
def test_a_map_has_a_job_for_each_item_and_their_results_in_order(timed: Timed, number: int) -> None:
    workflow, seen = a_map(timed), []

    def results(job: Job) -> Any:
        if job.name == "a":
            return {"list": [f"i{n}" for n in range(number)], "of": "x"}
        if job.name == "sum":
            seen.append(payload(job))
            return None
        assert payload(job)["of"] == "x"
        return [payload(job)["n"], payload(job)["item"]]

    names = run(timed, results)
    assert Counter(name.split()[0] for name in names) == Counter({"a": 1, "sum": 1, "each": number})
    assert seen == [{"all": [[n, f"i{n}"] for n in range(number)]}]
    assert status(timed, workflow) is WorkflowStatus.COMPLETED
    assert states(timed, workflow)["each"] == "completed"


def test_a_map_releases_as_many_jobs_as_it_may(timed: Timed) -> None:
    a_map(timed, concurrency=2)
    (first,) = timed.start()
    end(timed, first, {"list": [1, 2, 3, 4, 5], "of": 1})
    running = timed.start()
    assert len(running) == 2
    end(timed, running[0], None)
    assert len(timed.start()) == 1
    end(timed, running[1], None)
    assert len(timed.start()) == 1


@pytest.mark.parametrize(
    ("result", "spec", "word"),
    [
        ({"list": [1, 2, 3], "of": 1}, {"most": 2}, "3 items"),
        ({"list": "no", "of": 1}, {}, "no list"),
        ({"of": 1}, {}, "has no list"),
        ({"list": [1]}, {}, "has no of"),
    ],
)
def test_a_map_that_cannot_be_made_fails_by_name(timed: Timed, result: Any, spec: dict[str, Any], word: str) -> None:
    workflow = a_map(timed, **spec)
    run(timed, lambda _: result)
    assert states(timed, workflow) == {"a": "completed", "each": "dlq", "sum": "skipped"}
    error = timed.container.job_store.get(workflow.job_id("each")).error
    assert error is not None
    assert word in error.message


def test_a_map_with_a_failed_job_fails(timed: Timed) -> None:
    workflow = a_map(timed)

    def results(job: Job) -> Any:
        return {"list": [1, 2, 3], "of": 1} if job.name == "a" else ValueError() if job.name == "each 1" else None

    run(timed, results)
    assert states(timed, workflow) == {"a": "completed", "each": "dlq", "sum": "skipped"}
    error = timed.container.job_store.get(workflow.job_id("each")).error
    assert error is not None
    assert "1 dlq" in error.message


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


def test_a_retry_makes_all_jobs_of_a_map_anew(timed: Timed) -> None:
    workflow, fails = a_map(timed), [True]

    def results(job: Job) -> Any:
        if job.name == "a":
            return {"list": [1, 2], "of": 1}
        return ValueError() if fails[0] and job.name == "each 1" else 5

    run(timed, results)
    fails[0] = False
    timed.container.workflows.retry(ALICE, workflow.id)
    assert Counter(run(timed, results)) == {"each 0": 1, "each 1": 1, "sum": 1}
    assert status(timed, workflow) is WorkflowStatus.COMPLETED


# --- crashes --------------------------------------------------------------------------------------------------
NODES = (
    node("a"),
    node("each", "a", payload={"x": {"$from": "item"}}, map=MapSpec("a.result")),
    node("last", "each", payload={"all": {"$from": "each.results"}}),
)


def test_a_process_that_dies_at_each_step(settings: Settings) -> None:
    """It submits a workflow, runs its first node and makes the jobs of its map; the sweep does the rest."""
    world = World(replace(settings, lease_ms=1_000))
    shop, container = world.healthy, world.healthy.container
    ensure_indexes(container.db)
    container.rebuilder.ensure_open()

    def deed(mortal: Container, key: str) -> None:
        hand = Timed(mortal)
        hand.clock, hand.container = world.clock, mortal
        made, _ = mortal.workflows.create(ALICE, NewWorkflow("w", NODES, key), "trace")
        for job in hand.claim("hand"):
            running = hand.record_start(job, "hand")
            if running is not None:
                hand.tell_start(running)
                end(hand, running, [1, 2] if running.id == made.job_id("a") else None)

    whole = world.process(None)
    before = Counter(whole.calls)
    deed(whole.container, "whole")
    calls = whole.calls - before
    finish(world)
    for n, point in enumerate(points(calls, 2)):
        process = world.process(point)
        with dying():
            deed(process.container, f"key {n}")
        process.dead.set()
        finish(world)
        while world.others:
            world.others.pop().close()
        for found in container.db.workflows.find():
            assert found["status"] in {"completed", "failed"}, point
        for job in container.db.jobs.find():
            done = [attempt["outcome"] for attempt in job["attempts"]].count("completed")
            assert done <= 1, point
            assert "outbox" not in job, point
    container.mongo.drop_database(settings.mongodb_database)
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.close()
    assert shop.clock.now() > SystemClock().now()


def finish(world: World) -> None:
    """Sweep and work until nothing is open; then both stores agree."""
    from tests.audit import audit

    shop = world.healthy
    world.clock.at = max(world.clock.at, SystemClock().now())
    for _ in range(30):
        shop.travel(130)
        shop.container.sweeper.sweep()
        for running in shop.start("healthy"):
            end(shop, running, [1, 2])
        if shop.container.db.jobs.count_documents({"open": True}) == 0:
            shop.travel(130)
            shop.container.sweeper.sweep()
            if shop.container.db.workflows.count_documents({"open": True}) == 0:
                break
    else:
        raise AssertionError(list(shop.container.db.jobs.find({"open": True})))
    assert audit(shop.container) == []
