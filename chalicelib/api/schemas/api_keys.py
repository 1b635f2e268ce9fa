"""Models of the routes of API keys."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from chalicelib.api.call import Input, Output
from chalicelib.api.schemas.fields import Time
from chalicelib.domain import typed_text
from chalicelib.domain.api_keys import PREFIX, ApiKey
from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import KeyScope
from chalicelib.services.api_keys import NewApiKey

MAX_KEY_NAME_CHARS: Final = 64


class CreateApiKey(Input):
    """A key for a service. It has no more rights than its scopes, and than the role of its creator."""

    name: Annotated[
        str,
        Field(min_length=1, max_length=MAX_KEY_NAME_CHARS, examples=["billing service"]),
        AfterValidator(typed_text.display_name),
    ]
    scopes: list[KeyScope] = Field(
        min_length=1, max_length=len(KeyScope), description="`admin` includes the others.", examples=[["jobs:write"]]
    )
    expires_at: Time | None = Field(
        None, description="At most ten years from now; without it, the key does not expire."
    )

    def new(self) -> NewApiKey:
        """Return it as services take it."""
        return NewApiKey(self.name, self.scopes, self.expires_at)


class ApiKeyOut(Output):
    """A key without its secret. `ownerId` created it; `prefix` is what its text begins with."""

    id: str = Field(alias="_id")
    name: str
    scopes: list[KeyScope]
    prefix: str
    owner_id: str = Field(alias="ownerId")
    tenant_id: str = Field(alias="tenantId")
    expires_at: str | None = Field(alias="expiresAt")
    expired: bool
    last_used_at: str | None = Field(alias="lastUsedAt", description="Up to a minute old.")
    con: str


class NewApiKeyAnswer(Output):
    """A new key, and its secret text, which only this answer shows."""

    success: Literal[True] = True
    api_key: ApiKeyOut = Field(alias="apiKey")
    secret: str


class ApiKeysAnswer(Output):
    """The keys of the tenant, newest first. `owners` maps ids to names."""

    success: Literal[True] = True
    api_keys: list[ApiKeyOut] = Field(alias="apiKeys")
    owners: dict[str, str]


def api_key_data(key: ApiKey, *, expired: bool) -> dict[str, Any]:
    """Return a key as clients see it."""
    return {
        "_id": key.id,
        "name": key.name,
        "scopes": [scope.value for scope in key.scopes],
        "prefix": f"{PREFIX}{key.id}_",
        "ownerId": key.user_id,
        "tenantId": key.tenant_id,
        "expiresAt": iso(key.expires_at) if key.expires_at else None,
        "expired": expired,
        "lastUsedAt": iso(key.last_used_at) if key.last_used_at else None,
        "con": iso(key.created_at),
    }
