"""Intents: notes in Redis of changes about to be written to MongoDB.

An intent that stays shows that a call died before its last step. Some intents are also *enqueue permits*: enqueueing a
job uses up the permit noted before its record was written, so a job is enqueued once, even if calls are repeated, late
or concurrent.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from chalicelib.domain.jobs import Job


class IntentKind(StrEnum):
    """The change that is about to be written."""

    #: The record is inserted. An enqueue permit.
    NEW = "new"
    #: The job is redriven from the DLQ. An enqueue permit.
    REDRIVE = "dlq"
    #: An open job was found missing from the queue. An enqueue permit.
    LOST = "lost"
    #: The wait of the job for others may end: it becomes pending, scheduled or skipped.
    UNBLOCK = "unblock"
    #: The wait of a durable job ends: it becomes pending.
    RESUME = "resume"
    #: The job is cancelled, or its cancellation requested.
    CANCEL = "cancel"


class Intent(NamedTuple):
    """A change of one record. ``text`` is its member of the zset.

    ``submission_id`` is that of the record that is inserted or redriven, so a permit belongs to one call.
    """

    job_id: str
    kind: IntentKind
    submission_id: str = ""

    @property
    def text(self) -> str:
        """The member of the zset."""
        return self.job_id + suffix(self.kind, self.submission_id)

    @classmethod
    def parse(cls, text: str) -> Intent | None:
        """Return the intent in ``text``, ``None`` if it is not valid."""
        job_id, _, rest = text.partition("|")
        kind, _, submission_id = rest.partition("|")
        return cls(job_id, IntentKind(kind), submission_id) if kind in set(IntentKind) else None


def suffix(kind: IntentKind, submission_id: str) -> str:
    """Return the part of an intent that follows the job's id."""
    return f"|{kind._value_}|{submission_id}" if submission_id else f"|{kind._value_}"


def permit(job: Job) -> Intent:
    """Return the enqueue permit of ``job`` that is noted by the call that inserts or redrives it."""
    return Intent(job.id, _kind_of_permit(job), job.submission_id)


def permit_text(job: Job) -> str:
    """Return the text of ``permit(job)``, in a third of the time: enqueueing and settling call this for each job."""
    return job.id + suffix(_kind_of_permit(job), job.submission_id)


def _kind_of_permit(job: Job) -> IntentKind:
    return IntentKind.REDRIVE if job.redrives else IntentKind.NEW


def recovery_permit(job: Job) -> Intent:
    """Return the enqueue permit of ``job`` that is noted when it is found missing."""
    return Intent(job.id, IntentKind.LOST)


def recovery_text(job: Job) -> str:
    """Return the text of ``recovery_permit(job)``."""
    return job.id + _RECOVERY


_RECOVERY: Final = suffix(IntentKind.LOST, "")
