"""The workflow calls existing targets, on the supported Pythons, and stores no key of AWS."""

import re
from typing import Any

import yaml

from infra.aws.package import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"


def jobs() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    return found


def commands() -> list[str]:
    return [step["run"] for job in jobs().values() for step in job["steps"] if "run" in step]


def test_every_target_that_is_called_exists() -> None:
    places = ("Makefile", "infra/Makefile.mk", "tests/chaos/Makefile.mk")
    makefiles = "".join((ROOT / place).read_text() for place in places)
    called = {target for command in commands() for target in re.findall(r"\bmake ([\w-]+)", command)}
    assert {"check", "test", "test-all", "package-check", "install"} <= called
    for target in called:
        assert re.search(rf"^{target}:", makefiles, re.MULTILINE), target


def test_tests_run_on_every_supported_python_with_localstack() -> None:
    test = jobs()["test"]
    assert test["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert test["env"]["EXPECT_LOCALSTACK"]


def test_only_a_tag_deploys_after_everything_else_by_a_short_lived_token() -> None:
    deploy = jobs()["deploy"]
    assert deploy["if"] == "startsWith(github.ref, 'refs/tags/v')"
    assert set(deploy["needs"]) == set(jobs()) - {"deploy"}
    assert deploy["permissions"]["id-token"] == "write"
    assert "secrets." not in WORKFLOW.read_text()


def test_every_job_is_bounded_and_actions_are_pinned() -> None:
    for name, job in jobs().items():
        assert job["timeout-minutes"] <= 60, name
        for step in job["steps"]:
            assert "uses" not in step or re.search(r"@v\d", step["uses"]), step
