"""The tables of the authorisation test: what is called, who reaches what by it, and how one sees that."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.api.routing import ROUTES
from chalicelib.domain.principals import Role
from tests.api_client import PASSWORD, Answer, Api
from tests.scenes import OWNERS, Make, Scene

#: What the target has besides a job, by the first part of the route's path.
OBJECTS = {
    "alerts": ("alert", "firing"),
    "api-keys": ("api_key",),
    "audit": ("entry",),
    "comments": ("comment",),
    "batches": ("batch",),
    "invitations": ("invitation",),
    "operations": ("operation",),
    "password": ("reset",),
    "schedules": ("schedule",),
    "views": ("view",),
    "webhooks": ("webhook", "delivery"),
    "workflows": ("workflow", "ended_workflow"),
}

#: Whether a call that was answered with success reached the object.
Reached = Callable[[Scene, Answer, dict[str, Any]], bool]


def answered(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    """The object was named in the call, and the call succeeded."""
    return True


def shown(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    """The answer names the target, the job or the queue."""
    return any(name in answer.text for name in scene.names())


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
        path = next(route.path for route in ROUTES if route.name == self.route)
        scene = Scene(api, role, owner, self.make, OBJECTS.get(path.split("/")[1], ()))
        if self.twice:
            scene.before = self.call(scene)
        scene.names()  # makes what the target has
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


# --- what several tables expect ---------------------------------------------------------------------------
READ_JOB = table("yes", "yes yes 404", "yes 404 404", "yes yes 404")
CHANGE_JOB = table("yes", "yes yes 404", "yes 404 404", "403")
#: Bulk actions answer for each job; jobs out of reach are listed as failed.
CHANGE_JOBS = table("yes", "yes yes no", "yes no no", "403")
#: What lists show by scope.
IN_OWN = table("yes no no", "yes no no", "yes no no", "yes no no")
IN_TENANT = table("yes yes no", "yes yes no", "403", "yes yes no")
IN_ALL = table("yes", "403", "403", "403")
#: By scope, to change.
CHANGE_IN_OWN = table("yes no no", "yes no no", "yes no no", "403")
CHANGE_IN_TENANT = table("yes yes no", "yes yes no", "403", "403")
OF_TENANT = table("yes yes no", "yes yes no", "yes yes no", "yes yes no")
ADMINISTER = table("yes yes no", "yes yes no", "403", "403")
OF_ADMINS = table("yes yes 404", "yes yes 404", "403", "403")
ONESELF = table("yes no no", "yes no no", "yes no no", "yes no no")
ANYBODY = table("yes", "yes", "yes", "yes", "yes")
#: What roles see that read all of their tenant.
OF_TENANT_READERS = table("yes yes no", "yes yes no", "403", "yes yes no")
READ_BY_ID = table("yes yes 404", "yes yes 404", "403", "yes yes 404")
REVOKE = table("yes yes 404", "yes yes 404", "403", "403")
ANYBODY_NOTHING = table("no", "no", "no", "no", "no")
USERS_NOTHING = table("no", "no", "no", "no")


# --- calls -------------------------------------------------------------------------------------------------
#: What the path, the body and the query of a call may name, in braces.
PARTS: dict[str, Callable[[Scene], str]] = {
    "job": lambda scene: scene.job.id,
    "group": lambda scene: scene.job.error.group if scene.job.error else "",
    "user": lambda scene: scene.target.id,
    "username": lambda scene: scene.target.user.username,
    "email": lambda scene: scene.target.email,
    "session": lambda scene: scene.session,
    "unsubscribe": lambda scene: scene.api.container.unsubscribe_links.token(scene.target.id),
    "reset": lambda scene: scene.reset,
    "tenant": lambda scene: scene.target.user.tenant_id,
    "tenant_name": lambda scene: scene.tenant_name,
    "invitation": lambda scene: scene.invitation,
    "token": lambda scene: scene.invited[1],
    "key": lambda scene: scene.api_key,
    "queue": lambda scene: scene.queue,
    "schedule": lambda scene: scene.schedule,
    "batch": lambda scene: scene.batch,
    "workflow": lambda scene: scene.workflow,
    "ended": lambda scene: scene.ended_workflow,
    "operation": lambda scene: scene.operation,
    "alert": lambda scene: scene.alert,
    "view": lambda scene: scene.view,
    "comment": lambda scene: scene.comment,
    "webhook": lambda scene: scene.webhook,
    "delivery": lambda scene: scene.delivery,
}


def to(method: str, path: str, body: Any = None, **options: Any) -> Any:
    """A call whose path, body and query name ``PARTS`` of the scene."""

    def call(scene: Scene) -> Answer:
        def filled(value: Any) -> Any:
            if isinstance(value, dict):
                return {name: filled(inner) for name, inner in value.items()}
            if isinstance(value, list):
                return [filled(inner) for inner in value]
            if not isinstance(value, str):
                return value
            return re.sub(r"{(\w+)}", lambda found: PARTS[found[1]](scene), value)

        return scene.call(method, filled(path), filled(body), **filled(options))

    return call


def new_email(scene: Scene) -> dict[str, str]:
    return {"username": "New", "email": f"new-{scene.queue}@example.com", "password": PASSWORD}


def scoped(
    route: str, method: str, path: str, reached: Any, query: dict[str, str] | None = None, **options: Any
) -> list[Row]:
    """A reading route with each of its scopes, and what else ``query`` asks."""
    by = "".join(f", by {name}" for name in query or ())
    return [
        Row(
            route,
            to(method, path, query={"scope": scope, **(query or {})}),
            expect,
            reached,
            variant=scope + by,
            **options,
        )
        for scope, expect in (("own", IN_OWN), ("tenant", IN_TENANT), ("all", IN_ALL))
    ]


def acting(route: str, path: str, body: dict[str, Any], make: Any) -> list[Row]:
    """A route that acts on many jobs: by ids, and by filter with each scope."""
    by_ids = Row(route, to("POST", path, body | {"ids": ["{job}"]}), CHANGE_JOBS, changed, make, "by ids")
    by_filter = [
        Row(
            route,
            to("POST", path, body | {"filter": {"queue": "{queue}", "scope": scope}}),
            expect,
            changed,
            make,
            f"by filter, {scope}",
        )
        for scope, expect in (("own", CHANGE_IN_OWN), ("tenant", CHANGE_IN_TENANT), ("all", IN_ALL))
    ]
    return [by_ids, *by_filter]
