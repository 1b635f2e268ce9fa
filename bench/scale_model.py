"""What one engine carries and how many engines a load needs, by the costs in bench/results/scale.json.

    python -m bench.scale_model

An *engine* is all keys under one hash tag, so one thread of one Valkey serves it. A simulation lets jobs arrive at
random at growing load and counts how busy that thread is: the batches of claims and writes grow with the load, as in
the worker. Then tenants of unequal size are hashed to several engines, many times, with a seed.
"""

from __future__ import annotations

import argparse
import heapq
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bench import _results
from bench._engine_sim import JOBS, SEED, Costs, Scenario, Simulation
from infra.aws.costs import HOURS, MILLION, PRICES, SECONDS

#: The most that Valkey's thread is to be busy, so that peaks and a rebuild fit.
BUSY: Final = 0.6
#: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html: of one slot. Reads from replicas, which would
#: allow 90,000, are no use to an engine: all its commands write.
SLOT_ECPU: Final = 30_000
#: Dollars an hour of a node with Valkey, on demand in us-east-1 (AWS Price List, October 2026), and its vCPUs.
#: Burstable types are left out: they do not keep a thread busy for long.
NODES: Final[Mapping[str, tuple[int, float]]] = {
    "cache.m7g.large": (2, 0.1264),
    "cache.m7g.xlarge": (4, 0.252),
}
#: A primary and a replica in another zone.
NODES_EACH: Final = 2
#: vCPUs of the primary and dollars an hour of a cluster of MongoDB Atlas (three members) on AWS, General class.
ATLAS: Final[Mapping[str, tuple[int, float]]] = {
    "M30": (2, 0.54), "M40": (4, 1.04), "M50": (8, 2.00), "M60": (16, 3.95), "M80": (32, 7.30),
}  # fmt: skip
DRAWS: Final = 100
ENGINES: Final = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
#: Share of draws in which no engine has more than it carries.
SURE: Final = 0.95


SCENARIOS: Final = (
    Scenario("100 ms, submitted singly", "plain", 1, 0.1),
    Scenario("100 ms with two limits, singly", "limits", 1, 0.1),
    Scenario("100 ms, by the hundred", "plain", 100, 0.1),
    Scenario("1 ms, by the hundred", "short", 100, 0.001),
)


# --- one engine ------------------------------------------------------------------------------------------
def carried(costs: Costs, scenario: Scenario, most: float, what: str, jobs: int = JOBS) -> float:
    """Return the jobs a second at which ``what`` (``busy``, ``ecpu_per_s``) reaches ``most``."""
    load = 200.0
    for _ in range(4):
        found = Simulation(costs, scenario, load, jobs=jobs).run()
        load *= most / max(found[what], 1e-6)
    return load


def one_engine(measured: Mapping[str, Any], jobs: int = JOBS) -> list[dict[str, Any]]:
    """Return for each scenario what one engine carries on a node and on one slot of a serverless cache."""
    rows = []
    for scenario in SCENARIOS:
        costs = Costs(measured, scenario.kind)
        node = carried(costs, scenario, BUSY, "busy", jobs)
        slot = carried(costs, scenario, SLOT_ECPU, "ecpu_per_s", jobs)
        points = [Simulation(costs, scenario, node * share, jobs=jobs).run() for share in (0.25, 0.5, 0.75, 1.0, 1.3)]
        full = points[3]
        least = full["ecpu_per_job_least"]
        rows.append(
            {
                "name": scenario.name,
                "node_per_s": round(node),
                "slot_per_s": round(slot),
                "slot_per_s_most": round(SLOT_ECPU / least),
                "ecpu_per_job": full["ecpu_per_job"],
                "ecpu_per_job_least": least,
                "valkey_us_per_job": full["valkey_us_per_job"],
                "points": points,
            }
        )
    return rows


# --- several engines -----------------------------------------------------------------------------------------
def zipf(tenants: int, exponent: float) -> list[float]:
    """Return the share of each tenant in the load, the largest first."""
    sizes = [1 / rank**exponent for rank in range(1, tenants + 1)]
    total = sum(sizes)
    return [size / total for size in sizes]


def largest_shares(shares: Sequence[float], engines: int, draws: int, seed: int) -> list[float]:
    """Return the share of the fullest engine in each draw, in order, if tenants are hashed to engines."""
    dice = random.Random(seed)
    found = []
    for _ in range(draws):
        loads = [0.0] * engines
        for share in shares:
            loads[int(dice.random() * engines)] += share
        found.append(max(loads))
    return sorted(found)


