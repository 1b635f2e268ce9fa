"""Deletion of an account, or of a tenant, with all data, as their owners ask for.

Nobody can log in or submit from the call on. The work follows in the background, in paced pages: jobs are cancelled,
then deleted as retention deletes them, then all the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from chalicelib.domain.audit import Actor, AuditEntry
from chalicelib.domain.clock import Clock, Ids
from chalicelib.domain.deletions import NOBODY, Deletion, DeletionKind
from chalicelib.domain.jobs import Job, JobStatus
from chalicelib.domain.principals import Kind, Principal, Role
from chalicelib.errors import Conflict, Forbidden, InvalidInput, InvalidToken

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from chalicelib.domain.accounts import User
    from chalicelib.queue.erasure import Erasure
    from chalicelib.queue.retention import ExpiredJobs
    from chalicelib.services.cancellation import Cancellation
    from chalicelib.services.passwords import Passwords
    from chalicelib.services.people_events import PeopleEvents
    from chalicelib.services.throttles import Throttles
    from chalicelib.store.api_keys import ApiKeyStore
    from chalicelib.store.audit import AuditStore
    from chalicelib.store.deletions import DeletionStore
    from chalicelib.store.job_logs import JobLogStore
    from chalicelib.store.retention import RetentionStore
    from chalicelib.store.schedules import ScheduleStore
    from chalicelib.store.tenants import TenantStore
    from chalicelib.store.users import UserStore

#: Jobs that are deleted together.
PAGE: Final = 200
#: Deletions worked on in one run.
AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What whoever deletes must give: the password, and the name of what is deleted."""

    password: str
    name: str


class Deletions:
    """Takes requests."""

    def __init__(
        self,
        *,
        store: DeletionStore,
        users: UserStore,
        tenants: TenantStore,
        keys: ApiKeyStore,
        schedules: ScheduleStore,
        passwords: Passwords,
        throttles: Throttles,
        events: PeopleEvents,
        clock: Clock,
    ) -> None:
        self._store = store
        self._users = users
        self._tenants = tenants
        self._keys = keys
        self._schedules = schedules
        self._passwords = passwords
        self._throttles = throttles
        self._events = events
        self._clock = clock

    def delete_account(self, principal: Principal, given: Confirmation, *, address: str) -> None:
        """Delete the caller's account with all data; schedules pass to the tenant.

        Raises ``InvalidInput`` (password, name), ``Conflict`` for the last operator and the last admin, ``Throttled``.
        """
        user = self._confirmed(principal, given, address)
        if given.name != user.username:
            raise InvalidInput("This is not your name", "name")
        deletion = Deletion(user.id, DeletionKind.ACCOUNT, user.tenant_id, (user.id,), self._clock.now())

        def work(session: ClientSession) -> None:
            # because of this write, two transactions that each see the other's admin conflict, and one runs again
            self._tenants.touch(user.tenant_id, deletion.asked_at, session)
            self._keep_one(user, session)
            self._remove([user], session)
            self._schedules.pass_to_tenant(user.id, user.tenant_id, session)
            self._store.add(deletion, session)

        self._tenants.transact(work)
        self._store.remove_mails_to([user.email])
        self._events.member(user.tenant_id, user.id, "removed")

    def delete_tenant(self, principal: Principal, given: Confirmation, *, address: str) -> None:
        """Delete the caller's tenant with all members and all data.

        Raises ``Forbidden`` unless the caller is an admin, ``InvalidInput`` (password, name), ``Conflict`` for the
        tenant of operators, ``Throttled``.
        """
        if principal.role not in {Role.ADMIN, Role.OPERATOR}:
            raise Forbidden("Only an admin deletes the workspace")
        self._confirmed(principal, given, address)
        tenant_id = principal.tenant_id
        if given.name != self._tenants.names([tenant_id]).get(tenant_id):
            raise InvalidInput("This is not the name of the workspace", "name")
        now = self._clock.now()

        def work(session: ClientSession) -> list[str]:
            self._tenants.touch(tenant_id, now, session)
            members = self._users.of_tenant(tenant_id, session)
            if any(member.role is Role.OPERATOR for member in members):
                raise Conflict("The workspace of operators cannot be deleted")
            self._remove(members, session)
            self._store.remove_tenant(tenant_id, session)
            ids = tuple(member.id for member in members)
            self._store.add(Deletion(tenant_id, DeletionKind.TENANT, tenant_id, ids, now), session)
            return [member.email for member in members]

        self._store.remove_mails_to(self._tenants.transact(work))

    def _confirmed(self, principal: Principal, given: Confirmation, address: str) -> User:
        self._throttles.confirm_password(principal.user_id, address)
        user = self._users.get(principal.user_id)
        if user is None:
            raise InvalidToken("Invalid token")
        if not self._passwords.fits(given.password, user.password_hash):
            raise InvalidInput("The current password is wrong", "currentPassword")
        return user

    def _keep_one(self, leaving: User, session: ClientSession) -> None:
        if leaving.role is Role.OPERATOR and self._users.operators(session) < 2:
            raise Conflict("You are the last operator: nobody could manage this system")
        if leaving.role is Role.ADMIN and self._users.admins(leaving.tenant_id, session) < 2:
            raise Conflict("You are the last admin: make somebody else admin first, or delete the workspace")

    def _remove(self, users: Sequence[User], session: ClientSession) -> None:
        for user in users:
            self._users.remove(user.id, session)
            self._keys.remove_of(user.id, session)


