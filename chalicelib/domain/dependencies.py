"""Jobs that wait for the ends of other jobs: what they ask of these, and whether they may run. Pure.

A *need* of a job is another job whose end it waits for; the job is then a *dependent* of that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, StrEnum, auto
from typing import Final, NamedTuple

#: Needs of one job.
MAX_NEEDS: Final = 100
#: The kind of the outbox entries by which dependents learn of an end (``services.outbox``).
FOLLOWER_KIND: Final = "dependents"
#: Names of ``JobStatus``; plain text, because ``jobs`` imports this module.
_OK: Final = "completed"
_ENDED: Final = frozenset({_OK, "dlq", "cancelled", "skipped"})
_DELETED: Final = "deleted"


class RunIf(StrEnum):
    """When a job runs, once all its needs have ended; otherwise it is skipped. Only completed ones count as ok."""

    ALL_OK = "all_ok"
    #: However they ended.
    ALL_DONE = "all_done"
    ANY_FAILED = "any_failed"
    ANY_OK = "any_ok"


class Need(NamedTuple):
    """A need as it is now. ``status`` is a ``JobStatus``, ``None`` if the job was deleted: that counts as not ok."""

    id: str
    status: str | None


class Decision(Enum):
    """What becomes of a job that has needs."""

    WAIT = auto()
    RUN = auto()
    SKIP = auto()


class Verdict(NamedTuple):
    """A decision, and the reason if the job is skipped."""

    decision: Decision
    why: str = ""


def judge(run_if: RunIf, needs: Sequence[Need]) -> Verdict:
    """Decide on a job by the present states of all its needs."""
    if any(need.status is not None and need.status not in _ENDED for need in needs):
        return Verdict(Decision.WAIT)
    failed = next((need for need in needs if need.status != _OK), None)
    well = next((need for need in needs if need.status == _OK), None)
    if run_if is RunIf.ALL_OK and failed is not None:
        return _skip(run_if, f"job {failed.id} ended as {failed.status or _DELETED}")
    if run_if is RunIf.ANY_FAILED and failed is None:
        return _skip(run_if, "all jobs that it waited for completed")
    if run_if is RunIf.ANY_OK and well is None:
        return _skip(run_if, "none of the jobs that it waited for completed")
    return Verdict(Decision.RUN)


def _skip(run_if: RunIf, what: str) -> Verdict:
    return Verdict(Decision.SKIP, f"runIf is {run_if.value}, and {what}")
