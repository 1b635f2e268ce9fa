"""Tables in Markdown, and what several of them take from the results of the peers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Data = dict[str, Any]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; all columns but the first are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def number(value: float | None, digits: int = 0) -> str:
    """With separators of thousands; a dash for what was not measured."""
    return "-" if value is None else f"{value:,.{digits}f}"


def times(ours: float, theirs: float) -> str:
    """A ratio with two figures that mean something."""
    ratio = ours / theirs
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def spread(found: Data | None) -> str:
    """Median, and from where to where."""
    return "-" if found is None else f"{number(found['median'])} ({number(found['min'])}-{number(found['max'])})"


def our_queue(found: Data) -> Data:
    """Our first setting that was measured."""
    return next(queue for queue in found["queues"] if queue["ours"] and "failed" not in queue)


def best(found: Data, name: str) -> Data | None:
    """The fastest setting of a peer, ``None`` when none was measured."""
    of = [
        queue
        for queue in found["queues"]
        if not queue["ours"] and "failed" not in queue and queue["name"].startswith(name)
    ]
    return max(of, key=lambda queue: float(queue["drain"]["median"]), default=None)


def fastest_python(found: Data) -> Data:
    """The fastest setting of all that are written in Python and not ours."""
    python = [q for q in found["queues"] if not q["ours"] and "failed" not in q and "Node" not in q["name"]]
    return max(python, key=lambda queue: float(queue["drain"]["median"]))
