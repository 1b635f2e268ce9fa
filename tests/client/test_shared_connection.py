"""Many waits of one client share one connection, whichever of them ends first, and when it is lost."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from websockets.sync.server import Server, ServerConnection, serve

from queuecraft_client import AsyncClient, Client, _events
from tests.support import wait_until

JOBS = [f"{n:024x}" for n in range(30)]
WAIT_S = 60


class FakeServer:
    """An API of 30 jobs that end when ``finish`` says so, and a WebSocket that tells of it."""

    def __init__(self) -> None:
        self.done: set[str] = set()
        #: How often each job was asked for: once at first, and once more when there is a connection.
        self.asked: Counter[str] = Counter()
        self.subscribed: list[ServerConnection] = []
        self.server: Server = serve(self._talk, "127.0.0.1", 0)
        self._thread = threading.Thread(target=self.server.serve_forever)
        self._thread.start()

    def _talk(self, socket: ServerConnection) -> None:
        for text in socket:
            frame = json.loads(text)
            if frame["action"] == "subscribe":
                self.subscribed.append(socket)
                socket.send(json.dumps({"type": "subscribe:ok", "requestId": frame["requestId"], "data": {}}))

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/ws/ticket":
            port = self.server.socket.getsockname()[1]
            return httpx2.Response(200, json={"ticket": "t", "url": f"ws://127.0.0.1:{port}"})
        job = request.url.path.rpartition("/")[2]
        self.asked[job] += 1
        status = "completed" if job in self.done else "pending"
        return httpx2.Response(200, json={"job": {"_id": job, "name": "n", "status": status}})

    def finish(self, job: str) -> None:
        """End a job, and tell the newest connection."""
        self.done.add(job)
        self.subscribed[-1].send(json.dumps({"type": "job:completed", "id": "1-1", "data": {"_id": job}}))

    def close(self) -> None:
        self.server.shutdown()
        self._thread.join(10)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    monkeypatch.setattr(_events, "_LOOK_S", 2.0 * WAIT_S)  # only events end a wait
    made = FakeServer()
    yield made
    made.close()


def in_threads(server: FakeServer) -> set[str]:
    with (
        Client("http://api", token="t", transport=httpx2.MockTransport(server.answer)) as client,
        ThreadPoolExecutor(len(JOBS)) as pool,
    ):
        return {job.id for job in pool.map(lambda job: client.wait(job, timeout=WAIT_S), JOBS)}


def in_tasks(server: FakeServer) -> set[str]:
    async def scenario() -> set[str]:
        async with AsyncClient("http://api", token="t", transport=httpx2.MockTransport(server.answer)) as client:
            return {job.id for job in await asyncio.gather(*(client.wait(job, timeout=WAIT_S) for job in JOBS))}

    return asyncio.run(scenario())


Waits = Callable[[FakeServer], set[str]]


@pytest.mark.parametrize("wait", [in_threads, in_tasks])
@pytest.mark.parametrize("lost", [False, True])
def test_each_wait_ends_by_its_event(server: FakeServer, wait: Waits, lost: bool) -> None:
    order = random.Random(7).sample(JOBS, len(JOBS))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait, server)
        wait_until(lambda: waiting.done() or (server.subscribed and set(server.asked) == set(JOBS)), 30, "all waits")
        for job in order[:15]:
            server.finish(job)
        if lost:
            server.subscribed[-1].close()
            wait_until(lambda: len(server.subscribed) == 2, 30, "another connection")
        for job in order[15:]:
            server.finish(job)
        assert waiting.result(WAIT_S) == set(JOBS)
    assert len(server.subscribed) == 1 + lost


def test_a_wait_that_is_given_up_lets_another_lead(server: FakeServer) -> None:
    async def scenario() -> None:
        async with AsyncClient("http://api", token="t", transport=httpx2.MockTransport(server.answer)) as client:
            waits = [asyncio.create_task(client.wait(job, timeout=WAIT_S)) for job in JOBS]
            while any(server.asked[job] < 2 for job in JOBS):
                await asyncio.sleep(0.01)
            for wait in waits[:-1]:  # the first one leads
                wait.cancel()
            await asyncio.gather(*waits[:-1], return_exceptions=True)
            await asyncio.to_thread(server.finish, JOBS[-1])
            assert (await waits[-1]).id == JOBS[-1]

    asyncio.run(asyncio.wait_for(scenario(), WAIT_S))
    assert len(server.subscribed) == 1


def test_waits_for_the_same_job_all_end(server: FakeServer) -> None:
    with (
        Client("http://api", token="t", transport=httpx2.MockTransport(server.answer)) as client,
        ThreadPoolExecutor() as pool,
    ):
        waits = [pool.submit(client.wait, JOBS[0], timeout=WAIT_S) for _ in range(3)]
        wait_until(lambda: server.subscribed, 30, "a connection")
        server.finish(JOBS[0])
        assert {wait.result(WAIT_S).id for wait in waits} == {JOBS[0]}
