"""Cursors: opaque to clients, and refused when they come with another filter, order or scope."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Final

from pydantic import BaseModel

from chalicelib.errors import InvalidInput

_ID_BYTES: Final = 12
_CHECK_BYTES: Final = 6
#: Fields that may differ from page to page.
_FREE: Final = frozenset({"cursor", "limit"})


def encode(last_id: str, query: BaseModel) -> str:
    """The cursor that goes on after the job ``last_id`` of the list asked for by ``query``."""
    raw = bytes.fromhex(last_id) + _check(query)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(cursor: str | None, query: BaseModel) -> str | None:
    """The id in a cursor. Raises ``InvalidInput`` unless ``encode`` made it for the same list."""
    if cursor is None:
        return None
    try:
        raw = base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raw = b""
    if len(raw) != _ID_BYTES + _CHECK_BYTES or raw[_ID_BYTES:] != _check(query):
        raise InvalidInput("This is no cursor of this list; ask again from the start", "cursor")
    return raw[:_ID_BYTES].hex()


def _check(query: BaseModel) -> bytes:
    asked = query.model_dump_json(exclude=set(_FREE))
    return hashlib.blake2b(asked.encode(), digest_size=_CHECK_BYTES).digest()
