"""Prometheus and Grafana: the files are valid, and refer to metrics that the API exposes."""

import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

import chalicelib.api.container as composition
from chalicelib.settings import Settings
from chalicelib.store.totals import Increments
from infra.aws import package
from tests.api_client import Api
from tests.container import Container

MONITORING = package.ROOT / "infra" / "monitoring"
DASHBOARD = MONITORING / "grafana" / "dashboards" / "queuecraft.json"
#: our names in expressions, including recorded ones
OURS = re.compile(r"\b((?:\w+:)?queuecraft_[a-z0-9_:]+)")


def rules() -> Iterator[dict[str, Any]]:
    for path in sorted((MONITORING / "rules").glob("*.yml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text())["panels"]
    return found


@pytest.fixture
def exposed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Names of all series of the live exposition, after a task has run once."""
    container = Container(settings)
    container.rebuilder.ensure_open()
    monkeypatch.setattr(composition, "get_container", lambda: container)
    counts = Counter(started=1, completed=1)
    minute = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    container.rollups.add([Increments("t", "default", "simulated", minute, counts, Counter({3: 1}), Counter({4: 1}))])
    text = Api(container).get("/prometheus/metrics").text
    yield {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
    container.close()


def test_rules_and_panels_use_only_metrics_that_exist(exposed: set[str]) -> None:
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    expressions = [rule["expr"] for rule in rules()]
    expressions += [target["expr"] for panel in panels() for target in panel["targets"]]
    used = {name for expression in expressions for name in OURS.findall(expression)}
    assert len(used) > 20
    assert used <= exposed | recorded


def test_every_recorded_rule_is_used() -> None:
    uses = " ".join(target["expr"] for panel in panels() for target in panel["targets"])
    uses += " ".join(rule["expr"] for rule in rules() if "alert" in rule)
    assert all(rule["record"] in uses for rule in rules() if "record" in rule)


def test_every_alert_has_a_severity_a_summary_and_a_runbook() -> None:
    runbook = (package.ROOT / "docs" / "operations.md").read_text()
    alerts = [rule for rule in rules() if "alert" in rule]
    assert len(alerts) >= 6
    for alert in alerts:
        assert alert["labels"]["severity"] in {"page", "ticket", "info"}
        assert alert["annotations"]["summary"]
        assert alert["annotations"]["runbook"] == f"docs/operations.md#{alert['alert'].lower()}"
        assert f"\n### {alert['alert']}\n" in runbook


def test_promtool_accepts_configuration_and_rules(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        # Without Debian's package `prometheus`, only the structure is checked.
        config = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
        assert config["rule_files"] == ["rules/*.yml"] and config["scrape_configs"][0]["job_name"] == "queuecraft"
        assert all(("alert" in rule) != ("record" in rule) and rule["expr"] for rule in rules())
        return
    for arguments in (["check", "config", "prometheus.yml"], ["test", "rules", "rules_test.yml"]):
        done = subprocess.run([promtool, *arguments], cwd=MONITORING, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_scrape_config_has_the_address_of_the_api() -> None:
    from chalicelib.api.routing import ROUTES

    (scrape,) = yaml.safe_load((MONITORING / "prometheus.yml").read_text())["scrape_configs"]
    assert scrape["metrics_path"] in {route.path for route in ROUTES}


def test_the_dashboard_is_where_grafana_looks() -> None:
    provisioning = MONITORING / "grafana" / "provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text())["datasources"]
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "queuecraft.yml").read_text())["providers"]
    compose = yaml.safe_load((package.ROOT / "compose.monitoring.yaml").read_text())
    mounted = " ".join(compose["services"]["grafana"]["volumes"])
    assert f"infra/monitoring/grafana/dashboards:{provider['options']['path']}" in mounted
    assert {panel["datasource"]["uid"] for panel in panels()} == {source["uid"]}
    assert len({panel["id"] for panel in panels()}) == len(panels())
