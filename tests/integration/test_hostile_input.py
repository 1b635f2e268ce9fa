"""Hostile values anywhere in a request: no route answers with a 5xx or an undeclared response."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.api.routing import ROUTES, Route
from tests.api_client import Answer, Api, Person
from tests.container import Container
from tests.jobs import prepare

pytestmark = pytest.mark.integration

VALUES = ["\ud800", "\x00", "%ff", "$where", '{"$gt":""}', "é\n" + "x" * 5000]


def places(value: str) -> list[dict[str, Any]]:
    """Ways to put ``value`` into a request."""
    json = {"Content-Type": "application/json"}
    body = {"name": value, "email": value, "username": value, "password": value}
    return [
        {"headers": {"Idempotency-Key": value, "X-Trace-Id": value, "X-CSRF-Token": value, "X-Forwarded-For": value}},
        {"query": {"q": value, "cursor": value}},
        {"query": {"tenant": value, "status": value, "task": value, "scope": value}},
        {"query": {value: "1"}},
        {"headers": {"Content-Type": value}, "raw": "{}"},
        {"headers": json, "raw": value},
        {"body": body},
        {"address": value},
    ]


def credentials(value: str) -> list[dict[str, str]]:
    return [{"Authorization": value}, {"Cookie": f"qc_session_queuecraft={value}"}]


def call(api: Api, route: Route, value: str, **options: Any) -> Answer:
    path = route.path
    for name in route.parameters:
        filling = "a" * 24 if name == "id" else value.replace("/", "").replace("\n", "")
        path = path.replace(f"{{{name}}}", filling)
    return api.call(route.method, path, options.pop("body", None), **options)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_no_value_causes_a_5xx_or_an_undeclared_response(
    api: Api, container: Container, alice: Person, route: Route
) -> None:
    prepare(container)
    for value in VALUES:
        for options in places(value):
            answer = call(api, route, value, by=alice, **options)
            assert answer.status < 500, (value, options, answer.text)
        for headers in credentials(value):
            answer = call(api, route, value, headers=headers)
            assert answer.status < 500, (value, headers, answer.text)
