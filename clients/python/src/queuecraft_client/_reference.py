"""References to values that a workflow has only while it runs."""

from __future__ import annotations

from typing import Final, NoReturn

from queuecraft_client.errors import InvalidWorkflow

#: The name by which an object in a payload is a reference.
FROM: Final = "$from"


class Reference:
    """Stands for a value that is not there yet: of the result of a node, or of an item of a map.

    ``reference["name"]`` and ``reference[0]`` stand for what is in it. It goes into a payload as it is; it has no value
    here, so it cannot be part of a text, tested or looped over.
    """

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    @property
    def path(self) -> str:
        """The path as the API takes it, such as ``fetch.result.files``."""
        return self._path

    def __getitem__(self, part: str | int) -> Reference:
        text = str(part)
        if not text or "." in text or (isinstance(part, int) and part < 0):
            raise InvalidWorkflow(f"{part!r} cannot be part of a path: a name without dots, or an index from 0")
        return Reference(f"{self._path}.{text}")

    def to_json(self) -> dict[str, str]:
        """Return it as it stands in a payload."""
        return {FROM: self._path}

    def __repr__(self) -> str:
        return f"<reference {self._path}>"

    def _no_value(self, *_: object) -> NoReturn:
        raise TypeError(f"{self!r} has no value before the workflow runs; put it into a payload as it is")

    __bool__ = __format__ = __iter__ = __contains__ = __len__ = _no_value
