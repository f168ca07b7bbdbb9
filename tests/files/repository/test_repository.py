"""What git's own files tell where there is no git program: the same as git does."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydeploy_checks.django.project import project

from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.files.deployed import DeployedTree, open_tree
from pydeploy_lint.files.repository.ask import AskedRepository
from pydeploy_lint.files.repository.git import Git
from pydeploy_lint.files.repository.patterns import read_rules
from pydeploy_lint.files.repository.read import ReadRepository
from pydeploy_lint.files.tree import FileKind, Withheld
from pydeploy_lint.finding import Span
from pydeploy_lint.testing import Files, Link, judge_app, write_tree

IDENTITY = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]
PATHS = ("a", "b.log", "a-b", "é", "d/a", "d/b.log", "d/e/a", "d/e/f/b.log", "ab/c", "[a]", "a b", "d/!a", "#a")


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *IDENTITY, *arguments], cwd=root, check=True, capture_output=True)


def repository(root: Path, files: Files, *options: str) -> Path:
    """A repository in which some files are committed."""
    git(root, "init", "--quiet", *options)
    write_tree(root, files)
    git(root, "add", "--all", "--force")
    git(root, "commit", "--quiet", "--message", "Begin")
    return root


def without_git(root: Path) -> DeployedTree:
    """The tree as it is read where there is no git."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.fspath(root / "nothing"))
        tree = open_tree(str(root))
        assert tree.kind(".") is FileKind.DIRECTORY  # The first question tells that there is no git.
    return tree


PIECES = [
    *"ab*?/!\\ defc#",
    "**",
    "**/",
    "/**",
    "d/",
    "e/",
    "[a-b]",
    "[!a]",
    "[[:alpha:]]",
    "[",
    "]",
    "-b",
    ".log",
    "é",
]
lines = st.lists(st.sampled_from(PIECES), max_size=5).map("".join) | st.text("ab*?/[]!-^\\ :", max_size=8)


