"""What users do with jobs that exist: cancel, retry, redrive, delete; one or many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.principals import KeyScope, Permission, Principal
from chalicelib.errors import Conflict, Forbidden, MissingScope, NotFound, QueueCraftError
from chalicelib.services.job_actions import Action, Changed, Failed

if TYPE_CHECKING:
    from chalicelib.services.cancellation import Cancellation
    from chalicelib.services.deletion import Deletion
    from chalicelib.services.job_retries import JobRetries
    from chalicelib.store.jobs import JobStore

#: How often a change is tried again if the job was changed meanwhile.
RACES: Final = 5


class JobChanges:
    """Changes by people, and by operations for them. For a caller, jobs that the caller may not see do not exist."""

    def __init__(self, *, store: JobStore, cancellation: Cancellation, retries: JobRetries, deletion: Deletion) -> None:
        self._store = store
        self._cancellation = cancellation
        self._retries = retries
        self._deletion = deletion

    def cancel(self, principal: Principal, job_id: str) -> Job:
        """Cancel a job that has not ended. For a running one ``cancel_requested`` is set, and its worker cancels it."""
        return _only(self.act(principal, Action.CANCEL, [job_id]))

    def retry(self, principal: Principal, job_id: str, payload: str | None = None, from_step: str | None = None) -> Job:
        """Run a job now: redrive it from the DLQ (a new series of attempts, ``payload`` replaced if given), or end
        its wait if it is scheduled or retrying. If the owner is at the limit of active jobs, a redriven job is held
        back, a waiting one is not changed. A redriven durable job keeps its steps unless its payload is replaced; with
        ``from_step`` those before it.

        Raises ``InvalidTransition``, ``InvalidInput`` (task, payload), ``TooManyActiveJobs``.
        """
        return _only(self._change(principal, [job_id], lambda jobs: self._retries.retry(jobs, payload, from_step)))

    def redrive(self, principal: Principal, job_id: str, payload: str | None = None) -> Job:
        """Run a job of the DLQ again, with ``payload`` if given. Raises ``InvalidTransition``, ``InvalidInput``."""
        return _only(self._change(principal, [job_id], lambda jobs: self._retries.retry(jobs, payload, only_dead=True)))

    def delete(self, principal: Principal, job_id: str) -> Job:
        """Delete an ended job and its logs; return the job as it was."""
        return _only(self.act(principal, Action.DELETE, [job_id]))

    def act(
        self, principal: Principal, action: Action, job_ids: Sequence[str], unchanged_since: datetime | None = None
    ) -> Changed:
        """Apply ``action`` to many jobs; each succeeds or fails by itself. A job that changed after
        ``unchanged_since``, if that is given, fails.
        """
        steps: dict[Action, Callable[[list[Job]], dict[str, Job | QueueCraftError]]] = {
            Action.CANCEL: self._cancellation.cancel,
            Action.RETRY: self._retries.retry,
            Action.REDRIVE: lambda jobs: self._retries.retry(jobs, only_dead=True),
            Action.DELETE: self._deletion.delete,
            Action.DELETE_DEAD: lambda jobs: self._deletion.delete(jobs, only_dead=True),
        }
        return self._change(principal, job_ids, steps[action], unchanged_since)

    def _change(
        self,
        principal: Principal,
        job_ids: Sequence[str],
        step: Callable[[list[Job]], dict[str, Job | QueueCraftError]],
        unchanged_since: datetime | None = None,
    ) -> Changed:
        """Apply ``step`` to the jobs that ``principal`` may change, and again to those that changed meanwhile."""
        left = list(dict.fromkeys(job_ids))
        done: dict[str, Job] = {}
        failed: dict[str, QueueCraftError] = {}
        for _ in range(RACES):
            jobs, _unreadable = self._store.get_many(left)
            seen = {job.id: job for job in jobs if principal.may_read(principal.scope_of(job.tenant_id, job.owner_id))}
            failed.update({job_id: NotFound("No such job") for job_id in left if job_id not in seen})
            mine = [
                job for job in seen.values() if principal.may_write(principal.scope_of(job.tenant_id, job.owner_id))
            ]
            failed.update({job_id: Forbidden("Your role may not change this job") for job_id in seen})
            if not principal.may(Permission.CHANGE_DEAD):
                barred = {job.id for job in mine if job.status is JobStatus.DLQ}
                failed.update({job_id: MissingScope(KeyScope.DLQ_WRITE.value) for job_id in barred})
                mine = [job for job in mine if job.id not in barred]
            if unchanged_since is not None:
                since = {job.id for job in mine if job.updated_at > unchanged_since}
                failed.update({job_id: Conflict("The job has changed meanwhile") for job_id in since})
                mine = [job for job in mine if job.id not in since]
            results = step(mine) if mine else {}
            for job in mine:
                del failed[job.id]
            for job_id, result in results.items():
                if isinstance(result, Job):
                    done[job_id] = result
                else:
                    failed[job_id] = result
            left = [job.id for job in mine if job.id not in results]
            if not left:
                break
        failed.update({job_id: Conflict("The job keeps changing; try again") for job_id in left})
        order = dict.fromkeys(job_ids)
        return Changed(
            [done[job_id] for job_id in order if job_id in done],
            [Failed(job_id, failed[job_id]) for job_id in order if job_id in failed],
        )


def _only(changed: Changed) -> Job:
    """Return the only job of ``changed``. Raises the error if it failed."""
    for failure in changed.failed:
        raise failure.error
    return changed.jobs[0]
