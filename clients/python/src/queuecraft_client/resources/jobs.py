"""Jobs: submit, read, cancel, retry, replay, delete, wait."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Final, Unpack

from queuecraft_client import _body
from queuecraft_client._blocking import Blocking, blocking, blocking_iterator
from queuecraft_client._request import Request, many, nothing, one
from queuecraft_client._session import Session, new_key
from queuecraft_client._waiting import until_ended
from queuecraft_client.errors import JobCancelled, JobFailed, JobNotCompleted, JobSkipped
from queuecraft_client.models import Job, JobDetail, JobEvent, JobStats, JobStatus, LogLine, StepRecord, SubmittedJobs
from queuecraft_client.options import JobList, JobOptions, NewJob, Payload, Ref, ReplayOptions, Scope, id_of

_ERRORS: Final[dict[JobStatus, type[JobNotCompleted]]] = {
    JobStatus.DLQ: JobFailed,
    JobStatus.CANCELLED: JobCancelled,
    JobStatus.SKIPPED: JobSkipped,
}
_LINES: Final = 500
#: Seconds for which ``wait`` waits by default, for jobs, batches and workflows.
WAIT_S: Final = 600.0


class AsyncJobs:
    """``client.jobs``. A job is named by its id or by what a call returned."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def submit(self, task: str, payload: Payload = None, **options: Unpack[JobOptions]) -> Job:
        """Submit a job that runs ``task``.

        The call is repeated under one idempotency key if its answer is lost, so there is one job. ``job.duplicate``
        says that another job, which holds the unique key, stands for it. Raises ``BadRequest`` with the field,
        ``Conflict``, ``RateLimited``.
        """
        key = options.pop("idempotency_key", None) or new_key()
        body = job_body({"task": task, "payload": payload, **options})
        return await self._session.send(Request("POST", "/job/create", _submitted, body=body, key=key))

    async def submit_many(self, jobs: Iterable[NewJob], *, idempotency_key: str | None = None) -> SubmittedJobs:
        """Submit up to 1,000 jobs, all or none. Either the call has an idempotency key, or jobs have their own."""
        news = [job_body(job) for job in jobs]
        own = sum("idempotencyKey" in each for each in news)
        asked = Request(
            "POST",
            "/job/bulk",
            SubmittedJobs.parse,
            body={"jobs": news},
            key=idempotency_key if own else idempotency_key or new_key(),
            repeatable=own == len(news),
        )
        return await self._session.send(asked)

    async def get(self, job: Ref) -> JobDetail:
        """Return a job with its payload, result and attempts. Raises ``NotFound``."""
        return await self._session.send(_detail(job))

    def list(self, *, limit: int | None = None, **options: Unpack[JobList]) -> AsyncIterator[Job]:
        """Iterate over jobs, newest first, at most ``limit``; pages are read as they are needed."""
        return self._session.pages(Job, "/job", "jobs", options, limit)

    async def stats(self, scope: Scope = "own") -> JobStats:
        """Count jobs by state."""
        asked = _body.query({"scope": scope})
        return await self._session.send(Request("GET", "/job/stats", one(JobStats, "stats"), query=asked))

    async def cancel(self, job: Ref) -> Job:
        """Cancel a job. A running one is asked to stop, within 5 s. Raises ``Conflict`` if it has ended otherwise."""
        path = _body.path("job", id_of(job), "cancel")
        return await self._session.send(Request("POST", path, one(Job, "job"), repeatable=True))

    async def retry(self, job: Ref, payload: Payload = None, *, from_step: str | None = None) -> Job:
        """Run a job of the dead letter queue again, or end the wait of one that is scheduled or retrying.

        ``payload`` replaces that of the job. ``from_step``: a durable job keeps only what began before the first step
        of this name. Raises ``Conflict``.
        """
        body = _payload(payload) if from_step is None else {**_payload(payload), "fromStep": from_step}
        return await self._session.send(
            Request("POST", _body.path("job", id_of(job), "retry"), one(Job, "job"), body=body)
        )

    async def replay(self, job: Ref, payload: Payload = None, **options: Unpack[ReplayOptions]) -> Job:
        """Run a job that has ended again as a new job, whose ``replay_of`` is its id; ``payload`` replaces its payload.

        The call is repeated under one idempotency key if its answer is lost. Raises ``BadRequest`` with the field, and
        ``Conflict`` if the job has not ended or another one holds its unique key.
        """
        key = options.pop("idempotency_key", None) or new_key()
        body = {**_payload(payload), **_body.fields(options)}
        path = _body.path("job", id_of(job), "replay")
        return await self._session.send(Request("POST", path, one(Job, "job"), body=body, key=key))

    async def delete(self, job: Ref) -> None:
        """Delete a job that has ended. Raises ``Conflict`` while it is open, or an open one depends on it."""
        await self._session.send(Request("DELETE", _body.path("job", id_of(job)), nothing))

    async def logs(self, job: Ref, *, after: int = 0) -> AsyncIterator[LogLine]:
        """Iterate over the lines that a job has logged so far, oldest first; ``after``: the last ``seq`` known."""
        path = _body.path("job", id_of(job), "logs")
        while True:
            query = _body.query({"after": after, "limit": _LINES})
            lines = await self._session.send(Request("GET", path, many(LogLine, "lines"), query=query))
            for line in lines:
                yield line
            if len(lines) < _LINES:
                return
            after = lines[-1].seq

    async def steps(self, job: Ref, *, results: bool = False) -> AsyncIterator[StepRecord]:
        """Iterate over the steps that a durable job recorded, in the order in which they began.

        ``results``: with what they returned.
        """
        path, after = _body.path("job", id_of(job), "steps"), 0
        while True:
            query = _body.query({"after": after, "limit": _LINES, "results": results or None})
            steps, following = await self._session.send(Request("GET", path, _steps, query=query))
            for step in steps:
                yield step
            if following is None:
                return
            after = following

    async def events(self, job: Ref) -> Sequence[JobEvent]:
        """Return the first 100 events that a job was sent."""
        path, query = _body.path("job", id_of(job), "steps"), _body.query({"limit": 1})
        return await self._session.send(Request("GET", path, many(JobEvent, "events"), query=query))

    async def send_event(self, job: Ref, name: str, data: Payload = None) -> JobEvent:
        """Send an event, which ``ctx.wait_for_event(name)`` returns. Raises ``Conflict`` if the job has ended."""
        path = _body.path("job", id_of(job), "events", name)
        body = _body.jsonable(data, "data")
        return await self._session.send(Request("POST", path, one(JobEvent, "event"), body=body, has_body=True))

    async def wait(self, job: Ref, *, timeout: float = WAIT_S) -> JobDetail:
        """Wait until a job has completed; its ``result`` is what the task returned.

        Raises ``JobFailed``, ``JobCancelled`` or ``JobSkipped`` if it ends otherwise, and ``WaitTimeout`` after
        ``timeout`` seconds. Events tell of the end; without a WebSocket the job is polled.
        """
        done = await until_ended(self._session, _detail(job), id_of(job), timeout)
        if done.status != JobStatus.COMPLETED:
            raise _ERRORS.get(done.status, JobNotCompleted)(done)
        return done


