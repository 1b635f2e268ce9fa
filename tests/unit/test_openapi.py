"""The OpenAPI document: valid, complete, and equal to what Chalice serves."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from pydantic.alias_generators import to_camel

from app import app
from chalicelib import VERSION
from chalicelib.api.openapi import document
from chalicelib.api.routing import ROUTES, Auth, Route

ROOT = Path(__file__).parents[2]
DOCUMENT = document(ROUTES, "queuecraft")


def operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][route.path][route.method.lower()]
    return found


def test_the_document_is_valid() -> None:
    validate(DOCUMENT)


def test_document_and_chalice_have_the_same_routes() -> None:
    served = {(method, path) for path, methods in app.routes.items() for method in methods}
    described = {(method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item}
    assert served == described


def test_handlers_have_unique_names_and_descriptions() -> None:
    names = [route.name for route in ROUTES]
    assert len(set(names)) == len(names)
    for route in ROUTES:
        assert route.summary, route.name


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_each_operation_tells_all(route: Route) -> None:
    described = operation(route)
    assert set(described["responses"]) == {str(status) for status in route.statuses}
    for status, response in described["responses"].items():
        assert response["content"], status
        assert "X-Trace-Id" in response["headers"]
    in_path = {p["name"] for p in described.get("parameters", ()) if p["in"] == "path"}
    assert in_path == set(re.findall(r"{(\w+)}", route.path))
    assert bool(described["security"]) == (route.auth is Auth.USER)
    if route.needs is not None:
        assert "Roles: " in described["description"]
    in_query = {p["name"] for p in described.get("parameters", ()) if p["in"] == "query"}
    assert in_query == {field.alias or to_camel(name) for name, field in route.query.model_fields.items()}


def test_cookies_need_the_csrf_token_where_something_changes() -> None:
    changing = operation(next(route for route in ROUTES if route.name == "create_job"))
    reading = operation(next(route for route in ROUTES if route.name == "list_jobs"))
    assert {"cookie": [], "csrf": []} in changing["security"]
    assert {"cookie": []} in reading["security"]


def test_no_optional_query_parameter_is_null() -> None:
    for route in ROUTES:
        for parameter in operation(route).get("parameters", ()):
            assert {"type": "null"} not in parameter["schema"].get("anyOf", ()), (route.name, parameter["name"])


def test_the_version_is_the_project_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert DOCUMENT["info"]["version"] == VERSION == project["version"]


def test_the_page_and_its_licence_are_here() -> None:
    assets = ROOT / "chalicelib" / "api" / "assets"
    page = (assets / "docs.html").read_text()
    assert "//" not in page.replace("<!doctype", ""), "nothing comes from elsewhere"
    assert "<script>" not in page
    assert "MIT License" in (assets / "rapidoc" / "LICENSE.txt").read_text()
