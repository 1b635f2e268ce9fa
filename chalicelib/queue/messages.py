"""Encodes events once; the script that appends an event to the log puts its id in front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import orjson

from chalicelib.domain.clock import iso
from chalicelib.queue.scripts import Arg

if TYPE_CHECKING:
    from chalicelib.domain.events import Event


def encode_tail(event: Event) -> bytes:
    """Encode the event as JSON without its head ``{"id":…,``."""
    body = {
        "type": event.type._value_,
        "timestamp": iso(event.timestamp),
        "tenantId": event.tenant_id,
        "ownerId": event.owner_id,
        "data": event.data,
    }
    return orjson.dumps(body)[1:]


def tails(events: Sequence[Event]) -> list[Arg]:
    """Return the events of one job as ``emit`` takes them: their number, then the tail of each."""
    return [len(events), *map(encode_tail, events)]
