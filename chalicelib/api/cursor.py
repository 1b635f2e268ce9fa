"""Cursors: opaque to clients, and refused with another filter, order or scope.

A cursor identifies the job at which a page begins or ends, and the direction to read from there: direction, end time
in ms (zero unless the list is sorted by it), id, checksum of the query.
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
#: Fields that may differ between pages of a list.
_FREE: Final = frozenset({"cursor", "limit", "count"})
#: Year 2242; our cursors never contain it.
_LATEST_MS: Final = 2**43


def encode(start: Start, query: BaseModel) -> str:
    """Return the cursor that continues from ``start`` in the list of ``query``."""
    at = start.place.finished_at
    at_ms = to_ms(at) if at else 0
    raw = _FORM.pack(start.backwards, at_ms, bytes.fromhex(start.place.job_id), _check(query))
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(cursor: str | None, query: BaseModel) -> Start | None:
    """Return where to continue. Raises ``InvalidInput`` unless ``encode`` made the cursor for the same list."""
    if cursor is None:
        return None
    try:
        raw = base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        backwards, at_ms, job_id, check = _FORM.unpack(raw)
    except (binascii.Error, UnicodeEncodeError, struct.error):
        check, at_ms = b"", 0
    if check != _check(query) or at_ms > _LATEST_MS:
        raise InvalidInput("The cursor does not belong to this list; start again without it", "cursor")
    return Start(Place(job_id.hex(), from_ms(at_ms) if at_ms else None), backwards)


def _check(query: BaseModel) -> bytes:
    asked = query.model_dump_json(exclude=set(_FREE))
    return hashlib.blake2b(asked.encode(), digest_size=_CHECK_BYTES).digest()
