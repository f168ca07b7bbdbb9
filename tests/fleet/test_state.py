"""Results that are kept: what has not changed is not judged again, and what is damaged is not used."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from pydeploy_lint.api import judge as judge_app
from pydeploy_lint.api import today
from pydeploy_lint.cli.main import main
from pydeploy_lint.engine.baseline.file import BaselineFile
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.files.data.aging_data import current
from pydeploy_lint.fleet import content, job, state
from pydeploy_lint.fleet.job import Job
from pydeploy_lint.fleet.outcome import Outcome
from pydeploy_lint.fleet.state import State
from pydeploy_lint.fleet.target import Target
from pydeploy_lint.testing import write_tree
from tests.fleet.repositories import commit, git, repository

FILES = {"requirements.txt": "flask\n", ".python-version": "3.8\n"}
JOB = Job({}, today())


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory outside of git, and a home without settings of git."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return tmp_path


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The apps that were judged and not looked up."""
    paths: list[str] = []

    def judge(*arguments: object, path: str) -> object:
        paths.append(path)
        return judge_app(*arguments, path=path)  # type: ignore[arg-type]

    monkeypatch.setattr(job, "judge", judge)
    return paths


def run(target: Target, of: Job = JOB) -> Outcome:
    return of._replace(state=State.open("state", of)).run(target, load_registry())


def kept() -> list[Path]:
    return [path for path in Path("state").rglob("*") if path.is_file()]


def plain() -> Target:
    Path("app").mkdir()
    write_tree(Path("app"), FILES)
    return Target("app")


def checkout() -> Target:
    repository(Path("app"), FILES)
    return Target("app")


def mirror() -> Target:
    checkout()
    git(".", "clone", "--quiet", "--mirror", "app", "app.git")
    return Target("app.git")


def bundle() -> Target:
    checkout()
    git("app", "bundle", "create", "--quiet", "../app.bundle", "HEAD")
    return Target("app.bundle")


def subdirectory() -> Target:
    repository(Path("app"), {f"web/{name}": text for name, text in FILES.items()})
    return Target("app", "main", "web", may_be_none=True)


@pytest.mark.parametrize("make", [plain, checkout, mirror, bundle, subdirectory])
def test_what_has_not_changed_is_not_judged_again(make: Callable[[], Target], judged: list[str]) -> None:
    target = make()
    first, second = run(target), run(target)
    assert judged == [target.label]
    assert first == second
    assert first.found
    assert JOB.run(target, load_registry()) == first


def test_of_each_app_only_the_last_result_is_kept() -> None:
    target = plain()
    run(target)
    run(target, JOB._replace(settings={"stack": "heroku-22"}))
    assert len(kept()) == 1


@pytest.mark.parametrize(("make", "times"), [(plain, 3), (checkout, 2)])
def test_a_file_that_has_changed_is_judged(make: Callable[[], Target], times: int, judged: list[str]) -> None:
    target = make()
    run(target)
    write_tree(Path("app"), {".python-version": "3.14\n"})
    assert not run(target).found
    write_tree(Path("app"), FILES)
    assert run(target).found
    # What is changed in a checkout is not kept, so the result for its commit still is.
    assert len(judged) == times


def test_a_new_commit_is_judged(judged: list[str]) -> None:
    target = mirror()
    run(target)
    write_tree(Path("app"), {".python-version": "3.14\n"})
    commit(Path("app"), "Second")
    git("app.git", "fetch", "--quiet")
    assert not run(target).found
    assert len(judged) == 2


def test_a_checkout_with_files_that_git_ignores_is_always_judged(judged: list[str]) -> None:
    repository(Path("app"), {**FILES, ".gitignore": "*.log\n"})
    target = Target("app")
    run(target)
    Path("app/new.log").touch()
    run(target)
    run(target)
    assert len(judged) == 3


@pytest.mark.parametrize(
    "path", ["app/.git/info/exclude", "app/.git/config", "home/.gitconfig", "home/.config/git/ignore"]
)
def test_the_settings_of_git_count(path: str, judged: list[str]) -> None:
    target = checkout()
    run(target)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with Path(path).open("a") as file:
        file.write("# changed\n")
    run(target)
    assert len(judged) == 2


def _baseline(text: str) -> BaselineFile:
    Path("known.json").write_text(text)
    return BaselineFile.read("known.json")


@pytest.mark.parametrize(
    "change",
    [
        lambda: JOB._replace(settings={"stack": "heroku-22"}),
        lambda: JOB._replace(isolated=True),
        lambda: JOB._replace(with_plan=True),
        lambda: JOB._replace(baseline=_baseline('{"schema_version": 1, "apps": []}')),
    ],
)
def test_other_options_are_other_results(change: Callable[[], Job], judged: list[str]) -> None:
    target, other = plain(), change()
    run(target)
    run(target, other)
    run(target, other)
    assert len(judged) == 2


