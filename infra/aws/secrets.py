"""Secrets of a stack in SSM Parameter Store, as secure strings below `/queuecraft/STACK`.

`python -m infra.aws.secrets put --stack NAME` takes MONGODB_URI, REDIS_URL, SCRAPE_TOKEN from the environment and
makes a SECRET_KEY if there is none. `… rotate --stack NAME` makes a new SECRET_KEY and keeps the old one for the
tokens that it signed. Values are never printed.
"""

import argparse
import os
import secrets as random
import sys
from collections.abc import Mapping
from typing import Any

from infra.aws.session import session

#: What `put` takes from the environment.
GIVEN = ("MONGODB_URI", "REDIS_URL", "SCRAPE_TOKEN", "EDGE_SECRET")


class MissingSecretError(RuntimeError):
    """Raised when a stack lacks a secret that its functions need; the text says what to do."""


def path(stack: str, name: str = "") -> str:
    """Name of a parameter."""
    return f"/queuecraft/{stack}" + (f"/{name}" if name else "")


def names(ssm: Any, stack: str) -> set[str]:
    """The secrets that a stack has."""
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=path(stack))
    return {item["Name"].rpartition("/")[2] for page in pages for item in page["Parameters"]}


def put(ssm: Any, stack: str, values: Mapping[str, str]) -> list[str]:
    """Store `values`, and a new SECRET_KEY if there is none; the names that were written."""
    wanted = dict(values)
    if "SECRET_KEY" not in wanted and "SECRET_KEY" not in names(ssm, stack):
        wanted["SECRET_KEY"] = random.token_hex(32)
    for name, value in wanted.items():
        _write(ssm, stack, name, value)
    return sorted(wanted)


def rotate(ssm: Any, stack: str) -> None:
    """A new SECRET_KEY; the old one becomes SECRET_KEY_PREVIOUS. Functions see it once SecretsVersion changes."""
    old = ssm.get_parameter(Name=path(stack, "SECRET_KEY"), WithDecryption=True)["Parameter"]["Value"]
    # in this order: if the second write fails, the old key is merely there twice
    _write(ssm, stack, "SECRET_KEY_PREVIOUS", old)
    _write(ssm, stack, "SECRET_KEY", random.token_hex(32))


def check(ssm: Any, stack: str, *, with_redis: bool) -> None:
    """MissingSecretError if the functions could not start."""
    needed = {"MONGODB_URI", "SECRET_KEY"} | ({"REDIS_URL"} if with_redis else set())
    if missing := needed - names(ssm, stack):
        raise MissingSecretError(
            f"{stack} has no {', '.join(sorted(missing))}. Set MONGODB_URI (and REDIS_URL for a Redis outside the "
            f"stack) and run: python -m infra.aws.secrets put --stack {stack}"
        )


def _write(ssm: Any, stack: str, name: str, value: str) -> None:
    ssm.put_parameter(Name=path(stack, name), Value=value, Type="SecureString", Overwrite=True)


def main() -> int:
    """Run a command."""
    parser = argparse.ArgumentParser(prog="python -m infra.aws.secrets", description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=["put", "rotate"])
    parser.add_argument("--stack", default="queuecraft")
    arguments = parser.parse_args()
    ssm = session(os.environ).client("ssm")
    if arguments.command == "rotate":
        rotate(ssm, arguments.stack)
        sys.stdout.write("Rotated. Deploy with another SecretsVersion, so that the functions read it.\n")
        return 0
    written = put(ssm, arguments.stack, {name: os.environ[name] for name in GIVEN if os.environ.get(name)})
    sys.stdout.write(f"Written below {path(arguments.stack)}: {', '.join(written)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
