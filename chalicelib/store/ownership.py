"""The stack that owns a database, so that two stacks on one cluster do not run each other's jobs."""

from __future__ import annotations

from typing import Final

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import OperationFailure

from chalicelib.errors import MisconfiguredError
from chalicelib.store.client import Document

_OWNER: Final = "owner"
#: The database that releases used which ignored the path of MONGODB_URI.
FORMER_NAME: Final = "queuecraft"


class DatabaseOwner:
    """One document of collection ``meta``: ``{_id: "owner", stack}``.

    The first stack that is deployed becomes the owner.
    """

    def __init__(self, db: Database[Document], stack: str) -> None:
        self._db = db
        self._stack = stack

    def ensure(self, *, upgraded: bool) -> None:
        """Claim the database for the stack. Raises ``MisconfiguredError`` if another stack owns it.

        Also raised if the stack was ``upgraded``, its database is empty and the database of earlier releases is not.
        """
        if upgraded and self._left_behind():
            raise MisconfiguredError(
                f"The database {self._db.name}, which the path of MONGODB_URI names, is empty. Earlier releases "
                f"ignored the path and used {FORMER_NAME}, which has data: write /{FORMER_NAME} as the path (with "
                f"?authSource={self._db.name} if the user is defined there)"
            )
        owner = self._claim()
        if owner != self._stack:
            raise MisconfiguredError(
                f"The database {self._db.name} belongs to the stack {owner}, not to {self._stack}. Write another name "
                f"as the path of MONGODB_URI: mongodb+srv://…/{self._stack}"
            )

    def _claim(self) -> str:
        found = self._db.meta.find_one_and_update(
            {"_id": _OWNER}, {"$setOnInsert": {"stack": self._stack}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        return str(found["stack"]) if found else self._stack

    def _left_behind(self) -> bool:
        if self._db.name == FORMER_NAME or self._db.users.find_one({}, {"_id": 1}) is not None:
            return False
        former = self._db.client.get_database(FORMER_NAME)
        try:
            owner = (former.meta.find_one({"_id": _OWNER}) or {}).get("stack", self._stack)
            return owner == self._stack and former.users.find_one({}, {"_id": 1}) is not None
        except OperationFailure:  # a user without rights there has never used that database
            return False
