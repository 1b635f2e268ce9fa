"""What users do with durable jobs: read their steps, send them events."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import orjson

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.jobs import Job
from chalicelib.domain.principals import Principal
from chalicelib.domain.steps import EVENT_PATTERN, MAX_EVENT_NAME_CHARS, MAX_EVENTS, StepEvent, StepRecord
from chalicelib.errors import Conflict, Forbidden, InvalidInput, InvalidTransition

if TYPE_CHECKING:
    from chalicelib.services.callbacks import Callbacks
    from chalicelib.services.jobs import JobService
    from chalicelib.services.projection import Projection
    from chalicelib.services.redactions import Redactions
    from chalicelib.services.waits import Waits
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.step_events import StepEventStore
    from chalicelib.store.steps import StepStore

#: Events shown with the steps of a job.
MAX_SHOWN = 100
#: Bytes of results in one page of steps, which has one step at least. As sent, text takes up to three times as much.
MAX_RESULTS_BYTES = 1024 * 1024


class StepPage(NamedTuple):
    """Steps in the order in which they began, and the first events of the job. ``more``: there may be other steps."""

    steps: list[StepRecord]
    events: list[StepEvent]
    more: bool


class StepService:
    """Use cases of HTTP. For a caller, jobs that the caller may not see do not exist."""

    def __init__(
        self, *, jobs: JobService, store: JobStore, steps: StepStore, events: StepEventStore, waits: Waits,
        projection: Projection, callbacks: Callbacks, redactions: Redactions, clock: Clock, ids: Ids,
    ) -> None:  # fmt: skip
        self._jobs = jobs
        self._store = store
        self._steps = steps
        self._events = events
        self._waits = waits
        self._projection = projection
        self._callbacks = callbacks
        self._redactions = redactions
        self._clock = clock
        self._ids = ids

    def page(self, principal: Principal, job_id: str, skip: int, limit: int, *, with_results: bool = False) -> StepPage:
        """Return steps of the job's present series. ``with_results``: with all results, in a page that may be shorter.

        Raises ``NotFound``.
        """
        job = self._jobs.get(principal, job_id)
        found = self._steps.page(job.id, job.submission_id, skip, limit)
        steps = self._whole(found) if with_results else found
        more = len(found) == limit or len(steps) < len(found)
        return StepPage(
            self._redactions.shown_steps(job, steps), self._events.of_job(job.id, job.submission_id, MAX_SHOWN), more
        )

    def _whole(self, steps: list[StepRecord]) -> list[StepRecord]:
        """Return the first steps with their results, as many as one answer may hold."""
        whole: list[StepRecord] = []
        size = 0
        for step in steps:
            size += step.size
            if whole and size > MAX_RESULTS_BYTES:
                break
            left_out = step.result is None and step.size > 0
            whole.append(step.with_(result=self._steps.result(step)) if left_out else step)
        return whole

    def send(self, principal: Principal, job_id: str, name: str, data: object) -> StepEvent:
        """Send an event to a job that has not ended, which goes on at once if it waits for it.

        Raises ``NotFound``, ``Forbidden``, ``InvalidInput``, ``InvalidTransition``, and ``Conflict`` for the
        ``MAX_EVENTS + 1``-th one.
        """
        job = self._jobs.get(principal, job_id)
        if not principal.may_write(principal.scope_of(job.tenant_id, job.owner_id)):
            raise Forbidden("Your role may not change this job")
        if len(name) > MAX_EVENT_NAME_CHARS or not re.fullmatch(EVENT_PATTERN, name):
            raise InvalidInput(f"An event has a name of up to {MAX_EVENT_NAME_CHARS} letters, digits and ._-", "name")
        return self._send(job, name, data, self._ids.object_id())

    def call_back(self, token: str, data: object) -> StepEvent:
        """Send the event that a token allows. Raises ``NotFound``, and ``Conflict`` if that was done before."""
        callback = self._callbacks.read(token)
        return self._send(self._store.get(callback.job_id), callback.name, data, callback.event_id)

    def _send(self, job: Job, name: str, data: object, event_id: str) -> StepEvent:
        if not job.status.is_open:
            raise InvalidTransition(f"A job that is {job.status} waits for no event")
        if self._events.count(job.id, MAX_EVENTS) >= MAX_EVENTS:
            raise Conflict(f"A job takes at most {MAX_EVENTS} events")
        event = StepEvent(event_id, job.id, name, self._clock.now(), orjson.dumps(data).decode())
        if not self._events.add(event):
            raise Conflict("This callback was used before")
        self._projection.follow(lambda: self._waits.look([job.id]))
        return event
