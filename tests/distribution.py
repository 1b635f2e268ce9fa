"""How ``pytest -n`` spreads tests over processes: what shares a server stays together, what takes long begins first."""

from __future__ import annotations

from typing import Final

import pytest
from xdist.scheduler import LoadScopeScheduling

#: Tests that need nothing of each other, whichever process runs them.
APART: Final = ("tests/unit/", "tests/integration/", "tests/client/", "tests/chaos/")
#: Files among those whose tests share a fixture.
TOGETHER: Final = (
    "tests/integration/maintenance/test_stored_objects.py",
    "tests/integration/test_exports.py",
    "tests/integration/test_large_payloads.py",
    "tests/integration/test_parameters.py",
    "tests/integration/test_scale_bench.py",
    "tests/unit/test_docs_site.py",
    "tests/unit/test_late_routes.py",
    "tests/unit/test_pools.py",
)
#: Files that share the built package, and the one among them that stands alone.
PACKAGE: Final = "tests/deploy/"
LOCALSTACK: Final = "tests/deploy/test_localstack.py"
#: What takes minutes, the longest first. Tests that are missing here only begin later.
LONGEST: Final = (
    LOCALSTACK,
    "tests/integration/test_model.py",
    "tests/integration/interruptions/test_worker.py",
    "tests/integration/interruptions/test_sweeps.py",
    PACKAGE,
    "tests/e2e/test_schemathesis.py",
    "tests/integration/test_unique_model.py",
    "tests/integration/test_killed",
    "tests/chaos/",
    "tests/integration/test_workflow_crashes.py",
    "tests/integration/test_dependenc",
    "tests/integration/test_limit_fuzz.py",
    "tests/integration/interruptions/",
    "tests/unit/test_timetable.py",
    "tests/integration/test_batches.py",
    "tests/integration/test_schedule_races.py",
    "tests/integration/test_workflows.py",
    "tests/integration/authorisation/",
    "tests/e2e/",
    "tests/local_aws/",
)
#: What runs the same lines again and again.
REPEATING: Final = (
    "tests/integration/test_model.py",
    "tests/integration/test_unique_model.py",
    "tests/integration/test_limit_fuzz.py",
    "tests/integration/test_killed",
    "tests/integration/test_schedule_races.py",
    "tests/integration/test_workflow_crashes.py",
    "tests/integration/interruptions/",
    "tests/integration/authorisation/",
    "tests/unit/test_timetable.py::test_fires",
)
#: What runs code whose coverage is not measured: of other processes, or of the local AWS.
UNMEASURED: Final = ("tests/e2e/test_schemathesis.py", "tests/local_aws/")


def scope_of(nodeid: str) -> str:
    """Return the name of the tests that one process runs in a row, among them this one."""
    path = nodeid.partition("::")[0]
    if path.startswith(APART) and path not in TOGETHER:
        return nodeid
    return PACKAGE if path.startswith(PACKAGE) and path != LOCALSTACK else path


def rank(nodeid: str) -> int:
    """Return the place of a test among those that take long; all others come last."""
    return next((n for n, prefix in enumerate(LONGEST) if nodeid.startswith(prefix)), len(LONGEST))


class Distribution(LoadScopeScheduling):
    """Gives each process the next scope when it has almost nothing left to do."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def longest_first(items: list[pytest.Item]) -> None:
    """Sort tests by what takes long; files keep their order otherwise."""
    items.sort(key=lambda item: rank(item.nodeid))


def without_coverage(items: list[pytest.Item]) -> None:
    """Do not trace what repeats itself or is not measured: that would take a third of its time."""
    for item in items:
        if item.nodeid.startswith(REPEATING + UNMEASURED):
            item.add_marker(pytest.mark.no_cover)
