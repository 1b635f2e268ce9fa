"""A short chaos run with each `make test`; `make chaos` and `make test-all` run the whole."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from tests.chaos.__main__ import Plan, run


@pytest.mark.integration
def test_the_books_balance_after_chaos(tmp_path: Path) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(100_000))
    plan = Plan(1_500, seed, 3, every_s=0.7, over_s=15, submitted_within_s=180, patience_s=120, every_kind=False)
    report = run(tmp_path, plan)
    assert report.good, f"CHAOS_SEED={seed}; traces are in {tmp_path}\n{report.show()}"
    assert report.figures["events received"] > plan.jobs
    assert report.figures["faults in all"] > 10
