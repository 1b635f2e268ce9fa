"""Write the pools of the list into the template: a worker function for each, with all that the template's worker has.

The template declares the worker of the pool `default`. Another pool gets a copy of each resource in `COPIED`, and every
role that may invoke the worker may invoke its function.
"""

import copy
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.domain.pools import DEFAULT_POOL
from infra.local.deployed.pools import Pool, Pools, PoolsError, function_name, logical_id

WORKER = "Worker"
COPIED = (
    "Worker", "WorkerRole", "WorkerLogs", "WorkerErrorsAlarm", "WorkerThrottlesAlarm", "WorkerEventsDroppedAlarm",
)  # fmt: skip
DASHBOARD = "OperationsDashboard"
STACK = "${AWS::StackName}"
#: Parameters that a field of `default` replaces.
PARAMETERS = {
    "memory_mb": "WorkerMemory",
    "concurrency": "JobConcurrency",
    "fleet": "JobFleetConcurrency",
    "policies": "WorkerPolicies",
}
Tree = dict[str, Any]


def expand(template: Mapping[str, Any], pools: Pools) -> Tree:
    """Return the template with the functions of all pools. Raises PoolsError if it lacks the worker."""
    tree = copy.deepcopy(dict(template))
    resources: Tree = tree.get("Resources") or {}
    if not pools.others and pools.default == Pool():
        return tree
    if missing := [name for name in COPIED if name not in resources]:
        raise PoolsError(
            f"{pools.file} needs the resources of the worker in the template: {', '.join(missing)} are missing"
        )
    for name, pool in pools.others.items():
        resources |= {logical_id(name, of): _copy(resources[of], name) for of in COPIED}
        _configure(resources, name, pool)
        _outputs(tree, name)
    _configure_default(tree, pools.default)
    _permit(resources, pools)
    if DASHBOARD in resources:
        _show(resources[DASHBOARD]["Properties"], pools)
    variables = tree["Globals"]["Function"]["Environment"]["Variables"]
    if pools.others:
        variables["POOLS"] = pools.variable
    return tree


def reserved(pool: Pool) -> int:
    """Return the workers of a pool that run at a time, and one more for the handover between two."""
    assert pool.fleet is not None and pool.concurrency is not None  # noqa: S101 - only `default` may lack them
    return math.ceil(pool.fleet / pool.concurrency) + 1


def _configure(resources: Tree, name: str, pool: Pool) -> None:
    """Give the function of a pool its own limits."""
    properties = resources[logical_id(name)]["Properties"]
    properties |= {
        "FunctionName": {"Fn::Sub": function_name(STACK, name)},
        "Description": f"Runs the tasks of the pool {name}",
        "CodeUri": f"./worker-{name}.zip",
        "MemorySize": pool.memory_mb,
        "ReservedConcurrentExecutions": reserved(pool),
    }
    del properties["Events"]  # the tick of `default` finds out which pools need a worker
    variables = {"POOL": name, "JOB_CONCURRENCY": pool.concurrency, "POOL_FLEET": pool.fleet}
    properties["Environment"]["Variables"] |= variables
    properties["Timeout"] = pool.timeout_s
    _limit(properties, pool)
    role = resources[logical_id(name, "WorkerRole")]["Properties"]
    role.pop("ManagedPolicyArns", None)
    if pool.policies:
        role["ManagedPolicyArns"] = _policies(pool)


def _configure_default(tree: Tree, pool: Pool) -> None:
    """Replace parameters by what the list says of `default`."""
    properties = tree["Resources"][WORKER]["Properties"]
    _limit(properties, pool)
    if "timeout_s" in pool.model_fields_set:
        properties["Timeout"] = pool.timeout_s
    if pool.fleet is not None:
        _replace(tree, "WorkerReservedConcurrency", reserved(pool))
    for name, parameter in PARAMETERS.items():
        value = _policies(pool) if name == "policies" else getattr(pool, name)
        if value:
            _replace(tree, parameter, value)


def _limit(properties: Tree, pool: Pool) -> None:
    """Set what the template has no parameter for."""
    if pool.storage_mb != 512:
        properties["EphemeralStorage"] = {"Size": pool.storage_mb}
    if pool.architecture is not None:
        properties["Architectures"] = [pool.architecture]
    properties["Environment"]["Variables"] |= pool.environment


