"""Lets jobs run, or skips them, once the jobs that they wait for have ended.

There is no counter that could drift: whoever may have changed the answer asks the same question again, from the present
states of all needs (``domain.dependencies.judge``), and one compare-and-set moves the job. Both sides write and then
look. Whoever submits a dependent marks its needs, inserts it *blocked*, then looks at the needs; whoever ends a marked
job writes the end with an outbox entry, then looks for dependents. So one of them sees the other, and a crash is found
by the sweep (``services.maintenance.dependencies``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from chalicelib.domain.clock import Clock
from chalicelib.domain.dependencies import Decision, Need, Verdict, judge
from chalicelib.domain.events import moved
from chalicelib.domain.jobs import Job, JobStatus, OutboxEntry
from chalicelib.domain.lifecycle import mapped, skipped, unblocked, unrunnable
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.queue.intents import Intent, IntentKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalicelib.domain.principals import Principal
    from chalicelib.queue.engine import Engine
    from chalicelib.services.outbox import Dispatcher
    from chalicelib.services.waker import Waker
    from chalicelib.store.dependencies import DependencyStore, Known
    from chalicelib.store.jobs import JobStore

#: Dependents handled in one step.
PAGE: Final = 200
#: Dependents shown with a job.
MAX_SHOWN: Final = 100


class Related(NamedTuple):
    """A job beside another one. ``name`` is ``None`` if the caller may not read it, ``status`` if it was deleted."""

    id: str
    name: str | None
    status: JobStatus | None


class Relations(NamedTuple):
    """For what a job waits, or waited, and what waits, or waited, for it."""

    needs: list[Related]
    dependents: list[Related]
    #: Whether there are more dependents than are listed.
    has_more: bool


class Prepared(NamedTuple):
    """What becomes of jobs that may run by their needs; nodes of workflows need more than these."""

    #: To run, with resolved payloads.
    ready: list[Job]
    #: Those that cannot be run, and why.
    failed: list[tuple[Job, str]]
    #: Maps whose jobs all completed, with the result as JSON text, ``None`` if it is too large.
    done: list[tuple[Job, str | None]]


def as_they_are(jobs: Sequence[Job]) -> Prepared:
    """Return jobs that need no preparation."""
    return Prepared([*jobs], [], [])


class Resolved(NamedTuple):
    """Jobs as they are after the question was asked and the answer was written."""

    #: Those that may run now.
    free: list[Job]
    #: Those that were skipped, and nodes of workflows that cannot be run, or need not.
    ended: list[Job]
    #: Those that wait on, or were moved by another process meanwhile, as they were.
    left: list[Job]


class Dependencies:
    """Asks whether blocked jobs may run. Safe to repeat, and in several processes at once."""

    def __init__(
        self,
        *,
        engine: Engine,
        store: DependencyStore,
        jobs: JobStore,
        dispatcher: Dispatcher,
        waker: Waker,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._store = store
        self._jobs = jobs
        self._dispatcher = dispatcher
        self._waker = waker
        self._clock = clock
        #: Prepares jobs that may run by their needs.
        self.prepare: Callable[[Sequence[Job]], Prepared] = as_they_are

    # --- submission ------------------------------------------------------------------------------------------
    def check(self, principal: Principal, jobs: Iterable[Job], order: Sequence[str]) -> None:
        """Raise ``InvalidInput`` if a job depends on one that does not exist, or that the caller may not read.

        ``order`` has the ids of all jobs of the call, to name the field.
        """
        dependents = [job for job in jobs if job.depends_on]
        if not dependents:
            return
        known = self._store.known({need for job in dependents for need in job.depends_on})
        for job in dependents:
            for n, need in enumerate(job.depends_on):
                found = known.get(need)
                if found is None or not principal.may_read(principal.scope_of(found.tenant_id, found.owner_id)):
                    at = f"jobs.{order.index(job.id)}." if len(order) > 1 else ""
                    raise InvalidInput(f"There is no job {need}", f"{at}dependsOn.{n}")

    def check_unneeded(self, job: Job) -> None:
        """Raise ``Conflict`` if an open job depends on ``job``, which therefore cannot be deleted."""
        if job.has_dependents and self._store.needed([job.id]):
            raise Conflict("A job that has not ended depends on this one; cancel that first")

    def mark(self, jobs: Sequence[Job]) -> None:
        """Mark the needs of new ``jobs``, before these are inserted."""
        needs = {need for job in jobs for need in job.depends_on}
        if needs:
            self._store.mark(needs)

    def resolve(self, jobs: Sequence[Job], *, permitted: bool) -> Resolved:
        """Ask about blocked jobs, and write the answers. The caller tells the queue.

        ``permitted``: the enqueue permits of new jobs are noted, so a crash after the write is found by them.
        """
        may_run, ends = self._judge(jobs)
        prepared = self.prepare(may_run) if may_run else as_they_are(())
        now = self._clock.now()
        ends += [unrunnable(job, now, why) for job, why in prepared.failed]
        ends += [mapped(job, now, result) for job, result in prepared.done]
        if not prepared.ready and not ends:
            return Resolved([], [], list(jobs))
        notes = [Intent(job.id, IntentKind.UNBLOCK) for job in (*prepared.ready, *ends)]
        if not permitted:
            self._engine.intend(notes)
        due = [job for job in prepared.ready if job.run_at is None or job.run_at <= now]
        places = dict(zip((job.id for job in due), self._engine.reserve(due), strict=True))
        free = [unblocked(job, now, place=places.get(job.id, True)) for job in prepared.ready]
        written = [job for job in self._jobs.advance([(job.rev - 1, job) for job in (*free, *ends)]) if job is not None]
        moved_ids = {job.id for job in written}
        lost = [note.text for note in notes if note.job_id not in moved_ids]
        if lost and not permitted:
            self._engine.clear_intents(lost)
        return Resolved(
            [job for job in written if job.status.is_open],
            [job for job in written if not job.status.is_open],
            [job for job in jobs if job.id not in moved_ids],
        )

    def _judge(self, jobs: Sequence[Job]) -> tuple[list[Job], list[Job]]:
        """Return the blocked jobs that may run by their needs, and those that are skipped, as they are then."""
        waiting = [job for job in jobs if job.status is JobStatus.BLOCKED and job.run_if is not None]
        states = self._store.states({need for job in waiting for need in job.depends_on})
        may_run: list[Job] = []
        gone: list[Job] = []
        for job in waiting:
            needs = [Need(need, states.get(need)) for need in job.depends_on]
            verdict = judge(job.run_if, needs) if job.run_if is not None else Verdict(Decision.WAIT)
            if verdict.decision is Decision.RUN:
                may_run.append(job)
            elif verdict.decision is Decision.SKIP:
                gone.append(skipped(job, self._clock.now(), verdict.why))
        return may_run, gone

    # --- read ------------------------------------------------------------------------------------------------
    def relations(self, principal: Principal, job: Job) -> Relations:
        """Return the needs of ``job`` in their order, and up to ``MAX_SHOWN`` dependents, those that ended first."""
        known = self._store.known(job.depends_on) if job.depends_on else {}
        found = self._store.known_dependents(job.id, MAX_SHOWN + 1) if job.has_dependents else []
        needs = [
            related(principal, known[need]) if need in known else Related(need, None, None) for need in job.depends_on
        ]
        return Relations(needs, [related(principal, each) for each in found[:MAX_SHOWN]], len(found) > MAX_SHOWN)

    # --- ends ------------------------------------------------------------------------------------------------
    def follow(self, job: Job, entry: OutboxEntry) -> None:
        """Ask about the open dependents of a job that ended. Raises ``QueueClosed`` and errors of the databases."""
        after: str | None = None
        while True:
            page = self._store.dependents(job.id, after, PAGE)
            self.release(page.jobs)
            if (after := page.last) is None:
                return

    def release(self, jobs: Sequence[Job]) -> int:
        """Ask about those of ``jobs`` that are blocked, and tell the queue; return how many were moved.

        Raises ``QueueClosed`` and errors of the databases.
        """
        waiting = [job for job in jobs if job.status is JobStatus.BLOCKED and job.run_if is not None]
        if not waiting:
            return 0
        found = self.resolve(waiting, permitted=False)
        if found.free:
            events = [moved(job, JobStatus.BLOCKED) for job in found.free]
            self._waker.wake_workers(self._engine.unblock(found.free, events).wake)
        if found.ended:
            self.publish_ends(found.ended)
        return len(found.free) + len(found.ended)

    def publish_ends(self, jobs: Sequence[Job]) -> None:
        """Tell the queue of blocked jobs that ended in MongoDB, and do what follows their ends."""
        self._engine.withdraw(jobs, [moved(job, JobStatus.BLOCKED) for job in jobs])
        self._dispatcher.dispatch(jobs)


def related(principal: Principal, known: Known) -> Related:
    """Return what ``principal`` may see of a job beside another one."""
    may_read = principal.may_read(principal.scope_of(known.tenant_id, known.owner_id))
    return Related(known.id, known.name if may_read else None, known.status)
