"""What the operations of a durable task do: each is a generator of commands (``commands``)."""

from __future__ import annotations

import inspect
import threading
import uuid
from collections.abc import Callable, Generator
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, get_type_hints

import orjson

from chalicelib.domain.clock import Clock
from chalicelib.domain.jobs import Job, JobError
from chalicelib.domain.lifecycle import later
from chalicelib.domain.retry import MAX_BACKOFF_S, DoNotRetry, Retry, Snooze, StepFailed, backoff_s, error_group
from chalicelib.domain.steps import (
    COPIED,
    MAX_RESULT_BYTES,
    OnVersion,
    StepKey,
    StepKind,
    StepRecord,
    StepStatus,
    series_of,
)
from worker_fn import results
from worker_fn.execution import describe
from worker_fn.steps.commands import Ask, Await, Call, Command, Operation, Park, Write
from worker_fn.steps.memo import Memo
from worker_fn.steps.options import (
    DurationExceeded,
    Step,
    StepInterrupted,
    StepResultError,
    VersionChanged,
)

if TYPE_CHECKING:
    from chalicelib.store.steps import StepStore
    from worker_fn.registration.registry import Task
    from worker_fn.steps.usual import UsualTimes

#: A step without a time limit fits if its usual time and this much are left; less in short functions.
MARGIN_S: Final = 10.0
#: The part of the time of an attempt that the margin takes at most.
_MARGIN_PART: Final = 0.25


