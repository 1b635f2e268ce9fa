"""What the jobs are that something else submits: a schedule at each fire, a batch at its end."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.jobs import DEFAULT_PRIORITY, DEFAULT_TASK, NewJob


@dataclass(frozen=True, slots=True)
class JobTemplate:
    """A submission that is made later. Where a field is ``None``, the default of the task applies."""

    name: str
    task: str = DEFAULT_TASK
    #: JSON text.
    payload: str = "{}"
    queue: str | None = None
    priority: int = DEFAULT_PRIORITY
    tags: tuple[str, ...] = ()
    max_retries: int | None = None
    timeout_s: int | None = None

    def new_job(self) -> NewJob:
        """Return the submission of one job."""
        return NewJob(
            name=self.name,
            task=self.task,
            queue=self.queue,
            priority=self.priority,
            payload=self.payload,
            tags=self.tags,
            max_retries=self.max_retries,
            timeout_s=self.timeout_s,
        )
