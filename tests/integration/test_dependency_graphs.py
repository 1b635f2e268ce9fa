"""Random graphs of jobs that depend on each other, with crashes at random steps: each runs once, none waits for ever.

A graph is submitted node by node while its nodes end, are cancelled and redriven. Every action is done by a process
that may die before or after any call that changes a store. Then the sweep repairs, and each node must have ended as its
needs demand.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any

import pytest

from chalicelib.domain.dependencies import Decision, Need, RunIf, judge
from chalicelib.domain.jobs import Job, JobStatus, NewJob, Outcome
from chalicelib.errors import QueueCraftError
from chalicelib.settings import Settings
from chalicelib.store.indexes import ensure_indexes
from tests.audit import audit
from tests.container import Container
from tests.crash import Point, Process, dying
from tests.jobs import InvocationLog
from tests.support import ManualClock
from tests.timed import ALICE, Timed

pytestmark = pytest.mark.integration

#: QUEUECRAFT_GRAPHS asks for more.
GRAPHS = int(os.environ.get("QUEUECRAFT_GRAPHS") or (200 if os.environ.get("QUEUECRAFT_TESTS") == "all" else 60))
#: Graphs that are worked on together, in a database of their own.
TOGETHER = 200
#: The furthest step of an action at which its process dies; most actions have fewer.
LAST_STEP = 16


class Mortal(Process):
    """A process that dies at the step that ``arm`` chose."""

    def arm(self, step: int, *, after: bool) -> None:
        """Die at this step, counted from now; 0 is never."""
        self.left, self.after = step, after
        self.dead.clear()

    left = 0
    after = False

    def _maybe_die(self, point: Point) -> None:
        if point.after is self.after and self.left > 0:
            self.left -= 1
            if self.left == 0:
                self.dead.set()
        super()._maybe_die(point)


@dataclass
class Node:
    """A node: its needs by number, and how its attempts end."""

    name: str
    needs: tuple[int, ...]
    run_if: RunIf
    fails: bool
    job: Job | None = None


@dataclass
class Graph:
    """A random graph; nodes are submitted in order."""

    random: Random
    nodes: list[Node] = field(default_factory=list)

    @classmethod
    def of(cls, seed: int) -> Graph:
        random = Random(seed)
        graph = cls(random)
        for n in range(random.randint(2, 7)):
            needs = tuple(random.sample(range(n), random.randint(0, min(n, 3))))
            run_if = random.choice([RunIf.ALL_OK, RunIf.ALL_OK, *RunIf])
            graph.nodes.append(Node(f"{seed}.{n}", needs, run_if, random.random() < 0.3))
        return graph

    @property
    def submitted(self) -> list[Node]:
        return [node for node in self.nodes if node.job is not None]

    def next(self) -> tuple[Node, NewJob]:
        """Return the first node that is not submitted, and its job."""
        node = self.nodes[len(self.submitted)]
        needs = tuple(need.id for n in node.needs if (need := self.nodes[n].job))
        return node, NewJob(node.name, depends_on=needs, run_if=node.run_if, max_retries=0, idempotency_key=node.name)


class Graphs:
    """Works on graphs, with a healthy process and one that dies."""

    def __init__(self, settings: Settings) -> None:
        self.clock = ManualClock()
        self.healthy = Timed(Container(settings, clock=self.clock))
        ensure_indexes(self.healthy.container.db)
        self.healthy.container.rebuilder.ensure_open()
        container = Container(settings, clock=self.clock)
        self.hand = Timed(container)
        container.rebuilder.ensure_open()
        self.mortal = Mortal(container)
        self.crashes = 0

    def now(self, job: Job | None) -> Job:
        assert job is not None
        return self.healthy.container.job_store.get(job.id)

    def do(self, graph: Graph, deed: Callable[[], Any]) -> Any:
        """Do something in the process that may die; ``None`` if it died or was refused."""
        doomed = graph.random.random() < 0.5
        self.mortal.arm(graph.random.randint(1, LAST_STEP) if doomed else 0, after=graph.random.random() < 0.5)
        answer = None
        with dying(), suppress(QueueCraftError):
            answer = deed()
        self.crashes += self.mortal.dead.is_set()
        self.mortal.arm(0, after=False)
        return answer

    # --- actions ---------------------------------------------------------------------------------------------
    def submit(self, graph: Graph) -> None:
        """Submit the next node; its client may get no answer."""
        node, new = graph.next()
        made = self.do(graph, lambda: self.mortal.container.jobs.submit(ALICE, [new], "trace"))
        if made is not None:
            node.job = made[0].job

    def submit_again(self, graphs: list[Graph]) -> None:
        """Submit those nodes once more whose clients got no answer, after the sweep."""
        self.mend(1)
        for graph in graphs:
            node, new = graph.next()
            node.job = self.healthy.container.jobs.submit(ALICE, [new], "trace")[0].job

    def work(self, graph: Graph) -> None:
        """Run a job of some graph."""

        def deed() -> None:
            for job in self.hand.claim("hand", 1):
                running = self.hand.record_start(job, "hand")
                if running is not None:
                    self.hand.tell_start(running)
                    self.hand.conclude(running, failed=running.name in self.failing)

        self.do(graph, deed)

    def cancel(self, graph: Graph) -> None:
        node = graph.random.choice(graph.submitted)
        assert node.job is not None
        job_id = node.job.id
        self.do(graph, lambda: self.mortal.container.jobs.cancel(ALICE, job_id))

    def redrive(self, graph: Graph) -> None:
        """Redrive a node of the DLQ whose dependents all wait."""
        for number, node in enumerate(graph.submitted):
            job = self.now(node.job)
            behind = [other for other in graph.submitted if number in other.needs]
            if job.status is JobStatus.DLQ and all(self.now(o.job).status is JobStatus.BLOCKED for o in behind):
                self.do(graph, partial(self.mortal.container.jobs.redrive, ALICE, job.id))

    # --- the whole -------------------------------------------------------------------------------------------
    def run(self, graphs: list[Graph]) -> None:
        """Work on graphs until all nodes are submitted."""
        self.failing = {node.name for graph in graphs for node in graph.nodes if node.fails}
        while left := [graph for graph in graphs if len(graph.submitted) < len(graph.nodes)]:
            unanswered = []
            for graph in left:
                before = len(graph.submitted)
                self.submit(graph)
                answered = len(graph.submitted) > before
                if not answered:
                    unanswered.append(graph)
                for _ in range(graph.random.randint(0, 2)):
                    self.work(graph)
                if graph.submitted and graph.random.random() < 0.15:
                    self.cancel(graph)
                if answered and graph.random.random() < 0.3:  # else a dependent may exist that the graph does not know
                    self.redrive(graph)
            self.submit_again(unanswered)
        self.mend(4)
        for _ in range(40):
            if not self.open():
                return
            for running in self.healthy.start("healthy"):
                self.healthy.conclude(running, failed=running.name in self.failing)
            self.mend(1)
        raise AssertionError(f"still open: {self.open()}")

    def open(self) -> list[Any]:
        return list(self.healthy.container.db.jobs.find({"open": True}))

    def mend(self, times: int) -> None:
        for _ in range(times):
            self.healthy.travel(130)
            self.healthy.container.sweeper.sweep()

    def verify(self, graph: Graph) -> None:
        jobs = [self.now(node.job) for node in graph.nodes]
        for node, job in zip(graph.nodes, jobs, strict=True):
            completed = [attempt.outcome for attempt in job.attempts].count(Outcome.COMPLETED)
            assert completed == (job.status is JobStatus.COMPLETED), job
            assert not job.outbox
            needs = [Need(jobs[n].id, jobs[n].status) for n in node.needs]
            if not needs:
                assert job.status is not JobStatus.SKIPPED
            elif job.status is not JobStatus.CANCELLED:
                skips = judge(node.run_if, needs).decision is Decision.SKIP
                assert (job.status is JobStatus.SKIPPED) is skips, (job, needs)


@pytest.fixture
def graphs(settings: Settings) -> Iterator[Graphs]:
    settings = replace(settings, rate_limit_max_requests=0, max_active_jobs_per_user=0)
    graphs = Graphs(settings)
    graphs.mortal.container.__dict__["functions"] = InvocationLog()
    yield graphs
    container = graphs.healthy.container
    container.mongo.drop_database(settings.mongodb_database)
    container.redis.delete(*container.redis.scan_iter(match=container.keys.prefix + "*", count=1000))
    graphs.mortal.container.close()
    container.close()


@pytest.mark.parametrize("first", range(0, GRAPHS, TOGETHER))
def test_random_graphs_with_crashes(graphs: Graphs, first: int) -> None:
    made = [Graph.of(seed) for seed in range(first, min(first + TOGETHER, GRAPHS))]
    graphs.run(made)
    for graph in made:
        graphs.verify(graph)
    assert audit(graphs.healthy.container) == []
    assert graphs.crashes > len(made) / 4
