"""Intents: notes in Redis of changes about to be written to MongoDB.

Two uses. What stays tells of a call that died half-way. And some are *licences*: a job comes into the queue by using
up the note that was made before its record, so that it comes in once, whatever is repeated, late or concurrent.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

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


class Intent(NamedTuple):
    """``text`` is the member of the zset. ``entry``: of the record that is inserted or redriven, so that a licence
    belongs to one call."""

    job_id: str
    what: What
    entry: str = ""

    @property
    def text(self) -> str:
        return self.job_id + suffix(self.what, self.entry)

    @classmethod
    def parse(cls, text: str) -> Intent | None:
        """The intent in ``text``; ``None`` when it is none of ours."""
        job_id, _, rest = text.partition("|")
        what, _, entry = rest.partition("|")
        return cls(job_id, What(what), entry) if what in set(What) else None


def suffix(what: What, entry: str) -> str:
    """What follows the job's id in an intent."""
    return f"|{what}|{entry}" if entry else f"|{what}"


def licence(job: Job) -> Intent:
    """The licence by which ``job`` comes in: noted by the call that inserted or redrove it."""
    return Intent(job.id, What.REDRIVE if job.redrives else What.NEW, job.entry)


def found(job: Job) -> Intent:
    """The licence by which ``job`` comes in after it was found missing."""
    return Intent(job.id, What.LOST)
