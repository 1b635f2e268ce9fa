"""Models of which mails a person wants."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.domain.notifications import Preferences, Rhythm
from chalicelib.domain.principals import Scope

OfJobs = Literal[Scope.OWN, Scope.TENANT]


class SetNotifications(Input):
    """How often mails about failures come, and of whose jobs."""

    failures: Rhythm
    scope: OfJobs = Field(Scope.OWN, description="`tenant` needs a role that reads all jobs of the tenant.")

    def preferences(self) -> Preferences:
        """Return it as services take it."""
        return Preferences(self.failures, self.scope)


class NotificationsOut(Output):
    """Which mails the caller wants."""

    failures: Rhythm
    scope: OfJobs


class NotificationsAnswer(Output):
    """Which mails the caller wants."""

    success: Literal[True] = True
    notifications: NotificationsOut


def notifications_data(wanted: Preferences) -> dict[str, Any]:
    """Return preferences as their person sees them."""
    return {"success": True, "notifications": {"failures": wanted.failures.value, "scope": wanted.scope.value}}
