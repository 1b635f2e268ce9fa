"""Writes the tables of docs/benchmarks.md and the claims of README.md from bench/results: `make bench-report`.

Between ``<!-- bench:NAME -->`` and ``<!-- /bench:NAME -->`` stands what `SECTIONS[NAME]` makes of the results. A test
compares, so no figure can differ from what was measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bench import _results, goals
from bench._tables import Data, best, fastest_python, number, our_queue, spread, table, times

FILES = ("docs/benchmarks.md", "docs/chaos.md", "README.md")
#: What chaos looks for, and must not find.
FOUND = ("lost", "doubled", "stuck", "stale_writes", "gaps", "books", "broken")
#: What the original did, in Node.js, measured earlier on a like machine: /s, ms.
ORIGINAL = "the Node.js original, measured earlier on a like machine"
MARKED = re.compile(r"(<!-- bench:([a-z-]+) -->\n).*?(<!-- /bench:\2 -->)", re.DOTALL)


# --- the sections --------------------------------------------------------------------------------------------
def measured_on(name: str) -> Callable[[], str]:
    """What a result was measured on, and when."""

    def section() -> str:
        found = _results.load(name)
        machine = found["machine"]
        versions = ", ".join(f"{what} {version}" for what, version in found["versions"].items())
        return f"{found['date'][:10]}, {machine['cpu']}, {machine['cores']} cores, {machine['kernel']}. {versions}.\n"

    return section


def peers() -> str:
    """All queues."""
    found = _results.load("peers")
    ours = our_queue(found)
    rows = []
    for queue in found["queues"]:
        if "failed" in queue:
            rows.append([queue["name"], f"failed: {queue['failed'][:80]}", *["-"] * 7])
            continue
        start = queue["start_ms"]
        rows.append(
            [
                f"**{queue['name']}**" if queue["ours"] else queue["name"],
                number(queue["jobs"]),
                number(queue["submit"]["median"]),
                number(queue["bulk"] and queue["bulk"]["median"]),
                spread(queue["drain"]),
                times(ours["drain"]["median"], queue["drain"]["median"]),
                number(queue["bytes_per_job"]),
                f"{start['p50']:.1f} / {start['p99']:.1f}" if start else "-",
                queue["keeps"],
            ]
        )
    head = (
        "queue", "jobs", "submit one by one /s", "in bulk /s", "drain /s (min-max)", "QueueCraft is x times as fast",
        "Redis bytes per waiting job", "idle: submit to start, ms p50 / p99", "what it stores for a job",
    )  # fmt: skip
    return table(head, rows)


def memory() -> str:
    """Redis by the number of waiting jobs."""
    found = _results.load("memory")
    rows = [
        [
            number(size["jobs"]),
            number(size["bytes_per_job"], 1),
            *(f"{number(size[c]['p50_us'])} ({number(size[c]['server_us'])})" for c in ("claim_1", "claim_100")),
        ]
        for size in found["sizes"]
    ]
    held, ratio = found["held_back"], found["ratio"]
    return table(("waiting jobs", "bytes per job", "claim of 1, µs (in Valkey)", "of 100"), rows) + (
        f"\nFrom the smallest to the largest size, a claim of 1 takes {ratio['claim_1']} times as long, a claim of 100 "
        f"{ratio['claim_100']} times. If all these jobs are paused, a claim that finds nothing takes "
        f"{number(held['all_paused_us'])} µs, a claim from another queue {number(held['beside_paused_us'])} µs; a "
        f"worker learns that the fleet has no free slot in {number(held['fleet_full_us'])} µs.\n"
    )


def families() -> str:
    """Kinds of keys at the largest size."""
    found = _results.load("memory")["families"]
    rows = [
        [f"`{name}`", number(kind["keys"]), number(kind["bytes"]), "yes" if kind["expires"] else "bounded"]
        for name, kind in found.items()
    ]
    return table(("keys", "how many", "bytes", "expires"), rows)


def recovery() -> str:
    """What happened, and how long until it was mended."""
    found = _results.load("recovery")
    rows = []
    for name in ("worker_killed", "worker_killed_short"):
        how = found[name]["settings"]
        what = f"lease {how['lease_ms'] / 1000:g} s, heartbeat {how['heartbeat_ms'] / 1000:g} s"
        what += f", wait before the retry {how['backoff_s']:g} s"
        for key, text in (("known_s", "is detected as lost"), ("runs_s", "runs in another worker")):
            times_s = found[name][key]
            rows.append(
                [f"worker killed: its job {text} ({what})", f"{times_s['p50']:.1f} s", f"{times_s['max']:.1f} s"]
            )
    emptied, cut = found["valkey_emptied"], found["subscriber_cut"]
    rows.append(
        [
            f"Valkey emptied: {number(emptied['waiting'])} waiting jobs are restored",
            *(f"{number(emptied['whole_ms'][key])} ms" for key in ("p50", "max")),
        ]
    )
    rows.append(
        [
            f"subscription cut: the next event reaches all {cut['sockets']} sockets",
            *(f"{number(cut['flows_ms'][key])} ms" for key in ("p50", "max")),
        ]
    )
    return table(("failure", "p50", "max"), rows)


def latency() -> str:
    """Through HTTP and the WebSocket."""
    found = _results.load("latency")
    half = found["half_load"]
    rows = []
    for text, key, theirs in (
        ("`POST /job/create`", "post_ms", "4.6 / -"),
        ("submit to start", "start_ms", "-"),
        ("POST to `job:completed` at a WebSocket client", "completed_ms", "28-30 / 41-83"),
    ):
        cells = [f"{each[key]['p50']:.1f} / {each[key]['p99']:.1f}" for each in (found["idle"], half)]
        rows.append([text, *cells, theirs])
    return table(("p50 / p99, ms", "idle", f"half load, {half['rate']:,} jobs/s", ORIGINAL), rows)


def stages() -> str:
    """From submitting to the start, and on."""
    found = _results.load("stages")
    return table(("", "p50", "p99"), [[row["name"], *_p50_p99(row, 2)] for row in found["stages"]])


def throughput() -> str:
    """Creations and lists."""
    found = _results.load("latency")
    rows = []
    for text, key, theirs in (
        ("`POST /job/create`", "create", {1: "200", 16: "448"}),
        ("`GET /job?limit=100`", "list", {1: "-", 16: "327"}),
    ):
        for each in found[key]:
            clients = each["clients"]
            rate, ms = spread(each["rate"]), f"{each['p50_ms']:.1f} / {each['p99_ms']:.1f}"
            rows.append([text, str(clients), rate, ms, theirs[clients]])
    return table(("", "connections", "/s (min-max)", "ms p50 / p99", f"{ORIGINAL}: /s"), rows)


def gateway() -> str:
    """The local API Gateway."""
    rows = [
        [server["name"] if each["clients"] == 1 else "", str(each["clients"]), spread(each["rate"]),
         f"{each['p50_ms']:.2f} / {each['p99_ms']:.2f}"]
        for server in _results.load("gateway")["servers"]
        for each in server["by_clients"]
    ]  # fmt: skip
    return table(("server", "clients", "req/s (min-max)", "ms p50 / p99"), rows)


def fanout() -> str:
    """Events to sockets."""
    found = _results.load("fanout")
    stack, stream = found["stack"]["one_event_ms"], found["stream"]
    rows = [
        [f"one event to {found['sockets']:,} sockets of the local stack, until the last one has it", *_p50_p99(stack)],
        [f"the same, manager only ({found['sockets']:,} posts)", *_p50_p99(found["one_event_ms"])],
        ["one event to 10 sockets, manager only", *_p50_p99(found["ten_sockets_ms"])],
    ]
    return table(("", "p50", "p99"), rows) + (
        f"\n{stream['rate']:,} events/s to {stream['sockets']} sockets for {stream['seconds']:g} s: the last socket "
        f"has the last event {stream['last_late_ms']:.1f} ms after it was published.\n"
    )


def _p50_p99(found: Data, digits: int = 1) -> list[str]:
    return [f"{found[key]:.{digits}f} ms" for key in ("p50", "p99")]


def lists() -> str:
    """Lists out of many jobs."""
    found = _results.load("lists")
    rows = [[row["name"], *(f"{row[key]:.1f}" for key in ("p50", "p99", "max"))] for row in found["lists_ms"]]
    rows.append(["counts of a tenant", *(f"{found['stats_ms'][key]:.2f}" for key in ("p50", "p99", "max"))])
    return table((f"100 of {found['jobs']:,} jobs, ms", "p50", "p99", "longest"), rows)


def starts() -> str:
    """Cold starts and `make up`."""
    cold, up = _results.load("coldstart")["functions"], _results.load("startup")
    names = {
        "api": "API",
        "worker": "worker",
        "websocket": "WebSocket and connection manager",
        "runtime": "empty handler",
    }
    rows = [[f"INIT of a function: {names[key]}", *_ms(found["init_ms"])] for key, found in cold.items()]
    rows.append(["`make up` to ready, the first time", *_ms(up["first_ms"])])
    rows.append(["`make up` to ready, with data", *_ms(up["later_ms"])])
    return table(("", "median", "min-max"), rows)


def _ms(found: Data) -> list[str]:
    return [f"{number(found['median'])} ms", f"{number(found['min'])}-{number(found['max'])} ms"]


def drain() -> str:
    """One and two worker processes."""
    found = _results.load("drain")
    rows = []
    for each in found["settings"]:
        cpu = ", ".join(f"{name} {us}" for name, us in each["cpu_us_per_job"].items())
        name = f"{each['workers']} x {each['kind']}"
        rows.append([name, spread(each["bulk_per_s"]), spread(each["drain_per_s"]),
                     f"{each['cores_busy']['median']:.2f}", cpu])  # fmt: skip
    head = ("workers x tasks", "submit in bulk /s", "drain /s", "cores busy", "processor µs per job")
    cores, cpu_us = found["machine"]["cores"], found["settings"][0]["cpu_us_per_job"]
    all_us = sum(cpu_us.values())
    return table(head, rows) + (
        f"\nAt {all_us} µs per job in total, {cores} cores shared by worker and servers cannot drain more than "
        f"{number(cores / all_us * 1e6, 0)}/s, and one worker, whose threads share a core, not more than "
        f"{number(1e6 / cpu_us['workers'], 0)}/s.\n"
    )


# --- claims --------------------------------------------------------------------------------------------------
def claims() -> str:
    """What README says."""
    found, memory_of, delays = _results.load("peers"), _results.load("memory"), _results.load("latency")
    ours = our_queue(found)
    drained = ours["drain"]["median"]
    fastest = fastest_python(found)
    named = [(name, best(found, name)) for name in ("Celery", "RQ", "procrastinate", "BullMQ")]
    others = ", ".join(
        f"{times(drained, queue['drain']['median'])} times {name}" for name, queue in named if queue is not None
    )
    largest, killed = memory_of["sizes"][-1], _results.load("recovery")["worker_killed"]["runs_s"]
    idle = delays["idle"]
    return (
        f"- **Drain of no-op jobs** (one worker process, concurrency 5, a journaled record, events and log lines for "
        f"each job): {times(drained, fastest['drain']['median'])} times the fastest Python peer ({fastest['name']}); "
        f"with the best setting of each peer, {others}. The peers keep jobs in Redis without persistence, "
        "procrastinate in PostgreSQL.\n"
        f"- **{largest['jobs']:,} waiting jobs** take {largest['bytes_per_job']:.0f} bytes of Redis each; a claim "
        f"takes {memory_of['ratio']['claim_1']} times as long as with {memory_of['sizes'][0]['jobs']:,}.\n"
        f"- **Latency over HTTP**: a job starts after {idle['start_ms']['p50']:.0f} ms, and a WebSocket client has its "
        f"`job:completed` {idle['completed_ms']['p50']:.0f} ms after the POST was sent (p50, idle).\n"
        f"- **After a worker is killed**, its job runs in another worker after {killed['p50']:.0f} s (p50; max "
        f"{killed['max']:.0f} s), with the default lease and retry backoff.\n"
    )


def chaos() -> str:
    """Runs of `make chaos`."""
    rows = [
        [
            number(run["seed"]).replace(",", ""),
            number(run["jobs"]),
            number(run["faults in all"]),
            number(run["workers replaced"]),
            number(run["calls repeated"]),
            number(run["events received"]),
            number(run["resyncs"]),
            number(run["all ended in s"]),
            *(number(run[kind]) for kind in FOUND),
            number(run["retries miscounted in"]),
        ]
        for run in _results.load("chaos")["runs"]
    ]
    head = [
        "seed",
        "jobs",
        "faults",
        "workers replaced",
        "calls repeated",
        "events received",
        "resyncs",
        "ended after s",
    ]
    return table([*head, *(kind.replace("_", " ") for kind in FOUND), "retries off in"], rows)


SECTIONS: Mapping[str, Callable[[], str]] = {
    "claims": claims,
    "goals": goals.section,
    "peers": peers,
    "peers-machine": measured_on("peers"),
    "machine": measured_on("latency"),
    "drain": drain,
    "memory": memory,
    "families": families,
    "recovery": recovery,
    "chaos": chaos,
    "chaos-machine": measured_on("chaos"),
    "latency": latency,
    "stages": stages,
    "throughput": throughput,
    "gateway": gateway,
    "fanout": fanout,
    "lists": lists,
    "starts": starts,
}


def render(text: str) -> str:
    """``text`` with every marked section made anew from the results; KeyError for one that there is not."""
    return MARKED.sub(lambda found: f"{found[1]}{SECTIONS[found[2]]()}{found[3]}", text)


def main() -> None:
    """Rewrite the files."""
    for name in FILES:
        path = _results.ROOT / name
        path.write_text(render(path.read_text()))
        print(f"{name} says what bench/results say")


if __name__ == "__main__":
    main()
