"""Entry point: runs a command, and turns errors into one line and an exit code."""

from __future__ import annotations

import importlib.util
import sys


def main() -> None:
    """Run the command line on the arguments of the process, and exit."""
    if any(importlib.util.find_spec(name) is None for name in ("typer", "rich")):
        sys.stderr.write("queuecraft: the command line needs more packages: pip install 'queuecraft-client[cli]'\n")
        sys.exit(2)
    from queuecraft_client.cli.app import run  # noqa: PLC0415 - needs the extra

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
