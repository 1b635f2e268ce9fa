"""The limit instances that a job falls under. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping

from chalicelib.domain.jobs import Job
from chalicelib.domain.limits import instances_of, key_in, parse_instance
from chalicelib.domain.tasks import TaskSpec
from chalicelib.errors import InvalidInput


def limits_after(job: Job, spec: TaskSpec, payload: str) -> tuple[str, ...]:
    """Return the instances of limits of ``job`` once a redrive has replaced its payload.

    They follow the new payload and the present limits of the task, except for keys that the submission gave itself.
    Raises ``InvalidInput``.
    """
    return limits_of(spec, payload, job.tenant_id, job.owner_id, job.queue, given_keys(job, spec))


def limits_of(
    spec: TaskSpec, payload: str, tenant_id: str, owner_id: str, queue: str, keys: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the instances of limits of a new job; ``keys`` by name replace those of the payload."""
    return instances_of(
        spec.limits, json.loads(payload), tenant=tenant_id, user=owner_id, queue=queue, task=spec.name, keys=keys
    )


def given_keys(job: Job, spec: TaskSpec) -> dict[str, str]:
    """Return the keys of limits, by name, that the submission of ``job`` gave: those that its payload does not have."""
    kept = {each.name: each.key for each in map(parse_instance, job.limits) if each.key is not None}
    given: dict[str, str] = {}
    if not kept:
        return given
    payload = json.loads(job.payload or "{}")
    for limit in spec.limits:
        key = kept.get(limit.name)
        if key is not None and limit.path:
            try:
                differs = key_in(limit, payload) != key
            except InvalidInput:
                differs = True
            if differs:
                given[limit.name] = key
    return given
