"""A run needs no memory for the apps that it has judged: each is reported, and forgotten, before the next is opened."""

from __future__ import annotations

import gc
import json
import weakref
from pathlib import Path
from typing import Any

import pytest

from pydeploy_lint import api
from pydeploy_lint.cli.main import main
from pydeploy_lint.fleet import job
from pydeploy_lint.report.formats import FORMATS
from pydeploy_lint.testing import write_tree

PATHS = ["one", "two", "three"]
STREAMED = ("full", "concise", "json", "sarif", "gitlab")


@pytest.fixture(autouse=True)
def _apps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    for path in PATHS:
        Path(path).mkdir()
        write_tree(Path(path), {"requirements.txt": "", ".python-version": "3.8\n"})


@pytest.mark.parametrize("name", FORMATS)
def test_an_app_is_forgotten_before_the_next_is_opened(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    apps: list[weakref.ref[Any]] = []
    alive: list[int] = []

    def judge(*arguments: Any, **options: Any) -> api.Judged:
        gc.collect()
        alive.append(sum(app() is not None for app in apps))
        judged = api.judge(*arguments, **options)
        apps.append(weakref.ref(judged.app))
        return judged

    monkeypatch.setattr(job, "judge", judge)
    assert main(["--format", name, *PATHS]) == 1
    assert alive == [0, 0, 0]


@pytest.mark.parametrize("name", STREAMED)
def test_an_app_is_reported_before_the_next_is_opened(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: list[str] = []
    written: list[int] = []

    def judge(*arguments: Any, **options: Any) -> api.Judged:
        written.append("".join(pieces).count("Python 3.8 has reached its end of life"))
        return api.judge(*arguments, **options)

    monkeypatch.setattr(job, "judge", judge)
    monkeypatch.setattr("pydeploy_lint.cli.outputs.write", pieces.append)
    main(["--format", name, *PATHS])
    assert written == [0, 1, 2]


def test_a_document_of_pieces_is_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--format", "json", *PATHS])
    assert [app["path"] for app in json.loads(capsys.readouterr().out)["apps"]] == PATHS
    main(["--format", "sarif", *PATHS])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in run["results"]
        if result["ruleId"] == "unsupported-runtime"
    ]
    assert uris == [f"{path}/.python-version" for path in PATHS]


def test_a_run_that_is_broken_off_leaves_no_half_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(*_: Any, **__: Any) -> api.Judged:
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "judge", judge)
    Path("old.json").write_text("old")
    assert main(["--output", "json:old.json", "--output", "sarif:new.sarif", *PATHS]) == 130
    assert Path("old.json").read_text() == "old"
    assert sorted(path.name for path in Path().iterdir()) == sorted([*PATHS, "old.json"])
