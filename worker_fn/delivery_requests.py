"""The requests of deliveries of webhooks. With the HTTP client, so a worker loads this for its first delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.clock import Clock
from chalicelib.domain.retry import DoNotRetry, Retry
from chalicelib.domain.webhooks import MAX_ANSWER_BYTES, TIMEOUT_S, DeliveryAttempt
from chalicelib.settings import Settings
from chalicelib.telemetry.logger import Log
from worker_fn.http.addresses import GuardedResolver, system_lookup
from worker_fn.http.request import Request, fetch

if TYPE_CHECKING:
    from chalicelib.services.webhook_sending import Sending
    from worker_fn.tracing import WorkerTracing


class DeliveryRequests:
    """Sends them, and records a span of each where its job is traced."""

    def __init__(self, settings: Settings, clock: Clock, log: Log, tracing: WorkerTracing | None) -> None:
        self._allow_private = settings.http_allow_private
        self._clock = clock
        self._log = log
        self._tracing = tracing

    async def send(self, sending: Sending) -> DeliveryAttempt:
        """Return how the request ended, also if it failed."""
        given = sending.delivery.traceparent
        traced = self._tracing.child_of(given) if self._tracing is not None else None
        if self._tracing is None or traced is None:
            return await self._request(sending, given)
        parent, context = traced
        attempt = await self._request(sending, context.traceparent)
        self._tracing.delivery(context, parent, sending.webhook.id, attempt)
        return attempt

    async def _request(self, sending: Sending, traceparent: str | None) -> DeliveryAttempt:
        body = sending.delivery.body.encode()
        headers = {**sending.headers, "traceparent": traceparent} if traceparent else sending.headers
        request = Request(
            "POST", sending.webhook.url, headers, body, TIMEOUT_S, MAX_ANSWER_BYTES, follow_redirects=False
        )
        at, began = self._clock.now(), self._clock.monotonic()

        def ended(**fields: Any) -> DeliveryAttempt:
            return DeliveryAttempt(at, int((self._clock.monotonic() - began) * 1000), **fields)

        try:
            answer = await fetch(request, GuardedResolver(system_lookup, allow_private=self._allow_private))
        except (Retry, DoNotRetry) as error:
            return ended(error=str(error)[:500])
        except Exception as error:
            self._log.error("a delivery failed", event="delivery_failed", exc_info=True)
            return ended(error=type(error).__name__)
        return ended(status=answer.status, answer=answer.body.decode(errors="replace"))
