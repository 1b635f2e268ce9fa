"""Settings: the only reader of ``os.environ``. Read once at start into a frozen, validated value."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from chalicelib.domain.pools import DEFAULT_POOL, PoolModules
from chalicelib.errors import MisconfiguredError
from chalicelib.variables import (
    Reader,
    Variable,
    any_text,
    concealed,
    hidden,
    required,
    seconds,
    secret,
    setting,
    text,
    whole,
)

REQUIRED: Final = ("MONGODB_URI", "REDIS_URL", "SECRET_KEY")
#: What may be kept outside the environment, in a store of secrets: those, and the origin that a deployment learns late.
SECRETS: Final = (*REQUIRED, "SECRET_KEY_PREVIOUS", "SCRAPE_TOKEN", "EDGE_SECRET", "FRONTEND_URL")
#: Fetches secrets: (path, names, environment) → those that exist, by name.
Secrets = Callable[[str, Sequence[str], Mapping[str, str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True, eq=False)  # its comparison would take a quarter of its making
class Settings:
    """All that can be set from outside; docs/settings.md is made from it. Durations end in ``_s`` or ``_ms``."""

    mongodb_uri: str = required(
        "MONGODB_URI",
        lambda env: env.text("MONGODB_URI"),
        "your MongoDB; the path of the URI names the database, `queuecraft` if it is empty",
        "started locally",
    )
    redis_url: str = required("REDIS_URL", lambda env: env.text("REDIS_URL"), "your Redis or Valkey", "started locally")
    secret_key: str = required(
        "SECRET_KEY",
        lambda env: env.secret("SECRET_KEY", required=True),
        "signs sessions (HS256); at least 32 characters",
        "generated locally; none when deployed",
    )
    secret_key_previous: str | None = secret(
        "SECRET_KEY_PREVIOUS", "the key before the last rotation; it verifies sessions and never signs"
    )
    mongodb_database: str = setting(
        "MONGODB_DATABASE",
        "queuecraft",
        lambda env: env.text("MONGODB_DATABASE", env.database_of_uri() or "queuecraft"),
        "",
        "",
    )
    frontend_url: str = setting(
        "FRONTEND_URL",
        "http://localhost:3000",
        lambda env: frontend_url(env.env),
        "the only origin that browsers may call the API from",
        "`http://localhost:3000`",
    )
    job_concurrency: int = whole("JOB_CONCURRENCY", 5, "jobs that one worker runs at the same time", low=1)
    job_fleet_concurrency: int = whole("JOB_FLEET_CONCURRENCY", 10, "jobs that all workers run at the same time", low=1)
    max_active_jobs_per_user: int = whole(
        "MAX_ACTIVE_JOBS_PER_USER", 5, "pending, running and retrying jobs of one user; 0 = no limit"
    )
    rate_limit_max_requests: int = whole(
        "RATE_LIMIT_MAX_REQUESTS", 10, "job creation attempts of one user in a sliding window; 0 = no limit"
    )
    rate_limit_window_ms: int = whole("RATE_LIMIT_WINDOW", 60_000, "length of that window in milliseconds", low=1)
    max_submissions_per_minute_per_tenant: int = whole(
        "MAX_SUBMISSIONS_PER_MINUTE_PER_TENANT",
        0,
        "jobs submitted for one tenant in any minute; operators set other limits for a tenant; 0 = no limit",
    )
    max_open_jobs_per_tenant: int = whole(
        "MAX_OPEN_JOBS_PER_TENANT",
        1_000_000,
        "open jobs (not ended) of one tenant; operators set other limits for a tenant; 0 = no limit",
    )
    max_queues_per_tenant: int = whole(
        "MAX_QUEUES_PER_TENANT", 1_000, "queues of one tenant with open jobs; also its paused queues; 0 = no limit"
    )
    max_limit_keys_per_tenant: int = whole(
        "MAX_LIMIT_KEYS_PER_TENANT", 100_000, "keys of limits with ready jobs of one tenant; 0 = no limit"
    )
    keep_completed_days: int = whole(
        "KEEP_COMPLETED_DAYS", 30, "days after which completed jobs are deleted; tenants can set others; 0 = never"
    )
    keep_dlq_days: int = whole("KEEP_DLQ_DAYS", 90, "the same for jobs in the DLQ")
    keep_cancelled_days: int = whole("KEEP_CANCELLED_DAYS", 30, "the same for cancelled jobs")
    keep_audit_days: int = whole(
        "KEEP_AUDIT_DAYS", 365, "days after which entries of the audit log are deleted; 0 = never"
    )
    max_payload_bytes: int = whole(
        "MAX_PAYLOAD_BYTES",
        5 * 1024 * 1024,
        "bytes of JSON of a payload, and of a result, where there is a bucket for those over 65536 (`PAYLOAD_BUCKET`)",
        low=64 * 1024,
        high=5 * 1024 * 1024,
    )
    max_members_per_tenant: int = whole("MAX_MEMBERS_PER_TENANT", 100, "members of one tenant; 0 = no limit")
    max_schedules_per_tenant: int = whole("MAX_SCHEDULES_PER_TENANT", 10_000, "schedules of one tenant; 0 = no limit")
    max_api_keys_per_tenant: int = whole("MAX_API_KEYS_PER_TENANT", 100, "API keys of one tenant; 0 = no limit")
    max_webhooks_per_tenant: int = whole("MAX_WEBHOOKS_PER_TENANT", 20, "webhooks of one tenant; 0 = no limit")
    max_alerts_per_tenant: int = whole("MAX_ALERTS_PER_TENANT", 50, "alert rules of one tenant; 0 = no limit")
    max_connections_per_user: int = whole("MAX_CONNECTIONS_PER_USER", 50, "open WebSockets of one user; 0 = no limit")
    max_connections_per_tenant: int = whole(
        "MAX_CONNECTIONS_PER_TENANT", 1_000, "open WebSockets of one tenant; 0 = no limit"
    )
    websocket_frames_per_minute: int = whole(
        "WEBSOCKET_FRAMES_PER_MINUTE",
        1_200,
        "frames that one user may send over all WebSockets; ten times as many for a tenant; 0 = no limit",
    )
    log_in_attempts_per_minute: int = whole(
        "LOG_IN_ATTEMPTS_PER_MINUTE",
        10,
        "log-in attempts per account and IP address, three times as many per IP address; 0 = no limit",
    )
    sign_ups_per_hour: int = whole("SIGN_UPS_PER_HOUR", 20, "sign-ups per IP address; 0 = no limit")
    session_ttl_s: int = whole("SESSION_TTL_S", 24 * 3600, "lifetime of a session token", low=60)
    priority_age_s: float = seconds(
        "PRIORITY_AGE_S", 60.0, "seconds of waiting that one step of priority is worth, for new jobs"
    )
    retry_backoff_base_s: float = seconds(
        "RETRY_BACKOFF_BASE_S", 5.0, "wait before the first retry; doubles each time, ±10 %"
    )
    unknown_task_s: float = seconds(
        "UNKNOWN_TASK_S",
        900.0,
        "how long a job waits for a worker that has its task (during a deployment) before it goes to the DLQ",
    )
    lease_ms: int = whole(
        "LEASE_MS", 15_000, "length of a lease; a crashed worker's jobs are taken over after it", low=100
    )
    heartbeat_ms: int = setting(
        "HEARTBEAT_MS",
        5_000,
        lambda env: env.heartbeat_ms(),
        "how often a worker renews its leases; at most half of `LEASE_MS`",
        "a third of `LEASE_MS`, at most 5000",
    )
    worker_linger_s: float = seconds("WORKER_LINGER_S", 2.0, "how long an idle worker waits for jobs before it exits")
    simulated_job_s: float = seconds("SIMULATED_JOB_S", 10.0, "duration of a `simulated` job")
    http_allow_private: bool = setting(
        "HTTP_ALLOW_PRIVATE",
        False,
        lambda env: env.flag("HTTP_ALLOW_PRIVATE"),
        "lets the `http_request` task and webhooks reach loopback, private and link-local addresses",
        "false",
    )
    task_modules_left_out: tuple[str, ...] = setting(
        "TASK_MODULES_LEFT_OUT",
        (),
        lambda env: tuple(env.env.get("TASK_MODULES_LEFT_OUT", "").replace(",", " ").split()),
        "task modules not to import, separated by commas; the local stack adds modules that crash or time out",
        "none",
    )
    job_events_channel: str = text(
        "REDIS_JOB_EVENTS_CHANNEL", "job_status_updates", "pub/sub channel of job events", "`job_status_updates`"
    )
    event_log_size: int = whole("EVENT_LOG_SIZE", 50_000, "events kept in the log for clients that resume", low=100)
    event_log_mb: int = whole("EVENT_LOG_MB", 64, "size of that log in megabytes", low=1)
    websocket_shards: int = whole("WEBSOCKET_SHARDS", 1, "number of shards; each has one connection manager", low=1)
    mail_from: str = setting(
        "MAIL_FROM",
        "",
        lambda env: env.mail_from(),
        "sender of mails, as `Queue <queue@example.com>`, verified in Amazon SES; without it a deployment sends none",
        "none",
    )
    scrape_token: str | None = secret("SCRAPE_TOKEN", "bearer token that `/prometheus/metrics` requires")
    edge_secret: str | None = secret(
        "EDGE_SECRET", "`X-Forwarded-For` is trusted on requests that carry this secret in `X-Edge-Secret`"
    )
    log_level: str = text("LOG_LEVEL", "INFO", "lowest level of log lines that are written", "INFO")
    otlp_url: str = setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "",
        lambda env: env.otlp_url(),
        "where spans are sent, by OTLP over HTTP with JSON, as `http://localhost:4318`; `/v1/traces` is added, except "
        "to `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, which comes first; see [tracing](tracing.md)",
        "none",
    )
    otlp_headers: str = concealed(
        "OTEL_EXPORTER_OTLP_HEADERS", "headers of these requests: `name=value,name=value`, values percent-encoded"
    )
    trace_ratio: float = setting(
        "OTEL_TRACES_SAMPLER_ARG",
        1.0,
        lambda env: env.ratio("OTEL_TRACES_SAMPLER_ARG"),
        "which part of the traces is recorded, 0 to 1, of those whose caller did not decide",
        "1",
    )
    trace_url: str = setting(
        "TRACE_URL",
        "",
        lambda env: env.trace_url(),
        "address of a trace in your tracing UI, with `{traceId}`; the dashboard links to it",
        "none",
    )

    # --- set by the deployment and by the local stack --------------------------------------------------------
    #: The hash tag that all keys of one engine share; one per shard or tenant group.
    redis_namespace: str = text("REDIS_NAMESPACE", "qc")
    stage: str = text("STAGE", "local")
    #: Distinguishes two local stacks in one browser: cookies ignore ports.
    stack_name: str = text("STACK_NAME", "queuecraft")
    #: The pool that this process serves; that of the API and the connection manager is not used.
    pool: str = text("POOL", DEFAULT_POOL)
    #: Slots of all its workers, unless it is the default pool: ``job_fleet_concurrency`` is that one's, in any process.
    pool_fleet: int = whole("POOL_FLEET", 0)
    #: The task modules of each pool besides the default one: ``{"heavy": ["reports"]}``.
    pools: PoolModules = field(default_factory=dict, metadata={"variable": Variable("POOLS", lambda env: env.pools())})
    #: The package of tasks of a project of its own; empty: that of the reference project.
    task_package: str = text("TASK_PACKAGE", "")
    #: The function of the default pool; the name of another pool follows it.
    worker_function: str = text("WORKER_FUNCTION", "queuecraft-local-worker")
    ticker_function: str = text("TICKER_FUNCTION", "queuecraft-local-ticker")
    connection_manager_function: str = text("CONNECTION_MANAGER_FUNCTION", "queuecraft-local-connection-manager")
    #: Endpoint of the ``@connections`` API.
    websocket_api_endpoint: str = any_text("WEBSOCKET_API_ENDPOINT")
    api_url: str = text("API_URL", "", "where clients reach the API; callback URLs of durable jobs begin with it")
    #: Public URL that a browser opens for the WebSocket.
    websocket_url: str = any_text("WEBSOCKET_URL")
    #: Which part of the system logs: api, worker, connection-manager.
    service_name: str = text("POWERTOOLS_SERVICE_NAME", "queuecraft")

    # --- set by Lambda ---------------------------------------------------------------------------------------
    aws_region: str = setting(
        "AWS_REGION",
        "us-east-1",
        lambda env: env.env.get("AWS_REGION") or env.text("AWS_DEFAULT_REGION", "us-east-1"),
        "",
        "",
    )
    #: Endpoint of the Lambda API; empty for the region's own.
    lambda_endpoint: str = setting(
        "AWS_ENDPOINT_URL_LAMBDA",
        "",
        lambda env: env.env.get("AWS_ENDPOINT_URL_LAMBDA") or env.env.get("AWS_ENDPOINT_URL", ""),
        "",
        "",
    )
    #: Where exports are written; empty: only small ones are possible.
    export_bucket: str = text("EXPORT_BUCKET", "")
    #: Where payloads and results over 64 KB are kept; empty: larger ones are refused.
    payload_bucket: str = text("PAYLOAD_BUCKET", "")
    #: Endpoint of S3; empty for the region's own.
    s3_endpoint: str = setting(
        "AWS_ENDPOINT_URL_S3",
        "",
        lambda env: env.env.get("AWS_ENDPOINT_URL_S3") or env.env.get("AWS_ENDPOINT_URL", ""),
        "",
        "",
    )
    #: Endpoint of Amazon SES; empty for the region's own.
    ses_endpoint: str = setting(
        "AWS_ENDPOINT_URL_SES",
        "",
        lambda env: env.env.get("AWS_ENDPOINT_URL_SES") or env.env.get("AWS_ENDPOINT_URL", ""),
        "",
        "",
    )
    aws_access_key_id: str = any_text("AWS_ACCESS_KEY_ID")
    aws_secret_access_key: str = hidden("AWS_SECRET_ACCESS_KEY")
    aws_session_token: str = hidden("AWS_SESSION_TOKEN")
    #: Where X-Ray's daemon listens; empty where there is none.
    tracing_daemon: str = any_text("AWS_XRAY_DAEMON_ADDRESS")

    @property
    def document_bytes(self) -> int:
        """The most bytes of a payload, and of a result."""
        return self.max_payload_bytes if self.payload_bucket else 64 * 1024

    @property
    def deployed(self) -> bool:
        """Whether this runs outside a developer's machine."""
        return self.stage != "local"

    @property
    def pool_names(self) -> list[str]:
        """The pools that functions of this deployment serve, the default one first."""
        return [DEFAULT_POOL, *self.pools]

    def has_pool(self, pool: str) -> bool:
        """Whether a function of this deployment serves the pool."""
        return pool == DEFAULT_POOL or pool in self.pools

    def fleet_of(self, pool: str) -> int:
        """The slots of all workers of a pool that this process serves."""
        own = pool == self.pool and pool != DEFAULT_POOL
        return self.pool_fleet if own else self.job_fleet_concurrency

    def function_of(self, pool: str) -> str:
        """The function that serves a pool: the default pool's for one that is not deployed, as after its removal."""
        served = pool in self.pools and pool != DEFAULT_POOL
        return f"{self.worker_function}-{pool}" if served else self.worker_function

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
        reader = Reader(env)
        return cls(**{name: variable.read(reader) for name, variable in cls.variables().items()})

    @classmethod
    def variables(cls) -> dict[str, Variable]:
        """The variable of each setting, in the order of docs/settings.md."""
        return {each.name: each.metadata["variable"] for each in fields(cls)}


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
