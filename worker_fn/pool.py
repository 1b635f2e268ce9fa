"""Runs attempts, at most ``concurrency`` at once: sync tasks on threads, async ones on one event loop.

A slot is a permit, not a thread. Whoever finishes an attempt takes the next one from the backlog and runs it right
there if it is of the same kind, else hands it to the other side: short jobs pass without a change of thread.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import Awaitable, Coroutine, Iterable
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Protocol

from chalicelib.domain.clock import Clock
from chalicelib.domain.lifecycle import AttemptResult
from chalicelib.settings import Settings
from worker_fn.context import TaskContext
from worker_fn.event_loop import EventLoop, runs_in
from worker_fn.execution import Execution
from worker_fn.outcome import interrupted, raised, timed_out
from worker_fn.run import Run

if TYPE_CHECKING:
    from chalicelib.telemetry.logger import Log

#: How often an async attempt looks whether its start is written down (see ``Run.written``).
_WRITTEN_POLL_S: Final = 0.002
#: An event loop that has not come round for so long is held up by a task that blocks.
_ANSWER_S: Final = 0.25


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

    def __init__(self, concurrency: int, *, listener: Listener, clock: Clock, settings: Settings, log: Log) -> None:
        self.concurrency = concurrency
        self._listener = listener
        self._clock = clock
        self._settings = settings
        self._execution = Execution(clock, settings)
        self._lock = threading.Lock()
        self._backlog: deque[Run] = deque()
        self._low_water = 0
        self._busy = 0
        #: Given a slot and not begun, with when: the thread or the event loop has yet to take them up.
        self._handed: dict[int, tuple[Run, float]] = {}
        self._active: dict[int, Run] = {}
        self._stuck: dict[int, Run] = {}
        self._threads = 0
        self._idle_threads = 0
        self._to_threads: SimpleQueue[Run | None] = SimpleQueue()
        self._loop = EventLoop(log)
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
                starts.append(self._hand(self._backlog.popleft()))
        for run in starts:
            self._launch(run)

    def take_back(self) -> list[Run]:
        """Empty the backlog and return what was in it; none of it has begun."""
        with self._lock:
            runs = list(self._backlog)
            self._backlog.clear()
        return runs

    def take_back_handed(self, longer_than_s: float = 0.0) -> list[Run]:
        """Those that have a slot and were not begun for so long: they will not be. Their slots stay occupied until
        what holds them up, a task that blocks the event loop, lets go."""
        before = self._clock.monotonic() - longer_than_s
        late = [run for run, at in list(self._handed.values()) if at <= before]
        return [run for run in late if self._handed.pop(id(run), None) and run.ending is None and not run.lost]

    def drop(self, run: Run) -> bool:
        """Take one attempt out of those not begun; False when it is not there (any more)."""
        with self._lock:
            if self._handed.pop(id(run), None):
                return True
            try:
                self._backlog.remove(run)
            except ValueError:
                return False
        return True

    def give_up(self, run: Run, ending: AttemptResult | None) -> bool:
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
        if run.aio is not None:
            self._loop.post(run.aio.cancel)
        if ending is not None:
            self._listener.finished(run)
        return True

    def expire(self) -> None:
        """Give up attempts past their deadline. Those that another kept from running burn no retry."""
        now = self._clock.monotonic()
        late = [run for run in self.active() if run.deadline <= now]
        holder = self._loop.holder(_ANSWER_S) if any(run.aio for run in late) else None
        for run in late:
            innocent = holder is not None and run.aio not in {None, holder} and not runs_in(holder, run.job.id)
            at = self._clock.now()
            why = "another task blocked the event loop"
            self.give_up(run, interrupted(at, why) if innocent else timed_out(run.timeout_s, at))

    def interrupt_held_up(self) -> None:
        """Give up the async attempts if the event loop does not come round: none of them can end any more."""
        held_up = [run for run in self.active() if run.aio is not None]
        if held_up and not self._loop.answers(_ANSWER_S):
            for run in held_up:
                self.give_up(run, interrupted(self._clock.now(), "another task blocked the event loop"))

    def close(self) -> None:
        """Let idle threads and the event loop go; those that are stuck are left to the end of the process."""
        for _ in range(self._threads):
            self._to_threads.put(None)
        self._loop.close()

    # --- slots -----------------------------------------------------------------------------------------------
    def _hand(self, run: Run) -> Run:
        self._handed[id(run)] = run, self._clock.monotonic()
        return run

    def _launch(self, run: Run) -> None:
        if run.task is not None and run.task.is_async:
            self._loop.post(self._spawn, run)
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
            while following is not None and self._run_sync(following):
                following = self._next(following)
                if following is not None and following.task is not None and following.task.is_async:
                    self._launch(following)
                    following = None
            with self._lock:
                self._idle_threads += 1

    def _next(self, finished: Run) -> Run | None:
        """Give the slot of ``finished`` to the next in line; ``None`` when there is none."""
        with self._lock:
            self._active.pop(id(finished), None)
            self._stuck.pop(id(finished), None)
            following = self._hand(self._backlog.popleft()) if self._backlog else None
            if following is None:
                self._busy -= 1
            hungry = len(self._backlog) == self._low_water or following is None
        if hungry:
            self._listener.hungry()
        return following

    def _begin(self, run: Run) -> TaskContext | None:
        """Note the start; ``None`` when the attempt was taken back, ended or lost while it waited."""
        if self._handed.pop(id(run), None) is None or run.ending is not None or run.lost:
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

    def _finish(self, run: Run, ending: AttemptResult) -> None:
        if run.end(ending):
            took = self._clock.monotonic() - (run.deadline - run.timeout_s)
            self.run_s = took if self.run_s is None else self.run_s + 0.1 * (took - self.run_s)
            self._listener.finished(run)

    # --- threads ---------------------------------------------------------------------------------------------
    def _run_sync(self, run: Run) -> bool:
        """Run an attempt here; ``False`` when it goes on on the event loop, which then passes its slot on."""
        try:
            context = self._begin(run)
            if context is None:
                return True
            if run.written is not None:
                run.written.wait(run.timeout_s)
            variables = contextvars.Context()
            came = variables.run(self._execution.call, run, context)
            if isinstance(came, AttemptResult):
                self._finish(run, came)
                return True
            self._loop.post(self._start, run, self._go_on(run, came), variables)  # its decorator hid an ``async def``
        except BaseException as error:
            self._finish(run, raised(error, self._clock.now()))
            return True
        return False

    # --- the event loop --------------------------------------------------------------------------------------
    def _spawn(self, run: Run) -> None:
        self._start(run, self._run_async(run), contextvars.Context())

    def _start(self, run: Run, attempt: Coroutine[Any, Any, None], variables: contextvars.Context) -> None:
        run.aio = asyncio.get_running_loop().create_task(attempt, context=variables)

    async def _run_async(self, run: Run) -> None:
        try:
            context = self._begin(run)
            if context is not None:
                while run.written is not None and not run.written.is_set() and run.ending is None:
                    await asyncio.sleep(_WRITTEN_POLL_S)
                came = self._execution.call(run, context)
                self._finish(run, came if isinstance(came, AttemptResult) else await self._execution.wait(came))
        except BaseException as error:
            self._finish(run, raised(error, self._clock.now()))
        self._pass_on(run)

    async def _go_on(self, run: Run, came: Awaitable[Any]) -> None:
        if run.aio is not None and (run.lost or run.ending is not None):
            run.aio.cancel()  # given up before it could be told
        self._finish(run, await self._execution.wait(came))
        self._pass_on(run)

    def _pass_on(self, run: Run) -> None:
        """Give the slot of ``run`` to the next in line, on whichever side that is run."""
        following = self._next(run)
        if following is None:
            return
        if following.task is not None and following.task.is_async:
            self._spawn(following)
        else:
            self._to_thread(following)
