"""Intents: notes in Redis of changes about to be written to MongoDB; what stays tells of a call that died."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.jobs import Job, JobStatus


class What(StrEnum):
    """The change that was about to be made. The values of enqueueing changes are ``Engine.enqueue``'s origins."""

    NEW = "new"
    REDRIVE = "dlq"
    CANCEL = "cancel"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Intent:
    """``text`` is the member of the zset; a deletion carries what its record, once gone, can't tell."""

    job_id: str
    what: What
    status: str = ""
    owner_id: str = ""
    tenant_id: str = ""

    @property
    def text(self) -> str:
        if self.what is not What.DELETE:
            return f"{self.job_id}|{self.what}"
        return f"{self.job_id}|{self.what}|{self.status}|{self.owner_id}|{self.tenant_id}"

    @classmethod
    def parse(cls, text: str) -> Intent | None:
        """The intent in ``text``; ``None`` when it is none of ours."""
        job_id, *rest = text.split("|")
        try:
            intent = cls(job_id, What(rest[0]), *rest[1:])
        except (IndexError, ValueError, TypeError):
            return None
        return intent if intent.text == text else None

    @classmethod
    def to_delete(cls, job: Job) -> Intent:
        """The note of a deletion."""
        return cls(job.id, What.DELETE, job.status.value, job.owner_id, job.tenant_id)

    def deleted_job(self, now: datetime) -> Job | None:
        """As much of a deleted job as its events and counts need; ``None`` when the note is no deletion's."""
        if self.what is not What.DELETE or self.status not in set(JobStatus):
            return None
        status = JobStatus(self.status)
        # rev is unknown by now: a client drops a deleted job whatever its rev
        return Job(self.job_id, self.tenant_id, self.owner_id, "", status, 0, now, now, now, "")
