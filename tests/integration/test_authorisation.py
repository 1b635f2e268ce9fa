"""Every route, called by every role on an object of its own, a colleague and a stranger: one table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.api.routing import ANY_KEY, ROUTES, Auth
from chalicelib.domain.principals import KeyScope, Role
from chalicelib.services.api_keys import NewApiKey
from tests.api_client import PASSWORD, Answer, Api
from tests.authorisation import Row, Scene, answered, changed, counted, shown, table
from tests.container import Container
from tests.limited import prepare_limited

pytestmark = pytest.mark.integration

READ_JOB = table("yes", "yes yes 404", "yes 404 404", "yes yes 404")
CHANGE_JOB = table("yes", "yes yes 404", "yes 404 404", "403")
READ_SCHEDULE = table("yes", "yes yes 403", "yes 404 403", "yes yes 403")
CHANGE_SCHEDULE = table("yes", "yes yes 403", "yes 404 403", "403")
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
SETTINGS = table("yes", "yes yes 404", "yes yes 404", "yes yes 404")
ONESELF = table("yes no no", "yes no no", "yes no no", "yes no no")
IN_AUDIT = table("yes", "yes yes no", "403", "403")
#: Her own alone, for admins.
HERS = table("yes no no", "yes no no", "403", "403")
#: An admin's change is the tenant's, an operator's counts for every tenant.
EVERYBODYS = table("yes", "yes yes no", "403", "403")
#: Under the name of somebody else nothing is deleted; somebody else's tenant has another name.
OWN_NAME = table("409 400 400", "yes 400 400", "yes 400 400", "yes 400 400")
TENANT = table("409 409 400", "yes yes 400", "403", "403")
ANYBODY = table("yes", "yes", "yes", "yes", "yes")
REVOKE = table("yes yes 404", "yes yes 404", "403", "403")
#: An operation is its owner's.
OWNER_ALONE = table("yes 404 404", "yes 404 404", "yes 404 404", "yes 404 404")
ANYBODY_NOTHING = table("no", "no", "no", "no", "no")
USERS_NOTHING = table("no", "no", "no", "no")


def to(method: str, path: str, body: Any = None, **options: Any) -> Any:
    """A call whose path, body and query name parts of the scene: ``{job}``, ``{user}``, ``{queue}``, ``{schedule}``,
    ``{batch}``, ``{key}``, ``{workflow}``, ``{ended}`` (a workflow), ``{tenant}``, ``{operation}``.
    """

    def call(scene: Scene) -> Answer:
        def filled(value: Any) -> Any:
            if isinstance(value, dict):
                return {name: filled(inner) for name, inner in value.items()}
            if isinstance(value, list):
                return [filled(inner) for inner in value]
            if not isinstance(value, str) or "{" not in value:
                return value
            return value.format(
                job=scene.job.id if "{job}" in value else "",
                group=scene.job.error.group if "{group}" in value and scene.job.error else "",
                user=scene.target.id,
                email=scene.target.email,
                queue=scene.queue,
                schedule=scene.schedule,
                workflow=scene.workflow if "{workflow}" in value else "",
                ended=scene.ended_workflow if "{ended}" in value else "",
                operation=scene.operation if "{operation}" in value else "",
                key=scene.api_key if "{key}" in value else "",
                session=scene.session if "{session}" in value else "",
                username=scene.target.user.username,
                name=scene.api.container.tenant_store.names([scene.target.user.tenant_id])[scene.target.user.tenant_id],
                unsubscribe=scene.api.container.unsubscribe_links.token(scene.target.id),
                invitation=scene.invitation[0] if "{invitation}" in value else "",
                token=scene.invitation[1] if "{token}" in value else "",
                reset=scene.reset if "{reset}" in value else "",
                batch=scene.batch if "{batch}" in value else "",
                tenant=scene.target.user.tenant_id,
            )

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


def listed_operation(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    """The answer lists the operation of the target."""
    return scene.operation in answer.text


def last_hour() -> dict[str, str]:
    """The query of a range that ends in a moment."""
    now = datetime.now(UTC)
    return {"from": (now - timedelta(hours=1)).isoformat(), "to": (now + timedelta(minutes=1)).isoformat()}


def call_back(scene: Scene) -> Answer:
    """Use the callback URL of the target's job, which is all that it takes."""
    token = scene.api.container.callbacks.token(scene.job.id, "go", 1, "")
    return scene.call("POST", f"/callbacks/{token}", {})


