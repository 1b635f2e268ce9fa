"""The merged template: lint, limits, permissions, and that everything it refers to exists."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from chalicelib.settings import SECRETS
from infra.aws import package, secrets, stack_parameters
from infra.local.deployed import pools
from infra.local.deployed.pools import logical_id
from infra.local.deployed.template import Resolver, variable_name

FUNCTION = "AWS::Serverless::Function"
Tree = dict[str, Any]
SETTINGS = (package.ROOT / "chalicelib" / "settings.py").read_text()
#: Actions for which AWS accepts only the resource `*`.
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
    """Yield every statement that allows something, of roles and functions."""
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
        "APIHandler", "Ticker", "ConnectionManager", "WebsocketConnect", "WebsocketMessage", "WebsocketDisconnect",
        *(logical_id(pool) for pool in pools.read(package.ROOT).names()),
    }  # fmt: skip
    for properties in functions.values():
        assert "Runtime" not in properties
        assert (built / properties["CodeUri"]).is_file()


@pytest.mark.parametrize("name", ["Worker", "Ticker", "ConnectionManager"])
def test_functions_that_start_their_successor_may_do_so_and_events_to_them_are_wake_ups(
    template: Tree, name: str
) -> None:
    properties = template["Resources"][name]["Properties"]
    assert properties["RecursiveLoop"] == "Allow"
    assert properties["EventInvokeConfig"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    assert properties["Timeout"] == 900
    assert "ReservedConcurrentExecutions" in properties
    rules = [event["Properties"]["Schedule"] for event in properties.get("Events", {}).values()]
    # the ticker is woken by others, when something is due soon
    assert rules == ([] if name == "Ticker" else ["rate(1 minute)"])


def test_the_ticker_waits_in_the_smallest_memory(template: Tree) -> None:
    assert template["Resources"]["Ticker"]["Properties"]["MemorySize"] == 128


def test_every_variable_of_a_function_is_read_by_the_settings(template: Tree) -> None:
    known = {
        "POWERTOOLS_METRICS_NAMESPACE",
        "SECRETS_VERSION",
    }  # Powertools reads one, a change of the other restarts functions
    variables = set(template["Globals"]["Function"]["Environment"]["Variables"])
    for properties in of_type(template, FUNCTION).values():
        variables |= set(properties.get("Environment", {}).get("Variables", {}))
    unread = {name for name in variables - known if f'"{name}"' not in SETTINGS}
    assert not unread


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_parameter_files_name_parameters_of_the_template(template: Tree, stage: str) -> None:
    file = package.ROOT / "infra" / "aws" / "parameters" / f"{stage}.json"
    values = stack_parameters.read(file, ["LogLevel=ERROR"])
    assert set(values) <= set(template["Parameters"])
    assert values["LogLevel"] == "ERROR"
    for name, value in values.items():
        assert value in [str(v) for v in template["Parameters"][name].get("AllowedValues", [value])], name


def test_the_origin_that_preflights_allow_is_that_of_the_stack(template: Tree) -> None:
    body = json.dumps(template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"])
    assert package.ORIGIN not in body
    assert json.dumps({"Fn::Sub": ["'${Origin}'", {"Origin": package.KNOWN_ORIGIN}]}) in body


def test_parameters_have_the_names_of_their_variables(template: Tree) -> None:
    """The local AWS finds the value of a parameter by its variable."""
    for name in ("JobConcurrency", "RateLimitMaxRequests", "FrontendUrl", "OtelExporterOtlpEndpoint", "TraceUrl"):
        assert variable_name(name) in template["Globals"]["Function"]["Environment"]["Variables"]


# --- permissions


def test_no_policy_has_a_star_where_aws_allows_less(template: Tree) -> None:
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
                # ids of WebSocket connections and of objects are not known in advance, nor whether SES verified the
                # address or its domain
                assert text.endswith(('/@connections/*"}', '/exports/*"}', '/payloads/*"}', ':identity/*"}')), (
                    role,
                    text,
                )
    assert seen > 12


def test_no_managed_policy_brings_more_than_the_worker_was_given(template: Tree) -> None:
    roles = of_type(template, "AWS::IAM::Role")
    assert [name for name, role in roles.items() if "ManagedPolicyArns" in role] == ["WorkerRole"]
    for given, attached in (({}, None), ({"WORKER_POLICIES": "arn:aws:iam::1:policy/a"}, "arn:aws:iam::1:policy/a")):
        worker = Resolver(template, given, "qc").value(roles["WorkerRole"])
        assert worker.get("ManagedPolicyArns") == attached
    for name, function in of_type(template, FUNCTION).items():
        assert "Role" in function and "Policies" not in function, name


def test_functions_read_exactly_the_secrets_that_settings_know(template: Tree) -> None:
    for role, statement in statements(template):
        if statement["Action"] == "ssm:GetParameters":
            named = {resource["Fn::Sub"].rpartition("/")[2] for resource in statement["Resource"]}
            assert named == set(SECRETS), role
    assert set(secrets.GIVEN) < set(SECRETS)


def test_each_function_writes_to_its_own_log_group_only(template: Tree) -> None:
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


def test_workers_know_the_address_of_the_api(template: Tree) -> None:
    """They make callback URLs. That nothing refers to itself in a circle is tested with the transformed template."""
    workers = [logical_id(pool) for pool in pools.read(package.ROOT).names()]
    assert len(workers) > 1
    for name in workers:
        variables = template["Resources"][name]["Properties"]["Environment"]["Variables"]
        api_id = "RestAPI"  # what a reference to the API is locally
        for given, url in (
            ({}, f"https://{api_id}.execute-api.us-east-1.amazonaws.com/api"),
            ({"API_URL": "https://jobs.example/api"}, "https://jobs.example/api"),
        ):
            assert Resolver(template, given, "qc").value(variables)["API_URL"] == url
    assert template["Resources"]["RestAPI"]["Properties"]["StageName"] == "api"


# --- the network


@pytest.mark.parametrize(
    ("given", "ports"), [({}, [(443, 443), (27015, 27017), (6379, 6380)]), ({"EGRESS": "any"}, [(0, 65535)])]
)
def test_functions_in_the_vpc_reach_the_ports_that_the_parameter_says(
    given: dict[str, str], ports: list[tuple[int, int]], template: Tree
) -> None:
    (group,) = [g for g in of_type(template, "AWS::EC2::SecurityGroup").values() if "SecurityGroupEgress" in g]
    rules = Resolver(template, given, "qc").value(group["SecurityGroupEgress"])
    assert set(ports) <= {(rule["FromPort"], rule["ToPort"]) for rule in rules}
    assert {rule["IpProtocol"] for rule in rules} == {"tcp"}
    assert "SecurityGroupIngress" not in group


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


def test_only_cloudfront_reaches_the_dashboard_and_it_has_security_headers(template: Tree) -> None:
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


# --- stages


def test_every_function_of_a_stack_is_of_the_stage_that_was_asked_for(template: Tree) -> None:
    assert template["Globals"]["Function"]["Environment"]["Variables"]["STAGE"] == {"Ref": "Stage"}
    for name, properties in of_type(template, FUNCTION).items():
        assert "STAGE" not in properties.get("Environment", {}).get("Variables", {}), name


# --- SAM's transformation


#: Standard input: the template. SAM names what it deploys by the time in whole seconds; the argument is that time.
TRANSFORM = """
import json, sys
from types import SimpleNamespace
import boto3
import samtranslator.model.apigateway as apigateway
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
apigateway.time = SimpleNamespace(time=lambda: float(sys.argv[1]))
translator = Translator({}, Parser(), boto_session=boto3.Session())
json.dump(translator.translate(json.load(sys.stdin), {}), sys.stdout)
"""


class Sam:
    """AWS's transformation of serverless templates, in its own environment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        lock = package.ROOT / "requirements" / "sam.txt"
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes"]
        subprocess.run([*command, "--target", str(folder), "-r", str(lock)], check=True)

    def transform(self, template: Tree, at_s: float = 1.0) -> Tree:
        tree = json.loads(json.dumps(template))
        for properties in of_type(tree, FUNCTION).values():
            properties["CodeUri"] = {"Bucket": "artefacts", "Key": "code.zip"}
        done = subprocess.run(
            [sys.executable, "-c", TRANSFORM, str(at_s)],
            input=json.dumps(tree),
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(self._folder), "AWS_DEFAULT_REGION": "eu-west-1"},
        )
        result: Tree = json.loads(done.stdout)
        return result


