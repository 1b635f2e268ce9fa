"""Settings: read once, checked, and listed in the docs."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from chalicelib.errors import MisconfiguredError
from chalicelib.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
LEAST = {"MONGODB_URI": "mongodb://127.0.0.1/", "REDIS_URL": "redis://127.0.0.1/0", "SECRET_KEY": "s" * 32}
#: Set by the template, the local AWS or Lambda, not by users.
WIRING = {
    "STAGE", "STACK_NAME", "WORKER_FUNCTION", "TICKER_FUNCTION", "CONNECTION_MANAGER_FUNCTION",
    "POWERTOOLS_SERVICE_NAME",
    "MONGODB_DATABASE", "REDIS_NAMESPACE", "WEBSOCKET_API_ENDPOINT", "WEBSOCKET_URL", "AWS_REGION",
    "AWS_ENDPOINT_URL_LAMBDA", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    "AWS_XRAY_DAEMON_ADDRESS", "POOL", "POOLS", "POOL_FLEET", "AWS_ENDPOINT_URL_SES",
    "EXPORT_BUCKET", "PAYLOAD_BUCKET", "AWS_ENDPOINT_URL_S3", "TASK_PACKAGE",
}  # fmt: skip


def test_defaults_are_the_documented_ones() -> None:
    settings = Settings.from_env(LEAST)

    assert (settings.job_concurrency, settings.max_active_jobs_per_user) == (5, 5)
    assert (settings.rate_limit_max_requests, settings.rate_limit_window_ms) == (10, 60_000)
    assert (settings.lease_ms, settings.heartbeat_ms) == (15_000, 5_000)
    assert settings.job_events_channel == "job_status_updates"
    assert not settings.deployed


@pytest.mark.parametrize("name", LEAST)
def test_a_setting_without_default_is_required(name: str) -> None:
    with pytest.raises(MisconfiguredError, match=name):
        Settings.from_env({key: value for key, value in LEAST.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "secret"),
        ("SECRET_KEY_PREVIOUS", "secret"),
        ("JOB_CONCURRENCY", "0"),
        ("JOB_CONCURRENCY", "many"),
        ("JOB_CONCURRENCY", "2.5"),
        ("JOB_CONCURRENCY", "nan"),
        ("JOB_CONCURRENCY", "inf"),
        ("RATE_LIMIT_WINDOW", "-1"),
        ("RETRY_BACKOFF_BASE_S", "-0.1"),
        ("HTTP_ALLOW_PRIVATE", "maybe"),
        ("HEARTBEAT_MS", "9000"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(MisconfiguredError, match=name):
        Settings.from_env({**LEAST, name: value})


def test_settings_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.from_env(LEAST).stage = "other"  # type: ignore[misc]


def test_every_setting_has_a_meaning_or_is_set_by_a_deployment() -> None:
    assert {each.name for each in Settings.variables().values() if not each.meaning} == WIRING


def test_only_settings_read_the_environment() -> None:
    found = [
        str(path.relative_to(ROOT))
        for folder in ("chalicelib", "worker_fn", "websocket_fn")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.environ|os\.getenv|getenv\(", path.read_text())
    ]
    assert [path for path in found if path != "chalicelib/settings.py"] == []


def test_clients_are_created_in_the_container_only() -> None:
    makers = re.compile(r"\bMongoClient\(|\bRedis\.from_(?:url|pool)\(|\bboto3\.client\(")
    found = {
        str(path.relative_to(ROOT))
        for folder in ("chalicelib", "worker_fn", "websocket_fn")
        for path in (ROOT / folder).rglob("*.py")
        if makers.search(path.read_text())
    }
    # the two modules that configure clients; only the container calls them
    assert found == {"chalicelib/store/client.py", "chalicelib/queue/client.py"}


def test_the_function_of_a_pool() -> None:
    settings = Settings.from_env({**LEAST, "POOLS": '{"heavy": ["crunch"]}', "WORKER_FUNCTION": "qc-worker"})

    assert settings.pool == "default"
    assert settings.pools == {"heavy": ["crunch"]}
    assert settings.function_of("default") == "qc-worker"
    assert settings.function_of("heavy") == "qc-worker-heavy"
    assert settings.function_of("removed") == "qc-worker", "whoever runs there passes its jobs on"
    assert not settings.has_pool("removed")


def test_the_fleet_of_a_pool() -> None:
    fleets = {"JOB_FLEET_CONCURRENCY": "8", "POOL_FLEET": "2", "POOLS": '{"heavy": ["crunch"]}'}
    heavy = Settings.from_env({**LEAST, **fleets, "POOL": "heavy"})
    default = Settings.from_env({**LEAST, "JOB_FLEET_CONCURRENCY": "8"})

    assert (heavy.fleet_of("heavy"), default.fleet_of("default")) == (2, 8)
    assert heavy.job_fleet_concurrency == 8, "scripts that wake workers of the default pool need it"
    assert default.fleet_of("removed") == 8


@pytest.mark.parametrize("value", ["heavy", "[]", '{"heavy": 1}', "{"])
def test_a_list_of_pools_that_cannot_be_read(value: str) -> None:
    with pytest.raises(MisconfiguredError, match="POOLS must be an object"):
        Settings.from_env({**LEAST, "POOLS": value})
