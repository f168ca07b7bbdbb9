from __future__ import annotations

import os
from pathlib import Path

import pytest

from pydeploy_lint.facts.locks.uv import ask as module
from pydeploy_lint.facts.locks.uv.ask import Answer, ask_uv


def install(directory: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    directory.mkdir()
    program = directory / "uv"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{directory}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        ("echo Resolved 3 packages >&2", Answer(True, "Resolved 3 packages")),
        (
            "echo 'error: The lockfile at `uv.lock` needs to be updated' >&2; exit 1",
            Answer(False, "The lockfile at `uv.lock` needs to be updated"),
        ),
        ("echo 'hint: the network was disabled' >&2; exit 1", Answer(False, "hint: the network was disabled")),
        ("echo 'error: No interpreter found' >&2; exit 2", Answer(None, "No interpreter found")),
        ("exit 2", Answer(None, "")),
    ],
)
def test_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, answer: Answer) -> None:
    install(tmp_path / "bin", monkeypatch, script)
    assert ask_uv(str(tmp_path)) == answer


def test_how_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "bin", monkeypatch, 'echo "$PWD $UV_PYTHON_DOWNLOADS $*" >&2')
    command = "lock --check --offline --no-build --no-progress --color never"
    assert ask_uv(str(tmp_path)).text == f"{tmp_path} never {command}"


def test_without_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ask_uv(str(tmp_path)) == Answer(None, "uv is not installed")


def test_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "bin", monkeypatch, "exec sleep 30")
    monkeypatch.setattr(module, "TIMEOUT", 0.2)
    assert ask_uv(str(tmp_path)) == Answer(None, "uv did not answer within 0.2 seconds")


def test_that_cannot_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "bin", monkeypatch, "")
    (tmp_path / "bin" / "uv").write_bytes(b"\x7fELF")
    assert ask_uv(str(tmp_path)).fresh is None
