"""The supervisor: starts everything in order, keeps it running, and cleans up."""

import asyncio
import contextlib
import os
import signal
import socket
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.domain.pools import DEFAULT_POOL
from infra.local import ports
from infra.local.aws_endpoint.endpoint import AwsEndpoint
from infra.local.aws_endpoint.lambda_api import LambdaApi
from infra.local.aws_endpoint.log_groups import LogGroups
from infra.local.aws_endpoint.moto import Moto
from infra.local.aws_endpoint.object_files import ObjectFiles
from infra.local.console import Console
from infra.local.dashboard.server import Dashboard
from infra.local.data_services import DataServices
from infra.local.deployed import project as projects
from infra.local.deployed.model import Deployment, DeploymentError
from infra.local.deployed.pool_functions import WORKER
from infra.local.deployed.read import read
from infra.local.deployed.tasks import BootstrapFailedError, Prepared, prepare
from infra.local.event_sources import EventSources
from infra.local.front import Front
from infra.local.http.guard import Guard
from infra.local.lambda_.model import FunctionSpec
from infra.local.lambda_.service import LambdaService
from infra.local.logs import Logs, cut_back
from infra.local.orphans import orphans
from infra.local.reload import INTERVAL_S, Watcher
from infra.local.rest.gateway import RestGateway
from infra.local.runfile import RunFile
from infra.local.settings import BUCKETS, LocalSettings, StartError, without_password
from infra.local.websocket.connections import Connections, ConnectionsApi
from infra.local.websocket.gateway import WebSocketGateway

WARM_TIMEOUT_S = 30.0
FLUSH_INTERVAL_S = 0.1
CUT_BACK_INTERVAL_S = 10.0


class PortTakenError(StartError):
    """Raised when a port is in use; names it and the variable that moves it."""


class BootstrapError(StartError):
    """Raised when the application's data cannot be prepared."""


