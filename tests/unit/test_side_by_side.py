"""Commands that run at the same time: whole outputs in order, and a failure of any is one of all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from infra import side_by_side

ROOT = Path(__file__).resolve().parents[2]
#: Waits for the file that it is given first, then makes the other one.
MEET = """
import pathlib, sys, time
mine, other = map(pathlib.Path, sys.argv[1:])
mine.touch()
while not other.exists():
    time.sleep(0.01)
print("first line of", mine.name, flush=True)
print("second line of", mine.name)
"""


@pytest.fixture
def meeting(tmp_path: Path) -> dict[str, list[str]]:
    """Two commands, each of which ends only while the other runs or has run."""
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    return {"one": [sys.executable, "-c", MEET, a, b], "two": [sys.executable, "-c", MEET, b, a]}


def test_they_run_at_once_and_are_shown_one_after_the_other(
    meeting: dict[str, list[str]], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert side_by_side.run(meeting)
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert lines[:6] == [
        "--- one", "first line of a", "second line of a", "--- two", "first line of b", "second line of b"
    ]  # fmt: skip
    assert [line.partition(" after")[0] for line in lines[6:]] == ["--- one passed", "--- two passed"]
    assert all(line.endswith(" s of processor time") for line in lines[6:])


@pytest.mark.parametrize(("codes", "code"), [((0, 0), 0), ((3, 0), 1), ((0, 3), 1)])
def test_it_fails_if_any_fails_and_all_run_to_their_end(
    codes: tuple[int, int], code: int, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    script = "import sys; print('to the end'); sys.exit({})"
    commands = [f'n{n}={sys.executable} -c "{script.format(each)}"' for n, each in enumerate(codes)]
    assert side_by_side.main(commands) == code
    out = capfdbinary.readouterr().out.decode()
    assert out.count("to the end") == 2
    assert out.count("failed with 3") == code


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_what_ends_it_ends_its_commands(sent: signal.Signals) -> None:
    # a shell starts what it runs in the background with SIGINT ignored, and processes hand that on
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    waits = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    commands = [f'{name}={sys.executable} -c "{waits}"' for name in ("one", "two")]
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.side_by_side", *commands], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    signal.signal(signal.SIGINT, before)
    assert process.stdout is not None
    with process.stdout as out:
        assert out.readline() == "--- one\n"
        pid = int(out.readline())
        process.send_signal(sent)
        assert process.wait(30) != 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