def placed(shares: Sequence[float], engines: int) -> float:
    """Return the share of the fullest engine if each tenant, the largest first, goes to the emptiest engine."""
    loads = [0.0] * engines
    for share in shares:
        heapq.heapreplace(loads, loads[0] + share)
    return max(loads)


def several_engines(draws: int = DRAWS) -> list[dict[str, Any]]:
    """Return how uneven tenants of unequal size load engines, and how many engines some loads need.

    Loads are multiples of what one engine carries: (engines by hash, engines if tenants are placed by their size).
    """
    rows = []
    for tenants in (100, 1_000):
        for exponent in (0.5, 0.8, 1.0):
            shares = zipf(tenants, exponent)
            hashed = {n: largest_shares(shares, n, draws, SEED) for n in ENGINES}
            sure = {n: _results.percentile(hashed[n], SURE) for n in ENGINES}
            by_size = {n: placed(shares, n) for n in ENGINES}
            rows.append(
                {
                    "tenants": tenants,
                    "exponent": exponent,
                    "largest": round(shares[0], 4),
                    "uneven": {str(n): round(_results.percentile(hashed[n], 0.5) * n, 2) for n in (4, 16)},
                    "uneven_sure": {str(n): round(sure[n] * n, 2) for n in (4, 16)},
                    "needed": {
                        str(times): [_fewest(sure, times), _fewest(by_size, times)] for times in (2, 4, 8)
                    },
                }
            )  # fmt: skip
    return rows


def _fewest(largest: Mapping[int, float], times: float) -> int | None:
    """Return the fewest engines for ``times`` the load that one carries, ``None`` if no number in `ENGINES` will do."""
    return next((n for n, share in largest.items() if share * times <= 1), None)


# --- prices --------------------------------------------------------------------------------------------------
def prices(engine: Mapping[str, Any]) -> dict[str, Any]:
    """Return dollars per million jobs on a serverless cache and on nodes that are as busy as they may be."""
    ecpu = PRICES["ecpu"].dollars
    storage = PRICES["cache"].dollars * 0.1 * HOURS
    per_million = {"most": engine["ecpu_per_job"] * ecpu, "least": engine["ecpu_per_job_least"] * ecpu}
    nodes = {}
    for name, (_, dollars) in NODES.items():
        month = dollars * NODES_EACH * HOURS
        nodes[name] = {
            "month": round(month),
            "full": round(month / (engine["node_per_s"] * SECONDS / MILLION), 4),
            "same_price_per_s": [
                round((month - storage) / per_million[which] * MILLION / SECONDS) for which in ("most", "least")
            ],
        }
    return {
        "name": engine["name"],
        "serverless": {which: round(value, 3) for which, value in per_million.items()},
        "nodes": nodes,
    }


def mongodb(measured: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the jobs a second that clusters of Atlas carry by their processors, by kind and size of batches."""
    rows = []
    for row in measured["rows"]:
        if row["size"]:
            us = row["job"]["mongodb_us"]
            per_s = {name: round(BUSY * cpus * 1e6 / us) for name, (cpus, _) in ATLAS.items()}
            rows.append({"kind": row["kind"], "size": row["size"], "us": us, "per_s": per_s})
    return rows


def model(measured: Mapping[str, Any], draws: int = DRAWS, jobs: int = JOBS) -> dict[str, Any]:
    """Return all of it."""
    engines = one_engine(measured, jobs)
    return {
        "seed": SEED,
        "measured": measured["date"],
        "engine": engines,
        "prices": [prices(engine) for engine in engines],
        "mongodb": mongodb(measured),
        "tenants": several_engines(draws),
    }


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is printed."""
    for engine in found["engine"]:
        yield (
            f"{engine['name']:32} node {engine['node_per_s']:>6,}/s  slot {engine['slot_per_s']:>6,}"
            f"-{engine['slot_per_s_most']:,}/s  {engine['ecpu_per_job_least']}-{engine['ecpu_per_job']} ECPU"
        )
        for point in engine["points"]:
            yield f"    {point}"
    for row in found["tenants"]:
        yield f"  {row}"


def main() -> None:
    """Compute, print, save."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    found = model(_results.load("scale"))
    print("\n".join(lines(found)))
    print(f"Saved {_results.save('scale_model', found)}")


if __name__ == "__main__":
    main()
