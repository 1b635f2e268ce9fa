"""Events of members and API keys. They name ids alone: members may not list either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from chalicelib.domain.clock import Clock
from chalicelib.domain.events import Event, EventType
from chalicelib.domain.jobs import iso

if TYPE_CHECKING:
    from chalicelib.queue.events import EventLog
    from chalicelib.services.projection import Projection

MemberChange = Literal["added", "role", "removed"]
KeyChange = Literal["created", "revoked"]


class PeopleEvents:
    """Publishes changes after they were written; a change whose event is lost is valid all the same."""

    def __init__(self, event_log: EventLog, projection: Projection, clock: Clock) -> None:
        self._event_log = event_log
        self._projection = projection
        self._clock = clock

    def member(self, tenant_id: str, user_id: str, change: MemberChange) -> None:
        """Publish ``member:updated``: ``{userId, change, at}``. Who is removed loses all API keys too."""
        self._publish(EventType.MEMBER_UPDATED, tenant_id, {"userId": user_id, "change": change})

    def api_key(self, tenant_id: str, key_id: str, change: KeyChange) -> None:
        """Publish ``api-key:updated``: ``{keyId, change, at}``."""
        self._publish(EventType.API_KEY_UPDATED, tenant_id, {"keyId": key_id, "change": change})

    def _publish(self, kind: EventType, tenant_id: str, data: dict[str, str]) -> None:
        now = self._clock.now()
        event = Event(kind, tenant_id, "", {**data, "at": iso(now)}, now)
        self._projection.follow(lambda: self._event_log.publish([event]))
