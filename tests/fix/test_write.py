"""All files are changed or none, whatever fails, and whenever."""

from __future__ import annotations

import errno
import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from pydeploy_lint.files.writing.write import reserved
from pydeploy_lint.fix.change import Change
from pydeploy_lint.fix.write import WriteError, write_changes

OLD = {"changed.txt": b"old\r\n", "deleted.txt": b"gone\n", "moved.txt": b"same\n"}
NEW = {"changed.txt": b"new\r\n", "created.txt": b"fresh\n", "right.txt": b"same\n"}


CHANGES = {
    "changed.txt": Change(b"old\r\n", b"new\r\n"),
    "created.txt": Change(None, b"fresh\n"),
    "deleted.txt": Change(b"gone\n", None),
    "moved.txt": Change(b"same\n", None),
    "right.txt": Change(None, b"same\n", "moved.txt"),
}


def content(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.iterdir() if path.is_file()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    app = tmp_path / "app"
    app.mkdir()
    for name, data in OLD.items():
        (app / name).write_bytes(data)
    (app / "changed.txt").chmod(0o640)
    (app / "moved.txt").chmod(0o755)
    return app


def test_all_files_are_changed_and_keep_their_modes(root: Path) -> None:
    write_changes({str(root): CHANGES})
    assert content(root) == NEW
    assert sorted(path.name for path in root.iterdir()) == sorted(NEW)
    assert (root / "changed.txt").stat().st_mode & 0o777 == 0o640
    assert (root / "right.txt").stat().st_mode & 0o777 == 0o755


OPERATIONS = [
    (pathlib.Path, "open"),
    (pathlib.Path, "replace"),
    (pathlib.Path, "unlink"),
    (pathlib.Path, "read_bytes"),
    (pathlib.Path, "chmod"),
    (os, "fsync"),
    (tempfile, "mkdtemp"),
]
"""What is called to change files."""


class Trap:
    """Counts the calls of all operations, and fails at one of them, before or after it does its work."""

    def __init__(
        self,
        patch: pytest.MonkeyPatch,
        at: int,
        fail: Callable[[], object],
        *,
        after: bool,
    ) -> None:
        self.fail, self.at, self.after, self.calls = fail, at, after, 0
        for owner, name in OPERATIONS:
            patch.setattr(owner, name, self.wrapped(getattr(owner, name)))

    def wrapped(self, operation: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            self.calls += 1
            mine = self.calls == self.at
            if mine and not self.after:
                self.fail()
            result = operation(*args, **options)
            if mine:
                self.fail()
            return result

        return call


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def fail() -> NoReturn:
        raise error

    return fail


def number_of_calls(root: Path) -> int:
    copy = root.with_name("copy")
    shutil.copytree(root, copy)
    with pytest.MonkeyPatch.context() as patch:
        trap = Trap(patch, 0, raising(OSError()), after=False)
        write_changes({str(copy): CHANGES})
    return trap.calls


ERRORS = [
    OSError(errno.ENOSPC, "No space left on device"),
    PermissionError(errno.EACCES, "Permission denied"),
    KeyboardInterrupt(),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_failure_at_any_step_leaves_all_files_old_or_all_new(error: BaseException, after: bool, root: Path) -> None:
    calls = number_of_calls(root)
    assert calls > 30
    outcomes = []
    for at in range(1, calls + 1):
        copy = root.with_name(f"copy{at}")
        shutil.copytree(root, copy)
        with pytest.MonkeyPatch.context() as patch:
            Trap(patch, at, raising(error), after=after)
            message = attempt(copy)
        # When all is done, a copy of an old content may be left over.
        is_new = {name: data for name, data in content(copy).items() if name in {**OLD, **NEW}} == NEW
        outcomes.append((is_new or content(copy) == OLD, message is None or "no file was changed" in message))
    assert outcomes == [(True, True)] * calls


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork")
def test_a_kill_at_any_step_leaves_every_file_whole(root: Path) -> None:
    outcomes = []
    calls = number_of_calls(root)
    for at in range(1, calls + 1):
        copy = root.with_name(f"copy{at}")
        shutil.copytree(root, copy)
        child = os.fork()
        if child == 0:
            with pytest.MonkeyPatch.context() as patch:
                Trap(patch, at, lambda: os._exit(9), after=True)
                write_changes({str(copy): CHANGES})
        os.waitpid(child, 0)
        left = content(copy)
        is_whole = all(left.get(name) in (OLD.get(name), NEW.get(name)) for name in {**OLD, **NEW})
        outcomes.append((is_whole, b"same\n" in (left.get("moved.txt"), left.get("right.txt"))))
    assert outcomes == [(True, True)] * calls


def attempt(root: Path) -> str | None:
    """Make the changes; what was said of their failure, if anything."""
    try:
        write_changes({str(root): CHANGES})
    except WriteError as error:
        return str(error)
    except KeyboardInterrupt:
        pass
    return None


def test_a_full_disk_is_said_with_the_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError) as caught:
        write_changes({str(root): CHANGES})
    assert str(caught.value) == (
        f"{root / 'changed.txt'} cannot be changed: no space left on device; no file was changed"
    )


@pytest.mark.parametrize(
    ("name", "meddle"),
    [
        ("changed.txt", lambda path: path.write_bytes(b"mine\n")),
        ("changed.txt", lambda path: path.unlink()),
        ("created.txt", lambda path: path.write_bytes(b"fresh\n")),
        ("deleted.txt", lambda path: path.write_bytes(b"mine\n")),
        ("right.txt", lambda path: path.mkdir()),
        ("deleted.txt", lambda path: (path.rename(path.with_name("x")), path.symlink_to("x"))),
    ],
)
@pytest.mark.parametrize("late", [False, True], ids=["before", "between"])
def test_a_file_that_somebody_else_changes_is_left_to_them(
    name: str,
    meddle: Callable[[Path], object],
    late: bool,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if late:
        synced: Iterator[int] = iter(range(100))
        expected = len([change for change in CHANGES.values() if change.new is not None]) + len(OLD)

        def fsync(_descriptor: int) -> None:
            if next(synced) == expected - 1:
                meddle(root / name)

        monkeypatch.setattr(os, "fsync", fsync)
    else:
        meddle(root / name)
    with pytest.raises(WriteError, match=name):
        write_changes({str(root): CHANGES})
    untouched = {other: data for other, data in OLD.items() if other != name}
    assert {other: data for other in untouched if (data := (root / other).read_bytes())} == untouched
    for other in set(NEW) - set(OLD) - {name}:
        assert not (root / other).exists()
    assert not [path for path in root.iterdir() if path.name.startswith(".")]


def test_what_cannot_be_restored_is_said_and_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def replace(path: Path, target: Path) -> Path:
        if target.name == "right.txt" or (target.name == "changed.txt" and path.read_bytes() == OLD[target.name]):
            raise OSError(errno.EIO, "Input/output error")
        os.rename(path, target)
        return target

    monkeypatch.setattr(pathlib.Path, "replace", replace)
    with pytest.raises(WriteError, match="its old content is in") as caught:
        write_changes({str(root): CHANGES})
    with reserved(str(root)):
        [backup] = root.glob(".pydeploy-lint-*/*")
    assert backup.read_bytes() == b"old\r\n"
    assert str(backup) in str(caught.value)


def test_a_name_that_changes_in_case_only_makes_room_first(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    unlink, replace = pathlib.Path.unlink, pathlib.Path.replace

    def log_unlink(path: Path, missing_ok: bool = False) -> None:
        order.extend([path.name] if path.name in ("procfile", "a") else [])
        unlink(path, missing_ok=missing_ok)

    def log_replace(path: Path, target: Path) -> Path:
        order.append(target.name)
        return replace(path, target)

    (root / "procfile").write_bytes(b"web: x\n")
    (root / "a").write_bytes(b"")
    monkeypatch.setattr(pathlib.Path, "unlink", log_unlink)
    monkeypatch.setattr(pathlib.Path, "replace", log_replace)
    every = {
        "Procfile": Change(None, b"web: x\n", "procfile"),
        "a": Change(b"", None),
        "procfile": Change(b"web: x\n", None),
    }
    write_changes({str(root): every})
    assert order == ["procfile", "Procfile", "a"]
