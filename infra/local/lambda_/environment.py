"""One execution environment: a process that runs a function's events one after another."""

import asyncio
import contextlib
import os
import re
import secrets
import signal
import sys
import time
from enum import Enum
from pathlib import Path
from typing import Protocol

import orjson

from infra.local import kernel
from infra.local.lambda_.model import (
    MAX_PAYLOAD_BYTES,
    REGION,
    FunctionSpec,
    Invocation,
    Outcome,
    function_arn,
    new_trace_id,
)
from infra.local.lambda_.output import Lines
from infra.local.lambda_.runtime_api import RuntimeConnection
from infra.local.logs import ServiceLog
from infra.local.orphans import orphans, start

#: Least time limit of a function whose breakpoints wait for a debugger, in seconds.
DEBUG_S = 900.0
CHILD = Path(__file__).with_name("child.py")
INIT_TIMEOUT_S = 30.0
#: The init phase's limit; after it the process starts again, within the time limit of the first event.
#: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
INIT_ON_AWS_S = 10.0
LOG_TAIL_BYTES = 4096
READ_BYTES = 65536
MAX_READS = 64
#: Characters allowed in a header unchanged. Others are replaced: they are a client's, and reach the runtime's event.
TRACE_ID = re.compile(r"[\w=;:.,/+-]{1,512}", re.ASCII)


class State(Enum):
    """The life cycle of an environment."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    ENDED = "ended"


class EnvironmentOwner(Protocol):
    """Callbacks of an environment to its function's environments."""

    def started(self) -> None:
        """Called when its process exists."""

    def became_idle(self, environment: "Environment") -> None:
        """Called when it waits for an event."""

    def init_failed(self, environment: "Environment", outcome: Outcome) -> None:
        """Called when it could not load its handler; `ended` follows."""

    def ended(self, environment: "Environment") -> None:
        """Called when its process has ended; it takes no more events."""


