"""Which routes an API key may call, by its scopes."""

from __future__ import annotations

import pytest

from chalicelib.api.routing import ANY_KEY, ROUTES, Auth
from chalicelib.domain.principals import KeyScope, Role
from chalicelib.services.api_keys import NewApiKey
from tests.api_client import Api

pytestmark = pytest.mark.integration

#: What an API key needs for each route that is not public; ``any``: none, ``person``: no key may call it.
SCOPES = {
    "jobs:read": """
        list_jobs job_stats get_job list_attempts list_logs list_dlq list_dlq_groups list_queues list_limits get_limit
        list_batches get_batch list_workflows get_workflow list_schedules preview_schedule get_schedule list_runs
        get_own_settings get_settings list_workers list_tasks get_pauses get_metrics get_series get_analytics
        get_forecast export_jobs list_operations get_operation cancel_operation create_ws_ticket list_steps
        list_alerts get_alert list_firings compare_payloads compare_dead_payloads list_job_comments list_group_comments
        get_redaction
    """,
    "jobs:write": """
        create_job create_jobs cancel_job retry_job replay_job delete_job act_on_jobs create_batch cancel_batch
        create_workflow cancel_workflow retry_workflow send_event put_schedule delete_schedule pause_schedule
        resume_schedule run_schedule start_operation comment_on_job comment_on_group delete_comment
    """,
    "dlq:write": "redrive_job redrive_jobs delete_dead_jobs",
    "queues:write": """
        pause_queue resume_queue set_queue pause_own_tenant resume_own_tenant pause_tenant resume_tenant
        pause_task resume_task
    """,
    "admin": """
        list_members change_role remove_member list_api_keys revoke_api_key change_limit pause_limit resume_limit
        create_webhook list_webhooks get_webhook change_webhook delete_webhook rotate_webhook_secret pause_webhook
        resume_webhook test_webhook list_webhook_deliveries redeliver_webhook
        pause_everything resume_everything
        put_redaction
        reset_limit list_audit export_audit change_own_settings list_tenants change_settings change_maxima reset_metrics
        list_mails list_invitations revoke_invitation
        create_alert change_alert delete_alert mute_alert unmute_alert preview_alert
    """,
    "any": "me",
    "person": """
        delete_account delete_tenant log_out list_sessions end_session end_sessions get_notifications set_notifications
        list_views create_view delete_view
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
        path = route.path.replace("{id}", "0" * 24).replace("{delivery_id}", "0" * 24).replace("{name}", "absent")
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
