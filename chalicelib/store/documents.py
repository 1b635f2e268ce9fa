"""Conversion of jobs to MongoDB documents and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from bson import ObjectId

from chalicelib.domain.jobs import (
    AttemptRecord,
    Follower,
    Job,
    JobError,
    JobStatus,
    Lease,
    OutboxEntry,
    Outcome,
    PastPayload,
    Progress,
)
from chalicelib.domain.terms import error_terms, job_terms
from chalicelib.store.client import Document

#: Fields that lists and events omit.
HEAVY: Final = {"payload": 0, "result": 0, "earlier_payloads": 0, "attempts": 0, "terms": 0, "error.traceback": 0}

#: What ``job_of`` raises for a document that is not a valid job.
UNREADABLE: Final = (KeyError, ValueError, TypeError, AttributeError)


def job_document(job: Job) -> Document:
    """Return the whole record of a job, for its insertion."""
    document = {
        "_id": ObjectId(job.id),
        "tenant_id": _known(job.tenant_id),
        "owner_id": _known(job.owner_id),
        "name": job.name,
        "task": job.task,
        "queue": job.queue,
        "priority": job.priority,
        "tags": list(job.tags),
        "terms": terms_of(job),
        "run_at": job.run_at,
        "created_at": job.created_at,
        "trace_id": job.trace_id,
        "payload": job.payload,
        "max_retries": job.max_retries,
        "timeout_s": job.timeout_s,
        "cancel_requested": job.cancel_requested,
        **changing(job),
    }
    if job.status.is_open:
        document["open"] = True
    if job.followers:
        document["followers"] = [{"id": each.id, "kind": each.kind} for each in job.followers]
    return document


def terms_of(job: Job) -> list[str]:
    """Return the search terms of a job."""
    terms = job_terms(job.name, job.task, job.queue, job.tags)
    if job.status is JobStatus.DLQ and job.error is not None:
        terms = [*error_terms(job.error.type, job.error.message), *terms]
    return terms


def terms_in(found: Mapping[str, Any]) -> list[str]:
    """Return the search terms of the job in a document, which needs only the fields used here."""
    terms = job_terms(found["name"], found["task"], found["queue"], found["tags"])
    if found["status"] == JobStatus.DLQ and (error := found.get("error")):
        terms = [*error_terms(error["type"], error["message"]), *terms]
    return terms


@lru_cache(maxsize=1024)
def _known(owner: str) -> ObjectId:
    """Return the ObjectId of a tenant or owner; cached, because many jobs of one are written in succession."""
    return ObjectId(owner)


def changing(job: Job) -> Document:
    """Return the fields that a move of the job writes, besides ``open``.

    Not ``cancel_requested``: it may be set while a worker prepares its own, older, copy. An empty ``outbox`` is not
    written: only a job without one moves, or the move is an end. The words of an error stay among the terms when a
    job leaves the DLQ: searches do not use them outside it.
    """
    fields: Document = {
        "status": job.status.value,
        "rev": job.rev,
        "ready_at": job.ready_at,
        "updated_at": job.updated_at,
        "attempt": job.attempt,
        "retry_count": job.retry_count,
        "past_retries": job.past_retries,
        "redrives": job.redrives,
        "entry": job.entry,
        "attempts": [_attempt_document(attempt) for attempt in job.attempts],
        "error": _error_document(job.error),
        "lease": {"token": job.lease.token, "worker": job.lease.worker_id} if job.lease else None,
        "progress": {"percent": job.progress.percent, "message": job.progress.message} if job.progress else None,
        "result": job.result,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }
    if job.status is JobStatus.DLQ:
        fields["terms"] = terms_of(job)
    if job.outbox:
        fields["outbox"] = [{"id": each.id, "kind": each.kind, "series": each.series} for each in job.outbox]
    return fields


def job_of(document: Mapping[str, Any]) -> Job:
    """Return the job in a document; fields that a projection omitted are empty. Raises one of ``UNREADABLE``.

    Times may lack a time zone; they are UTC.
    """
    lease, progress = document.get("lease"), document.get("progress")
    followers, outbox = document.get("followers"), document.get("outbox")
    return Job(
        id=str(document["_id"]),
        tenant_id=str(document["tenant_id"]),
        owner_id=str(document["owner_id"]),
        name=document["name"],
        status=JobStatus(document["status"]),
        rev=document["rev"],
        ready_at=_utc(document["ready_at"]),
        created_at=_utc(document["created_at"]),
        updated_at=_utc(document["updated_at"]),
        trace_id=document["trace_id"],
        task=document["task"],
        queue=document["queue"],
        priority=document["priority"],
        tags=tuple(document["tags"]),
        payload=document.get("payload"),
        result=document.get("result"),
        run_at=_utc_or_none(document["run_at"]),
        max_retries=document["max_retries"],
        timeout_s=document["timeout_s"],
        attempt=document["attempt"],
        retry_count=document["retry_count"],
        past_retries=document["past_retries"],
        redrives=document["redrives"],
        entry=document["entry"],
        attempts=tuple(_attempt_of(found) for found in document.get("attempts") or ()),
        error=_error_of(document.get("error")),
        lease=Lease(lease["token"], lease["worker"]) if lease else None,
        progress=Progress(progress["percent"], progress["message"]) if progress else None,
        cancel_requested=document["cancel_requested"],
        started_at=_utc_or_none(document["started_at"]),
        finished_at=_utc_or_none(document["finished_at"]),
        earlier_payloads=tuple(
            PastPayload(kept["until"], kept["payload"]) for kept in document.get("earlier_payloads") or ()
        ),
        followers=tuple(Follower(each["id"], each["kind"]) for each in followers) if followers else (),
        outbox=tuple(OutboxEntry(each["id"], each["kind"], each["series"]) for each in outbox) if outbox else (),
    )


def _utc(at: datetime) -> datetime:
    # also where it is set: the standard library's UTC is cheaper in later use than BSON's
    return at.replace(tzinfo=UTC)


def _utc_or_none(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at else None


def _attempt_document(attempt: AttemptRecord) -> Document:
    return {
        "n": attempt.number,
        "worker": attempt.worker_id,
        "started_at": attempt.started_at,
        "ended_at": attempt.ended_at,
        "outcome": attempt.outcome.value if attempt.outcome else None,
        "wait_ms": attempt.wait_ms,
        "run_ms": attempt.run_ms,
        "error": _error_document(attempt.error),
    }


def _attempt_of(found: Mapping[str, Any]) -> AttemptRecord:
    return AttemptRecord(
        found["n"],
        found["worker"],
        _utc(found["started_at"]),
        _utc_or_none(found["ended_at"]),
        _outcome_of(found),
        found["wait_ms"],
        found["run_ms"],
        _error_of(found["error"]),
    )


def _outcome_of(found: Mapping[str, Any]) -> Outcome | None:
    """Return the outcome of a stored attempt.

    Older records say lost for an interrupted one, with an error that names it.
    """
    if not found["outcome"]:
        return None
    outcome, error = Outcome(found["outcome"]), found["error"]
    if outcome is Outcome.LOST and error and error["type"] == "WorkerStopped":
        return Outcome.INTERRUPTED
    return outcome


def _error_document(error: JobError | None) -> Document | None:
    if error is None:
        return None
    return {"type": error.type, "message": error.message, "traceback": error.traceback, "group": error.group}


def _error_of(found: Mapping[str, Any] | None) -> JobError | None:
    if not found:
        return None
    return JobError(found["type"], found["message"], found.get("traceback"), found["group"])
