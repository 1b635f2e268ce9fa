"""What the authorisation test is made of: a scene with one caller and one object, and what to look for after a call.

An *object* is a person's: the caller's own, another's in the caller's tenant, or another tenant's. It is the person
as a user and member, a job of that person, the job's queue, a schedule of that person, and the person's tenant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from typing import Any, Literal

from bson import ObjectId

from chalicelib.domain.filters import JobFilter, Whose
from chalicelib.domain.jobs import Job, NewJob
from chalicelib.domain.limits import EVERY_TENANT
from chalicelib.domain.mails import Mail, MailKind
from chalicelib.domain.operations import OperationKind
from chalicelib.domain.principals import KeyScope, Principal, Role
from chalicelib.domain.schedules import JobTemplate, ScheduleSpec, Timing
from chalicelib.domain.workflows import NodeSpec
from chalicelib.queue.lanes import queue_of
from chalicelib.services.api_keys import NewApiKey
from chalicelib.services.audit import Change, Made
from chalicelib.services.batches import NewBatch
from chalicelib.services.workflows import NewWorkflow
from chalicelib.store.rollups import Increments
from tests.api_client import Answer, Api, Person
from tests.jobs import an_error, finish, start, submit

OWNERS = ("own", "colleague's", "stranger's")
_numbers = count(1)

Make = Literal["waiting", "running", "completed", "dead", "operating"]


@dataclass
class Scene:
    """A caller with ``role`` (``None``: nobody), and the object of ``owner``."""

    api: Api
    role: Role | None
    owner: str
    make: Make = "waiting"
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
    def admin(self) -> Person:
        """An admin of the caller's tenant besides those of the scene, so that everybody else may leave."""
        return self.api.person()

    @property
    def tenant_id(self) -> str:
        """The caller's tenant."""
        return self.admin.user.tenant_id

    @cached_property
    def job(self) -> Job:
        """The target's job, in the state ``make``."""
        container = self.api.container
        # whoever owns a job now may have had another role when submitting it
        owner = Principal(self.target.id, self.target.user.tenant_id, Role.MEMBER, self.target.email)
        job = submit(container, owner, name="A job", queue=self.queue)
        if self.make not in {"waiting", "operating"}:
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
    def invitation(self) -> tuple[str, str]:
        """The id of an invitation by an admin of the target's tenant, and its token."""
        admin = self.target if self.owner == "stranger's" else self.admin
        made, link = self.api.container.invitations.invite(admin.principal, f"i-{self.queue}@example.com", Role.MEMBER)
        return made.id, link.partition("#")[2]

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
    def entry(self) -> bool:
        """Whether the target's tenant has an entry in its audit log, on the queue."""
        change = Change("queue.set", f"queue:{self.queue}", None, "trace")
        self.api.container.audit_log.record(self.target.principal, change, int, lambda _: Made(change.target, {}))
        return True

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
        """All that the target has in MongoDB; makes whoever is not there yet."""
        assert self.target is not self.actor or self.owner == "own"
        db, user_id = self.api.container.db, ObjectId(self.target.id)
        tenant, queue = ObjectId(self.target.user.tenant_id), f"queue:{self.queue}"
        return {
            "job": db["jobs"].find_one({"_id": ObjectId(self.job.id)}),
            "events": db["job_events"].count_documents({"job_id": ObjectId(self.job.id)}),
            "user": db["users"].find_one({"_id": user_id}),
            "revoked": db["revocations"].count_documents({"user_id": self.target.id}),
            "schedule": db["schedules"].find_one({"name": self.schedule}),
            "batch": db["batches"].find_one({"_id": ObjectId(self.batch)}),
            "workflow": db["workflows"].find_one({"_id": ObjectId(self.workflow)}),
            "ended": db["workflows"].find_one({"_id": ObjectId(self.ended_workflow)}),
            "operation": db["jobs"].find_one({"_id": ObjectId(self.operation)}) if self.make == "operating" else None,
            "workflows": db["workflows"].count_documents({"owner_id": user_id}),
            "batches": db["batches"].count_documents({"owner_id": user_id}),
            "schedules": db["schedules"].count_documents({"owner_id": user_id}),
            "jobs": db["jobs"].count_documents({"owner_id": user_id}),
            "members": db["users"].count_documents({"tenant_id": ObjectId(self.target.user.tenant_id)}),
            "tenant": db["tenants"].find_one(
                {"_id": ObjectId(self.target.user.tenant_id)}, {"settings": 1, "maxima": 1}
            ),
            "limits": list(db["limits"].find({"scope": {"$in": [self.target.user.tenant_id, EVERY_TENANT]}})),
            "keys": list(db["api_keys"].find({"user_id": user_id})) if self.api_key else [],
            "invitations": db["invitations"].count_documents({"tenant_id": tenant}) if self.invitation else 0,
            "resets": db["password_resets"].count_documents({"user_id": user_id}) if self.reset else 0,
            "entries": db["audit"].count_documents({"tenant_id": tenant, "target": queue}) if self.entry else 0,
            "strict": self.queue in self.api.container.queue_store.strict(self.target.user.tenant_id, 9),
            "paused": queue_of(self.target.user.tenant_id, self.queue) in self.api.container.engine.paused_lanes(),
        }

    def _tenant_settings(self) -> Any:
        wanted = {"_id": ObjectId(self.target.user.tenant_id)}
        return self.api.container.db["tenants"].find_one(wanted, {"settings": 1, "maxima": 1})


