"""Does what must follow ends of jobs: unblock a dependent job, tell a batch, send a webhook.

An end is written together with the entries of its outbox. Once the end was published, whoever ended the job has them
done here; ``services.maintenance.outbox`` does what a crash left. So each entry is done at least once, and a handler
must change nothing when it is called again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.jobs import Job, OutboxEntry
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.store.outbox import OutboxStore


class Handler(Protocol):
    """Does entries of one kind."""

    def __call__(self, job: Job, entry: OutboxEntry) -> None:
        """Do ``entry`` of ``job``, which ended; safe to repeat, and at the same time as another process.

        ``job`` is as its end was written, but may lack its heavy fields. What it raises leaves the entry to the sweep.
        """
        ...


class Dispatcher:
    """Calls the handlers, and takes away what is done. An entry of a kind without handler stays for a newer version."""

    def __init__(self, store: OutboxStore, log: Log) -> None:
        self._store = store
        self._log = log
        #: By kind.
        self.handlers: dict[str, Handler] = {}

    def dispatch(self, jobs: Iterable[Job]) -> int:
        """Do what must follow the ends of ``jobs``, which are published; how many entries were done. Never fails."""
        return sum(self._do(job, entry) for job in jobs for entry in job.outbox)

    def _do(self, job: Job, entry: OutboxEntry) -> bool:
        handler = self.handlers.get(entry.kind)
        if handler is None:
            return False
        try:
            handler(job, entry)
            self._store.remove(job.id, entry)
        except Exception as error:
            self._log.warning(
                "what follows an end will be done later",
                event="outbox_late",
                jobId=job.id,
                traceId=job.trace_id,
                kind=entry.kind,
                error=repr(error)[:500],
            )
            return False
        return True
