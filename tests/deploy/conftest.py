"""One package for all tests of the deployment, built as by `make package`."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.settings import Settings
from infra.aws import package
from tests.container import Container

REGION = "eu-west-1"


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    """AWS, played by moto."""
    for name in ("AWS_ENDPOINT_URL", "LOCALSTACK_HOST", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.Session(region_name=REGION)


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


@pytest.fixture
def deployed(settings: Settings) -> Iterator[Container]:
    """A container as on a deployed stage, which writes CloudWatch metrics."""
    container = Container(replace(settings, stage="production"))
    container.rebuilder.ensure_open()
    yield container
    container.close()


@pytest.fixture
def written_metrics(deployed: Container, capsys: pytest.CaptureFixture[str]) -> tuple[set[str], set[str]]:
    """Names and dimensions of the metrics that a worker writes."""
    deployed.vitals.report()
    (written,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    (directive,) = written["_aws"]["CloudWatchMetrics"]
    (dimensions,) = directive["Dimensions"]
    return {metric["Name"] for metric in directive["Metrics"]}, set(dimensions)
