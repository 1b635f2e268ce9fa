"""An admin, a tenant of at most three rules, and a clock for all that evaluates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.domain.principals import Role
from chalicelib.settings import Settings
from tests.api_client import Api, Person
from tests.container import Container
from tests.jobs import prepare
from tests.support import ManualClock


@pytest.fixture
def container(settings: Settings) -> Iterator[Container]:
    container = Container(replace(settings, max_alerts_per_tenant=3))
    container.rebuilder.ensure_open()
    prepare(container)
    yield container
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.close()


@pytest.fixture
def admin(api: Api) -> Person:
    return api.person(Role.ADMIN)


@pytest.fixture
def clock(container: Container) -> ManualClock:
    """The clock of all that evaluates."""
    clock = ManualClock(container.clock.now())
    container.__dict__["clock"] = clock
    return clock
