"""What a cold start of the connection manager imports: neither MongoDB's client nor AWS's nor Chalice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SLOW = {"pymongo", "bson", "jwt", "argon2", "boto3", "botocore", "chalice", "pydantic", "aiohttp"}


def test_importing_the_manager_loads_nothing_it_does_not_need() -> None:
    script = f"import sys, websocket_fn.handler; print(*sorted(set(sys.modules) & {SLOW!r}))"

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == []
