"""What the audit log keeps of each route and WebSocket action that changes something.

A route declares it: ``@routes.delete(…, audit=Audited("job.delete", "job", _job))``. The pipeline and the WebSocket
call the handler inside ``recorded``, so no handler writes an entry itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeVar

from pydantic import BaseModel

from chalicelib.api.call import Reply
from chalicelib.domain.principals import Scope
from chalicelib.services.audit import Change, Made, unseen_as_none

if TYPE_CHECKING:
    from chalicelib.api.container import ApiContainer
    from chalicelib.domain.audit import State
    from chalicelib.domain.principals import Principal

T = TypeVar("T")
#: Ids that the entry of an action on many jobs names.
MAX_IDS: Final = 100


class Subject(NamedTuple):
    """What a call is about: who calls, and the ``ref`` (id or name) of the object, in ``tenant`` if that is named."""

    container: ApiContainer
    principal: Principal
    ref: str
    tenant: str | None
    #: What was asked: the body of the call, the query of one without.
    body: Any
    trace_id: str


Read = Callable[[Subject], dict[str, Any]]


class Audited(NamedTuple):
    """How calls of a route are recorded.

    With ``state``, the object is read by it before and after; no difference is no change. With ``made``, the answer has
    the new object in the field of that name. With ``summary``, the answer says what was done, ``None``: nothing.
    """

    #: What is done: ``<kind>.<verb>``.
    action: str
    state: Read | None = None
    made: str = ""
    summary: Callable[[Subject, Mapping[str, Any]], State] | None = None
    #: Whose id the object has, if the path has none: the caller's, or that of the caller's tenant.
    own: Literal["", "user_id", "tenant_id"] = ""

    @property
    def kind(self) -> str:
        """The kind of the target."""
        return self.action.partition(".")[0]

    def own_id(self, principal: Principal) -> str:
        """Return the id of what the call is about, if the path has none."""
        return str(getattr(principal, self.own)) if self.own else ""


def recorded(audited: Audited | None, subject: Subject, work: Callable[[], T]) -> T:
    """Return the result of ``work``, which is recorded if ``audited`` says how.

    Nothing is stored under a name that is no text, so ``work`` refuses it, and there is nothing to record.
    """
    if audited is None or not _is_text(subject.ref):
        return work()
    before = _read(audited, subject)
    target = f"{audited.kind}:{subject.ref}" if subject.ref else audited.kind
    named = subject.tenant if subject.principal.may_read(Scope.ALL) else None
    tenant = (before or {}).get("tenantId") or named
    change = Change(audited.action, target, before, subject.trace_id, tenant)
    return subject.container.audit_log.record(
        subject.principal, change, work, lambda result: _outcome(audited, subject, change, result)
    )


def _is_text(name: str) -> bool:
    """Return whether a name of a path has no lone surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _outcome(audited: Audited, subject: Subject, change: Change, result: Any) -> Made:
    if audited.made:
        new = _fields(result)[audited.made]
        return Made(f"{audited.kind}:{new['_id']}", new)
    if audited.summary is not None:
        done = audited.summary(subject, _fields(result))
        return Made(change.target, done, made=done is not None)
    after = _read(audited, subject)
    return Made(change.target, after, made=audited.state is None or after != change.before)


def _read(audited: Audited, subject: Subject) -> State:
    read = audited.state
    return None if read is None else unseen_as_none(lambda: read(subject))


def _fields(result: Any) -> Mapping[str, Any]:
    body = result.body if isinstance(result, Reply) else result
    if isinstance(body, BaseModel):
        return body.model_dump(mode="json", by_alias=True)
    if not isinstance(body, Mapping):  # an answer of the WebSocket
        body = getattr(body, "data", None)
    return body if isinstance(body, Mapping) else {}


# --- states --------------------------------------------------------------------------------------------------------
def job(subject: Subject) -> dict[str, Any]:
    """Return what identifies a job, and its state."""
    found = subject.container.jobs.get(subject.principal, subject.ref)
    return {
        "tenantId": found.tenant_id, "ownerId": found.owner_id, "name": found.name, "task": found.task,
        "queue": found.queue, "status": found.status.value, "cancelRequested": found.cancel_requested, "rev": found.rev,
    }  # fmt: skip


