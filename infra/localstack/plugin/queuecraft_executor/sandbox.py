"""One execution environment: a process that runs a function's events one after another."""

import contextlib
import json
import os
import queue
import select
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from queuecraft_executor.runtime_api import Event, Outcome, RuntimeApi

#: The kernel ties a child's life to the thread that created it, so one permanent thread creates them all.
_SPAWNER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-spawner")
POLL_S = 0.25


@dataclass(frozen=True, slots=True)
class Code:
    """The code that a sandbox runs."""

    python: str
    #: first code of the process: ties it to its parent, then starts `awslambdaric`
    child: Path
    task_root: Path
    handler: str
    timeout_s: float
    memory_mb: int


class StartFailedError(Exception):
    """Raised when the handler could not be loaded; has the error object."""

    def __init__(self, payload: bytes) -> None:
        super().__init__(payload.decode(errors="replace"))
        self.payload = payload


class Sandbox:
    """Starts on demand, and again after a crash or a time-out. Runs one event at a time."""

    def __init__(self, code: Code, environment: Mapping[str, str], log: Path) -> None:
        self._code = code
        self._environment = dict(environment)
        self._log = log
        self._api: RuntimeApi | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._output = -1
        self._reading = threading.Lock()
        self._lines = bytearray()

    def start(self, timeout_s: float) -> None:
        """Return when the process waits for its first event. Raises StartFailedError if it cannot load its handler."""
        self._api = RuntimeApi()
        self._output, writer = os.pipe()
        os.set_blocking(self._output, False)
        self._process = _SPAWNER.submit(self._spawn, self._api.address, writer).result()
        os.close(writer)
        threading.Thread(target=self._follow, args=(self._process, self._output), daemon=True).start()
        deadline = time.monotonic() + timeout_s
        while True:
            with contextlib.suppress(queue.Empty):
                failure = self._api.ready.get(timeout=POLL_S)
                break
            if self._process.poll() is not None or time.monotonic() > deadline:
                failure = self._crash("")
                break
        if failure is not None:
            self.stop()
            raise StartFailedError(failure.payload)

    def invoke(self, request_id: str, function_arn: str, trace_id: str, payload: bytes) -> tuple[Outcome, str]:
        """Run one event; return its outcome and its log."""
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self.start(self._code.timeout_s)
        assert self._api is not None  # noqa: S101 - start() made it
        self._take_lines()
        begun = time.monotonic()
        deadline_ms = int((time.time() + self._code.timeout_s) * 1000)
        self._api.events.put(Event(request_id, function_arn, trace_id, deadline_ms, payload))
        outcome = self._await(request_id, begun + self._code.timeout_s)
        self._read()
        elapsed_ms = (time.monotonic() - begun) * 1000
        report = f"Duration: {elapsed_ms:.2f} ms\tBilled Duration: {int(elapsed_ms) + 1} ms"
        lines = self._take_lines().decode(errors="replace")
        return outcome, (
            f"START RequestId: {request_id} Version: $LATEST\n{lines}"
            f"END RequestId: {request_id}\nREPORT RequestId: {request_id}\t{report}\n"
        )

    def stop(self) -> None:
        """End the process and its children."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
        if self._api is not None:
            self._api.close()
            self._api = None

    def _spawn(self, runtime_api: str, writer: int) -> subprocess.Popen[bytes]:
        code = self._code
        return subprocess.Popen(  # noqa: S603 - the runtime's own interpreter
            [code.python, "-P", str(code.child), str(os.getpid()), code.handler],
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=writer,
            cwd=code.task_root,
            env={
                "PATH": os.defpath,
                "LANG": "en_US.UTF-8",
                "PYTHONUNBUFFERED": "1",
                **self._environment,
                "AWS_LAMBDA_RUNTIME_API": runtime_api,
                "LAMBDA_TASK_ROOT": str(code.task_root),
            },
            start_new_session=True,
        )

    def _await(self, request_id: str, deadline: float) -> Outcome:
        assert self._api is not None and self._process is not None  # noqa: S101 - invoke() started it
        while True:
            with contextlib.suppress(queue.Empty):
                answered, outcome = self._api.outcomes.get(timeout=POLL_S)
                if answered == request_id:
                    return outcome
                continue
            if time.monotonic() > deadline:
                self.stop()
                message = f"RequestId: {request_id} Error: Task timed out after {self._code.timeout_s:.2f} seconds"
                return error("Sandbox.Timedout", message)
            if self._process.poll() is not None:
                return self._crash(request_id)
            if resident_mb(self._process.pid) > self._code.memory_mb:
                self.stop()
                return error("Runtime.OutOfMemory", f"RequestId: {request_id} Error: Runtime exited: signal: killed")

    def _crash(self, request_id: str) -> Outcome:
        code = self._process.poll() if self._process is not None else None
        reason = f"exit status {code}" if code is None or code >= 0 else f"signal: {signal.Signals(-code).name}"
        return error("Runtime.ExitError", f"RequestId: {request_id} Error: Runtime exited with error: {reason}")

    def _follow(self, process: subprocess.Popen[bytes], output: int) -> None:
        """Read the output of the process until it ends, so that it never blocks on a full pipe."""
        while process.poll() is None:
            select.select([output], [], [], POLL_S)
            self._read()
        self._read()
        with self._reading:
            os.close(output)
            if self._output == output:
                self._output = -1

    def _read(self) -> None:
        with self._reading, contextlib.suppress(BlockingIOError):
            while self._output >= 0 and (chunk := os.read(self._output, 65536)):
                self._lines += chunk
                with self._log.open("ab") as log:
                    log.write(chunk)

    def _take_lines(self) -> bytes:
        with self._reading:
            lines = bytes(self._lines)
            self._lines.clear()
        return lines


def resident_mb(pid: int) -> int:
    """Return the resident memory of a process in MB; 0 if unknown."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // (1024 * 1024)


def error(kind: str, message: str) -> Outcome:
    """Return the outcome of an event to which the function gave no answer."""
    return Outcome(json.dumps({"errorType": kind, "errorMessage": message}).encode(), is_error=True)
