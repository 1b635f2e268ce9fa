"""The API, whose tasks have limits."""

from __future__ import annotations

import pytest

from tests.api_client import Api
from tests.container import Container
from tests.limited import prepare_limited


@pytest.fixture
def api(api: Api, container: Container) -> Api:
    prepare_limited(container)
    return api
