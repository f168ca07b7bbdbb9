from __future__ import annotations

import os
from pathlib import Path

import pytest

from pydeploy_lint.engine.result import Life
from pydeploy_lint.engine.timeline import timeline
from pydeploy_lint.files.tree import MAX_FILE_SIZE
from pydeploy_lint.testing import Files, open_app, write_tree

PYTHON_3_9 = ("2020-10-06", "2025-01-08", "2025-10-31", "2026-01-07")
PYTHON_3_10 = ("2021-10-04", "2025-11-21", "2026-10", "2027-01-06")
PYTHON_3_14 = ("2025-10-09", None, "2030-10", None)
HEROKU_22 = ("2022-06-07", "2026-06-01", "2027-04-30", "2027-05-01")
HEROKU_24 = ("2024-04-26", None, "2029-04-30", None)
OWN = (Life("Python 3.14", True, *PYTHON_3_14), Life("heroku-24", True, *HEROKU_24))
OTHER_PYTHON = (OWN[0]._replace(in_use=False), OWN[1])


@pytest.mark.parametrize(
    ("files", "lives"),
    [
        ({}, OWN),
        ({".python-version": "3.14.2"}, OWN),
        # Refused, and about to be.
        ({".python-version": "3.9"}, (Life("Python 3.9", True, *PYTHON_3_9), *OTHER_PYTHON)),
        (
            {".python-version": "3.10", "app.json": '{"stack": "heroku-22"}'},
            (
                Life("Python 3.10", True, *PYTHON_3_10),
                Life("Python 3.14", False, *PYTHON_3_14),
                Life("heroku-22", True, *HEROKU_22),
                Life("heroku-24", False, *HEROKU_24),
            ),
        ),
        # Older than the data, but for its end.
        (
            {"runtime.txt": "python-3.6.8"},
            (
                Life("Python 3.6", True, None, "2022-08-17", "2021-12-23", "2023-02-21"),
                *OTHER_PYTHON,
            ),
        ),
        # Never built by Heroku, and no version.
        (
            {".python-version": "3.99", "app.json": '{"stack": "heroku-99"}'},
            tuple(life._replace(in_use=False) for life in OWN),
        ),
        ({".python-version": "three"}, OTHER_PYTHON),
    ],
)
def test_lives(tmp_path: Path, files: Files, lives: tuple[Life, ...]) -> None:
    write_tree(tmp_path, {"requirements.txt": "", **files})
    assert timeline(open_app(tmp_path, {"as-of": "2026-11-23"})) == lives


def test_what_cannot_be_read_names_no_series(tmp_path: Path) -> None:
    write_tree(tmp_path, {"requirements.txt": "", ".python-version": ""})
    os.truncate(tmp_path / ".python-version", MAX_FILE_SIZE + 1)
    assert timeline(open_app(tmp_path, {"as-of": "2026-11-23"})) == OTHER_PYTHON


def test_what_is_no_python_app_has_none(tmp_path: Path) -> None:
    write_tree(tmp_path, {"package.json": "{}"})
    assert timeline(open_app(tmp_path)) == ()


def test_a_pinned_app_is_shown_how_long_heroku_supports_it_all_the_same(tmp_path: Path) -> None:
    write_tree(tmp_path, {"requirements.txt": "", ".python-version": "3.9"})
    pinned = timeline(open_app(tmp_path, {"buildpack": "v300"}))
    assert pinned[0] == Life("Python 3.9", True, *PYTHON_3_9)
    assert [life.subject for life in pinned] == ["Python 3.9", "Python 3.13", "heroku-24"]
