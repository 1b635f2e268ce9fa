"""Workers with tasks that end well and badly, an admin of their tenant, and a receiver on the loopback address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.principals import Role
from chalicelib.domain.retry import DoNotRetry, Retry
from chalicelib.settings import Settings
from tests.api_client import Api, Person
from tests.container import Container
from tests.receiver import Receiver
from tests.worker_support import QUICK, TENANT, Rig
from worker_fn import TaskContext


@pytest.fixture
def container(settings: Settings) -> Iterator[Container]:
    container = Container(replace(settings, **QUICK, http_allow_private=True, max_webhooks_per_tenant=3))
    container.rebuilder.ensure_open()
    yield container
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def admin(api: Api) -> Person:
    """The admin of the tenant whose jobs the rig runs."""
    api.container.tenant_store.add(TENANT, "a tenant", api.container.clock.now())
    return api.person(Role.ADMIN, tenant_id=TENANT)


@pytest.fixture
def rig(container: Container) -> Iterator[Rig]:
    with Rig(container) as rig:

        @rig.task("works")
        def works(ctx: TaskContext, payload: dict[str, Any]) -> None:
            """End well."""

        @rig.task("fails")
        def fails(ctx: TaskContext, payload: dict[str, Any]) -> None:
            raise DoNotRetry("no")

        @rig.task("fails-once")
        def fails_once(ctx: TaskContext, payload: dict[str, Any]) -> None:
            if ctx.attempt == 1:
                raise Retry("not yet", delay_s=0)

        yield rig
