"""Links that let somebody in once: invitations, and links to reset a password. Pure.

The token is ``<id>.<secret>``. What is stored of the secret, 256 random bits, is a hash with the id as its key, as of
API keys.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from chalicelib.domain.principals import Role

INVITATION_LIFE: Final = timedelta(days=7)
RESET_LIFE: Final = timedelta(minutes=30)
MAX_TOKEN_CHARS: Final = 100
_SECRET_BYTES: Final = 32
_FORM: Final = re.compile(r"([0-9a-f]{24})\.([A-Za-z0-9_-]{43})")


class Invitation(NamedTuple):
    """Asks the owner of an address to join a tenant."""

    id: str
    tenant_id: str
    email: str
    role: Role
    #: The admin who invites.
    invited_by: str
    secret_hash: bytes
    created_at: datetime
    expires_at: datetime


class PasswordReset(NamedTuple):
    """Lets a user set another password once."""

    id: str
    user_id: str
    secret_hash: bytes
    expires_at: datetime


def new_token(link_id: str) -> tuple[str, bytes]:
    """Return a new token of the link with this id, and what is stored of it."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    return f"{link_id}.{secret}", _hash(link_id, secret)


def id_of(token: str) -> str | None:
    """Return the id in a token, ``None`` if it has not the form of one."""
    found = _FORM.fullmatch(token)
    return found[1] if found else None


def fits(token: str, secret_hash: bytes) -> bool:
    """Return whether a token is that of a link. Takes equally long for each wrong one."""
    link_id, _, secret = token.partition(".")
    return hmac.compare_digest(_hash(link_id, secret), secret_hash)


def _hash(link_id: str, secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), key=link_id.encode(), person=b"qc link", digest_size=32).digest()
