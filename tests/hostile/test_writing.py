"""What is written is whole, whatever comes between, and goes nowhere else."""

from __future__ import annotations

import functools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.engine.baseline.file import BaselineFile, write_baseline
from pydeploy_lint.files.writing import lock
from pydeploy_lint.files.writing.lock import locked
from pydeploy_lint.files.writing.write import Drafts
from pydeploy_lint.fix.write import WriteError, write_changes
from pydeploy_lint.testing import Link, write_tree
from tests.engine.baseline.test_baseline import finding
from tests.files.writing.test_write import write_whole
from tests.fix.test_write import CHANGES, NEW, OLD, Trap, content, number_of_calls

resource = pytest.importorskip("resource", reason="Windows has neither these signals nor forks")

COMMAND = [sys.executable, "-m", "pydeploy_lint", "--as-of", "2026-08-18"]
MISNAMED = {"requirements.txt": "", ".python_version": "3.14\n", "runtime.txt": "python-3.14\n"}
"""One safe fix moves a file, another deletes one."""
FIXED = {"requirements.txt": b"", ".python-version": b"3.14\n"}
ENDS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    app = tmp_path / "app"
    write_tree(app, dict(OLD.items()))
    return app


def names(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


def in_a_child(work: Callable[[], object]) -> int:
    """Do something in a process of its own; returns its exit code, or the signal that ended it, negated."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except KeyboardInterrupt:
            code = 130
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("number", ENDS)
def test_a_signal_at_any_step_is_obeyed_after_all_is_undone_or_done(number: signal.Signals, root: Path) -> None:
    calls = number_of_calls(root)

    def work(copy: Path, at: int) -> None:
        signal.signal(number, signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL)
        with pytest.MonkeyPatch.context() as patch:
            Trap(patch, at, lambda: os.kill(os.getpid(), number), after=True)
            write_changes({str(copy): CHANGES})

    for at in range(1, calls + 1):
        copy = root.with_name(f"copy{at}")
        shutil.copytree(root, copy)
        code = in_a_child(functools.partial(work, copy, at))
        assert code == (130 if number is signal.SIGINT else -number)
        assert content(copy) in (OLD, NEW)
        assert names(copy) == sorted(content(copy))


def test_a_signal_that_is_ignored_stays_so(root: Path) -> None:
    def work() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with pytest.MonkeyPatch.context() as patch:
            Trap(patch, 10, lambda: os.kill(os.getpid(), signal.SIGHUP), after=True)
            write_changes({str(root): CHANGES})

    assert in_a_child(work) == 0
    assert content(root) == NEW


@pytest.mark.parametrize("number", [*ENDS, signal.SIGKILL])
def test_a_run_that_is_ended_at_any_moment(number: signal.Signals, tmp_path: Path) -> None:
    chance = random.Random(number)
    before = {name: text.encode() for name, text in MISNAMED.items()}
    for at in range(4):
        app = tmp_path / str(at)
        write_tree(app, MISNAMED)
        with subprocess.Popen([*COMMAND, "--fix", app], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            time.sleep(chance.uniform(0.1, 1.5))
            run.send_signal(number)
        left = content(app)
        if number is signal.SIGKILL:
            assert all(left.get(name) in (before.get(name), FIXED.get(name)) for name in {**before, **FIXED})
        else:
            assert left in (before, FIXED)
        assert subprocess.run([*COMMAND, "--fix", app], capture_output=True, check=False).returncode == 0
        assert content(app) == FIXED
        assert names(app) == sorted(FIXED)


def test_what_a_killed_run_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write_tree(outside, {"0": "theirs\n"})
    app = tmp_path / "app"
    write_tree(
        app,
        {
            "requirements.txt": "",
            ".python-version": "3.14\n",
            ".pydeploy-lint-abc/0": "old\n",
            ".pydeploy-lint-abc/12": "new\n",
            ".pydeploy-lint-link": Link("../outside"),
            ".pydeploy-lint-file": "theirs\n",
            ".pydeploy-lint-mine/0": "old\n",
            ".pydeploy-lint-mine/notes.txt": "theirs\n",
            ".pydeploy-lint-kept/3.kept": "old\n",
        },
    )

    assert main(["--fix", str(app)]) == 0
    left = sorted(path.relative_to(app).as_posix() for path in app.rglob("*") if path.is_file())
    assert left == [
        ".pydeploy-lint-file",
        ".pydeploy-lint-kept/3.kept",
        ".pydeploy-lint-mine/notes.txt",
        ".python-version",
        "requirements.txt",
    ]
    assert (outside / "0").exists()


def test_two_at_once_wait_for_each_other(tmp_path: Path) -> None:
    app = tmp_path / "app"
    write_tree(app, MISNAMED)
    with locked(str(app)):
        runs = [subprocess.Popen([*COMMAND, "--fix", app], stderr=subprocess.PIPE, text=True) for _ in range(2)]
        time.sleep(1.5)
        assert names(app) == sorted(MISNAMED)
    told = [run.communicate()[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sorted(told) == [
        "",
        f"pydeploy-lint: applied 2 fixes: {app}/.python_version renamed to {app}/.python-version,"
        f" {app}/runtime.txt deleted\n",
    ]
    assert content(app) == FIXED


def test_another_that_does_not_end_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.1)
    write_tree(tmp_path, MISNAMED)
    with locked(str(tmp_path)):
        assert main(["--fix", str(tmp_path)]) == 2
        assert capsys.readouterr().err == (
            f"pydeploy-lint: error: --fix: {tmp_path} cannot be changed: another pydeploy-lint is writing there;"
            " no file was changed\n"
        )
        assert main(["--output", f"json:{tmp_path / 'x'}", str(tmp_path)]) == 2
        assert "x cannot be written: another pydeploy-lint is writing there\n" in capsys.readouterr().err
    assert names(tmp_path) == sorted(MISNAMED)


@pytest.mark.parametrize(("name", "text"), [("changed.txt", b"theirs\n"), ("created.txt", b"theirs\n")])
def test_what_somebody_else_writes_meanwhile_is_not_undone(
    name: str, text: bytes, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def disturbed(path: Path, target: Path) -> Path:
        if target.name == "right.txt":
            (root / name).write_bytes(text)
            raise OSError("no")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", disturbed)
    with pytest.raises(WriteError) as caught:
        write_changes({str(root): CHANGES})
    assert str(caught.value) == (
        f"{root / 'right.txt'} cannot be changed: no; {root / name} was changed by another program since,"
        " and is left as that made it"
    )
    assert content(root) == {**OLD, name: text}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_stays(root: Path) -> None:
    for name, owner in [("changed.txt", (1234, 1235)), ("moved.txt", (1236, 1237))]:
        os.chown(root / name, *owner)
        (root / name).chmod(0o640)
    write_changes({str(root): CHANGES})
    write_whole(str(root / "changed.txt"), b"again\n")
    for name, owner in [("changed.txt", (1234, 1235)), ("right.txt", (1236, 1237))]:
        found = (root / name).stat()
        assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (*owner, 0o640)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_file_whose_owner_would_change_is_left_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = Path("/var/tmp") / tmp_path_factory.mktemp("x").name  # Others cannot enter pytest's.
    root.mkdir(mode=0o777)
    root.chmod(0o777)
    try:
        (root / "a").write_bytes(b"old")
        (root / "a").chmod(0o666)

        def work() -> None:
            os.setgid(1234)
            os.setuid(1234)
            with pytest.raises(OSError, match="it is another user's, who could not keep it"):
                write_whole(str(root / "a"), b"new")

        assert in_a_child(work) == 0
        assert content(root) == {"a": b"old"}
        assert names(root) == ["a"]
    finally:
        shutil.rmtree(root)


def test_a_full_disk_is_a_clear_error(tmp_path: Path) -> None:
    """A limit for the size of files stands for the disk: writing fails in the midst of a file."""
    app = tmp_path / "app"
    files = {**MISNAMED, "runtime.txt": "python-3.14\n" + "# much\n" * 3000}
    write_tree(app, files)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))

    for options in (["--fix"], ["--write-baseline", app / "b"], ["--format", "concise", "--output", f"html:{app}/o"]):
        run = subprocess.run([*COMMAND, *options, app], preexec_fn=limit, capture_output=True, text=True, check=False)
        assert run.returncode == (2 if "--write-baseline" not in options else 0), run
        if run.returncode:
            assert "file too large" in run.stderr.lower()
            assert len(run.stderr.splitlines()) == 1
        (app / "b").unlink(missing_ok=True)
        assert names(app) == sorted(files)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no disk that is always full")
def test_a_device_that_is_full(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_tree(tmp_path, {"requirements.txt": "", ".python-version": "3.14\n"})

    assert main(["--output", "json:/dev/full", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        "pydeploy-lint: error: --output: /dev/full cannot be written: No space left on device\n"
    )


@pytest.mark.parametrize("option", [("--output", "sarif:"), ("--write-baseline", "")])
@pytest.mark.parametrize("path", ["report", "reports/new", "reports/old"])
def test_a_link_that_the_repository_holds_is_not_followed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    option: tuple[str, str],
    path: str,
) -> None:
    known = '{"schema_version": 1, "apps": []}'
    write_tree(tmp_path, {"home/old": known})
    app = tmp_path / "app"
    write_tree(
        app,
        {
            "requirements.txt": "",
            ".python-version": "3.14\n",
            "report": Link("../home/old"),
            "reports": Link("../home"),
        },
    )
    name, prefix = option
    monkeypatch.chdir(app)
    for given in (path, str(app / path), f"../app/reports/../app/{path}"):
        assert main([name, f"{prefix}{given}", "."]) == 2
        err = capsys.readouterr().err
        assert "is a symbolic link of the repository, and is not followed" in err
        assert err.startswith(f"pydeploy-lint: error: {name}: {given} cannot be written: repor")
    assert content(tmp_path / "home") == {"old": known.encode()}


def test_a_link_of_the_user_is_followed(tmp_path: Path) -> None:
    write_tree(tmp_path, {"app/requirements.txt": "", "app/.python-version": "3.14\n", "a/old": "", "b": Link("a")})
    write_tree(tmp_path, {"a/link": Link("old")})

    assert main(["--output", f"json:{tmp_path}/b/link", str(tmp_path / "app")]) == 0
    assert json.loads((tmp_path / "a" / "old").read_text("utf-8"))
    assert (tmp_path / "a" / "link").is_symlink()


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    write_tree(tmp_path, {"requirements.txt": "", ".python-version": "3.14\n"})
    run = subprocess.run(
        [*COMMAND, "--quiet", "--output", "json:/dev/stdout", tmp_path], capture_output=True, check=True
    )

    assert json.loads(run.stdout)


def test_two_baselines_at_once_lose_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "known.json")
    children = []
    for name in "abcd":
        child = os.fork()
        if child == 0:
            for number in range(10):
                write_baseline(path, {str(tmp_path / f"{name}{number}"): [finding()]})
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert list(BaselineFile.read(path).of_others([])) == [f"{name}{number}" for name in "abcd" for number in range(10)]
    assert names(tmp_path) == ["known.json"]


def test_drafts_go_also_when_one_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"), Drafts(str(tmp_path)) as drafts:
        drafts.write(b"x")
    assert names(tmp_path) == []