def test_other_data_and_other_plug_ins_are_other_results(monkeypatch: pytest.MonkeyPatch) -> None:
    grounds = {State.open("state", JOB).ground}
    newer = current()._replace(version="2099.1.1")
    monkeypatch.setattr(state, "current", lambda: newer)
    grounds.add(State.open("state", JOB).ground)
    monkeypatch.setattr(state, "_plug_ins", lambda: ["trouble 1"])
    grounds.add(State.open("state", JOB).ground)
    monkeypatch.setattr(state, "__version__", "99")
    grounds.add(State.open("state", JOB).ground)
    assert len(grounds) == 4


@pytest.mark.parametrize("target", [Target("app", heroku_app="shop"), Target("missing"), Target("app", rev="HEAD")])
def test_what_nothing_tells_apart_is_not_looked_up(target: Target) -> None:
    plain()
    assert content.content_of(target, JOB.defaults) is None


def test_large_directories_and_links_are_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    target = plain()
    assert content.content_of(target, JOB.defaults)
    monkeypatch.setattr(content, "MOST_FILES", 1)
    assert content.content_of(target, JOB.defaults) is None
    monkeypatch.undo()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission on Windows")
def test_what_is_behind_a_link_may_change(place: Path) -> None:
    (place / "app").mkdir()
    write_tree(place / "app", FILES)
    (place / "app" / "link").symlink_to(place)
    assert content.content_of(Target(str(place / "app")), JOB.defaults) is None


# --- Files that are damaged, or not ours


def damage_by_cutting(data: bytes) -> bytes:
    return data[: len(data) // 2]


def damage_by_one_bit(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def damage_by_nothing_left(_data: bytes) -> bytes:
    return b""


def damage_by_another_object(data: bytes) -> bytes:
    return _sealed(data, pickle.dumps(("no", "result")))


def damage_by_code(data: bytes) -> bytes:
    return _sealed(data, b"cposix\nsystem\n(S'touch run-by-pickle'\ntR.")


def _sealed(data: bytes, payload: bytes) -> bytes:
    key = data[32:64]
    return sha256(key + payload).digest() + key + payload


@pytest.mark.parametrize(
    "damage",
    [
        damage_by_cutting,
        damage_by_one_bit,
        damage_by_nothing_left,
        damage_by_another_object,
        damage_by_code,
    ],
)
def test_damaged_state_is_thrown_away(damage: Callable[[bytes], bytes], judged: list[str]) -> None:
    target = plain()
    first = run(target)
    (file,) = kept()
    file.write_bytes(damage(file.read_bytes()))
    assert run(target) == first
    assert run(target) == first
    assert len(judged) == 2
    assert not Path("run-by-pickle").exists()


def test_a_result_that_is_not_complete_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "judge", lambda *_, **__: 1 / 0)
    outcome = run(plain())
    assert outcome.report is None
    assert not kept()


def test_a_state_that_cannot_be_written_costs_only_time(judged: list[str]) -> None:
    target = plain()
    run(target)
    (file,) = kept()
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("in the way")
    assert run(target) == run(target)
    assert len(judged) == 3


# --- The command line


def test_the_output_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(6):
        repository(Path(f"app{number}"), FILES)
    arguments = ["--as-of", "2026-08-20", "--format", "json", "--discover", "."]
    outputs = []
    for more in ([], ["--state", "state"], ["--state", "state"], ["--state", "state", "--jobs", "2"]):
        assert main([*arguments, *more]) == 1
        outputs.append(capsys.readouterr().out)
    assert len(set(outputs)) == 1
    assert len(kept()) == 6


def test_two_runs_may_use_a_state_at_once() -> None:
    for number in range(12):
        Path(f"app{number:02}").mkdir()
        write_tree(Path(f"app{number:02}"), FILES)
    command = [sys.executable, "-m", "pydeploy_lint", "--as-of", "2026-08-20", "--state", "state", "--discover", "."]
    processes = [subprocess.Popen([*command, "--format", "csv"], stdout=subprocess.PIPE) for _ in range(3)]
    outputs = {process.communicate()[0] for process in processes}
    assert [process.returncode for process in processes] == [1, 1, 1]
    assert len(outputs) == 1
    assert len(kept()) == 12


def test_a_state_that_cannot_be_made_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").touch()
    assert main([plain().path, "--state", os.path.join("file", "state")]) == 2
    assert capsys.readouterr().err.startswith("pydeploy-lint: error: --state: file")


def test_after_a_new_baseline_nothing_old_is_looked_up(capsys: pytest.CaptureFixture[str]) -> None:
    target = plain()
    assert main([target.path, "--state", "state"]) == 1
    assert main([target.path, "--state", "state", "--write-baseline", "known.json"]) == 0
    assert main([target.path, "--state", "state", "--baseline", "known.json"]) == 0
    capsys.readouterr()
