"""Task modules and apps that fail at import in the worst ways: only they are missing, and the stack continues."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import children
from infra.local.deployed.ask import ask
from infra.local.deployed.tasks import BootstrapFailedError, prepare
from infra.local.testing import LocalStack
from tests.e2e.clients import Api, project_with
from tests.support import wait_until

TASK = '''
import os, sys
from worker_fn import task

os.system("echo hi")
os.write(1, b"raw")

@task("noisy", queue="work")
def noisy(ctx, payload):
    """Prints while it is imported."""
    return {"ran": True}
'''
WORST = {
    "leaves.py": "import sys\nsys.exit()\n",
    "ends.py": "import os\nos._exit(0)\n",
    "crashes.py": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n",
}


def write(project: Path, **files: str) -> None:
    for name, text in files.items():
        (project / "worker_fn" / "tasks" / name).write_text(text)


def test_modules_that_end_the_process_are_found_and_left_out(tmp_path: Path) -> None:
    project = project_with(tmp_path, TASK)
    write(project, **WORST)
    prepared = asyncio.run(prepare(project, {"PATH": os.environ["PATH"]}, "check"))
    assert prepared.failed == {
        "worker_fn.tasks.leaves": "SystemExit (line 2 of worker_fn/tasks/leaves.py)",
        "worker_fn.tasks.ends": "while it was imported, it ended the process (status 0)",
        "worker_fn.tasks.crashes": "while it was imported, it ended the process (SIGSEGV)",
    }
    assert prepared.left_out == ["worker_fn.tasks.crashes", "worker_fn.tasks.ends"]


def test_a_script_that_no_signal_interrupts_is_not_waited_for(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, set(range(1, 32)))\ntime.sleep(3600)"
    )
    answer = asyncio.run(ask(script, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, silence_s=0.5))
    assert (answer.status, answer.how) == (None, "it took too long")


def test_a_worker_that_cannot_be_imported_at_all_is_reported_with_its_traceback(tmp_path: Path) -> None:
    project = project_with(tmp_path, "")
    (project / "worker_fn" / "handler.py").write_text("import nothing_of_that_name\n")
    with pytest.raises(BootstrapFailedError, match="nothing_of_that_name"):
        asyncio.run(prepare(project, {"PATH": os.environ["PATH"]}, "check"))


def test_what_a_script_leaves_running_is_ended_with_it(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import os, subprocess, sys\n"
        "child = subprocess.Popen(['sleep', '3600'])\n"
        'os.write(int(sys.argv[-1]), b\'{"pid": %d}\\n{"cut\' % child.pid)\n'
        "print('x' * 100_000, flush=True)\n"
    )
    answer = asyncio.run(ask(script, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, silence_s=20))
    assert answer.status == 0
    assert len(answer.printed) < 20_000
    assert wait_until(lambda: not children.is_alive(answer.lines[0]["pid"]))


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[LocalStack]:
    project = project_with(tmp_path / "project", TASK)
    running = LocalStack(project=project, home=tmp_path / "home", reload=True)
    yield running
    if running.is_running:
        running.stop()


@pytest.mark.e2e
def test_the_stack_starts_and_reloads_whatever_modules_do(stack: LocalStack) -> None:
    ends = stack.project / "worker_fn" / "tasks" / "ends.py"
    write(stack.project, **{"leaves.py": WORST["leaves.py"], ends.name: WORST["ends.py"]})
    stack.start(60)
    assert "tasks of worker_fn.tasks.leaves are missing: SystemExit" in stack.output
    assert "tasks of worker_fn.tasks.ends are missing: while it was imported" in stack.output
    api = Api.signed_up(stack)
    job = api.create(task="noisy")
    assert wait_until(lambda: api.job(job["_id"])["status"] == "completed", 20), stack.output[-3000:]

    def saved(path: str, text: str, expected: str) -> None:
        seen = stack.output.count(expected)
        (stack.project / path).write_text(text)
        assert wait_until(lambda: stack.output.count(expected) > seen, 30), stack.output[-3000:]

    app = (stack.project / "app.py").read_text()
    kept = "the last good version keeps running"
    ends.unlink()
    saved("app.py", app + "\nimport sys\nsys.exit()\n", kept)
    assert "app.py cannot be imported: it ended the process (status 0)" in stack.output
    write(stack.project, **{"added.py": "import os\nos.write(1, b'{')\nraise SystemExit(1)\n"})
    route = "\n@app.route('/mine')\ndef mine():\n    return {'mine': True}\n"
    saved("app.py", app + "\nimport os\nos.system('echo hi')\n" + route, "the new version runs")
    assert api.call("GET", "/mine") == (200, {"mine": True})
    assert "tasks of worker_fn.tasks.added are missing: SystemExit: 1" in stack.output
    names = {task["name"] for task in api.call("GET", "/tasks")[1]["tasks"]}
    assert "noisy" in names, "its module failed to load, so jobs may still come back"
    write(stack.project, **{"added.py": TASK.replace('"noisy"', '"renamed"')})
    assert wait_until(lambda: "renamed" in str(api.call("GET", "/tasks")[1]), 30), stack.output[-3000:]
    assert wait_until(lambda: "noisy" not in str(api.call("GET", "/tasks")[1]), 30)
