"""The merged template: lint, limits, permissions, and that everything in it refers to something that exists."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.aws import package, secrets
from infra.aws.deploy import read_parameters, with_derived
from infra.local.deployed.template import variable_name

FUNCTION = "AWS::Serverless::Function"
Tree = dict[str, Any]
SETTINGS = (package.ROOT / "chalicelib" / "settings.py").read_text()
#: Actions for which AWS accepts no narrower resource than `*`.
UNLIMITED = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
}


def of_type(template: Tree, kind: str) -> dict[str, Tree]:
    return {name: r.get("Properties", {}) for name, r in template["Resources"].items() if r["Type"] == kind}


def walk(node: Any) -> Iterator[Any]:
    yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(child)


def statements(template: Tree) -> Iterator[tuple[str, Tree]]:
    """Every statement that allows something, of roles and functions."""
    for name in (*of_type(template, "AWS::IAM::Role"), *of_type(template, FUNCTION)):
        policies = template["Resources"][name]["Properties"].get("Policies", [])
        for node in walk(policies):
            if isinstance(node, dict) and node.get("Effect") == "Allow":
                yield name, node


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_cfn_lint_finds_nothing(built: Path) -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), str(built / "template.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


# --- functions


def test_every_function_runs_on_the_deployed_runtime_from_a_zip_that_is_built(built: Path, template: Tree) -> None:
    assert template["Globals"]["Function"]["Runtime"] == "python3.13"
    assert template["Globals"]["Function"]["Architectures"] == ["x86_64"]
    functions = of_type(template, FUNCTION)
    assert set(functions) == {
        "APIHandler", "Worker", "ConnectionManager", "WebsocketConnect", "WebsocketMessage", "WebsocketDisconnect",
    }  # fmt: skip
    for properties in functions.values():
        assert "Runtime" not in properties
        assert (built / properties["CodeUri"]).is_file()


@pytest.mark.parametrize("name", ["Worker", "ConnectionManager"])
def test_functions_that_start_their_successor_may_do_so_and_events_to_them_are_bells(template: Tree, name: str) -> None:
    properties = template["Resources"][name]["Properties"]
    assert properties["RecursiveLoop"] == "Allow"
    assert properties["EventInvokeConfig"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    assert properties["Timeout"] == 900
    assert "ReservedConcurrentExecutions" in properties
    (event,) = properties["Events"].values()
    assert event["Properties"]["Schedule"] == "rate(1 minute)"


@pytest.mark.parametrize(
    ("given", "workers", "managers"),
    [
        ({}, "3", "2"),
        ({"JobFleetConcurrency": "50", "JobConcurrency": "5"}, "11", "2"),
        ({"JobFleetConcurrency": "7", "JobConcurrency": "5", "WebsocketShards": "4"}, "3", "5"),
        ({"WorkerReservedConcurrency": "9"}, "9", "2"),
    ],
)
def test_reserved_concurrency_leaves_room_for_a_hand_over(given: dict[str, str], workers: str, managers: str) -> None:
    parameters = with_derived(given)
    assert parameters["WorkerReservedConcurrency"] == workers
    assert parameters["ManagerReservedConcurrency"] == managers


def test_every_variable_of_a_function_is_read_by_the_settings(template: Tree) -> None:
    known = {"POWERTOOLS_METRICS_NAMESPACE", "SECRETS_VERSION"}  # Powertools reads one, a change of the other restarts
    variables = set(template["Globals"]["Function"]["Environment"]["Variables"])
    for properties in of_type(template, FUNCTION).values():
        variables |= set(properties.get("Environment", {}).get("Variables", {}))
    unread = {name for name in variables - known if f'"{name}"' not in SETTINGS}
    assert not unread


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_parameter_files_name_parameters_of_the_template(template: Tree, stage: str) -> None:
    values = read_parameters(package.ROOT / "infra" / "aws" / "parameters" / f"{stage}.json", ["LogLevel=ERROR"])
    assert set(values) <= set(template["Parameters"])
    assert values["LogLevel"] == "ERROR"
    for name, value in values.items():
        assert value in [str(v) for v in template["Parameters"][name].get("AllowedValues", [value])], name


def test_the_origin_that_preflights_allow_is_a_parameter(template: Tree) -> None:
    body = json.dumps(template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"])
    assert package.ORIGIN not in body
    assert "\"'${FrontendUrl}'\"" in body


def test_parameters_have_the_names_of_their_variables(template: Tree) -> None:
    """The local AWS finds a parameter's value by that."""
    for name in ("JobConcurrency", "RateLimitMaxRequests", "FrontendUrl"):
        assert variable_name(name) in template["Globals"]["Function"]["Environment"]["Variables"]


