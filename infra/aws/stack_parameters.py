"""The parameters that a deployment passes to CloudFormation.

Parameters given in a file or on the command line are set. The others keep their values in the stack, so that a
deployment from CI does not reset what was set by hand.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Values = Mapping[str, str]
#: Reserved concurrencies that follow from other parameters unless set: parameter → those it follows.
DERIVED = {
    "WorkerReservedConcurrency": ("JobFleetConcurrency", "JobConcurrency"),
    "ManagerReservedConcurrency": ("WebsocketShards",),
}


class UnknownParameterError(ValueError):
    """Raised when a deployment names a parameter that the template does not have, or gives no value to one."""


def read(file: Path | None, assignments: list[str]) -> dict[str, str]:
    """Return the parameters of a JSON file, then those given as ``Name=value``."""
    values: dict[str, str] = json.loads(file.read_text()) if file else {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise UnknownParameterError(f"{assignment!r} is not Name=value")
        values[name] = value
    return values


def effective(declared: Mapping[str, Any], given: Values, previous: Values) -> dict[str, str]:
    """Return the value that each declared parameter will have: given, else the stack's own, else the template's
    default.

    Reserved concurrencies are computed if not given and if the parameters that they follow change.
    """
    if unknown := sorted(set(given) - set(declared)):
        raise UnknownParameterError(
            f"The template has no parameter {', '.join(unknown)}. It has: {', '.join(sorted(declared))}"
        )
    defaults = {name: str(parameter["Default"]) for name, parameter in declared.items() if "Default" in parameter}
    kept = {name: value for name, value in previous.items() if name in declared}
    values = defaults | kept | dict(given)
    for name, sources in DERIVED.items():
        if name in declared and name not in given and _changes(name, sources, values, kept):
            values[name] = str(_reserved(name, values))
    return values


def request(declared: Mapping[str, Any], given: Values, previous: Values) -> list[dict[str, Any]]:
    """Return the parameters as CloudFormation takes them.

    Unchanged ones are not sent: secret values are not readable.
    """
    parameters: list[dict[str, Any]] = []
    for name, value in sorted(effective(declared, given, previous).items()):
        if name not in given and previous.get(name) == value:
            parameters.append({"ParameterKey": name, "UsePreviousValue": True})
        else:
            parameters.append({"ParameterKey": name, "ParameterValue": value})
    return parameters


def _changes(name: str, sources: tuple[str, ...], values: Values, kept: Values) -> bool:
    return name not in kept or any(values[source] != kept.get(source, values[source]) for source in sources)


def _reserved(name: str, values: Values) -> int:
    """Return one more than run at a time, for the handover between two."""
    if name == "WorkerReservedConcurrency":
        return math.ceil(int(values["JobFleetConcurrency"]) / int(values["JobConcurrency"])) + 1
    return int(values["WebsocketShards"]) + 1
