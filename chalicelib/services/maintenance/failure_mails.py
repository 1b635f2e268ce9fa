"""Looks at failures for those who want mails about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.services.notifications import FailureLooks


class FailureMails:
    """Costs one query while no look is due."""

    name: Final = "failure_mails"

    def __init__(self, looks: FailureLooks) -> None:
        self._looks = looks

    def run(self) -> int:
        """Post the mails; return how many."""
        return self._looks.look()
