"""What parts of a job's record cost MongoDB: its processor time with one part left out at a time.

    python -m bench.job_cost [--jobs 2000] [--rounds 5] [--only WORD]

The jobs go through the calls of API and worker in batches of 100 (`bench/_life.py`). Each variant has a database of its
own on one server, the rounds are interleaved, and in each round the order differs.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Mapping
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from bench import _results, _servers
from bench._life import KINDS, Life
from bench._meters import Meters
from bench.scale import Bench
from chalicelib.store.documents import job_document
from chalicelib.store.indexes import INDEXES

SIZE: Final = 100
Document = dict[str, Any]
Change = Callable[[Database[Document]], None]


def without(*names: str) -> Change:
    """Drop indexes of ``jobs``."""

    def change(db: Database[Document]) -> None:
        for name in names:
            db.jobs.drop_index(name)

    return change


def statuses_of_some(db: Database[Document]) -> None:
    """Keep in the indexes by status only the jobs that have not completed."""
    some = {"status": {"$in": ["pending", "running", "blocked", "dlq", "cancelled", "skipped"]}}
    for field in ("owner", "tenant"):
        db.jobs.drop_index(f"{field}_status")
        keys = [(f"{field}_id", ASCENDING), ("status", ASCENDING), ("_id", DESCENDING)]
        db.jobs.create_index(keys, name=f"{field}_status", partialFilterExpression=some)


def variants() -> Mapping[str, Change]:
    """Return what is measured: the name of a variant, and how its database differs."""
    names = [str(index.document["name"]) for index in INDEXES["jobs"]]
    plain = ("owner", "owner_status", "tenant", "tenant_status", "tenant_terms", "open", "trace")
    rare = [name for name in names if name not in plain]
    return {
        "as built": lambda db: None,
        **{f"without {name}": without(name) for name in plain},
        "by status: without completed": statuses_of_some,
        "without both by status": without("owner_status", "tenant_status"),
        "without the partial indexes of rare jobs": without(*rare),
        "without blocked, batch, workflow": without("blocked", "batch", "workflow"),
        "without any index": without(*names),
    }


class Variant:
    """A database with one part left out, and what its jobs cost, by step."""

    def __init__(self, servers: tuple[str, str], log: Any, name: str, change: Change) -> None:
        self._bench = Bench(*servers, log, name)
        change(self._bench.container.db)
        self.found: dict[str, dict[str, list[float]]] = {kind: {} for kind in KINDS}

    def run(self, kind: str, jobs: int) -> None:
        """Let jobs go through their lives."""

        def metered(name: str, work: Callable[[], None]) -> None:
            used = self._bench.meters.between(work)["mongodb_us"]
            self.found[kind].setdefault(name, []).append(used / jobs)

        Life(self._bench.container, kind).run(SIZE, jobs // SIZE, metered)

    def close(self) -> None:
        """Close the connections."""
        self._bench.close()

    def medians(self, kind: str) -> dict[str, float]:
        """Return µs a job of each step, and of all together."""
        steps = {name: round(statistics.median(found), 1) for name, found in self.found[kind].items()}
        rounds = zip(*self.found[kind].values(), strict=True)
        return {**steps, "all": round(statistics.median(sum(each) for each in rounds), 1)}


# --- live state in a collection of its own -------------------------------------------------------------------
def in_jobs(db: Database[Document], documents: list[Document]) -> None:
    """Insert, start and end in ``jobs``, as it is."""
    ids = [each["_id"] for each in documents]
    db.jobs.insert_many(documents)
    for status in ("running", "completed"):
        stages: list[Document] = [{"$set": {"status": status, "rev": 2}}]
        stages += [{"$unset": "open"}] if status == "completed" else []
        db.jobs.update_many({"_id": {"$in": ids}}, stages)


def in_two(db: Database[Document], documents: list[Document]) -> None:
    """Insert and start in ``live``, which has no index but that of ids; insert into ``jobs`` at the end."""
    ids = [each["_id"] for each in documents]
    db.live.insert_many(documents)
    db.live.update_many({"_id": {"$in": ids}}, [{"$set": {"status": "running", "rev": 2}}])
    ended = [{name: value for name, value in each.items() if name != "open"} for each in documents]
    db.jobs.insert_many([{**each, "status": "completed"} for each in ended])
    db.live.delete_many({"_id": {"$in": ids}})


RAW: Final = (in_jobs, in_two)


def raw(bench: Bench, meters: Meters, jobs: int, rounds: int) -> dict[str, float]:
    """Return µs a job of each way to write plain documents like those of jobs."""

    db = bench.container.mongo["raw"].with_options(write_concern=bench.container.db.write_concern)
    db.jobs.create_indexes(INDEXES["jobs"])
    found: dict[str, list[float]] = {each.__name__: [] for each in RAW}
    life = Life(bench.container, "plain")
    for _ in range(rounds):
        for way in random.sample(RAW, len(RAW)):
            batches = [[job_document(job) for job in life.new(SIZE)] for _ in range(jobs // SIZE)]

            def work(way: Any = way, batches: Any = batches) -> None:
                for batch in batches:
                    way(db, batch)

            found[way.__name__].append(meters.between(work)["mongodb_us"] / jobs)
    return {name: round(statistics.median(each), 1) for name, each in found.items()}


def main() -> None:
    """Measure, print, save."""
    options = _servers.options(__doc__, jobs=2_000, rounds=5)
    with _servers.servers() as servers, (servers.folder / "log").open("w") as log:
        urls = (servers.valkey.uri, servers.mongo.uri)
        made = {
            name: Variant(urls, log, f"cost{number}", change)
            for number, (name, change) in enumerate(variants().items())
        }
        for _ in range(options.rounds):
            for variant in random.sample([*made.values()], len(made)):
                for kind in ("plain", "short"):
                    variant.run(kind, options.jobs)
        bench = Bench(*urls, log, "rawbench")
        ways = raw(bench, bench.meters, options.jobs, options.rounds)
        bench.close()
        result: dict[str, Any] = {
            "variants": {name: {k: v.medians(k) for k in ("plain", "short")} for name, v in made.items()},
            "raw": ways,
        }
        for variant in made.values():
            variant.close()
    for name, kinds in result["variants"].items():
        print(f"{name:45} {kinds['plain']}  short {kinds['short']}")
    print(ways)
    print(f"Saved {_results.save('job_cost', result)}")


if __name__ == "__main__":
    main()
