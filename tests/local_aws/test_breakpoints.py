"""`breakpoint()` in a function, and `make debug`."""

import asyncio
import io
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from infra.local.attach import attach, waiting
from infra.local.lambda_ import breakpoints
from tests.local_aws.conftest import Bench, eventually, type_of_run
from tests.support import wait_until

pytestmark = pytest.mark.integration


def commands(*lines: str) -> io.TextIOWrapper:
    """A terminal in which these lines are typed, and which stays open."""
    read, write = os.pipe()
    os.write(write, "".join(f"{line}\n" for line in lines).encode())
    return os.fdopen(read)


def test_a_breakpoint_is_debugged_from_another_terminal_and_the_function_goes_on(
    run: type_of_run, tmp_path: Path
) -> None:
    async def test(bench: Bench) -> None:
        function = bench.function(timeout_s=1, handler="jobs.stop")
        bench.service.deploy(
            [replace(function, environment={**function.environment, "BREAKPOINTS": str(tmp_path / "b")})]
        )
        running = asyncio.create_task(bench.call({"number": 1}))
        await eventually(lambda: bool(waiting(tmp_path / "b")))
        await asyncio.sleep(1.2)  # longer than its time limit, which does not hold for a debugged function
        (socket,) = waiting(tmp_path / "b")
        assert socket.parent.stat().st_mode & 0o777 == 0o700
        output = io.StringIO()
        typed = commands("p number + 41", "number = 3", "n", "c")
        await asyncio.to_thread(attach, tmp_path / "b", source=typed, output=output)
        assert await running == 3
        assert "(Pdb) 42\n" in output.getvalue()
        assert output.getvalue().endswith("The function goes on.\n")
        assert waiting(tmp_path / "b") == []
        assert not socket.parent.exists()
        assert "breakpoint: waits for `make debug` in another terminal" in bench.log()

    run(test)


def test_a_breakpoint_that_nobody_attaches_to_lets_the_function_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(breakpoints, "WAIT_S", 0.05)
    monkeypatch.setattr("sys.breakpointhook", None)
    breakpoints.install(str(tmp_path))
    breakpoint()
    assert "nobody came within 0.05 s" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_command_waits_for_a_breakpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.breakpointhook", None)
    breakpoints.install(str(tmp_path / "b"))
    output, seen = io.StringIO(), []

    def function() -> None:
        number = 1
        breakpoint()
        seen.append(number)

    attaching = threading.Thread(
        target=attach, args=(tmp_path / "b",), kwargs={"source": commands("number = 5", "c"), "output": output}
    )
    attaching.start()
    wait_until(output.getvalue, 20, "the command waits")
    function()
    attaching.join(20)
    assert not attaching.is_alive()
    assert output.getvalue().startswith("No function waits at a breakpoint() yet")
    assert seen == [5]
