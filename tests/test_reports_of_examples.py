"""What every check says of its examples, word for word, in one file for each family.

After a change that is meant, write the files anew with

    PYDEPLOY_LINT_UPDATE=1 pytest tests/test_reports_of_examples.py

and read the difference.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pydeploy_lint.engine.check import Check
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.finding import Edit, Finding
from pydeploy_lint.testing import findings_of, place

REPORTS = Path(__file__).parent / "data" / "reports"
REGISTRY = load_built_in()


def lines_of(check: Check) -> Iterator[str]:
    for number, example in enumerate(check.bad, 1):
        settings = "".join(f" --{name} {value}" for name, value in example.options.items())
        yield f"# {check.name}, example {number}{settings}"
        for finding in findings_of(check, example):
            yield from lines_of_finding(finding)
        yield ""


def lines_of_finding(finding: Finding) -> Iterator[str]:
    yield f"{place(finding.at)}: {finding.severity.label}: {finding.message}"
    if finding.failure_reason:
        yield f"  stops the build: {finding.failure_reason}"
    if finding.build_warning:
        yield "  the build warns"
    yield from (f"  | {line}" for line in finding.help.splitlines())
    for number, way in enumerate(finding.fixes):
        kind = "or" if number else "fix"
        yield f"  {kind} ({'safe' if way.safe else 'unsafe'}): {way.description}"
        yield from (f"    {describe(edit)}" for edit in way.edits)
        yield from (f"    $ {command}" for command in way.commands)


def describe(edit: Edit) -> str:
    if edit.rename_to:
        return f"rename {edit.span.path} to {edit.rename_to}"
    return f"delete {edit.span.path}" if edit.text is None else f"{place(edit.span)} becomes {edit.text!r}"


@pytest.mark.parametrize("family", sorted(REGISTRY.families))
def test_what_a_family_says(family: str) -> None:
    checks = [REGISTRY.checks[name] for name in sorted(REGISTRY.families[family])]
    said = "\n".join(line for check in checks for line in lines_of(check))
    path = REPORTS / f"{family}.txt"
    if os.environ.get("PYDEPLOY_LINT_UPDATE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8", newline="\n")

    assert path.read_text(encoding="utf-8") == said


def test_every_family_has_its_file_and_no_other() -> None:
    assert {path.stem for path in REPORTS.glob("*.txt")} == set(REGISTRY.families)


def test_every_family_has_tests_of_its_own() -> None:
    tests = {path.stem for path in (Path(__file__).parent / "checks").glob("test_*.py")}
    assert {f"test_{family.replace('-', '_')}" for family in REGISTRY.families} <= tests
