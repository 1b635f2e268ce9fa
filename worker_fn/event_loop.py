"""The event loop of async tasks, on a thread of its own. It detects a task that blocks it."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chalicelib.telemetry.logger import current_job

if TYPE_CHECKING:
    from chalicelib.telemetry.logger import Log


class EventLoop:
    """Starts with the first call. A ``SystemExit`` that a task raises outside its coroutine does not end it."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = False

    def post(self, call: Callable[..., object], *args: Any) -> None:
        """Schedule ``call(*args)`` on the loop, in an empty context. Call from any thread."""
        self._running().call_soon_threadsafe(call, *args, context=contextvars.Context())

    def holder(self, within_s: float) -> asyncio.Task[Any] | None:
        """Return the asyncio task that blocks the loop: nothing else ran for ``within_s``.

        ``None`` if the loop answers, or if a bare callback blocks it.
        """
        return asyncio.current_task(self._loop) if self._loop is not None and not self.answers(within_s) else None

    def answers(self, within_s: float) -> bool:
        """Return whether the loop runs a callback within this time."""
        if self._loop is None:
            return True
        answered = threading.Event()
        self.post(answered.set)
        return answered.wait(within_s)

    def close(self) -> None:
        """Stop the loop; one that is blocked is left until the process ends."""
        with self._lock:
            self._closing = True
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._loop.stop)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._serve, args=(self._loop,), name="async-tasks", daemon=True).start()
            return self._loop

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            while not self._closing:
                self._run(loop)
            loop.run_until_complete(loop.shutdown_asyncgens())
        finally:
            loop.close()

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run until the loop is stopped, or an exception such as ``SystemExit`` reaches it, which is logged."""
        try:
            loop.run_forever()
        except BaseException:
            self._log.error(
                "an exception reached the event loop; the loop continues", event="loop_error", exc_info=True
            )


def runs_in(task: asyncio.Task[Any], job_id: str) -> bool:
    """Return whether ``task`` was created for the job, or by the job's task."""
    get_context = getattr(task, "get_context", None)  # from Python 3.12 on
    job = get_context().get(current_job) if get_context is not None else None
    return job is not None and job.id == job_id
