"""Secrets of a stack in SSM Parameter Store, as secure strings below `/queuecraft/STACK`.

`python -m infra.aws.secrets put --stack NAME` takes MONGODB_URI, REDIS_URL, SCRAPE_TOKEN and EDGE_SECRET from the
environment, and creates SECRET_KEY and EDGE_SECRET if missing. `… rotate --stack NAME` creates a new SECRET_KEY and
keeps the old one for the tokens that it signed. Values are never printed.
"""

import argparse
import os
import secrets as random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.aws.session import NoRegionError, session
from infra.local.deployed import project as projects

#: Secrets that are created if missing.
MADE = ("SECRET_KEY", "EDGE_SECRET")
#: Where the operator's first password is stored; no function reads it.
OPERATOR_PASSWORD = "OPERATOR_PASSWORD"  # noqa: S105 - a name
#: Variables that `put` reads from the environment.
GIVEN = ("MONGODB_URI", "REDIS_URL", "SCRAPE_TOKEN", "EDGE_SECRET")


class MissingSecretError(RuntimeError):
    """Raised when a stack lacks a secret that its functions need; the text says what to do."""


def path(stack: str, name: str = "") -> str:
    """Return the name of a parameter."""
    return f"/queuecraft/{stack}" + (f"/{name}" if name else "")


def names(ssm: Any, stack: str) -> set[str]:
    """Return the names of the secrets that a stack has."""
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=path(stack))
    return {item["Name"].rpartition("/")[2] for page in pages for item in page["Parameters"]}


def get(ssm: Any, stack: str, name: str) -> str | None:
    """Return the value of a secret; None if there is none."""
    try:
        return str(ssm.get_parameter(Name=path(stack, name), WithDecryption=True)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        return None


def add(ssm: Any, stack: str, name: str, value: str) -> str:
    """Store a secret unless it exists; return the stored value."""
    try:
        _write(ssm, stack, name, value, overwrite=False)
    except ssm.exceptions.ParameterAlreadyExists:
        return get(ssm, stack, name) or value
    return value


def remove(ssm: Any, stack: str, name: str) -> None:
    """Delete a secret."""
    ssm.delete_parameter(Name=path(stack, name))


def put(ssm: Any, stack: str, values: Mapping[str, str]) -> list[str]:
    """Store `values`, and those of MADE that are missing; return the names that were written."""
    wanted = dict(values)
    for name in set(MADE) - set(wanted) - names(ssm, stack):
        wanted[name] = random.token_hex(32)
    for name, value in wanted.items():
        _write(ssm, stack, name, value)
    return sorted(wanted)


def rotate(ssm: Any, stack: str) -> None:
    """Create a new SECRET_KEY; the old one becomes SECRET_KEY_PREVIOUS.

    Functions read it once SecretsVersion changes.
    """
    old = get(ssm, stack, "SECRET_KEY")
    if old is None:
        raise MissingSecretError(f"{stack} has no SECRET_KEY to rotate")
    # in this order: if the second write fails, the old key is only stored twice
    _write(ssm, stack, "SECRET_KEY_PREVIOUS", old)
    _write(ssm, stack, "SECRET_KEY", random.token_hex(32))


def check(ssm: Any, stack: str, *, with_redis: bool) -> None:
    """Raise MissingSecretError if the functions could not start."""
    needed = {"MONGODB_URI", "SECRET_KEY"} | ({"REDIS_URL"} if with_redis else set())
    if missing := needed - names(ssm, stack):
        raise MissingSecretError(
            f"{stack} has no {', '.join(sorted(missing))}. Set MONGODB_URI (and REDIS_URL for a Redis outside the "
            f"stack) and run: python -m infra.aws.secrets put --stack {stack}"
        )


def check_own(ssm: Any, stack: str, wanted: Sequence[str]) -> None:
    """Raise MissingSecretError if the stack lacks a secret that the project declares."""
    if missing := sorted(set(wanted) - names(ssm, stack)):
        raise MissingSecretError(
            f"{stack} has no value for {', '.join(missing)}, which queuecraft.toml declares. Set it in the environment "
            f"and run: queuecraft secrets put --stack {stack}"
        )


def _write(ssm: Any, stack: str, name: str, value: str, *, overwrite: bool = True) -> None:
    ssm.put_parameter(Name=path(stack, name), Value=value, Type="SecureString", Overwrite=overwrite)


def main(project: Path = projects.PACKAGE, words: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status."""
    of = projects.of(project)
    parser = argparse.ArgumentParser(prog="python -m infra.aws.secrets", description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=["put", "rotate"])
    parser.add_argument("--stack", default=of.stack)
    arguments = parser.parse_args(words)
    try:
        ssm = session(os.environ).client("ssm")
        return _run(ssm, arguments.command, arguments.stack, of.file.secrets if of.file is not None else ())
    except (BotoCoreError, ClientError, MissingSecretError, NoRegionError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _run(ssm: Any, command: str, stack: str, own: Sequence[str]) -> int:
    if command == "rotate":
        rotate(ssm, stack)
        sys.stdout.write("Rotated. Deploy with another SecretsVersion, so that functions read the new key.\n")
        return 0
    written = put(ssm, stack, {name: os.environ[name] for name in (*GIVEN, *own) if os.environ.get(name)})
    sys.stdout.write(f"Written below {path(stack)}: {', '.join(written)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
