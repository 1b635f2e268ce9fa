"""The tables of docs/scale.md, from the results of `bench/scale.py` and `bench/scale_model.py`."""

from __future__ import annotations

from bench import _results
from bench._tables import Data, number, table
from bench.scale_model import ATLAS, BUSY, NODES, NODES_EACH

KINDS = {"plain": "plain", "short": "shorter than 2 ms", "limits": "two limits"}
STEPS = {
    "admit": "submit: limits and intent",
    "enqueue": "record and enqueue",
    "claim": "claim and load",
    "start": "start",
    "settle": "end",
}


def _least(found: Data, job: Data) -> float:
    """Return ECPUs as multiples of a GET, all of whose time is counted."""
    get = found["get"]["many"]
    around_us = max(0.0, get["valkey_us"] - get["command_us"])
    by_time = (job["valkey_us"] + job["commands"] * around_us) / max(get["valkey_us"], 0.01)
    return float(max(by_time, job["commands"], job["kb_in"] + job["kb_out"]))


def jobs() -> str:
    """What a job costs, by kind and size of batches."""
    found = _results.load("scale")
    rows = []
    for row in found["rows"]:
        job, spread = row["job"], row["spread"]
        alone = row["size"] == 0
        rows.append(
            [
                KINDS[row["kind"]],
                "a worker, one by one" if alone else str(row["size"]),
                number(job["commands"], 2),
                f"{job['kb_in']:.1f} / {job['kb_out']:.1f}",
                "-" if alone else _ranged(spread["valkey_us"]),
                "-" if alone else f"{_least(found, job):,.0f} / {job['ecpu']:,.0f}",
                number(job["mongodb_ops"], 2),
                _ranged(spread["mongodb_us"]),
                f"{job['journal_kb']:.1f}",
            ]
        )
    head = (
        "jobs", "in batches of", "commands", "KB in / out", "Valkey, µs (min-max)", "ECPU, least / most",
        "MongoDB operations", "MongoDB, µs (min-max)", "journal, KB",
    )  # fmt: skip
    get, stored = found["get"], found["stored_bytes"]
    return table(head, rows) + (
        f"\nA GET took {get['many']['valkey_us']:.1f} µs of Valkey's thread with {found['clients']} clients at once, "
        f"{get['alone']['valkey_us']:.0f} µs with one. An ended job takes {number(stored['record'])} bytes in MongoDB, "
        f"{number(stored['compressed'])} compressed, and {number(stored['indexes'])} in indexes. "
        f"Medians of {found['runs']} runs.\n"
    )


def _ranged(found: Data) -> str:
    return f"{number(found['median'])} ({number(found['min'])}-{number(found['max'])})"


def steps() -> str:
    """Return where Valkey's time goes, by step."""
    rows = {(row["kind"], row["size"]): row["steps"] for row in _results.load("scale")["rows"]}
    columns = [("plain", 1), ("plain", 10), ("plain", 100), ("limits", 1), ("limits", 100)]
    body = [[text, *(number(rows[column][step]["valkey_us"]) for column in columns)] for step, text in STEPS.items()]
    return table(("Valkey, µs a job", *(f"{KINDS[kind]}, by {size}" for kind, size in columns)), body)


def quiet() -> str:
    """Return how a figure of another benchmark, on a quiet machine, compares."""
    found, drain = _results.load("scale"), _results.load("drain")
    (short,) = (row["steps"] for row in found["rows"] if (row["kind"], row["size"]) == ("short", 100))
    here = short["claim"]["valkey_us"] + short["settle"]["valkey_us"]
    alone = drain["settings"][0]["cpu_us_per_job"]
    machine, day = found["machine"], drain["date"][:10]
    return (
        f"The machine was shared with other work (load {machine['load']:g} on {machine['cores']} cores), so times are "
        "likely too long; commands, operations and KB do not depend on it. On a quiet machine, with the code of "
        f"{day}, `bench/drain.py` found {alone['valkey']} µs of Valkey and {alone['mongod']} µs of MongoDB to claim "
        f"and end a short job in batches of up to 500; here it is {here:.0f} µs of Valkey in batches of 100. How "
        "much of this is the machine, the size of the batches or the code was not measured. Measure yours before you "
        "size anything.\n"
    )


def engine() -> str:
    """Return what one engine carries."""
    rows = []
    for each in _results.load("scale_model")["engine"]:
        full = each["points"][3]
        rows.append(
            [
                each["name"],
                number(each["valkey_us_per_job"]),
                number(each["node_per_s"]),
                f"{full['jobs_per_claim']:g}",
                f"{full['wait_p99_ms']:.1f} ms",
                f"{each['ecpu_per_job_least']:,.0f} / {each['ecpu_per_job']:,.0f}",
                f"{number(each['slot_per_s'])} / {number(each['slot_per_s_most'])}",
            ]
        )
    head = (
        "jobs of", "Valkey, µs a job", f"a node carries /s ({BUSY:.0%} busy)", "jobs a claim", "wait for Valkey, p99",
        "ECPU a job, least / most", "a slot carries /s, least / most",
    )  # fmt: skip
    return table(head, rows)


def load() -> str:
    """Return the first scenario at growing load."""
    first = _results.load("scale_model")["engine"][0]
    rows = [
        [number(point["load"]), f"{point['busy']:.0%}", f"{point['wait_p99_ms']:.1f} ms", number(point["ecpu_per_s"])]
        for point in first["points"]
    ]
    return table((f"jobs/s ({first['name']})", "busy", "wait for Valkey, p99", "ECPU/s, most"), rows)


def prices() -> str:
    """Return dollars per million jobs."""
    rows = []
    for each in _results.load("scale_model")["prices"]:
        serverless = each["serverless"]
        cells = []
        for name in NODES:
            node = each["nodes"][name]
            most, least = node["same_price_per_s"]
            cells.append(f"${node['full']:.3f}; {number(most)} to {number(least)}/s")
        rows.append([each["name"], f"${serverless['least']:.2f} to ${serverless['most']:.2f}", *cells])
    head = [f"{NODES_EACH} `{name}`, ${_month(name)} a month" for name in NODES]
    return table(("jobs of", "serverless, ECPUs", *head), rows)


def _month(name: str) -> str:
    return number(_results.load("scale_model")["prices"][0]["nodes"][name]["month"])


def mongodb() -> str:
    """Return what MongoDB carries."""
    rows = [
        [KINDS[row["kind"]], str(row["size"]), number(row["us"]), *(number(row["per_s"][name]) for name in ATLAS)]
        for row in _results.load("scale_model")["mongodb"]
    ]
    head = [f"{name}: {cpus} vCPU, ${dollars:.2f}/h" for name, (cpus, dollars) in ATLAS.items()]
    return table(("jobs", "in batches of", "µs a job", *head), rows)


def tenants() -> str:
    """Return how many engines tenants of unequal size need."""
    rows = []
    for row in _results.load("scale_model")["tenants"]:
        needed = [" / ".join("-" if n is None else str(n) for n in row["needed"][times]) for times in row["needed"]]
        rows.append(
            [
                f"{row['tenants']:,}, {row['exponent']:g}",
                f"{row['largest']:.1%}",
                *(f"{row['uneven'][n]:.2f} / {row['uneven_sure'][n]:.2f}" for n in row["uneven"]),
                *needed,
            ]
        )
    head = (
        "tenants, exponent", "largest tenant", "4 engines", "16 engines", "twice the load", "4 times", "8 times",
    )  # fmt: skip
    return table(head, rows)
