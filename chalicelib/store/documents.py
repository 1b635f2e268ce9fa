"""Conversion of jobs to MongoDB documents and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from bson import ObjectId

from chalicelib.domain.dependencies import RunIf
from chalicelib.domain.job_fields import FIELDS, Field, compiled, dict_of, is_plain
from chalicelib.domain.job_templates import JobTemplate
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
    Written,
    is_apart,
)
from chalicelib.domain.nodes import MapSpec, NodePart
from chalicelib.domain.terms import REPLAY_MARK, error_terms, job_terms
from chalicelib.domain.unique import OnConflict, UniqueRule
from chalicelib.store.client import Document

#: The mark of jobs that have, or had, objects in S3. Plain jobs lack it, so their deletion does not look for rows.
MARK: Final = "objects"
#: What ``job_of`` raises for a document that is not a valid job.
UNREADABLE: Final = (KeyError, ValueError, TypeError, AttributeError)


def job_document(job: Job) -> Document:
    """Return the whole record of a job, for its insertion."""
    document = {**_written_once(job), "terms": terms_of(job), **changing(job)}
    if job.status.is_open:
        document["open"] = True
    if is_apart(job.payload):
        document |= payload_fields(job)
    return document if is_plain(job) else document | _optional_once(job)


def payload_fields(job: Job) -> Document:
    """Return the payload of a job, with the mark of one that has objects."""
    return {"payload": job.payload, **({MARK: True} if is_apart(job.payload) else {})}


def _optional_once(job: Job) -> Document:
    """Return the fields that only some jobs have and no move writes."""
    document: Document = {}
    if job.followers:
        document["followers"] = _encoded_followers(job.followers)
    if job.pool:
        document["pool"] = job.pool
    if job.limits:
        document["limits"] = list(job.limits)
    if job.precedence is not None:
        document["precedence"] = job.precedence
    if job.unique is not None:
        document["unique"] = _rule_document(job.unique)
    if job.api_key is not None:
        document["api_key"] = _known(job.api_key)
    if job.schedule is not None:
        document["schedule"] = job.schedule
    if job.replay_of is not None:
        document["replay_of"] = ObjectId(job.replay_of)
    if job.traceparent is not None:
        document["traceparent"] = job.traceparent
    return document | _about_others(job) if job.was_blocked else document


def _about_others(job: Job) -> Document:
    """Return the fields of a job that say how it belongs to other jobs."""
    document: Document = {}
    if job.batch is not None:
        document["batch"] = ObjectId(job.batch)
    if job.part is not None:
        document["part"] = _part_document(job.part)
    if job.has_dependents:
        document["has_dependents"] = True
    if job.run_if is not None:
        document["depends_on"] = [ObjectId(need) for need in job.depends_on]
        document["run_if"] = job.run_if.value
    return document


def terms_of(job: Job) -> list[str]:
    """Return the search terms of a job."""
    terms = job_terms(job.name, job.task, job.queue, job.tags)
    if job.status is JobStatus.DLQ and job.error is not None:
        terms = [*error_terms(job.error.type, job.error.message), *terms]
    return terms if job.replay_of is None else [REPLAY_MARK + job.replay_of, *terms]


def terms_in(found: Mapping[str, Any]) -> list[str]:
    """Return the search terms of the job in a document, which needs only the fields used here."""
    terms = job_terms(found["name"], found["task"], found["queue"], found["tags"])
    if found["status"] == JobStatus.DLQ and (error := found.get("error")):
        terms = [*error_terms(error["type"], error["message"]), *terms]
    return [f"{REPLAY_MARK}{found['replay_of']}", *terms] if found.get("replay_of") else terms


@lru_cache(maxsize=1024)
def _known(owner: str) -> ObjectId:
    """Return the ObjectId of a tenant, owner or API key; cached, because many jobs of one are written in succession."""
    return ObjectId(owner)


def changing(job: Job) -> Document:
    """Return the fields that a move of the job writes, besides ``open``.

    An empty ``outbox`` is not written: only a job without one moves, or the move is an end. The words of an error stay
    among the terms when a job leaves the DLQ: searches do not use them outside it.
    """
    fields: Document = _written_with_moves(job)
    if job.status is JobStatus.DLQ:
        fields["terms"] = terms_of(job)
    if job.outbox:
        fields["outbox"] = _encoded_outbox(job.outbox)
    if job.unique_key:
        fields["unique_key"] = job.unique_key
    if job.runs_after is not None:
        fields["runs_after"] = ObjectId(job.runs_after)
    if job.waits_for or job.is_resumed:
        fields["waits_for"] = list(job.waits_for)
    if job.part is not None and job.payload is not None and not job.attempt:
        # its references were resolved by this move
        fields |= {**payload_fields(job), "limits": list(job.limits)}
    return fields


def unset_by_move(job: Job) -> Document:
    """Return the fields that a move of the job removes from its record, besides ``open``; for plain jobs none."""
    if job.unique is None:
        return {}
    kept = {"unique_key": job.unique_key, "runs_after": job.runs_after}
    return {name: "" for name, value in kept.items() if not value}


def job_of(document: Mapping[str, Any]) -> Job:
    """Return the job in a document; fields that a projection omitted are empty. Raises one of ``UNREADABLE``.

    Times may lack a time zone; they are UTC.
    """
    return _read(document, document.get)


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
        "outcome": attempt.outcome._value_ if attempt.outcome else None,
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


def _lease_document(lease: Lease) -> Document:
    return {"token": lease.token, "worker": lease.worker_id}


def _lease_of(found: Mapping[str, Any]) -> Lease:
    return Lease(found["token"], found["worker"])


def _progress_document(progress: Progress) -> Document:
    return {"percent": progress.percent, "message": progress.message}


def _progress_of(found: Mapping[str, Any]) -> Progress:
    return Progress(found["percent"], found["message"])


def _encoded_followers(followers: Iterable[Follower]) -> list[Document]:
    return [{"id": each.id, "kind": each.kind} for each in followers]


def _followers_of(found: Iterable[Mapping[str, Any]]) -> tuple[Follower, ...]:
    return tuple(Follower(each["id"], each["kind"]) for each in found)


def _encoded_outbox(outbox: Iterable[OutboxEntry]) -> list[Document]:
    return [{"id": each.id, "kind": each.kind, "series": each.series} for each in outbox]


def _outbox_of(found: Iterable[Mapping[str, Any]]) -> tuple[OutboxEntry, ...]:
    return tuple(OutboxEntry(each["id"], each["kind"], each["series"]) for each in found)


def _rule_document(rule: UniqueRule) -> Document:
    return {**rule._asdict(), "states": list(rule.states), "on_conflict": rule.on_conflict.value}


def _rule_of(found: Mapping[str, Any]) -> UniqueRule:
    return UniqueRule(
        found["key"],
        found["slot"],
        tuple(found["states"]),
        OnConflict(found["on_conflict"]),
        found.get("period_s"),
        found.get("max_wait_s"),
    )


def _part_document(part: NodePart) -> Document:
    document: Document = {"workflow": ObjectId(part.workflow), "node": part.node, "run": part.run}
    if part.item is not None:
        document["item"] = part.item
    if part.map is not None:
        document["map"] = {"from": part.map.source, "max": part.map.most, "concurrency": part.map.concurrency}
    if part.refs:
        document["refs"] = [[node, job_id] for node, job_id in part.refs]
    if part.earlier:
        document["earlier"] = list(part.earlier)
    return document


def _part_of(found: Mapping[str, Any]) -> NodePart:
    spec = found.get("map")
    return NodePart(
        str(found["workflow"]),
        found["node"],
        found["run"],
        found.get("item"),
        None if spec is None else MapSpec(spec["from"], spec["max"], spec["concurrency"]),
        tuple((node, job_id) for node, job_id in found.get("refs", ())),
        tuple(found.get("earlier", ())),
    )


def template_document(job: JobTemplate) -> Document:
    """Return what a record keeps of the jobs that it makes."""
    return {
        "name": job.name, "task": job.task, "payload": job.payload, "queue": job.queue, "priority": job.priority,
        "tags": list(job.tags), "max_retries": job.max_retries, "timeout_s": job.timeout_s,
    }  # fmt: skip


def template_of(found: Mapping[str, Any]) -> JobTemplate:
    """Return the template in a record."""
    return JobTemplate(**{**found, "tags": tuple(found["tags"])})


def _needs_of(found: Iterable[ObjectId]) -> tuple[str, ...]:
    return tuple(str(need) for need in found)


def _run_if_of(found: str) -> RunIf:
    return RunIf(found)


def _payloads_of(found: Iterable[Mapping[str, Any]]) -> tuple[PastPayload, ...]:
    return tuple(PastPayload(each["until"], each["payload"]) for each in found)


#: Expressions that store and read a value of each type; other types are stored as they are.
_STORED: Final = {
    JobStatus: "{0}._value_",
    tuple[str, ...]: "list({0})",
    tuple[AttemptRecord, ...]: "[_attempt_document(each) for each in {0}]",
    JobError | None: "_error_document({0})",
    Lease | None: "_lease_document({0}) if {0} else None",
    Progress | None: "_progress_document({0}) if {0} else None",
}
#: Fields that a projection omitted or an older version lacks are empty: ``found`` is ``None`` then.
_READ: Final = {
    JobStatus: "JobStatus(document[{0!r}])",
    datetime: "_utc(document[{0!r}])",
    str | None: "get({0!r})",
    datetime | None: "_utc(found) if (found := get({0!r})) else None",
    tuple[str, ...]: "tuple(document[{0!r}])",
    tuple[AttemptRecord, ...]: "tuple([_attempt_of(each) for each in found]) if (found := get({0!r})) else ()",
    JobError | None: "_error_of(get({0!r}))",
    Lease | None: "_lease_of(found) if (found := get({0!r})) else None",
    Progress | None: "_progress_of(found) if (found := get({0!r})) else None",
    tuple[PastPayload, ...]: "_payloads_of(found) if (found := get({0!r})) else ()",
    tuple[Follower, ...]: "_followers_of(found) if (found := get({0!r})) else ()",
    tuple[OutboxEntry, ...]: "_outbox_of(found) if (found := get({0!r})) else ()",
    UniqueRule | None: "_rule_of(found) if (found := get({0!r})) else None",
}
#: Fields that plain jobs lack, where their type alone does not say how to read them.
_OPTIONAL_READ: Final = {
    "unique_key": "get('unique_key') or ''",
    "runs_after": "str(found) if (found := get('runs_after')) else None",
}
#: Fields that are stored only if they are not empty, where ``_READ`` has no expression for that.
_READ_OPTIONAL: Final = {
    "pool": "get('pool', '')",
    "limits": "tuple(found) if (found := get('limits')) else ()",
    "precedence": "get('precedence')",
    "depends_on": "_needs_of(found) if (found := get('depends_on')) else ()",
    "run_if": "_run_if_of(found) if (found := get('run_if')) else None",
    "batch": "str(found) if (found := get('batch')) else None",
    "part": "_part_of(found) if (found := get('part')) else None",
    "api_key": "str(found) if (found := get('api_key')) else None",
    "has_dependents": "get('has_dependents', False)",
    "waits_for": "tuple(found) if (found := get('waits_for')) else ()",
    "replay_of": "str(found) if (found := get('replay_of')) else None",
}
_ID_STORED: Final = {"id": "ObjectId({0})", "tenant_id": "_known({0})", "owner_id": "_known({0})"}


def _writer(written: Written) -> Callable[[Job], Document]:
    return compiled(
        "job",
        dict_of(
            (each.stored, (_ID_STORED.get(each.name) or _STORED.get(each.type, "{0}")).format(f"job.{each.name}"))
            for each in FIELDS
            if each.kept.written is written and not each.kept.optional
        ),
        globals(),
    )


def _read_expression(field: Field) -> str:
    if field.name in _OPTIONAL_READ:
        return _OPTIONAL_READ[field.name]
    if field.name in _ID_STORED:
        return f"str(document[{field.stored!r}])"
    return _READ_OPTIONAL.get(field.name) or _READ.get(field.type, "document[{0!r}]").format(field.stored)


_written_once: Final = _writer(Written.ONCE)
_written_with_moves: Final = _writer(Written.WITH_MOVES)
_read: Final[Callable[..., Job]] = compiled(
    "document, get", f"Job({', '.join(_read_expression(each) for each in FIELDS)})", globals()
)
#: The projection of lists and events.
HEAVY: Final = {each.stored: 0 for each in FIELDS if each.kept.heavy} | {"terms": 0, "error.traceback": 0}
