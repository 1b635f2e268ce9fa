"""The whole system on LocalStack: databases, LocalStack, the deployment, and the servers in front of it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from infra.aws import package, secrets
from infra.aws.deploy import Deployer
from infra.aws.session import session
from infra.local.children import free_port, port_is_free
from infra.local.databases import DatabaseServer, MongoServer, ValkeyServer
from infra.local.deployed import project as projects
from infra.localstack.front import WebFront
from infra.localstack.host import HostLocalStack, LocalStackError
from infra.localstack.settings import LocalStackSettings


@dataclass(frozen=True, slots=True)
class Running:
    """Addresses of the running system."""

    endpoint: str
    outputs: Mapping[str, str]
    #: the dashboard, with the API under `/api`
    url: str
    ws_url: str
    pids: tuple[int, ...]
    #: the package that was deployed
    built: Path
    #: MONGODB_URI and REDIS_URL
    databases: Mapping[str, str]
    #: the operator that the first start created: e-mail and password
    operator: tuple[str, str] | None


class System:
    """Starts everything in order and stops it in reverse."""

    def __init__(self, settings: LocalStackSettings, say: Callable[[str], None] = print) -> None:
        self.settings = _with_ports(settings)
        self._say = say
        self._databases: list[DatabaseServer] = []
        self._localstack: HostLocalStack | None = None
        self._front: WebFront | None = None

    async def start(self) -> Running:
        """Start it. Raises LocalStackError, DatabaseError or DeploymentFailedError when that is not possible."""
        s = self.settings
        built = s.home / "package"
        self._say("Packaging")
        packaging = asyncio.create_task(asyncio.to_thread(package.build, s.project, built, one_architecture=True))
        try:
            mongodb_uri, redis_url = await asyncio.to_thread(self._start_databases)
            endpoint = s.endpoint if s.endpoint is not None else await asyncio.to_thread(self._start_localstack)
        finally:
            await packaging
        clients = session({"AWS_ENDPOINT_URL": endpoint})
        kept = {"MONGODB_URI": mongodb_uri, "REDIS_URL": redis_url}
        outputs, made = await asyncio.to_thread(self._deploy, clients, endpoint, built, kept)
        dist = projects.of(s.project).dashboard
        self._front = WebFront(s.bind, s.ws_port, s.ui_port, dist, s.stack)
        await self._front.start(endpoint, outputs)
        pids = [server.pid for server in self._databases]
        pids += [self._localstack.pid] if self._localstack is not None else []
        return Running(
            endpoint=endpoint,
            outputs=outputs,
            url=f"http://localhost:{s.ui_port}",
            ws_url=f"ws://127.0.0.1:{s.ws_port}",
            pids=tuple(pid for pid in pids if pid),
            built=built,
            databases=kept,
            operator=(made["email"], made["password"]) if made["created"] else None,
        )

    async def stop(self) -> None:
        """Stop everything that was started; a LocalStack that ran before stays up."""
        if self._front is not None:
            await self._front.close()
        if self._localstack is not None:
            await asyncio.to_thread(self._localstack.stop)
        await asyncio.gather(*(asyncio.to_thread(server.stop) for server in self._databases))

    def parameters(self) -> dict[str, str]:
        """Return the template's parameters for this system."""
        s = self.settings
        return {
            "Stage": "localstack",
            "Redis": "outside",
            "Dashboard": "false",
            "FrontendUrl": f"http://localhost:{s.ui_port}",
            "ApiUrl": f"http://127.0.0.1:{s.port}",
            "WebsocketUrl": f"ws://127.0.0.1:{s.ws_port}",
            "ConnectionsEndpoint": f"http://{s.host}:{s.ws_port}",
        }

    def _start_databases(self) -> tuple[str, str]:
        s = self.settings
        mongodb_uri, redis_url = s.mongodb_uri, s.redis_url
        if mongodb_uri is None:
            mongo = MongoServer(s.home / "mongodb", free_port())
            self._databases.append(mongo)
            mongodb_uri = mongo.uri
        if redis_url is None:
            valkey = ValkeyServer(s.home / "valkey", free_port())
            self._databases.append(valkey)
            redis_url = valkey.uri
        for server in self._databases:
            server.start()
        return mongodb_uri, redis_url

    def _start_localstack(self) -> str:
        self._say("Starting LocalStack (the first time it is installed, about 330 MB)")
        self._localstack = HostLocalStack(self.settings.home, self.settings.port, self.settings.venv_home)
        self._localstack.start()
        return self._localstack.endpoint

    def _deploy(
        self, clients: Any, endpoint: str, built: Path, kept: Mapping[str, str]
    ) -> tuple[dict[str, str], dict[str, Any]]:
        secrets.put(clients.client("ssm"), self.settings.stack, kept)
        deployer = Deployer(clients, self.settings.stack, url=endpoint, say=self._say)
        outputs = deployer.deploy(built, self.parameters())
        made = deployer.call_worker("create-operator")
        deployer.register_tasks(built)
        return outputs, made


def _with_ports(settings: LocalStackSettings) -> LocalStackSettings:
    """Return the settings with free ports in place of 0. Raises LocalStackError if one is taken."""
    port, ws_port, ui_port = (n or free_port() for n in (settings.port, settings.ws_port, settings.ui_port))
    ours = {"WS_PORT": ws_port, "UI_PORT": ui_port} | ({} if settings.endpoint else {"LOCALSTACK_PORT": port})
    for name, number in ours.items():
        if not port_is_free(number):
            raise LocalStackError(f"Port {number} is taken. Choose another by {name}, or any free one by {name}=0.")
    return replace(settings, port=port, ws_port=ws_port, ui_port=ui_port)
