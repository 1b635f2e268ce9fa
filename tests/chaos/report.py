"""The verdict: what is lost, doubled, stuck, wrongly written or not announced. Empty lists are good."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.audit import audit
from tests.chaos.fires import doubled_fires, lost_fires

if TYPE_CHECKING:
    from tests.chaos.clients import Clients
    from tests.chaos.faults import Faults
    from tests.chaos.people import People
    from tests.chaos.watch import Records
    from tests.container import Container

KINDS: Final = ("lost", "doubled", "stuck", "stale_writes", "gaps", "books", "over_limits", "broken")
#: How many findings of a kind are printed.
SHOWN: Final = 10


class HarnessError(RuntimeError):
    """Raised when a run says nothing about the engine, for what it runs on failed: a server that does not come back."""


class Verdict(IntEnum):
    """What a run says; its value is the exit status."""

    GOOD = 0
    #: The engine lost, doubled, kept or miscounted something.
    WRONG = 1
    #: The harness failed: the run says nothing, and should be made again.
    NONE = 3


@dataclass
class Report:
    """What was found, by kind."""

    #: Jobs that a call answered for and that are not there; or that a call deleted and that are.
    lost: list[str] = field(default_factory=list)
    #: Jobs that were completed more than once, or made twice under one key.
    doubled: list[str] = field(default_factory=list)
    #: Jobs that have not ended.
    stuck: list[str] = field(default_factory=list)
    #: Writes to a record that no order of events allows, or by another than the holder of its lease.
    stale_writes: list[str] = field(default_factory=list)
    #: Events, or ends of jobs, that a client missed without a ``resync``.
    gaps: list[str] = field(default_factory=list)
    #: Places and counts in Redis that are not those of the records.
    books: list[str] = field(default_factory=list)
    #: Jobs that ran beside more than their limits allow, or began sooner; unique jobs that ran at once.
    over_limits: list[str] = field(default_factory=list)
    #: Why the run is not valid: a fault that could not be injected or undone, a kind of fault that never occurred.
    broken: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether nothing was found."""
        return not any(getattr(self, kind) for kind in KINDS)

    @property
    def verdict(self) -> Verdict:
        """What the run says of the engine: nothing if it is none, for what was found may be for that."""
        if self.broken:
            return Verdict.NONE
        return Verdict.GOOD if self.good else Verdict.WRONG

    def show(self) -> str:
        """The report as text."""
        lines = [WORDS[self.verdict], *self._lines()]
        return "\n".join(lines)

    def _lines(self) -> list[str]:
        lines = [f"{kind:22} {len(getattr(self, kind))}" for kind in KINDS]
        lines += [f"{name:22} {value}" for name, value in self.figures.items()]
        for kind in KINDS:
            lines += [f"  {kind}: {text}" for text in getattr(self, kind)[:SHOWN]]
        return lines

    def data(self) -> dict[str, Any]:
        """The report as figures."""
        return {**{kind: len(getattr(self, kind)) for kind in KINDS}, **self.figures}


WORDS: Final = {
    Verdict.GOOD: "The books balance.",
    Verdict.WRONG: "The engine went wrong.",
    Verdict.NONE: "No verdict: the harness failed, which says nothing about the engine. Run it again.",
}


def judge(container: Container, people: People, records: Records, clients: Clients) -> Report:
    """Compare what is there with what was promised and seen."""
    report = Report()
    found = list(
        container.db.jobs.find(
            {}, {"name": 1, "schedule": 1, "status": 1, "attempts.outcome": 1, "open": 1, "part.map": 1}
        )
    )
    ids = {str(job["_id"]) for job in found}
    report.lost = [f"{job_id} was accepted" for job_id in sorted(people.accepted - ids - people.maybe_deleted)]
    report.lost += [f"{job_id} was deleted, and is there" for job_id in sorted(people.deleted & ids)]
    report.lost += lost_fires(container, people.deleted | people.maybe_deleted)
    report.doubled += doubled_fires(container)
    names: dict[str, str] = {}
    for job in found:
        if job["name"] in names and "schedule" not in job:
            report.doubled.append(f"{job['name']} was made twice: {names[job['name']]}, {job['_id']}")
        names[job["name"]] = str(job["_id"])
        if job.get("part", {}).get("map"):
            continue  # completes without an attempt
        completed = [each["outcome"] for each in job["attempts"]].count("completed")
        if completed != (job["status"] == "completed"):
            report.doubled.append(f"{job['_id']} is {job['status']} with {completed} completed attempts")
    report.doubled += [f"{job_id} was completed {n} times" for job_id, n in records.completions.items() if n > 1]
    report.stuck = [f"{job['_id']} is {job['status']}" for job in found if job.get("open")]
    report.stale_writes = list(records.wrong)
    report.gaps = [*clients.gaps(), *clients.undelivered(records.written)]
    books = audit(container)
    # the one total that no state of a job confirms: a retry whose publication died twice may be missing
    report.books = [each for each in books if "retries is" not in each]
    report.figures["retries miscounted in"] = len(books) - len(report.books)
    return report


def leave_traces(home: Path, report: Report, faults: Faults, records: Records) -> None:
    """What it takes to find the cause: the faults in order of time, and the histories of the jobs found fault with."""
    text = "\n".join(f"{kind}: {each}" for kind in KINDS for each in getattr(report, kind))
    (home / "report.txt").write_text(report.show() + "\n\n" + text)
    (home / "faults.txt").write_text("\n".join(faults.trace))
    histories = {job_id: steps for job_id, steps in records.history.items() if job_id in text}
    (home / "histories.json").write_text(json.dumps(histories, indent=1))
