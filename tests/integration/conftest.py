"""The API bound to the container of the test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import chalicelib.container as composition
from chalicelib.container import Container
from tests.api_client import Api, Person
from tests.connections_endpoint import Endpoint
from tests.managers import Invoker


@pytest.fixture
def api(container: Container, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The Chalice app in this process, on ``container``."""
    monkeypatch.setattr(composition, "get_container", lambda: container)
    yield Api(container)


@pytest.fixture
def alice(api: Api) -> Person:
    """The admin of a tenant."""
    return api.person()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """What connection managers and handlers post to."""
    with Endpoint() as running:
        yield running


@pytest.fixture
def managers(container: Container, endpoint: Endpoint) -> Iterator[Invoker]:
    """Managers of ``container`` that post to ``endpoint``."""
    container.settings = replace(container.settings, websocket_api_endpoint=endpoint.url)
    invoker = Invoker(container)
    container.__dict__["functions"] = invoker
    yield invoker
    invoker.end()
