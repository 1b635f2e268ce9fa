"""The input and output of a route: ``Call`` and ``Reply``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic

from pydantic import AliasChoices, AliasGenerator, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from typing_extensions import TypeVar

from chalicelib.api.source import throttle_key
from chalicelib.domain.principals import Principal
from chalicelib.errors import Unauthenticated

if TYPE_CHECKING:
    from chalicelib.api.container import ApiContainer
    from chalicelib.api.tracing import RequestTrace
    from chalicelib.domain.jobs import NewJob


def _spellings(name: str) -> AliasChoices:
    return AliasChoices(to_camel(name), name)


class Input(BaseModel):
    """Base of all body and query models. Unknown fields are refused (``status``, ``_id``).

    A field may be sent in camelCase, as documented, or in snake_case; sending both is refused.
    """

    model_config = ConfigDict(
        extra="forbid", defer_build=True, alias_generator=AliasGenerator(validation_alias=_spellings)
    )


class Nothing(Input):
    """The model of a call without body or query. Any field is refused."""


class Ignored(Nothing):
    """The model of a call whose body is not read, whatever its type: mail clients send a form (RFC 8058)."""


class AnyJson(BaseModel):
    """A body that may be any JSON: ``value``. An empty one is an empty object."""

    model_config = ConfigDict(defer_build=True)

    value: Any = None

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return {"title": "AnyJson", "description": "Any JSON."}


class Output(BaseModel):
    """Base of answer models. Fields are written by their aliases."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True, defer_build=True)


B = TypeVar("B", bound=BaseModel, default=Nothing)
Q = TypeVar("Q", bound=BaseModel, default=Nothing)


@dataclass(frozen=True, slots=True)
class Call(Generic[B, Q]):
    """One request, parsed and validated: ``Call[Body]``, ``Call[Nothing, Query]`` or plain ``Call``."""

    container: ApiContainer
    body: B
    query: Q
    #: Path parameters; those named ``id`` or ``…_id`` are 24 lower-case hex digits.
    params: Mapping[str, str]
    #: Names are in lower case.
    headers: Mapping[str, str]
    #: The viewer's address, see ``source.viewer_address``.
    source_ip: str
    trace_id: str
    request_id: str
    #: The caller; ``None`` on public routes.
    known: Principal | None = None
    #: Whether the session came from the browser's cookie, not from the Authorization header.
    via_cookie: bool = False
    #: The trace that the call is a part of; ``None`` if it is of none.
    trace: RequestTrace | None = None

    @property
    def principal(self) -> Principal:
        """The caller. Raises ``Unauthenticated`` on public routes."""
        if self.known is None:
            raise Unauthenticated("Authorisation Denied")
        return self.known

    @property
    def traceparent(self) -> str | None:
        """The trace context to keep on what the call submits."""
        return None if self.trace is None else self.trace.submission()

    def traced(self, new: NewJob) -> NewJob:
        """Return a submission with the trace context of the call, unless it has its own."""
        if self.trace is None or new.traceparent:
            return new
        return new._replace(traceparent=self.traceparent)

    @property
    def viewer(self) -> str:
        """The key by which the caller's address is throttled."""
        return throttle_key(self.source_ip)

    @property
    def id(self) -> str:
        """The ``{id}`` of the path."""
        return self.params["id"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with more than a body: another declared status, headers, or text other than JSON.

    ``body`` is a model, or anything orjson serializes; ``str`` and ``bytes`` are sent as they are when
    ``content_type`` is given.
    """

    body: Any
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str | None = None
