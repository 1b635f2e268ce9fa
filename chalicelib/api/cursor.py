"""Cursors: opaque to clients, and refused when they come with another filter, order or scope.

A cursor names the job at which a page begins or ends, and the way to read from there:
direction, time of the end in ms (zero where the order is not by it), id, checksum of the question.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from typing import Final

from pydantic import BaseModel

from chalicelib.domain.filters import Place, Start
from chalicelib.domain.jobs import from_ms, to_ms
from chalicelib.errors import InvalidInput

_FORM: Final = struct.Struct(">?Q12s6s")
_CHECK_BYTES: Final = 6
#: Fields that may differ from page to page.
_FREE: Final = frozenset({"cursor", "limit", "count"})
#: Year 2242; what a cursor of ours never has.
_LATEST_MS: Final = 2**43


def encode(start: Start, query: BaseModel) -> str:
    """The cursor that goes on from ``start`` in the list asked for by ``query``."""
    at = start.place.finished_at
    at_ms = to_ms(at) if at else 0
    raw = _FORM.pack(start.backwards, at_ms, bytes.fromhex(start.place.job_id), _check(query))
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(cursor: str | None, query: BaseModel) -> Start | None:
    """Where to go on. Raises ``InvalidInput`` unless ``encode`` made the cursor for the same list."""
    if cursor is None:
        return None
    try:
        raw = base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        backwards, at_ms, job_id, check = _FORM.unpack(raw)
    except (binascii.Error, UnicodeEncodeError, struct.error):
        check, at_ms = b"", 0
    if check != _check(query) or at_ms > _LATEST_MS:
        raise InvalidInput("This is no cursor of this list; ask again from the start", "cursor")
    return Start(Place(job_id.hex(), from_ms(at_ms) if at_ms else None), backwards)


def _check(query: BaseModel) -> bytes:
    asked = query.model_dump_json(exclude=set(_FREE))
    return hashlib.blake2b(asked.encode(), digest_size=_CHECK_BYTES).digest()
