"""Deployments that fail in the middle, and deliberate ones to the former version, while jobs run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra import new_project
from infra.aws.deploy import Deployer, DeploymentFailedError
from infra.local.aws_endpoint.sam import TRANSFORM
from infra.local.testing import LocalStack
from tests.e2e.clients import Api
from tests.support import wait_until

pytestmark = pytest.mark.e2e
ENDED = {"completed", "dlq"}
TASK = '''
from queuecraft import task


@task("version")
def version(ctx, payload):
    """Return which version runs."""
    return "{}"
'''
#: No topic may have this name, so its creation fails.
BROKEN = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "no topic"}, "DependsOn": ["Added"]}


class Clients:
    """What a deployer needs of a session of boto3."""

    def __init__(self, stack: LocalStack) -> None:
        self.client = stack.aws_client


class Shop:
    """A project on a running stack, as somebody who deploys it."""

    def __init__(self, project: Path, stack: LocalStack, folder: Path) -> None:
        self.project = project
        self.stack = stack
        self.api = Api.signed_up(stack)
        self.built = folder
        self.said: list[str] = []
        self.deployer = Deployer(Clients(stack), stack.run()["stack"], url=stack.aws_url, say=self.said.append)

    def package(self, version: str, **resources: Any) -> None:
        """A package as `queuecraft package` builds it, with resources besides the functions."""
        topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "orders", "DisplayName": version}}
        worker = {"FunctionName": {"Fn::Sub": "${AWS::StackName}-worker"}, "CodeUri": "./worker.zip"}
        tree = {
            "Transform": TRANSFORM,
            "Parameters": {"Colour": {"Type": "String", "Default": "red"}},
            "Globals": {"Function": {"Environment": {"Variables": {}}}},
            "Resources": {
                "Worker": {"Type": "AWS::Serverless::Function", "Properties": worker}, "Topic": topic, **resources,
            },
            "Outputs": {"Version": {"Value": version}, "Colour": {"Value": {"Ref": "Colour"}}},
        }  # fmt: skip
        (self.built / "template.json").write_text(json.dumps(tree))
        (self.built / "worker.zip").write_bytes(version.encode())

    def deploy(self, **parameters: str) -> dict[str, str]:
        """Deploy the package, and have the workers register their tasks."""
        outputs = self.deployer.deploy(self.built, parameters)
        self.deployer.register_tasks(self.built)
        return outputs

    def code(self, version: str) -> None:
        """Change the task's code, and wait until workers have it."""
        (self.project / "tasks" / "version.py").write_text(TASK.format(version))
        wait_until(lambda: self.result(self.submit()) == version, 60, f"version {version} runs")

    def submit(self, **fields: Any) -> str:
        return str(self.api.create(task="version", **fields)["_id"])

    def result(self, job_id: str) -> Any:
        """The result of a job, once it has ended."""

        def ended() -> dict[str, Any] | None:
            job = self.api.job(job_id)
            return job if job["status"] in ENDED else None

        found = wait_until(ended, 60, "the job has ended")
        assert found is not None
        return found["result"]

    @property
    def topics(self) -> dict[str, str]:
        """The display names of topics, by name."""
        sns = self.stack.aws_client("sns")
        arns = [each["TopicArn"] for each in sns.list_topics()["Topics"]]
        shown = {arn: sns.get_topic_attributes(TopicArn=arn)["Attributes"].get("DisplayName", "") for arn in arns}
        return {arn.rpartition(":")[2]: name for arn, name in shown.items()}

    @property
    def functions(self) -> dict[str, Any]:
        """The configuration of the functions."""
        found = self.stack.aws_client("lambda").list_functions()["Functions"]
        return {each["FunctionName"]: each for each in found}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("rollback")
    project = folder / "shop"
    new_project.write(project, "shop")
    (project / "tasks" / "version.py").write_text(TASK.format("one"))
    (folder / "built").mkdir()
    with LocalStack(
        project=project, reload=True, env={"RATE_LIMIT_MAX_REQUESTS": "0", "MAX_ACTIVE_JOBS_PER_USER": "0"}
    ) as running:
        yield Shop(project, running, folder / "built")


def topic(name: str) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}


def test_a_first_deployment_that_fails_leaves_nothing(shop: Shop) -> None:
    shop.package("zero", Added=topic("added"), Broken=BROKEN)
    with pytest.raises(DeploymentFailedError, match=r"ROLLBACK_COMPLETE\n  Broken: .*Topic names"):
        shop.deploy()
    assert shop.topics == {}
    assert shop.result(shop.submit()) == "one"


def test_a_deployment_that_fails_leaves_the_stack_and_its_jobs_as_they_were(shop: Shop) -> None:
    # Given a version that runs
    shop.package("one", Kept=topic("kept"), Old=topic("old"))
    assert shop.deploy(Colour="blue")["Version"] == "one"
    before = shop.topics
    assert before == {"orders": "one", "kept": "", "old": ""}
    functions, waiting = shop.functions, [shop.submit(delayS=2) for _ in range(5)]
    # When the next one makes, changes and removes resources, and fails
    shop.package("two", Kept=topic("kept"), Added=topic("added"), Broken=BROKEN)
    plan = shop.deployer.plan(shop.built, {"Colour": "green"})
    assert plan.changes
    assert shop.topics == before, "a plan changes nothing"
    with pytest.raises(DeploymentFailedError, match=r"UPDATE_ROLLBACK_COMPLETE\n  Broken: .*Topic names"):
        shop.deploy(Colour="green")
    # Then resources, outputs, parameters and functions are those of before, and jobs run with its code
    assert shop.topics == before
    assert shop.deployer.outputs() == {"Version": "one", "Colour": "blue"}
    assert shop.deployer.parameters() == {"Colour": "blue"}
    assert shop.functions == functions
    assert {shop.result(each) for each in [*waiting, shop.submit()]} == {"one"}
    # And a good one goes on from there, with the values of parameters that the stack has
    shop.package("two", Kept=topic("kept"), Added=topic("added"))
    assert shop.deploy() == {"Version": "two", "Colour": "blue"}
    assert shop.topics == {"orders": "two", "kept": "", "added": ""}


def test_the_former_version_is_deployed_again_with_jobs_in_the_queue(shop: Shop) -> None:
    # Given a second version, whose jobs wait in a paused queue
    shop.package("one", Old=topic("old"))
    shop.deploy()
    shop.code("two")
    shop.package("two", New=topic("new"))
    shop.deploy()
    assert shop.api.call("POST", "/queues/later/pause")[0] == 200
    waiting = [shop.submit(queue="later") for _ in range(10)]
    # When the first one is deployed again
    shop.code("one")
    shop.package("one", Old=topic("old"))
    assert shop.deploy()["Version"] == "one"
    # Then its resources are back, and all jobs run with its code
    assert shop.topics == {"orders": "one", "old": ""}
    assert shop.api.call("POST", "/queues/later/resume")[0] == 200
    assert [shop.result(each) for each in waiting] == ["one"] * 10
    assert shop.said[-1].endswith("deployed")


def test_a_call_that_is_refused_changes_nothing(shop: Shop) -> None:
    before, clouds = shop.topics, shop.stack.aws_client("cloudformation")
    with pytest.raises(ClientError):
        clouds.update_stack(StackName=shop.deployer.stack, TemplateBody='{"Resources": {}}')
    assert shop.topics == before
