"""Metrics of this process and its connection pools, for Prometheus."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.telemetry.prometheus import Sample

if TYPE_CHECKING:
    from pymongo import MongoClient
    from redis import Redis

_STARTED: Final = time.time()
_FILES: Final = Path("/proc/self/fd")
_MEMORY: Final = Path("/proc/self/statm")


def process_samples() -> list[Sample]:
    """Return CPU, memory, start time and open files of this process. With several processes, a scrape reaches one."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = used.ru_utime + used.ru_stime
    samples = [
        Sample("process_cpu_seconds_total", "counter", "CPU time of the scraped process.", cpu_s),
        Sample("process_start_time_seconds", "gauge", "Start time of the scraped process.", _STARTED),
    ]
    if _MEMORY.exists():
        resident = int(_MEMORY.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        open_files = sum(1 for _ in _FILES.iterdir())
        samples += [
            Sample("process_resident_memory_bytes", "gauge", "Memory of the scraped process.", resident),
            Sample("process_open_fds", "gauge", "Open files of the scraped process.", open_files),
        ]
    return samples


def pool_samples(redis: Redis, mongo: MongoClient[Any]) -> list[Sample]:
    """Return the idle and used connections of this process's pools."""
    (idle, _), (used, _) = redis.connection_pool.get_connection_count()
    name, text = "pool_connections", "Connections of the scraped process, by server and state."
    counts = {("redis", "idle"): idle, ("redis", "used"): used}
    mongo_open, mongo_used = _mongo_pool(mongo)
    counts |= {("mongodb", "idle"): mongo_open - mongo_used, ("mongodb", "used"): mongo_used}
    return [
        Sample(name, "gauge", text, count, {"server": server, "state": state})
        for (server, state), count in counts.items()
    ]


def _mongo_pool(mongo: MongoClient[Any]) -> tuple[int, int]:
    """Return the open and used connections. Event listeners would count them too, but slow down every operation."""
    topology = mongo._topology
    if topology is None:
        return 0, 0
    pools = [server.pool for server in topology._servers.values()]
    return sum(len(pool.conns) + pool.active_sockets for pool in pools), sum(pool.active_sockets for pool in pools)
