"""Operations of users on batches: submit, read, cancel."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.batches import FOLLOWER_KIND, Batch, BatchStatus, Callback
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.filters import Whose, visibility
from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.jobs import Follower, Job, JobStatus, NewJob
from chalicelib.domain.lifecycle import new_job
from chalicelib.domain.principals import Principal, Scope
from chalicelib.domain.tasks import TaskSpec
from chalicelib.errors import Conflict, Forbidden, InvalidInput, NotFound
from chalicelib.services.call_keys import known_call
from chalicelib.services.digest import digest, of_call
from chalicelib.services.pages import Page, page_of

if TYPE_CHECKING:
    from chalicelib.queue.limit_room import LimitRoom
    from chalicelib.services.admission import Admission
    from chalicelib.services.batch_work import BatchWork
    from chalicelib.services.payloads import Payloads
    from chalicelib.services.submitter import Submitter
    from chalicelib.store.batches import BatchStore


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A validated submission."""

    name: str
    jobs: Sequence[NewJob]
    callbacks: Mapping[Callback, JobTemplate]
    key: str | None = None
    traceparent: str | None = None


Counts = Mapping[JobStatus, int]


class BatchService:
    """Use cases of HTTP. For a caller, batches that the caller may not see do not exist."""

    def __init__(
        self,
        *,
        store: BatchStore,
        work: BatchWork,
        admission: Admission,
        limit_room: LimitRoom,
        submitter: Submitter,
        payloads: Payloads,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._store = store
        self._work = work
        self._admission = admission
        self._limit_room = limit_room
        self._submitter = submitter
        self._payloads = payloads
        self._clock = clock
        self._ids = ids

    # --- submit ----------------------------------------------------------------------------------------------
    def create(self, principal: Principal, new: NewBatch, trace_id: str) -> tuple[Batch, bool]:
        """Record all jobs of a batch, then let them run; return it, and whether this call submitted it.

        A call with the key of one that died continues it. Raises ``Forbidden``, ``InvalidInput`` (task, payload),
        ``IdempotencyMismatch``, the errors of ``Admission.admit``, ``TooManyLimitKeys``, ``Conflict`` if it took
        so long that it was undone.
        """
        if not principal.may_write(Scope.OWN):
            raise Forbidden("Your role may not create jobs")
        specs = self._check(new)
        called = of_call(
            new.jobs, [new.name, {name.value: digest(job.new_job()) for name, job in new.callbacks.items()}]
        )
        batch = known_call(self._store, principal.user_id, new.key, called, self._clock.now())
        if batch is not None and batch.status is not BatchStatus.SUBMITTING:
            return batch, False
        fresh = batch is None
        batch = batch or self._new(principal, new, trace_id, called)
        members = self._members(batch, new, specs)
        self._limit_room.check(principal.tenant_id, members)
        self._admission.admit(principal.user_id, principal.tenant_id, members)
        if fresh and not self._store.insert(batch):
            return self.create(principal, new, trace_id)  # a call with the same key was faster
        self._work.fill(batch, members)
        self._work.run(batch)
        return self._store.get(batch.id) or batch, True

    def _check(self, new: NewBatch) -> list[TaskSpec]:
        """Check all jobs against the catalogue; errors name the place."""
        specs = []
        for n, job in enumerate(new.jobs):
            specs.append(self._checked(job.task, job.payload, f"jobs.{n}"))
        for name, template in new.callbacks.items():
            field = {Callback.ON_COMPLETE: "onComplete", Callback.ON_SUCCESS: "onSuccess"}[name]
            self._checked(template.task, template.payload, field)
        return specs

    def _checked(self, task: str, payload: str, at: str) -> TaskSpec:
        try:
            return self._payloads.check(task, payload)
        except InvalidInput as error:
            raise InvalidInput(str(error), f"{at}.{error.field}" if error.field else at) from None

    def _new(self, principal: Principal, new: NewBatch, trace_id: str, digest: str) -> Batch:
        now = self._clock.now()
        return Batch(
            id=self._ids.object_id(),
            tenant_id=principal.tenant_id,
            owner_id=principal.user_id,
            name=new.name,
            total=len(new.jobs),
            created_at=now,
            updated_at=now,
            trace_id=trace_id,
            callbacks=new.callbacks,
            key=new.key,
            digest=digest,
            api_key=principal.key_id,
            traceparent=new.traceparent,
        )

    def _members(self, batch: Batch, new: NewBatch, specs: Sequence[TaskSpec]) -> list[Job]:
        """Return the jobs of a batch, blocked until it runs."""
        submission_id = self._submitter.new_submission_id()
        followers = (Follower(batch.id, FOLLOWER_KIND),)
        return [
            new_job(
                job,
                spec,
                job_id=batch.member_id(n),
                tenant_id=batch.tenant_id,
                owner_id=batch.owner_id,
                trace_id=batch.trace_id,
                now=batch.created_at,
                submission_id=submission_id,
                api_key=batch.api_key,
                traceparent=batch.traceparent,
            ).with_(status=JobStatus.BLOCKED, batch=batch.id, followers=followers)
            for n, (job, spec) in enumerate(zip(new.jobs, specs, strict=True))
        ]

    # --- read ------------------------------------------------------------------------------------------------
    def get(self, principal: Principal, batch_id: str) -> tuple[Batch, Counts]:
        """Return a batch with its progress. Raises ``NotFound`` if there is none that ``principal`` may see."""
        batch = self._store.get(batch_id)
        if batch is None or batch.status is BatchStatus.UNDONE:
            raise NotFound("There is no such batch")
        if not principal.may_read(principal.scope_of(batch.tenant_id, batch.owner_id)):
            raise NotFound("There is no such batch")
        return batch, self.progress([batch])[batch.id]

    def page(
        self,
        principal: Principal,
        whose: Whose,
        after: str | None,
        limit: int,
        *,
        backwards: bool = False,
        status: BatchStatus | None = None,
    ) -> Page[Batch]:
        """Return batches, the newest first, after the one with an id, or before it; only those in ``status``."""
        read = partial(self._store.page, visibility(principal, whose), status=status)
        return page_of(read, after, limit, backwards=backwards)

    def progress(self, batches: Sequence[Batch]) -> dict[str, Counts]:
        """Return the jobs of each batch by state: as they are now, or as they were at its end."""
        running = [batch.id for batch in batches if batch.counts is None]
        now = self._store.counts(running) if running else {}
        return {batch.id: now.get(batch.id, {}) if batch.counts is None else batch.counts for batch in batches}

    def of_maps(self, job_ids: Collection[str]) -> dict[str, tuple[Batch, Counts]]:
        """Return the batches of maps, with their progress, by the ids of the nodes' jobs; absent: not begun."""
        batches = self._store.get_many(job_ids) if job_ids else []
        progress = self.progress(batches)
        return {batch.id: (batch, progress[batch.id]) for batch in batches}

    # --- change ----------------------------------------------------------------------------------------------
    def cancel(self, principal: Principal, batch_id: str) -> tuple[Batch, Counts]:
        """Cancel the open jobs of a batch; running ones are asked to stop. Raises ``Conflict`` if it has ended."""
        batch, _ = self.get(principal, batch_id)
        if not principal.may_write(principal.scope_of(batch.tenant_id, batch.owner_id)):
            raise Forbidden("Your role may not change this batch")
        if not self._store.request_cancel(batch, self._clock.now()):
            raise Conflict("The batch has ended")
        self._work.carry_on(batch_id)
        return self.get(principal, batch_id)
