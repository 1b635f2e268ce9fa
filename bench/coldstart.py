"""Cold starts of the packaged functions: `python -m bench.coldstart`. From the start of the process to its first poll.

Each zip is unpacked and started by the real `awslambdaric` on Python 3.13, whose INIT phase this is. As on Lambda,
where the code is read-only, nothing that Python compiles is kept. A start is one thread's work, so its processor time
is what it takes on a machine that has nothing else to do; a handler that imports nothing shows the runtime's own part.
"""

import resource
import statistics
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "infra" / "localstack" / "plugin"))

from queuecraft_executor.sandbox import Code, Sandbox  # type: ignore[import-not-found]

from bench import _results
from infra.aws import package
from infra.localstack.host import install_runtime
from infra.localstack.python import NoPythonError

ROOT = Path(__file__).resolve().parents[1]
RUNS = 11
#: Of the address space; more than any function uses, so that it does not matter.
MEMORY_MB = 1_024
#: handler and goal in milliseconds, by zip
FUNCTIONS = {
    "api.zip": ("app.app", 350),
    "worker.zip": ("worker_fn.handler.handle", 250),
    "websocket.zip": ("websocket_fn.handler.handle", 250),
}
CHILD = ROOT / "infra" / "local" / "lambda_" / "child.py"


def main() -> None:
    """Measure and print."""
    try:
        python = install_runtime(ROOT / ".queuecraft" / "localstack")
    except NoPythonError as error:
        print(f"Skipped: {error}")
        return
    with tempfile.TemporaryDirectory(prefix="queuecraft-coldstart-") as folder:
        package.build(ROOT, Path(folder) / "aws")
        found: dict[str, Any] = {}
        for name, (handler, goal_ms) in FUNCTIONS.items():
            root = Path(folder) / name.removesuffix(".zip")
            with zipfile.ZipFile(Path(folder) / "aws" / name) as archive:
                archive.extractall(root)
            starts = [start_ms(python, root, handler, Path(folder)) for _ in range(RUNS)]
            found[name.removesuffix(".zip")] = show(name, starts, f"; goal {goal_ms}")
        (Path(folder) / "nothing.py").write_text("def handle(event, context): return None\n")
        starts = [start_ms(python, Path(folder), "nothing.handle", Path(folder)) for _ in range(RUNS)]
        found["runtime"] = show("the runtime", starts, "")
    print(f"Saved {_results.save('coldstart', {'functions': found})}")


def show(name: str, starts: list[tuple[float, float]], goal: str) -> dict[str, Any]:
    """Print medians and extremes of (time, processor time); return them for the results."""
    times, cpu = (sorted(column) for column in zip(*starts, strict=True))
    print(
        f"{name:<14} INIT {statistics.median(times):6.0f} ms (min {times[0]:.0f}, max {times[-1]:.0f}{goal}), "
        f"processor {statistics.median(cpu):6.0f} ms (min {cpu[0]:.0f}, max {cpu[-1]:.0f})"
    )
    return {"init_ms": _results.spread(times, 0), "processor_ms": _results.spread(cpu, 0)}


def start_ms(python: str, root: Path, handler: str, folder: Path) -> tuple[float, float]:
    """Return the milliseconds of one cold start, and its processor time."""
    code = Code(python=python, child=CHILD, task_root=root, handler=handler, timeout_s=60, memory_mb=MEMORY_MB)
    environment = {
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_REGION": "us-east-1",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "MONGODB_URI": "mongodb://127.0.0.1:9",
        "REDIS_URL": "redis://127.0.0.1:9",
        "SECRET_KEY": "0123456789" * 4,
        "STAGE": "bench",
        "FRONTEND_URL": package.ORIGIN,
    }
    sandbox = Sandbox(code, environment, folder / "output.log")
    used_ms, begun = processor_ms(), time.perf_counter()
    sandbox.start(60)
    elapsed_ms = (time.perf_counter() - begun) * 1000
    sandbox.stop()
    return elapsed_ms, processor_ms() - used_ms


def processor_ms() -> float:
    """Return the processor time of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1000


if __name__ == "__main__":
    main()
