"""Settings: the only reader of ``os.environ``. Read once at start into a frozen, validated value."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from chalicelib.errors import MisconfiguredError

MIN_SECRET_CHARS: Final = 32
REQUIRED: Final = ("MONGODB_URI", "REDIS_URL", "SECRET_KEY")
#: What may be kept outside the environment, in a store of secrets: those, and the origin that a deployment learns late.
SECRETS: Final = (*REQUIRED, "SECRET_KEY_PREVIOUS", "SCRAPE_TOKEN", "EDGE_SECRET", "FRONTEND_URL")
#: Fetches secrets: (path, names, environment) → those that exist, by name.
Secrets = Callable[[str, Sequence[str], Mapping[str, str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set from outside. Durations end in ``_s`` or ``_ms``; 0 switches a limit off."""

    mongodb_uri: str
    redis_url: str
    #: Signs session tokens (HS256); at least 32 characters, no default.
    secret_key: str
    #: The key before the last rotation; still verifies, never signs.
    secret_key_previous: str | None = None
    #: ``MONGODB_DATABASE``, else the path of ``MONGODB_URI``, else ``queuecraft``.
    mongodb_database: str = "queuecraft"
    #: Redis pub/sub channel of job events.
    job_events_channel: str = "job_status_updates"
    #: The hash tag that all keys of one engine share; one per shard or tenant group.
    redis_namespace: str = "qc"
    frontend_url: str = "http://localhost:3000"
    stage: str = "local"
    #: Tells two local stacks apart in one browser: cookies ignore ports.
    stack_name: str = "queuecraft"
    #: Jobs at once in one worker.
    job_concurrency: int = 5
    #: Jobs at once in all workers.
    job_fleet_concurrency: int = 10
    max_active_jobs_per_user: int = 5
    rate_limit_window_ms: int = 60_000
    rate_limit_max_requests: int = 10
    retry_backoff_base_s: float = 5.0
    simulated_job_s: float = 10.0
    #: How long a job waits for a worker that knows its task before it goes to the DLQ.
    unknown_task_s: float = 900.0
    lease_ms: int = 15_000
    heartbeat_ms: int = 5_000
    #: A worker with nothing due stays this long before it retires.
    worker_linger_s: float = 2.0
    #: Event ids kept for resuming clients.
    event_log_size: int = 50_000
    #: And megabytes of them.
    event_log_mb: int = 64
    #: What one tenant may have; 0 switches a limit off.
    max_queues_per_tenant: int = 1_000
    max_open_jobs_per_tenant: int = 1_000_000
    session_ttl_s: int = 24 * 3600
    log_in_attempts_per_minute: int = 10
    sign_ups_per_hour: int = 20
    max_members_per_tenant: int = 100
    max_connections_per_user: int = 50
    max_connections_per_tenant: int = 1_000
    #: Of one user, on all WebSockets.
    websocket_frames_per_minute: int = 1_200
    #: Let ``http_request`` reach loopback, private and link-local addresses.
    http_allow_private: bool = False
    #: CloudFront sends it as ``X-Edge-Secret``; only then its word on the viewer's address is taken.
    edge_secret: str | None = None
    #: Protects ``/prometheus/metrics`` when set.
    scrape_token: str | None = None
    #: Shards of the connection manager.
    websocket_shards: int = 1
    worker_function: str = "queuecraft-local-worker"
    connection_manager_function: str = "queuecraft-local-connection-manager"
    #: Modules of tasks that workers don't import, by dotted name: they end or hold up whatever process does.
    task_modules_left_out: tuple[str, ...] = ()
    #: Endpoint of the ``@connections`` API.
    websocket_api_endpoint: str = ""
    #: Public URL that a browser opens for the WebSocket.
    websocket_url: str = ""
    #: What Lambda gives a function to sign its calls with.
    aws_region: str = "us-east-1"
    #: Endpoint of the Lambda API; empty for the region's own.
    lambda_endpoint: str = ""
    aws_access_key_id: str = ""
    aws_secret_access_key: str = field(default="", repr=False)
    aws_session_token: str = field(default="", repr=False)
    log_level: str = "INFO"
    #: Which part of the system logs: api, worker, connection-manager.
    service_name: str = "queuecraft"
    #: Where X-Ray's daemon listens, as Lambda says; empty where there is none.
    tracing_daemon: str = ""

    @property
    def deployed(self) -> bool:
        """Whether this runs outside a developer's machine."""
        return self.stage != "local"

    def required_frontend_url(self) -> str:
        """The origin that browsers may call from; raises ``MisconfiguredError`` where a deployed stage has none."""
        if not self.frontend_url:
            raise MisconfiguredError("FRONTEND_URL is not set: it is stored by the deployment that is under way")
        return self.frontend_url

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, secrets: Secrets | None = None) -> Settings:
        """Read and check the environment; raises ``MisconfiguredError`` naming the variable at fault.

        Where ``SECRETS_PATH`` is set and a required variable is not, ``secrets`` is asked for those in ``SECRETS``;
        the environment wins.
        """
        env = os.environ if env is None else env
        path = env.get("SECRETS_PATH")
        if secrets is not None and path and not all(env.get(name) for name in REQUIRED):
            env = {**secrets(path, SECRETS, env), **{name: value for name, value in env.items() if value}}
        return _Reader(env).settings()


