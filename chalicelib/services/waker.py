"""Invokes workers, connection managers and the ticker when something waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.pools import DEFAULT_POOL
from chalicelib.errors import QueueClosed
from chalicelib.settings import Settings
from chalicelib.telemetry.logger import Log

if TYPE_CHECKING:
    from chalicelib.aws.functions import Functions
    from chalicelib.queue.connections import ConnectionRegistry
    from chalicelib.queue.fleet import Fleet

#: How often a process that serves requests checks the queue.
CHECK_EVERY_S: Final = 2.0


class Waker:
    """Invokes functions. A failure is logged, not raised: jobs are recorded, and the next minute's tick tries again."""

    def __init__(
        self,
        *,
        fleet: Fleet,
        registry: ConnectionRegistry,
        functions: Callable[[], Functions],
        settings: Settings,
        clock: Clock,
        log: Log,
    ) -> None:
        self._fleet = fleet
        self._registry = registry
        self._functions = functions
        self._settings = settings
        self._clock = clock
        self._log = log
        self._checked_at = float("-inf")
        self._sender_woken_at = float("-inf")

    def wake_worker(self, source: str = "wake_up", pool: str = DEFAULT_POOL) -> None:
        """Invoke a worker of a pool. ``source`` says why in its log.

        The default pool's function serves a pool that is not deployed, and gets its name.
        """
        event = {"source": source} if self._settings.has_pool(pool) else {"source": source, "pool": pool}
        try:
            self._functions().invoke_async(self._settings.function_of(pool), event)
        except Exception as error:
            self._log.warning("could not wake a worker", event="wake_failed", pool=pool, error=repr(error))

    def wake_workers(self, pools: Iterable[str]) -> None:
        """Invoke a worker of each pool."""
        for pool in pools:
            self.wake_worker(pool=pool)

    def wake_sender(self) -> None:
        """Invoke a worker to send deliveries of webhooks, at most once in ``CHECK_EVERY_S``: workers that run look as
        often.
        """
        now = self._clock.monotonic()
        if now >= self._sender_woken_at + CHECK_EVERY_S:
            self._sender_woken_at = now
            self.wake_worker("webhooks")

    def wake_ticker(self) -> None:
        """Invoke the ticker, which ends at once if another runs."""
        try:
            self._functions().invoke_async(self._settings.ticker_function, {"source": "wake_up"})
        except Exception as error:
            self._log.warning("could not wake a ticker", event="wake_failed", error=repr(error))

    def wake_manager(self, shard: int) -> None:
        """Invoke the connection manager of a shard."""
        try:
            payload = {"source": "connect", "shard": shard}
            self._functions().invoke_async(self._settings.connection_manager_function, payload)
        except Exception as error:
            self._log.warning(
                "could not wake a connection manager", event="wake_failed", shard=shard, error=repr(error)
            )

    def wake_managers(self) -> int:
        """Invoke a manager for each shard that has connections and no manager; return how many. Cheap."""
        woken = [shard for shard in self._registry.unattended() if self._registry.may_wake(shard)]
        for shard in woken:
            self.wake_manager(shard)
        return len(woken)

    def check(self) -> bool:
        """Invoke missing managers, and a worker if jobs wait that none serves; return whether a worker was needed.

        Safe to call often. Raises ``RedisError``.
        """
        self.wake_managers()
        try:
            pools = self._fleet.needs_worker()
        except QueueClosed:
            pools = (DEFAULT_POOL,)
        self.wake_workers(pools)
        return bool(pools)

    def check_often(self) -> None:
        """Call ``check``, at most once in ``CHECK_EVERY_S``; never raises. For processes that serve requests."""
        now = self._clock.monotonic()
        if now < self._checked_at + CHECK_EVERY_S:
            return
        self._checked_at = now
        try:
            self.check()
        except Exception as error:
            self._log.debug("could not check the queue", event="notice_failed", error=repr(error))
