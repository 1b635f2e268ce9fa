"""LocalStack's interface to a sandbox."""

import json
import os
from pathlib import Path

from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from queuecraft_executor.sandbox import Code, Sandbox, StartFailedError

LOCAL = "127.0.0.1"
#: the first code of the process, shared with the local AWS
CHILD = Path(__file__).parents[3] / "local" / "lambda_" / "child.py"
START_TIMEOUT_S = 60.0
#: interpreters by Lambda runtime, as JSON
PYTHONS = "QUEUECRAFT_PYTHONS"
#: folder of the functions' logs
LOGS = "QUEUECRAFT_LOGS"


class ProcessExecutor(RuntimeExecutor):
    """Runs one function version in a process."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id=id, function_version=function_version)
        self._sandbox: Sandbox | None = None

    def start(self, env_vars: dict[str, str]) -> None:
        """Start the process with this environment."""
        config, name = self.function_version.config, self.function_version.id.function_name
        pythons: dict[str, str] = json.loads(os.environ[PYTHONS])
        if config.runtime not in pythons:
            raise RuntimeError(f"{name}: no interpreter for {config.runtime}; there are {', '.join(sorted(pythons))}")
        code = Code(
            python=pythons[config.runtime],
            child=CHILD,
            task_root=Path(config.code.get_unzipped_code_location()),
            handler=config.handler,
            timeout_s=float(config.timeout),
            memory_mb=int(config.memory_size),
        )
        log = Path(os.environ[LOGS]) / f"{name}.log"
        self._sandbox = Sandbox(code, {key: str(value) for key, value in env_vars.items()}, log)
        try:
            self._sandbox.start(START_TIMEOUT_S)
        except StartFailedError as error:
            raise StatusErrorException("The handler could not be loaded", payload=error.payload) from error

    def stop(self) -> None:
        """End the process."""
        if self._sandbox is not None:
            self._sandbox.stop()

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Run one event; return its result."""
        assert self._sandbox is not None  # noqa: S101 - LocalStack starts before it invokes
        outcome, logs = self._sandbox.invoke(
            payload["invoke-id"], payload["invoked-function-arn"], payload["trace-id"], payload["payload"].encode()
        )
        return InvocationResult(payload["invoke-id"], outcome.payload, is_error=outcome.is_error, logs=logs)

    def get_address(self) -> str:
        """Return where the function runs."""
        return LOCAL

    def get_endpoint_from_executor(self) -> str:
        """Return the address of LocalStack for functions."""
        return LOCAL

    def get_runtime_endpoint(self) -> str:
        """Return nothing: only the executor with Docker has a runtime that calls back."""
        return ""

    def get_logs(self) -> str:
        """Return nothing: logs are part of each event's result."""
        return ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Unpack the code."""
        if function_version.config.code:
            function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Delete the unpacked code."""
        if function_version.config.code:
            function_version.config.code.destroy_cached()
