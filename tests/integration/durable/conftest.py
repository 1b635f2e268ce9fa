"""Workers with short leases, whose work is audited after each test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.settings import Settings
from tests.audit import audit
from tests.durable import Calls
from tests.worker_support import QUICK, Rig


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **QUICK)


@pytest.fixture
def calls() -> Calls:
    """How often each function of a step was called."""
    return Counter()


@pytest.fixture(autouse=True)
def both_stores_agree(rig: Rig) -> Iterator[None]:
    yield
    rig.close()
    wrong = audit(rig.container)
    assert not wrong, "\n".join(wrong)