class Stack:
    """One local AWS with one deployment."""

    def __init__(self, settings: LocalSettings, console: Console, *, reload: bool = True) -> None:
        self.settings = settings
        self._reload = reload
        self.console = console
        self.logs = Logs(settings.logs, console)
        self.run_file = RunFile(settings.home, self.describe)
        self.data = DataServices(settings, self._database_note, self.run_file.write)
        self._addresses = self._where()
        self.functions = LambdaService(self.logs, self.run_file.changed, retry_base_s=settings.async_retry_base_s)
        self.connections = Connections()
        self.connections_api = ConnectionsApi(self.connections)
        self.rest = RestGateway(self.functions)
        self.websocket = WebSocketGateway(self.functions, self.connections, f"127.0.0.1:{settings.ws_port}")
        self.moto = Moto(self.logs.service("moto"), self.run_file.changed, [self._addresses[name] for name in BUCKETS])
        self.sources = EventSources(self.functions, self.moto, lambda text: self._note("events", text))
        self._servers: list[asyncio.Server] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._ready = False
        self._started = time.monotonic()

    async def run(self, stop: asyncio.Event) -> None:
        """Start, serve until `stop` is set, and end everything in any case."""
        sockets = self._bind()
        asyncio.get_running_loop().set_exception_handler(self._log_defect)
        try:
            self.run_file.write()
            self._tasks.append(asyncio.create_task(self._flush()))
            await self._start(sockets)
            await stop.wait()
            self.console.say("\nStopping …")
        finally:
            await self._close(sockets)

    def describe(self) -> dict[str, Any]:
        """Return the contents of `run.json`."""
        s = self.settings
        services: list[dict[str, Any]] = [
            _service("api", os.getpid(), s.port, f"http://127.0.0.1:{s.port}"),
            _service("websocket", os.getpid(), s.ws_port, f"ws://127.0.0.1:{s.ws_port}"),
            _service("aws", os.getpid(), s.aws_port, f"http://127.0.0.1:{s.aws_port}"),
            _service("dashboard", os.getpid(), s.ui_port, f"http://localhost:{s.ui_port}"),
        ]
        services += [
            {**_service(server.name, server.pid, server.port, server.uri), "log": str(server.log)}
            for server in self.data.servers
        ]
        if self.moto.pid is not None:
            moto = _service("moto", self.moto.pid, s.aws_port, f"http://127.0.0.1:{s.aws_port}")
            services.append({**moto, "log": str(self.logs.path("moto"))})
        services += [self._function(name, pids) for name, pids in self.functions.pids().items()]
        return {
            "ready": self._ready,
            "pid": os.getpid(),
            "stack": s.stack_name,
            "project": str(s.project),
            "urls": {service["name"]: service["url"] for service in services if "url" in service},
            "services": services,
        }

    def _function(self, name: str, pids: list[int]) -> dict[str, Any]:
        spec = self.functions.find(name)
        limits = {"memoryMb": spec.memory_mb, "timeoutS": spec.timeout_s, "concurrency": spec.concurrency}
        return {"name": name, "function": spec.name, "pids": pids, "log": str(self.logs.path(name)), "limits": limits}

    # Start

    def _bind(self) -> list[list[socket.socket]]:
        """Bind the ports before anything is started, in the order REST, WebSocket, AWS, dashboard."""
        s = self.settings
        bound: list[list[socket.socket]] = []
        for variable, port in (
            ("PORT", s.port),
            ("WS_PORT", s.ws_port),
            ("AWS_PORT", s.aws_port),
            ("UI_PORT", s.ui_port),
        ):
            try:
                bound.append(ports.listen(s.bind, port))
            except OSError:
                ports.close_all(listener for listeners in bound for listener in listeners)
                up = projects.of(s.project).command("up")
                raise PortTakenError(
                    f"Port {port} is taken by another program. Stop it, or choose another port with {variable}, "
                    f"for example: {variable}={port + 1} {up}"
                ) from None
        return bound

    async def _start(self, sockets: list[list[socket.socket]]) -> None:
        reading = asyncio.create_task(self._read())
        await self.data.start()
        if (addresses := self._where()) != self._addresses:  # a port was taken
            self._addresses.update(addresses)
            await asyncio.gather(reading, return_exceptions=True)
            reading = asyncio.create_task(self._read())
        self.run_file.changed()
        watcher = Watcher(self.settings.project)
        deployment = await self._try(reading)
        operator = await self._bootstrap(deployment)
        await self._listen(sockets)
        if self._reload:
            self._tasks.append(asyncio.create_task(self._watch(watcher)))
        self._ready = deployment is not None
        self._announce(operator)
        await asyncio.to_thread(self.console.drain)  # the announcement must be printed before run.json says ready
        self.run_file.write()

    def _where(self) -> dict[str, str]:
        return self.settings.addresses(self.data.mongodb_uri, self.data.redis_url)

    async def _bootstrap(self, deployment: Deployment | None) -> dict[str, str]:
        """Deploy and prepare the data at the same time; return the addresses.

        Rules start to fire when both are done.
        """
        if deployment is None:
            return {}
        self._deploy(deployment)
        preparing = asyncio.create_task(self._prepare())
        await self.functions.wait_until_warm(WARM_TIMEOUT_S)
        prepared = await preparing
        if prepared.left_out:
            self._deploy(deployment, prepared.left_out)
            await self.functions.wait_until_warm(WARM_TIMEOUT_S)
        self.sources.deploy(deployment)
        return prepared.operator

    async def _listen(self, sockets: list[list[socket.socket]]) -> None:
        s = self.settings
        config = {"websocketUrl": self._addresses["WEBSOCKET_URL"], "stack": s.stack_name}
        frontend_url = self._addresses["FRONTEND_URL"]
        dist = projects.of(s.project).dashboard
        dashboard = Dashboard(dist, self.rest, config, s.ws_port, frontend_url)
        guard, strict = Guard([frontend_url]), Guard([frontend_url], only_own_pages=True)
        objects = ObjectFiles(self._addresses["PAYLOAD_BUCKET"], s.home / "objects")
        logs = LogGroups(self.functions, self.logs)
        endpoint = AwsEndpoint(LambdaApi(self.functions), self.connections_api, logs, objects, self.moto)
        websocket = self.websocket.socket
        factories: list[Callable[[], asyncio.BaseProtocol]] = [
            lambda: self.rest.connection(guard),
            lambda: Front(
                lambda: self.connections_api.connection(strict),
                websocket,
                lambda path: "@connections" not in path,
                guard,
            ),
            lambda: endpoint.connection(strict),
            lambda: Front(lambda: dashboard.connection(guard), websocket, lambda path: path == "/ws", guard),
        ]
        loop = asyncio.get_running_loop()
        for factory, listeners in zip(factories, sockets, strict=True):
            for listener in listeners:
                self._servers.append(await loop.create_server(factory, sock=listener))

    async def _read(self) -> Deployment:
        s = self.settings
        deployment = await read(s.project, variables=s.variables, addresses=self._addresses, stack_name=s.stack_name)
        for note in projects.of(s.project).notes():
            self._note("deploy", note)
        return deployment

    async def _try(self, reading: "asyncio.Task[Deployment]") -> Deployment | None:
        try:
            return await reading
        except DeploymentError as error:
            self._note("deploy", str(error))
        except Exception as error:  # a template may be wrong in unforeseen ways
            self._note("deploy", f"app.py and {projects.TEMPLATE} cannot be read: {error!r}")
        return None

    def _deploy(self, deployment: Deployment, left_out: Sequence[str] = ()) -> None:
        self.rest.deploy(deployment)
        self.websocket.deploy(deployment)
        self.functions.deploy(_without(deployment.functions, left_out), dict(deployment.aliases))
        self.run_file.changed()

    async def _prepare(self) -> Prepared:
        """Run the application's own preparation, and report its failures."""
        s = self.settings
        try:
            prepared = await prepare(s.project, {**s.variables, **self._addresses}, "all")
        except BootstrapFailedError as error:
            raise BootstrapError(f"The databases could not be prepared: {error}") from None
        for note in [*prepared.missing, *prepared.warned, *prepared.cut_short]:
            self._note("deploy", note)
        return prepared

    # While it runs

    async def _watch(self, watcher: Watcher) -> None:
        while True:
            await asyncio.sleep(INTERVAL_S)
            try:
                changes = await asyncio.to_thread(watcher.changes)
                if changes:
                    await self._reload_after(changes)
            except Exception:  # in any case: the next change must be noticed
                self._note("deploy", f"reload failed; the next change triggers another\n{traceback.format_exc()}")

    async def _reload_after(self, changes: Sequence[str]) -> None:
        more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""
        self._note("deploy", f"changed: {', '.join(changes[:3])}{more}")
        deployment = await self._try(asyncio.create_task(self._read()))
        if deployment is None:
            self._note("deploy", "the last good version keeps running")
            return
        await self._redeploy(deployment)

    async def _redeploy(self, deployment: Deployment) -> None:
        """Load tasks before workers do; if none can be loaded, the new version has to show the errors."""
        left_out: Sequence[str] = ()
        outcome = "the new version runs"
        try:
            left_out = (await self._prepare()).left_out
        except BootstrapError as error:
            self._note("deploy", str(error))
            outcome = "the new version runs with the task list of the last one"
        self._deploy(deployment, left_out)
        self.sources.deploy(deployment)
        self._ready = True
        self.run_file.changed()
        self._note("deploy", outcome)

    async def _flush(self) -> None:
        """Flush the logs; rotate those that other programs write."""
        cut_back_at = 0.0
        while True:
            await asyncio.sleep(FLUSH_INTERVAL_S)
            self.logs.flush()
            if time.monotonic() > cut_back_at:
                cut_back_at = time.monotonic() + CUT_BACK_INTERVAL_S
                for path in (*(server.log for server in self.data.servers), self.logs.path("moto")):
                    await asyncio.to_thread(cut_back, path)

    def _log_defect(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Log an internal error of the local AWS."""
        error = context.get("exception")
        trace = "".join(traceback.format_exception(error)) if error is not None else ""
        self._note("local-aws", f"{context['message']}\n{trace}".rstrip())

    def _note(self, service: str, text: str) -> None:
        self.logs.service(service).note(text)

    def _database_note(self, service: str, text: str) -> None:
        self.console.line(service, text, "WARNING")
        self.run_file.changed()

    def _announce(self, operator: dict[str, str]) -> None:
        s = self.settings
        if operator:
            self.console.say(
                "\n  The operator account was created. This password is shown only once:\n"
                f"    e-mail    {operator['email']}\n    password  {operator['password']}"
            )
        state = "ready" if self._ready else "waiting for app.py to be fixed"
        self.console.say(
            f"\n  QueueCraft is {state} after {time.monotonic() - self._started:.1f} s (Ctrl-C stops it)\n"
            f"    dashboard  http://localhost:{s.ui_port}\n"
            f"    API        http://localhost:{s.port}\n"
            f"    WebSocket  ws://localhost:{s.ws_port}\n"
            f"    AWS        http://127.0.0.1:{s.aws_port}\n"
            f"    MongoDB    {without_password(self.data.mongodb_uri)}\n"
            f"    Redis      {without_password(self.data.redis_url)}\n"
            f"{self._pools()}"
            f"    (URLs with passwords: {self.run_file.path})\n"
        )

    def _pools(self) -> str:
        """Return a line with the limits of each pool, if there are several."""
        functions = self.functions.functions
        pools = {spec.environment["POOL"]: spec for spec in functions.values() if "POOL" in spec.environment}
        if not pools or WORKER not in functions:
            return ""
        shown = [
            f"{name} ({spec.memory_mb} MB, {spec.timeout_s:g} s)"
            for name, spec in {DEFAULT_POOL: functions[WORKER], **pools}.items()
        ]
        return f"    pools      {', '.join(shown)}\n"

    # End

    async def _close(self, sockets: list[list[socket.socket]]) -> None:
        for task in self._tasks:
            task.cancel()
        await self.sources.close()
        self.websocket.close()
        # The AWS endpoint answers until the last function has ended: some call it at their end.
        await self.functions.close()
        await orphans.end()
        for server in self._servers:
            server.close()
        ports.close_all(listener for listeners in sockets for listener in listeners)
        await asyncio.gather(self.moto.close(), self.data.stop())
        self.run_file.remove()
        self.logs.close()


def _without(functions: Iterable[FunctionSpec], left_out: Sequence[str]) -> list[FunctionSpec]:
    """Return the functions; workers among them do not import the modules `left_out`."""
    variable = {"TASK_MODULES_LEFT_OUT": ",".join(left_out)} if left_out else {}
    return [
        replace(spec, environment={**spec.environment, **variable}) if spec.handler.startswith("worker_fn.") else spec
        for spec in functions
    ]


async def supervise(settings: LocalSettings, console: Console, *, reload: bool = True) -> None:
    """Run a stack until SIGINT or SIGTERM; a second signal kills everything immediately."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask_to_stop() -> None:
        if stop.is_set():
            orphans.kill()
            os._exit(130)  # the kernel ends the children with this process
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, ask_to_stop)
    orphans.adopt()
    running = asyncio.create_task(Stack(settings, console, reload=reload).run(stop))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not running.done() and stop.is_set():
        # A start in progress does not check `stop`.
        with contextlib.suppress(asyncio.CancelledError):
            await _finish(running)
    stopping.cancel()
    await running


async def _finish(running: "asyncio.Task[None]") -> None:
    done, _ = await asyncio.wait({running}, timeout=30)
    if not done:
        running.cancel()
        await running


def _service(name: str, pid: int | None, port: int, url: str) -> dict[str, Any]:
    return {"name": name, "pid": pid, "port": port, "url": url}
