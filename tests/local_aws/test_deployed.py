"""Reading the Chalice app and the template."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from infra.local.deployed import template as cloudformation
from infra.local.deployed.model import Deployment, DeploymentError, QueueSource
from infra.local.deployed.read import read
from infra.local.deployed.template import Resolver, variable_name
from tests.local_aws.conftest import PROJECT

ADDRESSES = {"STAGE": "local", "AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}


def read_sample(project: Path = PROJECT, **variables: str) -> Deployment:
    """The deployment of the sample project."""
    kept = {"PATH": os.environ["PATH"], **variables}
    return asyncio.run(read(project, variables=kept, addresses=ADDRESSES, stack_name="sample"))


@pytest.fixture(scope="module")
def deployment() -> Deployment:
    """The sample project, as it is."""
    return read_sample()


def test_functions_come_from_the_app_and_from_the_template(deployment: Deployment) -> None:
    functions = {function.logical_id: function for function in deployment.functions}
    assert set(functions) == {"APIHandler", "Websocket", "Recorder", "Graveyard"}
    api = functions["APIHandler"]
    assert (api.handler, api.timeout_s, api.memory_mb, api.warm) == ("app.app", 3, 256, 1)
    assert api.environment["FROM_STAGE"] == "local"
    recorder = functions["Recorder"]
    assert (recorder.name, recorder.handler, recorder.concurrency) == ("sample-recorder", "jobs.record", 2)
    assert recorder.on_failure == "arn:aws:lambda:us-east-1:000000000000:function:Graveyard"
    assert recorder.async_retries == 2


def test_an_environment_is_the_deployments_then_the_callers_then_the_addresses(deployment: Deployment) -> None:
    recorder = next(f for f in deployment.functions if f.logical_id == "Recorder").environment
    assert (recorder["GREETING"], recorder["OWN"], recorder["PEER"]) == ("hello", "kind", "Graveyard")
    assert recorder["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    other = read_sample(GREETING="hey", RECORDER_LIMIT="7", FROM_STAGE="caller", STAGE="mine")
    functions = {function.logical_id: function for function in other.functions}
    assert functions["Recorder"].environment["OWN"] == "rude"
    assert functions["Recorder"].concurrency == 7
    assert functions["APIHandler"].environment["FROM_STAGE"] == "caller"
    assert functions["APIHandler"].environment["STAGE"] == "local"


def test_routes_have_methods_and_preflight_headers(deployment: Deployment) -> None:
    routes = {route.path: route for route in deployment.routes}
    assert routes["/echo/{name}"].methods == {"GET", "POST", "PUT"}
    preflight = routes["/echo/{name}"].preflight
    assert preflight is not None
    assert preflight["Access-Control-Allow-Methods"] == "GET,POST,PUT,OPTIONS"
    assert preflight["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert preflight["Access-Control-Max-Age"] == "600"
    assert "application/x-sample" in deployment.binary_types
    assert deployment.api_stage == "v1"


def test_websocket_routes_share_processes_but_keep_their_names(deployment: Deployment) -> None:
    assert deployment.websocket_routes == {
        "$connect": "WebsocketConnect",
        "$default": "WebsocketMessage",
        "$disconnect": "WebsocketDisconnect",
    }
    assert set(deployment.aliases.values()) == {"Websocket"}


def test_schedules_and_gateway_responses_come_from_the_template(deployment: Deployment) -> None:
    (tick,) = deployment.schedules
    assert (tick.expression, tick.function, tick.input) == ("rate(1 minute)", "Recorder", '{"source": "tick"}')
    assert deployment.gateway_responses["MISSING_AUTHENTICATION_TOKEN"].status == 404


def test_an_app_that_does_not_import_is_named_with_its_traceback(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    (project / "app.py").write_text("import nothing_of_that_name\n")
    with pytest.raises(DeploymentError, match=r"(?s)app\.py cannot be imported.*nothing_of_that_name"):
        read_sample(project)


def test_an_app_that_ends_its_process_or_prints_is_no_riddle(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    app = (project / "app.py").read_text()
    (project / "app.py").write_text(app + "\nsys.exit()\n")
    with pytest.raises(DeploymentError, match=r"app\.py cannot be imported: it ended the process \(status 0\)"):
        read_sample(project)
    (project / "app.py").write_text(app + "\nos.system('echo hi')\nos.write(1, b'raw')\n")
    assert read_sample(project).routes


def test_functions_of_the_apps_own_run_and_fire(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    with (project / "app.py").open("a") as app:
        app.write(
            "\nfrom chalice.app import Cron\n"
            "@app.lambda_function(name='other')\ndef pure(event, context): return event\n"
            "@app.schedule('rate(1 hour)')\ndef hourly(event): return None\n"
            "@app.on_sqs_message(queue='orders', batch_size=5)\ndef order(event): return None\n"
            "@app.schedule(Cron(0, 3, '*', '*', '?', '*'))\ndef nightly(event): return None\n"
        )
    found = read_sample(project)
    functions = {each.name: each for each in found.functions}
    assert {"sample-pure", "sample-hourly", "sample-nightly"} <= set(functions)
    pure = functions["sample-pure"]
    assert (pure.handler, pure.environment["POWERTOOLS_SERVICE_NAME"]) == ("app.pure", "pure")
    assert found.queues == (QueueSource("orders", functions["sample-order"].logical_id, 5),)
    own = {each.function: each.expression for each in found.schedules}
    assert own[functions["sample-hourly"].logical_id] == "rate(1 hour)"
    assert own[functions["sample-nightly"].logical_id] == "cron(0 3 * * ? *)"


def test_unsupported_features_are_refused_by_name(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    with (project / "app.py").open("a") as app:
        app.write(
            "\nfrom chalice.app import CognitoUserPoolAuthorizer, IAMAuthorizer\n"
            "pool = CognitoUserPoolAuthorizer('MyPool', provider_arns=['arn:aws:cognito-idp:x:1:userpool/y'])\n"
            "@app.route('/mine', authorizer=pool)\ndef mine(): return {}\n"
            "@app.route('/iam', authorizer=IAMAuthorizer())\ndef iam(): return {}\n"
            "@app.route('/key', api_key_required=True)\ndef key(): return {}\n"
            "@app.authorizer()\ndef own(request): return None\n"
            "@app.on_kinesis_record(stream='orders')\ndef order(event): return None\n"
            "@app.on_sns_message(topic='orders')\ndef told(event): return None\n"
            "@app.on_s3_event(bucket='uploads')\ndef uploaded(event): return None\n"
            "@app.on_cw_event({'source': ['shop']})\ndef happened(event): return None\n"
            "@app.lambda_function()\ndef ticker(event, context): return None\n"
        )
    with (project / "infra/aws/template.yaml").open("a") as template:
        template.write(
            "      Layers: [arn:aws:lambda:us-east-1:123456789012:layer:tools:1]\n"
            "      EphemeralStorage: {Size: 2048}\n"
            "      EventInvokeConfig: {DestinationConfig: {OnFailure: {Destination: 'arn:aws:sqs:us-east-1:1:dead'}}}\n"
            "      Events:\n        Orders: {Type: SQS, Properties: {Queue: arn:aws:sqs:us-east-1:1:orders}}\n"
            "  Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: x}}\n"
            "  Unwanted: {Type: AWS::Lambda::EventSourceMapping, Condition: IsBye, Properties: {FunctionName: x}}\n"
            "Conditions:\n  IsHello: !Equals [!Ref Greeting, hello]\n  IsBye: !Equals [!Ref Greeting, bye]\n"
        )
    with pytest.raises(DeploymentError) as raised:
        read_sample(project)
    for name in (
        "CognitoUserPoolAuthorizer on GET /mine", "IAMAuthorizer on GET /iam", "api_key_required on GET /key",
        "@app.authorizer own", "@app.on_kinesis_record order", "@app.on_sns_message told", "@app.on_s3_event uploaded",
        "@app.on_cw_event happened", "the function ticker: name it otherwise",
        "Layers of Graveyard", "the event Orders (SQS) of Graveyard", "Mapping (AWS",
        "the OnFailure destination arn:aws:sqs:us-east-1:1:dead of Graveyard",
    ):  # fmt: skip
        assert f"- {name}" in str(raised.value), name
    assert "write a task" in str(raised.value)
    assert "Unwanted" not in str(raised.value)
    assert "EphemeralStorage" not in str(raised.value), "there is more room here than on AWS"


def test_a_template_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text("Resources: [\n")
    with pytest.raises(DeploymentError, match=r"template\.yaml"):
        cloudformation.load(template)


def test_a_rule_of_its_own_fires_its_targets(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    with (project / "infra/aws/template.yaml").open("a") as template:
        template.write(
            "  Nightly:\n    Type: AWS::Events::Rule\n    Properties:\n      ScheduleExpression: cron(0 0 * * ? *)\n"
            "      Targets:\n        - {Id: one, Arn: !GetAtt Recorder.Arn}\n"
            "  Paused:\n    Type: AWS::Events::Rule\n    Properties:\n      State: DISABLED\n"
            "      ScheduleExpression: rate(1 day)\n      Targets: [{Id: one, Arn: !GetAtt Recorder.Arn}]\n"
        )
    schedules = {schedule.name: schedule for schedule in read_sample(project).schedules}
    assert schedules["Nightly"].function == "arn:aws:lambda:us-east-1:000000000000:function:sample-recorder"
    assert "Paused" not in schedules


def test_intrinsic_functions() -> None:
    tree = {
        "Parameters": {"Name": {"Default": "x"}},
        "Conditions": {"IsX": {"Fn::Equals": [{"Ref": "Name"}, "x"]}, "IsNot": {"Fn::Not": [{"Condition": "IsX"}]}},
        "Resources": {"Job": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "the-job"}}},
    }
    value = Resolver(tree, {}, "stack").value
    assert value({"Ref": "Job"}) == "the-job"
    assert value({"Fn::Sub": "${AWS::StackName}-${Name}-${Job}-${!literal}"}) == "stack-x-the-job-${literal}"
    assert value({"Fn::Sub": ["${A}/${Job.Arn}", {"A": {"Ref": "Name"}}]}).startswith("x/arn:aws:lambda:")
    assert value({"Fn::Join": ["-", ["a", {"Ref": "Name"}]]}) == "a-x"
    assert value({"Fn::Select": [1, ["a", "b"]]}) == "b"
    assert value({"Fn::If": ["IsX", 1, 2]}) == 1
    assert value({"Fn::If": ["IsNot", 1, {"Ref": "AWS::NoValue"}]}) is not None
    assert value({"keep": 1, "drop": {"Fn::If": ["IsX", {"Ref": "AWS::NoValue"}, 1]}}) == {"keep": 1}
    assert value({"Fn::And": [{"Condition": "IsX"}, {"Fn::Or": [{"Condition": "IsNot"}, {"Condition": "IsX"}]}]})


def test_a_parameter_is_set_by_the_variable_of_its_name() -> None:
    assert variable_name("MongodbUri") == "MONGODB_URI"
    assert variable_name("WorkerReservedConcurrency") == "WORKER_RESERVED_CONCURRENCY"
