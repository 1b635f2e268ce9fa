"""The servers of a benchmark, the environment of its processes, and its command line."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from infra.local.databases import MongoServer, ValkeyServer, free_port


class Servers(NamedTuple):
    """A MongoDB and a Valkey of one benchmark."""

    mongo: MongoServer
    valkey: ValkeyServer
    #: Where the benchmark may write; removed with the servers.
    folder: Path

    def environment(self, name: str = "", **more: str) -> dict[str, str]:
        """Return the environment of a process; ``name`` is that of its database and keyspace."""
        own = {"MONGODB_DATABASE": name, "REDIS_NAMESPACE": name} if name else {}
        servers = {"MONGODB_URI": self.mongo.uri, "REDIS_URL": self.valkey.uri, "SECRET_KEY": "x" * 32}
        return {**servers, "LOG_LEVEL": "WARNING", **own, **more}


@contextmanager
def servers(*, durable: bool = False) -> Iterator[Servers]:
    """Run both servers. ``durable``: Valkey keeps a log of its writes, as in production."""
    with tempfile.TemporaryDirectory(prefix="queuecraft-bench-") as name:
        folder = Path(name)
        mongo = MongoServer(folder / "mongo", free_port())
        mongo.start()
        try:
            valkey = ValkeyServer(folder / "valkey", free_port(), durable=durable)
            with valkey:
                yield Servers(mongo, valkey, folder)
        finally:
            mongo.stop()


def options(description: str | None, **numbers: int) -> argparse.Namespace:
    """Read the command line: ``--name N`` for each of ``numbers``, which are the defaults."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()
