"""One round is enough: after the fixes of a run, and their commands, nothing is wrong that the run did not say.

Every bad example of every check is judged by all checks, and so are the apps in ``examples/`` and those from the field.
Commands are run; only those of package managers, which need an index, and of Heroku are taken for done.
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

from pydeploy_lint.api import judge
from pydeploy_lint.engine.result import AppReport
from pydeploy_lint.files.deployed import DeployedTree, open_tree
from pydeploy_lint.files.edited import EditedTree, contents_after
from pydeploy_lint.finding import Finding, Severity
from pydeploy_lint.report.common.commands import PROGRAMS
from pydeploy_lint.settings.options import Options
from pydeploy_lint.testing import findings_of, options_for, write_tree
from tests.fix.fixing import CHECKS, REGISTRY, fix, lint
from tests.test_field import CASES, plant

EXAMPLES = Path(__file__).parents[2] / "examples"
RUN_ELSEWHERE = ("heroku", "pip", "pip-compile", "pipenv", "poetry", "uv")
"""Programs of commands that are not run here."""
NOT_TO_BE_RUN = (["pip", "list"], ["python", "-m"], ["heroku", "buildpacks"], ["git", "subtree"])
"""The beginnings of commands that show something, or that are one of several ways to go on."""
AFTER_A_LOCK = {"stale-lockfile"}
"""What may be said until the command of a package manager is run that a fix ends with."""
FOR_PEOPLE = {
    "app-json-invalid": "nobody knows what was meant",
    "buildpack-root": "nobody knows which directory was meant",
    "cloud-native-build": "the build is not predicted",
    "code-syntax-error": "nobody knows what was meant",
    "django-allowed-hosts": "nobody knows the names of the hosts",
    "django-debug-on": "a variable already decides, in a way that is not followed",
    "django-media-on-dyno": "a store for uploads has to be chosen",
    "django-static-dirs": "nobody knows where the files come from",
    "invalid-file": "nobody knows what was meant",
    "invalid-requirement": "a file is missing",
    "local-path-requirement": "a file is missing",
    "missing-package-manager": "the app is in another directory",
    "not-a-file": "nobody knows what was meant",
    "own-module-missing": "a file is missing",
    "package-incompatible": "a library of the system is missing",
    "partial-hashes": "nobody knows what the file was made from",
    "private-requirement": "a password is needed",
    "procfile-dev-server": "nothing says what the application is",
    "procfile-factory": "nothing says what the application is",
    "procfile-misnamed": "nobody knows which directory is the app",
    "procfile-missing": "nothing says what the application is",
    "procfile-module-missing": "nothing says what the application is",
    "procfile-program-missing": "a file is missing",
    "procfile-wrong-interface": "the code has to be changed",
    "python-not-detected": "nobody knows which directory is the app",
    "python-version-invalid": "the version is in a file that is not read",
    "removed-from-package": "the code has to be changed",
    "sqlalchemy-postgres-scheme": "the address takes a way that is not followed",
    "static-reference-missing": "a file is missing",
    "stops-deploying": "other findings say what to upgrade",
    "undefined-name": "nobody knows what was meant",
}
"""The checks that may find what no edit and no command can fix, and why."""
FIXED_IN_EXAMPLES = {
    "cloud-native-build",
    "django-debug-on",
    "missing-package-manager",
    "package-incompatible",
    "procfile-factory",
    "procfile-missing",
    "procfile-module-missing",
    "procfile-wrong-interface",
    "sqlalchemy-postgres-scheme",
}
"""Those of them that have a fix in every example of theirs, and none in some other app."""


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


CASES_OF_ALL = [*_directories(), *_examples(), *_field()]


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("case", CASES_OF_ALL, ids=lambda case: case.name)
def test_the_fixes_of_one_run_are_enough(case: Case, unsafe: bool, tmp_path: Path) -> None:
    options = case.plant(tmp_path)
    before = lint(tmp_path, options)
    broken = unparsable(tmp_path)
    known = Counter(loud(before))

    changed = fix(tmp_path, options, unsafe=unsafe)
    if not changed:
        return
    ran_elsewhere = {each.check for each in automatic(before, unsafe=unsafe) if not run_commands(each, tmp_path)}

    after = lint(tmp_path, options)
    more = {name: count for name, count in Counter(loud(after)).items() if count > known[name]}
    assert set(more) <= (AFTER_A_LOCK if ran_elsewhere else set())
    assert unparsable(tmp_path) <= broken
    assert fix(tmp_path, options, unsafe=unsafe) == []
    assert [each for each in automatic(after, unsafe=unsafe) if not each.fix or not each.fix.commands] == []


@pytest.mark.parametrize("case", CASES_OF_ALL, ids=lambda case: case.name)
def test_nothing_remains_but_what_only_a_person_can_decide(case: Case, tmp_path: Path) -> None:
    """All fixes are made and all commands are run: then no error and no warning is left that had a way out."""
    options = case.plant(tmp_path)
    before = lint(tmp_path, options)
    fix(tmp_path, options, unsafe=True)
    told = [each for each in before.findings if each.severity > Severity.NOTE]
    settled = {each.check for each in told if not run_commands(each, tmp_path)}

    after = lint(tmp_path, options)
    settled |= {each.check for each in after.findings if not run_commands(each, tmp_path)}
    settled |= AFTER_A_LOCK if settled else set()
    settled |= {"missing-python-version"} if "python-not-detected" in loud(before) else set()  # It was no app.
    assert set(loud(after)) <= settled | FOR_PEOPLE.keys()
    assert set(loud(after)) <= settled | set(loud(before))


@pytest.mark.parametrize("case", CASES_OF_ALL, ids=lambda case: case.name)
def test_each_alternative_leads_to_nothing_that_the_run_did_not_say(case: Case, tmp_path: Path) -> None:
    options = case.plant(tmp_path)
    tree = open_tree(str(tmp_path))
    before = judge(tree, options, REGISTRY).complete
    assert isinstance(tree, DeployedTree)
    for finding in before.findings:
        for way in finding.fixes if finding.severity > Severity.NOTE else ():
            contents = contents_after(way.edits, tree)
            then = tree.over(EditedTree(tree.source_tree, contents), committed=contents)
            ran_elsewhere = any(shlex.split(command)[0] in RUN_ELSEWHERE for command in way.commands)
            found = set(loud(judge(then, options, REGISTRY).complete))
            assert found <= set(loud(before)) | (AFTER_A_LOCK if ran_elsewhere else set()), way.description


@pytest.mark.parametrize("case", _examples(), ids=lambda case: case.name)
def test_commands_in_the_help_are_data_too(case: Case, tmp_path: Path) -> None:
    for finding in lint(tmp_path, case.plant(tmp_path)).findings:
        commands = {command for way in finding.fixes for command in way.commands}
        assert {command.split()[0] for command in commands} <= PROGRAMS
        edits = [edit for way in finding.fixes for edit in way.edits]
        for line in finding.help.splitlines():
            program, *_ = line.split() or [""]
            if line.startswith("    ") and program in PROGRAMS and line.strip() not in commands:
                is_template = "..." in line or "PASSWORD" in line or program == "pydeploy-lint"
                assert edits or is_template or line.split()[:2] in NOT_TO_BE_RUN or finding.severity is Severity.NOTE


def test_what_is_for_people_needs_them() -> None:
    """Nothing is on the list that has a fix in every case; otherwise the list would hide what is not true."""
    left = set[str]()
    for check in FOR_PEOPLE:
        for example in CHECKS[check].bad if check in CHECKS else ():
            found = [each for each in findings_of(CHECKS[check], example) if each.severity > Severity.NOTE]
            left |= {each.check for each in found if not each.fixes}
    assert left == FOR_PEOPLE.keys() - FIXED_IN_EXAMPLES


def loud(report: AppReport) -> list[str]:
    """The checks of what is more than a note."""
    return [finding.check for finding in report.findings if finding.severity > Severity.NOTE]


def automatic(report: AppReport, *, unsafe: bool) -> list[Finding]:
    return [each for each in report.findings if each.fix and each.fix.is_automatic and (each.fix.safe or unsafe)]


def run_commands(finding: Finding, root: Path) -> bool:
    """Run what remains to be run after a fix; False where a part of it is run elsewhere."""
    is_complete = True
    for command in finding.fix.commands if finding.fix else ():
        program, *arguments = shlex.split(command)
        if program in RUN_ELSEWHERE or arguments[:1] == ["push"]:
            is_complete = False
        elif program != "git" or (root / ".git").is_dir():
            subprocess.run(["sh", "-c", command], cwd=root, check=True, capture_output=True)
        else:
            is_complete = False
    return is_complete


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
