"""Runs one shard: takes its lease, delivers events to its sockets, hands over before the deadline, retires."""

from __future__ import annotations

import asyncio
import signal
import threading
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import RedisError

from chalicelib.queue.events import EventId
from chalicelib.queue.shards import Claim, Held, Lease, Shard
from websocket_fn.fanout import Fanout
from websocket_fn.feed import Feed
from websocket_fn.inbox import ShardInbox
from websocket_fn.reaper import Reaper
from websocket_fn.replay import Replay
from websocket_fn.sender import Sender
from websocket_fn.sockets import Socket

if TYPE_CHECKING:
    from websocket_fn.container import ManagerContainer

_ZERO: Final = EventId(0, 0)
#: Consecutive checks in which Redis knew fewer connections than are served here, after which it must have lost some.
#: A single one can be a note that is not read yet.
SHORT: Final = 3


@dataclass(frozen=True, slots=True)
class Timing:
    """Durations in seconds. Tests shorten them."""

    #: Interval at which the lease is renewed and the progress saved.
    hold_s: float = 1.0
    #: Time without connections after which the manager retires. It spares a start when a page is reloaded.
    linger_s: float = 5.0
    #: Time before the deadline at which a successor is invoked, and at which, without one, the shard is released.
    hand_over_s: float = 30.0
    give_up_s: float = 3.0
    #: Interval at which a successor is invoked until one starts.
    invoke_again_s: float = 8.0
    #: Time that a successor waits for its predecessor to release the shard, and the interval of its checks.
    succeed_s: float = 25.0
    look_s: float = 0.02
    #: Time that the end waits for frames in flight.
    drain_s: float = 2.0
    #: A manager that failed earlier than this after its start invokes no other; the next minute's tick does.
    restart_s: float = 10.0
    #: A frame in flight for longer is saved as the lag of its connection.
    stuck_s: float = 2.0
    #: Intervals at which waiting work, sessions and expired connections are checked.
    recovery_s: float = 5.0
    sessions_s: float = 20.0
    lapsed_s: float = 30.0


class Ended(StrEnum):
    """Why a manager ended."""

    NO_CONNECTIONS = "no connections"
    SERVED = "another manager serves the shard"
    RETIRED = "no connections left"
    PASSED = "passed to a successor"
    SET_FREE = "ended without a successor"
    LOST = "another manager took the shard"


def serve(
    container: ManagerContainer,
    *,
    source: str,
    shard: int | None,
    remaining_ms: Callable[[], int],
    timing: Timing | None = None,
) -> dict[str, Any]:
    """Serve ``shard``, or every shard that needs it. Returns ``{"ended": …, "shard": …}`` when done."""
    if shard is None:
        waiting = container.connection_registry.unattended()
        if not waiting:
            return {"ended": Ended.NO_CONNECTIONS}
        shard, *others = waiting
        for other in others:
            payload = {"source": "connect", "shard": other}
            container.functions.invoke_async(container.settings.connection_manager_function, payload)
    manager = Manager(container, shard, remaining_ms=remaining_ms, timing=timing or Timing())
    ended = asyncio.run(manager.run(succeed=source == "handover"))
    return {"ended": ended, "shard": shard}


