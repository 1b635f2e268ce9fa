"""Sends mails that are due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.services.mails import Mailer

#: Run time of one call; the rest is left to the next one.
RUN_S: Final = 10.0


class MailRun:
    """Costs one query while no mail is due."""

    name: Final = "mails"

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    def run(self) -> int:
        """Send mails; return how many were sent or given up."""
        return self._mailer.send_due(RUN_S)
