"""Runs connection managers in threads, and stands in for the service that invokes them."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import Any

from chalicelib.domain.connections import Connection
from chalicelib.domain.events import Event, EventType
from chalicelib.domain.principals import Principal, Role, Scope
from tests.container import Container
from tests.support import wait_until
from websocket_fn.manager import Manager, Timing, serve

QUICK = Timing(
    hold_s=0.05, linger_s=0.1, hand_over_s=30, give_up_s=1, invoke_again_s=5, succeed_s=5, look_s=0.005,
    sessions_s=3600, lapsed_s=0.1, recovery_s=3600, restart_s=0,
)  # fmt: skip


class Run:
    """One invocation of the connection manager."""

    def __init__(self, container: Container, event: dict[str, Any], timing: Timing) -> None:
        self.container = container
        self.event = event
        self.remaining_ms = 900_000
        self.outcome: dict[str, Any] | None = None
        self.error: BaseException | None = None
        self._timing = timing
        self._thread = threading.Thread(target=self._work, name="manager", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            self.outcome = serve(
                self.container,
                source=self.event["source"],
                shard=self.event.get("shard"),
                remaining_ms=lambda: self.remaining_ms,
                timing=self._timing,
            )
        except BaseException as error:
            self.error = error

    def join(self, within_s: float) -> None:
        """Wait for the end, whatever it is."""
        self._thread.join(within_s)

    def ended(self) -> str:
        """Wait for the end and tell its reason."""
        self.join(40)
        assert not self._thread.is_alive(), "the manager did not end"
        if self.error is not None:
            raise self.error
        assert self.outcome is not None
        return str(self.outcome["ended"])

    @property
    def running(self) -> bool:
        return self._thread.is_alive()


class CrashingRun:
    """A manager that can be stopped as by a crash: it tells nobody and keeps its lease."""

    def __init__(self, container: Container, timing: Timing = QUICK) -> None:
        self._loop = asyncio.new_event_loop()
        self.manager = Manager(container, 0, remaining_ms=lambda: 900_000, timing=timing)
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        assert self._started.wait(20)

    def _work(self) -> None:
        async def run() -> None:
            self._task = asyncio.current_task()
            self._started.set()
            await self.manager.run(succeed=False)

        try:
            self._loop.run_until_complete(run())
        except asyncio.CancelledError:
            pass
        finally:
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

    def terminate(self) -> None:
        self._loop.call_soon_threadsafe(self.manager.terminate)
        self._thread.join(30)
        assert not self._thread.is_alive()

    def crash(self) -> None:
        assert self._task is not None
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(30)
        assert not self._thread.is_alive()


class Invoker:
    """In place of the Lambda service: invokes connection managers, notes all other invocations."""

    def __init__(self, container: Container, timing: Timing = QUICK) -> None:
        self.container = container
        self.timing = timing
        self.runs: list[Run] = []
        self.noted: list[tuple[str, dict[str, Any]]] = []
        #: Off: invocations are noted only.
        self.works = True

    def invoke_async(self, name: str, payload: dict[str, Any]) -> None:
        self.noted.append((name, payload))
        if self.works and name == self.container.settings.connection_manager_function:
            self.runs.append(Run(self.container, payload, self.timing))

    def end(self) -> None:
        """Have every manager end."""
        self.works = False
        for run in self.runs:
            run.remaining_ms = 0
        for run in self.runs:
            run.ended()


def principal(user: int = 1, tenant: int = 1, role: Role = Role.MEMBER) -> Principal:
    return Principal(f"{user:024x}", f"{tenant:024x}", role, f"u{user}@example.com")


def connection(
    connection_id: str, who: Principal | None = None, scope: Scope = Scope.OWN, **changes: Any
) -> Connection:
    made = Connection(
        id=connection_id,
        principal=who or principal(),
        scope=scope,
        opened_ms=0,
        token_id=f"token of {connection_id}",
        session_version=1,
        session_ends_ms=4_000_000_000_000,
    )
    return replace(made, **changes)


def events(container: Container, count: int, who: Principal | None = None, size: int = 0) -> list[Event]:
    """``count`` events of ``who``, each about ``size`` bytes."""
    owner = who or principal()
    data = {"jobId": "0" * 24, "pad": "x" * size}
    return [
        Event(EventType.PROGRESS, owner.tenant_id, owner.user_id, {**data, "n": n}, container.clock.now())
        for n in range(count)
    ]


def publish(container: Container, count: int, who: Principal | None = None, size: int = 0) -> int:
    """Publish ``count`` events; the sequence of the last one."""
    made = events(container, count, who, size)
    for start in range(0, count, 100):
        container.event_log.publish(made[start : start + 100])
    last = container.event_log.last_id()
    assert last is not None
    return last.seq


def connect(container: Container, made: Connection, after: Any = None) -> None:
    """Do what ``$connect`` does, and invoke a manager if needed."""
    if container.connection_registry.connect(made, after):
        shard = container.connection_registry.shard(made.id)
        payload = {"source": "connect", "shard": shard}
        container.functions.invoke_async(container.settings.connection_manager_function, payload)


def wait_served(container: Container, shard: int = 0) -> None:
    """Until a manager holds the shard and has read its inbox."""
    keys = container.keys
    wait_until(
        lambda: container.redis.exists(keys.manager(shard)) and not container.redis.exists(keys.manager_inbox(shard)),
        what="a manager that has read its inbox",
    )
