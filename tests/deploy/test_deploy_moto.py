"""The steps of a deployment that call AWS, against moto: secrets in SSM, the dashboard in S3 and CloudFront, alarms."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from infra.aws import secrets
from infra.aws.deploy import Deployer, DeploymentFailedError, edge_secret, main, pool_concurrency, prepare
from infra.aws.package import SAM_FUNCTION as FUNCTION
from infra.aws.publish import FOREVER, FRESH, publish
from infra.aws.session import endpoint, session
from infra.local.deployed.template import Resolver
from tests.deploy.conftest import REGION

STACK = "qc"


def value(ssm: Any, name: str) -> str:
    return str(ssm.get_parameter(Name=secrets.path(STACK, name), WithDecryption=True)["Parameter"]["Value"])


# --- secrets


def test_secrets_are_secure_strings_and_a_key_is_made_once(clients: boto3.Session) -> None:
    ssm = clients.client("ssm")
    assert secrets.put(ssm, STACK, {"MONGODB_URI": "mongodb://m"}) == ["EDGE_SECRET", "MONGODB_URI", "SECRET_KEY"]
    key = value(ssm, "SECRET_KEY")
    assert len(key) == 64
    assert secrets.put(ssm, STACK, {"MONGODB_URI": "mongodb://n"}) == ["MONGODB_URI"]
    assert (value(ssm, "SECRET_KEY"), value(ssm, "MONGODB_URI")) == (key, "mongodb://n")
    (kept, *_) = ssm.get_parameters(Names=[secrets.path(STACK, "MONGODB_URI")])["Parameters"]
    assert kept["Type"] == "SecureString" and kept["Value"] != "mongodb://n"


def test_a_rotation_keeps_the_key_that_signed_living_tokens(clients: boto3.Session) -> None:
    ssm = clients.client("ssm")
    secrets.put(ssm, STACK, {})
    old = value(ssm, "SECRET_KEY")
    secrets.rotate(ssm, STACK)
    assert value(ssm, "SECRET_KEY_PREVIOUS") == old != value(ssm, "SECRET_KEY")


def test_a_deployment_without_its_secrets_says_what_to_do(clients: boto3.Session) -> None:
    ssm = clients.client("ssm")
    with pytest.raises(secrets.MissingSecretError, match=r"MONGODB_URI, SECRET_KEY.*secrets put --stack qc"):
        secrets.check(ssm, STACK, with_redis=False)
    secrets.put(ssm, STACK, {"MONGODB_URI": "m"})
    secrets.check(ssm, STACK, with_redis=False)
    with pytest.raises(secrets.MissingSecretError, match="REDIS_URL"):
        secrets.check(ssm, STACK, with_redis=True)


def test_the_command_never_shows_a_value(
    clients: boto3.Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("MONGODB_URI", "mongodb://hidden")
    for command in ("put", "rotate"):
        monkeypatch.setattr("sys.argv", ["secrets", command, "--stack", STACK])
        assert secrets.main() == 0
    shown = capsys.readouterr().out
    assert "MONGODB_URI" in shown and "hidden" not in shown
    assert value(clients.client("ssm"), "SECRET_KEY") not in shown


@pytest.mark.parametrize("command", [secrets.main, main])
def test_an_endpoint_that_does_not_answer_is_one_line(
    command: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("AWS_ENDPOINT_URL", "http://127.0.0.1:9"), ("AWS_MAX_ATTEMPTS", "1")):
        monkeypatch.setenv(name, value)
    write_package(tmp_path, {"Topic": TOPIC})
    words = ["put"] if command is secrets.main else ["--package", str(tmp_path)]
    assert command(words=words) == 1
    assert capsys.readouterr().err == 'Could not connect to the endpoint URL: "http://127.0.0.1:9/"\n'


# --- the dashboard


def test_the_dashboard_is_published_pages_last_with_its_configuration(clients: boto3.Session, tmp_path: Path) -> None:
    s3, cloudfront = clients.client("s3"), clients.client("cloudfront")
    s3.create_bucket(Bucket="dashboard-files", CreateBucketConfiguration={"LocationConstraint": REGION})
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "assets" / "index-1a2b3c4d.js").write_text("0")
    origin = {
        "Id": "o",
        "DomainName": "dashboard-files.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "x"}
    made = cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": "r",
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": behaviour,
            "Comment": "",
            "Enabled": True,
        }
    )
    distribution = made["Distribution"]["Id"]
    outputs = {"DashboardBucketName": "dashboard-files", "DistributionId": distribution, "WebsocketUrl": "wss://ws/api"}
    assert publish(clients, outputs, STACK, tmp_path)
    heads = {
        key: s3.head_object(Bucket="dashboard-files", Key=key) for key in ("index.html", "assets/index-1a2b3c4d.js")
    }
    assert heads["index.html"]["CacheControl"] == FRESH
    assert heads["assets/index-1a2b3c4d.js"]["CacheControl"] == FOREVER
    assert heads["assets/index-1a2b3c4d.js"]["ContentType"] in {"text/javascript", "application/javascript"}
    config = json.loads(s3.get_object(Bucket="dashboard-files", Key="config.json")["Body"].read())
    assert config == {"websocketUrl": "wss://ws/api", "stack": STACK}
    invalidations = cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"]
    assert invalidations["Quantity"] == 1


def test_a_stack_without_a_dashboard_publishes_nothing(clients: boto3.Session, tmp_path: Path) -> None:
    assert not publish(clients, {}, STACK, tmp_path)
    assert not publish(clients, {"DashboardBucketName": "dashboard-files"}, STACK, tmp_path), "not built"


# --- alarms


def test_cloudwatch_accepts_the_alarms_and_they_notify_the_topic(
    clients: boto3.Session, template: dict[str, Any]
) -> None:
    cloudwatch = clients.client("cloudwatch")
    resolver = Resolver(template, {}, STACK)
    resources = {name: r for name, r in template["Resources"].items() if r["Type"] == "AWS::CloudWatch::Alarm"}
    for resource in resources.values():
        alarm = resolver.value(resource["Properties"])
        numbers = {name: int(alarm[name]) for name in ("Period", "EvaluationPeriods", "DatapointsToAlarm")}
        cloudwatch.put_metric_alarm(**{**alarm, **numbers, "Threshold": float(alarm["Threshold"])})
    by_name = {alarm["AlarmName"]: alarm for alarm in cloudwatch.describe_alarms()["MetricAlarms"]}
    assert len(by_name) == len(resources) >= 14
    for alarm in by_name.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == ["AlarmTopic"]
    heartbeat = by_name["qc-worker-heartbeat"]
    assert (heartbeat["TreatMissingData"], heartbeat["Threshold"]) == ("breaching", 1.0)
    assert {d["Name"]: d["Value"] for d in heartbeat["Dimensions"]} == {"stack": STACK, "service": "worker"}
    assert by_name["qc-dlq-depth"]["Threshold"] == float(template["Parameters"]["DlqAlarmDepth"]["Default"])
    assert {d["Name"]: d["Value"] for d in by_name["qc-server-errors"]["Dimensions"]} == {
        "stack": STACK,
        "service": "api",
    }


# --- the deployer


TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "one"}}


def write_package(folder: Path, resources: dict[str, Any], parameters: dict[str, Any] | None = None) -> None:
    tree = {"Parameters": parameters or {}, "Resources": resources, "Outputs": {"Topic": {"Value": "t"}}}
    (folder / "template.json").write_text(json.dumps(tree))
    (folder / "worker.zip").write_bytes(b"zip")


def test_a_stack_is_made_then_updated_and_zips_are_uploaded_once(clients: boto3.Session, tmp_path: Path) -> None:
    said: list[str] = []
    write_package(tmp_path, {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "one"}}})
    deployer = Deployer(clients, STACK, url=None, say=said.append)
    assert deployer.deploy(tmp_path, {}) == {"Topic": "t"}
    write_package(tmp_path, {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "two"}}})
    deployer.deploy(tmp_path, {})
    assert [line.split(",")[0] for line in said if line.startswith("Uploading")] == ["Uploading worker.zip"]
    (topic,) = clients.client("sns").list_topics()["Topics"]
    assert topic["TopicArn"].endswith(":two")
    deployer.delete()
    assert clients.client("sns").list_topics()["Topics"] == []


def test_parameters_that_are_not_given_keep_their_value(clients: boto3.Session, tmp_path: Path) -> None:
    # Given a stack with an address for alarms and a fleet of 50
    declared = {"AlarmEmail": {"Type": "String", "Default": ""}, "LogLevel": {"Type": "String", "Default": "INFO"}}
    write_package(tmp_path, {"Topic": TOPIC}, declared)
    deployer = Deployer(clients, STACK, url=None, say=lambda _: None)
    deployer.deploy(tmp_path, {"AlarmEmail": "ops@example.com"})
    # When a release has a new parameter and sets only one of the others
    declared["Stage"] = {"Type": "String", "Default": "production"}
    write_package(tmp_path, {"Topic": {**TOPIC, "Properties": {"TopicName": "two"}}}, declared)
    deployer.deploy(tmp_path, {"LogLevel": "WARNING"})
    # Then the others are unchanged
    assert deployer.parameters() == {"AlarmEmail": "ops@example.com", "LogLevel": "WARNING", "Stage": "production"}


def test_only_a_bucket_of_the_callers_account_is_trusted(clients: boto3.Session, tmp_path: Path) -> None:
    """Bucket names can be guessed and taken by anybody, so each call must name the expected owner."""
    write_package(tmp_path, {"Topic": TOPIC})
    deployer = Deployer(clients, STACK, url=None, say=lambda _: None)
    owners: dict[str, str | None] = {}

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        owners[model.name] = params.get("ExpectedBucketOwner")

    deployer._s3.meta.events.register("before-parameter-build.s3", note)
    deployer.deploy(tmp_path, {})
    assert {name for name, owner in owners.items() if owner != deployer.account} == {"CreateBucket"}


def test_the_bucket_of_another_account_gets_nothing(clients: boto3.Session, tmp_path: Path) -> None:
    write_package(tmp_path, {"Topic": TOPIC})
    deployer = Deployer(clients, STACK, url=None, say=lambda _: None)
    refused = SimpleNamespace(status_code=403), {"Error": {"Code": "403"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    deployer._s3.meta.events.register("before-call.s3.HeadBucket", lambda **_: refused)
    with pytest.raises(DeploymentFailedError, match="belongs to another account"):
        deployer.deploy(tmp_path, {})
    assert clients.client("s3").list_buckets()["Buckets"] == []


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with the pools `default`, `heavy` and `light`."""
    heavy = {"FunctionName": {"Fn::Sub": "${AWS::StackName}-worker-heavy"}, "ReservedConcurrentExecutions": 3}
    template = {
        "Globals": {"Function": {"Environment": {"Variables": {"POOLS": '{"heavy":["a"],"light":["b"]}'}}}},
        "Resources": {
            "Worker": {"Type": FUNCTION, "Properties": {"ReservedConcurrentExecutions": {"Ref": "Some"}}},
            "HeavyWorker": {"Type": FUNCTION, "Properties": heavy},
        },
    }
    (tmp_path / "template.json").write_text(json.dumps(template))
    return tmp_path


