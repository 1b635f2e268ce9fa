"""What is shown of payloads and results: all but what their task or their tenant redacts.

Every answer, export, search and comparison goes through here; a task gets its payload from the store. Processes know a
task's paths 5 s after its registration, a tenant's 1 s after they were set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chalicelib.domain.jobs import is_apart

if TYPE_CHECKING:
    from chalicelib.domain.jobs import Job
    from chalicelib.domain.redaction import Redaction
    from chalicelib.domain.steps import StepRecord

#: Returns the paths of a task or a tenant, by its name or id.
Paths = Callable[[str], tuple[str, ...]]


class Redactions:
    """May be asked from any thread. Raises the errors of the database: nothing is shown then."""

    def __init__(self, of_task: Paths, of_tenant: Paths) -> None:
        self._of_task = of_task
        self._of_tenant = of_tenant

    def of(self, tenant_id: str, task: str) -> Redaction | None:
        """Return what holds for jobs of a tenant and task, ``None`` if nothing is redacted."""
        own, theirs = self._of_task(task), self._of_tenant(tenant_id)
        if not own and not theirs:
            return None
        from chalicelib.domain.redaction import joined  # noqa: PLC0415 - few tasks redact anything

        return joined(own, theirs)

    def paths(self, job: Job) -> list[str]:
        """Return the paths that are redacted in the payload and the result of ``job``."""
        redaction = self.of(job.tenant_id, job.task)
        return [] if redaction is None else list(redaction.paths)

    def shown(self, job: Job) -> Job:
        """Return ``job`` with payloads and result as they are shown, except those that are not in its record:
        whoever reads these hides what is redacted in them (``StoredValues.shown``).
        """
        redaction = self.of(job.tenant_id, job.task)
        if redaction is None:
            return job
        return job.with_(
            payload=_text(redaction, job.payload),
            result=_text(redaction, job.result),
            earlier_payloads=tuple(
                past if is_apart(past.payload) else type(past)(past.until, redaction.text(past.payload))
                for past in job.earlier_payloads
            ),
        )

    def shown_steps(self, job: Job, steps: list[StepRecord]) -> list[StepRecord]:
        """Return steps of ``job`` with results as they are shown."""
        redaction = self.of(job.tenant_id, job.task)
        if redaction is None:
            return steps
        return [step.with_(result=_text(redaction, step.result)) for step in steps]

    def shown_text(self, tenant_id: str, task: str, payload: str) -> str:
        """Return a payload as it is shown."""
        redaction = self.of(tenant_id, task)
        return payload if redaction is None else redaction.text(payload)

    def restored(self, job: Job, payload: str) -> str:
        """Return a payload that replaces that of ``job``, with its values where it says that they are redacted.

        So what was shown can be changed and sent back. Raises ``InvalidInput`` where there is no such value.
        """
        return self.restored_text(job.tenant_id, job.task, payload, job.payload or "{}")

    def restored_text(self, tenant_id: str, task: str, payload: str, kept: str) -> str:
        """Return ``payload`` with values of ``kept``. Raises ``InvalidInput``."""
        redaction = self.of(tenant_id, task)
        return payload if redaction is None else redaction.restored(payload, kept)


def _text(redaction: Redaction, text: str | None) -> str | None:
    return text if text is None or is_apart(text) else redaction.text(text)
