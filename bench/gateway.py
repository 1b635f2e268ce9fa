"""Requests per second and latency of the local gateway, at 1 and 16 clients: `python bench/gateway.py`.

A bare handler and `GET /sync` through Chalice (this project's if `app.py` is there), each the median of three
runs; `--peers` adds `chalice local` in the same run.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from infra.local import children
from infra.local.testing import ROOT, LocalStack

RUNS = 3
SECONDS = 2.0
TRIVIAL = Path(__file__).with_name("gateway_trivial")


class Client(asyncio.Protocol):
    """Asks again as soon as it has the answer."""

    def __init__(self, request: bytes, latencies: list[float]) -> None:
        self._request = request
        self._latencies = latencies
        self._buffer = b""
        self._sent = 0.0
        self._transport: asyncio.Transport | None = None
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        size = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) >= size:
            assert head.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")), head
            self._latencies.append(time.perf_counter() - self._sent)
            self._buffer = b""
            self._ask()

    def _ask(self) -> None:
        assert self._transport is not None
        self._sent = time.perf_counter()
        self._transport.write(self._request)

    def stop(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()


async def load(port: int, path: str, clients: int, seconds: float) -> list[float]:
    """Latencies in seconds of as many requests as fit into `seconds`."""
    latencies: list[float] = []
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    loop = asyncio.get_running_loop()
    connections = [
        (await loop.create_connection(lambda: Client(request, latencies), "127.0.0.1", port))[1] for _ in range(clients)
    ]
    await asyncio.sleep(seconds)
    for connection in connections:
        connection.stop()
    return latencies


def measure(name: str, port: int, path: str, seconds: float = SECONDS) -> None:
    """Print the medians of a server."""
    asyncio.run(load(port, path, 4, 1.0))
    for clients in (1, 16):
        runs = [sorted(asyncio.run(load(port, path, clients, seconds))) for _ in range(RUNS)]
        rate = statistics.median(len(run) / seconds for run in runs)
        p50 = statistics.median(run[len(run) // 2] for run in runs) * 1000
        p99 = statistics.median(run[len(run) * 99 // 100] for run in runs) * 1000
        print(f"{name:<34} {clients:>2} clients  {rate:>6.0f} req/s  p50 {p50:6.2f} ms  p99 {p99:6.2f} ms", flush=True)


def chalice_local(project: Path, path: str) -> None:
    """Measure `chalice local` on the same application."""
    port = children.free_port()
    command = [
        str(Path(sys.executable).with_name("chalice")),
        "local",
        "--port",
        str(port),
        "--stage",
        "local",
        "--no-autoreload",
    ]
    server = subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert children.wait_until(lambda: not children.port_is_free(port), timeout_s=20)
        measure("chalice local", port, path, 2.0)
    finally:
        server.kill()
        server.wait()


def main() -> None:
    """Measure everything that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", action="store_true", help="also measure chalice local")
    arguments = parser.parse_args()
    with LocalStack(project=TRIVIAL) as stack:
        measure("bare handler", stack.port, "/sync")
    sample = ROOT / "tests" / "local_aws" / "project"
    with LocalStack(project=sample, env={"MARKS": "/dev/null"}) as stack:
        measure("GET /sync, Chalice", stack.port, "/sync")
    if (ROOT / "app.py").exists():
        with LocalStack() as stack:
            measure("GET /sync, QueueCraft", stack.port, "/sync")
    if arguments.peers:
        chalice_local(sample, "/sync")


if __name__ == "__main__":
    main()
