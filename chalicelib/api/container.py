"""The composition root of the API: the HTTP and WebSocket handlers of ``app.py``."""

from __future__ import annotations

from functools import cache

from chalicelib.api.containers.jobs import JobServices
from chalicelib.api.containers.metrics import MetricsServices
from chalicelib.api.containers.people import PeopleServices
from chalicelib.api.containers.queues import QueueServices
from chalicelib.api.containers.schedules import ScheduleServices


class ApiContainer(ScheduleServices, PeopleServices, MetricsServices, JobServices, QueueServices):
    """Services of the routes. Each base has those of one subject."""


@cache
def get_container() -> ApiContainer:
    """Return the container of this process. Raises what ``Core.from_env`` raises."""
    return ApiContainer.from_env()
