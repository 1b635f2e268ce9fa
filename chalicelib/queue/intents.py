"""Intents: notes in Redis of changes about to be written to MongoDB.

Two uses. What stays tells of a call that died half-way. And some are *licences*: a job comes into the queue by using
up the note that was made before its record, so that it comes in once, whatever is repeated, late or concurrent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.jobs import Job


class What(StrEnum):
    """The change that was about to be made."""

    #: The record is inserted. A licence.
    NEW = "new"
    #: The job leaves the DLQ. A licence.
    REDRIVE = "dlq"
    #: An open job was found that the queue does not know. A licence.
    LOST = "lost"
    #: The job is cancelled, or asked to stop.
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Intent:
    """``text`` is the member of the zset. ``rev``: of the record that a redrive changes, so that each has its own."""

    job_id: str
    what: What
    rev: int = 0

    @property
    def text(self) -> str:
        base = f"{self.job_id}|{self.what}"
        return f"{base}|{self.rev}" if self.what is What.REDRIVE else base

    @classmethod
    def parse(cls, text: str) -> Intent | None:
        """The intent in ``text``; ``None`` when it is none of ours."""
        job_id, _, rest = text.partition("|")
        what, _, rev = rest.partition("|")
        if what not in set(What) or not (rev == "" or (rev.isascii() and rev.isdigit())):
            return None
        intent = cls(job_id, What(what), int(rev or 0))
        return intent if intent.text == text else None


def licence(job: Job, since: int = 0) -> Intent:
    """The licence by which ``job`` comes in, ``since`` changes after its insertion or redrive."""
    if job.redrives:
        return Intent(job.id, What.REDRIVE, job.rev - 1 - since)
    return Intent(job.id, What.NEW)


def found(job: Job) -> Intent:
    """The licence by which ``job`` comes in after it was found missing."""
    return Intent(job.id, What.LOST)
