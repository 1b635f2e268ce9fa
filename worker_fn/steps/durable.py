"""The durable side of one attempt: its operations, what runs them, and how it ends."""

from __future__ import annotations

import asyncio
import contextvars
import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.jobs import Job, JobError, Outcome
from chalicelib.domain.lifecycle import AttemptResult
from chalicelib.domain.retry import error_group
from chalicelib.domain.steps import MAX_STEP_NAME_CHARS, SHORT_WAIT_S, StepKey
from worker_fn.event_loop import runs_in
from worker_fn.steps.commands import Operation
from worker_fn.steps.drivers import AsyncDriver, SyncDriver, Threads, Traced, check_not_nested, current_step, untraced
from worker_fn.steps.journal import StepJournal
from worker_fn.steps.operations import Operations
from worker_fn.steps.options import Step, Suspended
from worker_fn.steps.outside import Outside
from worker_fn.steps.outside import Traced as TracedInvoke
from worker_fn.steps.parking import AsyncWaits, Suspension, SyncWaits
from worker_fn.steps.usual import UsualTimes

if TYPE_CHECKING:
    from chalicelib.domain.clock import Clock, Ids
    from chalicelib.services.callbacks import Callbacks
    from chalicelib.services.children import Children
    from chalicelib.settings import Settings
    from chalicelib.store.step_events import StepEventStore
    from chalicelib.store.steps import StepStore
    from chalicelib.telemetry.logger import Log
    from worker_fn.attempt import Attempt
    from worker_fn.context import TaskContext

MAX_CONCURRENCY: Final = 100


class Steps:
    """What the durable attempts of a worker share. Costs nothing until one of them takes a step."""

    def __init__(
        self, store: StepStore, *, events: StepEventStore, children: Callable[[], Children], callbacks: Callbacks,
        settings: Settings, clock: Clock, ids: Ids, log: Log, short_wait_s: float = SHORT_WAIT_S,
    ) -> None:  # fmt: skip
        self.store = store
        self.events = events
        self.children = children
        self.callbacks = callbacks
        self.settings = settings
        self.clock = clock
        self.ids = ids
        self.short_wait_s = short_wait_s
        #: Takes redacted values out of an error before it is recorded.
        self.hide: Callable[[Job, JobError], JobError] = lambda job, error: error
        self.journal = StepJournal(store, log)
        self.usual = UsualTimes()
        self.threads = Threads()

    def open(self, attempt: Attempt, context: TaskContext) -> Durable:
        """Return the durable side of ``attempt``, which takes its first step."""
        return Durable(self, attempt, context)

    def close(self, timeout_s: float = 2.0) -> None:
        """Write what is left."""
        self.journal.close(timeout_s)
        self.threads.close()


