"""What a cold start of the API loads: the clients and the cryptography wait for the first call that needs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SLOW = {
    "pymongo",
    "bson",
    "redis",
    "jwt",
    "argon2",
    "cryptography",
    "boto3",
    "botocore.session",
    "email_validator",
    "asyncio",
}


def test_importing_the_app_loads_nothing_slow() -> None:
    script = f"import sys, app; print(*sorted(set(sys.modules) & {SLOW!r}))"

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == []
