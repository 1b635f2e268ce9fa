"""Tasks with limits, for tests."""

from __future__ import annotations

from chalicelib.domain.limits import Limit
from chalicelib.domain.tasks import TaskSpec
from tests.container import Container
from tests.jobs import TASKS, InvocationLog, prepare

ACCOUNT = Limit("account", per="payload.account", concurrency=1, rate="30/min", burst=30, total=3)
STRIPE = Limit("stripe", concurrency=2, shared=True)
PRINTER = Limit("printer", concurrency=1)
LIMITED = [
    TaskSpec("send", {"type": "object"}, limits=(ACCOUNT, STRIPE)),
    TaskSpec("print", {"type": "object"}, limits=(PRINTER,)),
]


def prepare_limited(container: Container) -> InvocationLog:
    """Give the container these tasks too, with their limits in Redis, and a Lambda that only takes notes."""
    invocations = prepare(container)
    container.catalogue.register([*TASKS, *LIMITED])
    container.limit_definitions.repair()
    return invocations
