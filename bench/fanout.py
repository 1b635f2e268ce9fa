"""How fast the connection manager delivers events to many sockets.

    python -m bench.fanout [--sockets 1000] [--rounds 20] [--rate 1000]

First the manager alone: it and the receiving end, a plain aiohttp server in place of ``@connections``, have a process
each. Then the whole local stack, with WebSocket clients in this process.
"""

from __future__ import annotations

import asyncio
import multiprocessing as mp
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

from aiohttp import web
from redis import Redis

from bench import _results, _servers
from chalicelib.domain.connections import Connection
from chalicelib.domain.events import Event, EventType
from chalicelib.domain.principals import Principal, Role, Scope
from chalicelib.settings import Settings
from infra.local.databases import ValkeyServer, free_port
from infra.local.testing import LocalStack
from websocket_fn.container import ManagerContainer

STREAM_S = 5.0
CALLER = Principal("0" * 23 + "1", "0" * 23 + "2", Role.MEMBER)


def settings(redis_url: str, endpoint: str) -> Settings:
    return Settings(
        mongodb_uri="mongodb://127.0.0.1:1/",
        redis_url=redis_url,
        secret_key="x" * 32,
        websocket_api_endpoint=endpoint,
        aws_access_key_id="bench",
        aws_secret_access_key="bench",
        log_level="ERROR",
    )


def receive(port: int, pipe: Pipe) -> None:
    """Run the receiving end: count posts and events; on request send both, and the time of the last."""
    state = {"posts": 0, "events": 0, "last": 0.0}

    async def answer(request: web.BaseRequest) -> web.Response:
        body = await request.read()
        state["posts"] += 1
        state["events"] += body.count(b'"timestamp"')
        state["last"] = time.monotonic()
        return web.Response()

    async def run() -> None:
        runner = web.ServerRunner(web.Server(answer))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
        pipe.send("ready")
        while True:
            await asyncio.sleep(0.002)
            if pipe.poll():
                pipe.recv()
                pipe.send(dict(state))

    asyncio.run(run())


def manage(redis_url: str, endpoint: str, stop: Any) -> None:
    """Run the manager's process."""
    from websocket_fn.manager import Timing, serve

    def remaining_ms() -> int:
        return 0 if stop.is_set() else 900_000

    container = ManagerContainer(settings(redis_url, endpoint))
    timing = Timing(recovery_s=3600, sessions_s=3600)
    serve(container, source="connect", shard=0, remaining_ms=remaining_ms, timing=timing)


def event(n: int, owner: Principal = CALLER) -> Event:
    """Return an event of the size of ``job:created``."""
    return Event(EventType.CREATED, owner.tenant_id, owner.user_id, {"n": n, "job": "x" * 700}, datetime.now(UTC))


