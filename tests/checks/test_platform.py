"""The stack and what ends: what is said on which day, and how sure it is; beyond the checks' examples."""

from __future__ import annotations

import pytest
from pydeploy_checks.platform.outlook import stops_deploying
from pydeploy_checks.platform.stacks import stack_retiring, unsupported_stack

from pydeploy_lint.finding import Finding, Severity
from pydeploy_lint.testing import Files, lint_files

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
APP = {"requirements.txt": "", ".python-version": "3.13\n"}


def on(day: str, files: Files) -> tuple[Finding, ...]:
    return lint_files({**APP, **files}, [unsupported_stack, stack_retiring], {"as-of": day})


@pytest.mark.parametrize(
    ("stack", "day", "check"),
    [
        ("heroku-20", "2024-06-24", None),
        ("heroku-20", "2024-06-25", "stack-retiring"),
        ("heroku-20", "2025-04-30", "stack-retiring"),
        ("heroku-20", "2025-05-01", "unsupported-stack"),
        ("heroku-22", "2026-05-19", None),
        ("heroku-22", "2026-05-20", "stack-retiring"),
        ("heroku-22", "2027-04-30", "stack-retiring"),
        ("heroku-22", "2027-05-01", "unsupported-stack"),
        ("heroku-24", "2027-05-01", None),
    ],
)
def test_a_stack_is_open_then_retiring_then_closed(stack: str, day: str, check: str | None) -> None:
    found = on(day, {"app.json": f'{{"stack": "{stack}"}}'})
    assert [finding.check for finding in found] == ([check] if check else [])


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2026-06-01", "the stack heroku-22 is deprecated: builds are blocked from 2027-05-01 on"),
        (
            "2026-11-25",
            "the stack heroku-22 is deprecated: the first build in 30 days fails since 2026-11-01, and builds are "
            "blocked from 2027-05-01 on",
        ),
        (
            "2027-03-01",
            "the stack heroku-22 is deprecated: the first build each week fails since 2027-02-01, and builds are "
            "blocked from 2027-05-01 on",
        ),
    ],
)
def test_brownouts_are_told_as_they_come(day: str, message: str) -> None:
    assert [(each.message, each.severity) for each in on(day, {"app.json": '{"stack": "heroku-22"}'})] == [
        (message, WARNING)
    ]


def test_a_script_says_nothing_of_the_app_itself() -> None:
    [finding] = on("2026-11-25", {"deploy.sh": "heroku stack:set heroku-18 --app shop\n"})
    assert (finding.severity, finding.failure_reason) == (WARNING, None)
    assert finding.message.startswith("deploy.sh puts apps on the stack heroku-18, which has reached its end of life")


@pytest.mark.parametrize(
    ("version", "until", "expected"),
    [
        ("3.10", "2027-01-05", []),
        ("3.10", "2027-01-06", [(WARNING, True)]),
        ("3.11", "2027-12-31", []),
        ("3.11", "2028-12-31", [(NOTE, False)]),
    ],
)
def test_the_end_is_announced_or_expected(version: str, until: str, expected: list[tuple[Severity, bool]]) -> None:
    files = {**APP, ".python-version": f"{version}\n"}
    found = lint_files(files, [stops_deploying], {"as-of": "2026-11-25", "until": until})
    assert [(each.severity, each.certain) for each in found] == expected
