"""The outbox: what must follow the end of a job, such as to unblock a dependent job or send a webhook.

An end is written together with the entries of its outbox. When the end is published, the process that ended the job
dispatches them here; ``services.maintenance.outbox`` handles what a crash left. So each entry is handled at least once,
and a handler must change nothing when it is called again.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.jobs import Job, JobStatus, OutboxEntry
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.services.successors import Successors
    from chalicelib.store.outbox import OutboxStore


class Handler(Protocol):
    """Handles entries of one kind."""

    def __call__(self, job: Job, entry: OutboxEntry) -> None:
        """Handle ``entry`` of ``job``, which ended. Must be safe to repeat, also at the same time in another process.

        ``job`` is as its end was written, but may lack its heavy fields. After an exception the sweep tries again.
        """
        ...


class GroupHandler(Protocol):
    """Handles entries of one kind together: all that one step of the dispatcher has."""

    def __call__(self, entries: Sequence[tuple[Job, OutboxEntry]]) -> None:
        """Handle entries of jobs that ended. As ``Handler``; after an exception all of them are tried again."""
        ...


class _Pending(threading.local):
    """What a thread has to dispatch after its present step; ``None`` if it dispatches nothing."""

    waiting: deque[Job] | None = None


class Dispatcher:
    """Calls the handlers and removes handled entries. An entry of a kind without handler stays for a newer version."""

    def __init__(self, store: OutboxStore, successors: Successors, log: Log) -> None:
        self._store = store
        self._successors = successors
        self._log = log
        #: Handlers by kind.
        self.handlers: dict[str, Handler] = {}
        self.group_handlers: dict[str, GroupHandler] = {}
        #: Called with jobs that were suspended: their waits may be over by now.
        self.on_suspended: Callable[[Sequence[str]], object] = lambda job_ids: None
        self._thread = _Pending()

    def dispatch(self, jobs: Iterable[Job]) -> int:
        """Handle the outboxes of ``jobs``, which are published; return how many entries were done. Never raises.

        A handler may end further jobs and dispatch these: their turn comes after it, so that a long chain of jobs that
        are skipped does not nest as deeply.

        Jobs that waited for the end of one of them become due; they need no entry, since they are found by their own
        records (``docs/decisions/096-unique-jobs.md``).
        """
        waiting = self._thread.waiting
        if waiting is not None:
            waiting.extend(jobs)
            return 0
        self._thread.waiting = waiting = deque(jobs)
        try:
            done = 0
            while waiting:
                published = [*waiting]
                waiting.clear()
                done += self._dispatch(published)
            return done
        finally:
            self._thread.waiting = None

    def _dispatch(self, published: list[Job]) -> int:
        try:
            self._successors.follow(published)
        except Exception as error:
            self._log.warning(
                "jobs that run after others will be released later", event="successors_late", error=repr(error)[:500]
            )
        self._look_at_suspended([job.id for job in published if job.status is JobStatus.WAITING])
        entries = [(job, entry) for job in published for entry in job.outbox]
        together: dict[str, list[tuple[Job, OutboxEntry]]] = {}
        for job, entry in entries:
            if entry.kind in self.group_handlers:
                together.setdefault(entry.kind, []).append((job, entry))
        done = sum(self._do(job, entry) for job, entry in entries if entry.kind not in together)
        return done + sum(self._do_all(kind, some) for kind, some in together.items())

    def _look_at_suspended(self, job_ids: Sequence[str]) -> None:
        try:
            if job_ids:
                self.on_suspended(job_ids)
        except Exception as error:
            self._log.warning("waiting jobs are left to the sweep", event="waits_late", error=repr(error)[:500])

    @property
    def kinds(self) -> list[str]:
        """The kinds that have a handler."""
        return [*self.handlers, *self.group_handlers]

    def _do_all(self, kind: str, entries: Sequence[tuple[Job, OutboxEntry]]) -> int:
        try:
            self.group_handlers[kind](entries)
            self._store.remove_all([(job.id, entry) for job, entry in entries])
        except Exception as error:
            self._log.warning(
                "outbox entries will be handled later", event="outbox_late", kind=kind, error=repr(error)[:500]
            )
            return 0
        return len(entries)

    def _do(self, job: Job, entry: OutboxEntry) -> bool:
        handler = self.handlers.get(entry.kind)
        if handler is None:
            return False
        try:
            handler(job, entry)
            self._store.remove(job.id, entry)
        except Exception as error:
            self._log.warning(
                "an outbox entry will be handled later",
                event="outbox_late",
                jobId=job.id,
                traceId=job.trace_id,
                kind=entry.kind,
                error=repr(error)[:500],
            )
            return False
        return True
