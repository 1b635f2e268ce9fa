"""The two limits on creating jobs, in one atomic step."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.errors import RateLimited, TooManyActiveJobs
from chalicelib.queue.intents import What, suffix
from chalicelib.queue.scripts import Arg, Scripts
from chalicelib.settings import Settings

#: A reservation whose job never came to be lapses after this; longer than any request may take.
RESERVATION_MS = 40_000


class CreationLimits:
    """Attempts in a sliding window, then jobs active at once, per user."""

    def __init__(self, scripts: Scripts, settings: Settings) -> None:
        self._scripts = scripts
        self._settings = settings

    def admit(self, owner_id: str, tenant_id: str, ids: Sequence[str], *, active: int, entry: str = "") -> None:
        """Let ``owner_id`` create jobs with ``ids``; the first ``active`` of them count as active at once.

        Each id is one attempt. Reserves the active places and notes the intents, by which ``Engine.enqueue`` lets
        the jobs of this ``entry`` in. Raises ``RateLimited`` (with ``retry_after_s``), ``TooManyActiveJobs`` or
        ``QueueClosed``.
        """
        s, keys = self._settings, self._scripts.keys
        head: list[Arg] = [
            tenant_id, owner_id, s.rate_limit_window_ms, s.rate_limit_max_requests,
            s.max_active_jobs_per_user, active, RESERVATION_MS,
            suffix(What.NEW, entry),
        ]  # fmt: skip
        verdict, number = self._scripts.run(
            "admit", [keys.rate(owner_id), keys.active(owner_id), keys.intents], [*head, *ids]
        )
        if verdict == 1:
            wait_s = max(1, -(-int(number) // 1000))
            raise RateLimited(
                f"Maximum {s.rate_limit_max_requests} job creation attempts per "
                f"{_window(s.rate_limit_window_ms)}. Try again in {wait_s} seconds.",
                retry_after_s=wait_s,
            )
        if verdict == 2:
            raise TooManyActiveJobs(f"Rate limit exceeded. Maximum {s.max_active_jobs_per_user} active jobs allowed.")


def _window(ms: int) -> str:
    return "minute" if ms == 60_000 else f"{ms / 1000:g} seconds"
