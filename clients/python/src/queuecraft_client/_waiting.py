"""Waits for the end of jobs, batches and workflows: events say when to look, an answer of the API says what is.

What an event says is not taken over, so a lost, late or repeated one does no harm. After a lost connection the new one
is open before the next look, so nothing that happened in between is missed, and no replay is needed.
"""

from __future__ import annotations

from typing import Any, Final, Protocol, TypeVar

from queuecraft_client._request import Request
from queuecraft_client._retries import backoff_s
from queuecraft_client._session import Session
from queuecraft_client.errors import ConnectionFailed, RateLimited, ServerError, WaitTimeout

#: Least time that a look may take, at the end of a wait too.
_LEAST_S: Final = 1.0


class Ending(Protocol):
    """A job, a batch or a workflow."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def status(self) -> Any:
        """Its state."""

    @property
    def ended(self) -> bool:
        """Whether it has ended."""


E = TypeVar("E", bound=Ending)


async def until_ended(session: Session, request: Request[E], subject: str, timeout_s: float) -> E:
    """Return what ``request`` answers of ``subject``, once that has ended.

    Raises ``WaitTimeout``, and what the first look raises. From then on, failures that pass are waited for.
    """
    io = session.io
    ends = io.now() + timeout_s
    waiter = session.events.join(subject)
    try:
        found = await session.send(request, timeout_s=max(timeout_s, session.config.timeout_s))
        while not found.ended:
            left = ends - io.now()
            if left <= 0:
                raise WaitTimeout(found, timeout_s)
            await session.events.next(waiter, left)
            try:
                found = await session.send(request, timeout_s=max(ends - io.now(), _LEAST_S))
            except (ConnectionFailed, ServerError, RateLimited):
                await io.sleep(min(backoff_s(2), max(ends - io.now(), 0.0)))
    finally:
        await session.events.leave(waiter)
    return found
