"""Clients of a running stack: an HTTP user, and a reader of the records in MongoDB."""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pymongo
import urllib3
from bson import ObjectId

from infra.local.testing import ROOT, LocalStack

TIMEOUT = urllib3.Timeout(connect=5, read=35)


class Api:
    """One user of a stack."""

    def __init__(self, stack: LocalStack, token: str = "") -> None:
        self._http = urllib3.PoolManager(maxsize=32, retries=False, timeout=TIMEOUT)
        self._url = stack.api_url
        self.token = token

    @classmethod
    def signed_up(cls, stack: LocalStack) -> Api:
        """A new user of a new tenant, logged in."""
        api = cls(stack)
        name = f"u{uuid.uuid4().hex[:10]}"
        account = {"username": name, "email": f"{name}@example.com", "password": "correct horse battery"}
        status, user = api.call("POST", "/user/create", account)
        assert status == 200, user
        _, session = api.call("POST", "/login", {"email": account["email"], "password": account["password"]})
        api.token = session["jwt"]
        return api

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and decoded body."""
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}", **headers}
        answer = self._http.request(method, self._url + path, json=body, headers=headers)
        return answer.status, answer.json()

    def create(self, name: str = "a job", **fields: Any) -> dict[str, Any]:
        """A job that was accepted."""
        status, body = self.call("POST", "/job/create", {"name": name, **fields})
        assert status == 201, body
        job: dict[str, Any] = body["job"]
        return job

    def create_many(self, count: int, **fields: Any) -> list[str]:
        """Ids of jobs that were accepted in one call."""
        jobs = [{"name": f"job {n}", **fields} for n in range(count)]
        status, body = self.call("POST", "/job/bulk", {"jobs": jobs})
        assert status == 201, body
        return [job["_id"] for job in body["jobs"]]

    def job(self, job_id: str) -> dict[str, Any]:
        """The whole job."""
        status, body = self.call("GET", f"/job/{job_id}")
        assert status == 200, body
        job: dict[str, Any] = body["job"]
        return job


class Judge:
    """Reads the record of every job: how often each was completed, and which are open."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack
        self._client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(
            stack.mongodb_uri, serverSelectionTimeoutMS=10_000
        )
        self._jobs = self._client["queuecraft"]["jobs"]

    def states(self, ids: list[str]) -> Counter[str]:
        """Return the number of jobs by state."""
        found = self._jobs.find({"_id": {"$in": [ObjectId(i) for i in ids]}}, {"status": 1})
        return Counter(job["status"] for job in found)

    def all_ended(self, ids: list[str], status: str = "completed") -> bool:
        """Whether each job ended so."""
        return self.states(ids) == Counter({status: len(ids)})

    def completions(self) -> Counter[str]:
        """Return how often each job moved to ``completed``, from the oplog, which has every write."""
        oplog = self._client["local"]["oplog.rs"]
        counts: Counter[str] = Counter()
        query = {"ns": "queuecraft.jobs", "op": "u", "o.diff.u.status": "completed"}
        for entry in oplog.find(query):
            counts[str(entry["o2"]["_id"])] += 1
        return counts

    def close(self) -> None:
        self._client.close()


def project_with(folder: Path, task_source: str) -> Path:
    """Return a copy of the project with one more task file."""
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc", "local", "node_modules")
    for name in ("chalicelib", "worker_fn", "websocket_fn", ".chalice", "infra"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    shutil.copy(ROOT / "app.py", folder / "app.py")
    (folder / "worker_fn" / "tasks" / "added.py").write_text(task_source)
    return folder