class Bench:
    """The processes, and requests to them."""

    def __init__(self, sockets: int) -> None:
        self.sockets = sockets
        context = mp.get_context("spawn")
        self._folder = tempfile.TemporaryDirectory()
        self._valkey = ValkeyServer(Path(self._folder.name), free_port(), durable=False)
        self._valkey.start()
        port = free_port()
        endpoint = f"http://127.0.0.1:{port}/api"
        self.container = ManagerContainer(settings(self._valkey.uri, endpoint))
        Redis.from_url(self._valkey.uri).set(self.container.keys.epoch, 1)
        self._pipe, theirs = context.Pipe()
        self._stop = context.Event()
        self._end = context.Process(target=receive, args=(port, theirs), daemon=True)
        self._end.start()
        self._pipe.recv()
        for n in range(sockets):
            self.container.connection_registry.connect(
                Connection(f"c{n:05}abcdefgh=", CALLER, Scope.OWN, 0, "t", 1, 4 * 10**12)
            )
        self._manager = context.Process(target=manage, args=(self._valkey.uri, endpoint, self._stop), daemon=True)
        self._manager.start()
        self._until(lambda: not self.container.redis.exists(self.container.keys.manager_inbox(0)))

    def state(self) -> dict[str, Any]:
        self._pipe.send("state")
        answer: dict[str, Any] = self._pipe.recv()
        return answer

    def burst_ms(self, count: int = 1) -> float:
        """Return the time from publishing ``count`` events until the last socket has the last one."""
        before = self.state()["events"]
        begun = time.monotonic()
        self.container.event_log.publish([event(n) for n in range(count)])
        self._until(lambda: self.state()["events"] >= before + count * self.sockets)
        return (float(self.state()["last"]) - begun) * 1000

    def stream(self, rate: int, seconds: float) -> dict[str, float]:
        """Publish ``rate`` events a second, in tens; return the delay of the last one, and the number of posts."""
        before, begun = self.state(), time.monotonic()
        total = int(rate * seconds)
        for sent in range(0, total, 10):
            time.sleep(max(0.0, begun + sent / rate - time.monotonic()))
            self.container.event_log.publish([event(n) for n in range(10)])
        ended = time.monotonic()
        self._until(lambda: self.state()["events"] >= before["events"] + total * self.sockets)
        after = self.state()
        return {
            "published_s": ended - begun,
            "last_late_ms": (after["last"] - ended) * 1000,
            "deliveries_per_s": total * self.sockets / (after["last"] - begun),
            "posts": after["posts"] - before["posts"],
        }

    def close(self) -> None:
        self._stop.set()
        self._manager.join(10)
        self._end.terminate()
        self._end.join(10)
        self.container.close()
        self._valkey.stop()
        self._folder.cleanup()

    @staticmethod
    def _until(done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError("the events did not arrive")
            time.sleep(0.001)


async def through_the_stack(sockets: int, rounds: int) -> list[float]:
    """Return the ms from publishing an event until the last real client of a local stack has read it."""
    import urllib3
    from websockets.asyncio.client import connect

    env = {"RATE_LIMIT_MAX_REQUESTS": "0", "SIGN_UPS_PER_HOUR": "0"}
    env |= {"MAX_CONNECTIONS_PER_USER": "0", "MAX_CONNECTIONS_PER_TENANT": "0"}
    with LocalStack(env=env) as stack:
        http = urllib3.PoolManager()
        account = {"username": "bench", "email": "bench@example.com", "password": "correct horse battery"}
        user = http.request("POST", f"{stack.api_url}/user/create", json=account).json()
        del account["username"]
        token = http.request("POST", f"{stack.api_url}/login", json=account).json()["jwt"]
        left, done = 0, asyncio.Event()
        ready = asyncio.Semaphore(20)

        async def listen() -> None:
            nonlocal left
            async with ready:
                opened = connect(f"{stack.ws_url}/?token={token}", ping_interval=None, compression=None)
                socket = await opened.__aenter__()
            async for text in socket:
                if "job:created" in str(text):
                    left -= 1
                    if left == 0:
                        done.set()

        clients = [asyncio.create_task(listen()) for _ in range(sockets)]
        container = ManagerContainer(settings(stack.redis_url, stack.ws_url))
        while container.redis.zcard(container.keys.connections(0)) < sockets:
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        principal = Principal(user["_id"], user.get("tenantId", ""), Role.MEMBER)
        took = []
        for n in range(rounds):
            left = sockets
            done.clear()
            begun = time.monotonic()
            container.event_log.publish([event(n, principal)])
            await asyncio.wait_for(done.wait(), 60)
            took.append((time.monotonic() - begun) * 1000)
        for client in clients:
            client.cancel()
        container.close()
        return took


def engine_level(sockets: int, rounds: int, rate: int) -> dict[str, Any]:
    """Measure one event to many sockets, and many events to few, without the stack around the manager."""
    bench = Bench(sockets)
    bench.burst_ms()
    took = [bench.burst_ms() for _ in range(rounds)]
    ten = bench.burst_ms(10)
    bench.close()
    bench = Bench(10)
    bench.burst_ms()
    stream = bench.stream(rate, STREAM_S)
    quick = [bench.burst_ms() for _ in range(200)]
    bench.close()
    return {
        "one_event_ms": _results.latency(took, 1),
        "ten_events_ms": round(ten, 1),
        "stream": {"rate": rate, "sockets": 10, "seconds": STREAM_S, **{k: round(v, 1) for k, v in stream.items()}},
        "ten_sockets_ms": _results.latency(quick),
    }


def main() -> None:
    """Measure, print, save."""
    options = _servers.options(__doc__, sockets=1000, rounds=20, rate=1000)
    found = {"sockets": options.sockets, **engine_level(options.sockets, options.rounds, options.rate)}
    print(f"1 event to {options.sockets} sockets, last one has it after (ms): {_results.text(found['one_event_ms'])};")
    print(f"  10 events in one step to each: {found['ten_events_ms']} ms")
    print(f"{options.rate} events/s to 10 sockets: {found['stream']}")
    print(f"1 event to 10 sockets (ms): {_results.text(found['ten_sockets_ms'])}", flush=True)
    first, *took = asyncio.run(through_the_stack(options.sockets, options.rounds + 1))
    through = _results.latency(took, 1)
    found["stack"] = {"first_ms": round(first, 1), "one_event_ms": through}
    print(f"1 event through the local stack to {options.sockets} WebSockets (ms): {_results.text(through)}")
    print(f"Saved {_results.save('fanout', found)}")


if __name__ == "__main__":
    main()
