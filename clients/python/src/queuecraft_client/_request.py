"""A call of the API as a value: what is sent, whether it may be repeated, and how its answer is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from queuecraft_client._io import Answer
from queuecraft_client.errors import ApiError, UnexpectedAnswer, error_of
from queuecraft_client.models import Model

M = TypeVar("M", bound=Model)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request(Generic[T]):
    """A call. ``read`` makes the result of the decoded answer. ``key`` is its idempotency key.

    ``repeatable``: whether it changes nothing more if it is carried out twice.
    """

    method: str
    path: str
    read: Callable[[Any], T]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    #: Whether ``None`` as the body is sent, as JSON.
    has_body: bool = False
    key: str | None = None
    repeatable: bool = False
    #: Sent without credentials.
    public: bool = False

    @property
    def is_safe(self) -> bool:
        """Whether it may be sent again although it may have been carried out."""
        return self.repeatable or self.key is not None or self.method in {"GET", "PUT", "DELETE"}


def one(kind: type[M], name: str) -> Callable[[Any], M]:
    """Return a reader of the object ``name`` in an answer."""

    def read(body: Any) -> M:
        return kind.parse(_part(body, name))

    return read


def many(kind: type[M], name: str) -> Callable[[Any], list[M]]:
    """Return a reader of the list ``name`` in an answer."""

    def read(body: Any) -> list[M]:
        return [kind.parse(each) for each in _part(body, name)]

    return read


def nothing(_: Any) -> None:
    """Read an answer that says no more than that it was done."""


def _part(body: Any, name: str) -> Any:
    if not isinstance(body, dict) or name not in body:
        raise UnexpectedAnswer(f"The answer has no {name!r}")
    return body[name]


def result(request: Request[T], answer: Answer) -> T:
    """Return what a good answer says. Raises ``UnexpectedAnswer``."""
    try:
        body = json.loads(answer.body)
        if answer.status >= 300:
            raise ValueError("it leads elsewhere")
    except ValueError as error:
        where = f"{request.method} {request.path}"
        raise UnexpectedAnswer(f"{where}: HTTP {answer.status} is no answer of the API ({error})") from error
    return request.read(body)


def refusal(answer: Answer) -> ApiError:
    """Return the error that a bad answer means."""
    try:
        body = json.loads(answer.body)
    except ValueError:
        body = None
    return error_of(answer.status, body if isinstance(body, dict) else {}, retry_after_s(answer))


def retry_after_s(answer: Answer) -> float | None:
    """Return the seconds of ``Retry-After``; ``None`` without it, or if it is a date."""
    try:
        return max(0.0, float(answer.headers["retry-after"]))
    except (KeyError, ValueError):
        return None
