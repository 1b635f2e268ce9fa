"""Requests per second and latency of the local gateway, at 1 and 16 clients: `python -m bench.gateway`.

A bare handler, then `GET /sync` through Chalice: a sample's, this project's, and the sample's served by `chalice
local`, all in one run. Each is the median of three.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import _results
from bench._load import measure, request, warm_up
from infra.local import children
from infra.local.testing import ROOT, LocalStack

SECONDS = 2.0
TRIVIAL = Path(__file__).with_name("gateway_trivial")
SAMPLE = ROOT / "tests" / "local_aws" / "project"
SYNC = request("GET", "/sync")


@contextmanager
def chalice_local(project: Path) -> Iterator[int]:
    """Serve an application by `chalice local`; yield the port."""
    port = children.free_port()
    command = [str(Path(sys.executable).with_name("chalice")), "local", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--stage", "local", "--no-autoreload"],
        cwd=project,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        if not children.wait_until(lambda: not children.port_is_free(port), timeout_s=20):
            raise RuntimeError("chalice local did not start")
        yield port
    finally:
        server.kill()
        server.wait(timeout=10)


def figures(name: str, port: int) -> dict[str, Any]:
    """Measure one server at 1 and 16 clients."""
    warm_up(port, SYNC)
    return {"name": name, "by_clients": [measure(name, port, SYNC, clients, SECONDS).data() for clients in (1, 16)]}


def main() -> None:
    """Measure, print, save."""
    servers = []
    with LocalStack(project=TRIVIAL) as stack:
        servers.append(figures("bare handler", stack.port))
    with LocalStack(project=SAMPLE, env={"MARKS": "/dev/null"}) as stack:
        servers.append(figures("GET /sync, a Chalice app", stack.port))
    with LocalStack() as stack:
        servers.append(figures("GET /sync, QueueCraft", stack.port))
    with chalice_local(SAMPLE) as port:
        servers.append(figures("GET /sync, chalice local", port))
    print(f"Saved {_results.save('gateway', {'servers': servers})}")


if __name__ == "__main__":
    main()
