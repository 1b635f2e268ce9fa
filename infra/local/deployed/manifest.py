"""Write what a Chalice app deploys, as JSON, to a pipe: `python -P manifest.py PROJECT_DIR CONFIG_DIR STAGE FD`.

It runs in a process of its own (see `ask.py`), because it imports the app. It uses Chalice's own graph of resources,
which `chalice package` renders, so that names, handlers and limits are those of a deployment.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

#: Decorators of the app's own functions, by Chalice's class for them.
DECORATORS = {
    "LambdaFunction": "lambda_function",
    "ScheduledEventConfig": "schedule",
    "CloudWatchEventConfig": "on_cw_event",
    "S3EventConfig": "on_s3_event",
    "SNSEventConfig": "on_sns_message",
    "SQSEventConfig": "on_sqs_message",
    "KinesisEventConfig": "on_kinesis_record",
    "DynamoDBEventConfig": "on_dynamodb_record",
    "BuiltinAuthConfig": "authorizer",
}
#: Those that are run and deployed, as pure functions are.
RUN = frozenset({"schedule", "on_sqs_message"})


def main(project_dir: str, config_dir: str, stage: str, descriptor: str) -> None:
    """Write the manifest to the pipe, in one line."""
    os.set_inheritable(int(descriptor), False)
    sys.path.insert(0, project_dir)
    with os.fdopen(int(descriptor), "w") as answers:
        answers.write(json.dumps(describe(Path(project_dir), Path(config_dir), stage)) + "\n")


def describe(project_dir: Path, config_dir: Path, stage: str) -> dict[str, Any]:
    """Return the functions and routes of the app in `project_dir`, and what it requests that is not supported."""
    # Heavy imports; and the app must be imported after the import path is set.
    import importlib  # noqa: PLC0415

    from chalice.config import Config  # noqa: PLC0415
    from chalice.deploy import models  # noqa: PLC0415
    from chalice.deploy.appgraph import ApplicationGraphBuilder  # noqa: PLC0415
    from chalice.utils import to_cfn_resource_name  # noqa: PLC0415

    app = importlib.import_module("app").app
    config = Config(
        chalice_stage=stage,
        user_provided_params={"chalice_app": app},
        config_from_disk=json.loads((config_dir / "config.json").read_text()),
        default_params={
            "project_dir": str(project_dir),
            "api_gateway_stage": "api",
            "api_gateway_endpoint_type": "EDGE",
            "autogen_policy": True,
        },
    )
    manifest: dict[str, Any] = {
        "functions": {},
        "routes": _routes(app),
        "binaryTypes": app.api.binary_types,
        "stage": config.api_gateway_stage,
        "websocket": {},
        "ownHandlers": {},
        "schedules": [],
        "queues": [],
        "ownFunctions": _own_functions(app),
        "unguarded": _guards(app),
        "layers": list(config.layers or []),
    }

    def add(function: Any, logical_id: str | None = None) -> str:
        logical_id = logical_id or to_cfn_resource_name(function.resource_name)
        manifest["functions"][logical_id] = {
            "handler": function.handler,
            "environment": function.environment_variables,
            "timeout": function.timeout,
            "memory": function.memory_size,
            "concurrency": function.reserved_concurrency,
        }
        return logical_id

    for resource in ApplicationGraphBuilder().build(config, stage).resources:
        if isinstance(resource, models.RestAPI):
            add(resource.lambda_function, "APIHandler")
        elif isinstance(resource, models.WebsocketAPI):
            manifest["websocket"] = _websocket(resource, add)
        elif isinstance(resource, models.LambdaFunction):
            manifest["ownHandlers"][add(resource)] = resource.handler
        elif isinstance(resource, models.ScheduledEvent):
            logical_id = add(resource.lambda_function)
            manifest["ownHandlers"][logical_id] = resource.lambda_function.handler
            rule = {"name": resource.resource_name, "expression": resource.schedule_expression, "function": logical_id}
            manifest["schedules"].append(rule)
        elif isinstance(resource, models.SQSEventSource):
            logical_id = add(resource.lambda_function)
            manifest["ownHandlers"][logical_id] = resource.lambda_function.handler
            queue = getattr(resource.queue, "queue_name", resource.queue)
            manifest["queues"].append({"queue": queue, "function": logical_id, "batch": resource.batch_size})
    return manifest


def _own_functions(app: Any) -> list[str]:
    """Return the functions besides the API, the WebSocket handlers, and those that are run and deployed."""
    functions = [each for each in [*app.event_sources, *app.builtin_auth_handlers] if _kind(each) not in RUN]
    return [f"@app.{_kind(each)} {each.name}" for each in functions]


def _kind(function: Any) -> str:
    return DECORATORS.get(type(function).__name__, type(function).__name__)


def _guards(app: Any) -> list[str]:
    """Return the routes that API Gateway should guard."""
    guarded = []
    for path, methods in app.routes.items():
        for method, view in methods.items():
            if view.authorizer is not None:
                guarded.append(f"{type(view.authorizer).__name__} on {method} {path}")
            if view.api_key_required:
                guarded.append(f"api_key_required on {method} {path}")
    return guarded


def _routes(app: Any) -> list[dict[str, Any]]:
    routes = []
    for path, methods in app.routes.items():
        with_cors = [method for method, view in methods.items() if view.cors is not None]
        preflight = None
        if with_cors:
            preflight = {
                "Access-Control-Allow-Methods": ",".join([*with_cors, "OPTIONS"]),
                **methods[with_cors[0]].cors.get_access_control_headers(),
            }
        routes.append({"path": path, "methods": sorted(methods), "preflight": preflight})
    return routes


def _websocket(resource: Any, add: Any) -> dict[str, str]:
    functions = {
        "$connect": resource.connect_function,
        "$disconnect": resource.disconnect_function,
    }
    return {
        route: add(function)
        for route in resource.routes
        if (function := functions.get(route, resource.message_function)) is not None
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
