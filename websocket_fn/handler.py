"""The connection manager's Lambda function. Nothing heavy loads before an event needs it."""

from __future__ import annotations

from typing import Any


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Serve a shard of connections while anyone is connected; ends in milliseconds when nobody is.

    ``event``: ``{"source": "connect" | "schedule" | "handover", "shard"?: n}``; without a shard (the schedule)
    every shard that has connections and no manager is served, the first of them here.
    """
    from chalicelib.container import get_container  # noqa: PLC0415
    from websocket_fn.manager import serve  # noqa: PLC0415

    shard = event.get("shard")
    return serve(
        get_container(),
        source=str(event.get("source", "schedule")),
        shard=shard if isinstance(shard, int) else None,
        remaining_ms=context.get_remaining_time_in_millis,
    )
