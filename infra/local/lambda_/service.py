"""The Lambda service: finds the function, runs it or queues the event, retries failed events."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from datetime import UTC, datetime

import orjson

from infra.local.lambda_.environment import error_message
from infra.local.lambda_.environments import Environments
from infra.local.lambda_.model import (
    MAX_EVENT_BYTES,
    MAX_PAYLOAD_BYTES,
    FunctionNotFoundError,
    FunctionSpec,
    Invocation,
    LambdaServiceError,
    Outcome,
    RequestTooLargeError,
    ThrottledError,
    function_arn,
)
from infra.local.logs import Logs
from infra.local.orphans import orphans

#: As on AWS, the first retry of an asynchronous event follows after one minute, the second after two.
RETRY_BASE_S = 60.0
TEND_INTERVAL_S = 0.25


class LambdaService:
    """All functions of the stack."""

    def __init__(self, logs: Logs, on_change: Callable[[], None], *, retry_base_s: float = RETRY_BASE_S) -> None:
        self._logs = logs
        self._on_change = on_change
        self._retry_base_s = retry_base_s
        self._environments: dict[str, Environments] = {}
        self._aliases: dict[str, str] = {}
        self._events: set[asyncio.Task[None]] = set()
        self._tender: asyncio.Task[None] | None = None
        self._closing_functions: set[asyncio.Task[None]] = set()
        self._is_closing = False

    @property
    def functions(self) -> dict[str, FunctionSpec]:
        """The deployed functions by logical id."""
        return {name: environments.spec for name, environments in self._environments.items()}

    def pids(self) -> dict[str, list[int]]:
        """Process ids of each function's environments, by logical id."""
        return {name: environments.pids for name, environments in self._environments.items()}

    def deploy(self, functions: Iterable[FunctionSpec], aliases: dict[str, str] | None = None) -> None:
        """Deploy these functions; `aliases` share the processes of another function."""
        wanted = {function.logical_id: function for function in functions}
        self._aliases = {spec.name: logical_id for logical_id, spec in wanted.items()} | dict(aliases or {})
        for name, spec in wanted.items():
            if name in self._environments:
                self._environments[name].replace(spec)
            else:
                self._environments[name] = Environments(spec, self._logs.service(name), self._on_change)
                self._environments[name].warm_up()
        for name in self._environments.keys() - wanted.keys():
            closing = asyncio.create_task(self._environments.pop(name).close())
            self._closing_functions.add(closing)
            closing.add_done_callback(self._closing_functions.discard)
        if self._tender is None:
            self._tender = asyncio.create_task(self._tend(), name="lambda tender")

    async def wait_until_warm(self, timeout_s: float) -> bool:
        """Return when every function has the environments it keeps warm; False if that takes too long."""
        deadline = time.monotonic() + timeout_s
        while not all(environments.is_warm for environments in self._environments.values()):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.005)
        return True

    def find(self, name: str) -> FunctionSpec:
        """Return the function with that name, logical id or ARN. Raises FunctionNotFoundError."""
        return self._environments_of(name).spec

    async def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        wait_for_capacity_s: float = 0.0,
        answer_within_s: float | None = None,
        trace_id: str | None = None,
        client_context: str | None = None,
        wants_log_tail: bool = False,
    ) -> Outcome:
        """Run the function; return its outcome.

        A function at its limit of concurrent events throttles immediately, or after `wait_for_capacity_s` seconds.
        After `answer_within_s` seconds TimeoutError is raised, but the function continues.
        """
        environments = self._environments_of(name)
        _check_size(payload, MAX_PAYLOAD_BYTES)
        if environments.is_full and wait_for_capacity_s <= 0:
            raise ThrottledError("Rate Exceeded.")
        invocation = Invocation(
            environments.spec.name,
            payload,
            asyncio.get_running_loop().create_future(),
            trace_id=trace_id,
            client_context=client_context,
            wants_log_tail=wants_log_tail,
        )
        environments.submit(invocation)
        if invocation.done.done() or wait_for_capacity_s <= 0:
            return await invocation.done
        return await self._wait(environments, invocation, wait_for_capacity_s, answer_within_s)

    def invoke_async(self, name: str, payload: bytes, *, trace_id: str | None = None) -> str:
        """Queue the event, which is retried if it fails; return its request id."""
        environments = self._environments_of(name)
        _check_size(payload, MAX_EVENT_BYTES)
        invocation = Invocation(
            environments.spec.name, payload, asyncio.get_running_loop().create_future(), trace_id=trace_id
        )
        if not self._is_closing:
            self._keep(self._run_event(environments, invocation))
        return invocation.request_id

    async def close(self) -> None:
        """End all processes. Events that are queued meanwhile, as by a worker that hands over, are dropped."""
        self._is_closing = True
        for task in list(self._events):
            task.cancel()
        if self._tender is not None:
            self._tender.cancel()
        await asyncio.gather(
            *(environments.close() for environments in self._environments.values()), *self._closing_functions
        )

    def _environments_of(self, name: str) -> Environments:
        short = function_name(name)
        environments = self._environments.get(short) or self._environments.get(self._aliases.get(short, ""))
        if environments is None:
            raise FunctionNotFoundError(f"Function not found: {function_arn(short)}")
        return environments

    @staticmethod
    async def _wait(
        environments: Environments,
        invocation: Invocation,
        wait_for_capacity_s: float,
        answer_within_s: float | None = None,
    ) -> Outcome:
        loop = asyncio.get_running_loop()

        def give_up() -> None:
            if invocation.done.done():
                return
            if environments.withdraw(invocation):
                invocation.done.set_exception(ThrottledError("Rate Exceeded."))
            elif answer_within_s is not None:
                invocation.done.set_exception(TimeoutError())

        timer = loop.call_later(wait_for_capacity_s, give_up)
        try:
            return await invocation.done
        except asyncio.CancelledError:
            environments.withdraw(invocation)
            raise
        finally:
            timer.cancel()

    async def _run_event(self, environments: Environments, invocation: Invocation) -> None:
        """Run an asynchronous event with its retries; it waits for capacity until it is too old."""
        spec = environments.spec
        expires = time.monotonic() + spec.async_event_age_s
        attempts = 0
        while True:
            environments.submit(invocation)
            try:
                outcome = await self._wait(environments, invocation, max(0.0, expires - time.monotonic()))
            except ThrottledError:
                await self._give_up(spec, invocation, None, "EventAgeExceeded", attempts)
                return
            attempts += 1
            if outcome.function_error is None:
                return
            delay_s = self._retry_base_s * attempts
            if attempts > spec.async_retries or time.monotonic() + delay_s > expires:
                await self._give_up(spec, invocation, outcome, "RetriesExhausted", attempts)
                return
            await asyncio.sleep(delay_s)
            invocation.done = asyncio.get_running_loop().create_future()

    async def _give_up(
        self,
        spec: FunctionSpec,
        invocation: Invocation,
        outcome: Outcome | None,
        condition: str,
        attempts: int,
    ) -> None:
        why = error_message(outcome) if outcome else f"no capacity for {spec.async_event_age_s:.0f} s"
        self._logs.service(spec.logical_id).note(f"event {invocation.request_id} dropped ({condition}): {why}")
        if spec.on_failure is not None:
            record = failure_record(spec, invocation, outcome, condition, attempts)
            try:
                self.invoke_async(spec.on_failure, record)
            except LambdaServiceError as error:  # removed since, or not a function of ours
                self._logs.service(spec.logical_id).note(
                    f"could not send the record to the on-failure destination: {error}"
                )

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._events.add(task)
        task.add_done_callback(self._events.discard)

    async def _tend(self) -> None:
        while True:
            await asyncio.sleep(TEND_INTERVAL_S)
            for environments in list(self._environments.values()):
                environments.tend()
            orphans.bury()


