"""Batches: submit, read, cancel, wait."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any, Unpack

from queuecraft_client import _body
from queuecraft_client._blocking import Blocking, blocking, blocking_iterator
from queuecraft_client._request import Request, one
from queuecraft_client._session import Session, new_key
from queuecraft_client._waiting import until_ended
from queuecraft_client.errors import BatchNotCompleted
from queuecraft_client.models import Batch, BatchStatus, Job
from queuecraft_client.options import Callback, JobList, NewBatchJob, Ref, WhoseOptions, id_of
from queuecraft_client.resources.jobs import WAIT_S, job_body


class AsyncBatches:
    """``client.batches``. A batch is named by its id or by what a call returned."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def submit(
        self,
        name: str,
        jobs: Iterable[NewBatchJob],
        *,
        on_complete: Callback | None = None,
        on_success: Callback | None = None,
        idempotency_key: str | None = None,
    ) -> Batch:
        """Submit up to 10,000 jobs that belong together.

        ``on_complete`` is submitted when all have ended, ``on_success`` if all completed. A call whose answer is lost
        is repeated under one idempotency key, and continued where it stopped.
        """
        body: dict[str, Any] = {"name": name, "jobs": [job_body(job) for job in jobs]}
        if on_complete is not None:
            body["onComplete"] = job_body(on_complete)
        if on_success is not None:
            body["onSuccess"] = job_body(on_success)
        asked = Request("POST", "/batches", one(Batch, "batch"), body=body, key=idempotency_key or new_key())
        return await self._session.send(asked)

    async def get(self, batch: Ref) -> Batch:
        """Return a batch with its progress. Raises ``NotFound``."""
        return await self._session.send(_batch(batch))

    def list(self, *, limit: int | None = None, **options: Unpack[WhoseOptions]) -> AsyncIterator[Batch]:
        """Iterate over batches, newest first, at most ``limit``."""
        return self._session.pages(Batch, "/batches", "batches", options, limit)

    def jobs(self, batch: Ref, /, *, limit: int | None = None, **options: Unpack[JobList]) -> AsyncIterator[Job]:
        """Iterate over the jobs of a batch, newest first, at most ``limit``."""
        return self._session.pages(Job, "/job", "jobs", {**options, "batch": batch}, limit)

    async def cancel(self, batch: Ref) -> Batch:
        """Cancel the open jobs of a batch; its callbacks are not submitted. Raises ``Conflict`` if it has ended."""
        return await self._session.send(
            Request("POST", _body.path("batches", id_of(batch), "cancel"), one(Batch, "batch"))
        )

    async def wait(self, batch: Ref, *, timeout: float = WAIT_S) -> Batch:
        """Wait until all jobs of a batch have completed.

        Raises ``BatchNotCompleted`` if one did not, and ``WaitTimeout`` after ``timeout`` seconds.
        """
        done = await until_ended(self._session, _batch(batch), id_of(batch), timeout)
        if done.status != BatchStatus.COMPLETED:
            raise BatchNotCompleted(done)
        return done


class Batches(Blocking[AsyncBatches]):
    """``client.batches``. A batch is named by its id or by what a call returned."""

    submit = blocking(AsyncBatches.submit)
    get = blocking(AsyncBatches.get)
    list = blocking_iterator(AsyncBatches.list)
    jobs = blocking_iterator(AsyncBatches.jobs)
    cancel = blocking(AsyncBatches.cancel)
    wait = blocking(AsyncBatches.wait)


def _batch(batch: Ref) -> Request[Batch]:
    return Request("GET", _body.path("batches", id_of(batch)), one(Batch, "batch"))
