"""docs/api.md names every route."""

from __future__ import annotations

from pathlib import Path

from app import app
from chalicelib.api.routing import ROUTES

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def test_each_route_is_described() -> None:
    assert app.routes
    missing = [f"{route.method} {route.path}" for route in ROUTES if f"`{route.method} {route.path}`" not in TEXT]
    assert missing == []
