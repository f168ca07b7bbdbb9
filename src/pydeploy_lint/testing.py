r"""For tests of checks: give an app as a dictionary, get the findings.

from pydeploy_lint.testing import lint

findings = lint({"requirements.txt": "", "Procfile": "web: flask run\\n"}, [my_check])
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydeploy_lint import engine
from pydeploy_lint.app import App
from pydeploy_lint.check import Check, Example
from pydeploy_lint.deployed import open_tree
from pydeploy_lint.finding import Finding, Span
from pydeploy_lint.heroku.history import History
from pydeploy_lint.options import SETTINGS, Options
from pydeploy_lint.text import Source

LISTING = "buildpacks"
"""The option that names a file: the printed output of ``heroku buildpacks``, here a file of the app."""


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
    table = {setting.name: setting for setting in SETTINGS}
    values = {table[name].field: table[name].convert(value) for name, value in settings.items() if name != LISTING}
    return Options(as_of=History.load().until)._replace(**values)


def open_app(root: Path, settings: Mapping[str, str] | None = None) -> App:
    """The app in a directory, as it is judged with some settings."""
    settings = settings or {}
    options = options_of(settings)
    if LISTING in settings:
        options = options._replace(buildpacks=Source(settings[LISTING], (root / settings[LISTING]).read_bytes()))
    return App.open(open_tree(str(root)), options)


def lint(files: Files, checks: Iterable[Check], settings: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """Run checks on an app.

    Args:
        files: the app.
        checks: what to run.
        settings: settings by name, as on the command line.

    Raises:
        AssertionError: a check failed.
    """
    with tempfile.TemporaryDirectory() as root:
        write_tree(Path(root), files)
        report = engine.run(open_app(Path(root), settings), checks)
    failures = [note.message for note in report.notifications if note.message.startswith("check ")]
    if failures:
        raise AssertionError("; ".join(failures))
    return report.findings


def place(span: Span) -> str:
    """A span as examples write it: ``path``, or ``path:line:column-end_line:end_column``."""
    return span.path if span.line is None else f"{span}-{span.end_line}:{span.end_column}"


def findings_of(check: Check, example: Example) -> list[Finding]:
    """What a check finds in an example."""
    return [finding for finding in lint(example.files, [check], example.options) if finding.check == check.name]
