"""Settings of a system on LocalStack, from the environment of the caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.aws.session import endpoint
from infra.local.deployed import project as projects

#: Not those of `make up`, so that both can run; 0 means any free port.
DEFAULT_PORTS = {"LOCALSTACK_PORT": 4567, "WS_PORT": 2011, "UI_PORT": 3011}


class SettingsError(ValueError):
    """Raised when a variable has an invalid value; names it."""


@dataclass(frozen=True, slots=True)
class LocalStackSettings:
    """Ports, folders, and addresses of what runs elsewhere."""

    project: Path
    home: Path
    #: where LocalStack is installed
    venv_home: Path
    #: an endpoint that is running already; None to start LocalStack on this host
    endpoint: str | None
    port: int
    ws_port: int
    ui_port: int
    #: where our own servers listen; functions in containers need more than loopback
    bind: str
    #: the name of this host for functions
    host: str
    #: databases that run elsewhere; None to start our own
    mongodb_uri: str | None
    redis_url: str | None
    stack: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str], project: Path) -> "LocalStackSettings":
        """Read and check the variables. Raises SettingsError if one is invalid."""
        ports = {name: _port(environ, name) for name in DEFAULT_PORTS}
        home = Path(environ.get("QUEUECRAFT_HOME") or project / ".queuecraft").resolve()
        return cls(
            project=project,
            home=home / "localstack",
            venv_home=home / "localstack",
            endpoint=endpoint(environ),
            port=ports["LOCALSTACK_PORT"],
            ws_port=ports["WS_PORT"],
            ui_port=ports["UI_PORT"],
            bind=environ.get("BIND") or "127.0.0.1",
            host=environ.get("FUNCTIONS_SEE_HOST_AS") or "127.0.0.1",
            mongodb_uri=environ.get("MONGODB_URI") or None,
            redis_url=environ.get("REDIS_URL") or None,
            stack=environ.get("STACK_NAME") or projects.of(project).stack,
        )


def _port(environ: Mapping[str, str], name: str) -> int:
    raw = environ.get(name) or str(DEFAULT_PORTS[name])
    if not raw.isdigit() or int(raw) > 65535:
        raise SettingsError(f"{name} must be a port number, or 0 for any free one, not {raw!r}")
    return int(raw)
