"""The servers, the proxies in front of them, and the worker processes."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

from chalicelib.container import Container
from chalicelib.domain.clock import Clock
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from infra.local import children
from infra.local.databases import MongoServer, ValkeyServer, free_port
from tests.chaos.proxy import Proxy
from tests.chaos.worker import Nobody

ROOT = Path(__file__).resolve().parents[2]
LEASE_MS = 1_500
#: Clocks of workers are wrong by so much.
SKEWS_S = (0.0, 1.5, -1.5, 0.0)


class World:
    """Everything that faults happen to."""

    def __init__(self, home: Path, workers: int) -> None:
        self.home = home
        self.mongo = MongoServer(home / "mongo", free_port())
        self.valkey = ValkeyServer(home / "valkey", free_port())
        self.mongo.start()
        self.valkey.start()
        self.mongo_proxy, self.redis_proxy = Proxy(self.mongo.port), Proxy(self.valkey.port)
        self.containers: list[Container] = []
        #: Restarting a server takes it; nobody else may.
        self.lock = threading.Lock()
        self.workers: list[subprocess.Popen[bytes] | None] = [None] * workers
        self.deaths = 0
        direct = self.container(proxied=False)
        ensure_indexes(direct.db)
        direct.keeper.ensure_open()
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep_workers, daemon=True)
        self._keeper.start()

    def env(self, *, proxied: bool) -> dict[str, str]:
        """The environment of a function."""
        mongo = self.mongo.uri.replace(str(self.mongo.port), str(self.mongo_proxy.port)) if proxied else self.mongo.uri
        redis = self.valkey.uri.replace(str(self.valkey.port), str(self.redis_proxy.port))
        return {
            "MONGODB_URI": mongo,
            "REDIS_URL": redis if proxied else self.valkey.uri,
            "SECRET_KEY": "s" * 40,
            "LEASE_MS": str(LEASE_MS),
            "HEARTBEAT_MS": "300",
            "WORKER_LINGER_S": "0.5",
            "RETRY_BACKOFF_BASE_S": "0.05",
            "JOB_CONCURRENCY": "5",
            "JOB_FLEET_CONCURRENCY": "20",
            "RATE_LIMIT_MAX_REQUESTS": "0",
            "MAX_ACTIVE_JOBS_PER_USER": "1000000",
            "LOG_LEVEL": "WARNING",
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
        env = {**self.env(proxied=True), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        return children.spawn(command, log=self.home / f"worker{number}.log", cwd=ROOT, env=env)

    def signal_one(self, number: int, what: signal.Signals) -> None:
        """Send a signal to a worker, if it lives."""
        process = self.workers[number]
        if process is not None and process.poll() is None:
            process.send_signal(what)

    def pick(self, chance: random.Random) -> int:
        """Number of a worker."""
        return chance.randrange(len(self.workers))

    def close(self) -> None:
        """End everything that was started."""
        self._stopping.set()
        self._keeper.join(5)
        for process in self.workers:
            if process is not None:
                process.kill()
                process.wait(10)
        for container in self.containers:
            container.close()
        self.mongo.stop()
        self.valkey.stop()
