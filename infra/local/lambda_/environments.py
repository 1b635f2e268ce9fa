"""A function's environments: warm ones are reused, last in first out; new ones start when all are busy."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

from infra.local.lambda_.environment import Environment, State, error_message
from infra.local.lambda_.model import FunctionSpec, Invocation, Outcome
from infra.local.logs import ServiceLog

#: Time that an event waits for a busy environment before another is started: on few cores, short events end
#: sooner than a new process starts.
PATIENCE_S = 0.01
IDLE_S = 300.0
GRACE_S = 3.0


class Environments:
    """Runs the events of one function, each in an environment that has no other event at that time."""

    def __init__(self, spec: FunctionSpec, log: ServiceLog, on_change: Callable[[], None]) -> None:
        self.spec = spec
        self._log = log
        self._on_change = on_change
        self._environments: set[Environment] = set()
        self._idle: list[Environment] = []
        self._waiting: deque[Invocation] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self._is_broken = False

    @property
    def pids(self) -> list[int]:
        """Process ids of the environments, oldest first."""
        return sorted(environment.pid for environment in self._environments if environment.pid)

    @property
    def is_warm(self) -> bool:
        """Whether as many environments wait as the function keeps warm, or it cannot start at all."""
        return len(self._idle) >= self.spec.warm or self._is_broken

    @property
    def is_full(self) -> bool:
        """Whether the function has reached its limit of running and waiting events."""
        busy = sum(environment.state is State.BUSY for environment in self._environments)
        return busy + len(self._waiting) >= self.spec.concurrency

    def submit(self, invocation: Invocation) -> None:
        """Run the event as soon as an environment is free; its future gets the outcome."""
        if self._idle:
            self._idle.pop().invoke(invocation)
            return
        self._waiting.append(invocation)
        if not self._environments:
            self._start_one()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PATIENCE_S, self._grow)

    def withdraw(self, invocation: Invocation) -> bool:
        """Cancel an event that no environment has taken yet; return False when one has."""
        try:
            self._waiting.remove(invocation)
        except ValueError:
            return False
        return True

    def warm_up(self) -> None:
        """Start environments until as many exist as the function keeps warm; at least one if events wait."""
        fresh = sum(not environment.stale for environment in self._environments)
        wanted = max(self.spec.warm, 1 if self._waiting else 0)
        room = self.spec.concurrency - len(self._environments)
        for _ in range(min(wanted - fresh, room)):
            self._start_one()

    def replace(self, spec: FunctionSpec) -> None:
        """Set new code or configuration: running events end on the old, all others get the new."""
        self.spec = spec
        self._idle.clear()
        for environment in list(self._environments):
            environment.retire()
        self._is_broken = False
        self.warm_up()

    def tend(self) -> None:
        """Check memory, and end environments that have been idle for long. Called a few times a second."""
        for environment in list(self._environments):
            if environment.state is State.BUSY:
                environment.watch_memory()
        now = time.monotonic()
        while len(self._environments) > self.spec.warm and self._idle and now - self._idle[0].idle_since > IDLE_S:
            self._idle.pop(0).hang_up()

    async def close(self) -> None:
        """End all environments; events get a few seconds if their function handles SIGTERM, else none."""
        self._closing = True
        if self._timer is not None:
            self._timer.cancel()
        for invocation in self._waiting:
            invocation.finish(Outcome.failure("ServiceException", "The local AWS is shutting down"))
        self._waiting.clear()
        for environment in list(self._environments):
            environment.retire(at_once=True)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE_S)
        for environment in list(self._environments):
            environment.kill()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE_S)

    # Callbacks of the environments

    def started(self) -> None:
        """Add the process to `run.json`."""
        self._on_change()

    def became_idle(self, environment: Environment) -> None:
        """Give it the oldest waiting event, or keep it warm."""
        self._is_broken = False
        if environment.stale or self._closing:
            environment.hang_up()
            return
        while self._waiting:
            invocation = self._waiting.popleft()
            if not invocation.done.done():
                environment.invoke(invocation)
                return
        self._idle.append(environment)

    def init_failed(self, environment: Environment, outcome: Outcome) -> None:
        """End the event that waited for it with the error, as on AWS."""
        self._is_broken = True
        self._log.note(f"cannot start {self.spec.handler}: {error_message(outcome)}")
        if self._waiting:
            self._waiting.popleft().finish(outcome)

    def ended(self, environment: Environment) -> None:
        """Remove it; waiting events get another environment."""
        self._environments.discard(environment)
        if environment in self._idle:
            self._idle.remove(environment)
        if self._closing:
            return
        if self._waiting and self._starting() == 0:
            self._grow()
        elif not self._is_broken:
            self.warm_up()
        self._on_change()

    def _grow(self) -> None:
        """Start one more environment if events wait for which none is starting."""
        self._timer = None
        if not self._waiting:
            return
        if len(self._environments) < self.spec.concurrency and self._starting() < len(self._waiting):
            self._start_one()
        if len(self._environments) < self.spec.concurrency:
            self._timer = asyncio.get_running_loop().call_later(PATIENCE_S, self._grow)

    def _starting(self) -> int:
        return sum(environment.state is State.STARTING for environment in self._environments)

    def _start_one(self) -> None:
        environment = Environment(self.spec, self, self._log)
        self._environments.add(environment)
        task = asyncio.create_task(environment.run(), name=f"{self.spec.name} environment")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
