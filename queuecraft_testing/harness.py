"""Jobs of a test: submitted, run when they are due, looked at."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from chalicelib.domain.jobs import (
    DEFAULT_PRIORITY,
    MAX_DOCUMENT_BYTES,
    TERMINAL,
    Job,
    JobStatus,
    NewJob,
)
from chalicelib.domain.lifecycle import cancelled, new_job, promoted, redriven
from chalicelib.domain.steps import (
    COPIED,
    StepEvent,
    StepKey,
    StepKind,
    StepRecord,
    StepStatus,
    event_wait,
    job_wait,
    series_of,
)
from chalicelib.domain.tasks import TaskSpec
from chalicelib.errors import InvalidInput, InvalidTransition, NotFound
from chalicelib.services.callbacks import Callbacks
from chalicelib.services.children import Children
from chalicelib.services.payloads import Payloads
from chalicelib.settings import Settings
from chalicelib.telemetry.logger import Log
from queuecraft_testing.attempts import Attempts
from queuecraft_testing.clock import CountedIds, FakeClock
from queuecraft_testing.memory import MemoryEvents, MemorySteps
from worker_fn import results
from worker_fn.context import Line
from worker_fn.registration.registry import Registry, registry
from worker_fn.steps.durable import Steps

#: Attempts of one ``drain``; more are an endless loop of jobs that submit jobs.
MAX_ATTEMPTS: Final = 10_000
_DUE: Final = frozenset({JobStatus.SCHEDULED, JobStatus.RETRYING, JobStatus.WAITING})
_OWNER, _TENANT = "b" * 24, "a" * 24
_ENVIRONMENT: Final = {"MONGODB_URI": "mongodb://none", "REDIS_URL": "redis://none", "SECRET_KEY": "of tests " * 8}


class JobNotCompleted(AssertionError):  # noqa: N818
    """Raised when a job whose result is asked for ended otherwise; its cause is the exception of the task."""


class NeverDone(AssertionError):  # noqa: N818
    """Raised when jobs go on submitting, retrying or snoozing without end."""


class QueueCraft:
    """Submits jobs and runs them, in the thread of the test and by a clock that the test moves.

    ``tasks``: the registry; by default that of ``@task``. ``settings``: names and values of ``Settings``.
    """

    def __init__(self, tasks: Registry = registry, **settings: Any) -> None:
        self.clock = FakeClock()
        self._ids = CountedIds()
        self._tasks = tasks
        self._jobs: dict[str, Job] = {}
        self._lines: dict[str, list[Line]] = {}
        self._errors: dict[str, BaseException] = {}
        self._records, self._events = MemorySteps(), MemoryEvents()
        log = Log("queuecraft_testing", stream=io.StringIO())
        self._payloads = Payloads(_Catalogue(tasks), log)  # type: ignore[arg-type]
        self._callbacks = Callbacks(_ENVIRONMENT["SECRET_KEY"], None)
        made = Settings.from_env({**_ENVIRONMENT, "API_URL": "http://testing"})
        self.settings = replace(made, **settings)
        self._steps = Steps(
            self._records, events=self._events, children=self._children, callbacks=self._callbacks,  # type: ignore[arg-type]
            settings=self.settings, clock=self.clock, ids=self._ids, log=log, short_wait_s=0.0,
        )  # fmt: skip
        self._attempts = Attempts(settings=self.settings, clock=self.clock, ids=self._ids, steps=self._steps)

    def close(self) -> None:
        """End the threads of steps."""
        self._steps.close()

    # --- submit ----------------------------------------------------------------------------------------------
    def submit(
        self,
        task: str,
        payload: Any = None,
        *,
        name: str | None = None,
        queue: str | None = None,
        priority: int = DEFAULT_PRIORITY,
        tags: Sequence[str] = (),
        delay_s: float | None = None,
        run_at: datetime | None = None,
        max_retries: int | None = None,
        timeout_s: int | None = None,
        checked: bool = True,
    ) -> InlineJob:
        """Submit a job; it runs at the next ``drain``. The payload goes through JSON and, if ``checked``, the schema.

        Raises ``InvalidInput``, whose ``field`` names what is wrong, as the API does; ``TypeError`` for a payload that
        is no JSON.
        """
        text = encoded(payload)
        spec = self._payloads.check(task, text) if checked else _Catalogue(self._tasks).get(task)
        new = NewJob(name or task, task, queue, priority, text, tuple(tags), run_at, delay_s, max_retries, timeout_s)
        job = new_job(
            new, spec, job_id=self._ids.object_id(), tenant_id=_TENANT, owner_id=_OWNER, now=self.clock.now(),
            trace_id=self._ids.trace_id(), submission_id=self._ids.token(),
        )  # fmt: skip
        self._jobs[job.id] = job
        return InlineJob(self, job.id)

    def restore(self, job: Mapping[str, Any], steps: Iterable[Mapping[str, Any]] = ()) -> InlineJob:
        """Take over a job of a server, as ``GET /job/{id}`` and ``GET /job/{id}/steps?results=true`` answer it.

        It is pending, and its steps that completed are a memo. The clock moves on to the present. Raises
        ``InvalidInput`` for a task that is not registered.
        """
        self.clock.advance_to(datetime.now(UTC))
        made = self.submit(
            job["task"], job.get("payload"), name=job["name"], tags=job.get("tags") or (), checked=False,
            max_retries=job.get("maxRetries"), timeout_s=job.get("timeoutS"),
        )  # fmt: skip
        record = self._jobs.pop(made.id)
        self._jobs[job["_id"]] = record.with_(id=job["_id"], attempt=job.get("attempt", 0))
        series = series_of(record, self._tasks.tasks[record.task].version, self._tasks.tasks[record.task].on_version)
        self._records.write([restored(each, job["_id"], series) for each in steps if each["status"] == "completed"])
        return InlineJob(self, job["_id"])

    def run(self, task: str, payload: Any = None, **options: Any) -> Any:
        """Submit a job, run everything to its end, moving the clock; return its result. Raises ``JobNotCompleted``."""
        job = self.submit(task, payload, **options)
        self.drain(advance=True)
        return job.result

    def send_event(self, job: InlineJob | str, name: str, data: Any = None) -> None:
        """Send an event to a durable job. Raises ``InvalidTransition`` if it has ended."""
        self._send(_id(job), name, data, self._ids.object_id())

    def call_back(self, url: str, data: Any = None) -> None:
        """Send the event of ``ctx.callback_url``. Raises ``NotFound`` for another URL."""
        callback = self._callbacks.read(url.rpartition("/")[2])
        self._send(callback.job_id, callback.name, data, callback.event_id)

    def cancel(self, job: InlineJob | str) -> None:
        """Cancel a job that is not running. Raises ``InvalidTransition`` if it has ended."""
        self._cancel([self.record(_id(job))])

    def redrive(self, job: InlineJob | str) -> None:
        """Run a job of the dead letter queue again; its steps begin anew. Raises ``InvalidTransition``."""
        found = self._jobs[_id(job)]
        self._jobs[found.id] = redriven(found, self.clock.now(), submission_id=self._ids.token())

    def _send(self, job_id: str, name: str, data: Any, event_id: str) -> None:
        if not self._jobs[job_id].status.is_open:
            raise InvalidTransition(f"A job that is {self._jobs[job_id].status} waits for no event")
        self._events.add(StepEvent(event_id, job_id, name, self.clock.now(), orjson.dumps(data).decode()))

    # --- run -------------------------------------------------------------------------------------------------
    def drain(self, *, advance: bool = False) -> list[InlineJob]:
        """Run all jobs that are due, and those that become due by that; return those that ran, in order.

        ``advance``: then move the clock to the next due time, until nothing is due any more. Raises ``NeverDone``.
        """
        ran: dict[str, None] = {}
        for _ in range(MAX_ATTEMPTS):
            job = self._next()
            if job is None and advance and (later := self._next_due_time()) is not None:
                self.clock.advance_to(later)
                continue
            if job is None:
                return [InlineJob(self, job_id) for job_id in ran]
            self._run(job)
            ran[job.id] = None
        raise NeverDone(f"jobs go on after {MAX_ATTEMPTS} attempts")

    def drain_one(self, job: InlineJob | str) -> None:
        """Run one attempt of one job, whatever is due besides."""
        self._run(self._jobs[_id(job)])

    def _next(self) -> Job | None:
        """Return the job that is first by priority and time, of those that are due."""
        due = [job for job in self._jobs.values() if self._is_due(job)]
        return min(due, key=lambda job: job.score, default=None)

    def _is_due(self, job: Job) -> bool:
        if job.status is JobStatus.PENDING:
            return True
        if job.status not in _DUE:
            return False
        return job.ready_at <= self.clock.now() or any(self._has_come(job, each) for each in job.waits_for)

    def _has_come(self, job: Job, what: str) -> bool:
        kind, _, name = what.partition(":")
        if what == event_wait(name):
            return self._events.has_fresh(job.id, name)
        return what == job_wait(name) and kind == "job" and self._jobs[name].status in TERMINAL

    def _next_due_time(self) -> datetime | None:
        times = [job.ready_at for job in self._jobs.values() if job.status in _DUE and not _is_endless(job)]
        return min(times, default=None)

    def _run(self, job: Job) -> None:
        pending = job if job.status is JobStatus.PENDING else promoted(job, self.clock.now())
        task = self._tasks.tasks[job.task]
        ran = self._attempts.run(pending, task)
        self._jobs[job.id] = ran.job
        self._lines.setdefault(job.id, []).extend(ran.lines)
        if ran.error is not None:
            self._errors[job.id] = ran.error

    def _cancel(self, jobs: Sequence[Job]) -> dict[str, Job]:
        for job in jobs:
            self._jobs[job.id] = cancelled(job, self.clock.now())
            self._children().follow(self._jobs[job.id])
        return {job.id: self._jobs[job.id] for job in jobs}

    def _children(self) -> Children:
        records: Any = _Records(self._jobs, self._ids, self._cancel)
        steps: Any = self._records
        return Children(
            submitter=records, cancellation=records, catalogue=_Catalogue(self._tasks), store=records,  # type: ignore[arg-type]
            marks=records, steps=steps, clock=self.clock,
        )  # fmt: skip

    def record(self, job_id: str) -> Job:
        """Return a job as the worker knows it. Raises ``NotFound``."""
        if job_id not in self._jobs:
            raise NotFound("No such job")
        return self._jobs[job_id]

    # --- look ------------------------------------------------------------------------------------------------
    def jobs(self, task: str | None = None) -> list[InlineJob]:
        """Return the jobs that were submitted, of one task or all, in order."""
        return [InlineJob(self, job.id) for job in self._jobs.values() if task in {None, job.task}]

    def assert_enqueued(self, task: str, payload: Mapping[str, Any] | None = None, *, count: int | None = None) -> None:
        """Assert that a job of ``task`` was submitted whose payload has at least the fields of ``payload``.

        ``count``: exactly so many. Jobs count whatever has become of them.
        """
        found = [job for job in self.jobs(task) if _includes(job.payload, payload or {})]
        if (count is None and not found) or (count is not None and len(found) != count):
            wanted = "a job" if count is None else f"{count} jobs"
            with_payload = f" with {payload!r}" if payload is not None else ""
            there = "".join(f"\n  {job.task} {json.dumps(job.payload)} ({job.status})" for job in self.jobs())
            raise AssertionError(
                f"{wanted} of {task}{with_payload} expected, {len(found)} found; submitted:{there or ' none'}"
            )

    def refute_enqueued(self, task: str, payload: Mapping[str, Any] | None = None) -> None:
        """Assert that no job of ``task`` with these fields in its payload was submitted."""
        self.assert_enqueued(task, payload, count=0)


@dataclass(frozen=True)
class InlineJob:
    """A job as it is now."""

    _of: QueueCraft
    id: str

    @property
    def record(self) -> Job:
        """The job as the worker knows it: state, attempts, error, progress, times."""
        return self._of.record(self.id)

    @property
    def task(self) -> str:
        """Its task."""
        return self.record.task

    @property
    def status(self) -> str:
        """Its state."""
        return self.record.status.value

    @property
    def payload(self) -> Any:
        """Its payload after the way through JSON."""
        return orjson.loads(self.record.payload or "{}")

    @property
    def result(self) -> Any:
        """What its task returned, as JSON gives it back. Raises ``JobNotCompleted``."""
        job = self.record
        if job.status is not JobStatus.COMPLETED:
            why = f": {job.error.type}: {job.error.message}" if job.error else ""
            raise JobNotCompleted(f"job {job.id} of {job.task} is {job.status}{why}") from self.exception
        return orjson.loads(job.result or "null")

    @property
    def exception(self) -> BaseException | None:
        """The last exception that its task raised."""
        return self._of._errors.get(self.id)

    @property
    def logs(self) -> list[str]:
        """What it has logged."""
        return [line.message for line in self._of._lines.get(self.id, ())]

    @property
    def steps(self) -> list[StepRecord]:
        """The records of its steps."""
        return self._of._records.of_job(self.id)


class _Records:
    """What jobs that invoke others need of the store and the submitter."""

    def __init__(
        self, jobs: dict[str, Job], ids: CountedIds, cancel: Callable[[Sequence[Job]], dict[str, Job]]
    ) -> None:
        self._jobs = jobs
        self.new_submission_id = ids.token
        self.cancel = cancel

    def get(self, job_id: str) -> Job:
        if job_id not in self._jobs:
            raise NotFound("No such job")
        return self._jobs[job_id]

    def get_many(self, job_ids: Sequence[str], *, light: bool = False) -> tuple[list[Job], list[str]]:
        return [self._jobs[job_id] for job_id in job_ids if job_id in self._jobs], []

    def states(self, job_ids: Sequence[str]) -> dict[str, str]:
        return {job.id: job.status.value for job in self.get_many(job_ids)[0]}

    def mark(self, job_ids: Sequence[str]) -> None:
        """Do nothing: whoever cancels a job here looks at what it invoked in any case."""

    def submit(self, jobs: Sequence[Job]) -> None:
        self._jobs.update({job.id: job for job in jobs})


class _Catalogue:
    """The specifications of registered tasks."""

    def __init__(self, tasks: Registry) -> None:
        self._tasks = tasks

    def get(self, name: str) -> TaskSpec:
        """Return the task's entry. Raises ``InvalidInput`` for an unknown one."""
        if name not in self._tasks.tasks:
            raise InvalidInput(f"Unknown task {name!r}; is its module imported?", "task")
        return self._tasks.tasks[name].spec


