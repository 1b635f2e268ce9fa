"""Jobs with payloads over 64 KB, and what tests look at of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bson import ObjectId

from chalicelib.errors import Unavailable
from tests.api_client import Api, Person
from tests.container import Container
from tests.s3 import Storage
from tests.worker_support import QUICK, Rig

KB = 1024
#: A payload that a record does not hold, one that an answer does not show, and one over the maximum.
LARGE, LARGER, TOO_LARGE = ({"text": "ä" * (size * KB // 2)} for size in (100, 600, 1_500))


@contextmanager
def large_rig(container: Container, s3: Storage) -> Iterator[Rig]:
    """A worker whose large payloads go to ``s3``, with two tasks."""
    quick = QUICK | {"max_active_jobs_per_user": 0, "max_payload_bytes": 1_024 * KB}
    container.settings = replace(container.settings, **quick, **s3.settings)
    with Rig(container) as found:

        @found.task("echo")
        def echo(ctx: Any, payload: dict[str, Any]) -> Any:
            return payload

        @found.task("count", retries=0)
        async def count(ctx: Any, payload: dict[str, Any]) -> Any:
            await asyncio.sleep(0)
            return {"letters": len(payload["text"])}

        container.catalogue.register([task.spec for task in found.registry.tasks.values()])
        yield found


def create(api: Api, by: Person, task: str = "echo", payload: Any = None, **more: Any) -> str:
    body = {"name": "large", "task": task, "payload": LARGE if payload is None else payload, **more}
    answer = api.post("/job/create", body, by=by)
    assert answer.status == 201, answer.text
    return str(answer.json["job"]["_id"])


def detail(api: Api, by: Person, job_id: str) -> dict[str, Any]:
    answer = api.get(f"/job/{job_id}", by=by)
    assert answer.status == 200, answer.text
    return dict(answer.json["job"])


def record(rig: Rig, job_id: str) -> dict[str, Any]:
    found = rig.container.db["jobs"].find_one({"_id": ObjectId(job_id)})
    assert found is not None
    return dict(found)


def sweep(rig: Rig) -> int:
    return rig.container.object_sweep.run()


def make_due(rig: Rig) -> None:
    """Let an hour pass for the rows."""
    earlier = rig.container.clock.now() - timedelta(seconds=1)
    match = {"check_at": {"$exists": True}}
    rig.container.db["stored_objects"].update_many(match, {"$set": {"check_at": earlier}})


def keys(s3: Storage, person: Person) -> list[str]:
    return s3.keys(f"payloads/{person.user.tenant_id}/")


class Broken:
    """A bucket that takes nothing; it may be read if ``reads`` is given."""

    def __init__(self, reads: Any = None) -> None:
        self._reads = reads

    def put(self, *_: Any) -> None:
        raise Unavailable("S3 does not answer")

    delete = link = put

    def get(self, key: str) -> str:
        if self._reads is None:
            raise Unavailable("S3 does not answer")
        return str(self._reads.get(key))
