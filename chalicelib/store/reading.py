"""Reads of many jobs. Records that cannot be read are passed by, or named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.jobs import Job
from chalicelib.store.documents import HEAVY, UNREADABLE, job_of

#: The projection without heavy fields, but with the needs of jobs that depend on others.
WITH_NEEDS: Final = {name: shown for name, shown in HEAVY.items() if name != "depends_on"}


@dataclass(frozen=True, slots=True)
class Page:
    """Records in the order of their ids. ``last`` is the id to continue after, ``None`` at the end."""

    jobs: list[Job]
    #: Why records cannot be read, by id.
    unreadable: dict[str, str]
    last: str | None


def page_of(documents: Iterable[Mapping[str, Any]], limit: int) -> Page:
    """Return the page of up to ``limit`` documents, which are in the order of their ids."""
    jobs: list[Job] = []
    unreadable: dict[str, str] = {}
    last: str | None = None
    for document in documents:
        last = str(document["_id"])
        try:
            jobs.append(job_of(document))
        except UNREADABLE as error:
            unreadable[last] = f"its record cannot be read: {error!r}"
    return Page(jobs, unreadable, last if len(jobs) + len(unreadable) == limit else None)


def readable(documents: Iterable[Mapping[str, Any]]) -> list[Job]:
    """Return the jobs in documents, without those that cannot be read: reconciliation reports these."""
    jobs: list[Job] = []
    for document in documents:
        try:
            jobs.append(job_of(document))
        except UNREADABLE:
            continue
    return jobs
