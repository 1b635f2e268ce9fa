"""Load the worker's tasks as a deployment would, in a process that they may end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.deployed import project as projects
from infra.local.deployed.ask import ask
from infra.local.deployed.model import DeploymentError
from infra.local.deployed.pools import Pools
from infra.local.deployed.pools import read as read_pools

BOOTSTRAP = Path(__file__).parents[1] / "bootstrap.py"
#: the longest silence: a module whose import the time limit cannot interrupt, or the databases
SILENCE_S = 30.0
#: each module that ends the process costs another start of it
MAX_FATAL = 20


class BootstrapFailedError(Exception):
    """Raised when the worker cannot be prepared; the text says why."""


@dataclass(slots=True)
class Prepared:
    """The result of the preparation."""

    #: reasons, by module of tasks that was not loaded
    failed: dict[str, str] = field(default_factory=dict)
    #: why submissions are not checked, by task
    warnings: dict[str, str] = field(default_factory=dict)
    #: modules that end or block a process that imports them: workers must not import them
    left_out: list[str] = field(default_factory=list)
    #: tasks that their pool's time limit cuts short, one line each
    cut_short: list[str] = field(default_factory=list)
    #: e-mail and password, if it was created now
    operator: dict[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """Return which modules' tasks are missing and why, one line each."""
        return [f"tasks of {module} are missing: {reason}" for module, reason in sorted(self.failed.items())]

    @property
    def warned(self) -> list[str]:
        """Return the warnings for authors of tasks, one line each."""
        return [
            f"payloads of the task {task} are checked by the worker only, because its schema cannot be used: {reason}"
            for task, reason in sorted(self.warnings.items())
        ]


async def prepare(project: Path, variables: Mapping[str, str], what: str, silence_s: float = SILENCE_S) -> Prepared:
    """Load the tasks (`check`), and prepare the databases too (`all`). Raises BootstrapFailedError.

    A module that ends the process is identified as the last that it began to import; it is left out the next time.
    """
    try:
        pools = read_pools(project)
        variables = {**projects.of(project).here(variables), "POOLS": pools.variable}
    except DeploymentError as error:
        raise BootstrapFailedError(str(error)) from error
    fatal: dict[str, str] = {}
    for _ in range(MAX_FATAL):
        answer = await ask(
            BOOTSTRAP, *(str(project), what, ",".join(fatal)), cwd=project, env=variables, silence_s=silence_s,
            enough="failed",
        )  # fmt: skip
        last = answer.lines[-1] if answer.lines else {}
        if "failed" in last:
            return _prepared(last, fatal, pools)
        if not last.get("module"):
            raise BootstrapFailedError(f"{answer.how}\n{answer.printed}".rstrip())
        fatal[last["module"]] = f"while it was imported, {answer.how}"
    raise BootstrapFailedError(f"more than {MAX_FATAL} task modules end the process: {', '.join(fatal)}")


def _prepared(last: Mapping[str, Any], fatal: Mapping[str, str], pools: Pools) -> Prepared:
    return Prepared(
        failed={**last["failed"], **fatal},
        warnings=last["warnings"],
        left_out=sorted({*fatal, *last.get("slow", ())}),
        cut_short=pools.too_long(last["limits"]),
        operator=last["operator"] or {},
    )
