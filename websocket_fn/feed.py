"""Live events from the pub/sub channel. After each interruption the missed range is determined."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from chalicelib.queue.events import EventId
from websocket_fn.fanout import Fanout, parse
from websocket_fn.subscriber import Messages, Subscriber

if TYPE_CHECKING:
    from websocket_fn.container import ManagerContainer


class Feed:
    """Subscribes to events and to the shard's wake-ups."""

    def __init__(
        self, container: ManagerContainer, fanout: Fanout, wake_channel: str, on_wake_up: Callable[[], None]
    ) -> None:
        self._container = container
        self._fanout = fanout
        self._on_wake_up = on_wake_up
        self._channel = container.settings.job_events_channel.encode()
        self.unreadable = 0
        channels = [container.settings.job_events_channel, wake_channel]
        self.subscriber = Subscriber(
            container.settings.redis_url, channels, self._on_messages, on_subscribed=self._on_subscribed
        )

    async def run(self) -> None:
        """Run until cancelled."""
        await self.subscriber.run()

    def newest(self) -> EventId | None:
        """Return the id of the newest event, ``None`` while the queue is closed. Blocks."""
        return self._container.event_log.last_id()

    async def _on_subscribed(self) -> None:
        newest = await asyncio.to_thread(self.newest)
        self._on_wake_up()  # notes may have been written while nobody was subscribed
        cursor = self._fanout.cursor
        if newest is None or newest == cursor:
            return
        if newest.epoch == cursor.epoch and newest > cursor:
            self._fanout.skip_to(newest)
        else:  # another epoch, or a server that lost events
            self._fanout.reset(newest)

    def _on_messages(self, messages: Messages) -> None:
        for channel, payload in messages:
            if channel != self._channel:
                self._on_wake_up()
            else:
                self._on_event(payload)

    def _on_event(self, payload: bytes) -> None:
        try:
            entry = parse(payload)
        except (ValueError, KeyError, TypeError):
            self.unreadable += 1
            if self.unreadable <= 10:  # anyone may publish on the channel: log a sample only
                text = payload[:500].decode(errors="replace")
                self._container.quarantine.add(text, "not an event")
            return
        self._fanout.accept(entry)