def batch(subject: Subject) -> dict[str, Any]:
    """Return what identifies a batch, and its state."""
    found, _ = subject.container.batches.get(subject.principal, subject.ref)
    return {
        "tenantId": found.tenant_id, "ownerId": found.owner_id, "name": found.name, "status": found.status.value,
        "total": found.total, "cancelRequested": found.cancel_requested,
    }  # fmt: skip


def workflow(subject: Subject) -> dict[str, Any]:
    """Return what identifies a workflow, and its state."""
    found, _ = subject.container.workflows.get(subject.principal, subject.ref)
    return {
        "tenantId": found.tenant_id, "ownerId": found.owner_id, "name": found.name, "status": found.status.value,
        "run": found.run, "cancelRequested": found.cancel_requested,
    }  # fmt: skip


def operation(subject: Subject) -> dict[str, Any]:
    """Return what an operation does, and its state."""
    found = subject.container.operations.get(subject.principal, subject.ref)
    return {
        "tenantId": found.operation.tenant_id, "ownerId": found.operation.owner_id, "name": found.operation.name,
        "kind": found.operation.kind.value, "status": found.job.status.value if found.job else None,
        "cancelRequested": bool(found.job and found.job.cancel_requested),
    }  # fmt: skip


#: Fields of a schedule that change by themselves, or that its admins do not choose.
_OF_SCHEDULE_LEFT_OUT: Final = frozenset({"words", "next", "lastRun", "con", "mon"})


def schedule(subject: Subject) -> dict[str, Any]:
    """Return a schedule without the payload of its jobs; ``rev`` shows that it was changed."""
    from chalicelib.services.schedule_data import schedule_data  # noqa: PLC0415 - its library loads on first use

    container = subject.container
    found = container.schedules.get(subject.principal, subject.ref, subject.tenant)
    shown = schedule_data(found, container.clock.now())
    return {name: value for name, value in shown.items() if name not in _OF_SCHEDULE_LEFT_OUT}


def queue(subject: Subject) -> dict[str, Any]:
    """Return what admins may set of a queue."""
    return subject.container.queues.settings(subject.principal, subject.ref, subject.tenant)


def pauses(subject: Subject) -> dict[str, Any]:
    """Return whether all queues of a tenant are paused."""
    of_tenant, _ = subject.container.queues.pauses(subject.principal, subject.ref)
    return {"tenantId": subject.ref, "paused": of_tenant is not None}


def task(subject: Subject) -> dict[str, Any]:
    """Return whether a task is paused, in the tenant or in all."""
    every_tenant = subject.body.scope is Scope.ALL
    found = subject.container.queues.task_pauses(subject.principal, subject.tenant)
    paused = any((each.task, each.every_tenant) == (subject.ref, every_tenant) for each in found)
    return {"scope": subject.body.scope.value, "paused": paused}


def everything(subject: Subject) -> dict[str, Any]:
    """Return whether everything is paused."""
    _, of_all = subject.container.queues.pauses(subject.principal)
    return {"paused": of_all is not None}


def limit(subject: Subject) -> dict[str, Any]:
    """Return the bounds of a limit as they stand."""
    from chalicelib.services.limits import bounds_data  # noqa: PLC0415 - loaded by then

    standing = subject.container.task_limits.get(subject.principal, subject.ref, subject.tenant).standing
    return {**bounds_data(standing.bounds), "source": standing.source}


def member(subject: Subject) -> dict[str, Any]:
    """Return a member of the caller's tenant."""
    found = subject.container.members.get(subject.principal, subject.ref)
    return {"username": found.username, "email": found.email, "role": found.role.value}


def invitation(subject: Subject) -> dict[str, Any]:
    """Return an open invitation."""
    found = subject.container.invitations.get(subject.principal, subject.ref)
    return {"email": found.email, "role": found.role.value, "invitedBy": found.invited_by}


def notifications(subject: Subject) -> dict[str, Any]:
    """Return which mails the caller wants."""
    wanted = subject.container.notifications.get(subject.principal)
    return {"failures": wanted.failures.value, "scope": wanted.scope.value, "alerts": wanted.alerts}


def api_key(subject: Subject) -> dict[str, Any]:
    """Return an API key."""
    from chalicelib.api.schemas.api_keys import api_key_data  # noqa: PLC0415 - imports a route's models

    found = subject.container.api_keys.get(subject.principal, subject.ref)
    shown = api_key_data(found, expired=False)
    return {name: shown[name] for name in ("name", "scopes", "ownerId", "expiresAt", "lastUsedAt")}


