"""Read a CloudFormation template and compute its values in a local stack."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.local.deployed.model import DeploymentError
from infra.local.lambda_.model import ACCOUNT, REGION, function_arn

NO_VALUE = object()
VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags: `!Sub x` is read as `{"Fn::Sub": "x"}`."""


def _short_tag(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)  # noqa: S101 - there are three kinds of node
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


_Loader.add_multi_constructor("!", _short_tag)


def load(path: Path) -> dict[str, Any]:
    """Return the template as a tree; an empty one if the file does not exist."""
    if not path.exists():
        return {}
    try:
        tree = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise DeploymentError(f"{path}: {error}") from error
    return tree if isinstance(tree, dict) else {}


def variable_name(parameter: str) -> str:
    """Return the environment variable that sets a parameter locally: `MONGODB_URI` for `MongodbUri`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", parameter).upper()


class Resolver:
    """Replaces intrinsic functions by local values.

    A parameter has the value of its environment variable, else its default. A function's `Ref` is its name; that of
    any other resource is its logical id, because it does not exist locally.
    """

    def __init__(self, template: Mapping[str, Any], variables: Mapping[str, str], stack_name: str) -> None:
        self._template = template
        self._resources: Mapping[str, Any] = template.get("Resources") or {}
        self._names: dict[str, Any] = {
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": stack_name,
            "AWS::NoValue": NO_VALUE,
        }
        for name, parameter in (template.get("Parameters") or {}).items():
            self._names[name] = variables.get(variable_name(name), parameter.get("Default", ""))

    def value(self, node: Any) -> Any:
        """Return `node` with every intrinsic function replaced."""
        if isinstance(node, list):
            return [item for item in map(self.value, node) if item is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (name, argument), *_ = node.items()
            intrinsic = getattr(self, "_" + name.removeprefix("Fn::").lower(), None)
            if intrinsic is not None and (name.startswith("Fn::") or name in {"Ref", "Condition"}):
                return intrinsic(argument)
        values = {key: self.value(item) for key, item in node.items()}
        return {key: item for key, item in values.items() if item is not NO_VALUE}

    def physical_name(self, logical_id: str) -> str:
        """Return the name that a resource has once it is deployed."""
        properties = (self._resources.get(logical_id) or {}).get("Properties") or {}
        return str(self.value(properties.get("FunctionName", logical_id)))

    def _ref(self, name: str) -> Any:
        return self._names[name] if name in self._names else self.physical_name(name)

    def _getatt(self, path: list[str]) -> str:
        logical_id, attribute = path
        resource_type = str((self._resources.get(logical_id) or {}).get("Type"))
        if attribute == "Arn" and resource_type in {
            "AWS::Serverless::Function",
            "AWS::Lambda::Function",
            "None",
        }:
            return function_arn(self.physical_name(logical_id))
        return f"{logical_id}.{attribute}"

    def _sub(self, argument: Any) -> str:
        text, extra = argument if isinstance(argument, list) else (argument, {})

        def replace(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in extra:
                return str(self.value(extra[name]))
            return str(self._getatt(name.split(".", 1)) if "." in name else self._ref(name))

        return VARIABLE.sub(replace, text)

    def _join(self, argument: list[Any]) -> str:
        separator, items = argument
        return str(separator).join(str(item) for item in self.value(items))

    def _select(self, argument: list[Any]) -> Any:
        index, items = argument
        return self.value(items)[int(self.value(index))]

    def _if(self, argument: list[Any]) -> Any:
        condition, yes, no = argument
        return self.value(yes if self._condition(condition) else no)

    def _condition(self, name: str) -> bool:
        return bool(self.value(self._template["Conditions"][name]))

    def _equals(self, argument: list[Any]) -> bool:
        left, right = self.value(argument)
        return str(left) == str(right)

    def _not(self, argument: list[Any]) -> bool:
        return not self.value(argument)[0]

    def _and(self, argument: list[Any]) -> bool:
        return all(self.value(argument))

    def _or(self, argument: list[Any]) -> bool:
        return any(self.value(argument))
