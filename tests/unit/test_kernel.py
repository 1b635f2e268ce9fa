"""What the local stack asks the kernel, on Linux and where there is no `/proc`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local import children, kernel
from tests.support import wait_until


@pytest.fixture
def without_proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "PROC", tmp_path / "nothing")
    monkeypatch.setattr(sys, "platform", "darwin")


def test_memory_comes_from_ps_without_proc(without_proc: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ps"
    program.write_text(f'#!/bin/sh\n[ "$*" = "-o rss= -p {os.getpid()}" ] && echo "  20480"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert kernel.resident_mb(os.getpid()) == 20
    assert kernel.resident_mb(os.getpid() + 1) == 0  # `ps` fails: no such process
    program.unlink()
    assert kernel.resident_mb(os.getpid()) == 0


def test_without_proc_nothing_is_adopted_and_the_rest_is_unknown(without_proc: None) -> None:
    assert not kernel.adopt_orphans()
    assert kernel.children() == set()
    assert kernel.variable(os.getpid(), "PATH") == b""
    assert not kernel.handles_sigterm(os.getpid())
    assert children.is_alive(os.getpid())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc")
def test_linux_tells_memory_environment_children_and_zombies() -> None:
    assert kernel.resident_mb(os.getpid()) > 5
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env={"MARK": "of the child"})
    assert child.stdin is not None
    try:
        assert child.pid in kernel.children()
        # until the child runs its program, it has no environment
        wait_until(lambda: kernel.variable(child.pid, "MARK"))
        assert kernel.variable(child.pid, "MARK") == b"of the child"
        assert children.is_alive(child.pid)
        child.stdin.close()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert kernel.is_zombie(child.pid)
        assert not children.is_alive(child.pid)
    finally:
        child.kill()
        child.wait(10)
        child.stdin.close()
    assert kernel.resident_mb(child.pid) == 0
