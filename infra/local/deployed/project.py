"""Where the parts of a project are: all in one folder (this repository), or in a project of its own.

A project of its own has a `queuecraft.toml`, its tasks in the package `tasks`, and QueueCraft as an installed package.
All that differs between the two is here.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.deployed import project_file
from infra.local.deployed.project_file import ProjectError, ProjectFile

#: The folder of our packages: this repository, or where the distribution is installed.
PACKAGE = Path(__file__).resolve().parents[3]
TEMPLATE = Path("infra/aws/template.yaml")
#: The packages that the distribution installs.
NAMES = ("chalicelib", "infra", "queuecraft", "queuecraft_testing", "websocket_fn", "worker_fn")
#: Packages of tasks.
TASKS, OWN_TASKS = "worker_fn.tasks", "tasks"
#: What the wheel has elsewhere than the repository: path there → path in the wheel.
PACKED = {
    ".chalice": "infra/packed/chalice",
    "frontend/dist": "infra/packed/dashboard",
    "requirements/runtime.in": "infra/packed/runtime.in",
}


@dataclass(frozen=True, slots=True)
class Project:
    """One project."""

    #: The folder of `app.py`.
    root: Path
    #: Its `queuecraft.toml`; None for one that has all of QueueCraft in its folder.
    file: ProjectFile | None = None

    @property
    def code(self) -> tuple[Path, ...]:
        """The folders in which the packages of functions are, in the order of imports."""
        return (self.root,) if self.file is None else (self.root, PACKAGE)

    @property
    def template(self) -> Path:
        """The template of what is deployed besides the Chalice app."""
        return (self.root if self.file is None else PACKAGE) / TEMPLATE

    @property
    def chalice(self) -> Path:
        """The folder with Chalice's configuration and policy."""
        return self.root / ".chalice" if self.file is None else packed(".chalice")

    @property
    def dashboard(self) -> Path:
        """The folder of the built dashboard."""
        return self.root / "frontend/dist" if self.file is None else packed("frontend/dist")

    @property
    def tasks(self) -> str:
        """The package of tasks."""
        return TASKS if self.file is None else OWN_TASKS

    @property
    def stack(self) -> str:
        """The name of its stack when it is deployed."""
        return "queuecraft" if self.file is None else self.file.name

    @property
    def variables(self) -> dict[str, str]:
        """The variables that all of its functions have, here and when deployed."""
        return {} if self.file is None else {**self.file.environment, "TASK_PACKAGE": OWN_TASKS}

    def here(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of functions on this machine: `given` ones over those of the project and its secrets.

        Raises ProjectError.
        """
        if self.file is None:
            return dict(given)
        # from a repository that is not installed, functions import our packages by their path
        path = {"PYTHONPATH": str(PACKAGE)} if (PACKAGE / "pyproject.toml").exists() else {}
        secrets = project_file.secrets(self.root, self.file.secrets)
        return {**secrets, **self.variables, **given, **path, "TASK_PACKAGE": OWN_TASKS}

    def notes(self) -> list[str]:
        """Return what differs here from a deployment, one line each. Raises ProjectError."""
        if self.file is None:
            return []
        known = project_file.secrets(self.root, self.file.secrets)
        notes = [
            f"the secret {name} has no value here: add it to {project_file.SECRETS_FILE}"
            for name in self.file.secrets
            if not known.get(name)
        ]
        if self.file.layers:
            notes.append("layers are not loaded here: what they contain must be installed on this machine")
        return notes

    def extend(self, template: dict[str, Any]) -> dict[str, Any]:
        """Add to the template what `queuecraft.toml` says of all functions; the layers only for a deployment."""
        if self.file is None or not template:
            return template
        function = template["Globals"]["Function"]
        function["Environment"]["Variables"] |= self.variables
        if self.file.layers:
            template["Resources"]["Worker"]["Properties"]["Layers"] = list(self.file.layers)
        for statement in _reading_secrets(template["Resources"]):
            known = statement["Resource"][0]["Fn::Sub"].rpartition("/")[0]
            # a copy: roles share the list
            statement["Resource"] = [
                *statement["Resource"],
                *({"Fn::Sub": f"{known}/{name}"} for name in self.file.secrets),
            ]
        return template

    def requirements(self) -> str:
        """Return the requirements of functions, one a line: QueueCraft's, and those of the project's pyproject.toml."""
        if self.file is None:
            return (self.root / "requirements/runtime.in").read_text()
        try:
            tree = tomllib.loads((self.root / "pyproject.toml").read_text())
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ProjectError(f"pyproject.toml: {error}") from None
        dependencies = tree.get("project", {}).get("dependencies", [])
        # functions get its packages, not the distribution with the tools
        listed = [each for each in dependencies if not re.match(r"queuecraft(?![\w-])", each)]
        return "\n".join([packed("requirements/runtime.in").read_text(), *listed, ""])

    def extra_files(self) -> dict[str, bytes]:
        """Return the files that `queuecraft.toml` names, by their path. Raises ProjectError if a pattern has none."""
        found: dict[str, bytes] = {}
        for pattern in [] if self.file is None else self.file.files:
            matched = [path for path in sorted(self.root.glob(pattern)) if path.is_file()]
            if not matched:
                raise project_file.refused(project_file.FILE, [f"files: no file fits {pattern!r}"])
            found |= {path.relative_to(self.root).as_posix(): path.read_bytes() for path in matched}
        return found

    def command(self, name: str) -> str:
        """Return the command line for `up`, `down` and the like."""
        return f"make {name}" if self.file is None else f"queuecraft {name}"


def of(root: Path) -> Project:
    """Return the project in a folder. Raises ProjectError when its `queuecraft.toml` is wrong."""
    return Project(root, project_file.read(root)) if is_own(root) else Project(root)


def is_own(root: Path) -> bool:
    """Return whether the folder has a project of its own, not all of QueueCraft."""
    return (root / project_file.FILE).is_file()


def packed(path: str) -> Path:
    """Return a path of the repository that an installed distribution has elsewhere."""
    inside = PACKAGE / PACKED[path]
    return inside if inside.exists() else PACKAGE / path


def _reading_secrets(resources: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the statements that allow functions to read secrets, each once."""
    found: dict[int, dict[str, Any]] = {}
    for resource in resources.values():
        for policy in (resource.get("Properties") or {}).get("Policies", []) if _is_role(resource) else []:
            for statement in policy.get("PolicyDocument", {}).get("Statement", []):
                if statement["Action"] == "ssm:GetParameters":
                    found[id(statement)] = statement
    return list(found.values())


def _is_role(resource: Mapping[str, Any]) -> bool:
    return resource.get("Type") == "AWS::IAM::Role"
