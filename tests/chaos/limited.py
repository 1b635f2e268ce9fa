"""Jobs under limits, and unique ones: how many ran at once, how often they began, and which ran last."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from redis.exceptions import RedisError

from chalicelib.domain.jobs import NewJob
from chalicelib.domain.tenant_settings import Kind
from chalicelib.domain.unique import OnConflict, Unique
from chalicelib.queue.lanes import CAP, instance_key
from tests.chaos.bodies import Body
from tests.container import Container
from worker_fn import Limit

SINGLE: Final = Limit("single", per="payload.key", concurrency=1)
FEW: Final = Limit("few", concurrency=3)
PACED: Final = Limit("paced", rate="20/s", burst=5)
KEYS: Final = ("a", "b", "c", "d", "e", "f")
#: Keys of unique jobs.
UNIQUE_KEYS: Final = ("u", "v", "w")
#: One of so many jobs of a run is under a limit.
SHARE: Final = 20
#: Parts in which they are submitted.
ROUNDS: Final = 15
#: Jobs of the tenant that may run at once: more than the fleet has slots, since jobs that are claimed ahead count too.
CONCURRENCY: Final = 30
#: How many may hold an instance at most.
INSTANCES: Final = {"few": 3, CAP: CONCURRENCY} | {f"single:{key}": 1 for key in KEYS}
RATE_PER_S, BURST = 20, 5
_TICK = threading.Event()

#: From when to when a server was broken.
Losses = Sequence[tuple[float, float]]


class Limited:
    """Submits jobs under limits, and looks at who holds these all the time."""

    def __init__(
        self,
        witness: Container,
        tenant_id: str,
        submit: Callable[[list[NewJob]], Sequence[str]],
        jobs: int,
        over_s: float,
    ) -> None:
        self._witness = witness
        self._tenant_id = tenant_id
        self._submit = submit
        self._each_round = max(2, jobs // SHARE // ROUNDS)
        self._over_s = over_s
        #: Instances that more jobs held than may.
        self.over: list[str] = []
        #: The number of the newest job of each unique key.
        self.newest: dict[str, int] = {}
        self.watched = 0
        self._stopping = threading.Event()
        self._producer = threading.Thread(target=self._produce, daemon=True)
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Begin to submit and to look."""
        witness, now = self._witness, self._witness.clock.now()
        witness.tenant_store.add(self._tenant_id, "chaos", now)
        witness.tenant_settings_store.change(self._tenant_id, Kind.SETTINGS, {"concurrency": CONCURRENCY}, now)
        witness.tenant_settings_projection.restore()
        self._producer.start()
        self._watcher.start()

    def join(self, timeout_s: float) -> bool:
        """Wait until all jobs are submitted; whether they are."""
        self._producer.join(timeout_s)
        return not self._producer.is_alive()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._watcher.ident is not None:
            self._watcher.join(30)

    def _produce(self) -> None:
        began = time.monotonic()
        for number in range(ROUNDS):
            _TICK.wait(max(0.0, began + self._over_s * number / ROUNDS - time.monotonic()))
            self._submit([self._job(number, n) for n in range(self._each_round)])
            for key in UNIQUE_KEYS:
                self._submit([_unique(key, number)])
                self.newest[key] = number

    @staticmethod
    def _job(number: int, n: int) -> NewJob:
        task, name = ("single", "paced")[n % 2], f"limited-{number}-{n}"
        payload = json.dumps({"key": KEYS[(number + n // 2) % len(KEYS)]})
        return NewJob(name, task=task, payload=payload, max_retries=10, idempotency_key=name)

    def _watch(self) -> None:
        """Count the holders of each instance; a script sees no half of a change, so neither does a command."""
        names = {name: instance_key(self._tenant_id, name) for name in INSTANCES}
        while not self._stopping.wait(0.05):
            try:
                pipe = self._witness.redis.pipeline(transaction=False)
                for key in names.values():
                    pipe.zlexcount(self._witness.keys.holders, f"[{key}\0", f"({key}\1")
                held = dict(zip(names, pipe.execute(), strict=True))
            except RedisError:
                continue
            self.watched += 1
            self.over += [f"{n} jobs hold {name}" for name, n in held.items() if n > INSTANCES[name]]


def _unique(key: str, number: int) -> NewJob:
    name = f"unique-{key}-{number}"
    payload = json.dumps({"key": key, "n": number})
    unique = Unique(key, on_conflict=OnConflict.RUN_AFTER)
    return NewJob(name, task="newest", payload=payload, max_retries=10, idempotency_key=name, unique=unique)


# --- the verdict ---------------------------------------------------------------------------------------------
def over_limits(bodies: Sequence[Body], completed: Iterable[tuple[str, int]], losses: Losses) -> list[str]:
    """Return what ran beside more than its limits allow, and what began too early.

    ``completed``: jobs with the number of the attempt that completed them. Attempts that lost their leases, and those
    whose leases Redis may have lost, do not count: for each of them, one more may run.
    """
    wanted = set(completed)
    times = Counter((each.job_id, each.attempt) for each in bodies)
    sure = [
        each
        for each in bodies
        if (each.job_id, each.attempt) in wanted and times[each.job_id, each.attempt] == 1 and not _lost(each, losses)
    ]
    wrong = []
    by_instance: dict[tuple[str, int], list[Body]] = defaultdict(list)
    for each in sure:
        if each.task == "single":
            by_instance[f"single:{each.payload['key']}", 1].append(each)
            by_instance["few", 3].append(each)
        elif each.task == "newest":
            by_instance[f"unique:{each.payload['key']}", 1].append(each)
    for (name, most), found in by_instance.items():
        wrong += [f"{name}: {len(now)} at once, {_names(now)}" for now in _at_once(found) if len(now) > most]
    return wrong + too_fast([each for each in sure if each.task == "paced"], losses)


def too_fast(bodies: Sequence[Body], losses: Losses) -> list[str]:
    """Return windows of time in which more jobs of ``PACED`` were claimed than its rate and burst allow.

    A loss of Redis within the window, or within a second of it, allows one burst more.
    """
    wrong = []
    for first in sorted(bodies, key=lambda each: each.claim[0]):
        since = first.claim[0]
        later = sorted(each.claim[1] for each in bodies if each.claim[0] >= since)
        for count, until in enumerate(later, 1):
            lost = sum(began < until + 1 and ended > since - 1 for began, ended in losses)
            # a script reads whole milliseconds
            allowed = RATE_PER_S * (until - since + 0.002) + BURST * (1 + lost)
            if count > allowed:
                wrong.append(f"paced: {count} began within {until - since:.3f} s, at most {allowed:.1f}")
                break
    return wrong


def outdated(bodies: Sequence[Body], completed: Iterable[tuple[str, int]], newest: dict[str, int]) -> list[str]:
    """Return unique keys whose newest payload did not run last."""
    wanted = set(completed)
    last = {
        body.payload["key"]: body.payload["n"]
        for body in bodies
        if body.task == "newest" and (body.job_id, body.attempt) in wanted
    }
    return [f"{key}: {last.get(key)} ran last, not {n}" for key, n in newest.items() if last.get(key) != n]


def _lost(body: Body, losses: Losses) -> bool:
    """Return whether Redis lost data between the claim and the end."""
    return body.ended is None or any(began < body.ended and ended > body.claim[0] for began, ended in losses)


def _at_once(bodies: Sequence[Body]) -> Iterable[list[Body]]:
    """Yield the bodies that run, whenever one begins."""
    running: list[Body] = []
    for body in sorted(bodies, key=lambda each: each.began):
        running = [each for each in running if each.ended is None or each.ended > body.began]
        running.append(body)
        yield running


def _names(bodies: Sequence[Body]) -> str:
    return ", ".join(f"{each.job_id} (attempt {each.attempt}: {each.began:.3f} to {each.ended})" for each in bodies)


def completed_attempts(container: Container) -> list[tuple[str, int]]:
    """Return the jobs that completed, with the number of the attempt."""
    wanted: dict[str, Any] = {"status": "completed", "task": {"$in": ["single", "paced", "newest"]}}
    return [(str(job["_id"]), job["attempt"]) for job in container.db.jobs.find(wanted, {"attempt": 1})]
