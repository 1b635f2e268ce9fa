"""The tables have every route."""

from __future__ import annotations

import importlib
import pkgutil

from chalicelib.api.routing import ROUTES
from tests.integration import authorisation


def test_every_route_has_a_row() -> None:
    names = [found.name for found in pkgutil.iter_modules(authorisation.__path__, f"{authorisation.__name__}.")]
    tables = [getattr(importlib.import_module(name), "ROWS", ()) for name in names]
    assert {row.route for table in tables for row in table} == {route.name for route in ROUTES}
