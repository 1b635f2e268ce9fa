"""What a cold start of the API imports: clients and cryptography are imported by the first call that needs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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


def start(**env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import app"],
        cwd=Path(__file__).parents[2],
        env={"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1", "MONGODB_URI": "mongodb://x", "REDIS_URL": "redis://x", **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("secret", [{}, {"SECRET_KEY": ""}, {"SECRET_KEY": "secret"}])
def test_a_function_without_a_good_secret_does_not_start(secret: dict[str, str]) -> None:
    done = start(**secret)

    assert done.returncode != 0
    assert "MisconfiguredError: SECRET_KEY" in done.stderr


def test_a_function_with_a_good_secret_starts() -> None:
    assert start(SECRET_KEY="0123456789abcdef0123456789abcdef").returncode == 0
