"""The simulation of `bench/scale_model.py`, with costs made up here. Nothing is timed."""

from __future__ import annotations

from typing import Any

import pytest

from bench import scale_model
from bench._engine_sim import Costs, Scenario, Simulation

ALONE = Scenario("alone", "plain", 1, 0.1)
FOR_EACH_CALL_US, FOR_EACH_JOB_US, AROUND_US = 50.0, 10.0, 8.0
STEPS = ("admit", "enqueue", "claim", "start", "settle")


def measured() -> dict[str, Any]:
    """Costs that grow evenly: so many µs for a call, and so many for each of its jobs."""

    def steps(size: int) -> dict[str, dict[str, float]]:
        each = {
            "valkey_us": FOR_EACH_CALL_US / size + FOR_EACH_JOB_US, "commands": 1 / size, "kb_in": 0.1, "kb_out": 0.1
        }  # fmt: skip
        return dict.fromkeys(STEPS, each)

    rows = [
        {"kind": kind, "size": size, "job": {"mongodb_us": 500.0}, "steps": steps(size)}
        for kind in ("plain", "limits", "short")
        for size in (1, 10, 100)
    ]
    get = {"many": {"command_us": 2.0, "valkey_us": 2.0 + AROUND_US}}
    return {"date": "2026-11-29", "ecpu_us": 3.0, "get": get, "rows": rows}


@pytest.mark.parametrize("jobs", [1, 7, 10, 55, 100])
def test_a_call_of_any_size_costs_what_the_measured_sizes_say(jobs: int) -> None:
    call = Costs(measured(), "plain").call("claim", jobs)
    assert call.busy_s * 1e6 == pytest.approx(FOR_EACH_CALL_US + FOR_EACH_JOB_US * jobs + AROUND_US)
    assert call.ecpu == pytest.approx((FOR_EACH_CALL_US + FOR_EACH_JOB_US * jobs) / 3.0)
    assert call.ecpu_least == pytest.approx(call.busy_s * 1e6 / 10.0)


def test_a_command_takes_an_ecpu_at_the_least_and_one_for_each_kb() -> None:
    cheap = measured()
    for row in cheap["rows"]:
        row["steps"] = {step: {**found, "valkey_us": 0.0, "kb_out": 5.0} for step, found in row["steps"].items()}
    costs = Costs(cheap, "plain")
    assert costs.call("claim", 1).ecpu == pytest.approx(5.1)
    for row in cheap["rows"]:
        row["steps"] = {step: {**found, "kb_out": 0.0} for step, found in row["steps"].items()}
    assert Costs(cheap, "plain").call("claim", 1).ecpu == 1.0


def test_all_jobs_end_and_the_thread_is_as_busy_as_its_commands_are_long() -> None:
    simulation = Simulation(Costs(measured(), "plain"), ALONE, 100.0, jobs=500)
    found = simulation.run()
    assert simulation.ended == 500
    assert simulation.ready == 0
    # five steps, a call each or fewer
    each_us = 5 * FOR_EACH_JOB_US
    assert each_us < found["valkey_us_per_job"] <= each_us + 5 * (FOR_EACH_CALL_US + AROUND_US) + 0.1


def test_the_same_seed_gives_the_same_figures() -> None:
    costs = Costs(measured(), "plain")
    first, second = (Simulation(costs, ALONE, 300.0, jobs=300).run() for _ in range(2))
    assert first == second
    assert first != Simulation(costs, ALONE, 300.0, jobs=300, seed=2).run()


def test_a_growing_load_makes_the_thread_busier_and_batches_larger() -> None:
    bulk = Scenario("bulk", "short", 100, 0.001)
    costs = Costs(measured(), "short")
    quiet, loaded = (Simulation(costs, bulk, load, jobs=2_000).run() for load in (500.0, 5_000.0))
    assert quiet["busy"] < loaded["busy"] <= 1.0
    one = Simulation(costs, ALONE, 100.0, jobs=300).run()
    assert loaded["jobs_per_claim"] > one["jobs_per_claim"]


def test_what_is_carried_keeps_the_thread_as_busy_as_asked() -> None:
    costs = Costs(measured(), "plain")
    load = scale_model.carried(costs, ALONE, scale_model.BUSY, "busy", 1_000)
    assert Simulation(costs, ALONE, load, jobs=1_000).run()["busy"] == pytest.approx(scale_model.BUSY, abs=0.1)


# --- several engines -----------------------------------------------------------------------------------------
def test_shares_of_tenants_add_up_and_the_first_is_the_largest() -> None:
    shares = scale_model.zipf(100, 0.8)
    assert sum(shares) == pytest.approx(1.0)
    assert shares == sorted(shares, reverse=True)
    assert scale_model.zipf(4, 0.0) == [0.25] * 4


def test_no_engine_of_hashed_tenants_has_less_than_the_mean_or_the_largest_tenant() -> None:
    shares = scale_model.zipf(200, 1.0)
    found = scale_model.largest_shares(shares, 8, 50, seed=1)
    assert len(found) == 50
    assert found == sorted(found)
    assert found[0] >= max(1 / 8, shares[0])
    assert scale_model.largest_shares(shares, 8, 50, seed=1) == found
    assert scale_model.largest_shares(shares, 1, 3, seed=1) == pytest.approx([1.0] * 3)


def test_tenants_placed_by_size_are_spread_at_least_as_evenly() -> None:
    shares = scale_model.zipf(200, 0.8)
    assert scale_model.placed(shares, 8) <= scale_model.largest_shares(shares, 8, 50, seed=1)[0]
    assert scale_model.placed([0.25] * 4, 4) == 0.25


def test_a_tenant_that_is_too_large_for_one_engine_needs_more_than_engines() -> None:
    rows = {(row["tenants"], row["exponent"]): row for row in scale_model.several_engines(draws=20)}
    assert rows[100, 1.0]["largest"] * 8 > 1
    assert rows[100, 1.0]["needed"]["8"] == [None, None]
    hashed, by_size = rows[1_000, 0.5]["needed"]["2"]
    assert 2 <= by_size <= hashed


def test_the_model_has_each_scenario_with_its_prices() -> None:
    found = scale_model.model(measured(), draws=5, jobs=300)
    names = [scenario.name for scenario in scale_model.SCENARIOS]
    assert [row["name"] for row in found["engine"]] == names
    assert [row["name"] for row in found["prices"]] == names
    for engine, price in zip(found["engine"], found["prices"], strict=True):
        assert engine["slot_per_s"] > 0
        assert [point["load"] for point in engine["points"]] == sorted(point["load"] for point in engine["points"])
        assert price["serverless"]["most"] == pytest.approx(engine["ecpu_per_job"] * 0.0023, abs=0.001)
        assert price["nodes"].keys() == scale_model.NODES.keys()
    assert found["mongodb"][0]["per_s"]["M30"] == round(0.6 * 2 * 1e6 / 500)