def test_the_operators_password_is_handed_over_in_ssm_and_never_shown(clients: boto3.Session, package: Path) -> None:
    ssm, said = clients.client("ssm"), list[str]()
    worker = StandIn(said.append, operators=[])
    prepare(ssm, worker, package, upgraded=False)
    (password,) = worker.operators
    assert value(ssm, secrets.OPERATOR_PASSWORD) == password
    assert secrets.path(STACK, secrets.OPERATOR_PASSWORD) in said[0] and password not in "".join(said)
    # a deployment that finds an operator stores no password, and deletes none that has not been read
    prepare(ssm, worker, package, upgraded=True)
    assert value(ssm, secrets.OPERATOR_PASSWORD) == password
    secrets.remove(ssm, STACK, secrets.OPERATOR_PASSWORD)
    prepare(ssm, worker, package, upgraded=True)
    assert secrets.OPERATOR_PASSWORD not in secrets.names(ssm, STACK)
    assert len(said) == 1


def test_every_pool_adds_its_tasks_before_any_removes_some(package: Path) -> None:
    worker = StandIn(print, [])
    worker.register_tasks(package)
    generations = {more.pop("generation") for _, _, more in worker.calls}
    assert len(generations) == 1, "all pools belong to one deployment"
    adding, more = {"adding": "yes"}, {"more": "yes"}
    assert worker.calls == [(pool, "register-tasks", adding) for pool in ("default", "heavy", "light")] + [
        ("default", "register-tasks", more),
        ("heavy", "register-tasks", more),
        ("light", "register-tasks", {}),
    ]
    (package / "template.json").write_text('{"Globals": {"Function": {"Environment": {"Variables": {}}}}}')
    alone = StandIn(print, [])
    alone.register_tasks(package)
    [(pool, action, given)] = alone.calls
    assert (pool, action, list(given)) == ("default", "register-tasks", ["generation"])
    assert int(given["generation"]) >= int(generations.pop()), "also when it rolls back"


