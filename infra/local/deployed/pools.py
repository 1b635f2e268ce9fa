"""The list of pools, `.chalice/pools.json`: worker functions with their own limits, modules and permissions.

It is read for AWS, for LocalStack and here. Without the file there is one pool, `default`. A project of its own has the
list in its `queuecraft.toml`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from chalicelib.domain.pools import DEFAULT_POOL, MAX_POOL_CHARS, POOL_PATTERN, pool_of
from infra.local.deployed import project, project_file
from infra.local.deployed.model import DeploymentError

FILE = Path(".chalice/pools.json")
OWN_FILE = f"{project_file.FILE}, pools"
#: Time of an invocation that no attempt gets: a worker starts, and hands over.
MARGIN_S = 60
Name = Annotated[str, StringConstraints(pattern=POOL_PATTERN, max_length=MAX_POOL_CHARS)]
Module = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", max_length=200)]
Distribution = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]
Policy = Annotated[str, StringConstraints(pattern=r"^arn:\S+:policy/\S+$", max_length=300)]


class PoolsError(DeploymentError):
    """Raised when the list of pools is wrong; the text names every field at fault."""


class Pool(BaseModel):
    """One worker function. What `default` leaves out is a parameter of the template, as `WorkerMemory`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    memory_mb: int | None = Field(default=None, ge=256, le=10_240)
    #: Time limit of an invocation; a job may take `MARGIN_S` less.
    timeout_s: int = Field(default=900, ge=120, le=900)
    #: Size of `/tmp`.
    storage_mb: int = Field(default=512, ge=512, le=10_240)
    #: Jobs that one worker runs at the same time, and all workers of the pool.
    concurrency: int | None = Field(default=None, ge=1, le=1_000)
    fleet: int | None = Field(default=None, ge=1, le=100_000)
    #: That of the package if left out.
    architecture: Literal["x86_64", "arm64"] | None = None
    #: Task modules below the package of tasks; a package stands for all that it holds.
    modules: Annotated[list[Module], Field(max_length=100)] = []
    #: Distributions that this pool's zip gets although nothing imports them by name.
    requirements: Annotated[list[Distribution], Field(max_length=100)] = []
    #: ARNs of managed policies; `${AWS::AccountId}` and the like are filled in.
    policies: Annotated[list[Policy], Field(max_length=9)] = []
    environment: dict[project_file.Variable, str] = Field(default={}, max_length=50)


