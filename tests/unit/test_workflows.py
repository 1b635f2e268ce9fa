"""Documents of workflows: what is refused, and how references are resolved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.jobs import JobStatus, NewJob
from chalicelib.domain.nodes import MapSpec
from chalicelib.domain.workflows import (
    NodeSpec,
    Reference,
    Workflow,
    WorkflowStatus,
    at_path,
    check,
    descendants,
    reopened,
    resolved,
)
from chalicelib.errors import InvalidInput


def node(name: str, *needs: str, **fields: Any) -> NodeSpec:
    return NodeSpec(name, NewJob(name), needs, **fields)


def check_all(nodes: list[NodeSpec], **payloads: Any) -> None:
    check(nodes, {each.id: payloads.get(each.id, {}) for each in nodes})


A = {"$from": "a.result"}


@pytest.mark.parametrize(
    ("nodes", "payloads", "field", "word"),
    [
        ([node("a", "b"), node("b", "a")], {}, "nodes.0.needs", "'a'"),
        ([node("a", "a")], {}, "nodes.0.needs", "'a'"),
        ([node("a"), node("b", "a", "d"), node("c", "b"), node("d", "c")], {}, "nodes.1.needs", "'b'"),
        ([node("a", "x")], {}, "nodes.0.needs.0", "'x'"),
        ([node("a"), node("a")], {}, "nodes.1.id", "'a'"),
        ([node("a b")], {}, "nodes.0.id", "letters"),
        ([node("item")], {}, "nodes.0.id", "references"),
        ([node("a"), node("b")], {"b": {"x": A}}, "nodes.1.payload.x", "'a'"),
        ([node("b")], {"b": {"x": [1, A]}}, "nodes.0.payload.x.1", "'a'"),
        ([node("a"), node("b", "a")], {"b": {"x": {"$from": "a.results"}}}, "nodes.1.payload.x", "result"),
        ([node("a"), node("b", "a")], {"b": {"x": {"$from": "a"}}}, "nodes.1.payload.x", "'a'"),
        ([node("a"), node("b", "a")], {"b": {"x": {"$from": "a.result..b"}}}, "nodes.1.payload.x", "reference"),
        ([node("a"), node("b", "a")], {"b": {"x": {"$from": 1}}}, "nodes.1.payload.x", "$from"),
        ([node("a"), node("b", "a")], {"b": {"x": {**A, "y": 1}}}, "nodes.1.payload.x", "$from"),
        ([node("a")], {"a": {"x": {"$from": "item"}}}, "nodes.0.payload.x", "map"),
        ([node("a"), node("b", "a", map=MapSpec("c.result"))], {}, "nodes.1.map.from", "'c'"),
        ([node("a"), node("b", map=MapSpec("a.result"))], {}, "nodes.1.map.from", "'a'"),
        ([node("a"), node("b", "a", map=MapSpec("item"))], {}, "nodes.1.map.from", "reference"),
    ],
)
def test_what_is_refused(nodes: list[NodeSpec], payloads: dict[str, Any], field: str, word: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_all(nodes, **payloads)
    assert caught.value.field == field
    assert word in str(caught.value)


def test_references_reach_all_nodes_before_and_items_of_a_map() -> None:
    nodes = [node("a"), node("b", "a", map=MapSpec("a.result.files")), node("c", "b")]
    item = {"one": {"$from": "item"}, "part": {"$from": "item.name"}, "n": {"$from": "index"}, "all": A}
    check_all(nodes, b=item, c={"parts": {"$from": "b.results"}, "first": {"$from": "b.results.0"}, "of": A})


def test_a_chain_and_a_fan_of_a_thousand() -> None:
    check_all([node("n0"), *(node(f"n{n}", f"n{n - 1}") for n in range(1, 1_000))])
    check_all([node("n0"), *(node(f"n{n}", "n0") for n in range(1, 1_000))])


def test_references_are_replaced_wherever_they_are() -> None:
    def value_of(reference: Reference) -> Any:
        return f"{reference.source}:{'.'.join(reference.path)}"

    payload = {"a": A, "b": [1, {"c": {"$from": "b.result.x.0"}}], "d": {"e": "{a.result}"}}
    assert resolved(payload, value_of) == {"a": "a:", "b": [1, {"c": "b:x.0"}], "d": {"e": "{a.result}"}}


def test_paths_of_values() -> None:
    value = {"a": [{"b": 1}], "0": 2}
    assert (at_path(value, ["a", "0", "b"]), at_path(value, ["0"]), at_path(value, [])) == (1, 2, value)
    for path in (["x"], ["a", "1"], ["a", "b"], ["a", "0", "b", "c"], ["a", "-1"]):
        with pytest.raises(LookupError):
            at_path(value, path)


def test_descendants() -> None:
    nodes = [node("a"), node("b", "a"), node("c", "b"), node("d")]
    assert descendants(nodes, {"b"}) == {"b", "c"}
    assert descendants(nodes, set()) == set()


NOW = datetime(2026, 5, 1, tzinfo=UTC)
#: a → each (a map) → sum; other
GRAPH = (node("a"), node("each", "a", map=MapSpec("a.result")), node("sum", "each"), node("other"))
DONE = dict.fromkeys(("a", "each", "sum", "other"), JobStatus.COMPLETED)
FAILED_MAP = DONE | {"each": JobStatus.DLQ, "sum": JobStatus.SKIPPED}


def a_workflow(**fields: Any) -> Workflow:
    return Workflow("1" * 24, "2" * 24, "3" * 24, "w", GRAPH, NOW, NOW, "t", WorkflowStatus.FAILED, **fields)


@pytest.mark.parametrize(
    ("states", "nodes", "again", "kept"),
    [
        (FAILED_MAP, None, {"each", "sum"}, {"each": (0,)}),
        (FAILED_MAP, {"each"}, {"each", "sum"}, {"each": (0,)}),
        (FAILED_MAP, {"other"}, {"other"}, {}),
        (FAILED_MAP, {"a"}, {"a", "each", "sum"}, {}),
        (DONE, {"each"}, {"each", "sum"}, {}),
        (FAILED_MAP | {"a": JobStatus.DLQ, "each": JobStatus.SKIPPED}, None, {"a", "each", "sum"}, {}),
    ],
)
def test_what_runs_again_and_of_which_maps_items_stay(
    states: dict[str, JobStatus], nodes: set[str] | None, again: set[str], kept: dict[str, tuple[int, ...]]
) -> None:
    after = reopened(a_workflow(), states, nodes, NOW)
    assert after is not None
    assert after.runs == dict.fromkeys(again, 1)
    assert (after.kept, after.run, after.status) == (kept, 1, WorkflowStatus.STARTING)


def test_items_stay_through_several_runs_until_the_map_is_made_anew() -> None:
    first = reopened(a_workflow(), FAILED_MAP, None, NOW)
    assert first is not None
    beside = reopened(first, FAILED_MAP, {"other"}, NOW)
    assert beside is not None
    assert beside.kept == {"each": (0,)}, "of the map, which did not run again"
    again = reopened(beside, FAILED_MAP, None, NOW)
    assert again is not None
    assert (again.kept, again.run) == ({"each": (1, 0)}, 3)
    assert again.earlier_jobs("each") == (again.job_id_in("each", 1), again.job_id_in("each", 0))
    anew = reopened(again, DONE, {"a"}, NOW)
    assert anew is not None
    assert anew.kept == {}


def test_a_workflow_all_of_which_completed_is_not_run_again() -> None:
    assert reopened(a_workflow(), DONE, None, NOW) is None
