"""procrastinate on PostgreSQL with its default, durable, settings."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector

from bench.peers.client import POSTGRES_DSN, TEXT, Peer, started

app = App(connector=PsycopgConnector(conninfo=POSTGRES_DSN))


@app.task(name="noop")
async def noop(number: int, text: str) -> None:
    """The job."""
    started(number)


class Procrastinate(Peer):
    def setup(self) -> None:
        with psycopg.connect(POSTGRES_DSN, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        with app.replace_connector(SyncPsycopgConnector(conninfo=POSTGRES_DSN)) as sync, sync.open():
            sync.schema_manager.apply_schema()

    async def open(self) -> None:
        await app.open_async()

    async def one(self, number: int) -> None:
        await noop.defer_async(number=number, text=TEXT)

    async def many(self, numbers: Sequence[int]) -> None:
        await noop.batch_defer_async(*[{"number": number, "text": TEXT} for number in numbers])

    async def close(self) -> None:
        await app.close_async()


PEER = Procrastinate()
