"""Hooks, scripts and NLTK: what stops a build after the installation; beyond the checks' examples."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from pydeploy_checks.files.hooks import script_cannot_run
from pydeploy_checks.files.nltk import nltk_missing, nltk_txt_invalid
from pydeploy_checks.procfile.scripts import procfile_script_fails

from pydeploy_lint.engine.check import Check
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, judge_app, lint_files, write_tree

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
PLAIN = {".python-version": "3.13\n", "requirements.txt": "gunicorn\n"}
NLTK = {".python-version": "3.13\n", "requirements.txt": "nltk\n"}


def found(check: Check, files: Files) -> list[tuple[Severity, str | None]]:
    return [(each.severity, each.failure_reason) for each in lint_files(files, [check])]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"nltk.txt": "punkt\r\nstopwords\r\n"}, [(ERROR, "nltk-downloader")]),
        ({"nltk.txt": "punkt\r\nstopwords"}, [(ERROR, "nltk-downloader")]),
        ({"nltk.txt": "# data\npunkt\n"}, [(ERROR, "nltk-downloader")]),
        ({"nltk.txt": "punkt \n"}, [(ERROR, "nltk-downloader")]),
        ({"nltk.txt": "punkt\nstopwords\n"}, []),
        ({"nltk.txt": "punkt\r\n", "requirements.txt": "nltk; platform_release == '1'\n"}, [(WARNING, None)]),
        ({"nltk.txt": "punkt\r\n", "requirements.txt": "flask\n"}, []),
    ],
)
def test_nltk_txt(files: Files, expected: list[tuple[Severity, str | None]]) -> None:
    assert found(nltk_txt_invalid, {**NLTK, **files}) == expected


def test_nltk_that_nothing_installs() -> None:
    assert found(nltk_missing, {**NLTK, "requirements.txt": "flask\n", "nltk.txt": "punkt\n"}) == [(NOTE, None)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"bin/pre_compile": "#!/bin/bash\r\nexit 0\r\n"}, [(ERROR, "hooks::pre_compile")]),
        ({"bin/post_compile": "#!/usr/bin/env python\r\n"}, [(ERROR, "hooks::post_compile")]),
        ({"bin/post_compile": "echo a\r\n"}, [(WARNING, None)]),
        ({"bin/post_compile": "#!/bin/bash\necho a\r\n"}, [(WARNING, None)]),
        ({"Procfile": "release: ./release.sh\n", "release.sh": "#!/bin/sh\r\na\r\n"}, []),
    ],
)
def test_line_ends_of_hooks(files: Files, expected: list[tuple[Severity, str | None]]) -> None:
    assert found(script_cannot_run, {**PLAIN, **files}) == expected


def git(root: Path, *arguments: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True, env=environment)


def repository(root: Path, files: Files, *executable: str) -> None:
    git(root, "init", "-q")
    write_tree(root, files)
    for name in executable:
        (root / name).chmod(0o755)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "a")


START = {**PLAIN, "Procfile": "web: ./start.sh\nrelease: bin/release\n", "start.sh": "#!/bin/sh\n", "bin/release": ""}


def judged(root: Path) -> list[str]:
    return [each.message for each in judge_app(root, [procfile_script_fails]).findings]


def test_modes_are_those_of_git(tmp_path: Path) -> None:
    repository(tmp_path, START, "start.sh")
    assert judged(tmp_path) == [
        "release runs bin/release, which is not executable in git: the release fails with 'Permission denied'"
    ]
    for tree in (open_tree(str(tmp_path)), open_tree(str(tmp_path), rev="HEAD"), open_tree(str(tmp_path), staged=True)):
        assert [tree.is_executable(name) for name in ("start.sh", "bin/release")] == [True, False]


def test_without_modes_on_disk_the_index_has_them(tmp_path: Path) -> None:
    repository(tmp_path, START, "start.sh", "bin/release")
    git(tmp_path, "config", "core.fileMode", "false")
    (tmp_path / "start.sh").chmod(0o644)
    (tmp_path / "new.sh").write_text("")
    tree = open_tree(str(tmp_path))
    assert [tree.is_executable(name) for name in ("start.sh", "new.sh")] == [True, False]


def test_modes_outside_of_git_are_unknown(tmp_path: Path) -> None:
    write_tree(tmp_path, START)
    assert open_tree(str(tmp_path)).is_executable("start.sh") is None


def test_line_ends_that_git_converts_are_fine(tmp_path: Path) -> None:
    files = {
        **PLAIN,
        ".gitattributes": "bin/* text eol=lf\n",
        "bin/post_compile": "#!/bin/sh\r\n",
        "a.sh": "#!/bin/sh\r\n",
    }
    git(tmp_path, "init", "-q")
    write_tree(tmp_path, files)
    tree = open_tree(str(tmp_path))
    assert [tree.has_windows_line_ends(name) for name in ("bin/post_compile", "a.sh", "none")] == [False, True, False]
    git(tmp_path, "config", "core.autocrlf", "true")
    assert open_tree(str(tmp_path)).has_windows_line_ends("a.sh") is False
    git(tmp_path, "-c", "core.autocrlf=false", "add", "a.sh")
    assert open_tree(str(tmp_path)).has_windows_line_ends("a.sh") is True
