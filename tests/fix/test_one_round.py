"""One round is enough: after the fixes of a run, and their commands, nothing is wrong that the run did not say.

Every bad example of every check is judged by all checks, and so are the apps in ``examples/`` and those from the field.
Commands of git are run; those of package managers, which need an index, and of Heroku are not.
"""

from __future__ import annotations

import ast
import json
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from pydeploy_lint.engine.result import AppReport
from pydeploy_lint.finding import Finding, Severity
from pydeploy_lint.settings.options import Options
from pydeploy_lint.testing import options_for, write_tree
from tests.fix.fixing import CHECKS, fix, lint
from tests.test_field import CASES, plant

EXAMPLES = Path(__file__).parents[2] / "examples"
RUN_ELSEWHERE = ("heroku", "pip-compile", "pipenv", "poetry", "uv")
"""Programs of commands that are not run here."""


class Case(NamedTuple):
    """An app to be mended."""

    name: str
    plant: Callable[[Path], Options]
    """Writes the app to a directory, and gives the options to judge it by."""


def _examples() -> list[Case]:
    def planting(files: object, settings: object) -> Callable[[Path], Options]:
        def write(root: Path) -> Options:
            write_tree(root, files)  # type: ignore[arg-type]
            return options_for(root, settings, CHECKS.values())  # type: ignore[arg-type]

        return write

    return [
        Case(f"{check.name}-{number}", planting(example.files, example.options))
        for check in CHECKS.values()
        for number, example in enumerate(check.bad, 1)
    ]


def _field() -> list[Case]:
    def planting(tree: dict[str, object], words: list[str]) -> Callable[[Path], Options]:
        settings = {name.removeprefix("--"): value for name, value in zip(words[::2], words[1::2], strict=True)}

        def write(root: Path) -> Options:
            plant(root, tree)
            return options_for(root, settings, CHECKS.values())

        return write

    return [Case(f"{case['kind']}-{case['id']}", planting(case["tree"], case["options"])) for case in CASES]


def _directories() -> list[Case]:
    def planting(directory: Path) -> Callable[[Path], Options]:
        def write(root: Path) -> Options:
            shutil.copytree(directory, root, dirs_exist_ok=True)
            return options_for(root, None, CHECKS.values())

        return write

    return [Case(each.name, planting(each)) for each in sorted(EXAMPLES.iterdir()) if each.is_dir()]


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("case", [*_directories(), *_examples(), *_field()], ids=lambda case: case.name)
def test_the_fixes_of_one_run_are_enough(case: Case, unsafe: bool, tmp_path: Path) -> None:
    options = case.plant(tmp_path)
    before = lint(tmp_path, options)
    broken = unparsable(tmp_path)
    known = Counter(loud(before))

    changed = fix(tmp_path, options, unsafe=unsafe)
    if not changed:
        return
    for command in commands_of(before, unsafe=unsafe):
        run(command, tmp_path)

    after = lint(tmp_path, options)
    assert {name: count for name, count in Counter(loud(after)).items() if count > known[name]} == {}
    assert unparsable(tmp_path) <= broken
    assert fix(tmp_path, options, unsafe=unsafe) == []
    assert [each for each in automatic(after, unsafe=unsafe) if not each.fix or not each.fix.commands] == []


def loud(report: AppReport) -> list[str]:
    """The checks of what is more than a note."""
    return [finding.check for finding in report.findings if finding.severity > Severity.NOTE]


def automatic(report: AppReport, *, unsafe: bool) -> list[Finding]:
    return [each for each in report.findings if each.fix and each.fix.is_automatic and (each.fix.safe or unsafe)]


def commands_of(report: AppReport, *, unsafe: bool) -> list[str]:
    return [command for each in automatic(report, unsafe=unsafe) if each.fix for command in each.fix.commands]


def run(command: str, root: Path) -> None:
    """Run a command of git; of any other it must be known why it is not run."""
    program, *arguments = shlex.split(command)
    if program == "git":
        if (root / ".git").is_dir():
            subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)
    else:
        assert program in RUN_ELSEWHERE


def unparsable(root: Path) -> set[str]:
    """The files of Python, JSON and TOML that cannot be parsed."""
    parsers: dict[str, Callable[[bytes], object]] = {".py": ast.parse, ".json": json.loads}
    if sys.version_info >= (3, 11):
        import tomllib

        parsers[".toml"] = lambda data: tomllib.loads(data.decode())
    broken = set()
    for path in root.rglob("*"):
        if path.suffix in parsers and path.is_file():
            try:
                parsers[path.suffix](path.read_bytes())
            except (ValueError, SyntaxError):
                broken.add(str(path.relative_to(root)))
    return broken
