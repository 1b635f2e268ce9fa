"""The connection manager's Lambda function."""

from __future__ import annotations

from typing import Any

from chalicelib import gc_tuning
from chalicelib.settings import in_function

if in_function():
    gc_tuning.begin()

from websocket_fn.container import get_container
from websocket_fn.manager import serve

if in_function():
    get_container()  # a missing or wrong setting must fail the start, not the first connection
    gc_tuning.spare()


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Serve a shard while it has connections; return within milliseconds when it has none.

    ``event``: ``{"source": "connect" | "schedule" | "handover", "shard"?: n}``. Without a shard (the schedule) every
    shard that has connections and no manager is served: the first one here, the others by invocations.
    """
    shard = event.get("shard")
    return serve(
        get_container(),
        source=str(event.get("source", "schedule")),
        shard=shard if isinstance(shard, int) else None,
        remaining_ms=context.get_remaining_time_in_millis,
    )
