"""Everything that can go wrong at once: each app that is not at fault is reported, and the status tells."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path

import pytest

from pydeploy_lint.testing import write_tree
from tests.fleet.plugin import lint_with_trouble
from tests.fleet.repositories import repository

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither such signals nor such files")

NUMBER, EACH = 300, 10
"""How many apps there are, and that every tenth of them is broken, in one of these ways."""
FILES = {"requirements.txt": "flask\n", ".python-version": "3.13\n"}


def _no_directory(path: Path) -> None:
    path.write_text("a file")


def _nothing(_path: Path) -> None:
    pass


def _no_commit(path: Path) -> None:
    repository(path.with_suffix(".clone"), {})
    path.with_suffix(".clone").joinpath(".git").rename(path)
    for each in path.rglob("objects/*/*"):
        each.chmod(0o644)
        each.unlink()


def _damaged_bundle(path: Path) -> None:
    path.write_bytes(b"# v2 git bundle\nnonsense\n")


def _wrong_configuration(path: Path) -> None:
    path.mkdir()
    write_tree(path, {**FILES, ".pydeploy-lint.toml": "nonsense = 1\n"})


def _broken_configuration(path: Path) -> None:
    path.mkdir()
    write_tree(path, {**FILES, ".pydeploy-lint.toml": "[\n"})


def _kills(path: Path) -> None:
    path.mkdir()
    write_tree(path, {**FILES, "kill-always": ""})


def _kills_once(path: Path) -> None:
    path.mkdir()
    write_tree(path, {**FILES, "kill-once": ""})


def _makes_a_check_fail(path: Path) -> None:
    path.mkdir()
    write_tree(path, {**FILES, "raise": ""})


BROKEN = (_no_directory, _nothing, _no_commit, _damaged_bundle, _wrong_configuration, _broken_configuration, _kills)
REPORTED = (_kills_once, _makes_a_check_fail)
"""In these ways an app is judged all the same."""
WAYS = (*BROKEN, *REPORTED)


@pytest.fixture
def apps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """By the name of each app: whether it can be judged."""
    (tmp_path / "apps").mkdir()
    monkeypatch.chdir(tmp_path / "apps")
    judged = {}
    for number in range(NUMBER):
        name = f"app{number:03}"
        way = WAYS[number // EACH % len(WAYS)] if number % EACH == 0 else None
        if way is None:
            Path(name).mkdir()
            write_tree(Path(name), FILES)
        else:
            way(Path(name))
        judged[name] = way not in BROKEN
    (tmp_path / "list").write_text("".join(f"{name}\n" for name in judged))
    return judged


def test_what_is_broken_costs_only_itself(apps: dict[str, bool]) -> None:
    full = ["--output", "sarif:/dev/full"] if os.path.exists("/dev/full") else []
    result = lint_with_trouble(
        Path("../site"),
        *("--from", "../list", "--jobs", "2", "--quiet", "--format", "jsonl", "--output", "csv:all.csv", *full),
    )
    assert result.returncode == 4
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["path"] for line in lines if line["kind"] == "app"] == [
        name for name, judged in apps.items() if judged
    ]
    failed = {line["app"] for line in lines if line["kind"] == "notification"}
    assert failed == {name for name, judged in apps.items() if not judged}
    assert lines[-1]["kind"] == "totals"
    assert lines[-1]["apps"] == NUMBER
    assert ("--output: /dev/full cannot be written: No space left on device" in result.stderr) is bool(full)
    with open("all.csv", encoding="utf-8", newline="") as file:
        verdicts = {row["path"]: row["verdict"] for row in csv.DictReader(file)}
    assert {name: verdict != "not-judged" for name, verdict in verdicts.items()} == apps
