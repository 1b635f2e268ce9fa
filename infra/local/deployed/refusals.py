"""Features of an app or a template that the local AWS does not support: refused by name, because silence would
mislead.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.local.deployed.own_functions import problems

FUNCTION_TYPES = frozenset({"AWS::Serverless::Function", "AWS::Lambda::Function"})
EVENTS = frozenset({"Schedule", "ScheduleV2"})
#: Properties of functions that change what their code finds or who calls it.
PROPERTIES = (
    "Layers", "FileSystemConfigs", "FunctionUrlConfig", "ImageUri", "DeadLetterQueue",
    "DeadLetterConfig",
)  # fmt: skip
#: Resources that call functions, guard them or run beside them.
RESOURCES = frozenset(
    {
        "AWS::ApiGateway::Authorizer",
        "AWS::ApiGatewayV2::Authorizer",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Url",
        "AWS::Pipes::Pipe",
        "AWS::Scheduler::Schedule",
        "AWS::Serverless::Connector",
        "AWS::Serverless::GraphQLApi",
        "AWS::Serverless::HttpApi",
        "AWS::Serverless::LayerVersion",
        "AWS::Serverless::StateMachine",
        "AWS::StepFunctions::StateMachine",
    }
)
OWN_FUNCTIONS = (
    "of the app's own functions, those of @app.lambda_function, @app.schedule and @app.on_sqs_message are run and "
    "deployed; here nothing sends other events, and a deployment has no role for them: write a task "
    "(docs/writing-tasks.md), or, in QueueCraft's repository, declare the function in infra/aws/template.yaml as the "
    "worker is"
)
GUARDS = "the local API Gateway does not authenticate callers: check the caller in the handler, or remove it"
NOT_HERE = "the local AWS does not support it (docs/local-aws.md): remove it, or make it conditional on a parameter"


def own_functions(manifest: Mapping[str, Any]) -> list[str]:
    """Return the functions of the app that a deployment does not give what they need, and wrong names of others."""
    refused = [f"{name}: {OWN_FUNCTIONS}" for name in manifest["ownFunctions"]]
    return [*refused, *problems(manifest["ownHandlers"])]


def refused(manifest: Mapping[str, Any], functions: Mapping[str, Mapping[str, Any]], resources: Any) -> list[str]:
    """Return what the app, the functions' properties by logical id, and other resources request that is not
    supported.
    """
    found = own_functions(manifest)
    found += [f"{guard}: {GUARDS}" for guard in manifest["unguarded"]]
    found += [f"the layer {layer} in .chalice/config.json: {NOT_HERE}" for layer in manifest["layers"]]
    found += [
        f"{what}: {NOT_HERE}" for name, properties in functions.items() for what in _of_function(name, properties)
    ]
    found += [f"{what}: {NOT_HERE}" for name, resource in resources.items() for what in _of_resource(name, resource)]
    return found


def _of_function(name: str, properties: Mapping[str, Any]) -> Iterator[str]:
    for key in PROPERTIES:
        if properties.get(key):
            yield f"{key} of {name}"
    destinations = (properties.get("EventInvokeConfig") or {}).get("DestinationConfig") or {}
    for outcome, declared in destinations.items():
        if outcome != "OnFailure" or ":function:" not in str(declared.get("Destination")):
            yield f"the {outcome} destination {declared.get('Destination')} of {name}"
    for event, declared in (properties.get("Events") or {}).items():
        if declared.get("Type") not in EVENTS:
            yield f"the event {event} ({declared.get('Type')}) of {name}"


def _of_resource(name: str, resource: Mapping[str, Any]) -> Iterator[str]:
    kind, properties = resource.get("Type"), resource.get("Properties") or {}
    if kind in RESOURCES:
        yield f"{name} ({kind})"
    if kind == "AWS::Serverless::Api" and properties.get("Auth"):
        yield f"Auth of {name}"
    if kind == "AWS::Events::Rule" and properties.get("EventPattern"):
        yield f"EventPattern of {name}"
