"""Combine the Chalice app and the template into one `Deployment`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from infra.local.deployed import own_functions, pool_functions, pools, project_file, refusals
from infra.local.deployed import project as projects
from infra.local.deployed import template as cloudformation
from infra.local.deployed.ask import ask
from infra.local.deployed.model import Deployment, DeploymentError, GatewayResponse, QueueSource, Route, Schedule
from infra.local.deployed.refusals import FUNCTION_TYPES
from infra.local.deployed.template import Resolver
from infra.local.lambda_.model import FunctionSpec

MANIFEST = Path(__file__).with_name("manifest.py")
MANIFEST_TIMEOUT_S = 30.0
STAGE = "local"
API_FUNCTION = "APIHandler"
#: The three WebSocket functions of Chalice are the same code: locally they share processes.
WEBSOCKET_FUNCTION = "Websocket"
#: Chalice sets no limit for the API function; more processes than this only slow two cores down.
API_CONCURRENCY = 4


async def read(
    project: Path,
    *,
    variables: Mapping[str, str],
    addresses: Mapping[str, str],
    stack_name: str,
) -> Deployment:
    """Return the deployment of the project. `variables` are the caller's, `addresses` those of this stack.

    A function's environment is what the deployment configures, then the caller's variables, then the addresses.
    Raises DeploymentError when the app does not import, the template is not YAML, the list of pools is wrong, or one of
    them needs what the local AWS does not support.
    """
    of = projects.of(project)
    check(of)
    tree = pool_functions.expand(cloudformation.load(of.template), pools.read(project))
    variables = of.here(variables)
    manifest = await read_manifest(project, STAGE, {**variables, **addresses})
    tree = own_functions.expand(tree, manifest["ownHandlers"])
    resolver = Resolver(tree, {**variables, **addresses}, stack_name)
    reader = _Reader(project, tree, resolver, manifest, variables, addresses)
    if refused := reader.refused():
        raise DeploymentError("The local AWS cannot run this:\n" + "\n".join(f"- {each}" for each in refused))
    return reader.deployment()


async def read_manifest(project: Path, stage: str, variables: Mapping[str, str]) -> dict[str, Any]:
    """Return the output of `manifest.py` for the app. Raises DeploymentError when the app does not import."""
    of = projects.of(project)
    answer = await ask(
        MANIFEST,
        *(str(project), str(of.chalice), stage),
        cwd=project,
        env={**of.here(variables), "AWS_DEFAULT_REGION": "us-east-1", "LAMBDA_TASK_ROOT": str(project)},
        silence_s=MANIFEST_TIMEOUT_S,
        enough="functions",
    )
    if answer.lines:
        return answer.lines[0]
    if answer.status is None:
        raise DeploymentError(f"app.py was not imported within {MANIFEST_TIMEOUT_S:.0f} s\n{answer.printed}".rstrip())
    ended = "" if "Traceback" in answer.printed else f" {answer.how}"
    raise DeploymentError(f"app.py cannot be imported:{ended}\n{answer.printed}".rstrip())


def check(project: projects.Project) -> None:
    """Raise ProjectError if a project of its own lacks a part, or has a package with the name of one of ours."""
    if project.file is None:
        return
    root = project.root
    wanted = ("app.py", "pyproject.toml", f"{project.tasks}/__init__.py")
    problems = [f"{name} is missing" for name in wanted if not (root / name).is_file()]
    problems += [
        f"the package {name} has the name of one of QueueCraft's: rename it"
        for name in projects.NAMES
        if (root / name / "__init__.py").exists() or (root / f"{name}.py").exists()
    ]
    if problems:
        raise project_file.ProjectError("The project is not complete:\n" + "\n".join(f"- {each}" for each in problems))


class _Reader:
    def __init__(
        self,
        project: Path,
        tree: Mapping[str, Any],
        resolver: Resolver,
        manifest: Mapping[str, Any],
        variables: Mapping[str, str],
        addresses: Mapping[str, str],
    ) -> None:
        self._project = project
        self._resources: Mapping[str, Any] = {
            name: resource
            for name, resource in (tree.get("Resources") or {}).items()
            if "Condition" not in resource or resolver.value({"Condition": resource["Condition"]})
        }
        self._globals = resolver.value(((tree.get("Globals") or {}).get("Function")) or {})
        self._resolver = resolver
        self._manifest = manifest
        self._variables = variables
        self._addresses = addresses

    def refused(self) -> list[str]:
        """Return what is requested that is not supported."""
        functions = {name: self._globals | self._properties(name) for name in self._manifest["functions"]}
        functions |= {name: self._globals | properties for name, properties in self._template_functions()}
        return refusals.refused(self._manifest, functions, self._resources)

    def deployment(self) -> Deployment:
        """Return the whole deployment."""
        websocket: dict[str, str] = self._manifest["websocket"]
        functions = [self._chalice_function(name) for name in self._manifest["functions"]]
        functions += [self._template_function(name) for name, _ in self._template_functions()]
        return Deployment(
            functions=tuple(f for f in functions if f.logical_id not in websocket.values())
            + tuple(self._shared_websocket_function()),
            aliases=dict.fromkeys(websocket.values(), WEBSOCKET_FUNCTION),
            api_function=API_FUNCTION,
            api_stage=self._manifest["stage"],
            routes=tuple(
                Route(route["path"], frozenset(route["methods"]), route["preflight"])
                for route in self._manifest["routes"]
            ),
            binary_types=frozenset(self._manifest["binaryTypes"]),
            gateway_responses=dict(self._gateway_responses()),
            websocket_routes=websocket,
            schedules=tuple(self._schedules()),
            queues=tuple(QueueSource(**each) for each in self._manifest["queues"]),
        )

    def _properties(self, logical_id: str) -> dict[str, Any]:
        node = (self._resources.get(logical_id) or {}).get("Properties") or {}
        properties = self._resolver.value(node)
        return properties if isinstance(properties, dict) else {}

    def _template_functions(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the functions that only the template has; it may also add properties to Chalice's."""
        for name, resource in self._resources.items():
            if resource.get("Type") in FUNCTION_TYPES and name not in self._manifest["functions"]:
                yield name, self._properties(name)

    def _environment(self, *configured: Mapping[str, Any]) -> dict[str, str]:
        merged: dict[str, Any] = dict(self._globals.get("Environment", {}).get("Variables", {}))
        for variables in configured:
            merged.update(variables)
        texts = {key: str(value) for key, value in merged.items()}
        return {**texts, **self._variables, **self._addresses, **_of_pool(texts)}

    def _chalice_function(self, logical_id: str) -> FunctionSpec:
        function = self._manifest["functions"][logical_id]
        added = self._properties(logical_id)
        is_api = logical_id == API_FUNCTION
        return FunctionSpec(
            name=self._resolver.physical_name(logical_id),
            logical_id=logical_id,
            handler=function["handler"],
            task_root=self._project,
            environment=self._environment(function["environment"], added.get("Environment", {}).get("Variables", {})),
            timeout_s=float(added.get("Timeout") or function["timeout"] or 60),
            memory_mb=int(added.get("MemorySize") or function["memory"] or 128),
            concurrency=int(function["concurrency"] or API_CONCURRENCY),
            warm=1 if is_api else 0,
        )

    def _shared_websocket_function(self) -> Iterator[FunctionSpec]:
        routes = self._manifest["websocket"]
        if routes:
            members = {route: self._chalice_function(name) for route, name in routes.items()}
            first = next(iter(members.values()))
            handlers = {route: member.handler for route, member in members.items()}
            yield FunctionSpec(
                name=WEBSOCKET_FUNCTION,
                logical_id=WEBSOCKET_FUNCTION,
                handler="shared_handlers.handle",
                task_root=self._project,
                environment={**first.environment, "SHARED_HANDLERS": json.dumps(handlers)},
                timeout_s=first.timeout_s,
                memory_mb=first.memory_mb,
                concurrency=API_CONCURRENCY,
                warm=1,
            )

    def _template_function(self, logical_id: str) -> FunctionSpec:
        properties = {**self._globals, **self._properties(logical_id)}
        invoke = properties.get("EventInvokeConfig", {})
        destination = invoke.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        return FunctionSpec(
            name=self._resolver.physical_name(logical_id),
            logical_id=logical_id,
            handler=properties["Handler"],
            task_root=self._project,
            environment=self._environment(self._properties(logical_id).get("Environment", {}).get("Variables", {})),
            timeout_s=float(properties.get("Timeout", 3)),
            memory_mb=int(properties.get("MemorySize", 128)),
            concurrency=int(properties.get("ReservedConcurrentExecutions", 10)),
            async_retries=int(invoke.get("MaximumRetryAttempts", 2)),
            async_event_age_s=float(invoke.get("MaximumEventAgeInSeconds", 6 * 3600)),
            on_failure=destination,
        )

    def _schedules(self) -> Iterator[Schedule]:
        for rule in self._manifest["schedules"]:
            yield Schedule(**rule)
        for name, properties in self._template_functions():
            for event_name, event in (properties.get("Events") or {}).items():
                if event.get("Type") in {"Schedule", "ScheduleV2"}:
                    yield from _rule(f"{name}{event_name}", event.get("Properties", {}), name)
        for name, resource in self._resources.items():
            if resource.get("Type") == "AWS::Events::Rule":
                properties = self._properties(name)
                for target in properties.get("Targets", []):
                    rule = {**properties, "Input": target.get("Input")}
                    yield from _rule(name, rule, target["Arn"])

    def _gateway_responses(self) -> Iterator[tuple[str, GatewayResponse]]:
        for kind, response in self._properties("RestAPI").get("GatewayResponses", {}).items():
            status = response.get("StatusCode")
            yield (
                kind,
                GatewayResponse(
                    status=int(status) if status else None,
                    headers=response.get("ResponseParameters", {}).get("Headers", {}),
                    body=response.get("ResponseTemplates", {}).get("application/json"),
                ),
            )


def _of_pool(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a function that the caller's do not override: its pool, and limits of the list."""
    kept = [name for name in ("POOLS", "POOL") if name in variables]
    kept += ["JOB_CONCURRENCY", "POOL_FLEET"] if "POOL" in variables else []
    return {name: variables[name] for name in kept}


def _rule(name: str, properties: Mapping[str, Any], function: str) -> Iterator[Schedule]:
    expression = properties.get("Schedule") or properties.get("ScheduleExpression")
    is_enabled = properties.get("Enabled", True) and properties.get("State", "ENABLED") == "ENABLED"
    if expression and is_enabled:
        yield Schedule(name, str(expression), function, properties.get("Input"))
