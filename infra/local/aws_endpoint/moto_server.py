"""moto's server, whose CloudFormation rolls back: `python -P moto_server.py -H unix://…`.

moto deletes what an update removes first, stops at the first resource that fails, and leaves the stack as it is then;
a resource that was removed once is never made again. Here, as on AWS, an update makes and changes resources, then
deletes those that are gone; if one fails, what was made is deleted and what was changed gets its former properties.
"""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from moto.cloudformation import models, parsing
from moto.cloudformation.exceptions import ValidationError
from moto.server import main

#: Passes over resources that may depend on each other.
PASSES = 5
Tree = dict[str, Any]


class ResourceFailedError(Exception):
    """Raised when a resource could not be made or changed, and the others are as they were before."""

    def __init__(self, name: str, kind: str, status: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.kind, self.status, self.reason = name, kind, status, reason


def in_passes(names: Iterable[str], work: Callable[[str], object]) -> tuple[str, Exception] | None:
    """Do `work` for each name, again for those that failed; return one that still fails, with its error."""
    left, failure = list(names), None
    for _ in range(PASSES):
        waiting, left, failure = left, [], None
        for name in waiting:
            try:
                work(name)
            except Exception as error:
                left.append(name)
                failure = failure or (name, error)
        if not left:
            return None
    return failure


def update_resources(self: parsing.ResourceMap, template: Tree, parameters: Tree | None = None) -> None:
    """Replace `ResourceMap.update`. Raises ResourceFailedError once everything is as before."""
    changes = self.build_resource_diff(template, parameters)
    former, values = self._template, self.input_parameters
    old, new = self._resource_json_map, template["Resources"]

    def load(tree: Tree, given: Tree | None) -> None:
        self._template, self._resource_json_map = tree, tree["Resources"]
        if given:
            self.input_parameters = given
        self.load_mapping()
        self.load_parameters()
        self.load_conditions()

    def change(name: str) -> None:
        region = {"account_id": self._account_id, "region_name": self._region_name}
        changed = parsing.parse_and_update_resource(name, self._resource_json_map[name], self, **region)
        if changed is not None:
            self._parsed_resources[name] = changed

    def delete(name: str, resources: Tree) -> None:
        if name in self._parsed_resources:
            self._delete_resource(self._parsed_resources[name], resources[name])
            del self._parsed_resources[name]

    try:
        load(template, parameters)
    except Exception:
        load(former, values)
        raise
    failed = in_passes(changes["Add"], self.__getitem__)
    status = "CREATE_FAILED"
    if failed is None:
        failed, status = in_passes(changes["Modify"], change), "UPDATE_FAILED"
    if failed is None:
        in_passes(changes["Remove"], lambda name: delete(name, old))
        return
    load(former, values)
    in_passes(changes["Modify"], change)
    in_passes(changes["Add"][::-1], lambda name: delete(name, new))
    name, error = failed
    raise ResourceFailedError(name, new[name]["Type"], status, str(error) or type(error).__name__)


def update_stack(self: models.Stack, template: str, *arguments: Any, **options: Any) -> None:
    """Wrap `Stack.update`."""
    if not self.parse_template(template).get("Resources"):
        raise ValidationError(message="At least one Resources member must be defined.")
    former = self.template
    try:
        _update_stack(self, template, *arguments, **options)
    except Exception as error:
        self.template = former
        self._parse_template()
        self.output_map = self._create_output_map()
        if not isinstance(error, ResourceFailedError):
            raise
        report(self, error, "UPDATE_ROLLBACK")


def create_resources(self: models.Stack) -> None:
    """Wrap `Stack.create_resources`."""
    try:
        _create_resources(self)
    except Exception as error:
        resources = self.resource_map
        declared, made = resources._resource_json_map, resources._parsed_resources
        order = resources._ResourceMap__get_resources_in_dependency_order()  # type: ignore[attr-defined]
        name = next((each for each in order if each not in made), self.name)
        mine = [each for each in made if each in declared]
        in_passes(mine[::-1], lambda each: resources._delete_resource(made[each], declared[each]))
        kind = declared.get(name, {}).get("Type", "")
        for each in mine:
            del made[each]
        resources._resource_json_map = {}
        self.output_map = parsing.OutputMap(resources, {"Outputs": {}}, self.stack_id)
        report(self, ResourceFailedError(name, kind, "CREATE_FAILED", str(error) or type(error).__name__), "ROLLBACK")


def report(stack: models.Stack, failed: ResourceFailedError, word: str) -> None:
    """Add the events of a rollback, and set the state of the stack."""
    stack.events.append(
        models.Event(
            stack_id=stack.stack_id, stack_name=stack.name, logical_resource_id=failed.name, physical_resource_id="",
            resource_type=failed.kind, resource_status=failed.status, resource_status_reason=failed.reason,
            resource_properties=None,
        )
    )  # fmt: skip
    reason = f"The following resource(s) failed: [{failed.name}]."
    stack._add_stack_event(f"{word}_IN_PROGRESS", resource_status_reason=reason)
    stack._add_stack_event(f"{word}_COMPLETE")
    stack.status = f"{word}_COMPLETE"


_update_stack, _create_resources = models.Stack.update, models.Stack.create_resources

if __name__ == "__main__":
    for owner, name, own in (
        (parsing.ResourceMap, "update", update_resources),
        (models.Stack, "update", update_stack),
        (models.Stack, "create_resources", create_resources),
    ):
        setattr(owner, name, own)
    main(sys.argv[1:])
