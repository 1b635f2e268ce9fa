"""Fires the rules of the deployment."""

import asyncio
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from infra.local.deployed.model import Deployment, Schedule
from infra.local.lambda_.model import ACCOUNT, REGION, LambdaServiceError
from infra.local.lambda_.service import LambdaService
from infra.local.schedule.expressions import Expression, ExpressionError, parse

LONGEST_SLEEP_S = 3600.0


class Scheduler:
    """Invokes functions asynchronously when their rules are due.

    A rate rule fires immediately, then at its interval.
    """

    def __init__(self, functions: LambdaService, note: Callable[[str], None]) -> None:
        self._functions = functions
        self._note = note
        self._tasks: dict[Schedule, asyncio.Task[None]] = {}

    def deploy(self, deployment: Deployment) -> None:
        """Run these rules; unchanged ones keep their times."""
        wanted = set(deployment.schedules)
        for schedule in self._tasks.keys() - wanted:
            self._tasks.pop(schedule).cancel()
        for schedule in wanted - self._tasks.keys():
            now = datetime.now(UTC)
            try:
                expression = parse(schedule.expression, now)
            except ExpressionError as error:
                self._note(f"rule {schedule.name} is ignored: {error}")
                continue
            self._tasks[schedule] = asyncio.create_task(self._run(schedule, expression, now))

    async def close(self) -> None:
        """Stop firing."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()

    async def _run(self, schedule: Schedule, expression: Expression, start: datetime) -> None:
        due = expression.next_after(start - timedelta(microseconds=1))
        while due is not None:
            while (wait_s := (due - datetime.now(UTC)).total_seconds()) > 0:
                await asyncio.sleep(min(wait_s, LONGEST_SLEEP_S))
            self._fire(schedule, due)
            due = expression.next_after(max(due, datetime.now(UTC)))

    def _fire(self, schedule: Schedule, due: datetime) -> None:
        payload = schedule.input.encode() if schedule.input else orjson.dumps(scheduled_event(schedule, due))
        try:
            self._functions.invoke_async(schedule.function, payload)
        except LambdaServiceError as error:
            self._note(f"rule {schedule.name}: {error}")


def scheduled_event(schedule: Schedule, due: datetime) -> dict[str, Any]:
    """Return the event of a rule without its own input.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html
    """
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": due.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{schedule.name}"],
        "detail": {},
    }
