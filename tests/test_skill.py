"""The skill for agents: its form, and that every command in it works."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from pydeploy_lint.cli.main import main
from pydeploy_lint.cli.status import Status
from pydeploy_lint.testing import write_tree

SKILL = Path(__file__).resolve().parent.parent / "skills" / "pydeploy-lint" / "SKILL.md"
TEXT = SKILL.read_text(encoding="utf-8")
COMMANDS = re.findall(r"(?:^\$ |`)(pydeploy-lint(?: [^`\n]+)?)", TEXT, re.MULTILINE)
NEEDS_GIT = ("--baseline-rev",)


def test_the_head_is_what_agents_read_first() -> None:
    _, head, body = TEXT.split("---\n", 2)
    fields = yaml.safe_load(head)

    assert fields.keys() == {"name", "description", "license"}
    assert fields["name"] == SKILL.parent.name
    assert len(fields["description"]) <= 1024
    assert len(body.splitlines()) < 200


def test_every_exit_status_is_explained() -> None:
    assert re.findall(r"^\| (\d) \|", TEXT, re.MULTILINE) == [
        str(status.value) for status in Status if status is not Status.INTERRUPTED
    ]


@pytest.mark.parametrize("command", [each for each in COMMANDS if not any(option in each for option in NEEDS_GIT)])
def test_a_command_can_be_given_as_it_stands(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tree(tmp_path, {"requirements.txt": "", ".python-version": "3.14\n"})
    monkeypatch.chdir(tmp_path)

    assert main(shlex.split(command)[1:]) in (Status.CLEAN, Status.FOUND), capsys.readouterr().err


def test_the_commands_are_found() -> None:
    assert len(COMMANDS) > 8