class Environment:
    """A function's process and its current event."""

    def __init__(self, spec: FunctionSpec, owner: EnvironmentOwner, log: ServiceLog) -> None:
        self.spec = spec
        self.state = State.STARTING
        #: to be ended once it is idle, because newer code exists
        self.stale = False
        self.idle_since = time.monotonic()
        self._owner = owner
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._server: asyncio.Server | None = None
        self._runtime: RuntimeConnection | None = None
        self._invocation: Invocation | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._output = -1
        self._lines = Lines()
        self._tail = bytearray()
        self._started = time.perf_counter()
        self._init_ms: float | None = None
        self._max_memory_mb = 0
        self._death: Outcome | None = None

    @property
    def pid(self) -> int:
        """Process id; 0 before the process exists."""
        return self._process.pid if self._process is not None else 0

    async def run(self) -> None:
        """Start the process and wait for its end; the owner is called at each change."""
        loop = asyncio.get_running_loop()
        secret = secrets.token_hex(16)
        self._server = await loop.create_server(lambda: RuntimeConnection(self, secret), "127.0.0.1", 0)
        runtime_api = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}/{secret}"
        self._output, writer = os.pipe()
        os.set_blocking(self._output, False)
        self._timer = loop.call_later(INIT_TIMEOUT_S, self._init_timed_out)
        try:
            self._process = await start(
                *(sys.executable, "-P", str(CHILD), str(os.getpid()), self.spec.handler),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writer,
                stderr=writer,
                cwd=self.spec.task_root,
                env=runtime_variables(self.spec, runtime_api),
            )
        finally:
            os.close(writer)
        self._owner.started()
        loop.add_reader(self._output, self._read_output)
        orphans.born(runtime_api)
        code = -signal.SIGKILL
        try:
            code = await self._process.wait()
        finally:
            self._kill_group(self._process.pid)  # its children may still run
            self._close(code)
            await orphans.ended(runtime_api)

    def invoke(self, invocation: Invocation) -> None:
        """Run an event. The environment must be idle."""
        assert self._runtime is not None and self.state is State.IDLE  # noqa: S101 - its owner's contract
        self.state = State.BUSY
        self._invocation = invocation
        self._tail.clear()
        self._started = time.perf_counter()
        self._log.record(f"START RequestId: {invocation.request_id} Version: $LATEST\n")
        timeout_s = max(self.spec.timeout_s, DEBUG_S) if "BREAKPOINTS" in self.spec.environment else self.spec.timeout_s
        self._timer = asyncio.get_running_loop().call_later(timeout_s, self._timed_out)
        self._runtime.send_event(event_headers(invocation, time.time() + timeout_s), invocation.payload)

    def kill(self, outcome: Outcome | None = None) -> None:
        """Kill the process and its children (SIGKILL); a running event ends with `outcome`, else as a crash."""
        self._death = self._death or outcome
        if self._process is not None and self._process.returncode is None:
            self._kill_group(self._process.pid)

    @staticmethod
    def _kill_group(leader: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)

    def retire(self, *, at_once: bool = False) -> None:
        """End when idle. A function that handles SIGTERM gets it now, so that a long event can end early.

        The event of any other function continues, or ends with its process if that is to end `at_once`.
        """
        self.stale = True
        if self.state is State.IDLE:
            self.hang_up()
        elif self.state is State.STARTING:
            self.kill()
        elif kernel.handles_sigterm(self.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
        elif at_once:
            self.kill()

    def hang_up(self) -> None:
        """End an idle process: immediately, or in order when it has a coverage report to write."""
        if "COVERAGE_PROCESS_START" in os.environ and self._runtime is not None:
            self.state = State.ENDED
            self._runtime.close()
        else:
            self.kill()

    def watch_memory(self) -> None:
        """Record the memory in use and kill a process above the function's limit, as AWS does."""
        used_mb = kernel.resident_mb(self.pid)
        self._max_memory_mb = max(self._max_memory_mb, used_mb)
        if used_mb > self.spec.memory_mb and self.state is State.BUSY:
            self.kill(self._crash("Runtime.OutOfMemory", "Error: Runtime exited with error: signal: killed"))

    # The calls of the Runtime API

    def polled(self, runtime: RuntimeConnection) -> bool:
        """Handle the runtime's request for an event. As on AWS it must have answered the previous one."""
        if self.state is State.ENDED:
            runtime.close()
            return True
        if self.state is State.IDLE or self._invocation is not None:
            return False
        self._runtime = runtime
        if self.state is State.STARTING:
            self._init_ms = (time.perf_counter() - self._started) * 1000
            if self._init_ms > INIT_ON_AWS_S * 1000:
                self._log.note(f"INIT took {self._init_ms / 1000:.1f} s; AWS allows {INIT_ON_AWS_S:g} s")
            self._cancel_timer()
        self.state = State.IDLE
        self.idle_since = time.monotonic()
        self._owner.became_idle(self)
        return True

    def answered(self, request_id: str, body: bytes) -> None:
        """Handle the function's result."""
        if len(body) > MAX_PAYLOAD_BYTES:
            message = f"Response payload size ({len(body)} bytes) exceeded maximum allowed payload size"
            self._settle(request_id, Outcome.failure("Function.ResponseSizeTooLarge", message))
            return
        self._settle(request_id, Outcome(body))

    def failed(self, request_id: str, body: bytes) -> None:
        """Handle the function's error."""
        self._settle(request_id, Outcome(body, function_error="Unhandled"))

    def init_failed(self, body: bytes) -> None:
        """Handle the failure to load the handler."""
        self._read_output()
        self._death = Outcome(body, function_error="Unhandled")
        self._cancel_timer()

    # The ways an event ends

    def _settle(self, request_id: str, outcome: Outcome) -> None:
        invocation = self._invocation
        if invocation is None or invocation.request_id != request_id:
            return
        self._read_output()
        self._invocation = None
        self._cancel_timer()
        if invocation.wants_log_tail:
            outcome = Outcome(outcome.payload, outcome.function_error, bytes(self._tail))
        invocation.finish(outcome)
        self._report(invocation)

    def _timed_out(self) -> None:
        if self._invocation is not None:
            request_id, limit_s = self._invocation.request_id, self.spec.timeout_s
            message = f"{_now()} {request_id} Task timed out after {limit_s:.2f} seconds"
            self._log.output(message.encode() + b"\n")
            self.kill(Outcome.failure("Sandbox.Timedout", message))

    def _init_timed_out(self) -> None:
        self.kill(Outcome.failure("Sandbox.Timedout", f"{_now()} INIT timed out after {INIT_TIMEOUT_S:.0f} s"))

    def _crash(self, error_type: str, message: str) -> Outcome:
        request_id = self._invocation.request_id if self._invocation else ""
        return Outcome.failure(error_type, f"RequestId: {request_id} {message}")

    def _close(self, code: int) -> None:
        """Finish after the end of the process: end its event, free its resources."""
        loop = asyncio.get_running_loop()
        self._read_output()
        self._print(self._lines.rest())
        loop.remove_reader(self._output)
        os.close(self._output)
        self._output = -1
        self._cancel_timer()
        if self._server is not None:
            self._server.close()
        was_starting, self.state = self.state is State.STARTING, State.ENDED
        reason = f"exit status {code}" if code >= 0 else f"signal: {_signal_name(-code)}"
        outcome = self._death or self._crash("Runtime.ExitError", f"Error: Runtime exited with error: {reason}")
        if self._invocation is not None:
            invocation, self._invocation = self._invocation, None
            if self._death is None:
                self._log.output(outcome.payload + b"\n")
            self._report(invocation)
            invocation.finish(outcome)
        elif was_starting and not self.stale:
            self._owner.init_failed(self, outcome)
        self._owner.ended(self)

    def _report(self, invocation: Invocation) -> None:
        elapsed_ms = (time.perf_counter() - self._started) * 1000
        if self._max_memory_mb == 0:
            self._max_memory_mb = kernel.resident_mb(self.pid)
        init = "" if self._init_ms is None else f"\tInit Duration: {self._init_ms:.2f} ms"
        self._init_ms = None
        self._log.record(
            f"END RequestId: {invocation.request_id}\n"
            f"REPORT RequestId: {invocation.request_id}\tDuration: {elapsed_ms:.2f} ms\t"
            f"Billed Duration: {int(elapsed_ms) + 1} ms\tMemory Size: {self.spec.memory_mb} MB\t"
            f"Max Memory Used: {self._max_memory_mb} MB{init}\n"
        )

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _read_output(self) -> None:
        """Read what the process printed. Called before an answer is handled, so that its lines come first."""
        for _ in range(MAX_READS):  # a process that prints without end must not block the others
            if self._output < 0:
                return
            try:
                chunk = os.read(self._output, READ_BYTES)
            except BlockingIOError:
                return
            if not chunk:
                asyncio.get_running_loop().remove_reader(self._output)
                return
            self._print(self._lines.feed(chunk))
            if len(chunk) < READ_BYTES:
                return

    def _print(self, lines: bytes) -> None:
        if lines:
            self._log.output(lines)
            if self._invocation is not None and self._invocation.wants_log_tail:
                self._tail += lines[-LOG_TAIL_BYTES:]
                del self._tail[:-LOG_TAIL_BYTES]


def event_headers(invocation: Invocation, deadline: float) -> str:
    """Return the header lines of a Runtime API event; `deadline` in epoch seconds."""
    context = invocation.client_context
    trace_id = invocation.trace_id if invocation.trace_id and TRACE_ID.fullmatch(invocation.trace_id) else None
    return (
        f"Lambda-Runtime-Aws-Request-Id: {invocation.request_id}\r\n"
        f"Lambda-Runtime-Deadline-Ms: {int(deadline * 1000)}\r\n"
        f"Lambda-Runtime-Invoked-Function-Arn: {function_arn(invocation.function_name)}\r\n"
        f"Lambda-Runtime-Trace-Id: {trace_id or new_trace_id()}\r\n"
        + (f"Lambda-Runtime-Client-Context: {context}\r\n" if context else "")
    )


def runtime_variables(spec: FunctionSpec, runtime_api: str) -> dict[str, str]:
    """Return the environment of a function's process: AWS's reserved variables over those of the deployment.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {
        "POWERTOOLS_TRACE_DISABLED": "true",  # no X-Ray daemon receives datagrams here
        **spec.environment,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_LAMBDA_FUNCTION_NAME": spec.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory_mb),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{spec.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": time.strftime("%Y/%m/%d/[$LATEST]") + os.urandom(16).hex(),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{version}",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "LAMBDA_TASK_ROOT": str(spec.task_root),
        "LAMBDA_RUNTIME_DIR": str(CHILD.parent),
        "_HANDLER": spec.handler,
        "TZ": ":UTC",
        "PYTHONUNBUFFERED": "1",
    }


def error_message(outcome: Outcome) -> str:
    """Return type and message of a failed outcome in one line."""
    try:
        error = orjson.loads(outcome.payload)
    except orjson.JSONDecodeError:
        return outcome.payload.decode(errors="replace")
    return f"{error.get('errorType')}: {error.get('errorMessage')}"


def _signal_name(number: int) -> str:
    return {signal.SIGKILL: "killed", signal.SIGSEGV: "segmentation fault"}.get(
        signal.Signals(number), signal.Signals(number).name
    )


def _now() -> str:
    now = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"