class Manager:
    """Serves one shard for one invocation."""

    def __init__(
        self, container: ManagerContainer, number: int, *, remaining_ms: Callable[[], int], timing: Timing
    ) -> None:
        self.container = container
        self.timing = timing
        self._remaining_ms = remaining_ms
        self.token = container.ids.token()
        self.shard = Shard(
            container.redis,
            container.scripts,
            number,
            shards=container.settings.websocket_shards,
            token=self.token,
            lease_ms=container.settings.lease_ms,
        )
        self._saved: dict[str, EventId] = {}
        self._attention = asyncio.Event()
        self._short = 0
        self._idle_since: float | None = None
        self._invoked_at = float("-inf")
        self._terminated = False
        self._failed = False
        self._began = float("-inf")

    async def run(self, *, succeed: bool) -> Ended:
        """Serve until there is a reason to end."""
        claim = await self._claim(succeed=succeed)
        if claim is not Claim.TAKEN:
            return Ended.NO_CONNECTIONS if claim is Claim.NO_CONNECTIONS else Ended.SERVED
        self._handle_sigterm()
        self._assemble()
        await self._start()
        self._log("serving", "manager_start", connections=len(self.fanout.sockets))
        self._began = asyncio.get_running_loop().time()
        inbox = asyncio.ensure_future(self.inbox.run())
        others = [asyncio.ensure_future(work) for work in self._work()]
        for task in (inbox, *others):
            task.add_done_callback(self._on_task_done)
        try:
            ended = await self._keep()
            if ended is Ended.PASSED:
                for task in others:
                    task.cancel()
                self.inbox.stop()
                await asyncio.wait([inbox])
                ended = await self._pass_on()
        finally:
            for task in (inbox, *others):
                task.cancel()
            await asyncio.gather(inbox, *others, return_exceptions=True)
            await self.sender.pool.close()
        self._log(
            ended.value,
            "manager_end",
            delivered=self.fanout.delivered,
            posts=self.sender.posts,
            failures=self.sender.failures,
        )
        return ended

    # --- start ------------------------------------------------------------------------------------------------
    async def _claim(self, *, succeed: bool) -> Claim:
        loop = asyncio.get_running_loop()
        until = loop.time() + (self.timing.succeed_s if succeed else 0)
        while True:
            claim = self.shard.claim(wait=succeed)
            if claim is not Claim.HELD or loop.time() >= until:
                return claim
            await asyncio.sleep(self.timing.look_s)

    def _assemble(self) -> None:
        c = self.container
        self.fanout = Fanout(self._send)
        self.replay = Replay(self.fanout, c.event_log.read)
        self.inbox = ShardInbox(self.shard, self.fanout, on_join=self._joined)
        self.sender = Sender(
            c.connection_requests,
            c.clock,
            c.ids,
            on_gone=self.inbox.gone,
            on_room=lambda _socket: self.replay.wake(),
            on_refused=self.fanout.resync,
        )
        self.feed = Feed(c, self.fanout, self.shard.wake_channel, on_wake_up=self._on_wake_up)
        self.reaper = Reaper(c, self.shard, self.fanout, self.inbox, self.timing.sessions_s, self.timing.lapsed_s)

    def _send(self, socket: Socket) -> None:
        self.sender.send(socket)  # fan-out and sender need each other

    async def _start(self) -> None:
        cursor = self.shard.cursor()
        self.fanout.cursor = self.feed.newest() or cursor or _ZERO
        for connection, has in self.shard.load(cursor or self.fanout.cursor):
            self._saved[connection.id] = has
            self.fanout.join(connection, has)

    def _work(self) -> list[Coroutine[Any, Any, None]]:
        return [
            self.feed.run(),
            self.replay.run(),
            self.reaper.sessions(),
            self.reaper.lapsed(),
            self.reaper.recovery(self.timing.recovery_s),
        ]

    def _joined(self, connection_id: str, cursor: EventId) -> None:
        self._saved[connection_id] = cursor

    def _on_wake_up(self) -> None:
        self.inbox.wake()
        self._attention.set()

    def terminate(self) -> None:
        """End as soon as frames in flight are delivered, because the process is to end."""
        self._terminated = True
        self._attention.set()

    def _on_task_done(self, task: asyncio.Future[None]) -> None:
        # a manager without one of its tasks would keep the shard and deliver nothing
        if not task.cancelled() and (error := task.exception()) is not None:
            self.container.log.error(
                "a task of the manager failed; another manager takes over",
                event="manager_failed",
                shard=self.shard.number,
                error="".join(traceback.format_exception(error)),
            )
            self._failed = True
            self.terminate()

    def _handle_sigterm(self) -> None:
        # only the main thread can; Lambda sends SIGTERM to functions with extensions, the local Lambda before a
        # reload
        if threading.current_thread() is threading.main_thread():
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.terminate)

    # --- serving ----------------------------------------------------------------------------------------------
    async def _keep(self) -> Ended:
        """Renew the lease and save the progress until there is a reason to end."""
        loop = asyncio.get_running_loop()
        while True:
            self.sender.pool.expire()
            try:
                held = await self._hold()
            except RedisError as error:
                self._log("Redis does not answer", "redis_down", error=repr(error))
                held = Held(Lease.HELD, connections=len(self.fanout.sockets))
            if held.lease is Lease.LOST:
                return Ended.LOST
            self._short = self._short + 1 if held.connections < len(self.fanout.sockets) else 0
            if held.lease is Lease.RETAKEN or self._short >= SHORT:
                await self._restore()
            ended = await self._end(held, loop.time())
            if ended is not None:
                return ended
            await self._pause()

    async def _pause(self) -> None:
        # a successor is served at once; other wake-ups are for the inbox
        try:
            async with asyncio.timeout(self.timing.hold_s):
                while True:
                    await self._attention.wait()
                    self._attention.clear()
                    if self._invoked_at > 0 or self._terminated:
                        return
        except TimeoutError:
            pass

    async def _hold(self) -> Held:
        loop = asyncio.get_running_loop()
        cursor, own = self.fanout.progress(loop.time() - self.timing.stuck_s)
        changed: dict[str, EventId | None] = {i: at for i, at in own.items() if self._saved.get(i) != at}
        changed |= {i: None for i in self._saved if i not in own and i in self.fanout.sockets}
        held = await asyncio.to_thread(self.shard.hold, cursor, changed)
        for connection_id, at in changed.items():
            if at is None:
                self._saved.pop(connection_id, None)
            else:
                self._saved[connection_id] = at
        return held

    async def _restore(self) -> None:
        """Write the connections of this shard to the registry and read those that were missed: Redis may have lost
        it.
        """
        try:
            await asyncio.to_thread(self.inbox.restore)
        except RedisError as error:
            self._log("the registry could not be restored", "restore_failed", error=repr(error))

    # --- end --------------------------------------------------------------------------------------------------
    async def _end(self, held: Held, now: float) -> Ended | None:
        remaining_s = self._remaining_ms() / 1000
        if held.successor or self._terminated or remaining_s < self.timing.give_up_s:
            return Ended.PASSED
        if remaining_s < self.timing.hand_over_s and now - self._invoked_at >= self.timing.invoke_again_s:
            self._invoked_at = now
            await asyncio.to_thread(self._invoke, "handover")
        if self.fanout.sockets or held.connections:
            self._idle_since = None
            return None
        self._idle_since = self._idle_since if self._idle_since is not None else now
        if now - self._idle_since >= self.timing.linger_s and await self._retired():
            return Ended.RETIRED
        return None

    async def _retired(self) -> bool:
        try:
            return await asyncio.to_thread(self.shard.leave)
        except RedisError as error:
            self._log("Redis does not answer", "redis_down", error=repr(error))
            return False

    def _invoke(self, source: str) -> None:
        payload = {"source": source, "shard": self.shard.number}
        try:
            self.container.functions.invoke_async(self.container.settings.connection_manager_function, payload)
        except Exception as error:
            self._log("could not invoke a successor", "wake_failed", error=repr(error))

    async def _pass_on(self) -> Ended:
        """Deliver frames in flight, save the rest, and release the shard to the successor."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self.timing.drain_s
        while loop.time() < until and any(s.busy for s in self.fanout.sockets.values()):
            await asyncio.sleep(0.002)
        cursor, own = self.fanout.progress(loop.time(), final=True)
        changed: dict[str, EventId | None] = dict(own)
        changed |= {i: None for i in self._saved if i not in own and i in self.fanout.sockets}
        try:
            await asyncio.to_thread(self.shard.hold, cursor, changed)
            if await asyncio.to_thread(self.shard.pass_on):
                return Ended.PASSED
        except RedisError as error:  # the lease expires; events since the last saved progress are delivered again
            self._log("Redis does not answer", "redis_down", error=repr(error))
        if not self._failed or loop.time() - self._began >= self.timing.restart_s:
            await asyncio.to_thread(self._invoke, "connect")
        return Ended.SET_FREE

    def _log(self, message: str, event: str, **fields: Any) -> None:
        self.container.log.info(message, event=event, shard=self.shard.number, **fields)