def webhook(subject: Subject) -> dict[str, Any]:
    """Return a webhook without its secrets."""
    from chalicelib.api.schemas.webhooks import webhook_data  # noqa: PLC0415 - imports a route's models

    container = subject.container
    shown = webhook_data(container.webhooks.get(subject.principal, subject.ref), container.clock.now())
    return {name: value for name, value in shown.items() if name not in _OF_WEBHOOK_LEFT_OUT}


#: Fields of a webhook that change by themselves.
_OF_WEBHOOK_LEFT_OUT: Final = frozenset({"_id", "failures", "failingSince", "con"})


def alert(subject: Subject) -> dict[str, Any]:
    """Return what admins choose of an alert rule."""
    from chalicelib.api.schemas.alerts import alert_data  # noqa: PLC0415 - imports a route's models

    shown = alert_data(subject.container.alerts.get(subject.principal, subject.ref))
    return {name: value for name, value in shown.items() if name not in _OF_ALERT_LEFT_OUT}


def comment(subject: Subject) -> dict[str, Any]:
    """Return what a comment is about, without its text."""
    found = subject.container.comments.get(subject.principal, subject.ref)
    about = found.subject
    return {"tenantId": about.tenant_id, "jobId": about.job_id, "group": about.group, "ownerId": found.author_id}


def view(subject: Subject) -> dict[str, Any]:
    """Return a saved view."""
    found = subject.container.views.get(subject.principal, subject.ref)
    return {"name": found.name, "page": found.page.value, "ownerId": found.owner_id, "shared": found.shared}


#: Fields of an alert rule that change by themselves.
_OF_ALERT_LEFT_OUT: Final = frozenset(
    {"_id", "status", "since", "value", "subject", "jobs", "checkedAt", "firings", "firedAt", "con", "mon"}
)


def settings(subject: Subject) -> dict[str, Any]:
    """Return the settings of a tenant in force."""
    return _settings(subject, "settings")


def redaction(subject: Subject) -> dict[str, Any]:
    """Return the paths that a tenant redacts."""
    paths = subject.container.tenant_redaction.get(subject.principal)
    return {"tenantId": subject.principal.tenant_id, "paths": list(paths)}


def maxima(subject: Subject) -> dict[str, Any]:
    """Return the maxima of a tenant in force."""
    return _settings(subject, "maxima")


def _settings(subject: Subject, which: str) -> dict[str, Any]:
    from chalicelib.services.tenant_settings import settings_data  # noqa: PLC0415 - loaded by then

    view = subject.container.tenant_settings.get(subject.principal, subject.ref)
    return {"tenantId": view.tenant_id, **settings_data(getattr(view, which))}


# --- summaries -----------------------------------------------------------------------------------------------------
def of_many(subject: Subject, answer: Mapping[str, Any]) -> State:
    """Return how many jobs an action changed, and how they were chosen; ``None`` if it changed none."""
    if not answer["changed"]:
        return None
    chosen = subject.body.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    ids = chosen.pop("ids", None) or []
    named = {"ids": ids[:MAX_IDS], "idsLeftOut": max(0, len(ids) - MAX_IDS)} if ids else {}
    return {"changed": answer["changed"], "failed": len(answer["failed"]), **chosen, **named}


def of_replay(subject: Subject, answer: Mapping[str, Any]) -> State:
    """Return which job was made, and what of it was changed, without the payload; ``None`` if it existed."""
    if not answer["created"]:
        return None
    asked = subject.body.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"jobId", "payload"})
    return {**asked, "replay": answer["job"]["_id"], "otherPayload": subject.body.payload is not None}


def of_comment(subject: Subject, answer: Mapping[str, Any]) -> State:
    """Return which comment was written, without its text."""
    return {name: answer["comment"][name] for name in ("_id", "jobId", "group")}


def of_export(subject: Subject, answer: Mapping[str, Any]) -> State:
    """Return what was exported, and by which operation if not at once."""
    asked = subject.body.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    asked.pop("background", None)
    return {**asked, "operation": answer["operation"]["_id"] if "operation" in answer else None}


def of_operation(subject: Subject, answer: Mapping[str, Any]) -> State:
    """Return which operation was started, and on what, without payloads; ``None`` for a dry run."""
    if "operation" not in answer:
        return None
    asked = subject.body.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if asked.get("changes", {}).pop("merge", None) is not None:
        asked["otherPayload"] = True
    return {**asked, "operation": answer["operation"]["_id"], "matched": answer["operation"]["matched"]}
