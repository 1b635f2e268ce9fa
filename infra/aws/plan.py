"""What a deployment would change in a stack: by a change set, which is deleted again.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

#: Resources that hold data or addresses: their replacement or removal is pointed out.
LASTING: Final = frozenset({
    "AWS::S3::Bucket", "AWS::ElastiCache::ServerlessCache", "AWS::CloudFront::Distribution", "AWS::EC2::VPC",
    "AWS::EC2::EIP", "AWS::ApiGatewayV2::Api", "AWS::ApiGateway::RestApi",
})  # fmt: skip
#: How long CloudFormation may take to make a change set, in seconds.
MADE_IN_S: Final = 300.0
#: Reasons of a change set without changes.
_NOTHING: Final = ("didn't contain changes", "No updates are to be performed")


class PlanFailedError(RuntimeError):
    """Raised when CloudFormation cannot say what it would change; the text has its reason."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one resource. ``action``: add, change, replace, may replace, remove."""

    action: str
    name: str
    type: str
    #: Names of the properties that differ.
    properties: tuple[str, ...] = ()

    @property
    def warning(self) -> str:
        """Why to look twice; empty if there is no reason."""
        if self.type in LASTING and self.action in {"replace", "may replace", "remove"}:
            return "holds data or an address"
        return ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of a deployment; none if there is nothing to change."""

    stack: str
    is_new: bool
    changes: list[Change] = field(default_factory=list)
    #: Parameters that change: name → old and new value.
    parameters: dict[str, tuple[str, str]] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """Yield the plan as text: parameters, then resources, those to look at twice first."""
        if not self.changes and not self.parameters:
            yield f"Plan for {self.stack}: nothing to change"
            return
        yield f"Plan for {self.stack}{', a new stack' if self.is_new else ''}: {self._counted()}"
        for name, (old, new) in sorted(self.parameters.items()):
            yield f"  parameter  {name}: {old or '(empty)'} -> {new or '(empty)'}"
        for each in sorted(self.changes, key=lambda change: (not change.warning, change.action, change.name)):
            about = f" ({', '.join(each.properties)})" if each.properties else ""
            warning = f"  ! {each.warning}" if each.warning else ""
            yield f"  {each.action:<11}{each.name}, {each.type}{about}{warning}"

    def _counted(self) -> str:
        actions = [each.action for each in self.changes]
        return (
            ", ".join(f"{actions.count(action)} to {action}" for action in dict.fromkeys(sorted(actions)))
            or "parameters"
        )


def of_new(stack: str, template: Mapping[str, Any]) -> Plan:
    """Return the plan of a stack that does not exist: all resources of the template that have no condition."""
    resources: Mapping[str, Any] = template["Resources"]
    made = [Change("add", name, each["Type"]) for name, each in resources.items() if "Condition" not in each]
    return Plan(stack, is_new=True, changes=made)


def of_update(cloudformation: Any, stack: str, request: Mapping[str, Any], previous: Mapping[str, str]) -> Plan:
    """Return what an update would change; ``request`` as for ``UpdateStack``. Raises ``PlanFailedError``."""
    name = f"plan-{secrets.token_hex(8)}"
    cloudformation.create_change_set(ChangeSetName=name, ChangeSetType="UPDATE", **request)
    try:
        made = _made(cloudformation, stack, name)
        changes = [_change(each["ResourceChange"]) for each in made if each.get("Type", "Resource") == "Resource"]
    finally:
        cloudformation.delete_change_set(ChangeSetName=name, StackName=stack)
    given = {each["ParameterKey"]: each["ParameterValue"] for each in request["Parameters"] if "ParameterValue" in each}
    differing = {key: (previous.get(key, ""), value) for key, value in given.items() if previous.get(key, "") != value}
    shown = {key: ("…", "…") if _is_secret(key, previous) else values for key, values in differing.items()}
    return Plan(stack, is_new=False, changes=changes, parameters=shown)


def _is_secret(name: str, previous: Mapping[str, str]) -> bool:
    return "Secret" in name or set(previous.get(name, "")) == {"*"}  # how CloudFormation shows values with NoEcho


def _made(cloudformation: Any, stack: str, name: str) -> list[dict[str, Any]]:
    """Wait for a change set and return its changes."""
    deadline = time.monotonic() + MADE_IN_S
    while True:
        found = cloudformation.describe_change_set(ChangeSetName=name, StackName=stack)
        if found["Status"] in {"CREATE_COMPLETE", "FAILED"}:
            break
        if time.monotonic() > deadline:
            raise PlanFailedError(f"CloudFormation made no plan for {stack} within {MADE_IN_S:.0f} s")
        time.sleep(1.0)
    if found["Status"] == "FAILED":
        reason = str(found.get("StatusReason", ""))
        if any(text in reason for text in _NOTHING):
            return []
        raise PlanFailedError(f"CloudFormation cannot carry this out for {stack}: {reason or 'no reason given'}")
    changes: list[dict[str, Any]] = list(found["Changes"])
    while token := found.get("NextToken"):
        found = cloudformation.describe_change_set(ChangeSetName=name, StackName=stack, NextToken=token)
        changes += found["Changes"]
    return changes


def _change(found: Mapping[str, Any]) -> Change:
    replacement = found.get("Replacement")
    action = {"Add": "add", "Remove": "remove", "Modify": "change"}.get(found["Action"], found["Action"].lower())
    if action == "change" and replacement in {"True", "Conditional"}:
        action = "replace" if replacement == "True" else "may replace"
    targets = (each.get("Target", {}) for each in found.get("Details", ()))
    names = {str(each.get("Name") or each.get("Attribute") or "") for each in targets} - {""}
    return Change(action, found["LogicalResourceId"], found["ResourceType"], tuple(sorted(names)))
