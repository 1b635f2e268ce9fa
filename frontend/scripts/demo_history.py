"""Give a tenant a week of history: `MONGODB_URI=… demo_history.py <database> <tenant id>`.

The API takes no jobs of the past, and rightly so; the charts of a demo need one. Seeded: the same each time.
"""

import math
import os
import random
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

from pymongo import MongoClient

from chalicelib.domain.histogram import bucket
from chalicelib.store.rollups import RollupStore
from chalicelib.store.totals import Increments

#: (task, queue, jobs per minute at noon, median wait and run in ms, share that fails)
STREAMS = [
    ("simulated", "default", 110, 18, 900, 0.012),
    ("simulated", "mail", 170, 12, 240, 0.02),
    ("simulated", "reports", 24, 90, 6_500, 0.05),
    ("simulated", "media", 48, 45, 2_800, 0.008),
    ("http_request", "default", 70, 15, 180, 0.03),
]
WEEK_MIN = 7 * 24 * 60


def histogram(rng: random.Random, median_ms: float, count: int) -> Counter[int]:
    """``count`` durations around ``median_ms``, log-normal."""
    return Counter(bucket(median_ms * math.exp(rng.gauss(0, 0.55))) for _ in range(count))


def busyness(at: datetime) -> float:
    """How busy a minute is, 0.15 to 1: nights and weekends are quiet."""
    day = 0.5 - 0.5 * math.cos((at.hour + at.minute / 60 - 2) / 24 * 2 * math.pi)
    return (0.15 + 0.85 * day) * (0.45 if at.weekday() >= 5 else 1)


def minutes(rng: random.Random, tenant_id: str, now: datetime) -> list[Increments]:
    """Each of the last 60 minutes, and before them one in fifteen with the work of all fifteen."""
    found = []
    for ago in range(1, WEEK_MIN):
        if ago > 60 and ago % 15:
            continue
        at = (now - timedelta(minutes=ago)).replace(second=0, microsecond=0)
        for task, queue, rate, wait_ms, run_ms, fails in STREAMS:
            jobs = round(rate * busyness(at) * rng.uniform(0.6, 1.4) * (15 if ago > 60 else 1))
            failed = sum(rng.random() < fails for _ in range(jobs))
            counts = Counter(started=jobs, completed=jobs - failed, failed=failed, retried=failed, dlq=failed // 4)
            rush = 1 + 6 * (rng.random() < 0.03)
            found.append(
                Increments(
                    tenant_id=tenant_id, queue=queue, task=task, minute=at, counts=counts,
                    wait=histogram(rng, wait_ms * rush, jobs), run=histogram(rng, run_ms, jobs),
                )
            )  # fmt: skip
    return found


def main() -> None:
    """Write the history."""
    database, tenant_id = sys.argv[1:]
    uri = os.environ["MONGODB_URI"]  # has a password, and everybody may read command lines
    client: MongoClient[dict[str, object]] = MongoClient(uri, tz_aware=True)
    RollupStore(client[database]).add(minutes(random.Random(7), tenant_id, datetime.now(UTC)))  # noqa: S311 - a demo
    client.close()


if __name__ == "__main__":
    main()