#: Whether a call that was answered with success reached the object.
Reached = Callable[[Scene, Answer, dict[str, Any]], bool]


def answered(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    """The object was named in the call, and the call succeeded."""
    return True


def shown(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    """The answer names the target, the job or the queue."""
    names = (scene.target.id, scene.batch, scene.workflow, scene.target.email, scene.job.id, scene.queue)
    return any(name in answer.text for name in names)


def changed(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    """Something of the target is no longer what it was."""
    return scene.state() != before


def counted(*path: str) -> Reached:
    """The number at ``path`` of the answer has grown by the target's work."""

    def grown(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
        assert scene.before is not None
        was, now = scene.before.json, answer.json
        for name in path:
            was, now = was[name], now[name]
        return int(now) > int(was)

    return grown


@dataclass(frozen=True)
class Row:
    """One way to call one route, and who reaches what by it.

    ``expect`` has for each role three words, one per owner: ``yes`` (reached), ``no`` (answered, not reached), or
    the status of a refusal.
    """

    route: str
    call: Callable[[Scene], Answer]
    expect: dict[str, str]
    reached: Reached = answered
    make: Make = "waiting"
    variant: str = ""
    #: Call once before the target has a job, for ``counted``.
    twice: bool = False

    def __str__(self) -> str:
        return f"{self.route} {self.variant}".strip()

    def matrix(self, api: Api) -> dict[str, str]:
        """What really happens, in the form of ``expect``."""
        roles: list[Role | None] = [*Role, None]
        return {_name(role): " ".join(self._cell(api, role, owner) for owner in OWNERS) for role in roles}

    def _cell(self, api: Api, role: Role | None, owner: str) -> str:
        scene = Scene(api, role, owner, self.make)
        if self.twice:
            scene.before = self.call(scene)
        before = scene.state()
        scene.add_to_rollups()
        answer = self.call(scene)
        if answer.status >= 400:
            assert scene.state() == before, f"{self}: refused with {answer.status}, and changed it all the same"
            return str(answer.status)
        return "yes" if self.reached(scene, answer, before) else "no"


def _name(role: Role | None) -> str:
    return role.value if role else "anonymous"


def table(operator: str, admin: str, member: str, viewer: str, anonymous: str = "401 401 401") -> dict[str, str]:
    """A row's expectation. One word stands for three equal ones."""
    cells = {"operator": operator, "admin": admin, "member": member, "viewer": viewer, "anonymous": anonymous}
    return {role: cell if " " in cell else " ".join([cell] * 3) for role, cell in cells.items()}
