"""The plan: the steps of the build up to its stop, and what cannot be told."""

from pathlib import Path

import pytest

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.facts.build import MAX_DIRECTORIES, nearest_manage_py
from pydeploy_lint.facts.locks.uv.ask import Answer
from pydeploy_lint.finding import Span
from pydeploy_lint.heroku.policy import Policy
from pydeploy_lint.report.common.terminal import Terminal
from pydeploy_lint.report.plan.plan import Line, Section, plan
from pydeploy_lint.report.plan.text import render
from pydeploy_lint.testing import Files, open_app, write_tree

CHECKS = load_registry().checks.values()
STEPS = "What the build does"


def sections(root: Path, files: Files) -> dict[str, dict[str, str]]:
    """The texts of the plan, by title and label."""
    write_tree(root, files)
    app = open_app(root, {"buildpack": "v351"})
    found = plan(app, engine.run(app, CHECKS))
    return {section.title: {line.label: line.text for line in section.lines} for section in found}


def test_a_build_that_succeeds(tmp_path: Path) -> None:
    steps = sections(
        tmp_path,
        {
            "requirements.txt": "Django==5.2\npsycopg2-binary==2.9.10\nnltk==3.9\n",
            ".python-version": "3.13\n",
            "manage.py": "",
            "nltk.txt": "punkt\n",
            "bin/pre_compile": "",
            "bin/post_compile": "",
            "app.json": '{"stack": "heroku-24"}',
        },
    )

    assert steps[STEPS] == {
        "buildpack": "heroku/python v351 of 2026-08-18",
        "stack": "heroku-24",
        "hook": "bin/post_compile: the last thing that the build runs",
        "manager": "pip, because there is a requirements.txt",
        "python": "3.13.15, the newest of 3.13 from .python-version",
        "install": "pip install -r requirements.txt",
        "nltk": "downloads what nltk.txt lists",
        "static files": "python manage.py collectstatic --noinput",
        "add-on": "heroku-postgresql, on the first deploy of an account from before 2023-05-15",
    }
    assert steps["What cannot be told"]["files"] == (
        "bin/pre_compile may create or delete files before the Python build looks for them"
    )


def test_a_build_that_stops_says_where(tmp_path: Path) -> None:
    steps = sections(tmp_path, {"requirements.txt": "", ".python-version": "3.8\n", "bin/post_compile": ""})

    assert steps[STEPS] == {
        "buildpack": "heroku/python v351 of 2026-08-18",
        "stack": "heroku-24",
        "manager": "pip, because there is a requirements.txt",
        "stop": "Python 3.8 has reached its end of life (2024-10-07); Heroku rejects it, and supports 3.10 and later "
        "(python-version::eol)",
    }


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ({}, "python manage.py collectstatic --noinput"),
        ({"app.json": '{"env": {"DISABLE_COLLECTSTATIC": "1"}}'}, "skipped: app.json sets DISABLE_COLLECTSTATIC"),
        (
            {"app.json": '{"env": {"DISABLE_COLLECTSTATIC": {"value": "1"}}}'},
            "skipped: app.json sets DISABLE_COLLECTSTATIC",
        ),
        (
            {"app.json": '{"env": {"DISABLE_COLLECTSTATIC": {"value": "0"}}}'},
            "python manage.py collectstatic --noinput",
        ),
        ({".heroku/collectstatic_disabled": ""}, "skipped: .heroku/collectstatic_disabled is there"),
    ],
)
def test_static_files(tmp_path: Path, files: Files, text: str) -> None:
    app = {"requirements.txt": "Django==5.2\n", ".python-version": "3.13\n", "manage.py": ""}

    assert sections(tmp_path, {**app, **files})[STEPS]["static files"] == text


@pytest.mark.parametrize(
    ("paths", "nearest"),
    [
        (["manage.py", "a/manage.py"], "manage.py"),
        (["b/manage.py", "a/manage.py", "a/a/manage.py"], "a/manage.py"),
        (["a/b/manage.py"], "a/b/manage.py"),
        (["a/b/c/manage.py", ".git/manage.py"], None),
    ],
)
def test_the_nearest_manage_py(tmp_path: Path, paths: list[str], nearest: str | None) -> None:
    write_tree(tmp_path, dict.fromkeys(paths, ""))

    assert open_app(tmp_path).build.manage_py == nearest


def test_uv_was_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pydeploy_lint.facts.locks.uv.ask.ask_uv", lambda _: Answer(fresh=True, text=""))
    write_tree(tmp_path, {".python-version": "3.13\n", "uv.lock": 'version = 1\nrequires-python = ">=3.13"\n'})
    app = open_app(tmp_path)
    app.options = app.options._replace(ask_uv=True)

    lines = [line for section in plan(app, engine.run(app, CHECKS)) for line in section.lines]

    assert Line("lock", "up to date, says uv, which was asked", Span("uv.lock")) in lines


def test_a_large_repository_is_not_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path, {f"data{number:03}/deep/{number}.txt": "" for number in range(100)})
    tree = open_app(tmp_path).files.tree
    listed: list[str] = []
    names = tree.names

    def remembered_names(directory: str = "") -> list[str]:
        listed.append(directory)
        return names(directory)

    monkeypatch.setattr(tree, "names", remembered_names)

    assert nearest_manage_py(tree) is None
    assert listed == ["", *(f"data{number:03}" for number in range(MAX_DIRECTORIES + 1))]


def test_an_app_without_a_version_depends_on_its_cache(tmp_path: Path) -> None:
    found = sections(tmp_path, {"uv.lock": "version = 1\n", "pyproject.toml": "", "bin/pre_compile": ""})

    assert found[STEPS]["stop"].endswith("unless bin/pre_compile creates one (python-version-file::not-found)")


def test_the_text() -> None:
    section = Section("Title", (Line("one", "first\x1b[31m"), Line("three", "::error::second", stops=True)))

    assert render("app", [section], None) == (
        "Heroku's plan for app\n\nTitle\n  one    first<U+001B>[31m\n  three  : :error::second\n"
    )
    assert "\x1b[31m" in render("app", [section], Terminal(80, colour=True))


def test_a_deadline_is_the_day_on_which_the_build_begins_to_stop(tmp_path: Path) -> None:
    """What `stops-deploying` announces is what the prediction says of that day, and not of the day before."""
    write_tree(tmp_path, {"requirements.txt": "", ".python-version": "3.10\n"})
    app = open_app(tmp_path, {"as-of": "2026-11-23", "until": "2028-01-01"})
    (deadline,) = [finding for finding in engine.run(app, CHECKS).findings if finding.check == "stops-deploying"]
    assert deadline.message == "from 2027-01-06 Heroku rejects deploys: Python 3.10 is removed"

    def reason(policy: Policy) -> str | None:
        return engine.run(app.under(policy), CHECKS).build.failure_reason

    event = app.policy.announced()[0]
    assert reason(app.policy.on(event.date)) == "python-version::eol"
    assert reason(app.policy.on(event.date.replace(day=event.date.day - 1))) is None
