"""Calls the Chalice app in this process, as API Gateway would, and holds each answer against its declaration."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from itertools import count
from types import NoneType
from typing import Any

from bson import ObjectId
from pydantic import TypeAdapter

from app import app
from chalicelib.api.routing import ROUTES, Route
from chalicelib.domain.accounts import User
from chalicelib.domain.principals import Principal, Role
from tests.container import Container

PASSWORD = "correct horse battery"
ADDRESS = "203.0.113.7"
_numbers = count(1)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def trace_id(self) -> str:
        return self.headers["X-Trace-Id"]

    def cookie(self, name: str) -> str:
        return SimpleCookie(self.headers["Set-Cookie"])[name].value


@dataclass(frozen=True)
class Person:
    """A user with a token."""

    user: User
    token: str

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def email(self) -> str:
        return self.user.email

    @property
    def principal(self) -> Principal:
        return self.user.principal


class Api:
    """The app bound to one container."""

    def __init__(self, container: Container) -> None:
        self.container = container

    def get(self, path: str, **options: Any) -> Answer:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.call("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.call("PUT", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.call("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        return self.call("DELETE", path, **options)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: Person | str | None = None,
        query: Mapping[str, str | Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        raw: str | None = None,
        address: str = ADDRESS,
    ) -> Answer:
        """Send ``body`` as JSON (or ``raw`` as it is) with the token of ``by``."""
        route, params = _find(method, path)
        sent = dict(headers or {})
        if by is not None:
            sent.setdefault("Authorization", f"Bearer {by.token if isinstance(by, Person) else by}")
        if body is not None:
            raw = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        answer = _to_answer(app(_event(method, route.path, path, params, query, sent, raw, address), None))
        _check(route, answer)
        return answer

    def person(self, role: Role = Role.ADMIN, *, tenant_id: str | None = None) -> Person:
        """A new user with a token, of a new tenant unless ``tenant_id`` is given; made without HTTP."""
        number, now = next(_numbers), self.container.clock.now()
        user = User(
            id=str(ObjectId()),
            tenant_id=tenant_id or str(ObjectId()),
            username=f"person {number}",
            email=f"person{number}@example.com",
            role=role,
            password_hash=self.password_hash,
            created_at=now,
            updated_at=now,
        )
        if tenant_id is None:
            self.container.tenant_store.add(user.tenant_id, user.username, now)
        self.container.user_store.add(user)
        return Person(user, self.container.sessions.issue(user))

    @property
    def password_hash(self) -> str:
        """The hash of ``PASSWORD``."""
        if not _hashes:
            _hashes.append(self.container.passwords.hash(PASSWORD))
        return _hashes[0]


_hashes: list[str] = []


def _find(method: str, path: str) -> tuple[Route, dict[str, str] | None]:
    # literal paths win over parameters, as in API Gateway
    for route in sorted(ROUTES, key=lambda route: len(route.parameters)):
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", route.path)
        match = re.fullmatch(pattern, path)
        if match and route.method == method:
            return route, match.groupdict() or None
    raise LookupError(f"no route for {method} {path}")


def _event(
    method: str,
    resource: str,
    path: str,
    params: dict[str, str] | None,
    query: Mapping[str, str | Sequence[str]] | None,
    headers: dict[str, str],
    raw: str | None,
    address: str,
) -> dict[str, Any]:
    lists = {name: [value] if isinstance(value, str) else list(value) for name, value in (query or {}).items()}
    forwarded = headers.get("X-Forwarded-For")
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": headers | {"X-Forwarded-For": f"{forwarded}, {address}" if forwarded else address},
        "multiValueQueryStringParameters": lists or None,
        "pathParameters": params,
        "stageVariables": None,
        "requestContext": {
            "httpMethod": method,
            "resourcePath": resource,
            "requestId": "request-1",
            "identity": {"sourceIp": address},
        },
        "body": raw,
        "isBase64Encoded": False,
    }


def _to_answer(response: dict[str, Any]) -> Answer:
    assert not response.get("isBase64Encoded")
    json.dumps(response)  # what awslambdaric does with it
    return Answer(response["statusCode"], response["headers"], response["body"])


def _check(route: Route, answer: Answer) -> None:
    """Every answer is declared, and is what was declared."""
    where = f"{route.method} {route.path} → {answer.status} {answer.text[:500]}"
    assert answer.status in route.statuses, f"undeclared status: {where}"
    assert answer.trace_id, where
    if answer.status >= 400 and answer.status not in route.also:
        assert answer.json["error"], where
        return
    model = route.also.get(answer.status, route.answer)
    if model is None or model is NoneType or answer.headers["Content-Type"] != "application/json":
        return
    TypeAdapter(model).validate_json(answer.text)
    if hasattr(model, "model_fields"):
        known = {field.alias or name for name, field in model.model_fields.items()}
        assert set(answer.json) <= known, f"undeclared fields: {where}"


def log_in(api: Api, email: str, password: str = PASSWORD) -> str:
    """Log in; return the token."""
    answer = api.post("/login", {"email": email, "password": password})
    assert answer.status == 200, answer.text
    return str(answer.json["jwt"])