def frontend_url(env: Mapping[str, str] | None = None) -> str:
    """The origin that browsers may call from; empty where a deployed function does not know it. Apart from the rest,
    since packaging the API needs it and nothing else."""
    env = os.environ if env is None else env
    return env.get("FRONTEND_URL") or ("" if env.get("STAGE", "local") != "local" else "http://localhost:3000")


def in_function(env: Mapping[str, str] | None = None) -> bool:
    """Whether this process is a Lambda function, not a tool that imports the code of one, such as Chalice's packager.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    """
    return "AWS_LAMBDA_RUNTIME_API" in (os.environ if env is None else env)


def trace_header(env: Mapping[str, str] | None = None) -> str:
    """The trace of the current invocation: ``Root=…;Parent=…;Sampled=1``. The runtime sets it anew for each."""
    return (os.environ if env is None else env).get("_X_AMZN_TRACE_ID", "")


def environment() -> dict[str, str]:
    """A copy of the environment."""
    return dict(os.environ)


def set_environment(wanted: Mapping[str, str]) -> list[str]:
    """Make the environment this one; the names of what was otherwise."""
    now = environment()
    for name in now.keys() - wanted.keys():
        del os.environ[name]
    changed = {name: value for name, value in wanted.items() if now.get(name) != value}
    os.environ.update(changed)
    return sorted((now.keys() - wanted.keys()) | changed.keys())


