r"""For tests of checks: give an app as a dictionary, get the findings.

from pydeploy_lint.testing import lint

findings = lint({"requirements.txt": "", "Procfile": "web: flask run\\n"}, [my_check])
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.baseline.file import BaselineFile
from pydeploy_lint.engine.check import Check, Example
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.facts.app import App
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Finding, Span
from pydeploy_lint.heroku.history import History
from pydeploy_lint.settings.configuration import read_configuration
from pydeploy_lint.settings.options import SETTINGS, Options, definitions

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
    return Options(as_of=History.load().until)._replace(**_values(settings))


def _values(settings: Mapping[str, str]) -> dict[str, Any]:
    table = {setting.name: setting for setting in SETTINGS}
    return {table[name].field: table[name].convert(value) for name, value in settings.items()}


def open_app(root: Path, settings: Mapping[str, str] | None = None, checks: Collection[Check] = ()) -> App:
    """The app in a directory, as it is judged with some settings.

    Args:
        root: the directory.
        settings: settings by name, as on the command line; those that name a file name one of the app.
        checks: what the configuration of the app may name.
    """
    settings = dict(settings or {})
    listing, baseline = settings.pop(LISTING, None), settings.pop(BASELINE, None)
    tree = open_tree(str(root))
    names = definitions({check.name: check for check in checks}, {check.family: check for check in checks})
    options = options_of({})._replace(**{**read_configuration(tree.source_tree, names), **_values(settings)})
    if listing:
        options = options._replace(buildpacks=Source(listing, (root / listing).read_bytes()))
    if baseline:
        options = options._replace(baseline=BaselineFile.read(str(root / baseline)).of_app(str(root)))
    return App.open(tree, options)


def lint(files: Files, checks: Iterable[Check], settings: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """Run checks on an app.

    Args:
        files: the app.
        checks: what to run.
        settings: settings by name, as on the command line.

    Raises:
        AssertionError: a check failed.
        ConfigurationError: the app's configuration is wrong, or names a check that is not run.
    """
    checks = tuple(checks)
    with tempfile.TemporaryDirectory() as root:
        write_tree(Path(root), files)
        report = engine.run(open_app(Path(root), settings, checks), checks)
    failures = [note.message for note in report.notifications if note.message.startswith("check ")]
    if failures:
        raise AssertionError("; ".join(failures))
    return report.findings


def place(span: Span) -> str:
    """A span as examples write it: ``path``, or ``path:line:column-end_line:end_column``."""
    return span.path if span.line is None else f"{span}-{span.end_line}:{span.end_column}"


def findings_of(check: Check, example: Example) -> list[Finding]:
    """What a check finds in an example."""
    checks = load_registry().checks.values() if check.reviews else [check]
    return [finding for finding in lint(example.files, checks, example.options) if finding.check == check.name]
