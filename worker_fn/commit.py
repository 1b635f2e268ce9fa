"""Group commit: writes starts and ends of attempts in batches, to MongoDB first, then to Redis.

Two threads handle batches in turn. The *journal* writes the records with compare-and-set; while one batch is written,
the next one is collected, so batches grow with the load and an end never waits. A start waits for ``WINDOW_S``: an
attempt that ended by then is written once, and both events are still published. The *projector* then calls the engine,
which moves the id and publishes. A lease is released only after that, so after a crash at any point either a lease
expires or the sweep finds the record.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from pymongo.errors import BulkWriteError, PyMongoError
from redis.exceptions import RedisError

from chalicelib.domain import events
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.lifecycle import burnt_between, cancelled, ended, started_and_ended
from chalicelib.errors import QueueClosed
from chalicelib.queue.engine import Engine, Settlement
from chalicelib.settings import Settings
from chalicelib.store.client import is_unavailable
from worker_fn.attempt import Attempt

if TYPE_CHECKING:
    from chalicelib.store.jobs import JobStore
    from chalicelib.telemetry.logger import Log

#: Maximum number of changes in one write.
BATCH: Final = 500
#: How long a start waits to be written together with its end.
WINDOW_S: Final = 0.002
#: Waits between attempts while a server is unreachable.
_RETRY_S: Final = (0.02, 0.05, 0.1, 0.2, 0.5)


class Change(NamedTuple):
    """One write of an attempt: the record was ``before`` and becomes ``after``."""

    attempt: Attempt
    before: Job
    after: Job
    #: The start is published together with the end.
    at_once: bool = False

    @property
    def is_start(self) -> bool:
        """Whether the attempt began and has not ended."""
        return self.after.status is JobStatus.RUNNING


class Observer(Protocol):
    """Receives what was written. Called from the threads of the commit."""

    def ending(self, attempts: Sequence[Attempt]) -> None:
        """The ends of ``attempts`` are about to be written."""
        ...

    def published(self, ends: Sequence[Change]) -> None:
        """These ends are in MongoDB and Redis. Called before ``written``."""
        ...

    def written(self, changes: Sequence[Change]) -> None:
        """These changes are in MongoDB, and in Redis or left to the sweep."""
        ...

    def stale(self, changes: Sequence[Change]) -> None:
        """These changes lost a race: nothing was written. What their attempts still do is in vain."""
        ...

    def dropped(self, attempt: Attempt) -> None:
        """A change of this attempt cannot be written. Its lease must expire, so that its loss is recorded."""
        ...

    def closed(self) -> None:
        """Redis lost the queue; it must be rebuilt."""
        ...


class GroupCommit:
    """Writes starts and ends of attempts. ``began`` and ``finished`` may be called from any thread."""

    def __init__(
        self,
        *,
        store: JobStore,
        engine: Engine,
        settings: Settings,
        clock: Clock,
        ids: Ids,
        observer: Observer,
        log: Log,
    ) -> None:
        self._store = store
        self._engine = engine
        self._settings = settings
        self._clock = clock
        self._ids = ids
        self._observer = observer
        self._log = log
        self._inbox: SimpleQueue[tuple[Attempt, bool] | None] = SimpleQueue()
        self._journaled: SimpleQueue[list[Change] | None] = SimpleQueue()
        #: Running attempts, and when to write their start (monotonic, in order).
        self._starts: dict[Attempt, float] = {}
        self._give_up = threading.Event()
        self._journal = threading.Thread(target=self._serve_journal, name="journal", daemon=True)
        self._projector = threading.Thread(target=self._serve_projector, name="projector", daemon=True)

    def start(self) -> None:
        """Start the threads."""
        self._journal.start()
        self._projector.start()

    def began(self, attempt: Attempt) -> None:
        """Write the start of ``attempt``, soon."""
        self._inbox.put((attempt, False))

    def finished(self, attempt: Attempt) -> None:
        """Write the end of ``attempt``."""
        self._inbox.put((attempt, True))

    def close(self, timeout_s: float) -> bool:
        """Write what is left; return ``False`` if that took longer than ``timeout_s`` and was given up."""
        self._inbox.put(None)
        self._projector.join(timeout_s)
        self._give_up.set()
        return not self._projector.is_alive()

    # --- the journal -----------------------------------------------------------------------------------------
    def _serve_journal(self) -> None:
        going = True
        while going:
            due, done, going = self._gather()
            starts: list[Attempt] = []
            ends: list[Attempt] = []
            for attempt in due:  # one that ended meanwhile is written once: its own item, which comes later, is skipped
                (starts if attempt.result is None else ends).append(attempt)
            ends += [attempt for attempt in done if not attempt.closed]
            if ends:
                self._observer.ending(ends)
            planned = [self._change(self._start, attempt) for attempt in starts]
            planned += [self._change(self._end, attempt) for attempt in ends]
            changes = [change for change in planned if change is not None]
            written = self._write(changes) if changes else []
            if written:
                self._journaled.put(written)
        self._journaled.put(None)

    def _gather(self) -> tuple[list[Attempt], list[Attempt], bool]:
        """Wait for something to write; return (starts that are due, ends, whether more may come)."""
        done: list[Attempt] = []
        item: tuple[Attempt, bool] | None = None
        try:
            item = self._inbox.get(timeout=self._until_due_s())
            while item is not None:
                attempt, finished = item
                if finished:
                    self._starts.pop(attempt, None)
                    done.append(attempt)
                else:
                    self._starts[attempt] = time.monotonic() + WINDOW_S
                if len(self._starts) + len(done) >= BATCH:
                    break
                item = self._inbox.get_nowait()
            going = item is not None
        except Empty:
            going = True
        return self._due(everything=not going), done, going

    def _until_due_s(self) -> float | None:
        """Return the seconds until the next start is due, ``None`` if there is none."""
        for due in self._starts.values():
            return max(0.0, due - time.monotonic())
        return None

    def _due(self, *, everything: bool) -> list[Attempt]:
        now = time.monotonic()
        due = [
            attempt for attempt, at in self._starts.items() if everything or at <= now or attempt.written is not None
        ]
        for attempt in due:
            del self._starts[attempt]
        return due

    def _change(self, work_out: Callable[[Attempt], Change | None], attempt: Attempt) -> Change | None:
        """Return the change of ``attempt``, ``None`` if there is none. If this fails, the other attempts go on."""
        try:
            return None if attempt.lost or attempt.closed else work_out(attempt)
        except Exception:
            self._drop(attempt)
            return None

    def _start(self, attempt: Attempt) -> Change | None:
        begun = attempt.begun
        return None if begun is None else Change(attempt, attempt.job, begun)

    def _end(self, attempt: Attempt) -> Change | None:
        job, result, at = attempt.job, attempt.result, attempt.started_at
        if result is None:
            return None
        attempt.closed = True
        if at is None:  # cancelled before it began
            return Change(attempt, job, cancelled(job, result.at))
        progress = attempt.context.last_progress if attempt.context else None
        base_s, random = self._settings.retry_backoff_base_s, self._ids.random()
        if job.status is JobStatus.RUNNING:
            return Change(attempt, job, ended(job, result, progress=progress, base_s=base_s, random=random))
        after = started_and_ended(job, attempt.worker_id, at, result, progress=progress, base_s=base_s, random=random)
        return Change(attempt, job, after, at_once=True)

    def _write(self, changes: list[Change]) -> list[Change]:
        """Write until MongoDB answers; return the changes that it accepted, without attempts that were lost."""
        for tries in count():
            changes = [change for change in changes if not change.attempt.lost]
            try:
                return self._sort(
                    changes, self._store.advance([(change.before.rev, change.after) for change in changes])
                )
            except Exception as error:
                if not _is_unreachable(error):
                    return self._write_halves(changes)
                self._pause(tries, "MongoDB", error)
            if self._give_up.is_set():
                break
        return []

    def _write_halves(self, changes: list[Change]) -> list[Change]:
        """Find the change that cannot be written and drop it: its lease expires and its loss is recorded."""
        if len(changes) > 1:
            middle = len(changes) // 2
            return self._write(changes[:middle]) + self._write(changes[middle:])
        for change in changes:
            self._drop(change.attempt)
        return []

    def _drop(self, attempt: Attempt) -> None:
        """Drop an attempt that cannot be written. Call it in an ``except`` block."""
        self._log.error("a job cannot be written", event="write_failed", exc_info=True, jobId=attempt.job.id)
        self._observer.dropped(attempt)

    def _sort(self, changes: list[Change], results: list[Job | None]) -> list[Change]:
        stale = [change for change, written in zip(changes, results, strict=True) if written is None]
        if stale:
            self._observer.stale(stale)
        changes = [
            change if written is change.after else change._replace(after=written)
            for change, written in zip(changes, results, strict=True)
            if written is not None
        ]
        for change in changes:
            change.attempt.job = change.after
        return changes

    # --- the projector ---------------------------------------------------------------------------------------
    def _serve_projector(self) -> None:
        while (changes := self._journaled.get()) is not None:
            starts = [change for change in changes if change.is_start]
            ends = [change for change in changes if not change.is_start]
            if starts:
                self._update_redis(partial(self._started, starts))
            if ends and self._update_redis(partial(self._settle, ends)):
                self._observer.published(ends)
            self._observer.written(changes)

    def _started(self, starts: Sequence[Change]) -> None:
        self._engine.started(
            [change.after for change in starts],
            [change.attempt.token for change in starts],
            [events.moved(change.after, change.before.status) for change in starts],
        )
        for change in starts:
            if change.attempt.written is not None:
                change.attempt.written.set()

    def _settle(self, ends: Sequence[Change]) -> None:
        self._engine.settle([_settlement(change) for change in ends])

    def _update_redis(self, call: Callable[[], None]) -> bool:
        """Repeat ``call`` until Redis answers; return ``False`` if the worker must end before: left to the sweep."""
        for tries in count():
            try:
                call()
                return True
            except QueueClosed:
                self._observer.closed()
                self._pause(tries, "Redis", None)
            except RedisError as error:
                self._pause(tries, "Redis", error)
            if self._give_up.is_set():
                break
        return False

    def _pause(self, tries: int, what: str, error: Exception | None) -> None:
        if tries in {0, 20} and error is not None:
            self._log.warning(f"{what} does not answer, trying again", event="retrying_write", error=str(error)[:500])
        self._give_up.wait(_RETRY_S[min(tries, len(_RETRY_S) - 1)])


def _is_unreachable(error: Exception) -> bool:
    """Return whether to try again: the server was unreachable or refuses for now, and no single change is the cause."""
    if isinstance(error, BulkWriteError):
        return is_unavailable(error)
    return isinstance(error, PyMongoError)


def _settlement(change: Change) -> Settlement:
    before, after = change.before, change.after
    job_events = events.ran(before, after) if change.at_once else events.moved(after, before.status)
    burnt = after.status is JobStatus.RETRYING and burnt_between(before, after)
    return Settlement(after, change.attempt.token, job_events, "retries" if burnt else "", _used_ms(change.attempt))


def _used_ms(attempt: Attempt) -> int:
    """Return how long an attempt had a slot, 0 if it did not begin."""
    if attempt.started_at is None or attempt.result is None:
        return 0
    return max(1, int((attempt.result.at - attempt.started_at).total_seconds() * 1000))
