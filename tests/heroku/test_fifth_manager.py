"""A package manager that came to Heroku after this was written: the data knows it, and nothing else does."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from data_files import DATA

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.heroku.history import History
from pydeploy_lint.heroku.policy import MANAGER_TITLES, Policy
from pydeploy_lint.report.common.summary import summary
from pydeploy_lint.report.plan.plan import plan
from pydeploy_lint.testing import open_app, write_tree

CHECKS = load_built_in().checks.values()
DAY = datetime.date(2026, 9, 1)
PYTHON = {".python-version": "3.14\n"}


def with_pdm() -> History:
    data = json.loads((DATA / "releases.json").read_bytes())
    data["events"] = [event for event in data["events"] if int(event["release"][1:]) <= 351]
    managers = History(data).state("v351")["package_managers"]
    changes = {
        "package_managers": [*managers, ["pdm", "pdm.lock"]],
        "tools/pdm": "2.30.0",
        "install_commands/pdm": {"command": "pdm sync --prod"},
    }
    return History(data | {"events": [*data["events"], {"release": "v352", "date": "2026-09-01", "set": changes}]})


@pytest.mark.parametrize(
    ("files", "reason", "manager"),
    [
        ({"pdm.lock": "", **PYTHON}, None, "pdm"),
        ({"pdm.lock": ""}, None, "pdm"),
        (
            {"pdm.lock": "[[package]]\nname = 'flask'\n", "pyproject.toml": "[project]\nname = 'a'\n", **PYTHON},
            None,
            "pdm",
        ),
        ({"pdm.lock": "", "requirements.txt": "flask\n", **PYTHON}, "package-manager::multiple-found", None),
        ({"pdm.lock": "", "runtime.txt": "python-3.14.7\n"}, None, "pdm"),
        ({"pdm.lock": "", "manage.py": "import django\n", "Procfile": "web: gunicorn a.wsgi\n", **PYTHON}, None, "pdm"),
        ({"pdm.lock": "{", ".python-version": "3.8\n"}, "python-version::eol", "pdm"),
        (
            {"pdm.lock": "", "app.py": "import flask\n", "Procfile": "web: python app.py\nrelease: flask db\n"},
            None,
            "pdm",
        ),
    ],
)
def test_it_is_judged_as_far_as_the_data_goes(
    tmp_path: Path, files: dict[str, str], reason: str | None, manager: str | None
) -> None:
    write_tree(tmp_path, files)
    app = open_app(tmp_path).under(Policy(DAY, history=with_pdm()))

    report = engine.run(app, CHECKS)

    assert [note.message for note in report.notifications] == []
    assert (report.build.failure_reason, report.build.package_manager) == (reason, manager)
    assert report.build.install_command == ("pdm sync --prod" if reason is None else None)
    assert plan(app, report)
    if reason is None:
        assert "using pdm" in summary(report)[1]


def test_it_goes_by_its_own_name() -> None:
    assert MANAGER_TITLES["pdm"] == "pdm"
    assert MANAGER_TITLES.get("uv") == "uv"
