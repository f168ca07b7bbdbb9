"""Everything that can go wrong at once: each app that is not at fault is reported, and the status tells."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.testing import Directory, Files, write_tree
from tests.fleet.plugin import install, lint_with_trouble
from tests.fleet.repositories import git, repository

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither such signals nor such files")

NUMBER, EACH = 1000, 33
"""How many apps there are, and that one of so many is broken, each in another way."""
FILES = {"requirements.txt": "flask\n", ".python-version": "3.13\n"}
LARGEST = 1_000_000
"""Bytes that a file may have in the runs on which the disk is full."""

Break = Callable[[Path], object]


def _with(files: Files) -> Break:
    def make(path: Path) -> None:
        path.mkdir()
        write_tree(path, {**FILES, **files})

    return make


def _repository_with(damage: Callable[[Path], object]) -> Break:
    """A bare repository to which something happens."""

    def make(path: Path) -> None:
        repository(path.with_suffix(".clone"), FILES)
        path.with_suffix(".clone").joinpath(".git").rename(path)
        git(path, "config", "core.bare", "true")
        damage(path)

    return make


def _without_objects(path: Path) -> None:
    for each in path.rglob("objects/*/*"):
        each.chmod(0o644)
        each.unlink()


def _with_damaged_objects(path: Path) -> None:
    for each in path.rglob("objects/??/*"):
        each.chmod(0o644)
        each.write_bytes(b"nonsense")


def _own_loop(path: Path) -> None:
    path.symlink_to(path.name)


def _requirements_in_a_loop(path: Path) -> None:
    path.mkdir()
    (path / "requirements.txt").symlink_to("requirements.txt")


def _requirements_as_a_pipe(path: Path) -> None:
    path.mkdir()
    os.mkfifo(path / "requirements.txt")


NOT_JUDGED: dict[str, Break] = {
    "is a file": lambda path: path.write_text("a file"),
    "is not there": lambda _path: None,
    "is a link to itself": _own_loop,
    "is a link to nothing": lambda path: path.symlink_to("nowhere"),
    "is a damaged bundle": lambda path: path.write_bytes(b"# v2 git bundle\nnonsense\n"),
    "is a bundle of nothing": lambda path: path.write_bytes(b"# v2 git bundle\n\n"),
    "has no objects": _repository_with(_without_objects),
    "has damaged objects": _repository_with(_with_damaged_objects),
    "has a HEAD without a commit": _repository_with(lambda path: git(path, "symbolic-ref", "HEAD", "refs/heads/none")),
    "has an unknown setting": _with({".pydeploy-lint.toml": "nonsense = 1\n"}),
    "has a configuration that is no TOML": _with({".pydeploy-lint.toml": "[\n"}),
    "has a configuration that is no text": _with({".pydeploy-lint.toml": b"\xff\xfe\x00"}),
    "extends what is not there": _with({".pydeploy-lint.toml": 'extend = "other.toml"\n'}),
    "extends itself": _with({".pydeploy-lint.toml": 'extend = ".pydeploy-lint.toml"\n'}),
    "kills its process": _with({"kill-always": ""}),
}
JUDGED: dict[str, Break] = {
    "has a check that never ends": _with({"endless": ""}),
    "kills its process once": _with({"kill-once": ""}),
    "makes a check fail": _with({"raise": ""}),
    "makes a check exit": _with({"exit": ""}),
    "makes a check print": _with({"print": ""}),
    "has an index that is none": _with({".git/index": "nonsense", ".git/HEAD": "ref: refs/heads/main\n"}),
    "points to no repository": _with({".git": "gitdir: nowhere\n"}),
    "has requirements in a loop": _requirements_in_a_loop,
    "has requirements that are a pipe": _requirements_as_a_pipe,
    "has requirements that are a directory": _with({"requirements.txt": Directory()}),
    "has requirements that are no text": _with({"requirements.txt": b"\xff\x00\xfe"}),
    "has a project that is no TOML": _with({"pyproject.toml": "[tool\n"}),
    "has a project that is too deep": _with({"pyproject.toml": "a = " + "[" * 5000}),
    "has an app.json that is too deep": _with({"app.json": '{"a":' * 50_000}),
    "has a lock that is no JSON": _with({"Pipfile": "", "Pipfile.lock": "nonsense"}),
}
"""What is judged all the same."""


@pytest.fixture
def apps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """By the name of each app: whether it can be judged."""
    (tmp_path / "apps").mkdir()
    monkeypatch.chdir(tmp_path / "apps")
    ways = iter({**NOT_JUDGED, **JUDGED}.items())
    judged = {}
    for number in range(NUMBER):
        name = f"app{number:03}"
        way, make = next(ways, ("", _with({}))) if number % EACH == 0 else ("", _with({}))
        make(Path(name))
        judged[name] = way not in NOT_JUDGED
    assert next(ways, None) is None
    (tmp_path / "list").write_text("".join(f"{name}\n" for name in judged))
    return judged


def test_what_is_broken_costs_only_itself(apps: dict[str, bool]) -> None:
    import resource

    full = ["--output", "sarif:/dev/full"] if os.path.exists("/dev/full") else []
    options = ["--from", "../list", "--jobs", "2", "--quiet", "--time-limit", "10", "--format", "jsonl"]
    files = ["--output", "csv:all.csv", "--output", "json:all.json", *full]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    install(Path("../site"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, before[1]))
    try:
        result = lint_with_trouble(Path("../site"), *options, *files)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert result.returncode == 4
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["path"] for line in lines if line["kind"] == "app"] == [
        name for name, judged in apps.items() if judged
    ]
    assert {line["app"] for line in lines if line["kind"] == "notification"} == {
        name for name, judged in apps.items() if not judged
    }
    assert (lines[-1]["kind"], lines[-1]["apps"]) == ("totals", NUMBER)
    with open("all.csv", encoding="utf-8", newline="") as file:
        verdicts = {row["path"]: row["verdict"] for row in csv.DictReader(file)}
    assert {name: verdict != "not-judged" for name, verdict in verdicts.items()} == apps
    assert "--output: all.json cannot be written: File too large" in result.stderr
    assert ("--output: /dev/full cannot be written: No space left on device" in result.stderr) is bool(full)
    assert "Traceback" not in result.stderr
    assert {path for path in os.listdir() if not path.startswith("app")} == {"all.csv"}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no disk that is always full")
def test_a_full_disk_alone_is_told_by_the_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        _with({".python-version": "3.14\n", "requirements.txt": ""})(Path(name))
    assert main(["--quiet", "--output", "csv:all.csv", "one", "two"]) == 0
    assert main(["--quiet", "--output", "csv:/dev/full", "--output", "csv:all.csv", "one", "two"]) == 2
