"""Throttles of log-in and sign-up: attempts counted in fixed windows, shared by all processes."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.errors import Throttled
from chalicelib.queue.scripts import Scripts


class Throttle:
    """Counts attempts per action and person, address or both. Raises ``RedisError``."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def attempt(self, action: str, limits: Mapping[str, int], window_ms: int) -> None:
        """Count one attempt of ``action`` for each key of ``limits``; a limit of 0 is off.

        Raises ``Throttled`` with ``retry_after_s``, and counts nothing, if one of the limits is reached.
        """
        active = {who: limit for who, limit in limits.items() if limit > 0}
        if not active:
            return
        batch = self._scripts.batch("throttle", room=len(active))
        for allowed in active.values():
            batch.add(allowed=allowed)
        keys = [self._scripts.keys.throttle(action, who) for who in active]
        wait_ms = int(batch.run_once(given={"attempts": keys}, window_ms=window_ms))
        if wait_ms:
            wait_s = -(-wait_ms // 1000)
            raise Throttled(f"Too many attempts. Try again in {wait_s} seconds.", retry_after_s=wait_s)

    def forgive(self, action: str, who: str) -> None:
        """Reset the attempts of ``who``, after a successful one."""
        self._scripts.redis.delete(self._scripts.keys.throttle(action, who))