def _check_size(payload: bytes, limit: int) -> None:
    if len(payload) > limit:
        raise RequestTooLargeError(f"Request must be smaller than {limit} bytes for the InvokeFunction operation")


def function_name(name: str) -> str:
    """Return the bare name in a name, a partial ARN (`123:function:NAME`) or an ARN, without its qualifier."""
    parts = name.split(":")
    if "function" in parts:
        return parts[parts.index("function") + 1]
    return parts[0]


def qualifier(name: str) -> str:
    """Return the version or alias at the end of a name or ARN; empty if it has none."""
    parts = name.split(":")
    rest = parts[parts.index("function") + 2 :] if "function" in parts else parts[1:]
    return rest[0] if rest else ""


def failure_record(
    spec: FunctionSpec, invocation: Invocation, outcome: Outcome | None, condition: str, attempts: int
) -> bytes:
    """Return the record that an on-failure destination gets.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    record = {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": invocation.request_id,
            "functionArn": f"{spec.arn}:$LATEST",
            "condition": condition,
            "approximateInvokeCount": attempts,
        },
        "requestPayload": orjson.loads(invocation.payload or b"null"),
    }
    if outcome is not None:
        record["responseContext"] = {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": outcome.function_error,
        }
        record["responsePayload"] = orjson.loads(outcome.payload)
    return orjson.dumps(record)
