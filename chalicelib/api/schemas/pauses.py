"""Models of the routes of pauses."""

from __future__ import annotations

from typing import Literal

from chalicelib.api.call import Output
from chalicelib.domain.jobs import iso
from chalicelib.domain.pauses import Pause


class PauseOut(Output):
    """Since when something is paused, and by whom."""

    by: str
    at: str


class PausesAnswer(Output):
    """The pauses that hold for all queues of a tenant; null is none."""

    success: Literal[True] = True
    tenant: PauseOut | None
    everything: PauseOut | None

    @classmethod
    def of(cls, tenant: Pause | None, everything: Pause | None) -> PausesAnswer:
        """Return the answer."""
        return cls(tenant=_pause(tenant), everything=_pause(everything))


class PauseChangedAnswer(Output):
    """Whether it is paused after this call, and whether the call changed it."""

    success: Literal[True] = True
    paused: bool
    changed: bool


def _pause(pause: Pause | None) -> PauseOut | None:
    return None if pause is None else PauseOut(by=pause.by, at=iso(pause.at))
