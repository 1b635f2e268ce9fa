"""From HTTP to the start of a job, and to its completed event at a WebSocket client: `python -m bench.latency`.

On a stack of its own. First idle, then while another user creates jobs at half the rate at which the stack can
create *and* run them: p50 and p99 of the POST, of the wait from submission to start (as recorded) and of the time from
sending the POST to receiving `job:completed`. Between them, jobs created and lists read per second at 1 and 16
connections, while workers run the jobs. The load comes from a minimal client, at half load in a process of its own; all
share the machine.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from typing import Any

import aiohttp
import urllib3

from bench import _results
from bench._load import measure, request, warm_up
from infra.local.testing import LocalStack

JOBS = 200
PAUSE_S = 0.03
SECONDS = 2.0
#: Time for the workers to catch up after jobs were created at full speed.
DRAIN_S = 60.0
ENV = {
    "RATE_LIMIT_MAX_REQUESTS": "0",
    "MAX_ACTIVE_JOBS_PER_USER": "0",
    "SIGN_UPS_PER_HOUR": "0",
    "SIMULATED_JOB_S": "0",
}
ACCOUNT = {"username": "bench", "email": "bench@example.com", "password": "correct horse battery"}
OTHER = {"username": "other", "email": "other@example.com", "password": "correct horse battery"}
CREATE = {"name": "bench"}
LABELS = {"create": "POST /job/create", "list": "GET /job?limit=100"}


async def log_in(url: str, account: dict[str, str]) -> str:
    """Sign up and log in; return the token."""
    async with aiohttp.ClientSession(url) as session:
        async with session.post("/user/create", json=account) as answer:
            answer.raise_for_status()
        async with session.post("/login", json={k: account[k] for k in ("email", "password")}) as answer:
            return str((await answer.json())["jwt"])


async def create(session: aiohttp.ClientSession) -> dict[str, Any]:
    """Submit a job; return its record."""
    async with session.post("/job/create", json=CREATE) as answer:
        answer.raise_for_status()
        job: dict[str, Any] = (await answer.json())["job"]
        return job


def completed(frame: str) -> list[str]:
    """Return the ids of the jobs that completed by a frame."""
    message = json.loads(frame)
    events = message["events"] if message["type"] == "batch" else [message]
    return [event["data"]["_id"] for event in events if event["type"] == "job:completed"]


async def follow(socket: aiohttp.ClientWebSocketResponse, seen: dict[str, float], wanted: int) -> None:
    """Record when the event of each completed job arrived, until `wanted` have."""
    while len(seen) < wanted:
        frame = await socket.receive(timeout=30)
        now = time.perf_counter()
        seen.update(dict.fromkeys(completed(frame.data), now))


async def latencies(stack: LocalStack, token: str) -> dict[str, Any]:
    """Submit jobs one by one and wait for the end of each."""
    seen: dict[str, float] = {}
    sent: dict[str, float] = {}
    posts: list[float] = []
    headers, timeout = {"Authorization": f"Bearer {token}"}, aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(stack.api_url, headers=headers, timeout=timeout) as session:
        async with session.ws_connect(f"{stack.ws_url}?token={token}") as socket:
            await socket.send_json({"action": "subscribe", "requestId": "1"})
            await socket.receive(timeout=30)
            following = asyncio.create_task(follow(socket, seen, JOBS + 1))
            await create(session)
            for _ in range(JOBS):
                await asyncio.sleep(PAUSE_S)
                began = time.perf_counter()
                job = await create(session)
                posts.append((time.perf_counter() - began) * 1000)
                sent[job["_id"]] = began
            await following
        waits = []
        for job_id in sent:
            async with session.get(f"/job/{job_id}") as answer:
                waits.append(float((await answer.json())["job"]["attempts"][0]["waitMs"]))
    return {
        "post_ms": _results.latency(posts),
        "start_ms": _results.latency(waits),
        "completed_ms": _results.latency([(seen[job_id] - sent[job_id]) * 1000 for job_id in sent]),
    }


def show(name: str, found: dict[str, Any]) -> None:
    """Print three rows."""
    for what, key in (
        ("POST /job/create", "post_ms"),
        ("submit to start, through HTTP", "start_ms"),
        ("POST to job:completed at a WebSocket client", "completed_ms"),
    ):
        print(f"{name}: {what:44} p50 {found[key]['p50']:7.1f} ms  p99 {found[key]['p99']:7.1f} ms", flush=True)


def stats(stack: LocalStack, token: str) -> dict[str, int]:
    """Return the counts of the user's jobs."""
    headers = {"Authorization": f"Bearer {token}"}
    answer: dict[str, Any] = urllib3.request("GET", f"{stack.api_url}/job/stats", headers=headers).json()
    found: dict[str, int] = answer.get("stats", answer)
    return found


def wait_idle(stack: LocalStack, token: str) -> int:
    """Wait until no job is pending or running; return how many completed."""
    until = time.monotonic() + DRAIN_S
    while (now := stats(stack, token))["pending"] + now["running"] > 0:
        if time.monotonic() > until:
            raise TimeoutError(f"the workers did not catch up: {now}")
        time.sleep(0.05)
    return now["completed"]


def throughput(stack: LocalStack, token: str) -> dict[str, Any]:
    """Measure creations and lists at 1 and 16 connections; ``sustained``: jobs a second that were created and run."""
    asked = {
        "create": request("POST", "/job/create", token=token, body=CREATE),
        "list": request("GET", "/job?limit=100", token=token),
    }
    found: dict[str, Any] = {}
    for name, each in asked.items():
        warm_up(stack.port, each)
        done = wait_idle(stack, token)
        found[name] = []
        for clients in (1, 16):
            before, began = done, time.monotonic()
            found[name].append(measure(LABELS[name], stack.port, each, clients, SECONDS).data())
            done = wait_idle(stack, token)
            if name == "create":
                found["sustained"] = round((done - before) / (time.monotonic() - began))
    return found


def under_load(stack: LocalStack, token: str, other: str, rate: float) -> dict[str, Any]:
    """Measure the same latencies while another user creates ``rate`` jobs a second."""
    seconds = JOBS * (PAUSE_S + 0.03) + 3
    command = [sys.executable, "-m", "bench._load", str(stack.port), f"{seconds}", "8", f"{rate}"]
    background = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_results.ROOT)
    assert background.stdin is not None
    background.stdin.write(request("POST", "/job/create", token=other, body=CREATE))
    background.stdin.close()
    try:
        time.sleep(1.5)
        found = asyncio.run(latencies(stack, token))
        return {"rate": round(rate), "load_lasted": background.poll() is None, **found}
    finally:
        background.kill()
        background.wait(timeout=10)


def main() -> None:
    """Measure, print, save."""
    with LocalStack(env=ENV) as stack:
        token = asyncio.run(log_in(stack.api_url, ACCOUNT))
        other = asyncio.run(log_in(stack.api_url, OTHER))
        idle = asyncio.run(latencies(stack, token))
        show("idle", idle)
        rates = throughput(stack, token)
        print(f"created and run: {rates['sustained']}/s", flush=True)
        half = under_load(stack, token, other, rates["sustained"] / 2)
        show(f"at {half['rate']} others/s", half)
    print(f"Saved {_results.save('latency', {'idle': idle, 'half_load': half, **rates})}")


if __name__ == "__main__":
    main()
