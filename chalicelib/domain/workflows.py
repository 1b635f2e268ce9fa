"""Workflows: graphs of jobs in one document, their checks, and the references by which nodes use each other's results.

Pure. A reference is an object ``{"$from": "node.result.path"}`` in a payload: it is replaced by the value.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from chalicelib.domain.dependencies import MAX_NEEDS, RunIf
from chalicelib.domain.jobs import JobStatus, NewJob
from chalicelib.domain.nodes import MapSpec
from chalicelib.errors import InvalidInput

MAX_NODES: Final = 1_000
NODE_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"
MAX_NODE_CHARS: Final = 64
MAX_PATH_CHARS: Final = 300
#: Runs of a map in a row whose completed items stay.
MAX_KEPT_RUNS: Final = 100
#: The kind of the outbox entries by which a workflow learns of ends of its jobs (``services.outbox``).
FOLLOWER_KIND: Final = "workflow"
_FROM: Final = "$from"
ITEM: Final = "item"
INDEX: Final = "index"


class WorkflowStatus(StrEnum):
    """The state of a workflow."""

    #: Its jobs are being recorded.
    STARTING = "starting"
    RUNNING = "running"
    COMPLETED = "completed"
    #: A job of it failed, or was cancelled by itself.
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED: Final = frozenset({WorkflowStatus.COMPLETED, WorkflowStatus.FAILED, WorkflowStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """A node as its author gave it. ``job.payload`` has its references."""

    id: str
    job: NewJob
    needs: tuple[str, ...] = ()
    run_if: RunIf = RunIf.ALL_OK
    map: MapSpec | None = None


class Reference(NamedTuple):
    """A parsed reference. ``source`` is a node, or ``item`` or ``index``; ``field``: result or results, or ''."""

    source: str
    field: str
    path: tuple[str, ...]


def node_job_id(workflow_id: str, created_at: datetime, node: str, run: int) -> str:
    """Return the id of a node's job. It begins with a time, because lists and the rebuild read one from ids."""
    digest = hashlib.blake2b(f"{workflow_id}/{node}/{run}".encode(), digest_size=8).hexdigest()
    return f"{int(created_at.timestamp()):08x}{digest}"


# --- references ------------------------------------------------------------------------------------------------
def is_reference(value: Any) -> bool:
    """Return whether a value of a payload is a reference."""
    return isinstance(value, dict) and _FROM in value


def parse_reference(value: Mapping[str, Any], at: str) -> Reference:
    """Return a reference. Raises ``InvalidInput`` with the field ``at``."""
    text = value[_FROM]
    if len(value) != 1 or not isinstance(text, str):
        raise InvalidInput('A reference is an object with nothing but "$from", a string', at)
    return parse_path(text, at, in_map=True)


def parse_path(text: str, at: str, *, in_map: bool = False) -> Reference:
    """Return the reference that a path means. Raises ``InvalidInput`` with the field ``at``."""
    if in_map and text in {ITEM, INDEX}:
        return Reference(text, "", ())
    if in_map and text.startswith(f"{ITEM}."):
        return Reference(ITEM, "", tuple(text.split(".")[1:]))
    node, *rest = text.split(".")
    if len(text) > MAX_PATH_CHARS or not rest or rest[0] not in {"result", "results"} or "" in rest:
        raise InvalidInput(f"{text[:100]!r} is not a reference: node.result.path, node.results, item or index", at)
    return Reference(node, rest[0], tuple(rest[1:]))


def references(payload: Any, at: str) -> Iterator[tuple[str, Reference]]:
    """Yield the references in a payload with their fields. Raises ``InvalidInput``."""
    if is_reference(payload):
        yield at, parse_reference(payload, at)
    elif isinstance(payload, dict):
        for name, inner in payload.items():
            yield from references(inner, f"{at}.{name}")
    elif isinstance(payload, list):
        for n, inner in enumerate(payload):
            yield from references(inner, f"{at}.{n}")


def resolved(payload: Any, value_of: Callable[[Reference], Any]) -> Any:
    """Return a payload with the values of its references. Raises what ``value_of`` raises."""
    if is_reference(payload):
        return value_of(parse_reference(payload, ""))
    if isinstance(payload, dict):
        return {name: resolved(inner, value_of) for name, inner in payload.items()}
    if isinstance(payload, list):
        return [resolved(inner, value_of) for inner in payload]
    return payload


def at_path(value: Any, path: Sequence[str]) -> Any:
    """Return what is at ``path`` of a JSON value. Raises ``LookupError``."""
    for part in path:
        if isinstance(value, list) and part.isdecimal():
            value = value[int(part)]
        elif isinstance(value, dict):
            value = value[part]
        else:
            raise LookupError(part)
    return value


# --- the whole document ----------------------------------------------------------------------------------------
def check(nodes: Sequence[NodeSpec], payloads: Mapping[str, Any]) -> None:
    """Raise ``InvalidInput`` for a document that is no graph, or whose references cannot be resolved.

    ``payloads``: the parsed payload of each node by its id.
    """
    known: dict[str, NodeSpec] = {}
    for n, node in enumerate(nodes):
        if node.id in {ITEM, INDEX}:
            raise InvalidInput(f"{node.id!r} has a meaning in references, so no node has this id", f"nodes.{n}.id")
        if len(node.id) > MAX_NODE_CHARS or not re.fullmatch(NODE_PATTERN, node.id):
            raise InvalidInput(f"A node's id has 1 to {MAX_NODE_CHARS} letters, digits, _ or -", f"nodes.{n}.id")
        if node.id in known:
            raise InvalidInput(f"There are two nodes {node.id!r}", f"nodes.{n}.id")
        known[node.id] = node
    for n, node in enumerate(nodes):
        if len(node.needs) > MAX_NEEDS:
            raise InvalidInput(f"A node has at most {MAX_NEEDS} needs", f"nodes.{n}.needs")
        for m, need in enumerate(node.needs):
            if need not in known:
                raise InvalidInput(f"There is no node {need!r}", f"nodes.{n}.needs.{m}")
    before = _ancestors(nodes)
    for n, node in enumerate(nodes):
        _check_references(n, node, payloads[node.id], known, before[node.id])


