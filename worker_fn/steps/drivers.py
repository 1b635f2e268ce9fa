"""Runs the operations of a durable task: blocking for sync tasks, on the event loop for async ones."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, Final

from chalicelib.domain.steps import StepKey, StepRecord
from worker_fn.registration.callables import is_async
from worker_fn.steps.commands import Ask, Await, Call, Command, Operation, Write
from worker_fn.steps.memo import Memo
from worker_fn.steps.options import NestedStep, StepTimeout
from worker_fn.steps.parking import AsyncWaits, SyncWaits

#: The step whose function runs.
current_step: Final[contextvars.ContextVar[StepKey | None]] = contextvars.ContextVar("current_step", default=None)
#: How often a sync task that waits for a write checks whether it is cancelled.
_POLL_S: Final = 0.5

#: Functions of steps that async tasks of a worker call at once on threads.
MAX_CALLS: Final = 64

Writer = Callable[[StepRecord], "Future[StepRecord]"]
#: Opens the span of a step.
Traced = Callable[[StepKey], AbstractContextManager[None]]


def untraced(key: StepKey) -> AbstractContextManager[None]:
    """Open no span."""
    return nullcontext()


class Threads:
    """Threads on which async tasks call functions of steps that are not async, and read records."""

    def __init__(self) -> None:
        self.calls = ThreadPoolExecutor(MAX_CALLS, "step")
        #: Apart, so that a read never waits for a step.
        self.reads = ThreadPoolExecutor(2, "step-read")

    def close(self) -> None:
        """End idle threads; those that are in a function are left until the process ends."""
        self.calls.shutdown(wait=False, cancel_futures=True)
        self.reads.shutdown(wait=False)


def check_not_nested() -> None:
    """Raise ``NestedStep`` within the function of a step."""
    step = current_step.get()
    if step is not None:
        raise NestedStep(f"an operation within step {step.name!r}: steps do not nest")


class SyncDriver:
    """Runs operations in the thread that calls."""

    def __init__(
        self, waits: SyncWaits, write: Writer, memo: Memo, check: Callable[[], None], traced: Traced = untraced
    ) -> None:
        self.waits = waits
        self._write = write
        self._memo = memo
        self._check = check
        self._traced = traced

    def run(self, operation: Operation) -> Any:
        """Return the result of ``operation``. Raises what it raises, and ``Suspended``."""
        self._check()
        self.waits.begin()
        try:
            command = next(operation)
            while True:
                try:
                    answer = self._do(command)
                except BaseException as error:
                    command = operation.throw(error)
                else:
                    command = operation.send(answer)
        except StopIteration as end:
            return end.value
        finally:
            self.waits.end()

    def _do(self, command: Command) -> Any:
        if isinstance(command, Write):
            record = self._answer(self._write(command.record))
            self._memo.note(record)
            return record
        if isinstance(command, Call):
            return self._call(command)
        if isinstance(command, Ask):
            return command.function()
        if isinstance(command, Await):
            return self._answer(command.future)
        return self.waits.park(command)

    def _answer(self, future: Future[Any], until_s: float | None = None) -> Any:
        """Return the result of ``future``. Raises ``TaskCancelled`` meanwhile, and ``TimeoutError``."""
        left_s = until_s
        while True:
            try:
                return future.result(_POLL_S if left_s is None else min(_POLL_S, left_s))
            except FutureTimeoutError:
                if future.done():
                    raise  # of the function itself
                self._check()
                if left_s is not None:
                    left_s -= min(_POLL_S, left_s)
                    if left_s <= 0:
                        raise

    def _call(self, call: Call) -> Any:
        if is_async(call.function):
            raise TypeError(f"step {call.key.name!r} has an async function; its task must be async too")
        token = current_step.set(call.key)
        try:
            with self._traced(call.key):
                if call.timeout_s is None:
                    return call.function(*call.args, **call.kwargs)
                return self._call_within(call, call.timeout_s)
        finally:
            current_step.reset(token)

    def _call_within(self, call: Call, timeout_s: float) -> Any:
        """Call a function on a thread that is given up after ``timeout_s``."""
        future: Future[Any] = Future()
        within = contextvars.copy_context()

        def serve() -> None:
            try:
                future.set_result(within.run(call.function, *call.args, **call.kwargs))
            except BaseException as error:
                future.set_exception(error)

        threading.Thread(target=serve, name=f"step-{call.key.name}", daemon=True).start()
        try:
            return self._answer(future, timeout_s)
        except FutureTimeoutError:
            if future.done():
                raise
            raise StepTimeout(f"step {call.key.name!r} timed out after {timeout_s:g} s") from None


class AsyncDriver:
    """Runs operations on the event loop."""

    def __init__(
        self, waits: AsyncWaits, write: Writer, memo: Memo, check: Callable[[], None], threads: Threads,
        traced: Traced = untraced,
    ) -> None:  # fmt: skip
        self.waits = waits
        self._write = write
        self._memo = memo
        self._check = check
        self._threads = threads
        self._traced = traced

    async def run(self, operation: Operation) -> Any:
        """Return the result of ``operation``. Raises what it raises, and ``Suspended``."""
        self._check()
        self.waits.begin()
        try:
            command = next(operation)
            while True:
                try:
                    answer = await self._do(command)
                except BaseException as error:
                    command = operation.throw(error)
                else:
                    command = operation.send(answer)
        except StopIteration as end:
            return end.value
        finally:
            self.waits.end()

    async def _do(self, command: Command) -> Any:
        if isinstance(command, Write):
            record = await asyncio.wrap_future(self._write(command.record))
            self._memo.note(record)
            return record
        if isinstance(command, Call):
            return await self._call(command)
        if isinstance(command, Ask):
            return await asyncio.get_running_loop().run_in_executor(self._threads.reads, command.function)
        if isinstance(command, Await):
            return await asyncio.shield(asyncio.wrap_future(command.future))  # a cancelled waiter ends no other's wait
        return await self.waits.park(command)

    async def _call(self, call: Call) -> Any:
        token = current_step.set(call.key)
        try:
            with self._traced(call.key):
                return await self._call_function(call)
        finally:
            current_step.reset(token)

    async def _call_function(self, call: Call) -> Any:
        try:
            async with asyncio.timeout(call.timeout_s) as scope:
                if is_async(call.function):
                    return await call.function(*call.args, **call.kwargs)
                # a function that blocks must not block the other tasks of this worker
                within = contextvars.copy_context()
                function = partial(within.run, call.function, *call.args, **call.kwargs)
                value = await asyncio.get_running_loop().run_in_executor(self._threads.calls, function)
                return await value if inspect.isawaitable(value) else value
        except TimeoutError:
            if scope.expired():
                raise StepTimeout(f"step {call.key.name!r} timed out after {call.timeout_s:g} s") from None
            raise
