"""A minimal HTTP load generator: each connection sends its next request after the response, or at a fixed rate.

It parses only what it needs and takes a fifth of the processor time of a full client, which would compete with the
servers for the same cores. ``python -m bench._load PORT SECONDS CLIENTS RATE`` reads a request from standard input and
paces it from a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from dataclasses import dataclass
from typing import Any

from bench import _results

RUNS = 3
WARM_UP_S = 1.0


def request(method: str, path: str, *, token: str = "", body: Any = None) -> bytes:
    """Return the bytes of a request."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(content)}"]
    lines += ["Content-Type: application/json"] if content else []
    lines += [f"Authorization: Bearer {token}"] if token else []
    return "\r\n".join([*lines, "", ""]).encode() + content


class Client(asyncio.Protocol):
    """Sends a request each ``every_s``, or at once if the last response took longer."""

    def __init__(self, request: bytes, latencies: list[float], every_s: float) -> None:
        self._request = request
        self._latencies = latencies
        self._every_s = every_s
        self._buffer = b""
        self._sent = self._due = 0.0
        self._transport: asyncio.Transport | None = None
        self._stopped = False
        #: The error of a bad response.
        self.error: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._due = time.perf_counter()
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._stopped:
            self.error = self.error or f"the connection was closed: {exc!r}"

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        size = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < size:
            return
        if head[9:10] != b"2":
            self.error = (head + body)[:300].decode(errors="replace")
            return
        now = time.perf_counter()
        self._latencies.append(now - self._sent)
        self._buffer = b""
        self._due = max(self._due + self._every_s, now)
        if self._due > now:
            asyncio.get_running_loop().call_later(self._due - now, self._ask)
        else:
            self._ask()

    def _ask(self) -> None:
        if self._transport is not None and not self._stopped:
            self._sent = time.perf_counter()
            self._transport.write(self._request)

    def stop(self) -> None:
        """Close the connection."""
        self._stopped = True
        if self._transport is not None:
            self._transport.abort()


async def load(port: int, asked: bytes, clients: int, seconds: float, rate: float = 0.0) -> list[float]:
    """Return latencies in seconds: as many requests as fit into ``seconds``, or ``rate`` a second over all clients."""
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    every_s = clients / rate if rate else 0.0
    connections = []
    for _ in range(clients):
        _, client = await loop.create_connection(lambda: Client(asked, latencies, every_s), "127.0.0.1", port)
        connections.append(client)
        if rate:
            await asyncio.sleep(1 / rate)  # spread over the interval
    await asyncio.sleep(seconds)
    for client in connections:
        client.stop()
    wrong = [client.error for client in connections if client.error]
    if wrong:
        raise RuntimeError(f"not all requests succeeded: {wrong[0]}")
    return latencies


@dataclass(frozen=True, slots=True)
class Throughput:
    """Requests a second and latencies in ms, each the median of several runs."""

    clients: int
    rate: dict[str, Any]
    p50_ms: float
    p99_ms: float

    def data(self) -> dict[str, Any]:
        """Return the values to save."""
        return {"clients": self.clients, "rate": self.rate, "p50_ms": self.p50_ms, "p99_ms": self.p99_ms}


def measure(what: str, port: int, asked: bytes, clients: int, seconds: float) -> Throughput:
    """Send as many requests as possible in ``RUNS`` runs; print the medians."""
    runs = [asyncio.run(load(port, asked, clients, seconds)) for _ in range(RUNS)]
    found = Throughput(
        clients,
        _results.spread([len(run) / seconds for run in runs], 0),
        round(statistics.median(_results.percentile(run, 0.5) for run in runs) * 1000, 2),
        round(statistics.median(_results.percentile(run, 0.99) for run in runs) * 1000, 2),
    )
    print(
        f"{what:<34} {clients:>2} clients  {found.rate['median']:>6.0f} req/s  p50 {found.p50_ms:6.2f} ms  "
        f"p99 {found.p99_ms:6.2f} ms",
        flush=True,
    )
    return found


def warm_up(port: int, asked: bytes) -> None:
    """Make all processes of a server start."""
    asyncio.run(load(port, asked, 4, WARM_UP_S))


if __name__ == "__main__":
    port, seconds, clients, rate = (float(value) for value in sys.argv[1:5])
    took = asyncio.run(load(int(port), sys.stdin.buffer.read(), int(clients), seconds, rate))
    sys.stdout.write(f"{len(took)}\n")
