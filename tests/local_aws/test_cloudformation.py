"""Deployments of SAM templates to the local endpoint: functions run here already, moto makes the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local.aws_endpoint.sam import TRANSFORM, parsed, transformed
from infra.local.testing import LocalStack

ANY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}]}
LOUD = {"PolicyName": "loud", "PolicyDocument": ANY}
TEMPLATE: dict[str, Any] = {
    "Transform": TRANSFORM,
    "Parameters": {"Loud": {"Type": "String", "Default": "no"}, "Name": {"Type": "String", "Default": "orders"}},
    "Conditions": {"IsLoud": {"Fn::Equals": [{"Ref": "Loud"}, "yes"]}},
    "Globals": {"Function": {"Runtime": "python3.13"}},
    "Resources": {
        "Sender": {
            "Type": "AWS::Serverless::Function",
            "Properties": {"FunctionName": {"Fn::Sub": "${AWS::StackName}-sender"}},
        },
        "Topic": {
            "Type": "AWS::SNS::Topic",
            "DependsOn": ["Sender", "Role"],
            "Properties": {"TopicName": {"Fn::Sub": "${Name}-for-${Sender}"}},
        },
        "Alarms": {"Type": "AWS::SNS::Topic", "Condition": "IsLoud", "Properties": {"TopicName": "alarms"}},
        "Role": {
            "Type": "AWS::IAM::Role",
            "DependsOn": "Sender",
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
                "Policies": [{"Fn::If": ["IsLoud", LOUD, {"Ref": "AWS::NoValue"}]}],
            },
        },
    },
    "Outputs": {
        "Function": {"Value": {"Ref": "Sender"}},
        "Arn": {"Value": {"Fn::GetAtt": ["Sender", "Arn"]}},
        "TopicArn": {"Value": {"Ref": "Topic"}},
        "Loud": {"Condition": "IsLoud", "Value": "yes"},
    },
}
ARN = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-sender"


def test_functions_are_left_out_and_referred_to_by_name() -> None:
    found = transformed(TEMPLATE, {}, "shop")
    assert found is not None
    assert set(found) == {"Parameters", "Resources", "Outputs"}
    assert set(found["Resources"]) == {"Topic", "Role"}
    topic = found["Resources"]["Topic"]
    assert topic["Properties"]["TopicName"] == {"Fn::Sub": "${Name}-for-${AWS::StackName}-sender"}
    assert topic["DependsOn"] == ["Role"]
    assert "DependsOn" not in found["Resources"]["Role"]
    assert found["Outputs"]["Function"]["Value"] == {"Fn::Sub": "${AWS::StackName}-sender"}
    assert found["Outputs"]["Arn"]["Value"] == {"Fn::Sub": ARN}


def test_conditions_are_computed_by_the_values_of_parameters() -> None:
    quiet, loud = (transformed(TEMPLATE, {"Loud": value}, "shop") for value in ("no", "yes"))
    assert quiet is not None and loud is not None
    assert quiet["Resources"]["Role"]["Properties"]["Policies"] == []
    assert "Loud" not in quiet["Outputs"]
    assert loud["Resources"]["Role"]["Properties"]["Policies"] == [LOUD]
    assert loud["Resources"]["Alarms"] == {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alarms"}}
    assert loud["Outputs"]["Loud"] == {"Value": "yes"}


def test_other_templates_stay_as_they_are() -> None:
    assert transformed({"Resources": {}}, {}, "shop") is None
    assert transformed({"Transform": ["AWS::Include"], "Resources": {}}, {}, "shop") is None
    assert transformed({"Transform": ["AWS::Include", TRANSFORM], "Resources": {}}, {}, "shop") == {"Resources": {}}
    assert parsed("Resources: {}") is None and parsed("[]") is None and parsed("{}") == {}


def test_a_stack_is_made_and_updated_from_s3_or_from_the_call(stack: LocalStack) -> None:
    s3, clouds = stack.aws_client("s3"), stack.aws_client("cloudformation")
    s3.create_bucket(Bucket="templates")
    s3.put_object(Bucket="templates", Key="a/template.json", Body=json.dumps(TEMPLATE).encode())
    clouds.create_stack(
        StackName="sam", TemplateURL=f"{stack.aws_url}/templates/a/template.json",
        Parameters=[{"ParameterKey": "Loud", "ParameterValue": "yes"}],
    )  # fmt: skip
    assert outputs(clouds) == {
        "Function": "sam-sender", "Loud": "yes",
        "Arn": "arn:aws:lambda:us-east-1:123456789012:function:sam-sender",
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:orders-for-sam-sender",
    }  # fmt: skip
    clouds.update_stack(
        StackName="sam", TemplateBody=json.dumps(TEMPLATE),
        Parameters=[
            {"ParameterKey": "Loud", "UsePreviousValue": True}, {"ParameterKey": "Name", "ParameterValue": "mails"},
        ],
    )  # fmt: skip
    assert outputs(clouds)["Loud"] == "yes"
    (found,) = clouds.describe_stacks(StackName="sam")["Stacks"]
    values = {each["ParameterKey"]: each["ParameterValue"] for each in found["Parameters"]}
    assert (found["StackStatus"], values["Name"]) == ("UPDATE_COMPLETE", "mails")


def test_a_template_that_is_not_there_is_moto_s_error(stack: LocalStack) -> None:
    with pytest.raises(ClientError):
        stack.aws_client("cloudformation").create_stack(StackName="none", TemplateURL=f"{stack.aws_url}/nowhere/x.json")


def outputs(clouds: Any) -> dict[str, str]:
    (found,) = clouds.describe_stacks(StackName="sam")["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}