class Operations:
    """The operations of one attempt.

    ``remaining_s`` returns the seconds until it times out; ``read`` calls a function on a thread for reads.
    """

    def __init__(
        self, job: Job, task: Task, token: str, *, store: StepStore, usual: UsualTimes, clock: Clock,
        remaining_s: Callable[[], float], random: Callable[[], float], retry_base_s: float,
        read: Callable[[Callable[[], bool]], Future[bool]], hide: Callable[[JobError], JobError],
    ) -> None:  # fmt: skip
        self._job = job
        self._task = task
        self._token = token
        self._store = store
        self._usual = usual
        self._clock = clock
        self._remaining_s = remaining_s
        self._random = random
        self._retry_base_s = retry_base_s
        self._hide = hide
        self._margin_s = min(MARGIN_S, remaining_s() * _MARGIN_PART)
        self.series = series_of(job, task.version, task.on_version)
        self.memo = Memo()
        #: Whether a step completed in this attempt.
        self.has_progressed = False
        #: What ``checkpoint`` saved, as far as this attempt knows.
        self.saved: dict[str, Any] = {}
        #: Called once, when the records were loaded, with whether there are any.
        self.on_load: Callable[[bool], None] = lambda found: None
        self._read = read
        self._loading: Future[bool] | None = None
        self._announced = False
        self._lock = threading.Lock()

    # --- steps -----------------------------------------------------------------------------------------------
    def step(self, key: StepKey, function: Callable[..., Any], args: Any, kwargs: Any, options: Step) -> Operation:
        """Return the result of ``function``, called now or before."""
        known = yield from self.reach(key, StepKind.STEP)
        if known is not None and known.status.has_ended:
            return (yield from self.outcome(known, function))
        record = known or self.record(key, StepKind.STEP, StepStatus.PENDING, function=_name(function))
        if record.status is StepStatus.STARTED:
            return (yield from self._interrupted(record))
        while True:
            yield from self._until_its_turn(record, options, is_new=known is None)
            if options.once:
                yield from self._start_once(record)
            began = self._clock.monotonic()
            try:
                value = yield Call(key, function, args, kwargs, options.timeout_s)
                encoded = _encoded(key, value)
            except (Snooze, Retry) as error:
                if isinstance(error, Snooze) or record.attempts >= options.retries:
                    raise  # the job's, not the step's
                record = yield from self._failed(record, error, options)
            except Exception as error:
                record = yield from self._failed(record, error, options)
            else:
                self._usual.note(self._task.name, key.name, self._clock.monotonic() - began)
                return (yield from self._completed(record, encoded, function))
            if record.status.has_ended:
                return (yield from self.outcome(record, function))
            known = record

    def _until_its_turn(self, record: StepRecord, options: Step, *, is_new: bool) -> Generator[Command, Any, None]:
        """Wait for the time of a retry, and for an attempt in which the step fits."""
        while record.until is not None and self._clock.now() < record.until:
            yield Park(record.until)
        if self._fits(record.key.name, options):
            return
        if is_new:  # so that the next attempt knows that it was here, and repeats no log line
            yield Write(record)
        yield Park(None, hands_over=True)

    def _fits(self, name: str, options: Step) -> bool:
        """Return whether a step fits into the time left. The first one of an attempt always begins."""
        if not self.has_progressed:
            return True
        if options.timeout_s is not None:
            return options.timeout_s <= self._remaining_s()
        return self._usual.of(self._task.name, name) + self._margin_s <= self._remaining_s()

    def _start_once(self, record: StepRecord) -> Generator[Command, Any, None]:
        """Record the start of a step that must not run twice."""
        mine = record.with_(status=StepStatus.STARTED, attempts=1, token=self._token, attempt=self._job.attempt + 1)
        stored = yield Write(mine)
        if stored.token != self._token:
            raise StepInterrupted(f"step {record.key.name!r} was begun by another attempt")

    def _interrupted(self, record: StepRecord) -> Operation:
        why = f"step {record.key.name!r} began and did not end; it may have taken effect"
        error = JobError("StepInterrupted", why, None, error_group("StepInterrupted", why))
        stored = yield Write(self.ended(record, StepStatus.FAILED, error=error, final=True))
        return (yield from self.outcome(stored, None))

    def _failed(self, record: StepRecord, error: Exception, options: Step) -> Generator[Command, Any, StepRecord]:
        """Record a failed try; return the step as it waits for the next one, or as another attempt ended it meanwhile.

        Raises ``StepFailed`` after the last try.
        """
        final = isinstance(error, DoNotRetry) or options.once or (isinstance(error, StepFailed) and error.final)
        tries = record.attempts + 1
        described = self._hide(describe(error))
        if not final and tries <= options.retries:
            wait_s = error.delay_s if isinstance(error, Retry) else None
            if wait_s is None:
                wait_s = backoff_s(tries, self._retry_base_s, self._random())
            until = later(self._clock.now(), min(max(0.0, wait_s), MAX_BACKOFF_S))
            waiting = record.with_(
                status=StepStatus.RETRYING, attempts=tries, until=until, error=described, token=self._token,
                attempt=self._job.attempt + 1,
            )  # fmt: skip
            stored: StepRecord = yield Write(waiting)
            return stored
        stored = yield Write(self.ended(record.with_(attempts=tries), StepStatus.FAILED, error=described, final=final))
        if stored.status is StepStatus.FAILED and stored.token == self._token:
            raise _failure(stored) from error
        return stored

    def _completed(self, record: StepRecord, encoded: bytes, function: Callable[..., Any] | None) -> Operation:
        """Record a result; return what is stored then."""
        ended = self.ended(record, StepStatus.COMPLETED, result=encoded.decode(), size=len(encoded), error=None)
        stored = yield Write(ended.with_(attempts=record.attempts + 1))
        self.has_progressed = True
        return (yield from self.outcome(stored, function))

    # --- values ----------------------------------------------------------------------------------------------
    def checkpoint(self, key: StepKey, values: dict[str, Any]) -> Operation:
        """Merge ``values`` into what the job has saved; return all of it."""
        known = yield from self.reach(key, StepKind.CHECKPOINT)
        if known is not None:
            self.saved = yield from self.outcome(known, None)
        if values:
            self.saved = {**self.saved, **values}
            encoded = _encoded(key, self.saved)
            record = self.record(key, StepKind.CHECKPOINT, StepStatus.COMPLETED)
            yield Write(self.ended(record, StepStatus.COMPLETED, result=encoded.decode(), size=len(encoded)))
        return dict(self.saved)

    def value(self, key: StepKey, kind: StepKind, make: Callable[[], Any]) -> Operation:
        """Return what ``make`` returned the first time."""
        known = yield from self.reach(key, kind)
        if known is None or not known.status.has_ended:
            encoded = _encoded(key, make())
            record = self.record(key, kind, StepStatus.COMPLETED)
            known = yield Write(self.ended(record, StepStatus.COMPLETED, result=encoded.decode(), size=len(encoded)))
        return (yield from self.outcome(known, None))

    def now(self, key: StepKey) -> Operation:
        """Return the time at which the task first came here."""
        text = yield from self.value(key, StepKind.NOW, lambda: self._clock.now().isoformat())
        return datetime.fromisoformat(text)

    def uuid(self, key: StepKey) -> Operation:
        """Return a random UUID, the same in each attempt."""
        text = yield from self.value(key, StepKind.UUID, lambda: str(uuid.uuid4()))
        return uuid.UUID(text)

    # --- waits -----------------------------------------------------------------------------------------------
    def sleep(self, key: StepKey, seconds: float) -> Operation:
        """Wait until ``seconds`` after the task first came here. The time alone says that the wait is over."""
        known = yield from self.reach(key, StepKind.SLEEP)
        if known is None:
            until = later(self._clock.now(), max(0.0, seconds))
            known = yield Write(self.record(key, StepKind.SLEEP, StepStatus.WAITING, until=until))
        while known.until is not None and self._clock.now() < known.until:
            yield Park(known.until)
        return None

    def limit_at(self) -> datetime:
        """Return when the job has taken too long."""
        return (self.memo.began_at or self._clock.now()) + timedelta(seconds=self._task.max_duration_s)

    # --- records ---------------------------------------------------------------------------------------------
    def reach(self, key: StepKey, kind: StepKind) -> Generator[Command, Any, StepRecord | None]:
        """Return what is known of a step that the task comes to.

        Raises ``NonDeterministic``, ``VersionChanged``, ``DurationExceeded``.
        """
        if not self._announced:
            self._announce((yield Await(self._load())))
        if self._task.on_version is OnVersion.FAIL:
            self._check_version()
        known = self.memo.reach(key, kind)
        if (known is None or not known.status.has_ended) and self._clock.now() >= self.limit_at():
            raise DurationExceeded(f"the job takes longer than {self._task.max_duration_s} s")
        return known

    def _load(self) -> Future[bool]:
        """Load the records, once for all operations of the attempt; the result says whether there are any."""
        with self._lock:
            if self._loading is None or (self._loading.done() and not self.memo.is_loaded):  # failed: try again
                self._loading = self._read(self._fill)
            return self._loading

    def _fill(self) -> bool:
        records = self._store.load(self._job.id, self.series)
        self.memo.fill(records, self._job)
        return bool(records)

    def _announce(self, found: bool) -> None:
        with self._lock:
            is_first, self._announced = not self._announced, True
        if is_first:
            self.on_load(found)

    def _check_version(self) -> None:
        other = next(iter(self.memo.versions - {self._task.version, COPIED}), None)
        if other is not None:
            raise VersionChanged(f"the job began under version {other} of its task, which is at {self._task.version}")

    def record(
        self, key: StepKey, kind: StepKind, status: StepStatus, *, function: str = "", until: datetime | None = None
    ) -> StepRecord:
        """Return a new record."""
        return StepRecord(
            self._job.id, self.series, key, kind, status, self._task.version, function, self._job.attempt + 1,
            self._token, self._clock.now(), until=until,
        )  # fmt: skip

    def ended(self, record: StepRecord, status: StepStatus, **changes: Any) -> StepRecord:
        """Return a record as it ends now."""
        return record.with_(
            status=status,
            ended_at=self._clock.now(),
            until=None,
            attempt=self._job.attempt + 1,
            token=self._token,
            **changes,
        )

    def outcome(self, record: StepRecord, function: Callable[..., Any] | None) -> Operation:
        """Return the result of an ended step, or raise its failure."""
        if record.status is StepStatus.FAILED:
            raise _failure(record)
        text = record.result
        if text is None and record.size:
            text = yield Ask(lambda: self._store.result(record))
        model = _returned_model(function) if function is not None else None
        if model is not None and text not in {None, "null"}:
            return model.model_validate_json(text)
        return None if text is None else orjson.loads(text)


