"""The clients: ``AsyncClient`` for asyncio, ``Client`` for everything else. They have the same calls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

import httpx2

from queuecraft_client._blocking import Blocking, blocking, blocking_iterator, run
from queuecraft_client._io import AsyncIo, BlockingIo, Io
from queuecraft_client._session import Config, Session
from queuecraft_client._stream import Stream
from queuecraft_client.models import JobDetail, StreamEvent
from queuecraft_client.options import Ref, Scope
from queuecraft_client.resources.alerts import Alerts, AsyncAlerts
from queuecraft_client.resources.batches import AsyncBatches, Batches
from queuecraft_client.resources.comments import AsyncComments, Comments
from queuecraft_client.resources.dlq import AsyncDlq, Dlq
from queuecraft_client.resources.jobs import WAIT_S, AsyncJobs, Jobs
from queuecraft_client.resources.operations import AsyncOperations, Operations
from queuecraft_client.resources.pauses import AsyncPauses, Pauses
from queuecraft_client.resources.queues import AsyncLimits, AsyncQueues, Limits, Queues
from queuecraft_client.resources.schedules import AsyncSchedules, Schedules
from queuecraft_client.resources.webhooks import AsyncWebhooks, Webhooks
from queuecraft_client.resources.workflows import AsyncWorkflows, Workflows


class _Calls:
    """All calls, over whatever I/O."""

    def __init__(self, io: Io, config: Config) -> None:
        self._session = Session(io, config)
        self.jobs = AsyncJobs(self._session)
        self.dlq = AsyncDlq(self._session)
        self.queues = AsyncQueues(self._session)
        self.limits = AsyncLimits(self._session)
        self.schedules = AsyncSchedules(self._session)
        self.batches = AsyncBatches(self._session)
        self.workflows = AsyncWorkflows(self._session)
        self.operations = AsyncOperations(self._session)
        self.pauses = AsyncPauses(self._session)
        self.alerts = AsyncAlerts(self._session)
        self.webhooks = AsyncWebhooks(self._session)
        self.comments = AsyncComments(self._session)

    async def wait(self, job: Ref, *, timeout: float = WAIT_S) -> JobDetail:
        """Wait until a job has completed, as ``client.jobs.wait``."""
        return await self.jobs.wait(job, timeout=timeout)

    def stream(
        self, *, scope: Scope = "own", since: str | None = None, timeout: float | None = None
    ) -> AsyncIterator[StreamEvent]:
        """Iterate over events as they happen, for ``timeout`` seconds or without end.

        ``since``: the id of the last event known; by default only new ones come. A lost connection is resumed behind
        the last event. An event of the type ``resync`` says that events before it are missing: read again over HTTP.
        """
        return Stream(self._session, scope, since, timeout).events()


class AsyncClient(_Calls):
    """A client for asyncio.

    It logs in with ``email`` and ``password`` when it is first used, and again when the session ends; or it sends
    ``token``. ``timeout``: seconds for one answer. ``retries``: how often a call is repeated that was refused for a
    while or got no answer, if that is safe. ``ws_url``: where events come from, if not from where the API says.
    ``transport``: of httpx2, for proxies, certificates or tests. Raises ``ValueError`` for what does not fit together.

    Use it as a context manager, or call ``aclose``. It may be used by any number of tasks of one event loop.
    """

    def __init__(
        self,
        url: str,
        *,
        email: str | None = None,
        password: str | None = None,
        token: str | None = None,
        timeout: float = 30.0,
        retries: int = 4,
        ws_url: str | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        config = Config(url, email, password, token, timeout, retries, ws_url)
        super().__init__(AsyncIo(transport), config)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.io.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.aclose()


class Client(Blocking[_Calls]):
    """A client whose calls block; its parameters are those of ``AsyncClient``.

    Use it as a context manager, or call ``close``. It may be used by any number of threads.
    """

    def __init__(
        self,
        url: str,
        *,
        email: str | None = None,
        password: str | None = None,
        token: str | None = None,
        timeout: float = 30.0,
        retries: int = 4,
        ws_url: str | None = None,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        config = Config(url, email, password, token, timeout, retries, ws_url)
        self._io = BlockingIo(transport)
        super().__init__(_Calls(self._io, config))
        self.jobs = Jobs(self._core.jobs)
        self.dlq = Dlq(self._core.dlq)
        self.queues = Queues(self._core.queues)
        self.limits = Limits(self._core.limits)
        self.schedules = Schedules(self._core.schedules)
        self.batches = Batches(self._core.batches)
        self.workflows = Workflows(self._core.workflows)
        self.operations = Operations(self._core.operations)
        self.pauses = Pauses(self._core.pauses)
        self.alerts = Alerts(self._core.alerts)
        self.webhooks = Webhooks(self._core.webhooks)
        self.comments = Comments(self._core.comments)

    wait = blocking(_Calls.wait)
    stream = blocking_iterator(_Calls.stream)

    def close(self) -> None:
        """Close the connections."""
        run(self._io.close())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()
