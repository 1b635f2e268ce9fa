"""From `make up` to ready: `python -m bench.startup`. With an empty folder (indexes, operator), then with its data."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench import _results
from infra.local.testing import LocalStack

RUNS = 5


def ready_ms(home: Path) -> float:
    """Start a stack on this folder and stop it; return the seconds."""
    stack = LocalStack(home=home)
    began = time.perf_counter()
    stack.start(60)
    took = (time.perf_counter() - began) * 1000
    stack.stop()
    return took


def main() -> None:
    """Measure, print, save."""
    first, later = [], []
    with tempfile.TemporaryDirectory(prefix="queuecraft-startup-") as folder:
        for run in range(RUNS):
            home = Path(folder) / str(run)
            first.append(ready_ms(home))
            later.append(ready_ms(home))
    found = {"first_ms": _results.spread(first, 0), "later_ms": _results.spread(later, 0)}
    print(f"make up to ready: first {found['first_ms']} ms, later {found['later_ms']} ms")
    print(f"Saved {_results.save('startup', found)}")


if __name__ == "__main__":
    main()
