"""What goes wrong, by a seed: workers and servers each have their own series of faults, which overlap."""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import PyMongoError
from redis import Redis
from redis.exceptions import RedisError

from tests.chaos import pools
from tests.chaos.clients import Clients
from tests.chaos.people import People
from tests.chaos.world import LEASE_MS, START_S, World

#: How long a worker is stopped: past its lease.
STOPPED_S: Final = LEASE_MS / 1000 * 1.2
PLENTY: Final = 10_000
#: Faults after which Valkey may lack what it was told.
LOSING: Final = ("restart_valkey", "kill_valkey", "empty_valkey", "older_valkey")

Fault = Callable[[random.Random], str]


class Faults:
    """Makes a fault of each series every ``every_s`` or so until stopped; ``trace`` tells what and when.

    A series rests at least as long as its last fault took: on a slow machine, where a server takes long to come back,
    it is away for half of the time at most, as on a fast one.
    """

    def __init__(self, world: World, people: People, clients: Clients, seed: int, every_s: float) -> None:
        self.world = world
        self.people = people
        self.clients = clients
        self.every_s = every_s
        self.trace: list[str] = []
        self.counts: Counter[str] = Counter()
        #: From when to when each fault of Valkey lasted, of the machine's monotonic clock.
        self.losses: list[tuple[float, float]] = []
        #: Faults that could not be made, or undone: the run is none.
        self.broken: list[str] = []
        self._began = time.monotonic()
        self._stopping = threading.Event()
        self.series: list[list[Fault]] = [
            [
                self.kill_worker, self.kill_worker, self.kill_worker, self.stop_worker, self.stop_worker,
                self.skew_clock, self.fill_slots, self.drop_client, self.end_managers,
            ],
            [
                self.restart_valkey, self.kill_valkey, self.empty_valkey, self.older_valkey, self.fill_valkey,
                self.restart_mongo, self.step_mongo_down, self.cut, self.cut, self.stall, self.stall, self.fill_pools,
            ],
        ]  # fmt: skip
        self._threads = [
            threading.Thread(target=self._run, args=(kinds, random.Random(f"{seed} {n}")), daemon=True)
            for n, kinds in enumerate(self.series)
        ]

    def start(self) -> None:
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Make no more; what was broken is whole on return."""
        self._stopping.set()
        for thread in [each for each in self._threads if each.ident is not None]:
            thread.join(120)
            if thread.is_alive():
                self.broken.append("a fault does not come to its end")

    def never(self) -> list[str]:
        """Kinds of faults that were not made."""
        kinds = {kind.__name__ for kinds in self.series for kind in kinds}
        return sorted(kinds - set(self.counts))

    def _run(self, kinds: list[Fault], chance: random.Random) -> None:
        order: list[Fault] = []
        took_s = 0.0
        while not self._stopping.wait(max(took_s, self.every_s * (0.5 + chance.random()))):
            if not order:  # each kind comes round
                order = chance.sample(kinds, len(kinds))
            kind = order.pop()
            at = time.monotonic() - self._began
            try:
                what = kind(chance)
                self.counts[kind.__name__] += 1
            except (PyMongoError, RedisError) as error:  # a server was away when the fault was to be made: next time
                what = f"was not made: {error!r}"
            except Exception as error:
                what = f"failed: {error!r}"
                self.broken.append(f"{kind.__name__}: {error!r}")
            ended = time.monotonic() - self._began
            took_s = ended - at
            if kind.__name__ in LOSING:
                self.losses.append((at + self._began, ended + self._began))
            self.trace.append(f"{at:8.2f} to {ended:8.2f} s  {kind.__name__} {what}")

    # --- workers and clients ---------------------------------------------------------------------------------
    def kill_worker(self, chance: random.Random) -> str:
        """kill -9."""
        number = self.world.pick(chance)
        return f"{number}, pid {self.world.signal_one(number, signal.SIGKILL)}"

    def stop_worker(self, chance: random.Random) -> str:
        """Stop a worker for longer than its lease; then it goes on, and knows nothing of it."""
        number = self.world.pick(chance)
        pid = self.world.signal_one(number, signal.SIGSTOP)
        self._stopping.wait(STOPPED_S + chance.random() * LEASE_MS / 1000)
        self.world.signal_one(number, signal.SIGCONT)
        return f"{number}, pid {pid}"

    def skew_clock(self, chance: random.Random) -> str:
        """A worker's clock jumps."""
        number = self.world.pick(chance)
        return f"{number}, pid {self.world.signal_one(number, signal.SIGUSR1)}"

    def fill_slots(self, chance: random.Random) -> str:
        """More long jobs at once than the workers have slots."""
        return f"with {self.people.burst(chance)} jobs"

    def drop_client(self, chance: random.Random) -> str:
        """A client's connection is gone; it comes back, and goes on from its last event."""
        number = chance.randrange(3)
        self.clients.drop(number)
        return str(number)

    def end_managers(self, chance: random.Random) -> str:
        """The time of the connection managers is over, without warning."""
        return f"{self.world.end_managers()} of them"

    # --- servers and connections -----------------------------------------------------------------------------
    def restart_valkey(self, chance: random.Random) -> str:
        self.world.valkey.restart(START_S)
        return ""

    def kill_valkey(self, chance: random.Random) -> str:
        self.world.valkey.kill()
        self.world.valkey.start(START_S)
        return ""

    def empty_valkey(self, chance: random.Random) -> str:
        with Redis.from_url(self.world.valkey.uri) as redis:
            redis.flushall()
        return ""

    def older_valkey(self, chance: random.Random) -> str:
        """As a failover to a replica that lags: what was written of late is gone."""
        valkey = self.world.valkey
        live, older = valkey.home / "appendonlydir", valkey.home / "older"
        _copy(live, older)
        self._stopping.wait(0.2 + chance.random())
        valkey.kill()
        shutil.rmtree(live)
        older.rename(live)
        valkey.start(START_S)
        return ""

    def fill_valkey(self, chance: random.Random) -> str:
        """Valkey takes no more connections than half of those that there are, and all are cut."""
        with Redis.from_url(self.world.valkey.uri, single_connection_client=True) as redis:
            number = redis.info("clients")["connected_clients"]
            redis.config_set("maxclients", max(2, number // 2))
            try:
                self.world.redis_proxy.cut()
                self._stopping.wait(1 + chance.random())
            finally:
                redis.config_set("maxclients", PLENTY)
        return f"{number} connections"

    def fill_pools(self, chance: random.Random) -> str:
        """Every connection that a process may have to either server is taken."""
        container = chance.choice(self.world.producers)
        taken = pools.fill(container, 2.0 + 2 * chance.random())
        return f"{taken} connections"

    def restart_mongo(self, chance: random.Random) -> str:
        self.world.mongo.kill()
        self.world.mongo.start(START_S)
        return ""

    def step_mongo_down(self, chance: random.Random) -> str:
        client: MongoClient[dict[str, Any]] = MongoClient(self.world.mongo.uri)
        with client, contextlib.suppress(PyMongoError):  # it closes the connection of this command
            client.admin.command("replSetStepDown", 1, force=True)
        return ""

    def cut(self, chance: random.Random) -> str:
        """Reset every connection to a server."""
        proxy = chance.choice([self.world.redis_proxy, self.world.mongo_proxy])
        return f"{proxy.name}, {proxy.cut()} connections"

    def stall(self, chance: random.Random) -> str:
        """Half-open connections for a while: what is sent, or was answered, does not arrive. Then they are reset."""
        proxy = chance.choice([self.world.redis_proxy, self.world.mongo_proxy])
        way = chance.choice(["requests", "answers", "both"])
        proxy.stall(way)
        self._stopping.wait(1 + 3 * chance.random())
        number = proxy.cut()
        proxy.flow()
        return f"{proxy.name}, {way}, {number} connections"


def _copy(live: Any, older: Any) -> None:
    """Copy an append-only file that is being written; anew when it was rewritten meanwhile."""
    for _ in range(20):
        shutil.rmtree(older, ignore_errors=True)
        before = sorted(each.name for each in live.iterdir())
        with contextlib.suppress(OSError, shutil.Error):
            shutil.copytree(live, older)
            if before == sorted(each.name for each in live.iterdir()):
                return
    raise RuntimeError("the append-only file keeps changing its parts")
