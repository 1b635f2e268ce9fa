"""What the job of a workflow's node keeps of its workflow. Pure.

A module of its own, because ``jobs`` imports it and ``workflows`` imports ``jobs``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

#: Jobs that a map makes at most.
MAX_ITEMS: Final = 10_000
#: The kind of the outbox entries by which a map learns of ends of its jobs (``services.outbox``).
MAP_KIND: Final = "map"


@dataclass(frozen=True, slots=True)
class MapSpec:
    """Makes a job of a node for each item of a list."""

    #: ``node.result.path`` of the list.
    source: str
    #: Items allowed; more make the node fail.
    most: int = MAX_ITEMS
    #: How many of its jobs are open for workers at once; ``None``: all.
    concurrency: int | None = None


class NodePart(NamedTuple):
    """What the job of a node keeps of its workflow."""

    workflow: str
    node: str
    #: Number of the retry of the workflow that made the job, from 0.
    run: int
    #: Position in a map; ``None`` if it is no item of one.
    item: int | None = None
    map: MapSpec | None = None
    #: The jobs of the nodes that its payload refers to, by node.
    refs: tuple[tuple[str, str], ...] = ()
    #: Of a map: its jobs in earlier runs, the newest first, whose items stay if they completed.
    earlier: tuple[str, ...] = ()
