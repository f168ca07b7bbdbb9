from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from pydeploy_lint.engine.result import Report
from pydeploy_lint.engine.suppress.model import Origin, Suppressed, Suppression
from pydeploy_lint.finding import Severity, Span
from pydeploy_lint.report.formats import render
from tests.report.samples import END_OF_LIFE, NO_VERSION, REJECTED_APP, URL, app, finding, report, reports


def issues(result: Report) -> list[dict[str, Any]]:
    document = json.loads(render("gitlab", result))
    assert isinstance(document, list)
    return document


def fingerprints(result: Report) -> list[str]:
    return [issue["fingerprint"] for issue in issues(result)]


def test_issues() -> None:
    no_version, end_of_life = issues(report(REJECTED_APP._replace(path="my web")))
    assert no_version.pop("fingerprint") != end_of_life.pop("fingerprint")
    assert no_version == {
        "type": "issue",
        "check_name": "missing-python-version",
        "description": "Heroku takes its default version.",
        "content": {"body": ""},
        "categories": ["Compatibility"],
        "severity": "major",
        "location": {"path": "my web/.python-version", "lines": {"begin": 1, "end": 1}},
    }
    assert end_of_life == {
        "type": "issue",
        "check_name": "unsupported-runtime",
        "description": "Python 3.7 reached its end of life, and Heroku rejects it.",
        "content": {
            "body": "Ask for a newer version, and try the app with it:\n"
            f"    (cd 'my web' && echo 3.14 > .python-version)\n\n{URL}"
        },
        "categories": ["Compatibility"],
        "severity": "blocker",
        "location": {"path": "my web/runtime.txt", "lines": {"begin": 1, "end": 1}},
    }


@pytest.mark.parametrize(
    ("severity", "reason", "word"),
    [
        (Severity.ERROR, "python-version::eol", "blocker"),
        (Severity.ERROR, None, "critical"),
        (Severity.WARNING, "python-version::eol", "major"),
        (Severity.NOTE, None, "info"),
    ],
)
def test_severities(severity: Severity, reason: str | None, word: str) -> None:
    (issue,) = issues(report(app(finding(severity=severity, failure_reason=reason))))
    assert issue["severity"] == word


def test_a_stretch_of_several_lines() -> None:
    (issue,) = issues(report(app(finding(at=Span("f", 2, 3, 4, 1)))))
    assert issue["location"] == {"path": "f", "lines": {"begin": 2, "end": 4}}


def test_a_fingerprint_is_that_of_sarif_and_survives_a_moved_line() -> None:
    (result,) = json.loads(render("sarif", report(app(END_OF_LIFE))))["runs"][0]["results"]
    moved = END_OF_LIFE._replace(at=Span("runtime.txt", 9, 12, 9, 15), source_line="    python-3.7")
    assert fingerprints(report(app(moved))) == list(result["partialFingerprints"].values())


def test_what_is_suppressed_is_left_out_and_changes_no_fingerprint() -> None:
    first = END_OF_LIFE._replace(at=Span("runtime.txt", 1, 1, 1, 2))
    suppressed = app(END_OF_LIFE)._replace(suppressed=(Suppressed(first, Suppression(Origin.COMMENT, (), "", None)),))
    assert fingerprints(report(suppressed)) == fingerprints(report(app(first, END_OF_LIFE)))[1:]


def test_an_empty_line_and_a_whole_file_are_told_apart() -> None:
    empty_line = NO_VERSION._replace(at=Span(NO_VERSION.at.path, 1, 1, 1, 1), source_line="")
    assert len(set(fingerprints(report(app(NO_VERSION, empty_line))))) == 2


@given(reports)
def test_fingerprints_are_unique_and_nothing_is_missing(any_report: Report) -> None:
    found = issues(any_report)
    assert len(found) == sum(len(each.findings) for each in any_report.apps)
    assert len({issue["fingerprint"] for issue in found}) == len(found)
    assert all(issue["location"]["path"].isprintable() for issue in found)


def test_nothing_found() -> None:
    assert render("gitlab", report(app())) == "[]\n"