def encoded(payload: Any) -> str:
    """Return a payload as JSON text, an object. Raises ``InvalidInput`` as the API does, ``TypeError`` for no JSON."""
    text = results.encode({} if payload is None else payload).decode()
    if not text.startswith("{"):
        raise InvalidInput("A payload is an object", "payload")
    if len(text.encode()) > MAX_DOCUMENT_BYTES:
        raise InvalidInput(f"A payload has at most {MAX_DOCUMENT_BYTES} bytes as JSON", "payload")
    return text


def restored(step: Mapping[str, Any], job_id: str, series: str) -> StepRecord:
    """Return the record of a completed step, as the API answers it."""
    result = orjson.dumps(step.get("result")).decode()
    began, ended = (datetime.fromisoformat(step[name] or step["startedAt"]) for name in ("startedAt", "endedAt"))
    return StepRecord(
        job_id, series, StepKey(step["name"], step["n"]), StepKind(step["kind"]), StepStatus.COMPLETED, COPIED, "",
        step["attempt"], "restored", began, ended, attempts=step["attempts"], result=result, size=len(result),
        subject=step.get("jobId") or "",
    )  # fmt: skip


def _is_endless(job: Job) -> bool:
    """Return whether a job waits for nothing but an event or another job; its last day is no due time."""
    return job.status is JobStatus.WAITING and bool(job.waits_for)


def _includes(there: Any, wanted: Mapping[str, Any]) -> bool:
    expected = orjson.loads(results.encode(dict(wanted)))
    return isinstance(there, dict) and all(name in there and there[name] == value for name, value in expected.items())


def _id(job: InlineJob | str) -> str:
    return job if isinstance(job, str) else job.id
