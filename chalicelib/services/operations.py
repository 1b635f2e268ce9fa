"""Operations of users on all jobs that match a filter: start, list, look at, cancel, and run in a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.filters import JobFilter, Visibility, Whose, visibility
from chalicelib.domain.jobs import MAX_PRIORITY, Job, NewJob
from chalicelib.domain.lifecycle import new_job
from chalicelib.domain.operations import MAX_OPEN, QUEUE, Operation, OperationKind
from chalicelib.domain.principals import Principal
from chalicelib.errors import Conflict, Forbidden, NotFound, QueueCraftError, TooManyOperations
from chalicelib.services.pages import Page, page_of

if TYPE_CHECKING:
    from chalicelib.services.cancellation import Cancellation
    from chalicelib.services.submitter import Submitter
    from chalicelib.services.tasks import Catalogue
    from chalicelib.store.jobs import JobStore
    from chalicelib.store.operations import OperationStore
    from chalicelib.store.users import UserStore

#: How often a cancellation is tried again if the job changed meanwhile.
RACES: Final = 5


@dataclass(frozen=True, slots=True)
class Running:
    """An operation, and its job; ``None`` once that was deleted."""

    operation: Operation
    job: Job | None


class Operations:
    """Use cases of HTTP. An operation is its owner's alone: others may see less than it touches."""

    def __init__(
        self,
        *,
        store: OperationStore,
        jobs: JobStore,
        submitter: Submitter,
        cancellation: Cancellation,
        catalogue: Catalogue,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._submitter = submitter
        self._cancellation = cancellation
        self._catalogue = catalogue
        self._clock = clock
        self._ids = ids

    def start(
        self,
        principal: Principal,
        kind: OperationKind,
        name: str,
        whose: Whose,
        wanted: JobFilter | None,
        trace_id: str,
        *,
        options: Mapping[str, Any],
        matched: int | None = None,
    ) -> Running:
        """Record an operation on the jobs that match by now, and submit its job, without the limits of a person.

        The caller has checked the rights. Raises ``TooManyOperations``, ``QueueClosed``.
        """
        self._check_room(principal.tenant_id)
        now, operation_id = self._clock.now(), self._ids.object_id()
        operation = Operation(
            id=operation_id,
            kind=kind,
            tenant_id=principal.tenant_id,
            owner_id=principal.user_id,
            name=name,
            whose=whose,
            # neither its own job nor what is submitted meanwhile
            wanted=None if wanted is None else replace(wanted, before_id=operation_id),
            created_at=now,
            trace_id=trace_id,
            options=options,
            matched=matched,
        )
        self._store.insert(operation)
        new = NewJob(name, task=kind.task, queue=QUEUE, priority=MAX_PRIORITY)
        job = new_job(
            new, self._catalogue.get_or_plain(kind.task), job_id=operation_id, tenant_id=operation.tenant_id,
            owner_id=operation.owner_id, trace_id=trace_id, now=now, submission_id=self._submitter.new_submission_id(),
        )  # fmt: skip
        self._submitter.submit([job])
        return Running(operation, job)

    def get(self, principal: Principal, operation_id: str) -> Running:
        """Return an operation of the caller. Raises ``NotFound``."""
        operation = self._store.get(operation_id)
        if operation is None or operation.owner_id != principal.user_id:
            raise NotFound("There is no such operation")
        return self._with_jobs([operation])[0]

    def page(
        self,
        principal: Principal,
        after: str | None,
        limit: int,
        *,
        backwards: bool = False,
        kind: OperationKind | None = None,
    ) -> Page[Running]:
        """Return operations of the caller, the newest first, after the one with an id, or before it."""
        read = partial(self._store.page, Visibility(None, principal.user_id), kind=kind)
        page = page_of(read, after, limit, backwards=backwards)
        return Page(self._with_jobs(page.items), page.after, page.before)

    def cancel(self, principal: Principal, operation_id: str) -> Running:
        """Cancel an operation; what it has done stays. Raises ``Conflict`` if it has ended, ``NotFound``."""
        for _ in range(RACES):
            running = self.get(principal, operation_id)
            if running.job is None or not running.job.status.is_open:
                raise Conflict("The operation has ended")
            result = self._cancellation.cancel([running.job]).get(operation_id)
            if isinstance(result, Job):
                return Running(running.operation, result)
            if isinstance(result, QueueCraftError):
                raise result
        raise Conflict("The operation keeps changing; try again")

    def _with_jobs(self, operations: list[Operation]) -> list[Running]:
        jobs, _ = self._jobs.get_many([each.id for each in operations]) if operations else ([], {})
        found = {job.id: job for job in jobs}
        return [Running(each, found.get(each.id)) for each in operations]

    def _check_room(self, tenant_id: str) -> None:
        """Raise ``TooManyOperations`` if the tenant has as many as allowed; close those whose jobs have ended."""
        open_ids = self._store.open(tenant_id, MAX_OPEN)
        if len(open_ids) < MAX_OPEN:
            return
        jobs, _ = self._jobs.get_many(open_ids, light=True)
        going = {job.id for job in jobs if job.status.is_open}
        over = [each for each in open_ids if each not in going]
        for each in over:
            self._store.end(each, None)
        if not over:
            raise TooManyOperations(f"At most {MAX_OPEN} operations of a workspace run at the same time")


class OperationRuns:
    """What the worker needs to run an operation, with the rights that its owner has by then."""

    def __init__(self, store: OperationStore, users: UserStore) -> None:
        self._store = store
        self._users = users

    def begin(self, operation_id: str, *, to_change: bool) -> tuple[Operation, Principal, Visibility]:
        """Return an operation, its owner, and the jobs within reach.

        Raises ``NotFound`` if the owner, or the operation, is gone; ``Forbidden`` if the owner's role changed.
        """
        operation = self._store.get(operation_id)
        if operation is None:
            raise NotFound("There is no such operation")
        user = self._users.get(operation.owner_id, operation.tenant_id)
        if user is None:
            raise Forbidden("Who asked for this is no member of the workspace any more")
        return operation, user.principal, visibility(user.principal, operation.whose, to_change=to_change)

    def reach(self, operation: Operation, reached: Mapping[str, Any]) -> None:
        """Note how far an operation is: another attempt continues there."""
        self._store.reach(operation.id, reached)

    def end(self, operation: Operation, outcome: Mapping[str, Any]) -> None:
        """Note what an operation did."""
        self._store.end(operation.id, outcome)
