"""Models of the routes of a tenant's redaction."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.call import Input, Output
from chalicelib.domain.redaction import MAX_PATH_CHARS, MAX_PATHS


class PutRedaction(Input):
    """The paths to redact, in place of those before; none with an empty list."""

    paths: list[Annotated[str, Field(min_length=1, max_length=MAX_PATH_CHARS)]] = Field(max_length=MAX_PATHS)


class RedactionAnswer(Output):
    """The paths that a tenant redacts in payloads and results, besides those of tasks (`redact` of `GET /tasks`)."""

    success: Literal[True] = True
    paths: list[str]
