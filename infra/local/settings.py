"""Settings of a local stack, from the environment of the caller."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local import files
from infra.local.deployed import project as projects
from infra.local.deployed.project_file import ProjectError

#: The caller's variables that must not reach functions: they would change the interpreter or the account.
WITHHELD = ("AWS_", "PYTHON", "VIRTUAL_ENV", "PYTEST_", "COV_CORE_")
#: Those that the list of pools gives to each function.
GIVEN = frozenset({"POOL", "POOLS", "POOL_FLEET", "TASK_PACKAGE"})
#: The bucket of exports, which a deployment makes.
EXPORT_BUCKET = "queuecraft-exports"
PAYLOAD_BUCKET = "queuecraft-payloads"
#: The variables of buckets that a deployment would have.
BUCKETS = ("EXPORT_BUCKET", "PAYLOAD_BUCKET")
DEFAULT_PORTS = {"PORT": 2000, "WS_PORT": 2001, "AWS_PORT": 4566, "UI_PORT": 3000}


class StartError(RuntimeError):
    """Raised when the stack cannot start; the text says why and what to do."""


class SettingsError(ValueError):
    """Raised when a variable has an invalid value; names it."""


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Ports, folders and the caller's variables."""

    project: Path
    home: Path
    port: int
    ws_port: int
    aws_port: int
    ui_port: int
    #: address of the four ports; in a container, that of its network
    bind: str
    stack_name: str
    #: databases that run elsewhere; None to start our own
    mongodb_uri: str | None
    redis_url: str | None
    #: the part of the caller's environment that functions see
    variables: Mapping[str, str]
    #: delay of the first retry of an asynchronous event, seconds
    async_retry_base_s: float

    @classmethod
    def from_env(cls, environ: Mapping[str, str], project: Path) -> "LocalSettings":
        """Read and check the variables. Raises SettingsError if one is invalid."""
        ports = {name: _port(environ, name) for name in DEFAULT_PORTS}
        try:
            stack = projects.of(project).stack
        except ProjectError as error:
            raise SettingsError(str(error)) from error
        suffix = "" if ports == DEFAULT_PORTS else f"-{ports['PORT']}"
        return cls(
            project=project,
            home=Path(environ.get("QUEUECRAFT_HOME") or project / ".queuecraft").resolve(),
            port=ports["PORT"],
            ws_port=ports["WS_PORT"],
            aws_port=ports["AWS_PORT"],
            ui_port=ports["UI_PORT"],
            bind=environ.get("BIND") or "127.0.0.1",
            stack_name=environ.get("STACK_NAME") or f"{stack}-local{suffix}",
            mongodb_uri=environ.get("MONGODB_URI") or None,
            redis_url=environ.get("REDIS_URL") or None,
            variables={
                name: value for name, value in environ.items() if not name.startswith(WITHHELD) and name not in GIVEN
            },
            async_retry_base_s=float(environ.get("ASYNC_RETRY_BASE_S") or 60),
        )

    @property
    def breakpoints(self) -> Path:
        """Folder in which functions say that they wait at a breakpoint."""
        return self.home / "breakpoints"

    @property
    def logs(self) -> Path:
        """Folder of the log files."""
        return self.home / "logs"

    def addresses(self, mongodb_uri: str, redis_url: str) -> dict[str, str]:
        """Return the variables that only the stack knows; they override those of the deployment."""
        endpoint = f"http://127.0.0.1:{self.aws_port}"
        return {
            "MONGODB_URI": mongodb_uri,
            "REDIS_URL": redis_url,
            "SECRET_KEY": self.variables.get("SECRET_KEY") or files.secret(self.home / "secret_key"),
            "FRONTEND_URL": self.variables.get("FRONTEND_URL") or f"http://localhost:{self.ui_port}",
            "AWS_ENDPOINT_URL": endpoint,
            "EXPORT_BUCKET": self.variables.get("EXPORT_BUCKET") or EXPORT_BUCKET,
            "PAYLOAD_BUCKET": self.variables.get("PAYLOAD_BUCKET") or PAYLOAD_BUCKET,
            "WEBSOCKET_API_ENDPOINT": endpoint,
            "API_URL": self.variables.get("API_URL") or f"http://127.0.0.1:{self.port}",
            "WEBSOCKET_URL": f"ws://127.0.0.1:{self.ws_port}",
            "STAGE": "local",
            "STACK_NAME": self.stack_name,
        }


def without_password(uri: str) -> str:
    """Return the address without user and password, for terminals and logs."""
    return re.sub(r"//[^/@]*@", "//", uri)


def _port(environ: Mapping[str, str], name: str) -> int:
    raw = environ.get(name) or str(DEFAULT_PORTS[name])
    if not raw.isdigit() or not 0 < int(raw) < 65536:
        raise SettingsError(f"{name} must be a port number, not {raw!r}")
    return int(raw)