@settings(max_examples=100)
@given(st.lists(lines, max_size=4), st.lists(lines, max_size=3))
@example(["*", "!*/", "!*.log"], [])
@example(["**/a", "d/**/b.log", "/**", "!/d/**"], ["e/**"])
@example(["[[:alpha:]]", "[!a]", "[]a]", "[a-", "[[:no:]]", "[^[:punct:]]-b"], [])
@example(["a\\ b", "\\#a", "\\!a", "a\\", "d\\/a", "a   ", "b.log\\ "], ["\\!a"])
@example(["d/", "!d/a", "ab/*", "!ab/c"], ["!a"])
def test_patterns_match_what_git_says_they_match(upper: list[str], lower: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        git(root, "init", "--quiet")
        write_tree(root, dict.fromkeys(PATHS, ""))
        write_tree(root, {".gitignore": "\n".join(upper), "d/.gitignore": "\n".join(lower)})

        assert reasons(ReadRepository(name, name)) == reasons(AskedRepository(Git(name)))


def reasons(asked: AskedRepository | ReadRepository) -> dict[str, Withheld | None]:
    every = [*PATHS, "d", "d/e", "d/e/f", "ab", "absent", "d/absent"]
    found = {path: asked.reason(path) for path in every}
    asked.close()
    return found


def test_files_of_git_are_read_where_there_is_no_git(tmp_path: Path) -> None:
    root = repository(tmp_path, {"tracked.txt": "", "app/Procfile": "", "app/RUNTIME.txt": "", "app/run": "\r\n"})
    git(root, "update-index", "--chmod=+x", "app/run")
    write_tree(root, {".gitignore": "\ufeff*.txt\r\nvenv/\n", "app/.gitignore": "*.log\n", "app/new": "\r\n"})
    write_tree(root, {"app/runtime.txt": "", "app/a.log": "", "app/private": "", "app/venv/x": ""})
    (root / ".git/info/exclude").write_text("private\n")
    tree = without_git(root / "app")

    paths = ["../tracked.txt", "Procfile", "runtime.txt", "a.log", "private", "venv", "venv/x", "new"]
    assert [path for path in paths if not tree.rule_against(path, FileKind.FILE)] == [
        "../tracked.txt",
        "Procfile",
        "new",
    ]
    assert tree.rule_against("runtime.txt") == Withheld("../.gitignore", "*.txt", None)
    assert tree.rule_against("a.log") == Withheld(".gitignore", "*.log", Span(".gitignore", 1, 1, 1, 6))
    assert tree.rule_against("private") == Withheld("../.git/info/exclude", "private", None)
    assert tree.names_in_git(["Procfile", "new"]) == {"Procfile": "Procfile", "new": None}
    assert [tree.is_executable(path) for path in ("run", "Procfile", "new")] == [True, False, None]
    assert [tree.has_windows_line_ends(path) for path in ("run", "new")] == [True, False]
    assert tree.git_error is None


def test_what_git_converts_is_no_carriage_return(tmp_path: Path) -> None:
    root = repository(tmp_path, {".gitattributes": "* text\n", "run": "#!/bin/sh\r\n"})

    assert not without_git(root).has_windows_line_ends("run")


@pytest.mark.parametrize("options", [["--object-format=sha1"], ["--object-format=sha256"]], ids=["sha1", "sha256"])
@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_every_kind_of_index(tmp_path: Path, options: list[str], version: str) -> None:
    files = ["a", "bin/pre_compile", "bin/pre_compile_more", "c" * 250, "naïve"]
    root = repository(tmp_path, dict.fromkeys(files, "\r\n"), *options)
    write_tree(root, {"intended": "", "new": ""})
    git(root, "add", "--intent-to-add", "intended")
    git(root, "update-index", f"--index-version={version}")

    tree = without_git(root)

    assert tree.names_in_git([*files, "intended", "new"]) == {name: name for name in [*files, "intended"]} | {
        "new": None
    }
    assert all(tree.has_windows_line_ends(name) for name in files)


@pytest.mark.parametrize("damage", [b"", b"DIRC\0\0\0\x09\0\0\0\x01", b"DIRC\0\0\0\x04\0\0\xff\xff" + b"\x80" * 500])
def test_without_an_index_nothing_is_untracked(tmp_path: Path, damage: bytes) -> None:
    root = repository(tmp_path, {"a": ""})
    write_tree(root, {"b": "\r\n"})
    (root / ".git/index").write_bytes(damage)

    tree = without_git(root)

    assert tree.names_in_git(["a", "b"]) == {"a": "a", "b": "b"}
    assert tree.is_executable("b") is None
    assert not tree.has_windows_line_ends("b")


def test_a_further_working_tree(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    root = repository(tmp_path / "first", {"a": "", "b": "\r\n"})
    (root / ".git/info/exclude").write_text("private\n")
    git(root, "worktree", "add", "--quiet", os.fspath(tmp_path / "second"))
    write_tree(tmp_path / "second", {"private": "", "c": ""})

    tree = without_git(tmp_path / "second")

    assert tree.kind("private") is None
    assert tree.names_in_git(["a", "c"]) == {"a": "a", "c": None}
    assert tree.has_windows_line_ends("b")


def test_what_no_rule_of_the_repository_can_name(tmp_path: Path) -> None:
    root = repository(tmp_path, {"real/x": "", "link": Link("real"), "rules": ""})
    (root / "sub").mkdir()
    repository(root / "sub", {"x": ""})
    git(root, "add", "sub")
    write_tree(root, {".gitignore": "x\n", "real/.gitignore": Link("../rules"), "real/y": "", "sub/y": ""})
    (root / "rules").write_text("y\n")

    asked, read = AskedRepository(Git(str(root))), ReadRepository(str(root), str(root))

    paths = ["link/x", "sub/x", "real/x", "real/y", "sub/y", "x", "link"]
    assert [read.reason(path) for path in paths] == [asked.reason(path) for path in paths]
    assert [path for path in paths if read.reason(path)] == ["x"]
    asked.close()


def test_a_rule_knows_its_line() -> None:
    rules = read_rules(b"# note\n\n!kept  \r\n/a/\n")

    assert [(rule.number, rule.text, rule.is_exception, rule.only_directories) for rule in rules] == [
        (3, b"!kept", True, False),
        (4, b"/a/", False, True),
    ]


def test_git_is_not_asked_about_the_root(tmp_path: Path) -> None:
    """It refuses the question, and would not be asked about anything else then."""
    write_tree(tmp_path, {".gitignore": "local.py\n", "local.py": ""})
    git(tmp_path, "init", "--quiet")
    tree = open_tree(str(tmp_path))
    assert isinstance(tree, DeployedTree)
    assert tree.rule_against("", FileKind.DIRECTORY) is None
    assert tree.rule_against("local.py") is not None
    assert tree.git_error is None


def test_an_installed_app_without_a_dot_leaves_the_rules_of_git_known(tmp_path: Path) -> None:
    settings = 'INSTALLED_APPS = ["corsheaders", "rest_framework"]\n'
    write_tree(tmp_path, project(settings, "Django==5.2\ndjango-cors-headers==4\n"))
    git(tmp_path, "init", "--quiet")
    assert judge_app(tmp_path, load_registry().checks.values()).notifications == ()
