"""From HTTP to the start of a job, and to its completed event at a WebSocket client: `python bench/latency.py`.

On a stack of its own, idle but for this: p50 and p99 of the POST, of the wait from submission to start (as recorded)
and of the time from sending the POST to receiving `job:completed`. Then jobs created per second at 1 and 16
connections while the worker runs them. The load generator shares the machine.
"""

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from infra.local.testing import LocalStack

JOBS = 200
PAUSE_S = 0.03
SECONDS = 4.0
ENV = {
    "RATE_LIMIT_MAX_REQUESTS": "0",
    "MAX_ACTIVE_JOBS_PER_USER": "0",
    "SIGN_UPS_PER_HOUR": "0",
    "SIMULATED_JOB_S": "0",
}
ACCOUNT = {"username": "bench", "email": "bench@example.com", "password": "correct horse battery"}


def show(what: str, values: list[float], unit: str = "ms") -> None:
    """One row: p50 and p99."""
    p99 = statistics.quantiles(values, n=100)[98]
    sys.stdout.write(f"{what:48} p50 {statistics.median(values):7.1f} {unit}  p99 {p99:7.1f} {unit}\n")
    sys.stdout.flush()


async def log_in(session: aiohttp.ClientSession) -> str:
    """Sign up and log in; the token."""
    async with session.post("/user/create", json=ACCOUNT) as answer:
        answer.raise_for_status()
    async with session.post("/login", json={k: ACCOUNT[k] for k in ("email", "password")}) as answer:
        return str((await answer.json())["jwt"])


async def create(session: aiohttp.ClientSession, number: int) -> dict[str, Any]:
    """Submit a job; its record."""
    async with session.post("/job/create", json={"name": f"job {number}"}) as answer:
        answer.raise_for_status()
        job: dict[str, Any] = (await answer.json())["job"]
        return job


def completed(frame: str) -> list[str]:
    """Ids of the jobs that a frame says are completed."""
    message = json.loads(frame)
    events = message["events"] if message["type"] == "batch" else [message]
    return [event["data"]["_id"] for event in events if event["type"] == "job:completed"]


async def follow(socket: aiohttp.ClientWebSocketResponse, seen: dict[str, float], wanted: int) -> None:
    """Note when each job was told to be completed, until `wanted` were."""
    while len(seen) < wanted:
        frame = await socket.receive(timeout=30)
        now = time.perf_counter()
        seen.update(dict.fromkeys(completed(frame.data), now))


async def latencies(session: aiohttp.ClientSession, ws_url: str, token: str) -> None:
    """Submit jobs one by one and follow each to its end."""
    seen: dict[str, float] = {}
    sent: dict[str, float] = {}
    posts: list[float] = []
    async with session.ws_connect(f"{ws_url}?token={token}") as socket:
        await socket.send_json({"action": "subscribe", "requestId": "1"})
        await socket.receive(timeout=30)
        await create(session, -1)
        following = asyncio.create_task(follow(socket, seen, JOBS + 1))
        for number in range(JOBS):
            await asyncio.sleep(PAUSE_S)
            began = time.perf_counter()
            job = await create(session, number)
            posts.append((time.perf_counter() - began) * 1000)
            sent[job["_id"]] = began
        await following
    waits = []
    for job_id in sent:
        async with session.get(f"/job/{job_id}") as answer:
            waits.append(float((await answer.json())["job"]["attempts"][0]["waitMs"]))
    show("POST /job/create", posts)
    show("submit → start, through HTTP", waits)
    show("POST → job:completed at a WebSocket client", [(seen[job_id] - sent[job_id]) * 1000 for job_id in sent])


async def throughput(session: aiohttp.ClientSession, connections: int) -> None:
    """Create jobs for a while over so many connections."""
    until = time.perf_counter() + SECONDS
    took: list[float] = []

    async def client(number: int) -> None:
        while time.perf_counter() < until:
            began = time.perf_counter()
            await create(session, number)
            took.append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*(client(number) for number in range(connections)))
    show(f"create, {connections} connections, {len(took) / SECONDS:.0f}/s", took)


async def main() -> None:
    with LocalStack(env=ENV) as stack:
        async with aiohttp.ClientSession(stack.api_url) as plain:
            token = await log_in(plain)
        headers = {"Authorization": f"Bearer {token}"}
        timeout = aiohttp.ClientTimeout(total=30)
        async with aiohttp.ClientSession(stack.api_url, headers=headers, timeout=timeout) as session:
            await latencies(session, stack.ws_url, token)
            for connections in (1, 16):
                await throughput(session, connections)


if __name__ == "__main__":
    asyncio.run(main())
