"""Estimate the costs of a month: `python -m infra.aws.costs` prints the tables of docs/deploy.md; a test compares
them.

Prices are AWS's list prices in `REGION`, read on `READ`. Each row of the estimate is quantity times price, from the
assumptions below. After changing an assumption, run it and copy the tables into the document.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

REGION = "us-east-1"
READ = "24 November 2026"

DAYS = 30
HOURS = DAYS * 24
MINUTES = HOURS * 60
SECONDS = MINUTES * 60
MILLION = 1e6
#: KB → GB; decimal is close enough for an estimate
GB_PER_KB = 1e-6


@dataclass(frozen=True, slots=True)
class Price:
    """A list price in dollars per unit."""

    service: str
    unit: str
    dollars: float
    page: str


LAMBDA = "https://aws.amazon.com/lambda/pricing/"
GATEWAY = "https://aws.amazon.com/api-gateway/pricing/"
CACHE = "https://aws.amazon.com/elasticache/pricing/"
VPC = "https://aws.amazon.com/vpc/pricing/"
EC2 = "https://aws.amazon.com/ec2/pricing/on-demand/"
WATCH = "https://aws.amazon.com/cloudwatch/pricing/"
PRICES = {
    "gb_s": Price("Lambda", "GB-second, x86", 0.0000166667, LAMBDA),
    "gb_s_arm": Price("Lambda", "GB-second, arm64", 0.0000133334, LAMBDA),
    "invocations": Price("Lambda", "million requests", 0.20, LAMBDA),
    "rest": Price("API Gateway, REST", "million requests, the first 333", 3.50, GATEWAY),
    "frames": Price("API Gateway, WebSocket", "million messages of up to 32 KB", 1.00, GATEWAY),
    "connected": Price("API Gateway, WebSocket", "million minutes of connection", 0.25, GATEWAY),
    "cache": Price("ElastiCache Serverless, Valkey", "GB-hour, at least 0.1 GB", 0.084, CACHE),
    "ecpu": Price("ElastiCache Serverless, Valkey", "million ECPU", 0.0023, CACHE),
    "nat": Price("NAT gateway", "hour", 0.045, VPC),
    "nat_gb": Price("NAT gateway", "GB", 0.045, VPC),
    "address": Price("public IPv4 address", "hour", 0.005, VPC),
    "near": Price("traffic to public addresses of the region", "GB, each way", 0.01, EC2),
    "far": Price("traffic to the internet", "GB", 0.09, EC2),
    "logs": Price("CloudWatch", "GB of logs ingested", 0.50, WATCH),
    "kept": Price("CloudWatch", "GB-month of logs kept, compressed", 0.03, WATCH),
    "metric": Price("CloudWatch", "metric", 0.30, WATCH),
    "alarm": Price("CloudWatch", "alarm", 0.10, WATCH),
    "dashboard": Price("CloudWatch", "dashboard", 3.00, WATCH),
    "traces": Price("X-Ray", "million traces recorded", 5.00, "https://aws.amazon.com/xray/pricing/"),
}

#: Memory in GB.
WORKER_GB, API_GB, MANAGER_GB, TICKER_GB = 1769 / 1024, 0.5, 0.5, 0.125
#: Seconds of the API function for a submission, and for a tick without work.
API_S, TICK_S = 0.05, 0.1
#: Seconds of the worker function, which runs the job of a fire, and lingers; and ECPU of a second of the ticker.
RUN_S, ECPU_A_TICK = 3.0, 4
#: Five or six commands per job, most of them scripts: what a job of 100 ms takes at the least (docs/scale.md).
ECPU_A_JOB = 80
#: KB between functions and MongoDB per job.
MONGODB_KB = 3.0
#: KB of answers per submission.
ANSWER_KB = 1.0
#: KB of log lines per job: request, two lines of metrics, submitted, started, finished, Lambda's own three.
LOG_KB = 2.5
#: Of the logs kept: the share that remains after compression, and the months of `LogRetentionDays` in prod.json.
COMPRESSED, MONTHS_KEPT = 0.15, 3
#: KB of a job's events per open dashboard: created, started, completed.
EVENTS_KB, EVENTS = 1.5, 3
#: Maximum messages per second and connection: events are merged.
MAX_FRAMES_A_SECOND = 20
#: Metrics of the queue, and per route in use (requests, latency); alarms with one pool. Each further one adds three.
QUEUE_METRICS, ROUTE_METRICS, ROUTES, ALARMS = 14, 2, 5, 23
#: X-Ray's default rule: the first request of each second, and this share of the others.
SAMPLED = 0.05


@dataclass(frozen=True, slots=True)
class Load:
    """One column of the estimate."""

    jobs_a_second: float
    #: Workers that run all the time: at one job a second, one stays up between jobs.
    workers: float
    #: Hours per day in which a dashboard is open.
    open_hours: float

    @property
    def jobs(self) -> float:
        """Jobs per month."""
        return self.jobs_a_second * SECONDS

    @property
    def open_s(self) -> float:
        """Seconds per month in which the dashboard is open."""
        return self.open_hours * 3600 * DAYS


LOADS = (Load(0, 0, 0), Load(1, 1, 8), Load(100, 4, 24))


def dollars(**quantities: float) -> float:
    """Return the sum of quantity times price; quantities in the units of `PRICES`."""
    return sum(PRICES[name].dollars * quantity for name, quantity in quantities.items())


def workers(load: Load) -> float:
    """Return the costs of workers: all day if there are jobs, and the ticks of both functions each minute."""
    ticks_gb_s = MINUTES * TICK_S * (WORKER_GB + MANAGER_GB)
    return dollars(gb_s=load.workers * WORKER_GB * SECONDS + ticks_gb_s, invocations=2 * MINUTES / MILLION)


def api(load: Load) -> float:
    """Return the costs of the API function: one request per job."""
    return dollars(gb_s=load.jobs * API_S * API_GB, invocations=load.jobs / MILLION)


def manager(load: Load) -> float:
    """Return the costs of the connection manager, which runs while a dashboard is open."""
    return dollars(gb_s=load.open_s * MANAGER_GB)


def rest(load: Load) -> float:
    """Return the costs of the REST API: one request per job, and the traffic of its answers."""
    return dollars(rest=load.jobs / MILLION, far=load.jobs * ANSWER_KB * GB_PER_KB)


def websocket(load: Load) -> float:
    """Return the costs of the WebSocket API: the frames of one dashboard."""
    frames = min(load.jobs_a_second * EVENTS, MAX_FRAMES_A_SECOND) * load.open_s
    seen_gb = load.jobs_a_second * load.open_s * EVENTS_KB * GB_PER_KB
    return dollars(frames=frames / MILLION, connected=load.open_s / 60 / MILLION, far=seen_gb)


def cache(load: Load) -> float:
    """Return the costs of the smallest cache that is billed: a waiting job takes 0.1 KB, so it holds a million of
    them.
    """
    return dollars(cache=0.1 * HOURS, ecpu=load.jobs * ECPU_A_JOB / MILLION)


def nat(load: Load) -> float:
    """Return the costs of traffic to MongoDB in the same region, and of frames to API Gateway."""
    gb = (load.jobs * MONGODB_KB + load.jobs_a_second * load.open_s * EVENTS_KB) * GB_PER_KB
    return dollars(nat=HOURS, address=HOURS, nat_gb=gb, near=gb)


def logs(load: Load) -> float:
    """Return the costs of ingesting and storing logs."""
    gb = load.jobs * LOG_KB * GB_PER_KB
    return dollars(logs=gb, kept=gb * COMPRESSED * MONTHS_KEPT)


def watching(load: Load) -> float:
    """Return the costs of metrics, alarms and the dashboard of CloudWatch."""
    metrics = QUEUE_METRICS + (ROUTE_METRICS * ROUTES + 1 if load.jobs else 0)
    return dollars(metric=metrics, alarm=ALARMS, dashboard=1)


def traces(load: Load) -> float:
    """Return the costs of the requests that X-Ray samples."""
    first = min(load.jobs_a_second, 1)
    return dollars(traces=(first + (load.jobs_a_second - first) * SAMPLED) * SECONDS / MILLION)


ROWS: dict[str, Callable[[Load], float]] = {
    "Lambda, workers and ticks": workers,
    "Lambda, API": api,
    "Lambda, connection manager": manager,
    "API Gateway, REST": rest,
    "API Gateway, WebSocket": websocket,
    "ElastiCache": cache,
    "NAT gateway": nat,
    "logs": logs,
    "metrics, alarms, dashboard": watching,
    "X-Ray": traces,
}


@dataclass(frozen=True, slots=True)
class Fires:
    """One column of the costs of schedules, beside an idle system: how often the only schedule fires."""

    name: str
    #: Fires in a month.
    count: float
    #: The share of the time in which the ticker runs, and in which a worker does.
    ticking: float
    working: float


#: A worker lingers for 2 s, so a schedule of each second keeps one. The ticker waits for what is due within 75 s.
FIRES = (
    Fires("tomorrow", 0, 0, 0),
    Fires("each hour", HOURS, 75 / 3600, RUN_S / 3600),
    Fires("each minute", MINUTES, 1, RUN_S / 60),
    Fires("each second", SECONDS, 1, 1),
)


def ticker(fires: Fires) -> float:
    """Return the costs of the function that waits."""
    return dollars(gb_s=fires.ticking * TICKER_GB * SECONDS, ecpu=fires.ticking * ECPU_A_TICK * SECONDS / MILLION)


def runs(fires: Fires) -> float:
    """Return the costs of the workers that run the jobs, and of the cache and the logs for them."""
    gb = fires.count * LOG_KB * GB_PER_KB
    return dollars(
        gb_s=fires.working * WORKER_GB * SECONDS,
        invocations=min(fires.count, MINUTES) / MILLION,
        ecpu=fires.count * ECPU_A_JOB / MILLION,
        logs=gb,
        kept=gb * COMPRESSED * MONTHS_KEPT,
    )


FIRE_ROWS: dict[str, Callable[[Fires], float]] = {"Lambda, ticker": ticker, "Lambda, worker; logs": runs}


def fire_table() -> str:
    """Return the costs of schedules as Markdown."""
    lines = ["| one schedule that fires | " + " | ".join(fires.name for fires in FIRES) + " |"]
    lines += ["|---|" + "---|" * len(FIRES)]
    for name, row in FIRE_ROWS.items():
        lines.append(f"| {name} | " + " | ".join(money(row(fires)) for fires in FIRES) + " |")
    sums = [sum(row(fires) for row in FIRE_ROWS.values()) for fires in FIRES]
    lines.append("| **a month** | " + " | ".join(f"**{money(each)}**" for each in sums) + " |")
    return "\n".join(lines) + "\n"


def total(load: Load) -> float:
    """Return the costs of AWS, without MongoDB."""
    return sum(row(load) for row in ROWS.values())


def money(amount: float) -> str:
    """Format an amount, with cents only if it is small."""
    return f"${amount:,.2f}" if amount < 10 else f"${amount:,.0f}"


def tables() -> str:
    """Return prices and estimate as Markdown."""
    lines = ["| price | a | $ |", "|---|---|---|"]
    lines += [
        f"| [{p.service}]({p.page}) | {p.unit} | {p.dollars:.10f}".rstrip("0").rstrip(".") + " |"
        for p in PRICES.values()
    ]
    lines += ["", "| a month | " + " | ".join(f"{load.jobs_a_second:g} jobs a second" for load in LOADS) + " |"]
    lines += ["|---|" + "---|" * len(LOADS)]
    lines += ["| jobs | " + " | ".join(f"{load.jobs / MILLION:,.1f} million" for load in LOADS) + " |"]
    for name, row in ROWS.items():
        lines.append(f"| {name} | " + " | ".join(money(row(load)) for load in LOADS) + " |")
    lines.append("| **AWS** | " + " | ".join(f"**{money(total(load))}**" for load in LOADS) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(tables() + "\n" + fire_table())
