"""The front door: `pydeploy_lint.lint` and `pydeploy_lint.plan`."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import pydeploy_lint
from pydeploy_lint import api
from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.facts.app import App
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.testing import write_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint import AppReport, Check
    from pydeploy_lint.engine.filters import Reporting

REJECTED = {"requirements.txt": "", ".python-version": "3.8\n", "Procfile": "web: true\n"}


def test_a_path_is_all_it_takes(tmp_path: Path) -> None:
    write_tree(tmp_path, REJECTED)

    report = pydeploy_lint.lint(tmp_path)

    assert report.build.failure_reason == "python-version::eol"
    assert [finding.check for finding in report.findings] == ["unsupported-runtime"]
    assert report.path == str(tmp_path)
    assert report.policy.as_of == datetime.date.today().isoformat()


def test_arguments_go_before_the_configuration(tmp_path: Path) -> None:
    write_tree(tmp_path, {**REJECTED, ".pydeploy-lint.toml": 'ignore = ["unsupported-runtime"]\nas-of = 2026-08-19\n'})

    assert pydeploy_lint.lint(tmp_path).findings == ()
    assert pydeploy_lint.lint(tmp_path, ignore=[]).policy.as_of == "2026-08-19"
    assert pydeploy_lint.lint(tmp_path, as_of="2024-01-01").policy.as_of == "2024-01-01"
    (finding,) = pydeploy_lint.lint(tmp_path, configuration=False).findings
    assert finding.check == "unsupported-runtime"


def test_a_listing_and_a_release_are_judged_by(tmp_path: Path) -> None:
    write_tree(tmp_path, REJECTED)

    report = pydeploy_lint.lint(tmp_path, buildpack="v240", stack="heroku-22")

    assert (report.policy.buildpack, report.policy.stack) == ("v240", "heroku-22")
    assert report.build.failure_reason is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"as_of": "yesterday"}, "as-of: 'yesterday' is not a date, such as 2024-11-06"),
        ({"select": ["pythons"]}, "select: unknown check or family 'pythons': did you mean 'python'?"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match="^" + message.replace("?", r"\?")):
        pydeploy_lint.plan(tmp_path, **options)


def test_a_file_is_no_app(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError, match="file is not a directory"):
        pydeploy_lint.lint(tmp_path / "file")


def test_the_plan_has_sections(tmp_path: Path) -> None:
    write_tree(tmp_path, REJECTED)

    steps, *_ = pydeploy_lint.plan(tmp_path)

    assert steps.title == "What the build does"
    assert steps.lines[-1].stops


def test_an_unknown_option_of_the_plan_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'stak'"):
        pydeploy_lint.plan(tmp_path, stak="heroku-24")


def test_every_public_name_is_there_and_documented() -> None:
    for name in pydeploy_lint.__all__:
        value = getattr(pydeploy_lint, name)
        assert name == "__version__" or value.__doc__
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        getattr(pydeploy_lint, "nonsense")  # noqa: B009 - the name is the point


def test_the_package_imports_nothing_until_it_is_asked() -> None:
    code = "import pydeploy_lint, sys; sys.exit('pydeploy_lint.finding' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_pinned_app_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is judged by two sets of rules, and no file is read and no fact is computed twice for one of them."""
    write_tree(
        tmp_path,
        {
            ".python-version": "3.13\n",
            "requirements.txt": "Django==5.2\ngunicorn==23.0\n",
            "Procfile": "web: gunicorn shop.wsgi\n",
            "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
            "shop/__init__.py": "",
            "shop/settings.py": "DEBUG = False\n",
            "shop/wsgi.py": "",
            "app.json": '{"buildpacks": [{"url": "https://github.com/heroku/heroku-buildpack-python#v340"}]}',
        },
    )
    reads: Counter[str] = Counter()
    computed: Counter[tuple[int, str]] = Counter()
    apps: list[App] = []
    read, get, run = WorkingTree.read, cached_property.__get__, engine.run

    def counted_read(tree: WorkingTree, path: str) -> bytes:
        reads[path] += 1
        return read(tree, path)

    def counted_get(self: cached_property[object], instance: object, owner: type | None = None) -> object:
        computed[id(instance), str(self.attrname)] += 1
        return get(self, instance, owner)

    def remembered_run(app: App, checks: Iterable[Check], reporting: Reporting, **names: Any) -> AppReport:
        apps.append(app)
        return run(app, checks, reporting, **names)

    monkeypatch.setattr(WorkingTree, "read", counted_read)
    monkeypatch.setattr(cached_property, "__get__", counted_get)
    monkeypatch.setattr(api, "run", remembered_run)

    report = api.judge(WorkingTree(str(tmp_path)), api.today(), load_registry()).complete

    assert report.current
    assert reads["shop/settings.py"] == 1
    assert [path for path, times in reads.items() if times > 1] == []
    assert "install_set" in {name for _, name in computed}
    assert [name for (_, name), times in computed.items() if times > 1] == []
    (app,) = apps
    assert app.unpinned is not app
    assert app.unpinned.django is app.django
    assert app.unpinned.processes is app.processes