def _ancestors(nodes: Sequence[NodeSpec]) -> dict[str, set[str]]:
    """Return all nodes before each node. Raises ``InvalidInput`` if nodes need each other in a circle."""
    before: dict[str, set[str]] = {}
    left = {node.id: set(node.needs) for node in nodes}
    needs = {node.id: node.needs for node in nodes}
    behind: dict[str, list[str]] = {node.id: [] for node in nodes}
    for node in nodes:
        for need in set(node.needs):
            behind[need].append(node.id)
    free = [node.id for node in nodes if not node.needs]
    while free:
        now = free.pop()
        before[now] = set(needs[now]).union(*(before[need] for need in needs[now]))
        for other in behind[now]:
            left[other].discard(now)
            if not left[other]:
                free.append(other)
    if len(before) < len(nodes):
        n, circle = next((n, node.id) for n, node in enumerate(nodes) if node.id not in before)
        raise InvalidInput(f"The node {circle!r} needs itself, directly or through others", f"nodes.{n}.needs")
    return before


def _check_references(n: int, node: NodeSpec, payload: Any, known: Mapping[str, NodeSpec], before: set[str]) -> None:
    found = list(references(payload, f"nodes.{n}.payload"))
    if node.map is not None:
        at = f"nodes.{n}.map.from"
        found.append((at, parse_path(node.map.source, at)))
    for at, each in found:
        if each.source in {ITEM, INDEX} and not each.field:
            if node.map is None:
                raise InvalidInput(f"{each.source!r} has a meaning only in a node with a map", at)
        elif each.source not in known:
            raise InvalidInput(f"There is no node {each.source!r}", at)
        elif each.source not in before:
            raise InvalidInput(f"The node {each.source!r} is not among the needs of {node.id!r}", at)
        elif (each.field == "results") is not (known[each.source].map is not None):
            right = "results" if known[each.source].map is not None else "result"
            raise InvalidInput(f"The node {each.source!r} has {right}, not {each.field}", at)


def descendants(nodes: Sequence[NodeSpec], first: set[str]) -> set[str]:
    """Return ``first`` and all nodes that need one of them, directly or through others."""
    found = set(first)
    grows = True
    while grows:
        more = {node.id for node in nodes if node.id not in found and not found.isdisjoint(node.needs)}
        found |= more
        grows = bool(more)
    return found


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow as MongoDB holds it."""

    id: str
    tenant_id: str
    owner_id: str
    name: str
    nodes: tuple[NodeSpec, ...]
    created_at: datetime
    updated_at: datetime
    trace_id: str
    status: WorkflowStatus = WorkflowStatus.STARTING
    #: Number of retries.
    run: int = 0
    #: The run in which each node's job was made; absent: 0.
    runs: Mapping[str, int] | None = None
    #: Earlier runs of maps that failed, the newest first: their items that completed stay.
    kept: Mapping[str, Sequence[int]] | None = None
    cancel_requested: bool = False
    finished_at: datetime | None = None
    is_open: bool = True
    key: str | None = None
    digest: str = ""
    #: The API key by which it was submitted.
    api_key: str | None = None
    #: The W3C trace context of its submission.
    traceparent: str | None = None

    def job_id(self, node: str) -> str:
        """Return the id of the present job of a node."""
        return self.job_id_in(node, self.run_of(node))

    def job_id_in(self, node: str, run: int) -> str:
        """Return the id of the job that a node had in a run."""
        return node_job_id(self.id, self.created_at, node, run)

    def run_of(self, node: str) -> int:
        """Return the run in which the present job of a node was made."""
        return (self.runs or {}).get(node, 0)

    def earlier_jobs(self, node: str) -> tuple[str, ...]:
        """Return the ids of the earlier jobs of a map, the newest first, whose items stay if they completed."""
        return tuple(self.job_id_in(node, run) for run in (self.kept or {}).get(node, ()))


def reopened(
    workflow: Workflow, states: Mapping[str, JobStatus], nodes: Collection[str] | None, now: datetime
) -> Workflow | None:
    """Return a workflow at the beginning of its next run; ``None`` if there is nothing to run.

    Nodes that did not complete (by ``states``, of their present jobs), or ``nodes``, and all behind them get new jobs.
    Of a map that failed, the items that completed stay if nothing before it is run again: then its list is the same.
    """
    undone = {node.id for node in workflow.nodes if states.get(node.id) is not JobStatus.COMPLETED}
    again = descendants(workflow.nodes, set(undone if nodes is None else nodes))
    if not again:
        return None
    kept = {node: runs for node, runs in (workflow.kept or {}).items() if node not in again}
    for node in workflow.nodes:
        if node.map is not None and node.id in again & undone and again.isdisjoint(node.needs):
            earlier = (workflow.kept or {}).get(node.id, ())
            kept[node.id] = (workflow.run_of(node.id), *earlier)[:MAX_KEPT_RUNS]
    return replace(
        workflow,
        status=WorkflowStatus.STARTING,
        run=workflow.run + 1,
        runs={**(workflow.runs or {}), **dict.fromkeys(again, workflow.run + 1)},
        kept=kept,
        updated_at=now,
        cancel_requested=False,
        finished_at=None,
        is_open=True,
    )
