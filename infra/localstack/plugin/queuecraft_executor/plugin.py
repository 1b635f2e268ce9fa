"""The plugin that LocalStack finds by the entry point. Importing it is cheap."""

from typing import Any

from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    """`LAMBDA_RUNTIME_EXECUTOR=process`."""

    name = "process"

    def load(self, *args: Any, **kwargs: Any) -> Any:
        """Return the executor's class."""
        from queuecraft_executor.executor import ProcessExecutor  # noqa: PLC0415 - only where functions run

        return ProcessExecutor
