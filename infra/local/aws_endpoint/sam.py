"""Templates with AWS::Serverless resources, for a CloudFormation that does not transform them: moto's.

Their functions and APIs are those that the stack runs already, so a deployment to this endpoint makes the other
resources, and refers to these by their names.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from infra.local.deployed.template import NO_VALUE, Resolver, variable_name

TRANSFORM: Final = "AWS::Serverless-2016-10-31"
#: Kinds that run here already, or that moto does not know.
LEFT_OUT: Final = (
    "AWS::Serverless::", "AWS::ApiGatewayV2::", "AWS::Lambda::Permission", "AWS::CloudWatch::", "AWS::S3::BucketPolicy",
)  # fmt: skip
FUNCTION: Final = "AWS::Serverless::Function"
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.([\w.]+))?\}")
Tree = dict[str, Any]


def transformed(template: Mapping[str, Any], parameters: Mapping[str, str], stack: str) -> Tree | None:
    """Return the template without what moto does not transform; None if it needs no transformation.

    Conditions are computed, with the values of ``parameters``: moto takes no ``AWS::NoValue`` inside of resources.
    """
    declared = template.get("Transform")
    if TRANSFORM not in (declared if isinstance(declared, list) else [declared]):
        return None
    conditions = _Conditions(template, parameters, stack)
    tree: Tree = conditions.without(
        {
            name: part
            for name, part in template.items()
            if name not in {"Transform", "Globals", "Metadata", "Conditions"}
        }
    )
    resources: Mapping[str, Tree] = tree.get("Resources") or {}
    left_out = {name: each for name, each in resources.items() if str(each.get("Type")).startswith(LEFT_OUT)}
    kept = {name: each for name, each in resources.items() if name not in left_out}
    whole: Tree = _replaced({**tree, "Resources": kept}, left_out)
    for resource in whole["Resources"].values():
        _drop_dependencies(resource, left_out)
    return whole


class _Conditions:
    """Computes the conditions of a template."""

    def __init__(self, template: Mapping[str, Any], parameters: Mapping[str, str], stack: str) -> None:
        variables = {variable_name(name): value for name, value in parameters.items()}
        self._resolver = Resolver(template, variables, stack)

    def without(self, node: Any) -> Any:
        """Return the node with one branch of each `Fn::If`, and without resources and outputs whose condition fails."""
        if isinstance(node, list):
            return [each for each in map(self.without, node) if each is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if set(node) == {"Fn::If"}:
            name, yes, no = node["Fn::If"]
            return self.without(yes if self._holds(name) else no)
        if node == {"Ref": "AWS::NoValue"}:
            return NO_VALUE
        found = {}
        for key, value in node.items():
            of = value.get("Condition") if isinstance(value, dict) else None
            if isinstance(of, str) and not self._holds(of):
                continue
            made = self.without({name: part for name, part in value.items() if name != "Condition"} if of else value)
            if made is not NO_VALUE:
                found[key] = made
        return found

    def _holds(self, name: str) -> bool:
        return bool(self._resolver.value({"Condition": name}))


def parsed(text: str) -> Tree | None:
    """Return a template in JSON; None for another one, which is passed on as it is."""
    try:
        tree = json.loads(text)
    except ValueError:
        return None
    return tree if isinstance(tree, dict) else None


def _replaced(node: Any, left_out: Mapping[str, Tree]) -> Any:
    if isinstance(node, list):
        return [_replaced(each, left_out) for each in node]
    if not isinstance(node, dict):
        return node
    if len(node) == 1:
        ((key, value),) = node.items()
        if key == "Ref" and value in left_out:
            return {"Fn::Sub": _name(value, None, left_out)}
        if key == "Fn::GetAtt" and value[0] in left_out:
            return {"Fn::Sub": _name(value[0], ".".join(value[1:]), left_out)}
        if key == "Fn::Sub":
            text, *more = value if isinstance(value, list) else [value]
            own = more[0] if more else {}
            named = _VARIABLE.sub(lambda m: _variable(m, own, left_out), text)
            return {"Fn::Sub": [named, _replaced(own, left_out)] if more else named}
    return {key: _replaced(value, left_out) for key, value in node.items()}


def _variable(match: re.Match[str], own: Mapping[str, Any], left_out: Mapping[str, Tree]) -> str:
    name, attribute = match.groups()
    return match[0] if name in own or name not in left_out else _name(name, attribute, left_out)


def _name(logical_id: str, attribute: str | None, left_out: Mapping[str, Tree]) -> str:
    """Return what refers to a resource that is left out, as the text of a `Fn::Sub`."""
    resource = left_out[logical_id]
    named = (resource.get("Properties") or {}).get("FunctionName", logical_id)
    name = str(named.get("Fn::Sub", logical_id)) if isinstance(named, dict) else str(named)
    if attribute is None:
        return name
    if attribute == "Arn" and resource.get("Type") == FUNCTION:
        return f"arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{name}"
    return f"{logical_id}-{attribute}"


def _drop_dependencies(resource: Tree, left_out: Mapping[str, Tree]) -> None:
    needed = resource.get("DependsOn", [])
    needed = [each for each in ([needed] if isinstance(needed, str) else needed) if each not in left_out]
    resource.pop("DependsOn", None)
    if needed:
        resource["DependsOn"] = needed
