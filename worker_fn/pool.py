"""Runs attempts, at most ``concurrency`` at once: sync tasks on threads, async ones on one event loop.

A slot is not a thread. When an attempt ends, its thread or the event loop takes the next one from the backlog and runs
it if it is of the same kind, else hands it over: short jobs run without a change of thread.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import Job, is_apart
from chalicelib.domain.lifecycle import AttemptResult
from chalicelib.settings import Settings
from worker_fn.attempt import Attempt
from worker_fn.context import TaskContext
from worker_fn.event_loop import EventLoop, runs_in
from worker_fn.execution import Execution, interrupted, raised, timed_out, unnoticed

if TYPE_CHECKING:
    from chalicelib.services.stored_values import StoredValues
    from chalicelib.telemetry.logger import Log
    from worker_fn.steps.on_demand import StepsOnDemand
    from worker_fn.tracing import WorkerTracing

#: How often an async attempt checks whether its start is written (see ``Attempt.written``).
_WRITTEN_POLL_S: Final = 0.002
#: An event loop that did not answer for this long is blocked by a task.
_ANSWER_S: Final = 0.25


class Pool:
    """Attempts that wait for a slot (the backlog) and those that have one.

    Its callbacks are called from its threads and must not block: ``on_begin`` when ``started_at`` of an attempt is set,
    ``on_finish`` when its ``result`` is, ``on_report`` when its task reported progress or a log line, ``on_slot`` when
    a slot is free or the backlog is about to be empty.
    """

    def __init__(
        self, concurrency: int, *, on_begin: Callable[[Attempt], None], on_finish: Callable[[Attempt], None],
        on_report: Callable[[Attempt], None], on_slot: Callable[[], None], clock: Clock, settings: Settings, log: Log,
        steps: StepsOnDemand | None = None, tracing: WorkerTracing | None = None,
        stored: Callable[[], StoredValues] | None = None, on_load: Callable[[Job, str], None] = unnoticed,
    ) -> None:  # fmt: skip
        self.concurrency = concurrency
        self._on_begin = on_begin
        self._on_finish = on_finish
        self._on_report = on_report
        self._on_slot = on_slot
        self._clock = clock
        self._settings = settings
        self._execution = Execution(clock, settings, stored, on_load)
        self._steps = steps
        self._tracing = tracing
        self._lock = threading.Lock()
        self._backlog: deque[Attempt] = deque()
        self._low_water = 0
        self._busy = 0
        #: Attempts that got a slot and have not begun, with the time: their thread or the event loop has to start them.
        self._unstarted: dict[int, tuple[Attempt, float]] = {}
        self._active: dict[int, Attempt] = {}
        self._stuck: dict[int, Attempt] = {}
        self._threads = 0
        self._idle_threads = 0
        self._to_threads: SimpleQueue[Attempt | None] = SimpleQueue()
        self._loop = EventLoop(log)
        #: Mean recent run time in s, weighted towards the newest; ``None`` until one ended.
        self.run_s: float | None = None

    # --- from the drain loop ---------------------------------------------------------------------------------
    @property
    def free(self) -> int:
        """The number of free slots."""
        return self.concurrency - self._busy

    @property
    def backlog(self) -> int:
        """The number of attempts that wait for a slot."""
        return len(self._backlog)

    @property
    def stuck(self) -> int:
        """The number of attempts that were given up and whose code still runs."""
        return len(self._stuck)

    def active(self) -> list[Attempt]:
        """Return the running attempts that were not given up."""
        return list(self._active.values())

    def submit(self, attempts: Iterable[Attempt], *, low_water: int = 0) -> None:
        """Start attempts as slots allow, in order. ``on_slot`` is called when the backlog sinks to ``low_water``."""
        starts = []
        with self._lock:
            self._backlog.extend(attempts)
            self._low_water = min(low_water, len(self._backlog) // 2)
            while self._busy < self.concurrency and self._backlog:
                self._busy += 1
                starts.append(self._assign(self._backlog.popleft()))
        for attempt in starts:
            self._launch(attempt)

    def remove_waiting(self) -> list[Attempt]:
        """Empty the backlog and return what was in it; none of it has begun."""
        with self._lock:
            attempts = list(self._backlog)
            self._backlog.clear()
        return attempts

    def remove_unstarted(self, longer_than_s: float = 0.0) -> list[Attempt]:
        """Return the attempts that have a slot and did not begin for ``longer_than_s``; they will not begin. Slots
        stay occupied until the task that blocks the event loop returns."""
        before = self._clock.monotonic() - longer_than_s
        late = [attempt for attempt, at in list(self._unstarted.values()) if at <= before]
        return [
            attempt
            for attempt in late
            if self._unstarted.pop(id(attempt), None) and attempt.result is None and not attempt.lost
        ]

    def drop(self, attempt: Attempt) -> bool:
        """Remove one attempt that has not begun; return ``False`` if it is not there."""
        with self._lock:
            if self._unstarted.pop(id(attempt), None):
                return True
            try:
                self._backlog.remove(attempt)
            except ValueError:
                return False
        return True

    def give_up(self, attempt: Attempt, result: AttemptResult | None) -> bool:
        """Give up an attempt: it ends with ``result``, or is lost (``None``), and its task is cancelled.

        Returns ``False`` if it had ended before. A task that does not react keeps its slot and counts as ``stuck``.
        """
        if not (attempt.end(result) if result else attempt.lose()):
            return False
        with self._lock:
            if self._active.pop(id(attempt), None) is not None:
                self._stuck[id(attempt)] = attempt
        if attempt.context is not None:
            attempt.context.cancel()
        if attempt.aio is not None:
            self._loop.post(attempt.aio.cancel)
        if attempt.written is not None:
            attempt.written.set()  # its thread need not wait any longer
        if result is not None:
            self._on_finish(attempt)
        return True

    def expire(self) -> None:
        """Give up attempts past their deadline. Those that a blocked event loop kept from running use up no retry."""
        now = self._clock.monotonic()
        late = [attempt for attempt in self.active() if attempt.deadline <= now]
        holder = self._loop.holder(_ANSWER_S) if any(attempt.aio for attempt in late) else None
        for attempt in late:
            innocent = holder is not None and attempt.aio not in {None, holder} and not runs_in(holder, attempt.job.id)
            at = self._clock.now()
            why = "another task blocked the event loop"
            progressed = attempt.context is not None and attempt.context.has_progressed
            late_end = timed_out(attempt.timeout_s, at)._replace(progressed=progressed)
            self.give_up(attempt, interrupted(at, why) if innocent else late_end)

    def interrupt_blocked(self) -> None:
        """Give up the async attempts if the event loop does not answer: none of them can end."""
        running = [attempt for attempt in self.active() if attempt.aio is not None]
        if running and not self._loop.answers(_ANSWER_S):
            for attempt in running:
                self.give_up(attempt, interrupted(self._clock.now(), "another task blocked the event loop"))

    def close(self) -> None:
        """Stop idle threads and the event loop; stuck ones are left until the process ends."""
        for _ in range(self._threads):
            self._to_threads.put(None)
        self._loop.close()

    # --- slots -----------------------------------------------------------------------------------------------
    def _assign(self, attempt: Attempt) -> Attempt:
        self._unstarted[id(attempt)] = attempt, self._clock.monotonic()
        return attempt

    def _launch(self, attempt: Attempt) -> None:
        if attempt.task is not None and attempt.task.is_async:
            self._loop.post(self._spawn, attempt)
        else:
            self._to_thread(attempt)

    def _to_thread(self, attempt: Attempt) -> None:
        with self._lock:
            fresh = self._idle_threads <= 0 and self._threads < self.concurrency
            if fresh:
                self._threads += 1
            else:  # below 0 while one is about to be idle
                self._idle_threads -= 1
            number = self._threads
        self._to_threads.put(attempt)
        if fresh:
            threading.Thread(target=self._serve, name=f"slot-{number}", daemon=True).start()

    def _serve(self) -> None:
        while (attempt := self._to_threads.get()) is not None:
            following: Attempt | None = attempt
            while following is not None and self._run_sync(following):
                following = self._next(following)
                if following is not None and following.task is not None and following.task.is_async:
                    self._launch(following)
                    following = None
            with self._lock:
                self._idle_threads += 1

    def _next(self, finished: Attempt) -> Attempt | None:
        """Give the slot of ``finished`` to the next attempt; return ``None`` if there is none."""
        with self._lock:
            self._active.pop(id(finished), None)
            self._stuck.pop(id(finished), None)
            following = self._assign(self._backlog.popleft()) if self._backlog else None
            if following is None:
                self._busy -= 1
            is_low = len(self._backlog) == self._low_water or following is None
        if is_low:
            self._on_slot()
        return following

    def _begin(self, attempt: Attempt) -> TaskContext | None:
        """Note the start; return ``None`` if the attempt was taken back, ended or lost while it waited."""
        if self._unstarted.pop(id(attempt), None) is None or attempt.result is not None or attempt.lost:
            return None
        attempt.started_at = self._clock.now()
        attempt.deadline = self._clock.monotonic() + attempt.timeout_s
        context = TaskContext(
            attempt.job,
            clock=self._clock,
            settings=self._settings,
            deadline=attempt.deadline,
            on_report=partial(self._on_report, attempt),
            open_steps=None if self._steps is None else partial(self._steps.open, attempt),
            may_replay=attempt.job.attempt > 0 and _may_replay(attempt),
            tracing=self._tracing,
        )
        attempt.context = context
        with self._lock:
            self._active[id(attempt)] = attempt
        self._on_begin(attempt)
        if attempt.result is not None or attempt.lost:  # meanwhile
            context.cancel()
        return context

    def _finish(self, attempt: Attempt, result: AttemptResult) -> None:
        if attempt.end(result):
            took = self._clock.monotonic() - (attempt.deadline - attempt.timeout_s)
            self.run_s = took if self.run_s is None else self.run_s + 0.1 * (took - self.run_s)
            self._on_finish(attempt)

    # --- threads ---------------------------------------------------------------------------------------------
    def _run_sync(self, attempt: Attempt) -> bool:
        """Run an attempt; return ``False`` if it continues on the event loop, which then passes its slot on."""
        try:
            context = self._begin(attempt)
            if context is None:
                return True
            if attempt.written is not None:
                attempt.written.wait(attempt.timeout_s)
            variables = contextvars.Context()
            result = variables.run(self._execution.call, attempt, context)
            if isinstance(result, AttemptResult):
                self._finish(attempt, result)
                return True
            self._loop.post(
                self._start, attempt, self._go_on(attempt, result, context), variables
            )  # its decorator hid an ``async def``
        except BaseException as error:
            self._finish(attempt, raised(error, self._clock.now()))
            return True
        return False

    # --- the event loop --------------------------------------------------------------------------------------
    def _spawn(self, attempt: Attempt) -> None:
        self._start(attempt, self._run_async(attempt), contextvars.Context())

    def _start(self, attempt: Attempt, coroutine: Coroutine[Any, Any, None], variables: contextvars.Context) -> None:
        attempt.aio = asyncio.get_running_loop().create_task(coroutine, context=variables)

    async def _run_async(self, attempt: Attempt) -> None:
        try:
            context = self._begin(attempt)
            if context is not None:
                while attempt.written is not None and not attempt.written.is_set() and attempt.result is None:
                    await asyncio.sleep(_WRITTEN_POLL_S)
                loaded = None
                if is_apart(attempt.job.payload):  # the event loop must not wait for S3
                    loaded = await asyncio.to_thread(self._execution.load, attempt.job)
                result = self._execution.call(attempt, context, loaded)
                self._finish(
                    attempt,
                    result
                    if isinstance(result, AttemptResult)
                    else await self._execution.wait(result, context, attempt.job),
                )
        except BaseException as error:
            self._finish(attempt, raised(error, self._clock.now()))
        self._pass_on(attempt)

    async def _go_on(self, attempt: Attempt, awaitable: Awaitable[Any], context: TaskContext) -> None:
        if attempt.aio is not None and (attempt.lost or attempt.result is not None):
            attempt.aio.cancel()  # given up before it could be cancelled
        self._finish(attempt, await self._execution.wait(awaitable, context, attempt.job))
        self._pass_on(attempt)

    def _pass_on(self, attempt: Attempt) -> None:
        """Give the slot of ``attempt`` to the next one, on a thread or the event loop."""
        following = self._next(attempt)
        if following is None:
            return
        if following.task is not None and following.task.is_async:
            self._spawn(following)
        else:
            self._to_thread(following)


def _may_replay(attempt: Attempt) -> bool:
    """Return whether earlier attempts of the job may have taken steps."""
    return attempt.job.is_resumed or (attempt.task is not None and attempt.task.uses_steps)