class Jobs(Blocking[AsyncJobs]):
    """``client.jobs``. A job is named by its id or by what a call returned."""

    submit = blocking(AsyncJobs.submit)
    submit_many = blocking(AsyncJobs.submit_many)
    get = blocking(AsyncJobs.get)
    list = blocking_iterator(AsyncJobs.list)
    stats = blocking(AsyncJobs.stats)
    cancel = blocking(AsyncJobs.cancel)
    retry = blocking(AsyncJobs.retry)
    replay = blocking(AsyncJobs.replay)
    delete = blocking(AsyncJobs.delete)
    logs = blocking_iterator(AsyncJobs.logs)
    steps = blocking_iterator(AsyncJobs.steps)
    events = blocking(AsyncJobs.events)
    send_event = blocking(AsyncJobs.send_event)
    wait = blocking(AsyncJobs.wait)


def job_body(job: Any) -> dict[str, Any]:
    """Return a job, a node or a callback as it is submitted: by default named after its task."""
    given = {name: value for name, value in dict(job).items() if name != "payload" or value is not None}
    return _body.fields({"name": given["task"], **given})


def _payload(payload: Payload) -> dict[str, Any]:
    return {} if payload is None else {"payload": _body.jsonable(payload, "payload")}


def _detail(job: Ref) -> Request[JobDetail]:
    return Request("GET", _body.path("job", id_of(job)), one(JobDetail, "job"))


def _steps(body: Any) -> tuple[list[StepRecord], int | None]:
    return many(StepRecord, "steps")(body), body.get("nextAfter")


def _submitted(body: Any) -> Job:
    job = one(Job, "job")(body)
    return Job.parse({**job.raw, "duplicate": True}) if body.get("duplicate") else job
