"""A world whose processes may die."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.settings import Settings
from tests.world import World


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        rate_limit_max_requests=0,
        max_active_jobs_per_user=1_000,
        lease_ms=1_000,
        heartbeat_ms=200,
        worker_linger_s=0.0,
        retry_backoff_base_s=0.01,
    )


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    with World.opened(settings) as world:
        yield world
