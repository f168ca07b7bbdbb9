"""The prediction: the first stop in the order of the build, and what is known up to there."""

import json
import re
from pathlib import Path

import pytest

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.engine.result import BuildPrediction
from pydeploy_lint.heroku.steps import OUT_OF_REACH, STOPS, Step
from pydeploy_lint.testing import Files, open_app, write_tree

CHECKS = load_registry().checks
PROJECT = '[project]\nname = "app"\nversion = "1"\ndependencies = []\n'


def predict(root: Path, files: Files, settings: dict[str, str] | None = None) -> BuildPrediction:
    write_tree(root, files)
    return engine.run(open_app(root, settings), CHECKS.values()).build


@pytest.mark.parametrize(
    ("files", "prediction"),
    [
        (
            {"uv.lock": 'version = 1\nrequires-python = ">=3.13"\n', ".python-version": "3.13\n"},
            BuildPrediction(
                None, "uv", "3.13", ".python-version", "3.13.15", "uv sync --locked --no-default-groups", (), ()
            ),
        ),
        (
            {"requirements.txt": "", "runtime.txt": "python-3.10.1\n"},
            BuildPrediction(
                None,
                "pip",
                "3.10.1",
                "runtime.txt",
                "3.10.1",
                "pip install -r requirements.txt",
                (),
                ("deprecated-runtime", "outdated-patch", "runtime-txt-deprecated"),
            ),
        ),
        (
            {"requirements.txt": "", "runtime.txt": "python-3.8\n"},
            BuildPrediction("python-version::eol", "pip", "3.8", "runtime.txt", None, None, (), (), starts=None),
        ),
        (
            {"requirements.txt": "", ".python-version": "x\n"},
            BuildPrediction("python-version-file::invalid-version", "pip", None, None, None, None, (), (), starts=None),
        ),
        (
            {"requirements.txt": "", "uv.lock": "version = 1\n"},
            BuildPrediction("package-manager::multiple-found", None, None, None, None, None, (), (), starts=None),
        ),
        ({"readme": ""}, BuildPrediction("detect", None, None, None, None, None, (), (), starts=None)),
    ],
)
def test_a_prediction_knows_what_comes_before_the_stop(
    tmp_path: Path, files: Files, prediction: BuildPrediction
) -> None:
    assert predict(tmp_path, files, {"buildpack": "v351"}) == prediction


@pytest.mark.parametrize(
    ("files", "starts"),
    [
        ({"requirements.txt": "flask\n", "app.py": "", "Procfile": "web: python app.py\n"}, True),
        ({"requirements.txt": "flask\n", "Procfile": "web: gunicorn app:app\n"}, False),
        ({"pyproject.toml": PROJECT, "uv.lock": "<<<<<<< HEAD\n"}, None),
        ({"requirements.txt": "flask\n", ".python-version": "3.8\n", "Procfile": "web: gunicorn app:app\n"}, None),
    ],
)
def test_a_prediction_says_whether_the_app_starts(tmp_path: Path, files: Files, starts: bool | None) -> None:
    assert predict(tmp_path, {".python-version": "3.13\n", **files}, {"buildpack": "v351"}).starts is starts


def test_all_problems_are_reported_and_the_first_in_the_order_of_the_build_is_predicted(tmp_path: Path) -> None:
    files = {
        ".heroku/python/x": "",
        "requirements.txt": "",
        "poetry.lock": "",
        "venv/pyvenv.cfg": "",
        ".python-version": "3.8\n",
        "app.json": '{"stack": "heroku-20"}',
    }
    write_tree(tmp_path, files)

    report = engine.run(open_app(tmp_path), CHECKS.values())

    assert report.build.failure_reason == "checks::stack::eol"
    reasons = {finding.failure_reason for finding in report.findings if finding.failure_reason}
    assert reasons == {
        "checks::stack::eol",
        "checks::existing-python-dir",
        "package-manager::multiple-found",
        "checks::existing-venv-dir",
        "python-version::eol",
    }


def test_stops_are_in_the_order_of_the_steps() -> None:
    assert list(STOPS.values()) == sorted(STOPS.values())
    assert set(STOPS.values()) <= set(Step)


def test_what_has_no_python_app_has_no_other_problem(tmp_path: Path) -> None:
    write_tree(tmp_path, {"venv.txt": "", "app.json": "{"})

    report = engine.run(open_app(tmp_path), CHECKS.values())

    assert [finding.check for finding in report.findings] == ["python-not-detected"]


def test_the_docs_name_the_check_of_every_stop_and_warning() -> None:
    """The table is complete for v351: every reason and warning has a row, and what can be told has a check."""
    page = (Path(__file__).parents[2] / "docs" / "method.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z:0-9_-]+)` \| (.*) \|$", page, re.MULTILINE))
    checks = {reason: re.findall(r"\[`([a-z0-9-]+)`\]", cell) for reason, cell in rows.items()}

    assert checks.keys() == {*STOPS, *(name for name, check in CHECKS.items() if check.warned_at), *OUT_OF_REACH}
    assert {name for names in checks.values() for name in names} <= CHECKS.keys()
    assert [reason for reason, step in STOPS.items() if not checks[reason] and step < Step.NLTK] == []
    assert [reason for reason in OUT_OF_REACH if checks[reason]] == []


def test_the_reasons_are_those_of_the_release_data() -> None:
    """The update script keeps the buildpack's reasons, so that a new one cannot go unnoticed."""
    known = json.loads((Path(__file__).parents[1] / "data" / "failure-reasons.json").read_text(encoding="utf-8"))

    assert sorted([*STOPS, *OUT_OF_REACH]) == sorted(known["reasons"])
