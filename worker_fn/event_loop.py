"""The event loop of async tasks, on a thread of its own. It can tell when a task holds it up."""

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
    """Starts with the first call. A task that raises ``SystemExit`` beside its own coroutine does not end it."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = False

    def post(self, call: Callable[..., object], *args: Any) -> None:
        """Have the loop call ``call(*args)`` soon, in an empty context. From any thread."""
        self._running().call_soon_threadsafe(call, *args, context=contextvars.Context())

    def holder(self, within_s: float) -> asyncio.Task[Any] | None:
        """The asyncio task that holds the loop up: it runs, and let nothing else run for ``within_s``.

        ``None`` when the loop answers, or when what holds it is a bare callback.
        """
        return asyncio.current_task(self._loop) if self._loop is not None and not self.answers(within_s) else None

    def answers(self, within_s: float) -> bool:
        """Whether the loop comes round within this time."""
        if self._loop is None:
            return True
        answered = threading.Event()
        self.post(answered.set)
        return answered.wait(within_s)

    def close(self) -> None:
        """Let it go; a loop that is held up is left to the end of the process."""
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
        """Run until the loop is stopped. Only a coroutine's own ``SystemExit`` is caught by whoever awaits it."""
        try:
            loop.run_forever()
        except BaseException:
            self._log.error("an exception got into the event loop; it goes on", event="loop_error", exc_info=True)


def runs_in(task: asyncio.Task[Any], job_id: str) -> bool:
    """Whether ``task`` was made for the job, or by its task."""
    get_context = getattr(task, "get_context", None)  # from Python 3.12 on
    job = get_context().get(current_job) if get_context is not None else None
    return job is not None and job.id == job_id
