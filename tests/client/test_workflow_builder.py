"""The builder of workflows: references imply needs, and what cannot run is refused before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.api.schemas.workflows import CreateWorkflow
from chalicelib.domain.clock import SystemClock
from chalicelib.domain.workflows import check
from queuecraft_client import INDEX, ITEM, InvalidWorkflow, Map, Node, Workflow
from queuecraft_client._blocking import run
from tests.client.fake_io import FakeIo, calls, ok


def report() -> Workflow:
    """Return a graph with a reference, a map, a need by handle and one by id."""
    flow = Workflow("report")
    fetch = flow.node("fetch", "http_request", {"url": "https://example.com"}, max_retries=2)
    sizes = flow.node("sizes", "count", {"file": ITEM["url"], "n": INDEX}, map=fetch.result["body"]["files"])
    flow.node("sum", "sum", {"sizes": sizes.results, "first": [fetch.result["body"][0]]}, priority=9)
    flow.node("mail", "simulated_mail", needs=[fetch, "sum"], run_if="any_failed", name="Tell somebody")
    return flow


def test_references_become_objects_and_needs() -> None:
    assert report().to_json() == {
        "name": "report",
        "nodes": [
            {"id": "fetch", "task": "http_request", "maxRetries": 2, "payload": {"url": "https://example.com"}},
            {
                "id": "sizes",
                "task": "count",
                "payload": {"file": {"$from": "item.url"}, "n": {"$from": "index"}},
                "map": {"from": "fetch.result.body.files"},
                "needs": ["fetch"],
            },
            {
                "id": "sum",
                "task": "sum",
                "priority": 9,
                "payload": {"sizes": {"$from": "sizes.results"}, "first": [{"$from": "fetch.result.body.0"}]},
                "needs": ["sizes", "fetch"],
            },
            {
                "id": "mail",
                "task": "simulated_mail",
                "name": "Tell somebody",
                "runIf": "any_failed",
                "needs": ["fetch", "sum"],
            },
        ],
    }


def test_the_server_takes_what_the_builder_makes() -> None:
    new = CreateWorkflow.model_validate(report().to_json()).new_workflow(SystemClock())
    payloads = {node["id"]: node.get("payload", {}) for node in report().to_json()["nodes"]}
    check(new.nodes, payloads)


def test_a_map_may_have_bounds() -> None:
    flow = Workflow("w")
    flow.node("a", "t")
    flow.node("b", "t", map=Map("a.result", max=10, concurrency=2))
    assert flow.to_json()["nodes"][1]["map"] == {"from": "a.result", "max": 10, "concurrency": 2}


def test_references_that_were_written_by_hand_imply_needs() -> None:
    flow = Workflow("w")
    flow.node("a", "t")
    assert flow.node("b", "t", {"x": [{"$from": "a.result"}]}).needs == ("a",)


def make_cycle(flow: Workflow) -> None:
    flow.node("before", "t")
    flow.node("a", "t", needs=["before", "c"])
    flow.node("b", "t", needs=["a"])
    flow.node("c", "t", needs=["b"])
    flow.node("behind", "t", needs=["c"])


def of_another(flow: Workflow) -> None:
    flow.node("a", "t", {"x": Workflow("other").node("foreign", "t").result})


def use_results_of_no_map(flow: Workflow) -> None:
    flow.node("a", "t")
    flow.node("b", "t", {"x": {"$from": "a.results"}})


def use_result_of_a_map(flow: Workflow) -> None:
    a = flow.node("a", "t")
    flow.node("b", "t", map=a.result)
    flow.node("c", "t", {"x": {"$from": "b.result"}})


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda flow: None, "no nodes"),
        (lambda flow: flow.node("a", "t", needs=["a"]), "a → a"),
        (make_cycle, "a → c → b → a"),
        (lambda flow: flow.node("a", "t", needs=["nowhere"]), "'nowhere'"),
        (of_another, "'foreign'"),
        (lambda flow: flow.node("a", "t", {"x": ITEM}), "map"),
        (use_results_of_no_map, "'result'"),
        (use_result_of_a_map, "'results'"),
    ],
)
def test_what_cannot_run_is_refused_before_it_is_sent(make: Any, why: str) -> None:
    flow, io = Workflow("w"), FakeIo()
    make(flow)
    with pytest.raises(InvalidWorkflow, match=why):
        run(calls(io).workflows.submit(flow))
    assert io.asked == []


@pytest.mark.parametrize("node_id", ["", "a b", "item", "index", "-a", "x" * 65, "a.b"])
def test_ids_are_checked(node_id: str) -> None:
    with pytest.raises(InvalidWorkflow, match="no id"):
        Workflow("w").node(node_id, "t")


def test_an_id_is_taken_once() -> None:
    flow = Workflow("w")
    flow.node("a", "t")
    with pytest.raises(InvalidWorkflow, match="two nodes 'a'"):
        flow.node("a", "t")


@pytest.mark.parametrize("use", [lambda value: f"{value}", bool, list, len, lambda value: 1 in value])
def test_a_reference_has_no_value(use: Callable[[Any], object]) -> None:
    reference = Workflow("w").node("a", "t").result["x"]
    assert repr(reference) == "<reference a.result.x>"
    with pytest.raises(TypeError, match="no value"):
        use(reference)


@pytest.mark.parametrize("part", ["", "a.b", -1])
def test_what_a_path_cannot_say_is_refused(part: str | int) -> None:
    with pytest.raises(InvalidWorkflow, match="path"):
        Workflow("w").node("a", "t").result[part]


def test_result_and_results_are_told_apart() -> None:
    flow = Workflow("w")
    plain = flow.node("a", "t")
    mapped: Node = flow.node("b", "t", map=plain.result)
    with pytest.raises(InvalidWorkflow, match="results"):
        _ = mapped.result
    with pytest.raises(InvalidWorkflow, match="result"):
        _ = plain.results


def test_a_workflow_may_be_submitted_again() -> None:
    answer = ok(201, workflow={"_id": "1", "name": "report", "status": "running"})
    io = FakeIo(answer, answer)
    workflows = calls(io).workflows
    run(workflows.submit(report()))
    run(workflows.submit(report(), idempotency_key="monday"))
    assert io.body(0) == io.body(1)
    assert io.asked[1].headers["Idempotency-Key"] == "monday"
