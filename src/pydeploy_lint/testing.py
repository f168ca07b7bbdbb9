r"""For tests of checks: give an app as a dictionary, get the findings.

from pydeploy_lint.testing import lint_files

findings = lint_files({"requirements.txt": "", "Procfile": "web: flask run\\n"}, [my_check])
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydeploy_lint.api import configured, judge
from pydeploy_lint.engine.baseline.file import BaselineFile
from pydeploy_lint.engine.check import Check, Example
from pydeploy_lint.engine.registry import load_built_in, load_registry, registry_of
from pydeploy_lint.engine.result import AppReport
from pydeploy_lint.facts.app import App
from pydeploy_lint.facts.options import AppOptions
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Finding, Span
from pydeploy_lint.heroku.history import History
from pydeploy_lint.settings.options import SETTINGS, Options

LISTING = "buildpacks"
"""The option that names a file: the printed output of ``heroku buildpacks``, here a file of the app."""
BASELINE = "baseline"
"""Another one: what is known already."""


class Directory:
    """Stands for an empty directory in a dictionary of files."""


class Link(str):
    """Stands for a symbolic link in a dictionary of files; the text is its target."""

    __slots__ = ()


Files = Mapping[str, "str | bytes | Link | Directory"]
"""What is at each path: text is written in UTF-8, with its line ends as they are."""


def write_tree(root: Path, files: Files) -> None:
    """Write an app's files below a directory that exists."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Directory):
            path.mkdir(exist_ok=True)
        elif isinstance(content, Link):
            path.symlink_to(content)
        else:
            path.write_bytes(content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content)


def options_of(settings: Mapping[str, str]) -> Options:
    """Options from the values of settings by name, such as ``{"as-of": "2024-11-06"}``.

    Without a date, an app is judged on the last day that the data knows, so that a test stays true.

    Raises:
        KeyError: there is no such setting.
        ValueError: a value is not of the right form.
    """
    return Options(AppOptions(History.load().until)).replaced(**_values(settings))


def _values(settings: Mapping[str, str]) -> dict[str, Any]:
    table = {setting.name: setting for setting in SETTINGS}
    return {table[name].field: table[name].convert(value) for name, value in settings.items()}


def open_app(root: Path, settings: Mapping[str, str] | None = None) -> App:
    """The app in a directory, as it is judged with some settings, such as ``{"stack": "heroku-24"}``."""
    options = options_for(root, settings, load_registry().checks.values())
    return App.open(open_tree(str(root)), options.app)


def judge_app(root: Path, checks: Iterable[Check], settings: Mapping[str, str] | None = None) -> AppReport:
    """Everything that some checks find in the app in a directory.

    Args:
        root: the directory.
        checks: what to run, and what the configuration of the app may name.
        settings: settings by name, as on the command line; those that name a file name one of the app.

    Raises:
        ConfigurationError: the app's configuration is wrong, or names a check that is not run.
    """
    checks = tuple(checks)
    return judge(open_tree(str(root)), options_for(root, settings, checks), registry_of(checks)).complete


def options_for(root: Path, settings: Mapping[str, str] | None = None, checks: Iterable[Check] = ()) -> Options:
    """The options for the app in a directory: settings by name, its own configuration, and the defaults of tests."""
    settings = dict(settings or {})
    listing, baseline = settings.pop(LISTING, None), settings.pop(BASELINE, None)
    options = configured(open_tree(str(root)), options_of({}), _values(settings), registry_of(checks))
    if listing:
        options = options.replaced(buildpacks=Source(listing, (root / listing).read_bytes()))
    if baseline:
        options = options.replaced(baseline=BaselineFile.read(str(root / baseline)).of_app(str(root)))
    return options


def lint_files(files: Files, checks: Iterable[Check], settings: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """Run checks on an app that is given as a dictionary.

    Args:
        files: the app.
        checks: what to run.
        settings: settings by name, as on the command line.

    Raises:
        AssertionError: a check failed.
        ConfigurationError: the app's configuration is wrong, or names a check that is not run.
    """
    with tempfile.TemporaryDirectory() as root:
        write_tree(Path(root), files)
        report = judge_app(Path(root), checks, settings)
    failures = [note.message for note in report.notifications if note.message.startswith("check ")]
    if failures:
        raise AssertionError("; ".join(failures))
    return report.findings


def place(span: Span) -> str:
    """A span as examples write it: ``path``, or ``path:line:column-end_line:end_column``."""
    return span.path if span.line is None else f"{span}-{span.end_line}:{span.end_column}"


def first_example(check: Check) -> Example | None:
    """The first example in which a check reports something that depends on no file outside of the app."""
    return next((example for example in check.bad if not example.options.keys() & {LISTING, BASELINE}), None)


def findings_of(check: Check, example: Example) -> list[Finding]:
    """What a check finds in an example."""
    # What reviews needs something to review, and no plug-in of somebody else, which may be at fault.
    checks = {**load_built_in().checks, check.name: check}.values() if check.reviews else [check]
    return [finding for finding in lint_files(example.files, checks, example.options) if finding.check == check.name]
