"""Replays of ended jobs: new jobs with the same or another payload, linked to their origins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chalicelib.domain.jobs import Job, is_apart
from chalicelib.domain.principals import Principal
from chalicelib.domain.replays import Changes, check_replayable, replay_of
from chalicelib.errors import Forbidden, QueueCraftError
from chalicelib.services.dependencies import Related, related
from chalicelib.services.tasks import checked_spec

if TYPE_CHECKING:
    from chalicelib.services.jobs import JobService
    from chalicelib.services.payloads import Payloads
    from chalicelib.services.redactions import Redactions
    from chalicelib.services.stored_values import StoredValues
    from chalicelib.services.submitter import Submitted
    from chalicelib.services.tasks import Catalogue
    from chalicelib.store.dependencies import DependencyStore

#: Replays shown with a job.
MAX_SHOWN: Final = 20


class Lineage(NamedTuple):
    """The job of which another one is a replay, and the newest replays of that one."""

    origin: Related | None
    replays: list[Related]
    #: Whether there are more replays than are listed.
    has_more: bool


class Sampled(NamedTuple):
    """What the replay of a job would run with, and why not."""

    job_id: str
    payload: str | None
    error: QueueCraftError | None


class Replays:
    """Makes and shows replays. They belong to the owners of their origins, as redriven jobs do."""

    def __init__(
        self, *, jobs: JobService, catalogue: Catalogue, redactions: Redactions, payloads: Payloads,
        store: DependencyStore, stored: Callable[[], StoredValues], max_bytes: int,
    ) -> None:  # fmt: skip
        self._jobs = jobs
        self._catalogue = catalogue
        self._redactions = redactions
        self._payloads = payloads
        self._store = store
        self._stored = stored
        self._max_bytes = max_bytes

    def replay(self, principal: Principal, job_id: str, changes: Mapping[str, Any], trace_id: str) -> Submitted:
        """Submit a job like an ended one, except for ``changes``: fields of ``NewJob``. The ended one stays as it is.

        It counts against the limits of the owner. Raises what ``JobService.get`` and ``submit`` raise, and
        ``Forbidden``, ``InvalidTransition``, ``Conflict``.
        """
        job = self._jobs.get(principal, job_id)
        if not principal.may_write(principal.scope_of(job.tenant_id, job.owner_id)):
            raise Forbidden("Your role may not replay this job")
        check_replayable(job)
        if is_apart(job.payload):
            job = self._stored().with_payload(job, needed="payload" not in changes)
        if "payload" in changes:
            changes = {**changes, "payload": self._redactions.restored(job, changes["payload"])}
        new = replay_of(job, checked_spec(self._catalogue, job.task), changes)
        owner = replace(principal, user_id=job.owner_id, tenant_id=job.tenant_id)
        return self._jobs.submit(owner, [new], trace_id)[0]

    def sample(self, principal: Principal, job_ids: Sequence[str], changes: Changes) -> list[Sampled]:
        """Return what the replays of jobs would run with, as it is shown, checked against their tasks' schemas."""
        return [self._sampled(principal, job_id, changes) for job_id in job_ids]

    def _sampled(self, principal: Principal, job_id: str, changes: Changes) -> Sampled:
        payload: str | None = None
        try:
            job = self._jobs.get(principal, job_id)
            check_replayable(job)
            if is_apart(job.payload):
                job = self._stored().with_payload(job, needed=True)
            spec = checked_spec(self._catalogue, job.task)
            restored = partial(self._redactions.restored, job)
            new = changes.applied(replay_of(job, spec, {}), restored, self._max_bytes)
            payload = self._redactions.shown_text(job.tenant_id, job.task, new.payload)
            self._payloads.check(job.task, new.payload)
        except QueueCraftError as error:
            return Sampled(job_id, payload, error)
        return Sampled(job_id, payload, None)

    def lineage(self, principal: Principal, job: Job) -> Lineage:
        """Return the origin of ``job``, and up to ``MAX_SHOWN`` of its replays, the newest first."""
        origin = None
        if job.replay_of is not None:
            known = self._store.known([job.replay_of])
            gone = Related(job.replay_of, None, None)
            origin = related(principal, known[job.replay_of]) if job.replay_of in known else gone
        # an open job has none: it may have been redriven since it was replayed, though
        found = []
        if job.redrives or not job.status.is_open:
            found = self._store.replays(job.tenant_id, job.id, MAX_SHOWN + 1)
        return Lineage(origin, [related(principal, each) for each in found[:MAX_SHOWN]], len(found) > MAX_SHOWN)
