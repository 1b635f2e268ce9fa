"""The API bound to the container of the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import chalicelib.container as composition
from chalicelib.container import Container
from tests.api_client import Api, Person


@pytest.fixture
def api(container: Container, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The Chalice app in this process, on ``container``."""
    monkeypatch.setattr(composition, "get_container", lambda: container)
    yield Api(container)


@pytest.fixture
def alice(api: Api) -> Person:
    """The admin of a tenant."""
    return api.person()
