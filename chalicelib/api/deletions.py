"""Deletion of the caller's account, and of the caller's tenant."""

from __future__ import annotations

from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call
from chalicelib.api.routing import PERSONS, Routes
from chalicelib.api.schemas.accounts import Done
from chalicelib.api.schemas.deletions import ConfirmDeletion
from chalicelib.domain.principals import Permission

routes = Routes(__name__, tag="Accounts")


@routes.post(
    "/me/delete",
    body=ConfirmDeletion,
    answer=Done,
    errors={409, 429},
    scope=PERSONS,
    audit=Audited("account.delete", own="user_id"),
)
def delete_account(call: Call[ConfirmDeletion]) -> Done:
    """Delete the caller's account with all jobs and data of the caller. This cannot be undone.

    Needs `currentPassword`, and the caller's name as `name`. Sessions and API keys end at once, jobs are cancelled, and
    the data are deleted within minutes, many jobs in paced pages. Schedules pass to the tenant. The audit log keeps
    what the caller did, without a name. Refused for the last admin of a tenant and the last operator.
    """
    call.container.deletions.delete_account(call.principal, call.body.given(), address=call.viewer)
    return Done(message="Your account is being deleted")


@routes.post(
    "/tenant/delete",
    body=ConfirmDeletion,
    answer=Done,
    errors={409, 429},
    needs=Permission.MANAGE_SETTINGS,
    scope=PERSONS,
    audit=Audited("tenant.delete", own="tenant_id"),
)
def delete_tenant(call: Call[ConfirmDeletion]) -> Done:
    """Delete the caller's tenant with all members, jobs and data. This cannot be undone.

    Needs `currentPassword`, and the tenant's name as `name`. As `POST /me/delete`, for everybody in the tenant. Refused
    for the tenant of operators.
    """
    call.container.deletions.delete_tenant(call.principal, call.body.given(), address=call.viewer)
    return Done(message="The workspace is being deleted")
