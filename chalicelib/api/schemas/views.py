"""Models of the routes of saved views."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from chalicelib.api.call import Input, Output
from chalicelib.domain import typed_text
from chalicelib.domain.jobs import iso
from chalicelib.domain.views import (
    MAX_NAME_CHARS,
    MAX_PARAMETERS,
    MAX_VALUE_CHARS,
    PARAMETER_PATTERN,
    View,
    ViewPage,
)


class CreateView(Input):
    """A view: a list of the dashboard, and the parameters of its address."""

    name: Annotated[
        str,
        Field(min_length=1, max_length=MAX_NAME_CHARS, examples=["Dead letters of billing"]),
        AfterValidator(typed_text.display_name),
    ]
    page: ViewPage
    query: dict[Annotated[str, Field(pattern=PARAMETER_PATTERN)], Annotated[str, Field(max_length=MAX_VALUE_CHARS)]] = (
        Field(default={}, max_length=MAX_PARAMETERS, examples=[{"queue": "billing", "q": "timeout"}])
    )
    shared: bool = Field(False, description="With everybody in the tenant; for admins.")


class ViewOut(Output):
    """A saved view."""

    id: str = Field(alias="_id")
    tenant_id: str = Field(alias="tenantId")
    owner_id: str = Field(alias="ownerId")
    name: str
    page: ViewPage
    query: dict[str, str]
    shared: bool
    con: str


class ViewAnswer(Output):
    """A saved view."""

    success: Literal[True] = True
    view: ViewOut


class ViewsAnswer(Output):
    """The caller's views, and those shared with the tenant, oldest first."""

    success: Literal[True] = True
    views: list[ViewOut]


def view_data(view: View) -> dict[str, Any]:
    """Return a view as clients see it."""
    return {
        "_id": view.id,
        "tenantId": view.tenant_id,
        "ownerId": view.owner_id,
        "name": view.name,
        "page": view.page.value,
        "query": dict(view.query),
        "shared": view.shared,
        "con": iso(view.created_at),
    }
