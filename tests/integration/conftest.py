"""The API bound to the container of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

import chalicelib.api.container as composition
from chalicelib.queue.limit_instances import LimitScripts
from chalicelib.queue.rebuild import Rebuild
from chalicelib.settings import Settings
from tests.api_client import Api, Person
from tests.audit import audit
from tests.conftest import undeclared_keys
from tests.connections_endpoint import Endpoint
from tests.container import Container
from tests.managers import Invoker
from tests.script_harness import ScriptHarness
from tests.support import ManualClock
from tests.timed import Timed
from tests.worker_support import Rig


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
    """The HTTP endpoint that connection managers and handlers post to."""
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


@pytest.fixture
def rig(container: Container) -> Iterator[Rig]:
    """A worker on ``container``, with tasks that the test defines."""
    with Rig(container) as rig:
        yield rig


@pytest.fixture
def make_harness(env: dict[str, str]) -> Iterator[Callable[..., ScriptHarness]]:
    """Make harnesses on an open queue, with settings from the environment. MongoDB is not used."""
    made: list[Container] = []
    harnesses: list[ScriptHarness] = []

    def make(**changes: str) -> ScriptHarness:
        container = Container(Settings.from_env({**env, **changes}))
        made.append(container)
        rebuild = Rebuild(container.redis, container.scripts, "first")
        rebuild.begin()
        rebuild.open(1)
        harnesses.append(ScriptHarness(container))
        return harnesses[-1]

    yield make
    for harness in harnesses:
        harness.close_subscriptions()
    left = [key for container in made for key in undeclared_keys(container.redis, container.keys)]
    for container in made:
        keys = list(container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
        if keys:
            container.redis.delete(*keys)
        container.close()
    assert not left, f"keys without TTL that keys.py does not declare: {left}"


@pytest.fixture
def harness(make_harness: Callable[..., ScriptHarness]) -> ScriptHarness:
    """The queue's scripts, with a clock that the test sets."""
    return make_harness()


@pytest.fixture
def limits(harness: ScriptHarness) -> LimitScripts:
    """The scripts of limits on that queue."""
    return harness.container.limit_scripts


@pytest.fixture
def timed(settings: Settings) -> Iterator[Timed]:
    """A whole container whose clock the test sets; afterwards Redis and MongoDB must agree."""
    container = Container(settings, clock=ManualClock())
    shop = Timed(container)
    container.rebuilder.ensure_open()
    yield shop
    wrong = audit(container)
    left = undeclared_keys(container.redis, container.keys)
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    container.close()
    assert not wrong, "\n".join(wrong)
    assert not left, f"keys without TTL that keys.py does not declare: {left}"
