"""The plan of a deployment: what CloudFormation would change, without changing it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.aws import deploy, plan
from infra.aws.deploy import Deployer
from tests.deploy.conftest import REGION
from tests.deploy.test_deploy_moto import STACK, TOPIC, write_package

BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "qc-assets"}}
PARAMETERS = {
    "AlarmEmail": {"Type": "String", "Default": ""},
    "EdgeSecret": {"Type": "String", "Default": "", "NoEcho": True},
}


@pytest.fixture
def deployer(clients: boto3.Session) -> Deployer:
    return Deployer(clients, STACK, url=None, say=lambda _: None)


def test_a_new_stack_gets_all_resources_and_nothing_is_made(
    clients: boto3.Session, deployer: Deployer, tmp_path: Path
) -> None:
    write_package(tmp_path, {"Topic": TOPIC, "Maybe": {**TOPIC, "Condition": "Never"}})
    assert list(deployer.plan(tmp_path, {}).lines()) == [
        f"Plan for {STACK}, a new stack: 1 to add",
        "  add        Topic, AWS::SNS::Topic",
    ]
    assert clients.client("cloudformation").describe_stacks()["Stacks"] == []


def test_an_update_is_listed_and_not_carried_out(clients: boto3.Session, deployer: Deployer, tmp_path: Path) -> None:
    other = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "other"}}
    write_package(tmp_path, {"Topic": TOPIC, "Bucket": BUCKET}, PARAMETERS)
    deployer.deploy(tmp_path, {"EdgeSecret": "e" * 20})
    write_package(tmp_path, {"Topic": TOPIC, "Other": other}, PARAMETERS)
    lines = list(deployer.plan(tmp_path, {"AlarmEmail": "ops@example.com", "EdgeSecret": "f" * 20}).lines())
    assert lines[0].startswith(f"Plan for {STACK}: 1 to add")
    assert "  parameter  AlarmEmail: (empty) -> ops@example.com" in lines
    assert "  add        Other, AWS::SNS::Topic" in lines
    assert "  remove     Bucket, AWS::S3::Bucket  ! holds data or an address" in lines
    assert not any("e" * 20 in line or "f" * 20 in line for line in lines)
    assert [each["TopicArn"].rpartition(":")[2] for each in clients.client("sns").list_topics()["Topics"]] == ["one"]
    assert "qc-assets" in [each["Name"] for each in clients.client("s3").list_buckets()["Buckets"]]
    assert clients.client("cloudformation").list_change_sets(StackName=STACK)["Summaries"] == []


class CloudFormation:
    """Answers the calls for a change set, whose description it is given."""

    def __init__(self, *pages: dict[str, Any]) -> None:
        self.pages = list(pages)
        self.deleted: list[str] = []

    def create_change_set(self, **_: Any) -> None:
        pass

    def describe_change_set(self, **_: Any) -> dict[str, Any]:
        return self.pages.pop(0)

    def delete_change_set(self, ChangeSetName: str, StackName: str) -> None:  # noqa: N803 - as boto3 has it
        self.deleted.append(StackName)


def change(name: str, kind: str, action: str, replacement: str, *properties: str) -> dict[str, Any]:
    details = [{"Target": {"Attribute": "Properties", "Name": each}} for each in properties]
    about = {"Action": action, "LogicalResourceId": name, "ResourceType": kind, "Details": details}
    return {"Type": "Resource", "ResourceChange": {**about, "Replacement": replacement}}


def test_what_is_replaced_comes_first_if_it_holds_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.aws.plan.time.sleep", lambda _: None)
    cache = "AWS::ElastiCache::ServerlessCache"
    cloud = CloudFormation(
        {"Status": "CREATE_IN_PROGRESS"},
        {
            "Status": "CREATE_COMPLETE",
            "Changes": [change("Api", "AWS::Lambda::Function", "Modify", "False", "Code", "Timeout", "Code")],
            "NextToken": "2",
        },
        {"Changes": [change("Cache", cache, "Modify", "True", "Engine")]},
    )
    made = plan.of_update(cloud, STACK, {"StackName": STACK, "Parameters": []}, {})
    assert list(made.lines()) == [
        f"Plan for {STACK}: 1 to change, 1 to replace",
        f"  replace    Cache, {cache} (Engine)  ! holds data or an address",
        "  change     Api, AWS::Lambda::Function (Code, Timeout)",
    ]
    assert cloud.deleted == [STACK]


@pytest.mark.parametrize(
    "reason", ["The submitted information didn't contain changes.", "No updates are to be performed."]
)
def test_without_changes_there_is_nothing_to_do(reason: str) -> None:
    cloud = CloudFormation({"Status": "FAILED", "StatusReason": reason})
    made = plan.of_update(cloud, STACK, {"StackName": STACK, "Parameters": []}, {})
    assert list(made.lines()) == [f"Plan for {STACK}: nothing to change"]
    assert cloud.deleted == [STACK]


def test_a_template_that_cannot_be_carried_out_tells_why() -> None:
    cloud = CloudFormation({"Status": "FAILED", "StatusReason": "Transform failed: no such type"})
    with pytest.raises(plan.PlanFailedError, match="no such type"):
        plan.of_update(cloud, STACK, {"StackName": STACK, "Parameters": []}, {})
    assert cloud.deleted == [STACK]


def test_the_command_stops_after_the_plan(
    clients: boto3.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setattr("infra.aws.checks.check", lambda *_: None)
    write_package(tmp_path, {"Topic": TOPIC}, {"Redis": {"Type": "String", "Default": "outside"}})
    said: list[str] = []
    arguments = argparse.Namespace(
        stack=STACK, parameters=None, assignments=[], package=tmp_path, dashboard=tmp_path, plan=True
    )
    assert deploy.run(arguments, said.append) == {}
    assert said[0].startswith(f"Planning {STACK} in account ")
    assert "  add        Topic, AWS::SNS::Topic" in said
    assert clients.client("cloudformation").describe_stacks()["Stacks"] == []
    assert clients.client("ssm").describe_parameters()["Parameters"] == []
