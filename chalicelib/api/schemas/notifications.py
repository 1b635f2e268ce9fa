"""Models of which mails a person wants."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.domain.notifications import Preferences, Rhythm
from chalicelib.domain.principals import Scope

OfJobs = Literal[Scope.OWN, Scope.TENANT]


class SetNotifications(Input):
    """How often mails about failures come, and of whose jobs; and whether mails about alerts do."""

    failures: Rhythm
    scope: OfJobs = Field(Scope.OWN, description="`tenant` needs a role that reads all jobs of the tenant.")
    alerts: bool | None = Field(
        None, description="Mails about alerts. Needs a role that reads all jobs of the tenant. Left out: as before."
    )

    def preferences(self, held: Preferences) -> Preferences:
        """Return it as services take it; ``held`` is what holds so far."""
        return Preferences(self.failures, self.scope, held.alerts if self.alerts is None else self.alerts)


class NotificationsOut(Output):
    """Which mails the caller wants."""

    failures: Rhythm
    scope: OfJobs
    alerts: bool


class NotificationsAnswer(Output):
    """Which mails the caller wants."""

    success: Literal[True] = True
    notifications: NotificationsOut


def notifications_data(wanted: Preferences) -> dict[str, Any]:
    """Return preferences as their person sees them."""
    shown = {"failures": wanted.failures.value, "scope": wanted.scope.value, "alerts": wanted.alerts}
    return {"success": True, "notifications": shown}