class _OtherPool(Pool):
    """A pool besides `default`: it has no parameters."""

    memory_mb: int = Field(default=512, ge=256, le=10_240)
    concurrency: int = Field(default=5, ge=1, le=1_000)
    fleet: int = Field(default=10, ge=1, le=100_000)
    modules: Annotated[list[Module], Field(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True)
class Pools:
    """All pools of a project."""

    default: Pool = field(default_factory=Pool)
    #: By name, in the order of the list.
    others: Mapping[str, Pool] = field(default_factory=dict)
    #: Where they are listed.
    file: str = str(FILE)
    #: The package of tasks.
    tasks: str = project.TASKS

    @property
    def modules(self) -> dict[str, list[str]]:
        """The task modules of each pool besides `default`."""
        return {name: pool.modules for name, pool in self.others.items()}

    @property
    def variable(self) -> str:
        """`modules` as functions read them, in `POOLS`."""
        return json.dumps(self.modules, separators=(",", ":"))

    def get(self, name: str) -> Pool:
        """Return a pool by its name. Raises KeyError."""
        return self.default if name == DEFAULT_POOL else self.others[name]

    def names(self) -> list[str]:
        """Return the names of all pools, `default` first."""
        return [DEFAULT_POOL, *self.others]

    def on(self, architecture: str) -> "Pools":
        """Return the same pools, all with one architecture."""
        changed = {"architecture": architecture}
        others = {name: pool.model_copy(update=changed) for name, pool in self.others.items()}
        return replace(self, default=self.default.model_copy(update=changed), others=others)

    def too_long(self, time_limits: Mapping[str, tuple[str, float]]) -> list[str]:
        """Return the tasks (pool and time limit in seconds, by name) that their pool's time limit cuts short."""
        return [
            f"the task {task} has timeout_s={limit_s:g}, but a job may take {room_s} s in the pool {pool}: "
            f"raise its timeout_s in {self.file}, or lower the task's"
            for task, (pool, limit_s) in sorted(time_limits.items())
            if limit_s > (room_s := self.get(pool).timeout_s - MARGIN_S)
        ]


def read(root: Path) -> Pools:
    """Return the pools of a project. Raises PoolsError, which names every field at fault, and ProjectError."""
    of = project.of(root)
    if of.file is not None:
        pools = replace(_checked(of.file.pools, OWN_FILE), tasks=of.tasks)
    elif (path := root / FILE).exists():
        try:
            tree = json.loads(path.read_text(), object_pairs_hook=_without_repetition)
        except ValueError as error:
            raise PoolsError(f"{FILE}: {error}") from error
        pools = _checked(tree, str(FILE))
    else:
        return Pools()
    if problems := [*_consistent(pools), *_missing(root, pools)]:
        raise _refused(problems, pools.file)
    return pools


def _checked(tree: Any, file: str) -> Pools:
    if not isinstance(tree, dict):
        raise PoolsError(f"{file} must be an object with a pool for each name")
    found: dict[str, Pool] = {}
    problems: list[str] = []
    for name, entry in tree.items():
        kind = Pool if name == DEFAULT_POOL else _OtherPool
        try:
            TypeAdapter(Name).validate_python(name)
            found[name] = kind.model_validate(entry)
        except ValidationError as error:
            problems += [_shown(name, each, kind) for each in error.errors()]
    if problems:
        raise _refused(problems, file)
    return Pools(found.pop(DEFAULT_POOL, Pool()), found, file)


def _consistent(pools: Pools) -> Iterator[str]:
    default = pools.default
    if default.modules:
        yield f"{DEFAULT_POOL}.modules: {DEFAULT_POOL} has the modules that no other pool names; leave it out"
    if (default.concurrency is None) != (default.fleet is None):
        yield f"{DEFAULT_POOL}.concurrency and {DEFAULT_POOL}.fleet go together: give both or none"
    for name in pools.names():
        pool = pools.get(name)
        if pool.concurrency is not None and pool.fleet is not None and pool.fleet < pool.concurrency:
            yield f"{name}.fleet: the slots of all workers are at least those of one ({pool.concurrency})"
        for variable in pool.environment:
            if variable in project_file.RESERVED or variable.startswith(("AWS_", "LAMBDA_")):
                yield f"{name}.environment.{variable}: the deployment or Lambda sets this variable"
    for one, other in combinations(pools.others, 2):
        if logical_id(one) == logical_id(other):
            yield f"{other}: its function cannot be told apart from that of {one}; choose another name"
    yield from _contested(pools)


def _contested(pools: Pools) -> Iterator[str]:
    """Yield modules that two pools name, or that are in a package which another names."""
    for one, other in combinations(pools.others, 2):
        for module in pools.others[one].modules:
            for same in pools.others[other].modules:
                if f"{module}.".startswith(f"{same}.") or f"{same}.".startswith(f"{module}."):
                    yield f"{other}.modules: {same} belongs to the pool {one}, which names {module}"


def _missing(root: Path, pools: Pools) -> Iterator[str]:
    """Yield modules that do not exist."""
    for name, pool in pools.others.items():
        for module in pool.modules:
            path = f"{pools.tasks}.{module}".replace(".", "/")
            if not (root / path).is_dir() and not (root / f"{path}.py").is_file():
                yield f"{name}.modules: there is no {path}.py"


def logical_id(pool: str, of: str = "Worker") -> str:
    """Return the logical id of a pool's resource: `HeavyWorkerRole` for `WorkerRole`; that of `default` is `of`."""
    return of if pool == DEFAULT_POOL else "".join(part.capitalize() for part in pool.split("-")) + of


def function_name(stack: str, pool: str) -> str:
    """Return the name of a pool's function in a stack."""
    return f"{stack}-worker" if pool == DEFAULT_POOL else f"{stack}-worker-{pool}"


def tasks_of_others(pool: str, worker_modules: Sequence[str], pools: Pools) -> list[str]:
    """Return those modules of the worker's package that are task modules of other pools than this one."""
    prefix = f"{pools.tasks}."
    return [
        module
        for module in worker_modules
        if module.startswith(prefix) and pool_of(module.removeprefix(prefix), pools.modules) != pool
    ]


def _shown(name: str, error: Any, kind: type[Pool]) -> str:
    path = ".".join(str(part) for part in (name, *error["loc"]) if part != "[key]")
    given = "" if error["type"] in {"missing", "extra_forbidden"} else f", not {_short(error['input'])}"
    allowed = f"; allowed are {', '.join(sorted(kind.model_fields))}" if error["type"] == "extra_forbidden" else ""
    return f"{path}: {error['msg']}{given}{allowed}"


def _short(value: Any) -> str:
    return json.dumps(value, default=str)[:100]


def _refused(problems: Sequence[str], file: str) -> PoolsError:
    return PoolsError(f"{file} is wrong:\n" + "\n".join(f"- {each}" for each in problems))


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) < len(pairs):
        twice = sorted({key for key, _ in pairs if [each for each, _ in pairs].count(key) > 1})
        raise ValueError(f"{', '.join(twice)} is given twice")
    return tree