def _policies(pool: Pool) -> list[Any]:
    return [{"Fn::Sub": arn} if "${" in arn else arn for arn in pool.policies]


def _copy(resource: Tree, pool: str) -> Tree:
    """Return a pool's copy of a resource: it refers to the pool's other copies, and has a name of its own."""
    ids = {each: logical_id(pool, each) for each in COPIED}

    def rename(node: Tree) -> Any:
        if set(node) == {"Ref"}:
            return {"Ref": ids.get(node["Ref"], node["Ref"])}
        if set(node) == {"Fn::GetAtt"} and node["Fn::GetAtt"][0] in ids:
            return {"Fn::GetAtt": [ids[node["Fn::GetAtt"][0]], *node["Fn::GetAtt"][1:]]}
        return node

    renamed: Tree = _mapped(resource, rename)
    for key in ("AlarmName", "LogGroupName"):
        if key in renamed["Properties"]:
            text: str = renamed["Properties"][key]["Fn::Sub"]
            named = text.replace(function_name(STACK, DEFAULT_POOL), function_name(STACK, pool))
            renamed["Properties"][key] = {"Fn::Sub": named}
    return renamed


def _permit(resources: Tree, pools: Pools) -> None:
    """Let every role that may invoke the worker invoke the functions of all pools."""
    suffix = f":function:{function_name(STACK, DEFAULT_POOL)}"
    for statement in _statements(resources):
        allowed = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        arns = [arn["Fn::Sub"] for arn in allowed if isinstance(arn, dict) and "Fn::Sub" in arn]
        more = [
            {"Fn::Sub": arn.removesuffix(suffix) + f":function:{function_name(STACK, pool)}"}
            for arn in arns
            if arn.endswith(suffix)
            for pool in pools.others
        ]
        if more:
            statement["Resource"] = [*allowed, *more]


def _statements(resources: Tree) -> Iterator[Tree]:
    """Yield the statements of all roles that allow to invoke functions; shared ones once."""
    seen: set[int] = set()
    for resource in resources.values():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"].get("Policies", []):
                for statement in policy.get("PolicyDocument", {}).get("Statement", []):
                    if statement["Action"] == "lambda:InvokeFunction" and id(statement) not in seen:
                        seen.add(id(statement))
                        yield statement


def _show(dashboard: Tree, pools: Pools) -> None:
    """Add the functions of the pools to the panels, and their alarms, where the worker's are."""
    text: str = dashboard["DashboardBody"]["Fn::Sub"][0]
    for name in reversed(list(pools.others)):
        for shown, of in (('["...", "${%s}"]', WORKER), ('"${%s.Arn}"', "WorkerErrorsAlarm")):
            text = text.replace(shown % of, f"{shown % of}, {shown % logical_id(name, of)}")
    dashboard["DashboardBody"]["Fn::Sub"][0] = text


def _outputs(tree: Tree, pool: str) -> None:
    tree.setdefault("Outputs", {})[logical_id(pool, "WorkerFunction")] = {"Value": {"Ref": logical_id(pool)}}


def _replace(tree: Tree, parameter: str, value: Any) -> None:
    """Remove a parameter; what referred to it has the value."""
    if parameter not in (tree.get("Parameters") or {}):
        return
    del tree["Parameters"][parameter]
    for group in tree.get("Metadata", {}).get("AWS::CloudFormation::Interface", {}).get("ParameterGroups", []):
        group["Parameters"] = [name for name in group["Parameters"] if name != parameter]
    for part in ("Conditions", "Globals", "Resources", "Outputs"):
        tree[part] = _mapped(tree.get(part, {}), lambda node: value if node == {"Ref": parameter} else node)


def _mapped(node: Any, change: Callable[[Tree], Any]) -> Any:
    """Return a copy in which every dict is what `change` makes of it."""
    if isinstance(node, list):
        return [_mapped(each, change) for each in node]
    if isinstance(node, dict):
        return change({key: _mapped(each, change) for key, each in node.items()})
    return node
