"""Jobs that durable jobs invoke, and wait for. Their ids derive from the step, so each is made once.

They are cancelled with the job that invoked them. Both sides write and then look: whoever invokes a job submits it,
then looks whether its own was cancelled; whoever cancels that one writes it, then looks what it invoked (``follow``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import (
    DEFAULT_PRIORITY,
    MAX_DOCUMENT_BYTES,
    MAX_NAME_CHARS,
    Follower,
    Job,
    JobStatus,
    NewJob,
    is_apart,
)
from chalicelib.domain.lifecycle import new_job
from chalicelib.domain.steps import DETACHED_KIND, FOLLOWER_KIND, StepKey
from chalicelib.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from chalicelib.domain.traces import TraceContext
    from chalicelib.services.cancellation import Cancellation
    from chalicelib.services.stored_values import StoredValues
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.tasks import Catalogue
    from chalicelib.store.dependencies import DependencyStore
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.steps import StepStore

#: How often jobs that move while they are cancelled are read again.
_RACES: Final = 20


def child_id(parent_id: str, series: str, key: StepKey, at: datetime) -> str:
    """Return the id of the job that a step invokes: the second in which the step began, then a hash of the step."""
    step = f"{parent_id}/{series}/{key.n}/{key.name}"
    return f"{int(at.timestamp()):08x}{hashlib.sha256(step.encode()).hexdigest()[:16]}"


class Children:
    """Submits jobs for durable jobs: theirs are owner, tenant and trace; no person's limits apply."""

    def __init__(
        self, *, submitter: Submitter, cancellation: Cancellation, catalogue: Catalogue, store: JobStore,
        marks: DependencyStore, steps: StepStore, clock: Clock, max_bytes: int = MAX_DOCUMENT_BYTES,
        stored: Callable[[], StoredValues] | None = None,
    ) -> None:  # fmt: skip
        self._submitter = submitter
        self._cancellation = cancellation
        self._catalogue = catalogue
        self._store = store
        self._marks = marks
        self._steps = steps
        self._clock = clock
        self._max_bytes = max_bytes
        self._stored = stored

    def ensure(
        self, parent: Job, job_id: str, step: str, task: str, payload: str, options: dict[str, Any],
        traced: Callable[[], AbstractContextManager[TraceContext | None]] = nullcontext,
    ) -> Job:  # fmt: skip
        """Return the job with this id as it is now, submitted now if it is not there.

        With the option ``detached`` it is not cancelled with ``parent``. ``traced`` opens the span of its submission.
        Raises ``InvalidInput`` for an unknown task or a payload over the limit, ``Unavailable`` and database errors.
        """
        try:
            return self._store.get(job_id)
        except NotFound:
            pass
        if len(payload.encode()) > self._max_bytes:
            raise InvalidInput(f"A payload has at most {self._max_bytes} bytes as JSON", "payload")
        new = NewJob(
            f"{parent.name} · {step}"[:MAX_NAME_CHARS], task, payload=payload, tags=parent.tags,
            queue=options.get("queue"), priority=options.get("priority", DEFAULT_PRIORITY),
        )  # fmt: skip
        detached = options.get("detached", False)
        follower = Follower(parent.id, DETACHED_KIND if detached else FOLLOWER_KIND)
        with traced() as span:
            child = new_job(
                new, self._catalogue.get(task), job_id=job_id, tenant_id=parent.tenant_id, owner_id=parent.owner_id,
                trace_id=parent.trace_id, now=self._clock.now(), submission_id=self._submitter.new_submission_id(),
                api_key=parent.api_key, traceparent=parent.traceparent if span is None else span.traceparent,
            )  # fmt: skip
            if not detached:
                self._marks.mark([parent.id])
            self._submitter.submit([child.with_(followers=(follower,))])
        if not detached and self._marks.states([parent.id]).get(parent.id) == JobStatus.CANCELLED:
            self._cancel([job_id], parent.id)
        return self._store.get(job_id)

    def result_of(self, child: Job) -> str:
        """Return the result of a completed job as JSON text, also if it is not in the record.

        Raises ``ObjectMissing``, ``Unavailable``.
        """
        text = child.result or "null"
        return text if self._stored is None or not is_apart(text) else self._stored().whole(text)

    def follow(self, parent: Job) -> None:
        """Cancel the jobs that a cancelled job waited for. Raises ``QueueClosed`` and errors of the databases."""
        if parent.status is JobStatus.CANCELLED and parent.attempt:
            self._cancel(self._steps.invoked(parent.id, parent.submission_id), parent.id)

    def _cancel(self, job_ids: Sequence[str], parent_id: str) -> None:
        """Cancel those of the jobs that are tied to ``parent_id``; those that move meanwhile are read again."""
        bound = Follower(parent_id, FOLLOWER_KIND)
        left = list(job_ids)
        for _ in range(_RACES):
            jobs = self._store.get_many(left, light=True)[0] if left else []
            tied = [job for job in jobs if job.status.is_open and bound in job.followers]
            if not tied:
                return
            done = self._cancellation.cancel(tied)
            left = [job.id for job in tied if job.id not in done]
