"""Models of deletions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chalicelib.api.call import Input
from chalicelib.api.schemas.accounts import MAX_USERNAME_CHARS, GivenPassword
from chalicelib.services.deletions import Confirmation


class ConfirmDeletion(Input):
    """The caller's password, and the name of what is deleted."""

    current_password: GivenPassword
    name: Annotated[str, Field(min_length=1, max_length=MAX_USERNAME_CHARS)]

    def given(self) -> Confirmation:
        """Return it as services take it."""
        return Confirmation(self.current_password, self.name)
