"""Two stacks on one MongoDB: each has a database of its own, or the second is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.errors import MisconfiguredError
from chalicelib.settings import Settings
from chalicelib.store import ownership
from tests.container import Container
from worker_fn.handler import act

pytestmark = pytest.mark.integration


def test_a_second_stack_does_not_get_the_database_of_the_first(container: Container) -> None:
    container.settings = replace(container.settings, stage="production", stack_name="shop")
    act(container, {"action": "create-operator"})
    act(container, {"action": "create-operator", "upgraded": "yes"})
    second = Container(replace(container.settings, stack_name="staging"))
    with pytest.raises(MisconfiguredError, match=r"belongs to the stack shop, not to staging\. .*/staging"):
        act(second, {"action": "create-operator"})
    second.close()


def test_local_stacks_may_share_a_database(container: Container) -> None:
    act(container, {"action": "create-operator"})
    second = Container(replace(container.settings, stack_name="queuecraft-local-2100"))
    assert act(second, {"action": "create-operator"}) == {"created": False}
    second.close()


def test_data_in_the_database_of_former_releases_are_reported(
    container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given data in the database that former releases used for every address
    monkeypatch.setattr(ownership, "FORMER_NAME", container.settings.mongodb_database)
    act(container, {"action": "create-operator"})
    named = Container(
        replace(container.settings, stage="production", mongodb_database=f"{container.settings.mongodb_database}-named")
    )
    # When the upgrade uses the name in the address
    with pytest.raises(MisconfiguredError, match="is empty"):
        act(named, {"action": "create-operator", "upgraded": "yes"})
    # but a new stack has no data anywhere
    assert act(named, {"action": "create-operator"})["created"]
    named.mongo.drop_database(named.settings.mongodb_database)
    named.close()


@pytest.mark.parametrize(
    ("uri", "extra", "name"),
    [
        ("mongodb://a,b/?replicaSet=rs0", {}, "queuecraft"),
        ("mongodb+srv://u:p%2Fw@host.example/shop?retryWrites=true", {}, "shop"),
        ("mongodb://host/admin", {}, "queuecraft"),
        ("mongodb://host/shop", {"MONGODB_DATABASE": "other"}, "other"),
        ("mongodb://host", {}, "queuecraft"),
    ],
)
def test_the_path_of_the_address_names_the_database(uri: str, extra: dict[str, str], name: str) -> None:
    env = {"MONGODB_URI": uri, "REDIS_URL": "redis://r", "SECRET_KEY": "k" * 32, **extra}
    assert Settings.from_env(env).mongodb_database == name
