"""A whole local stack for end-to-end tests: `python -m infra.local up` with its own process, folder and ports."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local import children
from infra.local.databases import free_port

ROOT = Path(__file__).resolve().parents[2]
#: How often a stack is started whose databases do not get their ports.
STARTS = 3
_TAKEN = re.compile(r"Port \d+ for (mongodb|valkey) is taken by another process")


class StackFailedError(RuntimeError):
    """Raised when the stack did not become ready or ended; has the end of its output."""


class PortTakenError(StackFailedError):
    """Raised when another process took the port that was chosen for a database."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service as `run.json` lists it."""

    name: str
    pids: tuple[int, ...]
    #: 0 for functions
    port: int
    url: str | None
    log: Path | None

    @property
    def pid(self) -> int:
        """The process of a service that has one, 0 when it does not run."""
        return self.pids[0] if self.pids else 0


class LocalStack:
    """Starts a stack and has its addresses. Use it as a context manager, or call `start` and `stop`.

    `env` is added to the environment of the stack, and so of its functions. `project` is the folder of `app.py`. With
    `home` the data outlives the stack, and the next one with that home uses it. Code that changes while it runs is
    loaded only with `reload`.
    """

    def __init__(
        self,
        *,
        env: Mapping[str, str] | None = None,
        project: Path = ROOT,
        home: Path | None = None,
        reload: bool = False,
    ) -> None:
        self.project = project
        self._folder = tempfile.TemporaryDirectory(prefix="queuecraft-") if home is None else None
        self.home = Path(self._folder.name) if self._folder is not None else Path(str(home))
        self.port, self.ws_port, self.aws_port, self.ui_port = (free_port() for _ in range(4))
        self._env = dict(env or {})
        self._options = [] if reload else ["--no-reload"]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def api_url(self) -> str:
        """The REST API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        """The WebSocket API."""
        return f"ws://127.0.0.1:{self.ws_port}"

    @property
    def aws_url(self) -> str:
        """The endpoint for AWS SDKs."""
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def mongodb_uri(self) -> str:
        """The connection string of the stack's MongoDB."""
        return self._url("mongodb")

    @property
    def redis_url(self) -> str:
        """The connection string of the stack's Valkey."""
        return self._url("valkey")

    @property
    def pid(self) -> int:
        """The process id of the supervisor."""
        assert self._process is not None, "the stack was not started"  # noqa: S101 - misuse by a test
        return self._process.pid

    @property
    def output(self) -> str:
        """What the stack printed: the merged log."""
        path = self.home / "output.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self, timeout_s: float = 30.0) -> "LocalStack":
        """Start and return when it is ready. Raises StackFailedError if it is not in time.

        It starts again if another process took the port that it had chosen for a database: many start beside it.
        """
        for _ in range(STARTS - 1):
            self.launch()
            with suppress(PortTakenError):
                return self.wait_ready(timeout_s)
        self.launch()
        return self.wait_ready(timeout_s)

    def launch(self) -> None:
        """Start without waiting."""
        self.home.mkdir(parents=True, exist_ok=True)
        environ = {name: value for name, value in os.environ.items() if not name.startswith("QC_")}
        environ |= {
            "PORT": str(self.port),
            "WS_PORT": str(self.ws_port),
            "AWS_PORT": str(self.aws_port),
            "UI_PORT": str(self.ui_port),
            "QUEUECRAFT_HOME": str(self.home),
            **self._env,
        }
        self._process = children.spawn(
            [sys.executable, "-m", "infra.local", "up", "--project", str(self.project), *self._options],
            log=self.home / "output.log",
            cwd=ROOT,
            env=environ,
        )

    def wait_ready(self, timeout_s: float = 30.0) -> "LocalStack":
        """Return when `run.json` says ready."""
        deadline = time.monotonic() + timeout_s
        while not self.run().get("ready"):
            if not self.is_running:
                output = self.output[-4000:]
                error = PortTakenError if _TAKEN.search(output) else StackFailedError
                raise error(f"The stack ended:\n{output}")
            if time.monotonic() > deadline:
                output = self.output[-4000:]
                self.stop()
                raise StackFailedError(f"The stack was not ready within {timeout_s:.0f} s:\n{output}")
            time.sleep(0.02)
        return self

    @property
    def is_running(self) -> bool:
        """Whether the supervisor runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self, timeout_s: float = 20.0, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop as `make down` (or, by SIGINT, as Ctrl-C) does; return the exit status, -9 if it had to be killed."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.send_signal(how)
        try:
            return process.wait(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait(timeout=10)

    def kill(self) -> None:
        """Kill the supervisor (SIGKILL), like a crash; the kernel ends what it started."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None

    def run(self) -> dict[str, Any]:
        """Return the current `run.json`; empty before this stack wrote it."""
        try:
            run: dict[str, Any] = json.loads((self.home / "run.json").read_text())
        except FileNotFoundError:
            return {}
        return run if self._process is None or run["pid"] == self._process.pid else {}

    def service(self, name: str) -> Service:
        """Return a service: api, websocket, aws, dashboard, mongodb, valkey, moto, or a function's logical id."""
        for service in self.run().get("services", []):
            if service["name"] == name:
                pids = service.get("pids") or ([service["pid"]] if service.get("pid") else [])
                log = Path(service["log"]) if "log" in service else None
                return Service(name, tuple(pids), service.get("port", 0), service.get("url"), log)
        raise KeyError(name)

    def lambda_pids(self, function: str) -> tuple[int, ...]:
        """Return the processes of a function (by logical id: `Worker`, `ConnectionManager`, `APIHandler`,
        `Websocket`).
        """
        return self.service(function).pids

    def aws_client(self, service: str, **options: Any) -> Any:
        """Return a boto3 client of this stack; ``options`` are those of botocore's ``Config``."""
        # slow to import, and not every test needs them
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        return boto3.client(
            service,
            endpoint_url=self.aws_url,
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",  # noqa: S106 - the local AWS takes any
            config=Config(**options),
        )

    def __enter__(self) -> "LocalStack":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._folder is not None:
            self._folder.cleanup()

    def _url(self, name: str) -> str:
        return str(self.run()["urls"][name])
