"""One package for all tests of the deployment, built as `make package` does."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.aws import package


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make package` fills."""
    out = tmp_path_factory.mktemp("package") / "aws"
    package.build(package.ROOT, out)
    return out


@pytest.fixture(scope="session")
def template(built: Path) -> dict[str, Any]:
    """The merged template."""
    tree: dict[str, Any] = json.loads((built / "template.json").read_text())
    return tree
