"""Events as messages: encoded once, here; the engine puts the id in front when it appends one to the log."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from chalicelib.domain.events import Event
from chalicelib.domain.jobs import iso
from chalicelib.queue.scripts import Arg


def encode_tail(event: Event) -> bytes:
    """The event's JSON without its head ``{"id":…,``."""
    body = {
        "type": event.type.value,
        "timestamp": iso(event.timestamp),
        "tenantId": event.tenant_id,
        "ownerId": event.owner_id,
        "data": event.data,
    }
    return orjson.dumps(body)[1:]


def tails(events: Sequence[Event]) -> list[Arg]:
    """Events of one job as ``emit`` takes them where the script knows owner and tenant: a count, then each tail."""
    return [len(events), *map(encode_tail, events)]
