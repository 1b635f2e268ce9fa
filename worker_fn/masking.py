"""Keeps redacted values of a job's payload out of what its task says: errors, log lines, progress, the worker's log.

They are looked for as they are in the payload, so a value that the task changed is not found. Only jobs that redact
something are looked into.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from chalicelib.domain.jobs import Job, JobError, Progress, is_apart

if TYPE_CHECKING:
    from chalicelib.domain.redaction import Redaction
    from chalicelib.services.subscriptions import Subscriptions
    from worker_fn.attempt import Attempt
    from worker_fn.registration.registry import Task


#: Large payloads whose redacted values are known: more than a worker runs at once.
KEPT: Final = 512


class Masking:
    """May be asked from any thread; it never raises."""

    def __init__(self, tasks: Mapping[str, Task], subscriptions: Subscriptions) -> None:
        self._tasks = tasks
        self._subscriptions = subscriptions
        #: Redacted values of payloads that are not in records, by the references to them, the oldest first.
        self._read: dict[str, tuple[str, ...]] = {}

    def read(self, job: Job, text: str) -> None:
        """Note the redacted values of a payload that is not in the record of ``job``, and not its text: it is large."""
        redaction = self._redaction(job, self._fresh)
        if redaction is None or job.payload is None:
            return
        while len(self._read) >= KEPT:
            self._read.pop(next(iter(self._read)), None)
        self._read[job.payload] = redaction.values(text)

    def text(self, job: Job, text: str) -> str:
        """Return ``text`` without redacted values, by what this process knows: it does not ask the database."""
        return self._without(job, text, self._subscriptions.last_redacted)

    def written(self, job: Job, text: str) -> str:
        """Return ``text`` as it is stored. Asks the database like a write of a job, at most once a second."""
        return self._without(job, text, self._fresh)

    def error(self, job: Job, error: JobError) -> JobError:
        """Return ``error`` as it is stored with a step."""
        return _masked(error, partial(self.text, job))

    def ending(self, attempts: Iterable[Attempt]) -> None:
        """Change errors and progress of attempts whose ends are about to be written."""
        for attempt in attempts:
            result, notes = attempt.result, attempt.context.reported if attempt.context is not None else None
            if result is not None and result.error is not None:
                hide = partial(self.written, attempt.job)
                attempt.result = result._replace(error=_masked(result.error, hide))
            if notes is not None and notes.progress is not None:
                notes.progress = self.progress(attempt.job, notes.progress)

    def progress(self, job: Job, progress: Progress) -> Progress:
        """Return ``progress`` as it is stored."""
        return Progress(progress.percent, self.written(job, progress.message)) if progress.message else progress

    def _fresh(self, tenant_id: str) -> tuple[str, ...]:
        try:
            return self._subscriptions.redacted(tenant_id)
        except Exception:  # MongoDB is unreachable: what is known holds
            return self._subscriptions.last_redacted(tenant_id)

    def _without(self, job: Job, text: str, of_tenant: Callable[[str], tuple[str, ...]]) -> str:
        redaction = self._redaction(job, of_tenant)
        if redaction is None:
            return text
        from chalicelib.domain.redaction import without, without_values  # noqa: PLC0415 - few tasks redact anything

        if is_apart(job.payload):
            return without(text, self._read.get(job.payload, ()))
        return without_values(text, redaction, job.payload)

    def _redaction(self, job: Job, of_tenant: Callable[[str], tuple[str, ...]]) -> Redaction | None:
        task = self._tasks.get(job.task)
        own, theirs = task.redact if task is not None else (), of_tenant(job.tenant_id)
        if not own and not theirs:
            return None
        from chalicelib.domain.redaction import joined  # noqa: PLC0415 - see above

        return joined(own, theirs)


def _masked(error: JobError, hide: Callable[[str], str]) -> JobError:
    trace = error.traceback
    return JobError(error.type, hide(error.message), None if trace is None else hide(trace), error.group)