@pytest.fixture(scope="module")
def sam(tmp_path_factory: pytest.TempPathFactory) -> Sam:
    return Sam(tmp_path_factory.mktemp("sam"))


@pytest.fixture(scope="module")
def transformed(sam: Sam, template: Tree) -> Tree:
    """What CloudFormation gets after SAM has transformed the template."""
    return sam.transform(template)


def test_the_api_has_one_stage_and_it_is_throttled(transformed: Tree) -> None:
    (stage,) = of_type(transformed, "AWS::ApiGateway::Stage").values()
    assert stage["StageName"] == "api"
    (settings,) = stage["MethodSettings"]
    assert settings["ThrottlingRateLimit"] == {"Ref": "ApiRateLimit"}
    (deployment,) = of_type(transformed, "AWS::ApiGateway::Deployment").values()
    assert "StageName" not in deployment, "a stage named so would be public and not throttled"


def test_websockets_are_throttled(transformed: Tree) -> None:
    (stage,) = of_type(transformed, "AWS::ApiGatewayV2::Stage").values()
    assert stage["DefaultRouteSettings"] == {
        "ThrottlingRateLimit": {"Ref": "ApiRateLimit"},
        "ThrottlingBurstLimit": {"Ref": "ApiRateLimit"},
    }


def test_a_deployment_with_another_origin_reaches_the_stage(sam: Sam, template: Tree, transformed: Tree) -> None:
    """SAM names a deployment after the API's text, which contains only the name of a parameter."""
    again = set(of_type(sam.transform(template, at_s=2.0), "AWS::ApiGateway::Deployment"))
    assert again.isdisjoint(of_type(transformed, "AWS::ApiGateway::Deployment"))


