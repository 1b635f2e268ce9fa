"""The servers, the proxies in front of them, and the worker processes."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from chalicelib.domain.clock import Clock
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from infra.local import children
from infra.local.databases import MongoServer, ValkeyServer, free_port
from tests.chaos.journeys import EFFECTS
from tests.chaos.proxy import Proxy
from tests.chaos.report import HarnessError
from tests.chaos.worker import BODIES, Nobody, SkewedClock
from tests.container import Container
from tests.managers import Invoker

ROOT = Path(__file__).resolve().parents[2]
LEASE_MS = 1_500
#: A busy machine starts servers slowly.
START_S = 120.0
#: Clocks of workers and producers are wrong by so much, besides jumping.
SKEWS_S = (0.0, 1.5, -1.5, 0.0)


class World:
    """Everything that faults happen to."""

    def __init__(self, home: Path, workers: int) -> None:
        self.home = home
        self.bodies = home / "bodies.jsonl"
        self.effects = home / "effects.jsonl"
        self.mongo = MongoServer(home / "mongo", free_port())
        self.valkey = ValkeyServer(home / "valkey", free_port())
        self.mongo.start(START_S)
        self.valkey.start(START_S)
        self.mongo_proxy, self.redis_proxy = Proxy("MongoDB", self.mongo.port), Proxy("Valkey", self.valkey.port)
        self.containers: list[Container] = []
        self.invoker: Invoker | None = None
        self.workers: list[subprocess.Popen[bytes] | None] = [None] * workers
        self.deaths = 0
        direct = self.container(proxied=False)
        ensure_indexes(direct.db)
        direct.rebuilder.ensure_open()
        #: Of the processes that submit.
        self.producers = [self.container(clock=SkewedClock(SKEWS_S[n])) for n in range(3)]
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep_workers, daemon=True)
        self._keeper.start()

    def await_servers(self, timeout_s: float) -> None:
        """Return once both servers take writes, directly and through the proxies; ``HarnessError`` if they don't."""
        waiting = [self.container(proxied=False), self.container()]
        deadline = time.monotonic() + timeout_s
        while waiting:
            try:
                waiting[0].meta.touch()
                waiting[0].redis.set(waiting[0].keys.health, "1", ex=60)
                waiting.pop(0)
            except (PyMongoError, RedisError) as error:
                if time.monotonic() > deadline:
                    raise HarnessError(f"a server is not well after the faults: {error!r}") from error
                time.sleep(0.1)

    def env(self, *, proxied: bool) -> dict[str, str]:
        """The environment of a function."""
        mongo = self.mongo.uri.replace(f":{self.mongo.port}/", f":{self.mongo_proxy.port}/")
        redis = self.valkey.uri.replace(f":{self.valkey.port}/", f":{self.redis_proxy.port}/")
        return {
            "MONGODB_URI": mongo if proxied else self.mongo.uri,
            "REDIS_URL": redis if proxied else self.valkey.uri,
            "SECRET_KEY": "s" * 40,
            "HTTP_ALLOW_PRIVATE": "true",  # the receiver of webhooks is here
            "LEASE_MS": str(LEASE_MS),
            "HEARTBEAT_MS": "300",
            "WORKER_LINGER_S": "0.5",
            "RETRY_BACKOFF_BASE_S": "0.05",
            "JOB_CONCURRENCY": "5",
            "JOB_FLEET_CONCURRENCY": "20",
            "RATE_LIMIT_MAX_REQUESTS": "0",
            "MAX_ACTIVE_JOBS_PER_USER": "1000000",
            "LOG_LEVEL": "WARNING",
            "POWERTOOLS_SERVICE_NAME": "chaos",  # a logger of its own: later tests want those of INFO
        }

    def container(self, *, proxied: bool = True, clock: Clock | None = None, **env: str) -> Container:
        """A process's worth of clients."""
        container = Container(Settings.from_env({**self.env(proxied=proxied), **env}), clock=clock)
        container.__dict__["functions"] = Nobody()
        self.containers.append(container)
        return container

    def _keep_workers(self) -> None:
        """Lambda: whoever died is replaced."""
        while not self._stopping.wait(0.1):
            for n, process in enumerate(self.workers):
                if process is None or process.poll() is not None:
                    self.deaths += process is not None
                    self.workers[n] = self._start(n)

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.chaos.worker", str(SKEWS_S[number % len(SKEWS_S)])]
        files = {BODIES: str(self.bodies), EFFECTS: str(self.effects)}
        env = {**self.env(proxied=True), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **files}
        return children.spawn(command, log=self.home / f"worker{number}.log", cwd=ROOT, env=env)

    def signal_one(self, number: int, what: signal.Signals) -> int | None:
        """Send a signal to a worker, if it lives; its process id."""
        process = self.workers[number]
        if process is None or process.poll() is not None:
            return None
        process.send_signal(what)
        return process.pid

    def end_managers(self) -> int:
        """Take all time from the connection managers that run; how many."""
        running = [run for run in self.invoker.runs if run.running] if self.invoker else []
        for run in running:
            run.remaining_ms = 0
        return len(running)

    def pick(self, chance: random.Random) -> int:
        """Number of a worker."""
        return chance.randrange(len(self.workers))

    def join_managers(self) -> tuple[int, list[str]]:
        """Have all connection managers end: how many were invoked, and what they failed of.

        One that Redis does not answer when it starts fails and is invoked again.
        """
        if self.invoker is None:
            return 0, []
        self.invoker.works = False
        self.end_managers()
        for run in self.invoker.runs:
            run.join(30)
        errors = [repr(run.error) for run in self.invoker.runs if run.error and not isinstance(run.error, RedisError)]
        return len(self.invoker.runs), errors + ["a manager does not end" for run in self.invoker.runs if run.running]

    def close(self) -> None:
        """End everything that was started."""
        self._stopping.set()
        self._keeper.join(5)
        if self.invoker is not None:
            self.invoker.works = False
            self.end_managers()
            for run in self.invoker.runs:
                run.join(10)
        for process in self.workers:
            if process is not None:
                process.kill()
                process.wait(10)
        for container in self.containers:
            container.close()
        self.mongo_proxy.close()
        self.redis_proxy.close()
        self.mongo.stop()
        self.valkey.stop()
