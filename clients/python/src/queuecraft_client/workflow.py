"""The builder of workflows: nodes are made one by one, and what uses a result of a node needs that node.

>>> flow = Workflow("report")
>>> fetch = flow.node("fetch", "http_request", {"url": "https://example.com/files.json"})
>>> count = flow.node("count", "count", {"file": ITEM["url"]}, map=fetch.result["body"]["files"])
>>> total = flow.node("sum", "sum", {"counts": count.results})
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Unpack

from queuecraft_client import _body
from queuecraft_client._reference import FROM, Reference
from queuecraft_client.errors import InvalidWorkflow
from queuecraft_client.options import Payload, PlainOptions, RunIf

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_OF_MAPS: Final = frozenset({"item", "index"})


#: In a node with a map: the item of the list, and its position from 0.
ITEM: Final = Reference("item")
INDEX: Final = Reference("index")


@dataclass(frozen=True, slots=True)
class Map:
    """Makes a job of a node for each item of a list. ``max``: with more items the node fails; at most 10,000.

    ``concurrency``: how many of its jobs are released at once; ``None``: all.
    """

    source: Reference | str
    max: int | None = None
    concurrency: int | None = None

    @property
    def path(self) -> str:
        """The path of the list."""
        return self.source.path if isinstance(self.source, Reference) else self.source


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A node of a workflow, as ``Workflow.node`` makes it."""

    id: str
    needs: tuple[str, ...]
    is_map: bool
    #: As it is sent.
    body: Mapping[str, Any]
    #: The paths that its payload and its map refer to.
    paths: tuple[str, ...]

    @property
    def result(self) -> Reference:
        """Stands for what the node's task returns. Raises ``InvalidWorkflow`` for a map, which has ``results``."""
        if self.is_map:
            raise InvalidWorkflow(f"The node {self.id!r} has a map: use its results, a list in order")
        return Reference(f"{self.id}.result")

    @property
    def results(self) -> Reference:
        """Stands for what the jobs of a map return, in order. Raises ``InvalidWorkflow`` for a node without a map."""
        if not self.is_map:
            raise InvalidWorkflow(f"The node {self.id!r} has no map: use its result")
        return Reference(f"{self.id}.results")


class Workflow:
    """A graph of jobs that use each other's results. Submit it with ``client.workflows.submit``, as often as wanted."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._nodes: dict[str, Node] = {}

    def node(
        self,
        node_id: str,
        task: str,
        payload: Payload = None,
        *,
        needs: Iterable[Node | str] = (),
        run_if: RunIf | None = None,
        map: Reference | str | Map | None = None,
        **options: Unpack[PlainOptions],
    ) -> Node:
        """Add a node that runs ``task``, and return it.

        It needs the nodes of ``needs``, by handle or id, and those whose results its payload or map uses. ``run_if``:
        how they must end, by default all completed; otherwise the node is skipped. With ``map`` it has a job for each
        item of a list. Raises ``InvalidWorkflow`` for an id that is taken or is none.
        """
        if not _ID.fullmatch(node_id) or node_id in _OF_MAPS:
            raise InvalidWorkflow(f"{node_id!r} is no id of a node: 1 to 64 letters, digits, _ or -, not item or index")
        if node_id in self._nodes:
            raise InvalidWorkflow(f"There are two nodes {node_id!r}")
        given: dict[str, Any] = {"task": task, **options}
        if payload is not None:
            given["payload"] = payload
        if run_if is not None:
            given["run_if"] = run_if
        mapped = Map(map) if isinstance(map, Reference | str) else map
        if mapped is not None:
            bounds = {"max": mapped.max, "concurrency": mapped.concurrency}
            given["map"] = {"source": mapped.path} | {key: most for key, most in bounds.items() if most is not None}
        body = _body.fields(given)
        paths = tuple(_paths(body.get("payload"))) + ((mapped.path,) if mapped is not None else ())
        explicit = [each.id if isinstance(each, Node) else each for each in needs]
        implied = [source for path in paths if (source := path.split(".")[0]) not in _OF_MAPS]
        node = Node(node_id, tuple(dict.fromkeys([*explicit, *implied])), mapped is not None, body, paths)
        self._nodes[node_id] = node
        return node

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes in the order in which they were added."""
        return tuple(self._nodes.values())

    def check(self) -> None:
        """Raise ``InvalidWorkflow`` if it cannot run: no nodes, unknown ones, a cycle, or bad references."""
        if not self._nodes:
            raise InvalidWorkflow(f"The workflow {self.name!r} has no nodes")
        for node in self._nodes.values():
            for need in node.needs:
                if need not in self._nodes:
                    raise InvalidWorkflow(f"The node {node.id!r} needs {need!r}, which is no node of {self.name!r}")
            for path in node.paths:
                self._check_path(node, path)
        if cycle := self._cycle():
            raise InvalidWorkflow(f"Nodes need each other in a cycle: {' → '.join(cycle)}")

    def to_json(self) -> dict[str, Any]:
        """Return it as ``POST /workflows`` takes it. Raises ``InvalidWorkflow``."""
        self.check()
        nodes = []
        for node in self._nodes.values():
            needs = {"needs": list(node.needs)} if node.needs else {}
            nodes.append({"id": node.id, **node.body, **needs})
        return {"name": self.name, "nodes": nodes}

    def _check_path(self, node: Node, path: str) -> None:
        source, *rest = path.split(".")
        if source in _OF_MAPS:
            if not node.is_map:
                raise InvalidWorkflow(f"{path!r} has a meaning only in a node with a map, not in {node.id!r}")
            return
        right = "results" if self._nodes[source].is_map else "result"
        if rest[:1] != [right] or "" in rest:
            raise InvalidWorkflow(f"{path!r} in {node.id!r} is no reference: {source!r} has {right!r}")

    def _cycle(self) -> list[str]:
        """Return nodes that need each other, the first one again at the end; none if there is no cycle."""
        left = {node.id: set(node.needs) for node in self._nodes.values()}
        while free := [each for each, needs in left.items() if not needs]:
            for each in free:
                del left[each]
            for needs in left.values():
                needs.difference_update(free)
        if not left:
            return []
        walk = [next(iter(left))]
        while walk[-1] not in walk[:-1]:
            walk.append(next(iter(left[walk[-1]])))
        return walk[walk.index(walk[-1]) :]


def _paths(value: Any) -> Iterator[str]:
    """Yield the paths of the references in a payload as it is sent."""
    if isinstance(value, dict):
        if isinstance(path := value.get(FROM), str):
            yield path
            return
        for inner in value.values():
            yield from _paths(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner)
