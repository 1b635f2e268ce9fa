"""The interface of a peer's file, and the program that submits through it. Runs in the peer's own environment.

    python -m bench.peers.client PEER setup
    python -m bench.peers.client PEER submit|bulk FIRST COUNT
    python -m bench.peers.client PEER trickle FIRST COUNT GAP_S

The job is the same everywhere: it takes a number and 64 characters, notes that it started (one write of 16 bytes, which
is how starts are counted and timed) and does nothing else. Only the standard library is used here.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import random
import struct
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

TEXT = "x" * 64
REDIS_URL = os.environ.get("BENCH_REDIS_URL", "")
POSTGRES_DSN = os.environ.get("BENCH_POSTGRES_DSN", "")
BULK = 1_000
RECORD = struct.Struct("<qq")
_output: list[int] = []


def started(number: int) -> None:
    """Record that job ``number`` starts now, by the clock of the machine, which all processes share."""
    if not _output:
        path = os.environ["BENCH_STARTS"]
        _output.append(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
    os.write(_output[0], RECORD.pack(number, time.monotonic_ns()))


class Peer(ABC):
    """A job queue as a producer sees it. Methods may be coroutines; ``many`` is None without a bulk call."""

    #: Submits jobs of these numbers in one call.
    many: Any = None

    def open(self) -> Any:  # noqa: B027 - not all need it
        """Connect."""

    def setup(self) -> Any:  # noqa: B027 - not all need it
        """Create what the queue needs before its first job."""

    @abstractmethod
    def one(self, number: int) -> Any:
        """Submit the job of this number."""

    def close(self) -> Any:  # noqa: B027 - not all need it
        """Disconnect."""


async def _done(result: Any) -> None:
    if inspect.isawaitable(result):
        await result


async def submit(peer: Peer, numbers: Sequence[int]) -> dict[str, float]:
    """Submit one by one, each awaited before the next."""
    one = peer.one
    if inspect.iscoroutinefunction(one):
        began = time.perf_counter()
        for number in numbers:
            await one(number)
    else:
        began = time.perf_counter()
        for number in numbers:
            one(number)
    return {"seconds": time.perf_counter() - began}


async def bulk(peer: Peer, numbers: Sequence[int]) -> dict[str, float]:
    """Submit by the peer's bulk call, a thousand at a time."""
    began = time.perf_counter()
    for first in range(0, len(numbers), BULK):
        await _done(peer.many(numbers[first : first + BULK]))
    return {"seconds": time.perf_counter() - began}


async def trickle(peer: Peer, numbers: Sequence[int], gap_s: float) -> dict[str, list[int]]:
    """Submit one job at a time to an idle worker; return when each was submitted, in ns."""
    sent = []
    chance = random.Random(len(numbers))
    for number in numbers:
        await asyncio.sleep(gap_s * chance.uniform(0.5, 1.5))
        sent.append(time.monotonic_ns())
        await _done(peer.one(number))
    return {"sent_ns": sent}


async def main(name: str, what: str, *values: str) -> None:
    """Run the command and print its result as JSON."""
    peer: Peer = importlib.import_module(f"bench.peers.{name}").PEER
    await _done(peer.open())
    answer: Any = {}
    try:
        if what == "setup":
            await _done(peer.setup())
        else:
            first, count = int(values[0]), int(values[1])
            numbers = range(first, first + count)
            if what == "trickle":
                answer = await trickle(peer, numbers, float(values[2]))
            else:
                answer = await {"submit": submit, "bulk": bulk}[what](peer, numbers)
    finally:
        await _done(peer.close())
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
