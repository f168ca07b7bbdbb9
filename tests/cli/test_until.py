"""Until when an app can be deployed: the answer to --until, and the date in the report for programs."""

from __future__ import annotations

import json

import pytest

from pydeploy_lint.testing import Files
from tests.cli.apps import CLEAN, REFUSED, Lint, app


def on_stack(stack: str, version: str) -> Files:
    return {"requirements.txt": "", ".python-version": f"{version}\n", "app.json": f'{{"stack": "{stack}"}}'}


@pytest.mark.parametrize(
    ("files", "until", "answer"),
    [
        (
            on_stack("heroku-24", "3.10"),
            "2027-06-30",
            "From 2027-01-06 Heroku rejects this app: Python 3.10 is removed",
        ),
        (
            on_stack("heroku-22", "3.12"),
            "2027-06-30",
            "From 2027-05-01 Heroku rejects this app: builds on heroku-22 are blocked",
        ),
        (
            on_stack("heroku-24", "3.11"),
            "2028-06-30",
            "From 2028-01-05 Heroku probably rejects this app (expected, not announced): Python 3.11 is removed",
        ),
        (
            on_stack("heroku-24", "3.13"),
            "2029-06-30",
            "From 2029-05-01 Heroku probably rejects this app (expected, not announced): "
            "builds on heroku-24 are blocked",
        ),
        (
            on_stack("heroku-24", "3.10"),
            "2027-01-05",
            "Heroku deploys this app beyond 2027-01-05: up to 2027-01-06, when Python 3.10 is removed",
        ),
        (
            on_stack("heroku-24", "3.12"),
            "2027-12-31",
            "Heroku deploys this app beyond 2027-12-31: up to 2029-01-03, expected and not announced, "
            "when Python 3.12 is removed",
        ),
        (
            REFUSED,
            "2027-12-31",
            "Heroku stops deploying this app before 2027-12-31: it would reject it on 2026-08-20 already",
        ),
        (
            {**CLEAN, "heroku.yml": "build:\n  docker:\n    web: Dockerfile\n", "app.json": '{"stack": "container"}'},
            "2027-12-31",
            "Whether Heroku deploys this app until 2027-12-31 is unknown, as heroku/python does not build it",
        ),
        (
            CLEAN,
            "2026-01-01",
            "There is nothing to look ahead to: 2026-01-01 is before 2026-08-20, the date judged by",
        ),
        ({"README.md": ""}, "2027-12-31", "it would reject it on 2026-08-20 already"),
    ],
)
def test_until_is_always_answered(lint: Lint, files: Files, until: str, answer: str) -> None:
    path = app("app", files)
    assert answer in lint(path, "--until", until)[1]
    assert answer in lint(path, "--until", until, "--format", "concise")[1]
    assert answer in lint(path, "--until", until, "--format", "html")[1]
    assert answer not in lint(path)[1]


def test_without_a_date_nothing_is_answered(lint: Lint) -> None:
    assert "2029" not in lint(app("app", CLEAN))[1]


@pytest.mark.parametrize(
    ("files", "end"),
    [
        (
            on_stack("heroku-24", "3.10"),
            {
                "date": "2027-01-06",
                "reason": "Python 3.10 is removed",
                "source": "heroku-buildpack-python v351",
                "expected": False,
            },
        ),
        (
            on_stack("heroku-24", "3.11"),
            {
                "date": "2028-01-05",
                "reason": "Python 3.11 is removed",
                "source": "the pattern of earlier removals",
                "expected": True,
            },
        ),
        ({**CLEAN, "app.json": '{"stack": "container"}', "heroku.yml": "build: {docker: {web: Dockerfile}}"}, None),
        ({"requirements.txt": "", ".python-version": b"\xff\xfe3"}, None),
    ],
)
def test_the_date_is_data_in_json(lint: Lint, files: Files, end: object) -> None:
    (report,) = json.loads(lint(app("app", files), "--format", "json")[1])["apps"]
    assert report["deploys_until"] == end
