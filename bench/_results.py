"""Results of benchmarks: `bench/results/<name>.json`, with machine, versions and date.

``QUEUECRAFT_BENCH_RESULTS`` names another folder, for runs that are not meant to be published.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from infra.local.databases import find_mongod, find_valkey

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
#: Points of a distribution that are kept.
SHARES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
#: Libraries of ours that matter to speed.
LIBRARIES = ("redis", "hiredis", "pymongo", "orjson", "aiohttp", "awslambdaric", "chalice")


def folder() -> Path:
    """Return the folder of results."""
    return Path(os.environ.get("QUEUECRAFT_BENCH_RESULTS") or RESULTS)


def machine() -> dict[str, Any]:
    """Return the machine and its load."""
    model = "unknown"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "kernel": f"{platform.system()} {platform.release()}",
        "load": round(os.getloadavg()[0], 2),
    }


def versions() -> dict[str, str]:
    """Return the versions of Python, our libraries, and the servers."""
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "valkey": _server(find_valkey(), "v="),
        "mongodb": _server(find_mongod(), "db version v"),
    }


def _server(program: str, before: str) -> str:
    text = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=True).stdout
    return text.partition(before)[2].split()[0]


def save(name: str, data: Mapping[str, Any], *, more_versions: Mapping[str, str] | None = None) -> Path:
    """Write ``data`` with machine, versions and date; return the file."""
    path = folder() / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": {**versions(), **(more_versions or {})},
        **data,
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return path


def load(name: str) -> dict[str, Any]:
    """Return what ``save`` wrote under this name."""
    content: dict[str, Any] = json.loads((folder() / f"{name}.json").read_text())
    return content


def percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile: the smallest value that at least ``share`` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, int(-(-share * len(ordered) // 1)) - 1))]


def spread(values: Iterable[float], digits: int = 1) -> dict[str, Any]:
    """Return median, least and greatest of several runs."""
    found = sorted(values)
    return {
        "median": round(statistics.median(found), digits),
        "min": round(found[0], digits),
        "max": round(found[-1], digits),
        "runs": len(found),
    }


def latency(values: Sequence[float], digits: int = 2) -> dict[str, Any]:
    """Return p50, p99 and maximum of single measurements, and the values at each of ``SHARES``."""
    return {
        "curve": [round(percentile(values, share), digits) for share in SHARES],
        "p50": round(percentile(values, 0.5), digits),
        "p99": round(percentile(values, 0.99), digits),
        "max": round(max(values), digits),
        "samples": len(values),
    }


def text(found: Mapping[str, Any]) -> str:
    """Return the result of ``latency`` as text."""
    return f"p50 {found['p50']}, p99 {found['p99']}, longest {found['max']}"