class Durable:
    """The steps of one attempt. Methods return a result in sync tasks, an awaitable of it in async ones."""

    def __init__(self, shared: Steps, attempt: Attempt, context: TaskContext) -> None:
        if attempt.task is None:
            raise RuntimeError("a job without a task takes no steps")
        self._shared = shared
        self._attempt = attempt
        self._context = context
        self.operations = Operations(
            attempt.job, attempt.task, attempt.token, store=shared.store, usual=shared.usual, clock=shared.clock,
            remaining_s=lambda: context.remaining_s, random=shared.ids.random,
            retry_base_s=shared.settings.retry_backoff_base_s, read=shared.threads.reads.submit,
            hide=lambda error: shared.hide(attempt.job, error),
        )  # fmt: skip
        ops = self.operations
        ops.on_load = context.note_replay
        step, invoke = _traced(context, attempt.job)
        self.outside = Outside(ops, attempt.job, shared.events, shared.children, shared.clock, invoke)
        check, journal, short_s = context.raise_if_cancelled, shared.journal, shared.short_wait_s
        waits = SyncWaits(shared.clock, ops.limit_at, check, short_s)
        self._sync = SyncDriver(waits, journal.write_here, ops.memo, check, step)
        async_waits = AsyncWaits(shared.clock, ops.limit_at, lambda: attempt.aio, short_s)
        self._async = AsyncDriver(async_waits, journal.write, ops.memo, check, shared.threads, step)

    @property
    def is_replaying(self) -> bool:
        """Whether the task has not yet come to where it was."""
        return self.operations.memo.is_replaying

    @property
    def _suspension(self) -> Suspension | None:
        return self._async.waits.suspension or self._sync.waits.suspension

    def run(self, name: str, make: Callable[..., Operation], *args: Any) -> Any:
        """Run the operation ``make(key, *args)`` under the next key of ``name``."""
        check_not_nested()
        _check_name(name)
        operation = make(self.operations.memo.next_key(name), *args)
        return self._async.run(operation) if _in_loop() else self._sync.run(operation)

    def checkpoint(self, values: dict[str, Any]) -> Any:
        """Merge ``values`` into what the job has saved; return all of it."""
        check_not_nested()
        operation = self.operations.checkpoint(StepKey("checkpoint", 1), values)
        return self._async.run(operation) if _in_loop() else self._sync.run(operation)

    def callback_url(self, name: str) -> str:
        """Return the URL by which an event ``name`` is sent to the job, once; another one at each call."""
        n = self.operations.memo.next_key(f"callback {name}").n
        token = self._shared.callbacks.token(self._attempt.job.id, name, n, self.operations.series)
        return f"{self._shared.settings.api_url.rstrip('/')}/callbacks/{token}"

    def step_key(self) -> str:
        """Return a key of the step whose function runs, the same in each of its tries."""
        step = current_step.get()
        if step is None:
            raise RuntimeError("ctx.step_key is the key of a step; read it in the step's function")
        job_id = self._attempt.job.id
        return f"{job_id}-{hashlib.sha256(f'{step.n}/{step.name}'.encode()).hexdigest()[:16]}"

    def map(
        self, name: str, function: Callable[..., Any], items: Sequence[Any], concurrency: int, options: Step
    ) -> Any:
        """Run a step for each item, up to ``concurrency`` at once; return their results in order."""
        check_not_nested()
        _check_name(name)
        if type(concurrency) is not int or not 1 <= concurrency <= MAX_CONCURRENCY:
            raise ValueError(f"concurrency must be a whole number from 1 to {MAX_CONCURRENCY}, not {concurrency!r}")
        memo, step = self.operations.memo, self.operations.step
        made = [
            step(memo.next_key(f"{name}[{index}]"), function, (item,), {}, options) for index, item in enumerate(items)
        ]
        return self._map_async(made, concurrency) if _in_loop() else self._map_sync(made, concurrency)

    def _map_sync(self, operations: Sequence[Operation], concurrency: int) -> list[Any]:
        if not operations:
            return []
        with ThreadPoolExecutor(min(concurrency, len(operations)), thread_name_prefix="step") as threads:
            futures = [
                threads.submit(contextvars.copy_context().run, self._sync.run, operation) for operation in operations
            ]
            wait(futures)
        return _results([future.exception() or _Value(future.result()) for future in futures])

    async def _map_async(self, operations: Sequence[Operation], concurrency: int) -> list[Any]:
        slots = asyncio.Semaphore(concurrency)

        async def run(operation: Operation) -> Any:
            async with slots:
                return _Value(await self._async.run(operation))

        return _results(await asyncio.gather(*map(run, operations), return_exceptions=True))

    # --- the end ---------------------------------------------------------------------------------------------
    def ended(self, result: AttemptResult, error: BaseException | None) -> AttemptResult:
        """Return how the attempt ended; ``result`` is what its task made of it, ``error`` what it raised."""
        operations, suspension = self.operations, self._suspension
        if suspension is None:
            if result.outcome is Outcome.COMPLETED and (passed_by := operations.memo.passed_by()):
                text = f"steps that an earlier attempt recorded were not reached: {passed_by}"
                self._context.notes.add(result.at, "warning", text)
            return result._replace(progressed=operations.has_progressed)
        self._cancel_others()
        if error is not None and _is_suspension(error):
            outcome = Outcome.CONTINUED if suspension.hands_over else Outcome.WAITING
            return AttemptResult(
                outcome, result.at, until=suspension.until, waits_for=suspension.waits_for,
                progressed=operations.has_progressed,
            )  # fmt: skip
        if result.outcome is Outcome.COMPLETED:
            return _swallowed(result)
        return result._replace(progressed=operations.has_progressed)

    def _cancel_others(self) -> None:
        """Cancel what the task left running beside its steps, as far as Python tells."""
        if _in_loop():
            own = asyncio.current_task()
            for task in asyncio.all_tasks():
                if task is not own and runs_in(task, self._attempt.job.id):
                    task.cancel()


def _traced(context: TaskContext, job: Job) -> tuple[Traced, TracedInvoke]:
    """Return what opens spans of steps, and of submissions by steps."""
    tracing, span = context.tracing, context.span
    if tracing is None or span is None:
        return untraced, untraced
    return lambda key: tracing.step(job, key, span), lambda key: tracing.invoke(job, key, span)


class _Value:
    """A result, told apart from an exception."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def _results(ends: Sequence[Any]) -> list[Any]:
    """Return the values. Raises ``Suspended`` if a step was suspended, else what the first failed one raised."""
    errors = [end for end in ends if isinstance(end, BaseException)]
    for error in errors:
        if not isinstance(error, Exception):
            raise error
    if errors:
        raise errors[0]
    return [end.value for end in ends]


def _is_suspension(error: BaseException) -> bool:
    """Return whether a task was ended by its suspension, also as a group, by ``asyncio.TaskGroup``."""
    if isinstance(error, BaseExceptionGroup):
        return all(_is_suspension(each) for each in error.exceptions)
    return isinstance(error, Suspended)


def _swallowed(result: AttemptResult) -> AttemptResult:
    text = (
        "the task caught the exception by which its job was suspended: let BaseException pass, as in `except Exception`"
    )
    error = JobError("SuspensionSwallowed", text, None, error_group("SuspensionSwallowed", text))
    return AttemptResult(Outcome.FAILED, result.at, error=error, final=True)


def _in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _check_name(name: object) -> None:
    if not isinstance(name, str) or not 1 <= len(name) <= MAX_STEP_NAME_CHARS or not name.isprintable():
        raise ValueError(f"the name of a step is text of 1 to {MAX_STEP_NAME_CHARS} printable characters, not {name!r}")
