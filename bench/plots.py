"""Draws docs/images/bench-*.svg from bench/results: `make bench-report`. Readable on light and on dark pages.

Runs in an environment of its own (requirements/bench-plots.in) and reads nothing but the results.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

import matplotlib.pyplot as plt

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
IMAGES = ROOT / "docs" / "images"
#: Greys and hues with enough contrast on white and on near-black.
INK, GRID, OURS, THEIRS, SECOND = "#7d8590", "#7d859055", "#2f81f7", "#8b949e", "#d29922"
#: As `bench/_results.py` keeps them.
SHARES = (1, 5, 10, 25, 50, 75, 90, 95, 99, 100)
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "queuecraft",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.titlecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": GRID,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
}


def load(name: str) -> dict[str, Any]:
    """Return the results of this name."""
    content: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text())
    return content


@contextmanager
def figure(name: str, height: float) -> Iterator[Any]:
    """Yield axes to draw on; save them as docs/images/bench-<name>.svg."""
    made, axes = plt.subplots(figsize=(7.6, height))
    yield axes
    made.savefig(IMAGES / f"bench-{name}.svg", transparent=True, metadata={"Date": None})
    plt.close(made)
    print(f"docs/images/bench-{name}.svg")


def drain() -> None:
    """Draw a bar for each queue."""
    queues = [queue for queue in load("peers")["queues"] if "failed" not in queue]
    queues.sort(key=lambda queue: float(queue["drain"]["median"]))
    medians = [queue["drain"]["median"] for queue in queues]
    reach = [
        [queue["drain"]["median"] - queue["drain"]["min"] for queue in queues],
        [queue["drain"]["max"] - queue["drain"]["median"] for queue in queues],
    ]
    with figure("drain", 0.34 * len(queues) + 0.9) as axes:
        axes.barh(
            [queue["name"] for queue in queues],
            medians,
            xerr=reach,
            color=[OURS if queue["ours"] else THEIRS for queue in queues],
            error_kw={"ecolor": INK, "elinewidth": 1},
        )
        for place, median in enumerate(medians):
            axes.annotate(f"{median:,.0f}", (reach[1][place] + median, place), (4, 0), textcoords="offset points",
                          va="center")  # fmt: skip
        axes.margins(x=0.14)
        axes.set_xlabel("no-op jobs per second, median and range of three rounds")


def claim() -> None:
    """Draw the time of a claim by the number of waiting jobs."""
    sizes = load("memory")["sizes"]
    jobs = [size["jobs"] for size in sizes]
    with figure("claim", 2.8) as axes:
        for key, text, color in (("claim_1", "1 job", OURS), ("claim_100", "100 jobs", SECOND)):
            axes.plot(jobs, [size[key]["p50_us"] for size in sizes], "o-", color=color, label=f"claim of {text}")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_ylim(bottom=10)
        axes.set_xlabel("waiting jobs")
        axes.set_ylabel("µs per claim, median")
        axes.grid(axis="y")
        axes.legend()


def latency() -> None:
    """Draw the shares of jobs that were done within a time."""
    found = load("latency")
    with figure("latency", 3.2) as axes:
        for name, style, text in (("idle", "-", "idle"), ("half_load", "--", "half load")):
            for key, color, what in (("start_ms", OURS, "start"), ("completed_ms", SECOND, "completed at a client")):
                axes.plot(found[name][key]["curve"], SHARES, style, color=color, label=f"{what}, {text}")
        axes.set_xscale("log")
        axes.set_xlabel("ms from submission")
        axes.set_ylabel("% of jobs")
        axes.grid()
        axes.legend()


def lists() -> None:
    """Draw p50 and p99 of each list."""
    found = load("lists")
    rows = found["lists_ms"][::-1]
    with figure("lists", 0.2 * len(rows) + 0.9) as axes:
        names = [row["name"] for row in rows]
        axes.barh(names, [row["p99"] for row in rows], color=THEIRS, label="p99")
        axes.barh(names, [row["p50"] for row in rows], color=OURS, label="p50")
        axes.tick_params(axis="y", labelsize=8)
        axes.margins(y=0.01)
        axes.set_xlabel(f"ms for 100 of {found['jobs']:,} jobs")
        axes.legend(loc="lower right")


PLOTS: dict[str, Callable[[], None]] = {"drain": drain, "claim": claim, "latency": latency, "lists": lists}


def main() -> None:
    """Draw all."""
    IMAGES.mkdir(exist_ok=True)
    with mpl.rc_context(STYLE):
        for draw in PLOTS.values():
            draw()


if __name__ == "__main__":
    main()
