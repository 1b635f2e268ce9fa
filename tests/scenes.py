"""A caller and an object of the authorisation test.

An *object* is a person's: the caller's own, another's in the caller's tenant, or another tenant's. It is the person
as a user and member, a job of that person, the job's queue, the person's tenant, and what else the called route is
about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from typing import Any, Literal

from bson import ObjectId

from chalicelib.domain.alerts import AlertKind, Condition, Notice, NoticeKind, Reading
from chalicelib.domain.filters import JobFilter, Whose
from chalicelib.domain.job_templates import JobTemplate
from chalicelib.domain.jobs import Job, NewJob
from chalicelib.domain.mails import Mail, MailKind
from chalicelib.domain.operations import OperationKind
from chalicelib.domain.principals import KeyScope, Principal, Role
from chalicelib.domain.schedules import ScheduleSpec, Timing
from chalicelib.domain.tenants import EVERY_TENANT
from chalicelib.domain.views import ViewPage
from chalicelib.domain.workflows import NodeSpec
from chalicelib.queue.lanes import queue_of
from chalicelib.services.alerts import NewAlert
from chalicelib.services.api_keys import NewApiKey
from chalicelib.services.audit import Change, Made
from chalicelib.services.batches import NewBatch
from chalicelib.services.webhooks import NewWebhook
from chalicelib.services.workflows import NewWorkflow
from chalicelib.store.rollups import Increments
from tests.api_client import Answer, Api, Person
from tests.jobs import an_error, finish, start, submit

OWNERS = ("own", "colleague's", "stranger's")
_numbers = count(1)

Make = Literal["waiting", "running", "completed", "dead"]
#: Collections whose documents have owners.
OWNED = ("jobs", "schedules", "batches", "workflows")


@dataclass
class Scene:
    """A caller with ``role`` (``None``: nobody), and the object of ``owner``."""

    api: Api
    role: Role | None
    owner: str
    make: Make = "waiting"
    #: What the target has besides a job.
    objects: tuple[str, ...] = ()
    before: Answer | None = None
    queue: str = field(default_factory=lambda: f"queue-{next(_numbers)}")

    @cached_property
    def actor(self) -> Person | None:
        """Who calls."""
        return None if self.role is None else self.api.person(self.role, tenant_id=self.tenant_id)

    @cached_property
    def target(self) -> Person:
        """Whose object it is."""
        if self.owner == "own":
            return self.actor or self.api.person(tenant_id=self.tenant_id)
        if self.owner == "colleague's":
            return self.api.person(Role.MEMBER, tenant_id=self.tenant_id)
        return self.api.person()

    @cached_property
    def tenant_id(self) -> str:
        """The caller's tenant; it has an admin besides those of the scene, so that everybody else may leave."""
        return self.api.person().user.tenant_id

    @property
    def tenant_name(self) -> str:
        """The name of the target's tenant."""
        tenant_id = self.target.user.tenant_id
        return self.api.container.tenant_store.names([tenant_id])[tenant_id]

    @cached_property
    def job(self) -> Job:
        """The target's job, in the state ``make``."""
        container = self.api.container
        # whoever owns a job now may have had another role when submitting it
        owner = Principal(self.target.id, self.target.user.tenant_id, Role.MEMBER, self.target.email)
        job = submit(container, owner, name="A job", queue=self.queue)
        if self.make != "waiting":
            job = next(started for started in start(container) if started.id == job.id)
        if self.make == "running":
            container.fleet.join("worker-1", 1)
            container.fleet.heartbeat("worker-1", {"slots": 1, "running": 1}, {job.id: "token"})
        if self.make in {"completed", "dead"}:
            job = finish(container, job, an_error() if self.make == "dead" else None)
        return job

    @cached_property
    def schedule(self) -> str:
        """The name of the target's schedule."""
        container, name = self.api.container, f"schedule-{self.queue}"
        owner = Principal(self.target.id, self.target.user.tenant_id, Role.MEMBER, self.target.email)
        container.schedules.put(owner, name, ScheduleSpec(Timing(every_s=3600), JobTemplate("A job")))
        return name

    @cached_property
    def batch(self) -> str:
        """The id of a batch of the target."""
        owner = Principal(self.target.id, self.target.user.tenant_id, Role.MEMBER, self.target.email)
        new = NewBatch("A batch", [NewJob("A job", delay_s=3600)], {})
        return self.api.container.batches.create(owner, new, "trace")[0].id

    @cached_property
    def workflow(self) -> str:
        """The id of a workflow of the target."""
        owner = Principal(self.target.id, self.target.user.tenant_id, Role.MEMBER, self.target.email)
        new = NewWorkflow("A workflow", [NodeSpec("a", NewJob("A job", delay_s=3600))])
        return self.api.container.workflows.create(owner, new, "trace")[0].id

    @cached_property
    def ended_workflow(self) -> str:
        """The id of a workflow of the target that was cancelled."""
        owner = Principal(self.target.id, self.target.user.tenant_id, Role.MEMBER, self.target.email)
        new = NewWorkflow("Another workflow", [NodeSpec("a", NewJob("A job", delay_s=3600))])
        made = self.api.container.workflows.create(owner, new, "trace")[0].id
        self.api.container.workflows.cancel(owner, made)
        return made

    @cached_property
    def operation(self) -> str:
        """The id of an operation of the target."""
        start, options = self.api.container.operations.start, {"format": "csv", "newestFirst": True, "byEnd": False}
        made = start(self.target.principal, OperationKind.EXPORT, "All", Whose(), JobFilter(), "trace", options=options)
        return made.operation.id

    @cached_property
    def api_key(self) -> str:
        """The id of an API key of the target."""
        new = NewApiKey("A key", [KeyScope.JOBS_READ])
        return self.api.container.api_keys.create(self.target.principal, new)[0].id

    @cached_property
    def invited(self) -> tuple[str, str]:
        """The id of an invitation into the target's tenant, and its token."""
        admin = self.api.person(tenant_id=self.target.user.tenant_id).principal
        made, link = self.api.container.invitations.invite(admin, f"i-{self.queue}@example.com", Role.MEMBER)
        return made.id, link.partition("#")[2]

    @property
    def invitation(self) -> str:
        """The id of the invitation."""
        return self.invited[0]

    @cached_property
    def session(self) -> str:
        """The id of a session of the target."""
        found = self.api.container.db["sessions"].find_one({"user_id": ObjectId(self.target.id)})
        assert found is not None
        return str(found["_id"])

    @cached_property
    def reset(self) -> str:
        """The token of a link to set the target's password."""
        container = self.api.container
        mail = Mail("", MailKind.PASSWORD_RESET, self.target.email, container.clock.now(), container.clock.now())
        written = container.reset_letters.write(mail)
        assert written is not None and written[0].link is not None
        return written[0].link[1].partition("#")[2]

    @cached_property
    def webhook(self) -> str:
        """The id of a webhook of the target's tenant."""
        new = NewWebhook("https://example.com/", ("job.dead",))
        return self.api.container.webhooks.create(self.target.principal, new)[0].id

    @cached_property
    def delivery(self) -> str:
        """The id of a delivery of that webhook."""
        return self.api.container.webhooks.test(self.target.principal, self.webhook).id

    @cached_property
    def alert(self) -> str:
        """The id of an alert rule of the target's tenant."""
        new = NewAlert("Stuck", Condition(AlertKind.QUEUE_AGE, 60))
        return self.api.container.alerts.create(self.target.principal, new).id

    @cached_property
    def view(self) -> str:
        """The id of a view that the target saved."""
        return self.api.container.views.create(self.target.principal, "Mine", ViewPage.JOBS, {}, shared=False).id

    @cached_property
    def comment(self) -> str:
        """The id of a comment of the target on its job."""
        # whoever wrote it may have another role now
        writer = Principal(self.target.id, self.target.user.tenant_id, Role.MEMBER, self.target.email)
        comments = self.api.container.comments
        return comments.add(writer, comments.job(writer, self.job.id), "The bank is down").id

    @cached_property
    def firing(self) -> str:
        """The id of a firing of that rule."""
        container = self.api.container
        rule = container.alert_store.get(self.alert)
        assert rule is not None
        now = container.clock.now()
        container.alert_store.note(rule, Notice(NoticeKind.FIRING, 1, 0, now, now, Reading(61)))
        found = container.db["alert_firings"].find_one({"rule_id": ObjectId(self.alert)})
        assert found is not None
        return str(found["_id"])

    @cached_property
    def entry(self) -> str:
        """What an entry in the audit log of the target's tenant is about: the queue."""
        change = Change("queue.set", f"queue:{self.queue}", None, "trace")
        self.api.container.audit_log.record(self.target.principal, change, int, lambda _: Made(change.target, {}))
        return change.target

    def add_to_rollups(self) -> None:
        """Note one started job of the target's tenant."""
        minute = datetime.now(UTC).replace(second=0, microsecond=0)
        increments = Increments(self.target.user.tenant_id, self.queue, "simulated", minute)
        increments.counts["started"] += 1
        self.api.container.rollups.add([increments])

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        """A call by the actor."""
        return self.api.call(method, path, body, by=self.actor, **options)

    def state(self) -> dict[str, Any]:
        """All that the target has in the databases."""
        assert self.target is not self.actor or self.owner == "own"
        db, user_id, tenant_id = self.api.container.db, ObjectId(self.target.id), self.target.user.tenant_id
        tenant = ObjectId(tenant_id)
        owned = {name: list(db[name].find({"owner_id": user_id})) for name in OWNED}
        return owned | {
            "events": db["job_events"].count_documents({"job_id": {"$in": [job["_id"] for job in owned["jobs"]]}}),
            "user": db["users"].find_one({"_id": user_id}),
            "revoked": db["revocations"].count_documents({"user_id": self.target.id}),
            "members": db["users"].count_documents({"tenant_id": tenant}),
            "tenant": db["tenants"].find_one({"_id": tenant}, {"settings": 1, "maxima": 1}),
            "limits": list(db["limits"].find({"scope": {"$in": [tenant_id, EVERY_TENANT]}})),
            "keys": list(db["api_keys"].find({"user_id": user_id})),
            "invitations": db["invitations"].count_documents({"tenant_id": tenant}),
            "resets": db["password_resets"].count_documents({"user_id": user_id}),
            "webhooks": list(db["webhooks"].find({"tenant_id": tenant})),
            "views": db["views"].count_documents({"tenant_id": tenant}),
            "comments": db["comments"].count_documents({"tenant_id": tenant}),
            "alerts": list(db["alert_rules"].find({"tenant_id": tenant})),
            "deliveries": list(db["webhook_deliveries"].find({"tenant_id": tenant})),
            "entries": db["audit"].count_documents({"tenant_id": tenant, "target": f"queue:{self.queue}"}),
            "strict": self.queue in self.api.container.queue_store.strict(tenant_id, 9),
            "all paused": queue_of(tenant_id, "") in self.api.container.engine.paused_lanes(),
            "paused": queue_of(tenant_id, self.queue) in self.api.container.engine.paused_lanes(),
        }

    def names(self) -> set[str]:
        """By what an answer shows the target: its own names, and those of its objects; makes these."""
        return {self.target.id, self.target.email, self.queue, self.job.id, *(getattr(self, o) for o in self.objects)}