class _Reader:
    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env

    def text(self, name: str, default: str | None = None) -> str:
        value = self.env.get(name) or default
        if value is None:
            raise MisconfiguredError(f"{name} is not set")
        return value

    def number(self, name: str, default: float, low: float = 0) -> float:
        raw = self.env.get(name, "")
        try:
            value = float(raw) if raw else default
        except ValueError:
            raise MisconfiguredError(f"{name} must be a number, not {raw!r}") from None
        if not low <= value < float("inf"):
            raise MisconfiguredError(f"{name} must be at least {low:g}, not {raw}")
        return value

    def whole(self, name: str, default: int, low: int = 0) -> int:
        value = self.number(name, default, low)
        if value != int(value):
            raise MisconfiguredError(f"{name} must be a whole number, not {value:g}")
        return int(value)

    def flag(self, name: str) -> bool:
        raw = self.env.get(name, "").lower()
        if raw not in {"", "0", "1", "false", "true", "no", "yes"}:
            raise MisconfiguredError(f"{name} must be true or false, not {raw!r}")
        return raw in {"1", "true", "yes"}

    def secret(self, name: str, *, required: bool) -> str | None:
        value = self.env.get(name)
        if not value:
            if required:
                raise MisconfiguredError(f"{name} is not set; make one with: openssl rand -hex 32")
            return None
        if len(value) < MIN_SECRET_CHARS:
            raise MisconfiguredError(f"{name} must have at least {MIN_SECRET_CHARS} characters")
        return value

    def database_of_uri(self) -> str:
        """The path of MONGODB_URI: ``app`` of ``mongodb+srv://host/app?w=majority``.

        ``admin`` is none: a URI names it to say where its user is kept.
        """
        rest = self.text("MONGODB_URI").partition("://")[2]
        path = unquote(rest.partition("?")[0].partition("/")[2])
        return "" if path == "admin" else path

    def settings(self) -> Settings:
        lease_ms = self.whole("LEASE_MS", 15_000, 100)
        heartbeat_ms = self.whole("HEARTBEAT_MS", min(5_000, lease_ms // 3), 30)
        if heartbeat_ms * 2 > lease_ms:
            raise MisconfiguredError("HEARTBEAT_MS must be at most half of LEASE_MS")
        return Settings(
            mongodb_uri=self.text("MONGODB_URI"),
            redis_url=self.text("REDIS_URL"),
            secret_key=self.secret("SECRET_KEY", required=True) or "",
            secret_key_previous=self.secret("SECRET_KEY_PREVIOUS", required=False),
            mongodb_database=self.text("MONGODB_DATABASE", self.database_of_uri() or "queuecraft"),
            job_events_channel=self.text("REDIS_JOB_EVENTS_CHANNEL", "job_status_updates"),
            redis_namespace=self.text("REDIS_NAMESPACE", "qc"),
            frontend_url=frontend_url(self.env),
            stage=self.text("STAGE", "local"),
            stack_name=self.text("STACK_NAME", "queuecraft"),
            job_concurrency=self.whole("JOB_CONCURRENCY", 5, 1),
            job_fleet_concurrency=self.whole("JOB_FLEET_CONCURRENCY", 10, 1),
            max_active_jobs_per_user=self.whole("MAX_ACTIVE_JOBS_PER_USER", 5),
            rate_limit_window_ms=self.whole("RATE_LIMIT_WINDOW", 60_000, 1),
            rate_limit_max_requests=self.whole("RATE_LIMIT_MAX_REQUESTS", 10),
            retry_backoff_base_s=self.number("RETRY_BACKOFF_BASE_S", 5.0),
            simulated_job_s=self.number("SIMULATED_JOB_S", 10.0),
            unknown_task_s=self.number("UNKNOWN_TASK_S", 900.0),
            lease_ms=lease_ms,
            heartbeat_ms=heartbeat_ms,
            worker_linger_s=self.number("WORKER_LINGER_S", 2.0),
            event_log_size=self.whole("EVENT_LOG_SIZE", 50_000, 100),
            event_log_mb=self.whole("EVENT_LOG_MB", 64, 1),
            max_queues_per_tenant=self.whole("MAX_QUEUES_PER_TENANT", 1_000),
            max_open_jobs_per_tenant=self.whole("MAX_OPEN_JOBS_PER_TENANT", 1_000_000),
            session_ttl_s=self.whole("SESSION_TTL_S", 24 * 3600, 60),
            log_in_attempts_per_minute=self.whole("LOG_IN_ATTEMPTS_PER_MINUTE", 10),
            sign_ups_per_hour=self.whole("SIGN_UPS_PER_HOUR", 20),
            max_members_per_tenant=self.whole("MAX_MEMBERS_PER_TENANT", 100),
            max_connections_per_user=self.whole("MAX_CONNECTIONS_PER_USER", 50),
            max_connections_per_tenant=self.whole("MAX_CONNECTIONS_PER_TENANT", 1_000),
            websocket_frames_per_minute=self.whole("WEBSOCKET_FRAMES_PER_MINUTE", 1_200),
            http_allow_private=self.flag("HTTP_ALLOW_PRIVATE"),
            edge_secret=self.secret("EDGE_SECRET", required=False),
            scrape_token=self.secret("SCRAPE_TOKEN", required=False),
            websocket_shards=self.whole("WEBSOCKET_SHARDS", 1, 1),
            worker_function=self.text("WORKER_FUNCTION", "queuecraft-local-worker"),
            connection_manager_function=self.text("CONNECTION_MANAGER_FUNCTION", "queuecraft-local-connection-manager"),
            task_modules_left_out=tuple(self.env.get("TASK_MODULES_LEFT_OUT", "").replace(",", " ").split()),
            websocket_api_endpoint=self.env.get("WEBSOCKET_API_ENDPOINT", ""),
            websocket_url=self.env.get("WEBSOCKET_URL", ""),
            aws_region=self.env.get("AWS_REGION") or self.text("AWS_DEFAULT_REGION", "us-east-1"),
            lambda_endpoint=self.env.get("AWS_ENDPOINT_URL_LAMBDA") or self.env.get("AWS_ENDPOINT_URL", ""),
            aws_access_key_id=self.env.get("AWS_ACCESS_KEY_ID", ""),
            aws_secret_access_key=self.env.get("AWS_SECRET_ACCESS_KEY", ""),
            aws_session_token=self.env.get("AWS_SESSION_TOKEN", ""),
            log_level=self.text("LOG_LEVEL", "INFO"),
            service_name=self.text("POWERTOOLS_SERVICE_NAME", "queuecraft"),
            tracing_daemon=self.env.get("AWS_XRAY_DAEMON_ADDRESS", ""),
        )
