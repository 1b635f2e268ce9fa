"""Workflows over HTTP and through a queue worked by hand: references, maps, skips."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.jobs import Job
from chalicelib.domain.nodes import MAX_ITEMS, MapSpec
from chalicelib.domain.workflows import WorkflowStatus
from chalicelib.services.batch_data import progress_data
from chalicelib.services.workflow_data import workflow_detail
from chalicelib.settings import Settings
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import prepare
from tests.timed import Timed
from tests.workflows import a_map, end, node, payload, run, start, states, status

pytestmark = pytest.mark.integration
LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=0)


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

    def test_a_list_has_one_state_if_asked(self, api: Api, alice: Person) -> None:
        ids = [api.post("/workflows", self.body({"id": "a"}), by=alice).json["workflow"]["_id"] for _ in range(2)]
        api.post(f"/workflows/{ids[0]}/cancel", by=alice)
        for state, expected in (("cancelled", ids[:1]), ("running", ids[1:]), ("failed", [])):
            listed = api.get("/workflows", query={"status": state}, by=alice).json["workflows"]
            assert [each["_id"] for each in listed] == expected
        assert api.get("/workflows", query={"status": "blocked"}, by=alice).json["field"] == "status"

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


@pytest.mark.skipif(not LONG, reason="takes a minute: QUEUECRAFT_TESTS=all")
def test_a_map_of_as_many_items_as_there_may_be(timed: Timed) -> None:
    workflow = start(
        timed,
        node("a"),
        node("each", "a", payload={"n": {"$from": "index"}}, map=MapSpec("a.result")),
        node("sum", "each", payload={"all": {"$from": "each.results"}}),
    )
    (first,) = timed.start()
    end(timed, first, list(range(MAX_ITEMS)))
    assert timed.work() == MAX_ITEMS + 1
    last = timed.container.job_store.get(workflow.job_id("sum"))
    assert payload(last) == {"all": [1] * MAX_ITEMS}
    assert status(timed, workflow) is WorkflowStatus.COMPLETED
    made = timed.container.db.jobs.find({"part.item": {"$exists": True}}, {"payload": 1, "part": 1})
    assert {job["payload"]: job["part"]["item"] for job in made} == {f'{{"n":{n}}}': n for n in range(MAX_ITEMS)}


def test_a_map_says_how_many_of_its_jobs_are_done(timed: Timed) -> None:
    workflow = a_map(timed, concurrency=2)
    job_id = workflow.job_id("each")
    assert timed.container.batches.of_maps([job_id]) == {}
    (first,) = timed.start()
    end(timed, first, {"list": [1, 2, 3, 4], "of": 1})
    end(timed, timed.start()[0], None)
    progress = {"total": 4, "done": 1, "failed": 0, "cancelled": 0, "running": 1, "waiting": 2}
    found = {each: progress_data(*shown) for each, shown in timed.container.batches.of_maps([job_id]).items()}
    assert found == {job_id: progress}
    shown = workflow_detail(workflow, {}, found)["nodes"]
    assert [(each["map"], each["items"]) for each in shown] == [(False, None), (True, progress), (False, None)]


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
