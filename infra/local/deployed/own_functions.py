"""Functions of the app's own: `@app.lambda_function`, `@app.schedule`, `@app.on_sqs_message`.

Each has a role and a log group of its own. They are of the API's zip and may do what the API may: read the stack's
secrets, reach the databases, wake workers; and take messages from their queues.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any, Final

#: The API's resources of which each function gets a copy.
ROLE, LOGS = "ApiHandlerRole", "ApiLogs"
#: Names of functions that a stack has; those of pools begin with `worker-`.
TAKEN: Final = frozenset({"api", "worker", "ticker", "connection-manager"})
MAX_NAME_CHARS: Final = 40
STACK = "${AWS::StackName}"
Tree = dict[str, Any]


def name_of(handler: str) -> str:
    """Return what a function is called, after the name of the stack: that of the function in Python."""
    return handler.rpartition(".")[2]


def problems(functions: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the names of functions, given as handlers by logical id."""
    found = []
    names = [name_of(handler) for handler in functions.values()]
    for name in sorted(set(names)):
        if name in TAKEN or not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) or len(name) > MAX_NAME_CHARS:
            found.append(f"the function {name}: name it otherwise, by at most {MAX_NAME_CHARS} letters, digits and _")
        elif names.count(name) > 1:
            found.append(f"the function {name}: there are two of this name")
    return found


def expand(template: Mapping[str, Any], functions: Mapping[str, str]) -> Tree:
    """Return a template in which the functions, given as handlers by logical id, have what they need."""
    tree = copy.deepcopy(dict(template))
    resources: Tree = tree.get("Resources") or {}
    for logical_id, handler in functions.items():
        name, logs = name_of(handler), f"{logical_id}Logs"
        known: Tree = resources.get(logical_id) or {"Type": "AWS::Serverless::Function", "Properties": {}}
        properties = known["Properties"]
        role = _role_of(properties, logical_id)
        properties |= {
            "FunctionName": {"Fn::Sub": f"{STACK}-{name}"},
            "Description": f"Runs {name} of app.py",
            "Tracing": "Active",
            "Role": {"Fn::GetAtt": [role, "Arn"]},
        }
        if LOGS in resources:
            properties["LoggingConfig"] = {"LogGroup": {"Ref": logs}}
            resources[logs] = _renamed(resources[LOGS], {})
            resources[logs]["Properties"]["LogGroupName"] = {"Fn::Sub": f"/aws/lambda/{STACK}-{name}"}
        variables = properties.setdefault("Environment", {}).setdefault("Variables", {})
        variables["POWERTOOLS_SERVICE_NAME"] = name
        resources[logical_id] = known
        queues = _report_failures(properties)
        if ROLE in resources:
            resources[role] = _renamed(resources[ROLE], {LOGS: logs})
            if queues:
                resources[role]["Properties"]["Policies"].append(_taking_messages(queues))
    return tree


def _report_failures(properties: Mapping[str, Any]) -> list[Any]:
    """Let a function report which messages of a batch failed; return the ARNs of its queues."""
    sources = [each["Properties"] for each in properties.get("Events", {}).values() if each["Type"] == "SQS"]
    for source in sources:
        source["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
    return [source["Queue"] for source in sources]


def _taking_messages(queues: list[Any]) -> Tree:
    actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": queues}
    return {"PolicyName": "queues", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


def _role_of(properties: Mapping[str, Any], logical_id: str) -> str:
    """Return the logical id of the role that Chalice made, which is replaced."""
    given = (properties.get("Role") or {}).get("Fn::GetAtt") or [f"{logical_id}Role"]
    return str(given[0])


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    """Return a copy in which references are to other resources."""
    if isinstance(node, list):
        return [_renamed(each, names) for each in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"Fn::GetAtt"}:
        of = node["Fn::GetAtt"]
        first, *rest = of.split(".") if isinstance(of, str) else of
        return {"Fn::GetAtt": [names.get(first, first), *rest]}
    return {key: _renamed(value, names) for key, value in node.items()}
