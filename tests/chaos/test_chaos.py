"""A short chaos run with each `make test`, a longer one with `make test-all`; `make chaos` runs the whole."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from tests.chaos.__main__ import run

LONG = os.environ.get("QUEUECRAFT_TESTS") == "all"


@pytest.mark.integration
def test_the_books_balance_after_chaos(tmp_path: Path) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(100_000))
    jobs, every_s = (20_000, 1.0) if LONG else (1_500, 0.7)
    report = run(tmp_path, jobs=jobs, seed=seed, workers=3, every_s=every_s, patience_s=300 if LONG else 60)
    assert report.good, f"CHAOS_SEED={seed}; traces are in {tmp_path}\n{report.show()}"
    assert report.figures["events told"] > jobs
