"""The clients of ``@connections`` and of pub/sub when the server fails, on real sockets."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from chalicelib.aws.connections import ConnectionsApi, ConnectionsPool, Gone, Requests
from chalicelib.aws.kept import NO_ANSWER
from chalicelib.aws.signing import Credentials
from chalicelib.errors import TooLarge, Unavailable
from infra.local.databases import ValkeyServer, find_valkey, free_port
from tests.connections_endpoint import Endpoint
from tests.support import wait_until
from websocket_fn.subscriber import Messages, Subscriber

pytestmark = pytest.mark.integration


def requests(url: str) -> Requests:
    return Requests(url, Credentials("AKID", "secret", "session"), "eu-west-1", lambda: 1_800_000_000_000)


class Rude:
    """A server that answers each connection once with ``answer`` and closes it, or never answers."""

    def __init__(self, answer: bytes | None) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._answer = answer
        self._kept: list[socket.socket] = []
        self.connections = 0
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.recv(65536)
            if self._answer is None:
                self._kept.append(connection)
                continue
            connection.sendall(self._answer)
            connection.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._kept:
            connection.close()


def test_calls_use_one_connection(endpoint: Endpoint) -> None:
    with closing(ConnectionsApi(requests(endpoint.url))) as api:
        api.post("a=", b"one")
        api.post("a=", b"two")
        endpoint.status.update({"gone": 410, "large": 413})

        assert endpoint.posts["a="] == [b"one", b"two"]
        assert endpoint.headers[0]["x-amz-security-token"] == "session"
        assert api.alive("a=")
        assert not api.alive("gone")
        with pytest.raises(Gone):
            api.post("gone", b"x")
        with pytest.raises(TooLarge):
            api.post("large", b"x")
        api.delete("a=")
        assert endpoint.deleted == ["a="]


def test_a_kept_connection_that_died_is_replaced() -> None:
    with (
        closing(Rude(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as rude,
        closing(ConnectionsApi(requests(rude.url))) as api,
    ):
        for _ in range(3):
            api.post("c", b"x")
        assert rude.connections == 3


@pytest.mark.parametrize("answer", [b"", b"rubbish\r\n\r\n"])
def test_no_answer_is_unavailable(answer: bytes) -> None:
    with closing(Rude(answer)) as rude, closing(ConnectionsApi(requests(rude.url))) as api, pytest.raises(Unavailable):
        api.post("c", b"x")


def test_a_refused_connection_is_unavailable() -> None:
    with closing(ConnectionsApi(requests(f"http://127.0.0.1:{free_port()}"))) as api, pytest.raises(Unavailable):
        api.post("c", b"x")


def statuses(url: str, count: int, timeout_s: float = 0.2, size: int = 2) -> list[int]:
    """Return the results of ``count`` posts through a pool."""

    async def run() -> list[int]:
        found: list[int] = []
        waiting = [f"c{n}" for n in range(count)]

        def pump() -> None:
            while waiting and pool.ready(len(waiting)):
                pool.post(waiting.pop(), b"frame", found.append)

        pool = ConnectionsPool(requests(url), size=size, timeout_s=timeout_s, on_free=pump)
        pump()
        async with asyncio.timeout(10):
            while len(found) < count:
                await asyncio.sleep(0.005)
                pool.expire()
        assert pool.idle
        await pool.close()
        return found

    return asyncio.run(run())


def test_a_pool_posts_over_few_connections(endpoint: Endpoint) -> None:
    assert statuses(endpoint.url, 50, timeout_s=5) == [200] * 50
    assert sum(len(endpoint.posts[f"c{n}"]) for n in range(50)) == 50


def test_a_pool_goes_on_when_connections_are_closed_after_each_answer() -> None:
    with closing(Rude(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")) as rude:
        assert statuses(rude.url, 5, timeout_s=5) == [200] * 5
        assert rude.connections == 5


@pytest.mark.parametrize("answer", [None, b"", b"rubbish\r\n\r\n"])
def test_a_pool_reports_posts_without_an_answer(answer: bytes | None) -> None:
    with closing(Rude(answer)) as rude:
        assert statuses(rude.url, 4) == [NO_ANSWER] * 4


def test_a_pool_waits_for_a_server_that_is_not_there_yet() -> None:
    async def run() -> int:
        port, done = free_port(), asyncio.Event()
        asked = 0

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"frame")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()
            writer.close()

        def pump() -> None:
            nonlocal asked
            asked += 1
            if not done.is_set() and pool.ready():
                pool.post("c", b"frame", lambda _status: done.set())

        pool = ConnectionsPool(requests(f"http://127.0.0.1:{port}"), size=2, timeout_s=20, on_free=pump)
        pump()
        await asyncio.sleep(0.05)
        async with await asyncio.start_server(answer, "127.0.0.1", port), asyncio.timeout(30):
            await done.wait()
        await pool.close()
        return asked

    assert asyncio.run(run()) > 1


class Ears:
    """A subscriber in a thread."""

    def __init__(self, url: str, on_subscribed: Callable[[], Awaitable[None]] | None = None) -> None:
        self.received: list[bytes] = []
        self.subscriptions = 0
        self._on_subscribed = on_subscribed
        self._loop = asyncio.new_event_loop()
        self._url = url
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._started.wait(5)

    def _run(self) -> None:
        async def subscribed() -> None:
            self.subscriptions += 1
            if self._on_subscribed is not None:
                await self._on_subscribed()

        def hear(messages: Messages) -> None:
            self.received += [payload for _, payload in messages]

        async def run() -> None:
            self._task = asyncio.current_task()
            self._started.set()
            await Subscriber(self._url, ["one", "two"], hear, subscribed).run()

        try:
            self._loop.run_until_complete(run())
        except asyncio.CancelledError:
            self._loop.run_until_complete(asyncio.sleep(0.01))
            self._loop.close()

    def close(self) -> None:
        assert self._task is not None
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(5)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[ValkeyServer]:
    server = ValkeyServer(tmp_path, free_port(), durable=False)
    server.start()
    yield server
    server.stop()


def test_a_subscriber_receives_both_channels_again_after_a_restart(valkey: ValkeyServer) -> None:
    with closing(Ears(valkey.uri)) as ears, closing(Redis.from_url(valkey.uri)) as redis:
        wait_until(lambda: ears.subscriptions == 1)
        wait_until(lambda: redis.publish("one", "a"))
        wait_until(lambda: redis.publish("two", "b"))
        wait_until(lambda: ears.received == [b"a", b"b"])

        valkey.restart()

        wait_until(lambda: ears.subscriptions > 1)
        wait_until(lambda: redis.publish("one", "c"))
        wait_until(lambda: ears.received == [b"a", b"b", b"c"])


def test_a_subscriber_logs_in(valkey: ValkeyServer) -> None:
    with closing(Redis.from_url(valkey.uri)) as redis:
        redis.acl_setuser("hearer", enabled=True, passwords=["+word"], commands=["+@all"], channels=["*"])
        redis.config_set("requirepass", "other")
    for user in ("hearer:word", ":other"):
        url = f"redis://{user}@127.0.0.1:{valkey.port}/0"
        with closing(Ears(url)) as ears:
            wait_until(lambda ears=ears: ears.subscriptions)  # type: ignore[misc]
    with closing(Ears(valkey.uri)) as ears:
        assert ears.subscriptions == 0


def test_a_subscriber_whose_owner_fails_tries_again(valkey: ValkeyServer) -> None:
    calls = 0

    async def fail_twice() -> None:
        nonlocal calls
        calls += 1
        if calls < 3:
            raise OSError("not now")

    with closing(Ears(valkey.uri, fail_twice)) as ears, closing(Redis.from_url(valkey.uri)) as redis:
        wait_until(lambda: ears.subscriptions == 3)
        wait_until(lambda: redis.publish("one", "a"))
        wait_until(lambda: ears.received == [b"a"])


def test_a_subscriber_receives_over_a_unix_socket(tmp_path: Path) -> None:
    path = tmp_path / "s"
    server = subprocess.Popen(
        [find_valkey(), "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(path.exists)
        with closing(Ears(f"unix://{path}")) as ears, closing(Redis.from_url(f"unix://{path}")) as redis:
            wait_until(lambda: ears.subscriptions)
            wait_until(lambda: redis.publish("one", "a"))
            wait_until(lambda: ears.received == [b"a"])
    finally:
        server.terminate()
        server.wait(10)


def test_a_subscriber_gives_up_a_server_that_hangs(valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("websocket_fn.subscriber.PING_S", 0.1)
    monkeypatch.setattr("websocket_fn.subscriber.DEAD_S", 0.5)
    with closing(Ears(valkey.uri)) as ears:
        wait_until(lambda: ears.subscriptions == 1)
        valkey.pause()
        patient = Redis.from_url(valkey.uri, socket_timeout=3, retry=Retry(NoBackoff(), 0))
        with closing(patient), pytest.raises(RedisTimeoutError):
            patient.ping()
        valkey.resume()
        wait_until(lambda: ears.subscriptions > 1)
        with closing(Redis.from_url(valkey.uri)) as redis:
            wait_until(lambda: redis.publish("one", "a"))
            wait_until(lambda: ears.received[-1:] == [b"a"])
