"""`queuecraft.toml`: what a project of its own configures. Every wrong key is named, with those that are allowed."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from infra.local.deployed.model import DeploymentError

FILE = "queuecraft.toml"
#: Values of secrets on this machine. Not for a repository.
SECRETS_FILE = ".secrets.toml"
#: Variables that the deployment sets.
RESERVED = frozenset(
    {
        "CONNECTION_MANAGER_FUNCTION", "EDGE_SECRET", "JOB_CONCURRENCY", "JOB_FLEET_CONCURRENCY", "MONGODB_URI", "POOL",
        "POOLS", "POOL_FLEET", "REDIS_URL", "SCRAPE_TOKEN", "SECRETS_PATH", "SECRET_KEY", "SECRET_KEY_PREVIOUS",
        "STACK_NAME", "STAGE", "TASK_PACKAGE", "TICKER_FUNCTION", "WORKER_FUNCTION",
    }
)  # fmt: skip

Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=100)]
Layer = Annotated[str, StringConstraints(pattern=r"^arn:\S+:layer:\S+:\d+$", max_length=300)]
#: Relative; `read` refuses a way out of the project.
Files = Annotated[str, StringConstraints(pattern=r"^[^/~].*$", max_length=300)]
Parameter = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]*$", max_length=100)]


class ProjectError(DeploymentError):
    """Raised when a file of the project is wrong; the text names the file and each key at fault."""


class ProjectFile(BaseModel):
    """What `queuecraft.toml` has."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    #: Names its stacks: `NAME-local` here, `NAME` when it is deployed.
    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
    #: Variables of all functions.
    environment: dict[Variable, str] = Field(default={}, max_length=50)
    #: Names of secrets, for `queuecraft.secret`.
    secrets: Annotated[list[Variable], Field(max_length=50)] = []
    #: ARNs of layers of the workers.
    layers: Annotated[list[Layer], Field(max_length=5)] = []
    #: Patterns of files that functions need besides their packages.
    files: Annotated[list[Files], Field(max_length=100)] = []
    #: Parameters of the template, as `LogLevel`, for each deployment.
    parameters: dict[Parameter, str | int] = Field(default={}, max_length=60)
    #: Worker functions, see `pools.py`, which checks them.
    pools: dict[str, Any] = {}


def read(root: Path) -> ProjectFile:
    """Return what the file says. Raises ProjectError, which names each key at fault."""
    tree = _toml(root / FILE)
    try:
        found = ProjectFile.model_validate(tree)
    except ValidationError as error:
        raise refused(FILE, [shown(each, ProjectFile) for each in error.errors()]) from None
    for table, names in (("environment", found.environment), ("secrets", found.secrets)):
        for name in names:
            if name in RESERVED or name.startswith(("AWS_", "LAMBDA_")):
                raise refused(FILE, [f"{table}.{name}: the deployment or Lambda sets this variable"])
    for pattern in found.files:
        if ".." in Path(pattern).parts:
            raise refused(FILE, [f"files: {pattern} leaves the folder of the project"])
    return found


def secrets(root: Path, names: list[str]) -> dict[str, str]:
    """Return the values that secrets have on this machine. Raises ProjectError for others than texts, and for names
    that the project does not declare.
    """
    if not (root / SECRETS_FILE).exists():
        return {}
    values = _toml(root / SECRETS_FILE)
    declared = f"it is not among `secrets` in {FILE}, which has: {', '.join(names) or 'none'}"
    problems = [f"{name}: {declared}" for name in values if name not in names]
    problems += [f"{name}: the value must be a text" for name, value in values.items() if not isinstance(value, str)]
    if problems:
        raise refused(SECRETS_FILE, problems)
    return values


def refused(file: str, problems: list[str]) -> ProjectError:
    """Return the error that lists what is wrong in a file."""
    return ProjectError(f"{file} is wrong:\n" + "\n".join(f"- {each}" for each in problems))


def shown(error: Any, model: type[BaseModel]) -> str:
    """Return a line for an error of pydantic: the key, what is wrong, and which keys there are for one that is not."""
    path = ".".join(str(part) for part in error["loc"] if part != "[key]")
    if error["type"] == "extra_forbidden":
        return f"{path}: there is no such key; allowed are {', '.join(sorted(model.model_fields))}"
    given = "" if error["type"] == "missing" else f", not {error['input']!r:.100}"
    return f"{path}: {error['msg']}{given}"


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path.name}: {error}") from None
    except OSError as error:
        raise ProjectError(f"{path.name}: {error.strerror or error}") from None
