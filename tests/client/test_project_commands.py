"""The commands of a project, which the server's distribution adds to the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.cli import add_to
from infra.local.deployed import project_file
from queuecraft_client.cli.app import app, run

Queuecraft = Callable[..., tuple[int, str]]


@pytest.fixture
def queuecraft(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Queuecraft]:
    """Runs a command in an empty folder; returns its code and what it printed."""
    before = list(app.registered_commands)
    add_to(app)
    monkeypatch.chdir(tmp_path)

    def called(*words: str) -> tuple[int, str]:
        code = run(words)
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    yield called
    app.registered_commands[:] = before


def test_a_project_is_written_once(queuecraft: Queuecraft, tmp_path: Path) -> None:
    code, shown = queuecraft("init", "shop")
    assert code == 0
    assert "cd shop\n  queuecraft up" in shown
    assert (tmp_path / "shop" / project_file.FILE).is_file()
    code, shown = queuecraft("init", "shop")
    assert (code, "nothing was written" in shown) == (2, True)
    code, shown = queuecraft("init", "Shop")
    assert (code, "cannot name a project" in shown) == (2, True)
    assert queuecraft("init", "other", "--folder", ".")[0] == 0
    assert 'name = "other"' in (tmp_path / project_file.FILE).read_text()


@pytest.mark.parametrize(
    "command", ["up", "down", "status", "logs", "debug", "test", "package", "secrets", "deploy", "localstack"]
)
def test_a_folder_without_a_project_is_refused_with_what_to_do(command: str, queuecraft: Queuecraft) -> None:
    code, shown = queuecraft(command)
    assert code == 2
    assert "has no queuecraft.toml: go to the folder of a project, or make one by: queuecraft init NAME" in shown


def test_a_wrong_file_is_refused_and_a_stack_that_does_not_run_is_said(
    queuecraft: Queuecraft, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    queuecraft("init", "shop")
    monkeypatch.chdir(tmp_path / "shop")
    assert queuecraft("status") == (1, "No stack runs here. Start one with `queuecraft up`.\n")
    (tmp_path / "shop" / project_file.FILE).write_text("")
    code, shown = queuecraft("status")
    assert code == 2
    assert "queuecraft.toml is wrong:\n- name: Field required" in shown
