"""Jobs that durable jobs invoke, and wait for. Their ids derive from the step, so each is made once."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import DEFAULT_PRIORITY, MAX_DOCUMENT_BYTES, MAX_NAME_CHARS, Follower, Job, NewJob
from chalicelib.domain.lifecycle import new_job
from chalicelib.domain.steps import FOLLOWER_KIND, StepKey
from chalicelib.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.tasks import Catalogue
    from chalicelib.store.jobs import JobStore


def child_id(parent_id: str, series: str, key: StepKey, at: datetime) -> str:
    """Return the id of the job that a step invokes: the second in which the step began, then a hash of the step."""
    step = f"{parent_id}/{series}/{key.n}/{key.name}"
    return f"{int(at.timestamp()):08x}{hashlib.sha256(step.encode()).hexdigest()[:16]}"


class Children:
    """Submits jobs for durable jobs: theirs are owner, tenant and trace; no person's limits apply."""

    def __init__(self, *, submitter: Submitter, catalogue: Catalogue, store: JobStore, clock: Clock) -> None:
        self._submitter = submitter
        self._catalogue = catalogue
        self._store = store
        self._clock = clock

    def ensure(self, parent: Job, job_id: str, step: str, task: str, payload: str, options: dict[str, Any]) -> Job:
        """Return the job with this id as it is now, submitted now if it is not there.

        Raises ``InvalidInput`` for an unknown task or a payload over 64 KB, ``QueueClosed``, errors of the databases.
        """
        try:
            return self._store.get(job_id)
        except NotFound:
            pass
        if len(payload.encode()) > MAX_DOCUMENT_BYTES:
            raise InvalidInput(f"A payload has at most {MAX_DOCUMENT_BYTES} bytes as JSON", "payload")
        new = NewJob(
            f"{parent.name} · {step}"[:MAX_NAME_CHARS], task, payload=payload, tags=parent.tags,
            queue=options.get("queue"), priority=options.get("priority", DEFAULT_PRIORITY),
        )  # fmt: skip
        child = new_job(
            new, self._catalogue.get(task), job_id=job_id, tenant_id=parent.tenant_id, owner_id=parent.owner_id,
            trace_id=parent.trace_id, now=self._clock.now(), submission_id=self._submitter.new_submission_id(),
            api_key=parent.api_key,
        )  # fmt: skip
        self._submitter.submit([child.with_(followers=(Follower(parent.id, FOLLOWER_KIND),))])
        return self._store.get(job_id)
