"""Comments on jobs, and on groups of dead letters."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.comments import MAX_PER_SUBJECT, Comment, Subject
from chalicelib.domain.events import Event, EventType
from chalicelib.domain.filters import JobFilter, Visibility
from chalicelib.domain.jobs import JobStatus, iso
from chalicelib.domain.principals import Principal, Scope
from chalicelib.errors import Forbidden, NotFound, TooManyComments
from chalicelib.services.pages import Page, page_of

if TYPE_CHECKING:
    from chalicelib.queue.events import EventLog
    from chalicelib.services.jobs import JobService
    from chalicelib.services.projection import Projection
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.comments import CommentStore
    from chalicelib.store.job_search import JobSearch


class Comments:
    """Who can read a job, or a job of a group, reads what is said about it, and writes unless his role only reads.

    Comments are deleted by their authors, and by those who may change all jobs of the tenant.
    """

    def __init__(
        self, *, store: CommentStore, jobs: JobService, search: JobSearch, throttles: Throttles, event_log: EventLog,
        projection: Projection, clock: Clock, ids: Ids,
    ) -> None:  # fmt: skip
        self._store = store
        self._jobs = jobs
        self._search = search
        self._throttles = throttles
        self._event_log = event_log
        self._projection = projection
        self._clock = clock
        self._ids = ids

    # --- what they are about ---------------------------------------------------------------------------------
    def job(self, principal: Principal, job_id: str) -> Subject:
        """Return a job as what is commented on. Raises ``NotFound``."""
        job = self._jobs.get(principal, job_id)
        return Subject(job.tenant_id, job.id, owner_id=job.owner_id)

    def group(self, principal: Principal, group: str, tenant_id: str | None = None) -> Subject:
        """Return a group of the dead letters of the caller's tenant, or of another one.

        Raises ``NotFound`` unless the DLQ has a job of it that the caller sees, ``Forbidden``.
        """
        of_tenant = tenant_id or principal.tenant_id
        foreign = of_tenant != principal.tenant_id
        if foreign and not principal.may_read(Scope.ALL):
            raise Forbidden("Only an operator reads the dead letters of other tenants")
        everybody = foreign or principal.may_read(Scope.TENANT)
        seen = Visibility(of_tenant, None if everybody else principal.user_id)
        wanted = JobFilter(statuses=(JobStatus.DLQ,), error_group=group)
        if not self._search.count(seen, wanted, 1):
            raise NotFound("The dead-letter queue has no such group")
        return Subject(of_tenant, group=group)

    # --- read ------------------------------------------------------------------------------------------------
    def page(self, subject: Subject, after: str | None, limit: int, *, backwards: bool) -> Page[Comment]:
        """Return comments, the newest first, after the one with an id, or before it."""
        return page_of(partial(self._store.page, subject), after, limit, backwards=backwards)

    def get(self, principal: Principal, comment_id: str) -> Comment:
        """Return a comment whose subject the caller can read. Raises ``NotFound``."""
        comment = self._store.get(comment_id)
        if comment is None:
            raise NotFound("There is no such comment")
        try:
            self._reach(principal, comment.subject)
        except (NotFound, Forbidden):
            if not self._may_delete(principal, comment):
                raise NotFound("There is no such comment") from None
        return comment

    def of_jobs(self, job_ids: Collection[str]) -> dict[str, int]:
        """Return how many comments jobs have, of those that have any."""
        return self._store.of_jobs(job_ids)

    def of_groups(self, tenant_id: str, groups: Collection[str]) -> dict[str, int]:
        """Return how many comments groups of a tenant have, of those that have any."""
        return self._store.of_groups(tenant_id, groups)

    # --- change ----------------------------------------------------------------------------------------------
    def add(self, principal: Principal, subject: Subject, text: str) -> Comment:
        """Add a comment. Raises ``NotFound`` if the job is deleted meanwhile, ``TooManyComments``, ``Throttled``."""
        self._throttles.comment(principal)
        if self._store.count(subject, MAX_PER_SUBJECT) >= MAX_PER_SUBJECT:
            raise TooManyComments(f"At most {MAX_PER_SUBJECT} comments are kept here; delete one first")
        key = principal.key.name if principal.key else None
        comment = Comment(self._ids.object_id(), subject, principal.user_id, text, self._clock.now(), key)
        if not self._store.add(comment):
            raise NotFound("There is no such job")
        self._publish(subject)
        return comment

    def delete(self, principal: Principal, comment_id: str) -> None:
        """Delete a comment. Raises ``NotFound``, ``Forbidden``."""
        comment = self.get(principal, comment_id)
        if not self._may_delete(principal, comment):
            raise Forbidden("A comment is deleted by its author or an admin")
        if not self._store.remove(comment_id):
            raise NotFound("There is no such comment")
        self._publish(comment.subject)

    def _reach(self, principal: Principal, subject: Subject) -> None:
        if subject.job_id is not None:
            self._jobs.get(principal, subject.job_id)
        else:
            self.group(principal, subject.group or "", subject.tenant_id)

    @staticmethod
    def _may_delete(principal: Principal, comment: Comment) -> bool:
        return principal.may_write(principal.scope_of(comment.subject.tenant_id, comment.author_id))

    def _publish(self, subject: Subject) -> None:
        """Tell who sees the subject how many comments it has; they read them if they want to."""
        now = self._clock.now()
        about = {"jobId": subject.job_id} if subject.job_id is not None else {"group": subject.group}
        data = {**about, "comments": self._store.count(subject, MAX_PER_SUBJECT), "at": iso(now)}
        event = Event(EventType.COMMENT_UPDATED, subject.tenant_id, subject.owner_id, data, now)
        self._projection.follow(lambda: self._event_log.publish([event]))