def ticket_of_target(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    found = scene.api.container.tickets.redeem(answer.json["ticket"])
    return found == scene.target.principal


def total_reset(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return scene.api.container.engine.counts(f"t:{scene.target.user.tenant_id}").get("submitted", 0) == 0


def tenant_listed(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return [tenant["id"] for tenant in answer.json["tenants"]] == [scene.target.user.tenant_id]


def entry_shown(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return f"queue:{scene.queue}" in answer.text


def session_shown(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return scene.session in answer.text


def invitation_shown(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return scene.invitation[0] in answer.text


def settings_shown(scene: Scene, answer: Answer, before: dict[str, Any]) -> bool:
    return bool(answer.json["tenantId"] == scene.target.user.tenant_id)


ROWS = [
    # --- accounts
    Row("create_user", lambda s: s.call("POST", "/user/create", new_email(s)), ANYBODY_NOTHING, changed),
    Row(
        "log_in",
        to("POST", "/login", {"email": "{email}", "password": "not the password"}),
        table("401", "401", "401", "401"),
    ),
    Row("log_out", to("POST", "/logout"), ONESELF, changed),
    Row("me", to("GET", "/me"), ONESELF, shown),
    Row("change_me", to("PATCH", "/me", {"username": "Renamed"}), ONESELF, changed),
    Row(
        "change_password",
        to("POST", "/me/password", {"current_password": PASSWORD, "new_password": "the next one"}),
        ONESELF,
        changed,
    ),
    Row("list_sessions", to("GET", "/me/sessions"), ONESELF, session_shown),
    Row(
        "end_session",
        to("DELETE", "/me/sessions/{session}"),
        table("yes 404 404", "yes 404 404", "yes 404 404", "yes 404 404"),
        changed,
    ),
    Row("end_sessions", to("POST", "/me/sessions/end"), ONESELF, changed),
    Row(
        "delete_account",
        to("POST", "/me/delete", {"currentPassword": PASSWORD, "name": "{username}"}),
        OWN_NAME,
        changed,
    ),
    Row(
        "delete_tenant", to("POST", "/tenant/delete", {"currentPassword": PASSWORD, "name": "{name}"}), TENANT, changed
    ),
    Row("get_notifications", to("GET", "/me/notifications"), USERS_NOTHING, shown),
    Row("set_notifications", to("PUT", "/me/notifications", {"failures": "daily"}), ONESELF, changed),
    Row("unsubscribe", to("POST", "/unsubscribe/{unsubscribe}"), ANYBODY, answered),
    # --- members
    Row("list_members", to("GET", "/members"), ADMINISTER, shown),
    Row("add_member", lambda s: s.call("POST", "/members", new_email(s)), ADMINISTER, changed),
    Row(
        "change_role",
        to("PATCH", "/members/{user}", {"role": "viewer"}),
        table("403 yes 404", "yes yes 404", "403", "403"),
        changed,
    ),
    Row(
        "reset_password",
        to("POST", "/members/{user}/password", {}),
        table("403 yes 404", "403 yes 404", "403", "403"),
        changed,
    ),
    Row("remove_member", to("DELETE", "/members/{user}"), table("403 yes 404", "yes yes 404", "403", "403"), changed),
    # --- invitations
    Row(
        "create_invitation",
        lambda s: s.call("POST", "/invitations", {"email": new_email(s)["email"]}),
        ADMINISTER,
        changed,
    ),
    Row(
        "list_invitations", to("GET", "/invitations"), table("yes yes no", "yes yes no", "403", "403"), invitation_shown
    ),
    Row("revoke_invitation", to("DELETE", "/invitations/{invitation}"), REVOKE, changed),
    Row("open_invitation", to("POST", "/invitations/open", {"token": "{token}"}), ANYBODY, answered),
    Row(
        "accept_invitation",
        to("POST", "/invitations/accept", {"token": "{token}", "username": "New", "password": PASSWORD}),
        ANYBODY,
        changed,
    ),
    # --- forgotten passwords
    Row("forgot_password", to("POST", "/password/forgot", {"email": "{email}"}), ANYBODY, answered),
    Row(
        "use_password_link",
        to("POST", "/password/reset", {"token": "{reset}", "newPassword": "the next one"}),
        ANYBODY,
        changed,
    ),
    # --- API keys
    Row("create_api_key", to("POST", "/api-keys", {"name": "New", "scopes": ["jobs:read"]}), HERS, changed),
    Row("list_api_keys", to("GET", "/api-keys"), ADMINISTER, shown),
    Row("revoke_api_key", to("DELETE", "/api-keys/{key}"), REVOKE, changed),
    # --- the audit log
    *(
        row
        for route, path in (("list_audit", "/audit"), ("export_audit", "/audit/export"))
        for row in (
            Row(route, to("GET", path, query={"target": "queue:{queue}"}), IN_AUDIT, entry_shown),
            Row(
                route,
                to("GET", path, query={"tenant": "{tenant}", "target": "queue:{queue}"}),
                table("yes", "yes yes 403", "403", "403"),
                entry_shown,
                variant="of a tenant",
            ),
        )
    ),
    # --- jobs
    Row("create_job", to("POST", "/job/create", {"name": "New"}), CHANGE_IN_OWN, changed),
    Row("create_jobs", to("POST", "/job/bulk", {"jobs": [{"name": "New"}]}), CHANGE_IN_OWN, changed),
    *scoped("list_jobs", "GET", "/job", shown),
    *scoped("list_jobs", "GET", "/job", shown, query={"trace": "trace"}),
    *scoped("job_stats", "GET", "/job/stats", counted("stats", "total"), twice=True),
    Row("get_job", to("GET", "/job/{job}"), READ_JOB),
    Row("list_attempts", to("GET", "/job/{job}/attempts"), READ_JOB),
    Row("list_logs", to("GET", "/job/{job}/logs"), READ_JOB),
    Row("list_steps", to("GET", "/job/{job}/steps"), READ_JOB),
    Row("send_event", to("POST", "/job/{job}/events/go", {}), CHANGE_JOB, changed),
    Row("call_back", call_back, table("yes", "yes", "yes", "yes", "yes"), changed),
    Row("cancel_job", to("POST", "/job/{job}/cancel"), CHANGE_JOB, changed),
    Row("retry_job", to("POST", "/job/{job}/retry", {}), CHANGE_JOB, changed, "dead"),
    Row("delete_job", to("DELETE", "/job/{job}"), CHANGE_JOB, changed, "completed"),
    *acting("act_on_jobs", "/job/actions", {"action": "cancel"}, "waiting"),
    # --- the dead-letter queue
    *scoped("list_dlq", "GET", "/dlq", shown, make="dead"),
    *scoped("list_dlq", "GET", "/dlq", shown, query={"group": "{group}"}, make="dead"),
    *scoped("export_jobs", "GET", "/job/export", shown, {"format": "csv"}),
    Row("list_operations", to("GET", "/operations"), IN_OWN, listed_operation, "operating"),
    Row("get_operation", to("GET", "/operations/{operation}"), OWNER_ALONE, make="operating"),
    Row("cancel_operation", to("POST", "/operations/{operation}/cancel"), OWNER_ALONE, changed, "operating"),
    *scoped("list_dlq_groups", "GET", "/dlq/groups", shown, make="dead"),
    Row("redrive_job", to("POST", "/dlq/{job}/redrive", {}), CHANGE_JOB, changed, "dead"),
    *acting("redrive_jobs", "/dlq/redrive", {}, "dead"),
    Row("redrive_jobs", to("POST", "/dlq/redrive", {"group": "{group}"}), CHANGE_IN_OWN, changed, "dead", "by group"),
    *acting("delete_dead_jobs", "/dlq/delete", {}, "dead"),
    *scoped("list_jobs", "GET", "/job", shown, query={"status": "dlq", "count": "true"}, make="dead"),
    # --- queues, workers, tasks
    Row("list_queues", to("GET", "/queues"), OF_TENANT, shown),
    Row(
        "list_queues",
        to("GET", "/queues", query={"tenant": "{tenant}"}),
        table("yes", "yes yes 403", "yes yes 403", "yes yes 403"),
        shown,
        variant="of a tenant",
    ),
    *(
        row
        for route, verb in (("pause_queue", "pause"), ("resume_queue", "resume"))
        for row in (
            Row(
                route,
                to("POST", f"/queues/{{queue}}/{verb}", query={"tenant": "{tenant}"}),
                table("yes", "yes yes 403", "403", "403"),
                changed if verb == "pause" else answered,
                variant="of a tenant",
            ),
            *(
                [Row(route, to("POST", f"/queues/{{queue}}/{verb}"), ADMINISTER, changed, variant="of one's own")]
                if verb == "pause"
                else []
            ),
        )
    ),
    *(
        Row("set_queue", to("PUT", "/queues/{queue}", {"strict": True}, query=query), cells, changed, variant=variant)
        for query, cells, variant in (
            ({"tenant": "{tenant}"}, table("yes", "yes yes 403", "403", "403"), "of a tenant"),
            ({}, ADMINISTER, "of one's own"),
        )
    ),
    # --- limits
    Row("list_limits", to("GET", "/limits"), USERS_NOTHING, shown),
    Row(
        "list_limits",
        to("GET", "/limits", query={"tenant": "{tenant}"}),
        table("yes", "yes yes 403", "yes yes 403", "yes yes 403"),
        variant="of a tenant",
    ),
    Row(
        "get_limit",
        to("GET", "/limits/printer", query={"tenant": "{tenant}"}),
        table("yes", "yes yes 403", "yes yes 403", "yes yes 403"),
        variant="of a tenant",
    ),
    Row("get_limit", to("GET", "/limits/printer"), USERS_NOTHING, shown),
    *(
        row
        for route, method, verb, body in (
            ("change_limit", "PUT", "", {"concurrency": 5}),
            ("pause_limit", "POST", "/pause", None),
            ("resume_limit", "POST", "/resume", None),
            ("reset_limit", "POST", "/reset", None),
        )
        for row in (
            Row(
                route,
                to(method, f"/limits/printer{verb}", body, query={"tenant": "{tenant}"}),
                table("yes", "yes yes 403", "403", "403"),
                answered if route == "reset_limit" else changed,
                variant="of a tenant",
            ),
            Row(
                route,
                to(method, f"/limits/stripe{verb}", body),
                table("yes", "403", "403", "403"),
                answered if route == "reset_limit" else changed,
                variant="that is shared",
            ),
            *(
                [Row(route, to(method, f"/limits/printer{verb}", body), EVERYBODYS, changed, variant="of one's own")]
                if route != "reset_limit"
                else []
            ),
        )
    ),
    # --- batches
    Row(
        "create_batch",
        to("POST", "/batches", {"name": "A batch", "jobs": [{"name": "A job"}]}),
        CHANGE_IN_OWN,
        changed,
    ),
    *scoped("list_batches", "GET", "/batches", shown),
    Row("get_batch", to("GET", "/batches/{batch}"), READ_JOB, shown),
    Row("cancel_batch", to("POST", "/batches/{batch}/cancel"), CHANGE_JOB, changed),
    # --- workflows
    Row(
        "create_workflow",
        to("POST", "/workflows", {"name": "A workflow", "nodes": [{"id": "a"}]}),
        CHANGE_IN_OWN,
        changed,
    ),
    *scoped("list_workflows", "GET", "/workflows", shown),
    Row("get_workflow", to("GET", "/workflows/{workflow}"), READ_JOB, shown),
    Row("cancel_workflow", to("POST", "/workflows/{workflow}/cancel"), CHANGE_JOB, changed),
    Row("retry_workflow", to("POST", "/workflows/{ended}/retry", {}), CHANGE_JOB, answered),
    # --- schedules
    *scoped("list_schedules", "GET", "/schedules", shown),
    Row("preview_schedule", to("POST", "/schedules/preview", {"every_s": 60}), USERS_NOTHING, shown),
    Row("put_schedule", to("PUT", "/schedules/new-{queue}", {"every_s": 60}), CHANGE_IN_OWN, changed, variant="new"),
    Row(
        "put_schedule",
        to("PUT", "/schedules/{schedule}", {"every_s": 60}, query={"tenant": "{tenant}"}),
        table("yes", "yes yes 403", "yes 409 403", "403"),
        changed,
        variant="of a tenant",
    ),
    *(
        Row(route, to(method, path, query={"tenant": "{tenant}"}), expect, reached)
        for route, method, path, expect, reached in (
            ("get_schedule", "GET", "/schedules/{schedule}", READ_SCHEDULE, shown),
            ("list_runs", "GET", "/schedules/{schedule}/runs", READ_SCHEDULE, answered),
            ("delete_schedule", "DELETE", "/schedules/{schedule}", CHANGE_SCHEDULE, changed),
            ("pause_schedule", "POST", "/schedules/{schedule}/pause", CHANGE_SCHEDULE, changed),
            ("resume_schedule", "POST", "/schedules/{schedule}/resume", CHANGE_SCHEDULE, answered),
            ("run_schedule", "POST", "/schedules/{schedule}/run", CHANGE_SCHEDULE, changed),
        )
    ),
    Row(
        "get_schedule",
        to("GET", "/schedules/{schedule}"),
        table("yes yes 404", "yes yes 404", "yes 404 404", "yes yes 404"),
    ),
    Row(
        "list_tenants", to("GET", "/tenants", query={"q": "{tenant}"}), table("yes", "403", "403", "403"), tenant_listed
    ),
    # --- mails of the local stack
    Row("list_mails", to("GET", "/outbox"), table("yes", "403", "403", "403")),
    # --- settings of a tenant
    Row("get_own_settings", to("GET", "/tenant/settings"), OF_TENANT, settings_shown),
    Row("change_own_settings", to("PUT", "/tenant/settings", {"openJobs": 7}), ADMINISTER, changed),
    Row("get_settings", to("GET", "/tenants/{tenant}/settings"), SETTINGS, settings_shown),
    Row(
        "change_settings",
        to("PUT", "/tenants/{tenant}/settings", {"openJobs": 7}),
        table("yes", "yes yes 404", "403", "403"),
        changed,
    ),
    Row(
        "change_maxima",
        to("PUT", "/tenants/{tenant}/maxima", {"openJobs": 7}),
        table("yes", "403", "403", "403"),
        changed,
    ),
    Row("list_workers", to("GET", "/workers"), table("yes", "yes yes no", "yes no no", "yes yes no"), shown, "running"),
    Row("list_tasks", to("GET", "/tasks"), USERS_NOTHING, shown),
    # --- metrics
    Row(
        "get_metrics",
        to("GET", "/metrics"),
        OF_TENANT | {"operator": "yes yes yes"},
        counted("metrics", "jobs:submitted"),
        twice=True,
    ),
    Row("reset_metrics", to("POST", "/metrics/reset"), table("yes", "403", "403", "403"), total_reset),
    Row(
        "get_analytics",
        lambda scene: scene.call("GET", "/analytics", query=last_hour()),
        OF_TENANT | {"operator": "yes yes yes"},
        counted("total", "started"),
        twice=True,
    ),
    Row(
        "get_forecast",
        to("GET", "/analytics/forecast"),
        OF_TENANT | {"operator": "yes yes yes"},
        counted("forecast", "waiting"),
        twice=True,
    ),
    Row("get_series", to("GET", "/metrics/series"), OF_TENANT | {"operator": "yes yes yes"}, shown),
    # --- the WebSocket
    Row("create_ws_ticket", to("POST", "/ws/ticket"), ONESELF, ticket_of_target),
    # --- public
    *(
        Row(route, to("GET", path), ANYBODY_NOTHING, shown)
        for route, path in (
            ("sync", "/sync"),
            ("health", "/health"),
            ("openapi", "/openapi.json"),
            ("docs", "/docs"),
            ("docs_file", "/docs/rapidoc-min.js"),
            ("scrape", "/prometheus/metrics"),
            ("scraped_health", "/prometheus/health"),
        )
    ),
]


#: What an API key needs for each route that is not public; ``any``: none, ``person``: no key may call it.
SCOPES = {
    "jobs:read": """
        list_jobs job_stats get_job list_attempts list_logs list_dlq list_dlq_groups list_queues list_limits get_limit
        list_batches get_batch list_workflows get_workflow list_schedules preview_schedule get_schedule list_runs
        get_own_settings get_settings list_workers list_tasks get_metrics get_series get_analytics get_forecast
        export_jobs list_operations get_operation cancel_operation create_ws_ticket list_steps
    """,
    "jobs:write": """
        create_job create_jobs cancel_job retry_job delete_job act_on_jobs create_batch cancel_batch create_workflow
        cancel_workflow retry_workflow send_event put_schedule delete_schedule pause_schedule resume_schedule
        run_schedule
    """,
    "dlq:write": "redrive_job redrive_jobs delete_dead_jobs",
    "queues:write": "pause_queue resume_queue set_queue",
    "admin": """
        list_members change_role remove_member list_api_keys revoke_api_key change_limit pause_limit resume_limit
        reset_limit list_audit export_audit change_own_settings list_tenants change_settings change_maxima reset_metrics
        list_mails list_invitations revoke_invitation
    """,
    "any": "me",
    "person": """
        delete_account delete_tenant log_out list_sessions end_session end_sessions get_notifications set_notifications
        change_me change_password add_member reset_password create_api_key create_invitation
    """,
}
SCOPE_OF = {route: scope for scope, routes in SCOPES.items() for route in routes.split()}


def test_the_table_names_the_scope_of_every_route() -> None:
    declared = {
        route.name: route.scope.value
        if isinstance(route.scope, KeyScope)
        else {ANY_KEY: "any"}.get(route.scope, "person")
        for route in ROUTES
        if route.auth is Auth.USER
    }
    assert declared == SCOPE_OF


@pytest.mark.parametrize("given", KeyScope)
def test_a_key_calls_the_routes_of_its_scopes_alone(api: Api, given: KeyScope) -> None:
    operator = api.person(Role.OPERATOR)
    key = api.container.api_keys.create(operator.principal, NewApiKey("A key", [given]))[1]

    for route in ROUTES:
        if route.auth is Auth.NONE:
            continue
        path = route.path.replace("{id}", "0" * 24).replace("{name}", "absent")
        answer = api.call(route.method, path, by=key)
        needed = SCOPE_OF[route.name]
        if needed == "person":
            assert (answer.status, answer.json["code"]) == (403, "needs_person"), route.name
        elif needed in {given, "any"} or given is KeyScope.ADMIN:
            assert answer.status != 403, (route.name, answer.text)
        else:
            assert answer.status == 403, route.name
            assert (answer.json["code"], answer.json["scope"]) == ("missing_scope", needed)
            assert needed in answer.json["error"]


def test_every_route_has_a_row() -> None:
    assert {row.route for row in ROWS} == {route.name for route in ROUTES}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_reaches_what_the_table_says(api: Api, container: Container, row: Row) -> None:
    prepare_limited(container)
    assert row.matrix(api) == row.expect
