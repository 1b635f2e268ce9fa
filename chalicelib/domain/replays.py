"""Replays: new jobs like ended ones. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.job_limits import given_keys
from chalicelib.domain.jobs import Job, NewJob
from chalicelib.domain.tasks import TaskSpec
from chalicelib.domain.workflows import is_reference
from chalicelib.errors import Conflict, InvalidInput, InvalidTransition, TooLarge


def check_replayable(job: Job) -> None:
    """Raise ``InvalidTransition`` unless ``job`` has ended, ``Conflict`` if it ran no task."""
    if job.status.is_open:
        raise InvalidTransition(f"A job that is {job.status} cannot be replayed; it has not ended")
    if job.part is not None and job.part.map is not None:
        raise Conflict("This job is a map of a workflow, which runs no task; replay one of its jobs")


def replay_of(job: Job, spec: TaskSpec, changes: Mapping[str, Any]) -> NewJob:
    """Return the submission of a job like ``job``, except for ``changes``: fields of ``NewJob``.

    It stands alone: it waits for no job, and belongs to no batch, workflow or schedule. It is unique as ``job`` is,
    but refused while another one holds the key. Raises ``InvalidInput`` (``payload``) for a payload whose references to
    other nodes of its workflow were never resolved.
    """
    payload = job.payload or "{}"
    if "payload" not in changes and job.part is not None and _has_references(json.loads(payload)):
        raise InvalidInput("This node never ran, so its references have no values; give a payload", "payload")
    like = NewJob(
        name=job.name,
        task=job.task,
        queue=job.queue,
        priority=job.priority,
        payload=payload,
        tags=job.tags,
        max_retries=job.max_retries,
        timeout_s=job.timeout_s,
        limit_keys=tuple(sorted(given_keys(job, spec).items())),
        unique=None if job.unique is None else job.unique.again,
        replay_of=job.id,
    )
    return like._replace(**changes)


def _has_references(value: Any) -> bool:
    if is_reference(value):
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(_has_references, inner))


@dataclass(frozen=True, slots=True)
class Changes:
    """What the replays of many jobs have otherwise than their origins; ``None``: as these."""

    #: A JSON merge patch (RFC 7386) of each payload: objects are merged, null removes a field, the rest replaces.
    merge: Mapping[str, Any] | None = None
    queue: str | None = None
    priority: int | None = None

    def applied(self, new: NewJob, restored: Callable[[str], str], max_bytes: int) -> NewJob:
        """Return a submission with the changes. ``restored`` returns a payload with the values of the origin's where it
        says that they are redacted. Raises ``TooLarge``, and what ``restored`` raises.
        """
        changed: dict[str, Any] = {}
        if self.queue is not None:
            changed["queue"] = self.queue
        if self.priority is not None:
            changed["priority"] = self.priority
        if self.merge:
            payload = json.dumps(merged(json.loads(new.payload), self.merge), ensure_ascii=False, separators=(",", ":"))
            payload = restored(payload)
            if len(payload.encode()) > max_bytes:
                raise TooLarge(f"The merged payload has more than {max_bytes} bytes of JSON")
            changed["payload"] = payload
        return new._replace(**changed)


def merged(value: Any, patch: Any) -> Any:
    """Return ``value`` with a JSON merge patch (RFC 7386) applied."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for name, inner in patch.items():
        if inner is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), inner)
    return result


def replay_id(operation_id: str, origin_id: str, at: datetime) -> str:
    """Return the id of the job that replays another one for an operation.

    It begins with a time, because lists read one from ids; with one after the operation's, which replays no job with a
    greater id than its own.
    """
    digest = hashlib.blake2b(f"{operation_id}/{origin_id}".encode(), digest_size=8).hexdigest()
    return f"{max(int(at.timestamp()), int(operation_id[:8], 16) + 1):08x}{digest}"
