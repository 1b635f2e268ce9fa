"""Sources of settings: the environment, and secrets stored elsewhere."""

from collections.abc import Mapping, Sequence

import pytest

from chalicelib.errors import MisconfiguredError
from chalicelib.settings import Settings

KEY = "k" * 32
KEPT = {"MONGODB_URI": "mongodb://kept", "REDIS_URL": "redis://kept", "SECRET_KEY": KEY}


class Store:
    def __init__(self, kept: Mapping[str, str]) -> None:
        self.kept = kept
        self.asked: list[str] = []

    def __call__(self, path: str, names: Sequence[str], env: Mapping[str, str]) -> Mapping[str, str]:
        self.asked.append(path)
        return {name: value for name, value in self.kept.items() if name in names}


def test_secrets_are_read_from_their_path() -> None:
    store = Store({**KEPT, "SCRAPE_TOKEN": "s" * 32})
    settings = Settings.from_env({"SECRETS_PATH": "/queuecraft/qc"}, store)
    assert store.asked == ["/queuecraft/qc"]
    assert (settings.mongodb_uri, settings.secret_key, settings.scrape_token) == ("mongodb://kept", KEY, "s" * 32)


def test_the_environment_wins_over_the_store() -> None:
    env = {"SECRETS_PATH": "/p", "REDIS_URL": "rediss://cache:6379", "SECRET_KEY": ""}
    settings = Settings.from_env(env, Store(KEPT))
    assert (settings.redis_url, settings.secret_key) == ("rediss://cache:6379", KEY)


def test_a_complete_environment_needs_no_call() -> None:
    store = Store({})
    Settings.from_env({"SECRETS_PATH": "/p", **KEPT}, store)
    assert store.asked == []


def test_missing_settings_are_reported() -> None:
    with pytest.raises(MisconfiguredError, match="SECRET_KEY"):
        Settings.from_env({"SECRETS_PATH": "/p"}, Store({"MONGODB_URI": "m", "REDIS_URL": "r"}))