def test_an_action_of_a_pool_is_done_by_its_function() -> None:
    deployer, called = StandIn(print, []), list[str]()

    def invoke(FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        called.append(FunctionName)
        return {"Payload": BytesIO(Payload)}

    deployer._lambda = SimpleNamespace(invoke=invoke)
    for pool in ("default", "heavy"):
        assert Deployer.call_worker(deployer, "register-tasks", pool) == {"action": "register-tasks"}
    assert called == ["qc-worker", "qc-worker-heavy"]


def test_what_pools_reserve_is_known_without_parameters(package: Path) -> None:
    assert pool_concurrency(package, STACK) == {"qc-worker-heavy": 3}


def test_a_deployment_whose_tasks_fail_to_load_has_failed() -> None:
    answer = {"changed": True, "tasks": [], "failed": {"worker_fn.tasks.mail": "KeyError: 'SMTP_HOST' (line 3)"}}
    deployer = StandIn(print, [])
    deployer._lambda = SimpleNamespace(invoke=lambda **_: {"Payload": BytesIO(json.dumps(answer).encode())})
    with pytest.raises(DeploymentFailedError, match=r"- worker_fn\.tasks\.mail: KeyError: 'SMTP_HOST' \(line 3\)"):
        Deployer.call_worker(deployer, "register-tasks")


class StandIn(Deployer):
    """A deployer whose worker remembers the operators that it created."""

    def __init__(self, say: Callable[[str], None], operators: list[str]) -> None:
        self.stack = STACK
        self.say = say
        self.operators = operators
        self.calls: list[tuple[str, str, dict[str, str]]] = []

    def call_worker(self, action: str, pool: str = "default", **more: str) -> dict[str, Any]:
        self.calls.append((pool, action, more))
        if action != "create-operator" or self.operators:
            return {"created": False}
        self.operators.append(more["password"])
        return {"created": True, "email": "operator@queuecraft.local"}


def test_the_edge_secret_is_made_once_and_kept_where_functions_read_it(clients: boto3.Session) -> None:
    ssm = clients.client("ssm")
    made = edge_secret(ssm, STACK, {})
    assert len(made) == 64 and edge_secret(ssm, STACK, {}) == made == value(ssm, "EDGE_SECRET")
    chosen = "c" * 32
    assert edge_secret(ssm, STACK, {"EdgeSecret": chosen}) == chosen == value(ssm, "EDGE_SECRET")


def test_the_bucket_of_artefacts_is_closed(clients: boto3.Session, tmp_path: Path) -> None:
    write_package(tmp_path, {})
    Deployer(clients, STACK, url=None, say=lambda _: None).deploy(tmp_path, {})
    s3 = clients.client("s3")
    (bucket,) = s3.list_buckets()["Buckets"]
    assert bucket["Name"] == f"qc-artefacts-123456789012-{REGION}"
    closed = s3.get_public_access_block(Bucket=bucket["Name"])["PublicAccessBlockConfiguration"]
    assert all(closed.values())


def test_a_stack_that_cannot_be_made_tells_why(
    clients: boto3.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a stack that CloudFormation has rolled back
    write_package(tmp_path, {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "one"}}})
    deployer = Deployer(clients, STACK, url=None, say=lambda _: None)
    monkeypatch.setattr(deployer, "_status", iter([None, "CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE"]).__next__)
    monkeypatch.setattr(deployer, "_poll_s", 0)
    event = {"LogicalResourceId": "Topic", "ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": "no such thing"}
    monkeypatch.setattr(deployer, "_cloudformation", Rolled([event]))
    # Then the caller gets its reasons
    with pytest.raises(DeploymentFailedError, match=r"ROLLBACK_COMPLETE\n  Topic: no such thing"):
        deployer.deploy(tmp_path, {})


class Rolled:
    """A CloudFormation that fails."""

    def __init__(self, events: list[dict[str, str]]) -> None:
        self._events = events

    def create_stack(self, **_: Any) -> None:
        """Begin."""

    def describe_stack_events(self, **_: Any) -> dict[str, Any]:
        return {"StackEvents": self._events}


# --- one code path


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, None),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4567/"}, "http://127.0.0.1:4567"),
        ({"LOCALSTACK_HOST": "127.0.0.1:4570"}, "http://127.0.0.1:4570"),
        ({"LOCALSTACK_HOST": "localstack"}, "http://localstack:4566"),
    ],
)
def test_the_endpoint_is_given_by_the_environment(
    environ: dict[str, str], url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ENDPOINT_URL", "LOCALSTACK_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    assert endpoint(environ) == url
    client = session({**environ, "AWS_REGION": REGION}).client("ssm")
    assert client.meta.endpoint_url == (url or f"https://ssm.{REGION}.amazonaws.com")
