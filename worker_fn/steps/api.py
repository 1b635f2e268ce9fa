"""What ``ctx`` offers to durable tasks. In async tasks, await what these methods return."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.retry import seconds as seconds_of
from chalicelib.domain.steps import EVENT_PATTERN, MAX_EVENT_NAME_CHARS

if TYPE_CHECKING:
    from worker_fn.steps.durable import Durable

#: The longest sleep: a year and a day.
MAX_SLEEP_S: Final = 366 * 24 * 3600


class DurableContext(ABC):
    """The durable part of a task's context."""

    @property
    @abstractmethod
    def _steps(self) -> Durable:
        """The steps of this attempt."""

    @property
    @abstractmethod
    def replaying(self) -> bool:
        """Whether steps were recorded that this attempt has not come to yet. Log lines are dropped meanwhile."""

    def step(self, name: str, function: Callable[..., Any], *args: Any, options: Any = None, **kwargs: Any) -> Any:
        """Call ``function(*args, **kwargs)`` and record its result, which later attempts return in place of a call.

        The result is what JSON makes of it, at most 256 KB; if ``function`` says that it returns a pydantic model, that
        model. ``options``: a ``Step``. Raises ``StepFailed`` if the function fails, after its retries.
        """
        from worker_fn.steps.options import Step  # noqa: PLC0415 - plain tasks do not need it

        chosen = Step() if options is None else options
        if not isinstance(chosen, Step):
            raise TypeError(f"options must be a Step(...), not {chosen!r}")
        return self._steps.run(name, self._steps.operations.step, function, args, kwargs, chosen)

    def map(
        self, name: str, function: Callable[[Any], Any], items: Iterable[Any], *, concurrency: int = 10,
        options: Any = None,
    ) -> Any:  # fmt: skip
        """Take a step ``name[i]`` for each of ``items``, up to ``concurrency`` (at most 100) at once; return their
        results in order. If some fail, the others end first.
        """
        from worker_fn.steps.options import Step  # noqa: PLC0415

        return self._steps.map(name, function, list(items), concurrency, Step() if options is None else options)

    def sleep(self, name: str, delay: float | timedelta) -> Any:
        """Wait for ``delay`` (seconds or a ``timedelta``), without a slot if it is longer than a second.

        It counts from when the task first came here.
        """
        wait_s = seconds_of(delay)
        if not 0 <= wait_s <= MAX_SLEEP_S:
            raise ValueError(f"a job sleeps for 0 to {MAX_SLEEP_S} s, not {wait_s:g}")
        return self._steps.run(name, self._steps.operations.sleep, wait_s)

    def wait_for_event(self, name: str, timeout_s: float | timedelta | None = None) -> Any:
        """Return the data of the first event ``name`` that was sent to the job and that no other wait took.

        Without one, wait for it, without a slot; ``None`` once ``timeout_s`` is over.
        """
        if not isinstance(name, str) or len(name) > MAX_EVENT_NAME_CHARS or not re.fullmatch(EVENT_PATTERN, name):
            raise ValueError(f"an event has a name of 1 to {MAX_EVENT_NAME_CHARS} letters, digits, ._-, not {name!r}")
        wait_s = None if timeout_s is None else seconds_of(timeout_s)
        if wait_s is not None and not 0 <= wait_s <= MAX_SLEEP_S:
            raise ValueError(f"a job waits for 0 to {MAX_SLEEP_S} s, not {wait_s:g}")
        return self._steps.run(name, self._steps.outside.wait_for_event, wait_s)

    def callback_url(self, name: str) -> str:
        """Return a URL that sends the event ``name`` to the job, once, to whoever calls it (POST, any JSON)."""
        return self._steps.callback_url(name)

    def invoke(
        self, name: str, task: str, payload: Any = None, *, queue: str | None = None, priority: int | None = None,
        detached: bool = False,
    ) -> Any:  # fmt: skip
        """Run a job of ``task`` and return its result, without a slot meanwhile.

        It is its owner's as this one, and is cancelled with this one unless it is ``detached``. Raises ``StepFailed``
        if it does not complete.
        """
        options: dict[str, Any] = {"detached": detached}
        options |= {key: value for key, value in (("queue", queue), ("priority", priority)) if value is not None}
        return self._steps.run(name, self._steps.outside.invoke, task, payload, options)

    def now(self) -> Any:
        """Return the time (UTC) at which the task first came here."""
        return self._steps.run("now", self._steps.operations.now)

    def uuid(self) -> Any:
        """Return a random UUID, the same in each attempt."""
        return self._steps.run("uuid", self._steps.operations.uuid)

    def checkpoint(self, **values: Any) -> Any:
        """Save ``values`` with those saved before, for later attempts; return all of them. Without any, only return.

        For tasks that go through something long without steps: each call replaces what was saved.
        """
        return self._steps.checkpoint(values)

    @property
    def step_key(self) -> str:
        """A key of the step whose function runs, the same in each of its tries: for services that take such keys."""
        return self._steps.step_key()
