"""What of a project of its own gets into the zips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra import new_project
from infra.aws import imports, package, readiness, wheels
from infra.local.deployed import pools

TASK = 'import markdown\nfrom queuecraft import task\n\n@task("render")\ndef render(ctx, payload):\n    return 1\n'
HEAVY = '\n[pools.heavy]\nmodules = ["render"]\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    project = tmp_path / "shop"
    new_project.write(project, "shop")
    (project / "tasks" / "render.py").write_text(TASK)
    with (project / "queuecraft.toml").open("a") as file:
        file.write(HEAVY)
    return project


def test_zips_have_its_tasks_by_pool_and_our_packages(shop: Path) -> None:
    closures = package._closures(shop, pools.read(shop), "x86_64")
    files = {name: set(package.own_files(shop, closure)) for name, closure in closures.items()}
    both = {"queuecraft/__init__.py", "queuecraft/secrets.py", "worker_fn/handler.py", "worker_fn/tasks/operations.py"}
    assert both | {"tasks/greet.py"} <= files["worker.zip"]
    assert both | {"tasks/render.py"} <= files["worker-heavy.zip"]
    assert not {"tasks/render.py", "worker_fn/tasks/crunch.py"} & files["worker.zip"]
    assert "tasks/greet.py" not in files["worker-heavy.zip"]
    assert {"queuecraft/app.py", "queuecraft/secrets.py", "chalicelib/api/jobs.py"} <= files["api.zip"]
    assert not any(name.startswith(("worker_fn/", "tasks/", "infra/")) for name in files["api.zip"])
    assert not any(name.startswith(("queuecraft/", "tasks/")) for name in files["websocket.zip"])
    assert [name for name, closure in closures.items() if "markdown" in closure.distributions] == ["worker-heavy.zip"]


def test_functions_of_its_own_get_a_role_a_log_group_and_their_schedule(shop: Path, tmp_path: Path) -> None:
    with (shop / "app.py").open("a") as app:
        app.write(
            "\n\n@app.lambda_function()\ndef refund(event, context):\n    return event\n"
            "\n\n@app.schedule('rate(1 hour)')\ndef report(event):\n    pass\n"
            "\n\n@app.on_sqs_message(queue='orders', batch_size=5)\ndef order(event):\n    pass\n"
        )
    assert readiness.problems(shop) == []
    listed = pools.read(shop)
    work = tmp_path / "work"
    work.mkdir()
    closure = package._closures(shop, listed, "x86_64")[package.API_ZIP]
    _, packaged = package._package_chalice(shop, work, closure, listed)
    resources = package.for_runtime(packaged, "x86_64")["Resources"]
    functions = {
        resource["Properties"]["Handler"]: (name, resource["Properties"])
        for name, resource in resources.items()
        if resource["Type"] == package.SAM_FUNCTION
    }
    for handler in ("refund", "report"):
        name, properties = functions[f"app.{handler}"]
        assert properties["FunctionName"] == {"Fn::Sub": f"${{AWS::StackName}}-{handler}"}
        assert properties["CodeUri"] == "./api.zip"
        logs = resources[properties["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]["LogGroupName"]
        assert logs == {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{handler}"}
        role = resources[properties["Role"]["Fn::GetAtt"][0]]
        policies = {each["PolicyName"]: each for each in role["Properties"]["Policies"] if "PolicyName" in each}
        assert {"logs", "secrets", "invoke"} <= set(policies)
        (statement,) = policies["logs"]["PolicyDocument"]["Statement"]
        assert statement["Resource"] == {"Fn::GetAtt": [f"{name}Logs", "Arn"]}
        others = [each for each in resources.values() if each["Type"] == "AWS::IAM::Role" and each is not role]
        assert all(each.get("Properties", {}).get("Policies") for each in others), "no role is left that Chalice made"
    (event,) = functions["app.report"][1]["Events"].values()
    assert (event["Type"], event["Properties"]["Schedule"]) == ("Schedule", "rate(1 hour)")
    assert "Events" not in functions["app.refund"][1]
    _, order = functions["app.order"]
    (source,) = order["Events"].values()
    queue = {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:orders"}
    assert (source["Type"], source["Properties"]["Queue"], source["Properties"]["BatchSize"]) == ("SQS", queue, 5)
    assert source["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    (allowed,) = [
        each["PolicyDocument"]["Statement"]
        for each in resources[order["Role"]["Fn::GetAtt"][0]]["Properties"]["Policies"]
        if each.get("PolicyName") == "queues"
    ]
    assert [each["Resource"] for each in allowed] == [[queue]]


def test_what_app_imports_gets_into_its_zip_and_what_nothing_provides_is_named(shop: Path) -> None:
    app = shop / "app.py"
    app.write_text("import markdown\n" + app.read_text())
    closures = package._closures(shop, pools.read(shop), "x86_64")
    assert "markdown" in closures["api.zip"].distributions
    app.write_text("import nowhere_at_all\n" + app.read_text())
    with pytest.raises(imports.UnknownImportError, match="add it to `dependencies` in pyproject"):
        package._closures(shop, pools.read(shop), "x86_64")
    (shop / "loose.py").touch()
    app.write_text(app.read_text().replace("nowhere_at_all", "loose"))
    with pytest.raises(imports.UnknownImportError, match="or move it into tasks"):
        package._closures(shop, pools.read(shop), "x86_64")


def test_what_only_a_pool_requires_must_be_a_dependency(shop: Path) -> None:
    file = shop / "queuecraft.toml"
    file.write_text(file.read_text() + 'requirements = ["markdown"]\n')
    with pytest.raises(
        package.PackagingError, match=r"heavy\.requirements: `dependencies` in pyproject\.toml does not"
    ):
        package._closures(shop, pools.read(shop), "x86_64")


def test_the_versions_are_those_that_are_installed() -> None:
    (line,) = wheels.installed({"markdown"}).splitlines()
    name, version = line.split("==")
    assert name == "markdown" and version[0].isdigit()


def test_problems_of_a_project_are_named_before_anything_is_built(shop: Path) -> None:
    assert readiness.problems(shop) == []
    (shop / "tasks" / "broken.py").write_text("1 / 0")
    (shop / "tasks" / "media").mkdir()
    (shop / "tasks" / "media" / "resize.py").touch()
    with (shop / "app.py").open("a") as app:
        app.write("\n@app.on_s3_event(bucket='orders')\ndef ordered(event):\n    pass\n")
    found = readiness.problems(shop)
    assert [each.partition(":")[0] for each in found] == [
        "@app.on_s3_event ordered",
        "tasks of tasks.broken are missing",
        "tasks/media has no __init__.py, so it is not packaged",
    ]
    (shop / "queuecraft.toml").write_text(json.dumps("no"))
    assert readiness.problems(shop)[0].startswith("queuecraft.toml: ")
