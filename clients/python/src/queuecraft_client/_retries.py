"""When a call is sent again, and after how long."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from queuecraft_client._io import Answer
from queuecraft_client._request import Request, refusal, retry_after_s
from queuecraft_client.errors import ConnectionFailed

_FIRST_WAIT_S: Final = 0.25
_LONGEST_WAIT_S: Final = 8.0
#: A ``Retry-After`` above this is the caller's to wait for.
_PATIENCE_S: Final = 60.0
#: No answer of the API, or that a database is unavailable: the call may have been carried out.
_MAYBE_DONE: Final = frozenset({502, 503, 504})
_random: Final = secrets.SystemRandom()


def backoff_s(attempt: int, first_s: float = _FIRST_WAIT_S, longest_s: float = _LONGEST_WAIT_S) -> float:
    """Return how long to wait after attempt number ``attempt``, from 0: doubled each time, less up to a half."""
    return min(longest_s, first_s * 2.0 ** min(attempt, 20)) * _random.uniform(0.5, 1.0)


class Attempts:
    """The attempts at one call. ``ends``: the time of ``now`` after which there is none; ``None``: no end."""

    def __init__(self, request: Request[Any], retries: int, now: Callable[[], float], ends: float | None) -> None:
        self._request = request
        self._retries = retries
        self._now = now
        self._ends = ends
        self._begun = 0
        self._maybe_done = False

    def timeout_s(self, most: float) -> float:
        """Return the seconds that the next answer may take, ``most`` or what is left."""
        return most if self._ends is None else max(0.1, min(most, self._ends - self._now()))

    def after_loss(self, error: ConnectionFailed) -> float:
        """Return the seconds until the next attempt after one without an answer. Raises ``error`` if there is none."""
        self._maybe_done |= error.sent
        if self._request.is_safe or not error.sent:
            wait = self._next(backoff_s(self._begun))
            if wait is not None:
                return wait
        raise error

    def after_refusal(self, answer: Answer) -> float:
        """Return the seconds until the next attempt after a bad answer. Raises what it means if there is none.

        A 429 was not carried out. One without ``Retry-After`` is a limit that time alone does not lift.
        """
        asked = retry_after_s(answer)
        wait = None
        if answer.status == 429 and asked is not None:
            wait = asked + _random.uniform(0.0, 0.5)
        elif answer.status in _MAYBE_DONE and self._request.is_safe:
            wait = max(asked or 0.0, backoff_s(self._begun))
        self._maybe_done |= answer.status in _MAYBE_DONE
        if wait is not None and wait <= _PATIENCE_S and (after := self._next(wait)) is not None:
            return after
        raise refusal(answer)

    def is_deleted(self, answer: Answer) -> bool:
        """Return whether a 404 says that an attempt before this one deleted what is to be deleted."""
        return answer.status == 404 and self._request.method == "DELETE" and self._maybe_done

    def _next(self, wait: float) -> float | None:
        if self._begun >= self._retries or (self._ends is not None and self._now() + wait >= self._ends):
            return None
        self._begun += 1
        return wait
