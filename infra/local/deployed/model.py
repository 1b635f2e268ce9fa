"""Values that describe a deployment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.local.lambda_.model import FunctionSpec


@dataclass(frozen=True, slots=True)
class Route:
    """A resource of the REST API and the methods it integrates with the API function."""

    path: str
    methods: frozenset[str]
    #: headers that the preflight answers, None if the route has no CORS
    preflight: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """API Gateway's own answer in one kind of situation, as the template configures it."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rule that invokes a function at certain times."""

    name: str
    #: `rate(…)` or `cron(…)`
    expression: str
    function: str
    #: JSON that replaces the scheduled event
    input: str | None = None


@dataclass(frozen=True, slots=True)
class QueueSource:
    """A queue of SQS whose messages a function takes, `batch` at most at a time."""

    queue: str
    function: str
    batch: int


@dataclass(frozen=True, slots=True)
class Deployment:
    """Everything that a deployment of the application consists of."""

    functions: tuple[FunctionSpec, ...]
    #: names of functions that run in another function's processes
    aliases: Mapping[str, str]
    #: the function behind the REST API
    api_function: str
    api_stage: str
    routes: tuple[Route, ...]
    binary_types: frozenset[str]
    gateway_responses: Mapping[str, GatewayResponse]
    #: function by route key; empty without a WebSocket API
    websocket_routes: Mapping[str, str]
    schedules: tuple[Schedule, ...]
    queues: tuple[QueueSource, ...] = ()


class DeploymentError(Exception):
    """Raised when the app cannot be imported or the template cannot be read; the text says why."""
