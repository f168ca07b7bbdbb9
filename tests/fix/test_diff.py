"""Patches, as the real git applies them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.fix.change import Change
from pydeploy_lint.fix.diff import patch


def git(root: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(["git", *arguments], cwd=root, input=stdin, check=True, capture_output=True).stdout


def applied(root: Path, changes: dict[str, Change]) -> dict[str, bytes]:
    """The files after git has applied the patch to the old ones."""
    git(root, "init", "--quiet")
    for path, change in changes.items():
        if change.old is not None:
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(change.old)
            file.chmod(0o755 if change.executable else 0o644)
    git(root, "add", ".")
    git(root, "apply", "--index", "--whitespace=error-all", stdin=patch(changes))
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }


def wanted(changes: dict[str, Change]) -> dict[str, bytes]:
    return {path: change.new for path, change in changes.items() if change.new is not None}


@pytest.mark.parametrize(
    "changes",
    [
        {"a": Change(b"one\ntwo\nthree\n", b"one\n2\nthree\n")},
        {"a": Change(None, b"new\n")},
        {"a": Change(b"gone\n", None), "b": Change(None, b"")},
        {"a": Change(b"", None), "b": Change(b"", b"text\n")},
        {"a": Change(b"no line end", b"no line end\n")},
        {"a": Change(b"line end\n", b"line end")},
        {"a": Change(b"no line end", b"none here either")},
        {"a": Change(b"one\r\ntwo\r\n", b"one\r\n2\r\n")},
        {"a": Change(b"a\x0bb\x85c\xff\n", b"a\x0bB\x85c\xff\n")},
        {"a": Change("3.13\n".encode("utf-16"), b"3.13\n")},
        {"a": Change(b"\xef\xbb\xbf3.13\n", b"3.13\n")},
        {"a b/c d": Change(b"1\n", b"2\n"), 'e\tf"g\\': Change(None, b"3\n"), "ü": Change(b"4\n", None)},
        {"old": Change(b"same\n", None), "new": Change(None, b"same\n", "old")},
        {"z": Change(b"1\n2\n3\n", None), "y": Change(None, b"1\n2\nx\n", "z", executable=True)},
        {"x": Change(b"1\n", b"2\n", executable=True)},
    ],
    ids=range(15),
)
def test_git_applies_the_patch(changes: dict[str, Change], tmp_path: Path) -> None:
    assert applied(tmp_path, changes) == wanted(changes)
    assert b"100755" not in patch(changes) or any(change.executable for change in changes.values())


def test_a_renamed_file_is_one_for_git(tmp_path: Path) -> None:
    changes = {"old": Change(b"same\n", None), "new": Change(None, b"same\n", "old")}
    assert patch(changes) == b"diff --git a/old b/new\nrename from old\nrename to new\n"
    applied(tmp_path, changes)
    assert (tmp_path / "new").stat().st_mode & 0o100 == 0


def test_a_moved_executable_stays_one(tmp_path: Path) -> None:
    changes = {"old": Change(b"1\n", None, executable=True), "new": Change(None, b"1\n", "old", executable=True)}
    applied(tmp_path, changes)
    assert os.access(tmp_path / "new", os.X_OK)


contents = st.one_of(
    st.none(), st.lists(st.sampled_from([b"a", b"\n", b"\r\n", b"\0", b"\xff", b" ", b"b\n"])).map(b"".join)
)


@given(old=contents, new=contents)
def test_git_applies_any_patch(old: bytes | None, new: bytes | None, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("repository")
    changes = {"file": Change(old, new)}
    if old != new:
        git(root, "init", "--quiet")
        if old is not None:
            (root / "file").write_bytes(old)
        git(root, "apply", "--whitespace=nowarn", stdin=patch(changes))
        assert ((root / "file").read_bytes() if (root / "file").exists() else None) == new
