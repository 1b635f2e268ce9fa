"""Print what a Chalice app deploys, as JSON: `python -P manifest.py PROJECT_DIR STAGE`.

It runs in a process of its own, since it imports the app. It asks Chalice's own graph of resources, the one
that `chalice package` renders, so that names, handlers and limits are what a deployment would have.
"""

import contextlib
import json
import sys
from pathlib import Path
from typing import Any


def main(project_dir: str, stage: str) -> None:
    """Write the manifest to stdout; whatever the app prints at import goes to stderr."""
    sys.path.insert(0, project_dir)
    with contextlib.redirect_stdout(sys.stderr):
        manifest = describe(Path(project_dir), stage)
    sys.stdout.write(json.dumps(manifest))


def describe(project_dir: Path, stage: str) -> dict[str, Any]:
    """The functions, routes and schedules of the app in `project_dir`."""
    # Heavy imports; and the app must come after the import path is set.
    import importlib  # noqa: PLC0415

    from chalice.config import Config  # noqa: PLC0415
    from chalice.deploy import models  # noqa: PLC0415
    from chalice.deploy.appgraph import ApplicationGraphBuilder  # noqa: PLC0415
    from chalice.utils import to_cfn_resource_name  # noqa: PLC0415

    app = importlib.import_module("app").app
    config = Config(
        chalice_stage=stage,
        user_provided_params={"chalice_app": app},
        config_from_disk=json.loads((project_dir / ".chalice" / "config.json").read_text()),
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
        "schedules": [],
        "authorizers": [auth.name for auth in app.builtin_auth_handlers],
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
        elif isinstance(resource, models.ScheduledEvent):
            target = add(resource.lambda_function)
            rule = {
                "name": resource.rule_name,
                "expression": resource.schedule_expression,
                "function": target,
            }
            manifest["schedules"].append(rule)
        elif isinstance(resource, models.LambdaFunction):
            add(resource)
    return manifest


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
