"""What is named in ``tests/distribution.py`` exists, and tests that share a fixture stay together."""

import re
from pathlib import Path

import pytest

from tests.distribution import APART, LONGEST, REPEATING, TOGETHER, UNMEASURED, rank, scope_of

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py"))


def test_what_is_named_exists() -> None:
    named = [name.partition("::")[0] for name in (*APART, *TOGETHER, *LONGEST, *REPEATING, *UNMEASURED)]
    assert [name for name in named if not any(file.startswith(name) for file in FILES)] == []


def test_files_whose_tests_share_a_fixture_stay_together() -> None:
    shared = re.compile(r"scope=\"(module|class|package)\"")
    sharing = [file for file in FILES if file.startswith(APART) and shared.search((ROOT / file).read_text())]
    assert sorted(TOGETHER) == sharing


@pytest.mark.parametrize(
    ("nodeid", "scope"),
    [
        ("tests/unit/test_a.py::test_b[::1]", "tests/unit/test_a.py::test_b[::1]"),
        ("tests/e2e/test_a.py::TestA::test_b", "tests/e2e/test_a.py"),
        ("tests/deploy/test_package.py::test_b", "tests/deploy/"),
        ("tests/deploy/test_localstack.py::test_b", "tests/deploy/test_localstack.py"),
        ("tests/unit/test_pools.py::test_b", "tests/unit/test_pools.py"),
    ],
)
def test_scopes(nodeid: str, scope: str) -> None:
    assert scope_of(nodeid) == scope


def test_the_longest_come_first() -> None:
    order = ["tests/unit/test_a.py::test_b", f"{LONGEST[1]}::test_b", f"{LONGEST[0]}::test_b"]
    assert sorted(order, key=rank) == order[::-1]
