"""Replays: new jobs like ended ones. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.job_limits import given_keys
from chalicelib.domain.jobs import Job, NewJob
from chalicelib.domain.tasks import TaskSpec
from chalicelib.domain.workflows import is_reference
from chalicelib.errors import Conflict, InvalidInput, InvalidTransition


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
