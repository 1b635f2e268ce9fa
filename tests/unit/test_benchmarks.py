"""Claims about speed match the measurements: docs and README against bench/results. Nothing is timed here."""

from __future__ import annotations

import re

import pytest

from bench import goals, report
from bench._results import RESULTS, ROOT, load, percentile
from bench._tables import our_queue
from bench.peers.catalogue import SETTINGS


@pytest.fixture(autouse=True)
def published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUEUECRAFT_BENCH_RESULTS", raising=False)


@pytest.mark.parametrize("name", report.FILES)
def test_figures_are_those_that_were_measured(name: str) -> None:
    text = (ROOT / name).read_text()
    assert report.MARKED.search(text), "no section is marked"
    assert text == report.render(text), "run `make bench-report`"


def test_every_section_is_shown() -> None:
    text = "".join((ROOT / name).read_text() for name in report.FILES)
    assert {found[1] for found in re.finditer(r"<!-- bench:([a-z-]+) -->", text)} == set(report.SECTIONS)


def test_a_changed_figure_is_noticed() -> None:
    text = (ROOT / "docs/benchmarks.md").read_text()
    place = text.index("**QueueCraft**")
    digit = re.search(r"\d", text[place:])
    assert digit is not None
    at = place + digit.start()
    forged = text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]
    assert report.render(forged) == text


def test_every_queue_was_measured_or_has_a_reason() -> None:
    peers = load("peers")
    assert [queue["name"] for queue in peers["queues"]] == [setting.name for setting in SETTINGS]
    assert our_queue(peers)["drain"]["runs"] >= 3
    assert all("failed" in queue or queue["drain"]["runs"] == peers["runs"] for queue in peers["queues"])


def test_three_runs_of_chaos_found_nothing() -> None:
    runs = load("chaos")["runs"]
    assert len({run["seed"] for run in runs}) >= 3
    assert all(run["jobs"] >= 20_000 and run["faults in all"] >= 50 for run in runs)
    assert {run[kind] for run in runs for kind in report.FOUND} == {0}


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (goals.Goal("a", 2.0, least=2), True),
        (goals.Goal("a", 1.99, least=2), False),
        (goals.Goal("a", 2.0, most=2), True),
        (goals.Goal("a", 2.01, most=2), False),
    ],
)
def test_a_goal_is_met_or_not(goal: goals.Goal, met: bool) -> None:
    assert goal.met is met
    assert goal.row()[-1] == ("yes" if met else "no")


def test_results_tell_machine_and_versions() -> None:
    for path in RESULTS.glob("*.json"):
        content = load(path.stem)
        assert content["machine"]["cores"] >= 1
        assert {"python", "valkey", "mongodb"} <= content["versions"].keys()
        assert path.stat().st_size < 50_000


@pytest.mark.parametrize(("share", "value"), [(0.5, 2), (0.51, 3), (0.99, 4), (1.0, 4), (0.0, 1)])
def test_percentiles_are_values_that_occurred(share: float, value: float) -> None:
    assert percentile([4, 2, 1, 3], share) == value


def test_locked_requirements_name_no_host() -> None:
    for path in [*(ROOT / "requirements").glob("bench-*.txt"), ROOT / "bench/peers/bullmq/package-lock.json"]:
        assert '"resolved"' not in path.read_text()
        assert "--index-url" not in path.read_text()
