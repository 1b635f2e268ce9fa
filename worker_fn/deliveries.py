"""Sends deliveries of webhooks, beside the jobs, on a thread of its own with an event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from chalicelib.domain.clock import Clock
from chalicelib.settings import Settings
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.services.webhook_events import WebhookEvents
    from chalicelib.services.webhook_sending import Sending, WebhookSending
    from worker_fn.delivery_requests import DeliveryRequests
    from worker_fn.tracing import WorkerTracing

T = TypeVar("T")
#: How often a worker looks for deliveries that others made.
LOOK_S: Final = 2.0
#: An idle worker waits for a delivery that is due within this time.
SOON_S: Final = 6.0


class DeliveryThread:
    """Requests run concurrently on the event loop; the databases are called on one more thread.

    ``on_idle`` is called when nothing is sent, or due soon: the worker may leave.
    """

    def __init__(
        self, sending: WebhookSending, events: WebhookEvents, settings: Settings, clock: Clock, log: Log,
        on_idle: Callable[[], object], tracing: WorkerTracing | None = None,
    ) -> None:  # fmt: skip
        self._sending = sending
        self._events = events
        self._settings = settings
        self._clock = clock
        self._log = log
        self._on_idle = on_idle
        self._tracing = tracing
        #: Time limit of one request.
        self.timeout_s: Final = sending.timeout_s
        self._running: dict[asyncio.Task[None], Sending] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._closing = False
        #: Whether nothing is sent, or due soon.
        self.is_idle = False
        self._database = ThreadPoolExecutor(1, "deliveries-db")
        self._thread = threading.Thread(target=self._run, name="deliveries", daemon=True)

    def start(self) -> None:
        """Start the thread, which looks for deliveries that are due."""
        self._usual = self._events.on_due
        self._events.on_due = self.look
        self._thread.start()

    def look(self) -> None:
        """Look for deliveries that are due now. May be called from any thread."""
        self.is_idle = False
        if self._loop is not None:
            with suppress(RuntimeError):  # the thread has ended
                self._loop.call_soon_threadsafe(self._wake.set)

    def close(self, timeout_s: float) -> None:
        """Send what is due by now, for up to ``timeout_s``. What has not ended by then is sent again."""
        if not self._thread.is_alive() and self._loop is None:
            return
        self._closing = True
        self._events.on_due = self._usual
        self.look()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception:
            self._log.error("deliveries are left to other workers", event="deliveries_failed", exc_info=True)
        finally:
            self.is_idle = True
            self._database.shutdown(wait=False)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        going = True
        while going:
            going = not self._closing
            self._wake.clear()
            try:
                for each in await self._call(self._sending.take, [*self._running.values()]):
                    self._begin(each)
                self.is_idle = not self._running and not self._wake.is_set() and not await self._call(self._is_soon)
            except Exception as error:
                self.is_idle = not self._running
                self._log.warning(
                    "deliveries will be looked for again", event="deliveries_late", error=repr(error)[:500]
                )
            if self.is_idle:
                self._on_idle()
            if going:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), LOOK_S)
        if self._running:
            await asyncio.wait(self._running)

    def _is_soon(self) -> bool:
        at = self._sending.next_at()
        return at is not None and (at - self._clock.now()).total_seconds() < SOON_S

    def _begin(self, sending: Sending) -> None:
        task = asyncio.create_task(self._send(sending))
        self._running[task] = sending
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._wake.set()

    async def _send(self, sending: Sending) -> None:
        attempt = await self._requests.send(sending)
        try:
            await self._call(self._sending.done, sending, attempt)
        except Exception as error:
            self._log.warning(
                "an attempt was not recorded; the delivery is sent again", event="delivery_unrecorded",
                deliveryId=sending.delivery.id, error=repr(error)[:500],
            )  # fmt: skip

    @cached_property
    def _requests(self) -> DeliveryRequests:
        # imported on first use: takes 0.2 s and 8 MB, which workers without deliveries save
        from worker_fn.delivery_requests import DeliveryRequests  # noqa: PLC0415

        return DeliveryRequests(self._settings, self._clock, self._log, self._tracing)

    async def _call(self, function: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._database, function, *args)
