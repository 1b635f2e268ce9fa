"""Parameters of a deployment: those given, those kept, those computed."""

import json
from pathlib import Path

import pytest

from infra.aws.stack_parameters import UnknownParameterError, effective, read, request

DECLARED = {
    "JobConcurrency": {"Default": 5},
    "JobFleetConcurrency": {"Default": 10},
    "WebsocketShards": {"Default": 1},
    "WorkerReservedConcurrency": {"Default": 3},
    "ManagerReservedConcurrency": {"Default": 2},
    "AlarmEmail": {"Default": ""},
    "EdgeSecret": {"Default": "", "NoEcho": True},
}


@pytest.mark.parametrize(
    ("given", "workers", "managers"),
    [
        ({}, "3", "2"),
        ({"JobFleetConcurrency": "50", "JobConcurrency": "5"}, "11", "2"),
        ({"JobFleetConcurrency": "7", "JobConcurrency": "5", "WebsocketShards": "4"}, "3", "5"),
        ({"WorkerReservedConcurrency": "9"}, "9", "2"),
    ],
)
def test_reserved_concurrency_leaves_room_for_a_handover(given: dict[str, str], workers: str, managers: str) -> None:
    values = effective(DECLARED, given, {})
    assert values["WorkerReservedConcurrency"] == workers
    assert values["ManagerReservedConcurrency"] == managers


def test_a_release_that_names_nothing_changes_nothing() -> None:
    previous = effective(DECLARED, {"JobFleetConcurrency": "50", "WorkerReservedConcurrency": "30"}, {})
    asked = request(DECLARED, {}, previous)
    assert {parameter["ParameterKey"] for parameter in asked} == set(DECLARED)
    assert all(parameter.get("UsePreviousValue") for parameter in asked)


def test_reserved_concurrency_follows_a_fleet_that_changes_and_a_fleet_that_was_kept() -> None:
    previous = effective(DECLARED, {"JobFleetConcurrency": "50"}, {})
    assert effective(DECLARED, {"JobConcurrency": "10"}, previous)["WorkerReservedConcurrency"] == "6"
    # set by hand, and the fleet is unchanged
    chosen = {**previous, "WorkerReservedConcurrency": "30"}
    assert effective(DECLARED, {"JobFleetConcurrency": "50"}, chosen)["WorkerReservedConcurrency"] == "30"


def test_a_secret_that_is_not_shown_is_kept_unseen() -> None:
    previous = {**effective(DECLARED, {}, {}), "EdgeSecret": "****"}
    (edge,) = [p for p in request(DECLARED, {}, previous) if p["ParameterKey"] == "EdgeSecret"]
    assert edge == {"ParameterKey": "EdgeSecret", "UsePreviousValue": True}


def test_parameters_of_other_releases_are_named_or_left_out() -> None:
    with pytest.raises(UnknownParameterError, match="no parameter AlarmMail"):
        effective(DECLARED, {"AlarmMail": "ops@example.com"}, {})
    assert "Gone" not in effective(DECLARED, {}, {"Gone": "1"})


def test_the_command_line_overrides_the_file(tmp_path: Path) -> None:
    file = tmp_path / "prod.json"
    file.write_text(json.dumps({"LogLevel": "INFO", "Stage": "production"}))
    assert read(file, ["LogLevel=DEBUG", "Url=a=b"]) == {"LogLevel": "DEBUG", "Stage": "production", "Url": "a=b"}
    with pytest.raises(UnknownParameterError, match="'LogLevel' is not Name=value"):
        read(None, ["LogLevel"])
