"""Fixtures: a stack that runs the sample project, shared by tests that do not change it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from infra.local.console import Console
from infra.local.lambda_.model import FunctionSpec
from infra.local.lambda_.service import LambdaService
from infra.local.logs import Logs
from infra.local.testing import LocalStack

PROJECT = Path(__file__).with_name("project")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The sample project, running."""
    marks = tmp_path_factory.mktemp("marks") / "marks"
    with LocalStack(project=PROJECT, env={"MARKS": str(marks), "ASYNC_RETRY_BASE_S": "0.05"}) as running:
        yield running


class Bench:
    """A Lambda service without gateways, with functions of `jobs.py`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.marks = folder / "marks"
        self.logs = Logs(folder / "logs", Console((folder / "console").open("w")))
        self.changes = 0
        self.service = LambdaService(self.logs, self._changed, retry_base_s=0.02)

    def _changed(self) -> None:
        self.changes += 1

    def function(self, name: str = "Recorder", **settings: Any) -> FunctionSpec:
        """A function that records its events."""
        settings.setdefault("handler", "jobs.record")
        return FunctionSpec(
            name=name, logical_id=name, task_root=PROJECT, environment={"MARKS": str(self.marks)}, **settings
        )

    def seen(self) -> list[dict[str, Any]]:
        """What was recorded."""
        return [json.loads(line) for line in self.marks.read_text().splitlines()] if self.marks.exists() else []

    async def call(self, event: Any, function: str = "Recorder") -> Any:
        """Invoke the function; return its answer. It must succeed."""
        outcome = await self.service.invoke(function, json.dumps(event).encode())
        assert outcome.function_error is None, outcome
        return json.loads(outcome.payload)

    async def fail(self, event: Any, function: str = "Recorder") -> Any:
        """Invoke the function; return its error. It must fail."""
        outcome = await self.service.invoke(function, json.dumps(event).encode())
        assert outcome.function_error == "Unhandled", outcome
        return json.loads(outcome.payload)

    def log(self, function: str = "Recorder") -> str:
        """The function's log."""
        self.logs.flush()
        return self.logs.path(function).read_text()


type_of_run = Callable[[Callable[[Bench], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def run(tmp_path: Path) -> type_of_run:
    """Runs a coroutine with a Lambda service and ends the service's processes after it."""

    def run_with_service(test: Callable[[Bench], Coroutine[Any, Any, None]]) -> None:
        async def whole() -> None:
            async with _bench(tmp_path) as bench:
                await test(bench)

        asyncio.run(whole())

    return run_with_service


@asynccontextmanager
async def _bench(folder: Path) -> AsyncIterator[Bench]:
    bench = Bench(folder)
    try:
        async with asyncio.timeout(30):
            yield bench
    finally:
        await bench.service.close()
        bench.logs.close()
        bench.logs.console.close()


async def eventually(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Return when the condition holds; fail if it does not in time."""
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.005)