class DeletionWork:
    """Does what follows, a run at a time; each step may be repeated."""

    def __init__(
        self,
        *,
        store: DeletionStore,
        retention: RetentionStore,
        expired: ExpiredJobs,
        logs: JobLogStore,
        cancellation: Cancellation,
        carry_on: Callable[[Sequence[str], Sequence[str]], object],
        erasure: Erasure,
        audit: AuditStore,
        users: UserStore,
        clock: Clock,
        ids: Ids,
    ) -> None:
        """``carry_on`` cancels batches and workflows, by ids, whose cancellation was requested."""
        self._store = store
        self._retention = retention
        self._expired = expired
        self._logs = logs
        self._cancellation = cancellation
        self._carry_on = carry_on
        self._erasure = erasure
        self._audit = audit
        self._users = users
        self._clock = clock
        self._ids = ids
        self.pause: Callable[[float], None] = time.sleep

    def run(self, seconds: float) -> int:
        """Work for up to ``seconds``; return the number of deleted jobs and finished deletions."""
        ends, done = self._clock.monotonic() + seconds, 0
        for deletion in self._store.oldest(AT_ONCE):
            done += self._work(deletion, ends)
        return done

    def _work(self, deletion: Deletion, ends: float) -> int:
        self._stop(deletion)
        deleted = self._delete_jobs(deletion, ends)
        if not deletion.may_finish(self._clock.now()) or self._store.has_jobs(deletion):
            return deleted
        self._store.erase(deletion)
        of_tenant = deletion.kind is DeletionKind.TENANT
        owners = [*deletion.user_ids, *([deletion.tenant_id] if of_tenant else [])]  # schedules are owned by tenants
        self._erasure.erase(owners, deletion.tenant_id if of_tenant else None)
        if of_tenant:
            self._note()
        self._store.done(deletion)
        return deleted + 1

    def _stop(self, deletion: Deletion) -> None:
        self._store.stop_schedules(deletion)
        self._store.request_cancel(deletion, self._clock.now())
        self._carry_on(*self._store.open_calls(deletion, PAGE))

        def members(statuses: Collection[JobStatus], limit: int) -> Sequence[Job]:
            return self._store.members(deletion, statuses, limit)

        self._cancellation.cancel_all(members)

    def _delete_jobs(self, deletion: Deletion, ends: float) -> int:
        deleted, after = 0, None
        while self._clock.monotonic() < ends:
            began = time.monotonic()
            jobs = self._store.ended(deletion, after, PAGE)
            lingering = self._expired.lingering(jobs) if jobs else set()
            states = sorted((job for job in jobs if job.id not in lingering), key=lambda job: job.status)
            for status, some in groupby(states, key=lambda job: job.status):
                deleted += self._delete(deletion, status, [job.id for job in some])
            if len(jobs) < PAGE:
                break
            after = jobs[-1].id
            self.pause(time.monotonic() - began)
        return deleted

    def _delete(self, deletion: Deletion, status: JobStatus, job_ids: Sequence[str]) -> int:
        now = self._clock.now()
        before = now + timedelta(days=1)  # also those whose worker's clock is ahead
        page = self._retention.delete(deletion.tenant_id, status, job_ids, before, now)
        if page is None:
            return 0
        self._expired.forget(page)
        self._logs.delete(page.job_ids)
        self._retention.logs_gone(page.id)
        return page.count

    def _note(self) -> None:
        """Note in the operators' audit log that a tenant was deleted: which one is not known any more."""
        operator = self._users.operator()
        if operator is None:
            return
        actor = Actor(Kind.SYSTEM, NOBODY, "")
        entry = AuditEntry(
            self._ids.object_id(), operator.tenant_id, self._clock.now(), actor, "tenant.delete", f"tenant:{NOBODY}",
            None, None, "", done=False,
        )  # fmt: skip
        self._audit.begin(entry)
        self._audit.end(entry.id, entry.target, None)
