"""The smoke test of every target: sign up, a job to completed, a job to the DLQ, live events over the WebSocket."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from typing import Any

import aiohttp

TIMEOUT_S = 90.0


class SmokeError(AssertionError):
    """Raised when something does not work; the text says what."""


async def smoke(url: str, say: Callable[[str], None] = print) -> None:
    """Use the system whose dashboard is at `url` as a browser does. Raises SmokeError at the first failure."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as session:
        await _User(session, url, say).journey()


class _User:
    def __init__(self, session: aiohttp.ClientSession, url: str, say: Callable[[str], None]) -> None:
        self._session = session
        self._api = f"{url}/api"
        self._headers: dict[str, str] = {}
        self._say = say
        self._begun = time.monotonic()
        self._events: list[dict[str, Any]] = []

    async def journey(self) -> None:
        """Run all steps."""
        await self._sign_up()
        ticket = await self._call("POST", "/ws/ticket", 200)
        socket = await self._session.ws_connect(f"{ticket['url']}?ticket={ticket['ticket']}")
        self._step("connected to the WebSocket")
        async with socket, asyncio.timeout(TIMEOUT_S):
            good = await self._submit("smoke test")
            bad = await self._submit("smoke test that is meant to fail")
            self._step("submitted two jobs")
            await self._listen(socket, {("job:completed", good), ("job:movedToDLQ", bad)})
        self._check_events(good, bad)
        await self._check_records(good, bad)

    async def _sign_up(self) -> None:
        name = f"smoke-{secrets.token_hex(4)}"
        email, password = f"{name}@example.com", secrets.token_urlsafe(18)
        await self._call("POST", "/user/create", 200, {"username": name, "email": email, "password": password})
        session = await self._call("POST", "/login", 200, {"email": email, "password": password})
        self._headers = {"Authorization": f"Bearer {session['jwt']}"}
        self._step("signed up and in")

    async def _submit(self, name: str) -> str:
        answer = await self._call("POST", "/job/create", 201, {"name": name, "maxRetries": 0})
        return str(answer["job"]["_id"])

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse, wanted: set[tuple[str, str]]) -> None:
        """Collect events until the jobs have ended."""
        while wanted:
            frame = await socket.receive_json()
            for event in frame["events"] if frame["type"] == "batch" else [frame]:
                self._events.append(event)
                key = (event["type"], _job_id(event))
                if key in wanted:
                    wanted = wanted - {key}
                    self._step(f"event {event['type']}")

    def _check_events(self, good: str, bad: str) -> None:
        for job_id in (good, bad):
            created = [e for e in self._events if e["type"] == "job:created" and _job_id(e) == job_id]
            if len(created) != 1:
                raise SmokeError(f"job:created of {job_id} came {len(created)} times")
        statuses = [e["data"]["newStatus"] for e in self._events if _is_change(e, good)]
        if statuses != ["running", "completed"]:
            raise SmokeError(f"The good job went {' → '.join(statuses)}")

    async def _check_records(self, good: str, bad: str) -> None:
        for job_id, status in ((good, "completed"), (bad, "dlq")):
            job = (await self._call("GET", f"/job/{job_id}", 200))["job"]
            if job["status"] != status:
                raise SmokeError(f"{job['name']} is {job['status']}, not {status}")
        listed = await self._call("GET", "/dlq", 200)
        if [job["_id"] for job in listed["jobs"]] != [bad]:
            raise SmokeError("The dead-letter queue does not hold the failed job alone")
        stats = (await self._call("GET", "/job/stats", 200))["stats"]
        if (stats["completed"], stats["failed"], stats["total"]) != (1, 1, 2):
            raise SmokeError(f"The counts are wrong: {stats}")
        self._step("records, DLQ and counts agree")

    async def _call(self, method: str, path: str, status: int, body: Any = None) -> Any:
        async with self._session.request(method, self._api + path, json=body, headers=self._headers) as answer:
            text = await answer.text()
        if answer.status != status:
            raise SmokeError(f"{method} {path} answered {answer.status}, not {status}: {text[:500]}")
        if "X-Trace-Id" not in answer.headers:
            raise SmokeError(f"{method} {path} has no X-Trace-Id")
        return json.loads(text)

    def _step(self, what: str) -> None:
        self._say(f"  {time.monotonic() - self._begun:6.1f} s  {what}")


def _job_id(event: dict[str, Any]) -> str:
    data = event.get("data") or {}
    return str(data.get("jobId") or data.get("_id") or "")


def _is_change(event: dict[str, Any], job_id: str) -> bool:
    return event["type"] == "job:status:updated" and _job_id(event) == job_id
