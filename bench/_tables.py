"""Tables in Markdown, and values that several of them take from the results of the peers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Data = dict[str, Any]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown; all columns but the first are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def number(value: float | None, digits: int = 0) -> str:
    """Return the number with separators of thousands; a dash if it was not measured."""
    return "-" if value is None else f"{value:,.{digits}f}"


def times(ours: float, theirs: float) -> str:
    """Return a ratio with two significant figures."""
    ratio = ours / theirs
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def spread(found: Data | None, digits: int = 0) -> str:
    """Return the median, and the range."""
    if found is None:
        return "-"
    median, least, most = (number(found[name], digits) for name in ("median", "min", "max"))
    return f"{median} ({least}-{most})"


def our_queue(found: Data) -> Data:
    """Return our first setting that was measured."""
    return next(queue for queue in found["queues"] if queue["ours"] and "failed" not in queue)


def best(found: Data, name: str) -> Data | None:
    """Return the fastest setting of a peer, ``None`` if none was measured."""
    of = [
        queue
        for queue in found["queues"]
        if not queue["ours"] and "failed" not in queue and queue["name"].startswith(name)
    ]
    return max(of, key=lambda queue: float(queue["drain"]["median"]), default=None)


def fastest_python(found: Data) -> Data:
    """Return the fastest setting of all Python peers."""
    python = [q for q in found["queues"] if not q["ours"] and "failed" not in q and "Node" not in q["name"]]
    return max(python, key=lambda queue: float(queue["drain"]["median"]))
