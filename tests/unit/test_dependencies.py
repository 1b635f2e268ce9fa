"""What becomes of a job once the jobs that it waits for have ended."""

from __future__ import annotations

from itertools import product

import pytest

from chalicelib.domain.dependencies import Decision, Need, RunIf, judge
from chalicelib.domain.jobs import TERMINAL, JobStatus

STATES = [*JobStatus, None]


def expected(run_if: RunIf, states: tuple[JobStatus | None, ...]) -> Decision:
    """The rule in other words: wait for all, then count those that completed."""
    if any(state is not None and state not in TERMINAL for state in states):
        return Decision.WAIT
    well = sum(state is JobStatus.COMPLETED for state in states)
    runs = {
        RunIf.ALL_OK: well == len(states),
        RunIf.ALL_DONE: True,
        RunIf.ANY_FAILED: well < len(states),
        RunIf.ANY_OK: well > 0,
    }
    return Decision.RUN if runs[run_if] else Decision.SKIP


@pytest.mark.parametrize("run_if", RunIf)
def test_every_combination_of_two_needs(run_if: RunIf) -> None:
    for states in product(STATES, repeat=2):
        needs = [Need(f"{n}", state) for n, state in enumerate(states)]
        verdict = judge(run_if, needs)
        assert verdict.decision is expected(run_if, states), states
        assert bool(verdict.why) == (verdict.decision is Decision.SKIP)


def test_the_reason_names_the_job_and_how_it_ended() -> None:
    needs = [Need("a" * 24, JobStatus.COMPLETED), Need("b" * 24, JobStatus.DLQ)]
    assert judge(RunIf.ALL_OK, needs).why == f"runIf is all_ok, and job {'b' * 24} ended as dlq"


def test_a_deleted_job_counts_as_not_ok() -> None:
    assert judge(RunIf.ALL_OK, [Need("a" * 24, None)]).why.endswith("ended as deleted")
    assert judge(RunIf.ANY_FAILED, [Need("a" * 24, None)]).decision is Decision.RUN
