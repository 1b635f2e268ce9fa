"""API keys of a tenant, for its admins."""

from __future__ import annotations

from typing import Any

from chalicelib.api import auditing
from chalicelib.api.auditing import Audited
from chalicelib.api.call import Call
from chalicelib.api.routing import PERSONS, KeyScope, Routes
from chalicelib.api.schemas.accounts import Done
from chalicelib.api.schemas.api_keys import ApiKeysAnswer, CreateApiKey, NewApiKeyAnswer, api_key_data
from chalicelib.domain.principals import Permission

routes = Routes(__name__, tag="API keys")


@routes.post(
    "/api-keys",
    body=CreateApiKey,
    answer=NewApiKeyAnswer,
    status=201,
    errors={429},
    needs=Permission.MANAGE_KEYS,
    scope=PERSONS,
    audit=Audited("api-key.create", made="apiKey"),
)
def create_api_key(call: Call[CreateApiKey]) -> dict[str, Any]:
    """Create an API key for a service.

    Only this answer shows its `secret`, which goes into `Authorization: Bearer qc_…`. Jobs that are submitted with it
    belong to you, and count against the quotas of the tenant in place of your own limits. Its rights end when you are
    removed, and shrink with your role.
    """
    key, secret = call.container.api_keys.create(call.principal, call.body.new())
    return {"success": True, "apiKey": api_key_data(key, expired=False), "secret": secret}


@routes.get("/api-keys", answer=ApiKeysAnswer, needs=Permission.MANAGE_KEYS, scope=KeyScope.ADMIN)
def list_api_keys(call: Call) -> dict[str, Any]:
    """List the API keys of the caller's tenant, newest first, without their secrets."""
    keys, now = call.container.api_keys.list(call.principal), call.container.clock.now()
    return {
        "success": True,
        "apiKeys": [api_key_data(key, expired=key.expired(now)) for key in keys],
        "owners": call.container.user_store.names({key.user_id for key in keys}),
    }


@routes.delete(
    "/api-keys/{id}",
    answer=Done,
    needs=Permission.MANAGE_KEYS,
    scope=KeyScope.ADMIN,
    audit=Audited("api-key.revoke", auditing.api_key),
)
def revoke_api_key(call: Call) -> Done:
    """Revoke an API key. It is refused from the next call on, and its WebSockets are closed within 20 seconds."""
    call.container.api_keys.revoke(call.principal, call.id)
    return Done(message="API key revoked")
