"""Runs attempts, at most ``concurrency`` at once: sync tasks on threads, async ones on one event loop.

A slot is a permit, not a thread. Whoever finishes an attempt takes the next one from the backlog and runs it right
there if it is of the same kind, else hands it to the other side: short jobs pass without a change of thread.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import Iterable
from functools import partial
from queue import SimpleQueue
from typing import Final, Protocol

from chalicelib.domain.clock import Clock
from chalicelib.settings import Settings
from worker_fn.context import TaskContext
from worker_fn.outcome import Ending, raised, refused, returned, timed_out, unknown_task
from worker_fn.run import Run

#: How often an async attempt looks whether its start is written down (see ``Run.written``).
_WRITTEN_POLL_S: Final = 0.002


class Listener(Protocol):
    """Who is told what happens to attempts. Called from the threads of the pool; must not block."""

    def began(self, run: Run) -> None:
        """``run.started_at`` is set."""
        ...

    def finished(self, run: Run) -> None:
        """``run.ending`` is set."""
        ...

    def said(self, run: Run) -> None:
        """The task of ``run`` reported progress or a log line."""
        ...

    def hungry(self) -> None:
        """A slot is free, or the backlog is about to be empty."""
        ...


class Pool:
    """Attempts that wait for a slot (the backlog) and those that have one."""

    def __init__(self, concurrency: int, *, listener: Listener, clock: Clock, settings: Settings) -> None:
        self.concurrency = concurrency
        self._listener = listener
        self._clock = clock
        self._settings = settings
        self._lock = threading.Lock()
        self._backlog: deque[Run] = deque()
        self._low_water = 0
        self._busy = 0
        self._active: dict[int, Run] = {}
        self._stuck: dict[int, Run] = {}
        self._threads = 0
        self._idle_threads = 0
        self._to_threads: SimpleQueue[Run | None] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        #: Mean run time in s of late, weighted towards the newest; ``None`` until one ended.
        self.run_s: float | None = None

    # --- from the drain loop ---------------------------------------------------------------------------------
    @property
    def free(self) -> int:
        """Slots that nothing occupies."""
        return self.concurrency - self._busy

    @property
    def backlog(self) -> int:
        """Attempts that wait for a slot."""
        return len(self._backlog)

    @property
    def stuck(self) -> int:
        """Attempts that were given up and whose code still runs."""
        return len(self._stuck)

    def active(self) -> list[Run]:
        """Attempts that run and are still wanted."""
        return list(self._active.values())

    def submit(self, runs: Iterable[Run], *, low_water: int = 0) -> None:
        """Start attempts as slots allow, in order. ``hungry`` comes when the backlog sinks to ``low_water``."""
        starts = []
        with self._lock:
            self._backlog.extend(runs)
            self._low_water = min(low_water, len(self._backlog) // 2)
            while self._busy < self.concurrency and self._backlog:
                self._busy += 1
                starts.append(self._backlog.popleft())
        for run in starts:
            self._launch(run)

    def take_back(self) -> list[Run]:
        """Empty the backlog and return what was in it; none of it has begun."""
        with self._lock:
            runs = list(self._backlog)
            self._backlog.clear()
        return runs

    def drop(self, run: Run) -> bool:
        """Take one attempt out of the backlog; False when it is not there (any more)."""
        with self._lock:
            try:
                self._backlog.remove(run)
            except ValueError:
                return False
        return True

    def give_up(self, run: Run, ending: Ending | None) -> bool:
        """Stop waiting for an attempt: it ends as ``ending``, or is lost (``None``), and its task is told to stop.

        False when it had ended before. A task that does not react keeps its slot and counts as ``stuck``.
        """
        if not (run.end(ending) if ending else run.lose()):
            return False
        with self._lock:
            if self._active.pop(id(run), None) is not None:
                self._stuck[id(run)] = run
        if run.context is not None:
            run.context.cancel()
        if run.aio is not None and self._loop is not None:
            self._loop.call_soon_threadsafe(run.aio.cancel)
        if ending is not None:
            self._listener.finished(run)
        return True

    def expire(self) -> float | None:
        """Give up attempts past their deadline; returns seconds until the next one is due."""
        now, nearest = self._clock.monotonic(), None
        for run in self.active():
            left = run.deadline - now
            if left <= 0:
                self.give_up(run, timed_out(run.timeout_s, self._clock.now()))
            elif nearest is None or left < nearest:
                nearest = left
        return nearest

    def close(self) -> None:
        """Let idle threads and the event loop go; those that are stuck are left to the end of the process."""
        for _ in range(self._threads):
            self._to_threads.put(None)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._loop = None

    # --- slots -----------------------------------------------------------------------------------------------
    def _launch(self, run: Run) -> None:
        if run.task is not None and run.task.is_async:
            loop = self._running_loop()
            loop.call_soon_threadsafe(self._spawn, loop, run)
        else:
            self._to_thread(run)

    def _to_thread(self, run: Run) -> None:
        with self._lock:
            fresh = self._idle_threads <= 0 and self._threads < self.concurrency
            if fresh:
                self._threads += 1
            else:  # below 0 while one is about to be idle
                self._idle_threads -= 1
            number = self._threads
        self._to_threads.put(run)
        if fresh:
            threading.Thread(target=self._serve, name=f"slot-{number}", daemon=True).start()

    def _serve(self) -> None:
        while (run := self._to_threads.get()) is not None:
            following: Run | None = run
            while following is not None:
                self._run_sync(following)
                following = self._next(following)
                if following is not None and following.task is not None and following.task.is_async:
                    self._launch(following)
                    following = None
            with self._lock:
                self._idle_threads += 1

    def _spawn(self, loop: asyncio.AbstractEventLoop, run: Run) -> None:
        run.aio = loop.create_task(self._run_async(run))

    def _next(self, finished: Run) -> Run | None:
        """Give the slot of ``finished`` to the next in line; ``None`` when there is none."""
        with self._lock:
            self._active.pop(id(finished), None)
            self._stuck.pop(id(finished), None)
            following = self._backlog.popleft() if self._backlog else None
            if following is None:
                self._busy -= 1
            hungry = len(self._backlog) == self._low_water or following is None
        if hungry:
            self._listener.hungry()
        return following

    def _begin(self, run: Run) -> TaskContext | None:
        """Note the start; ``None`` when the attempt was ended or lost while it waited."""
        if run.ending is not None or run.lost:
            return None
        run.started_at = self._clock.now()
        run.deadline = self._clock.monotonic() + run.timeout_s
        context = TaskContext(
            run.job,
            clock=self._clock,
            settings=self._settings,
            deadline=run.deadline,
            on_said=partial(self._listener.said, run),
        )
        run.context = context
        with self._lock:
            self._active[id(run)] = run
        self._listener.began(run)
        if run.ending is not None or run.lost:  # between the look above and now
            context.cancel()
        return context

    def _finish(self, run: Run, ending: Ending) -> None:
        if run.end(ending):
            took = self._clock.monotonic() - (run.deadline - run.timeout_s)
            self.run_s = took if self.run_s is None else self.run_s + 0.1 * (took - self.run_s)
            self._listener.finished(run)

    def _run_sync(self, run: Run) -> None:
        context = self._begin(run)
        if context is None:
            return
        if run.written is not None:
            run.written.wait(run.timeout_s)
        self._finish(run, self._execute(run, context))

    def _execute(self, run: Run, context: TaskContext) -> Ending:
        if run.task is None:
            return unknown_task(run.job.task, self._clock.now())
        try:
            payload = run.task.parse(run.job.payload)
        except Exception as error:
            return refused(error, self._clock.now())
        try:
            context.raise_if_cancelled()
            result = contextvars.Context().run(run.task.function, context, payload)
        except BaseException as error:  # a task's SystemExit must not end the worker
            return raised(error, self._clock.now())
        return returned(result, self._clock.now())

    async def _run_async(self, run: Run) -> None:
        try:
            context = self._begin(run)
            if context is not None:
                while run.written is not None and not run.written.is_set() and run.ending is None:
                    await asyncio.sleep(_WRITTEN_POLL_S)
                self._finish(run, await self._await(run, context))
        except asyncio.CancelledError:
            self._finish(run, raised(asyncio.CancelledError(), self._clock.now()))
        following = self._next(run)
        if following is not None:
            loop = asyncio.get_running_loop()
            if following.task is not None and following.task.is_async:
                self._spawn(loop, following)
            else:
                self._to_thread(following)

    async def _await(self, run: Run, context: TaskContext) -> Ending:
        assert run.task is not None  # noqa: S101 - only attempts with an async task come here
        try:
            payload = run.task.parse(run.job.payload)
        except Exception as error:
            return refused(error, self._clock.now())
        try:
            result = await run.task.function(context, payload)
        except BaseException as error:
            return raised(error, self._clock.now())
        return returned(result, self._clock.now())

    # --- the event loop --------------------------------------------------------------------------------------
    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_run_loop, args=(self._loop,), name="async-tasks", daemon=True).start()
            return self._loop


def _run_loop(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
