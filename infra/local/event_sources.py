"""What invokes functions besides requests: rules and queues."""

import asyncio
from collections.abc import Callable

from infra.local.aws_endpoint.moto import Moto
from infra.local.deployed.model import Deployment
from infra.local.lambda_.service import LambdaService
from infra.local.queues.poller import QueuePoller
from infra.local.schedule.scheduler import Scheduler


class EventSources:
    """The event sources of a deployment."""

    def __init__(self, functions: LambdaService, moto: Moto, note: Callable[[str], None]) -> None:
        self._scheduler = Scheduler(functions, note)
        self._poller = QueuePoller(functions, moto, note)

    def deploy(self, deployment: Deployment) -> None:
        """Begin, or go on with those that are still there."""
        self._scheduler.deploy(deployment)
        self._poller.deploy(deployment)

    async def close(self) -> None:
        """Stop."""
        await asyncio.gather(self._scheduler.close(), self._poller.close())
