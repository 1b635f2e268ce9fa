"""Durable jobs under fire: steps, sleeps and events, with workers that are killed between each effect and its record.

What must hold: a job ends with what its records say; a result that was recorded never changes; a step that runs once
has one effect at most; each event is taken once; and nothing waits for ever.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.domain.jobs import JobStatus, NewJob
from chalicelib.domain.steps import StepKind, StepStatus
from chalicelib.errors import QueueCraftError
from tests.chaos.journeys import PARTS
from tests.chaos.people import CALLER
from tests.container import Container

AWAY = (QueueCraftError, PyMongoError, RedisError)
ROUNDS: Final = 40
_TICK = threading.Event()


class Durable:
    """Submits journeys and sends their events, from a thread of its own; a call that fails is repeated."""

    def __init__(self, container: Container, rounds: int = ROUNDS) -> None:
        self._container = container
        self._rounds = rounds
        self._thread = threading.Thread(target=self._submit, name="durable", daemon=True)
        self.accepted: list[str] = []

    def start(self) -> None:
        """Begin to submit."""
        self._thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait until all is submitted and sent; return whether it was."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _submit(self) -> None:
        waiting: list[str] = []
        for n in range(self._rounds):
            new = NewJob(f"journey {n}", task=("journey", "journey_async")[n % 2], idempotency_key=f"journey-{n}")
            waiting.append(self._insist(partial(self._job, new)))
            self.accepted.append(waiting[-1])
            self._insist(partial(self._send, waiting[-1], f"first {n}"))  # before its wait
            if len(waiting) > 4:
                self._insist(partial(self._send, waiting.pop(0), "second"))
            _TICK.wait(0.1)
        for job_id in waiting:
            self._insist(partial(self._send, job_id, "second"))

    def _job(self, new: NewJob) -> str:
        return self._container.jobs.submit(CALLER, [new], "durable")[0].job.id

    def _send(self, job_id: str, data: str) -> str:
        """Send an event unless a call whose answer was lost did."""
        sent = self._container.step_events.of_job(job_id, "", 10)
        if orjson.dumps(data).decode() not in {each.data for each in sent}:
            self._container.steps.send(CALLER, job_id, "go", data)
        return job_id

    def _insist(self, call: Callable[[], str]) -> str:
        while True:
            try:
                return call()
            except AWAY:
                _TICK.wait(0.1)

    def wrong(self, container: Container, effects: Path) -> list[str]:
        """Return what does not hold."""
        seen = read(effects)
        jobs, unreadable = container.job_store.get_many(self.accepted)
        wrong = [f"journey {job_id} cannot be read" for job_id in unreadable]
        wrong += [f"journey {job_id} is gone" for job_id in set(self.accepted) - {job.id for job in jobs}]
        for job in jobs:
            if job.status is not JobStatus.COMPLETED or job.result is None:
                wrong.append(f"journey {job.id} is {job.status}: {job.error}")
                continue
            result = orjson.loads(job.result)
            wrong += judge(container, job.id, job.submission_id, result, seen)
        return wrong


def read(effects: Path) -> list[dict[str, str]]:
    """Return all effects."""
    return [json.loads(line) for line in effects.read_bytes().splitlines()] if effects.exists() else []


def judge(
    container: Container, job_id: str, series: str, result: dict[str, Any], seen: list[dict[str, str]]
) -> list[str]:
    """Return what of a completed journey does not fit its records, effects and events."""
    wrong = []
    steps = container.step_store.load(job_id, series)
    mine = [each for each in seen if each["job"] == job_id]
    tokens = {each["token"] for each in mine}
    if len(result["tokens"]) != PARTS + 1 or not set(result["tokens"]) <= tokens:
        wrong.append(f"journey {job_id} returned what no step made: {result['tokens']}")
    recorded = {orjson.loads(each.result or "null") for each in steps if each.kind is StepKind.STEP}
    if not set(result["tokens"]) <= recorded:
        wrong.append(f"journey {job_id} returned results that are not those recorded: {result['tokens']}")
    if open_steps := [each.key for each in steps if not each.status.has_ended and each.kind is not StepKind.SLEEP]:
        wrong.append(f"journey {job_id} has completed, and its steps {open_steps} have not")
    once = Counter(each["key"] for each in mine if each["token"].startswith("once"))
    if any(number > 1 for number in once.values()):
        wrong.append(f"journey {job_id} took a step more than once that runs once: {once}")
    if result["once"] != "interrupted" and result["once"] not in tokens:
        wrong.append(f"journey {job_id} returned {result['once']}, which no step made")
    events = container.step_events.of_job(job_id, series, 10)
    sent = [orjson.loads(each.data) for each in events]
    if sorted(result["sent"]) != sorted(sent) or len(sent) != 2:
        wrong.append(f"journey {job_id} was sent {sent}, and took {result['sent']}")
    if any(each.taken_by is None for each in events):
        wrong.append(f"an event of journey {job_id} was not taken")
    if any(each.status is StepStatus.FAILED and each.error and each.error.type != "StepInterrupted" for each in steps):
        wrong.append(f"a step of journey {job_id} failed")
    return wrong