# --- permissions


def test_no_policy_says_star_where_aws_allows_narrower(template: Tree) -> None:
    seen = 0
    for role, statement in statements(template):
        seen += 1
        actions = listed(statement["Action"])
        assert all(isinstance(action, str) and "*" not in action for action in actions), (role, actions)
        for resource in listed(statement["Resource"]):
            text = json.dumps(resource)
            if text == '"*"':
                assert set(actions) <= UNLIMITED, (role, actions)
            elif "*" in text:
                # ids of WebSocket connections come and go
                assert text.endswith('/@connections/*"}'), (role, text)
    assert seen > 12


def test_no_managed_policy_brings_more(template: Tree) -> None:
    for name, role in of_type(template, "AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role, name
    for name, function in of_type(template, FUNCTION).items():
        assert "Role" in function and "Policies" not in function, name


def test_functions_read_exactly_the_secrets_that_settings_know(template: Tree) -> None:
    from chalicelib.settings import SECRETS

    for role, statement in statements(template):
        if statement["Action"] == "ssm:GetParameters":
            named = {resource["Fn::Sub"].rpartition("/")[2] for resource in statement["Resource"]}
            assert named == set(SECRETS), role
    assert set(secrets.GIVEN) < set(SECRETS)


def test_each_function_writes_to_its_own_log_group_alone(template: Tree) -> None:
    for name, properties in of_type(template, FUNCTION).items():
        group = properties["LoggingConfig"]["LogGroup"]["Ref"]
        assert "RetentionInDays" in template["Resources"][group]["Properties"]
        role = properties["Role"]["Fn::GetAtt"][0]
        writes = [s for owner, s in statements(template) if owner == role and "logs:PutLogEvents" in s["Action"]]
        assert [s["Resource"] for s in writes] == [{"Fn::GetAtt": [group, "Arn"]}], name


def test_secrets_are_not_parameters_in_the_clear(template: Tree) -> None:
    for name, parameter in template["Parameters"].items():
        if re.search("Secret$|Password|Token|Uri$", name):
            assert parameter["NoEcho"] is True


# --- the API's own answers


@pytest.mark.parametrize(
    "kind",
    [
        "MISSING_AUTHENTICATION_TOKEN", "REQUEST_TOO_LARGE", "THROTTLED", "INTEGRATION_TIMEOUT", "DEFAULT_4XX",
        "DEFAULT_5XX",
    ],
)  # fmt: skip
def test_gateway_responses_have_our_shape(template: Tree, kind: str) -> None:
    response = template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"][kind]
    text = response["ResponseTemplates"]["application/json"]
    text = text.replace("$context.error.messageString", '"why"').replace("$context.requestId", "id")
    body = json.loads(text)
    assert body["success"] is False and body["traceId"] == "id" and {"error", "code"} <= set(body)
    assert response["ResponseParameters"]["Headers"]["X-Trace-Id"] == "context.requestId"


# --- the dashboard


def test_the_dashboard_is_reached_by_cloudfront_alone_and_has_security_headers(template: Tree) -> None:
    bucket = template["Resources"]["DashboardBucket"]["Properties"]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    headers = template["Resources"]["DashboardHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = headers["SecurityHeadersConfig"]
    assert {
        "ContentSecurityPolicy", "ContentTypeOptions", "FrameOptions", "ReferrerPolicy", "StrictTransportSecurity",
    } == set(security)  # fmt: skip
    distribution = template["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    (api,) = distribution["CacheBehaviors"]
    assert (api["PathPattern"], api["TargetOriginId"]) == ("/api/*", "api")
    assert template["Resources"]["RestAPI"]["Properties"]["StageName"] == "api", "paths need no rewriting then"


# --- alarms


def references(tree: Any) -> set[str]:
    return {node["Ref"] for node in walk(tree) if isinstance(node, dict) and isinstance(node.get("Ref"), str)}


def test_every_alarm_tells_somebody_and_has_a_runbook(template: Tree) -> None:
    runbook = (package.ROOT / "docs" / "operations.md").read_text()
    alarms = of_type(template, "AWS::CloudWatch::Alarm")
    assert len(alarms) >= 10
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        slug = alarm["AlarmDescription"].rpartition("#")[2]
        assert alarm["AlarmName"]["Fn::Sub"] == f"${{AWS::StackName}}-{slug}"
        assert f"\n### {slug}\n" in runbook, slug


def test_issue_list_of_alarms_is_complete(template: Tree) -> None:
    watched = {(a["Namespace"], a["MetricName"] if isinstance(a["MetricName"], str) else "") for a in
               of_type(template, "AWS::CloudWatch::Alarm").values()}  # fmt: skip
    assert {
        ("QueueCraft", "DlqDepth"), ("QueueCraft", "OldestJobAge"), ("QueueCraft", "Heartbeat"),
        ("QueueCraft", "UnattendedShards"), ("AWS/Lambda", "Errors"), ("AWS/Lambda", "Throttles"),
    } <= watched  # fmt: skip


def used_metrics(template: Tree) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(namespace, metric, dimensions) of alarms and of the dashboard's panels."""
    for alarm in of_type(template, "AWS::CloudWatch::Alarm").values():
        name = alarm["MetricName"]
        dimensions = {d["Name"]: d["Value"] for d in alarm.get("Dimensions", [])}
        yield alarm["Namespace"], name if isinstance(name, str) else name["Fn::Sub"], dimensions
    for dashboard in of_type(template, "AWS::CloudWatch::Dashboard").values():
        for widget in json.loads(dashboard["DashboardBody"]["Fn::Sub"][0])["widgets"]:
            previous: list[str] = []
            for row in widget["properties"].get("metrics", []):
                texts = [item for item in row if isinstance(item, str)]
                if not texts:
                    continue
                if texts[0] == "...":
                    texts = [*previous[: len(previous) - len(texts) + 1], *texts[1:]]
                full = [previous[n] if text == "." else text for n, text in enumerate(texts)]
                previous = full
                yield full[0], full[1], dict(zip(full[2::2], full[3::2], strict=True))


def test_alarms_and_panels_refer_to_metrics_that_are_emitted(
    template: Tree, told_metrics: tuple[set[str], set[str]]
) -> None:
    names, dimensions = told_metrics
    filters = {
        transformation["MetricName"]["Fn::Sub"]
        for f in of_type(template, "AWS::Logs::MetricFilter").values()
        for transformation in f["MetricTransformations"]
    }
    used = list(used_metrics(template))
    assert len(used) > 25
    for namespace, metric, by in used:
        if namespace == "AWS/Lambda":
            assert metric in {"Errors", "Throttles", "Duration", "ConcurrentExecutions"}
            assert set(by) == {"FunctionName"}
        elif metric in filters:
            assert not by
        else:
            assert namespace == "QueueCraft" and metric in names, metric
            assert set(by) == dimensions and by["service"] == "worker", metric


def test_alarms_refer_to_functions_that_exist(template: Tree) -> None:
    for name, alarm in of_type(template, "AWS::CloudWatch::Alarm").items():
        for reference in references(alarm.get("Dimensions", [])) - {"AWS::StackName"}:
            assert template["Resources"][reference]["Type"] == FUNCTION, name


def test_the_log_lines_that_count_as_server_errors_have_these_fields(template: Tree, request_line: Tree) -> None:
    (pattern,) = (f["FilterPattern"] for f in of_type(template, "AWS::Logs::MetricFilter").values())
    assert pattern == '{ $.event = "request" && $.status >= 500 }'
    assert request_line["event"] == "request" and isinstance(request_line["status"], int)