def test_resources_do_not_refer_to_each_other_in_a_circle(transformed: Tree) -> None:
    needs = {
        name: needed(resource) & set(transformed["Resources"]) for name, resource in transformed["Resources"].items()
    }
    assert list(TopologicalSorter(needs).static_order())


def needed(node: Any) -> set[str]:
    """Return the logical ids that a resource refers to."""
    found = {name for each in walk(node) if isinstance(each, dict) for name in listed(each.get("DependsOn", []))}
    for each in walk(node):
        if isinstance(each, dict):
            found |= {each["Ref"]} if isinstance(each.get("Ref"), str) else set()
            found |= {listed(each["Fn::GetAtt"])[0].partition(".")[0]} if "Fn::GetAtt" in each else set()
            found |= set(re.findall(r"\$\{(\w+)", json.dumps(each.get("Fn::Sub", ""))))
    return found


def test_two_stacks_are_two_apis_in_cloudwatch(transformed: Tree) -> None:
    (api,) = of_type(transformed, "AWS::ApiGateway::RestApi").values()
    assert api["Name"] == api["Body"]["info"]["title"] == {"Ref": "AWS::StackName"}


def test_functions_learn_the_dashboards_origin_without_a_second_deployment(template: Tree) -> None:
    parameter = template["Resources"]["DashboardOrigin"]["Properties"]
    assert parameter["Value"] == {"Fn::Sub": "https://${Distribution.DomainName}"}
    path = template["Globals"]["Function"]["Environment"]["Variables"]["SECRETS_PATH"]["Fn::Sub"]
    folder, _, name = parameter["Name"]["Fn::Sub"].rpartition("/")
    assert folder == path and name in SECRETS
    # by the parameters given: who says which origin
    for given, origin in (
        ({}, None),
        ({"DOMAIN_NAME": "jobs.example"}, "https://jobs.example"),
        ({"FRONTEND_URL": "https://elsewhere.example", "DOMAIN_NAME": "jobs.example"}, "https://elsewhere.example"),
        ({"DASHBOARD": "false"}, "https://queuecraft.invalid"),
    ):
        variables = Resolver(template, given, "qc").value(template["Globals"]["Function"]["Environment"]["Variables"])
        assert variables.get("FRONTEND_URL") == origin, given