def _failure(record: StepRecord) -> Exception:
    error = record.error or JobError("StepFailed", "the step failed")
    if error.type == "StepInterrupted":
        return StepInterrupted(error.message)
    return StepFailed(record.key.name, error.type, error.message, final=record.final)


def _encoded(key: StepKey, value: Any) -> bytes:
    """Return a result as JSON. Raises ``StepResultError``."""
    try:
        encoded = results.encode(value)
    except Exception as error:
        raise StepResultError(f"the result of step {key.name!r} cannot be written as JSON: {error}") from error
    if len(encoded) > MAX_RESULT_BYTES:
        raise StepResultError(
            f"the result of step {key.name!r} has {len(encoded)} bytes as JSON; at most {MAX_RESULT_BYTES} are kept"
        )
    return encoded


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__qualname__", type(function).__qualname__))[:200]


@lru_cache(maxsize=512)
def _hinted(function: Callable[..., Any]) -> Any:
    try:
        return get_type_hints(function).get("return")
    except Exception:
        return None


def _returned_model(function: Callable[..., Any]) -> Any:
    """Return the pydantic model that ``function`` says it returns, ``None`` if it does not."""
    if not inspect.isfunction(function):
        return None
    hinted = _hinted(function)
    return hinted if isinstance(hinted, type) and hasattr(hinted, "model_validate_json") else None
