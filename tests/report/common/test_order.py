from __future__ import annotations

from pydeploy_lint.finding import Severity, Span
from pydeploy_lint.report.common.order import most_urgent_first
from tests.report.samples import finding


def test_what_stops_the_build_comes_first_as_the_build_meets_it() -> None:
    warning = finding(at=Span("a"), severity=Severity.WARNING)
    error = finding(at=Span("b"))
    maybe = finding(at=Span("c"), severity=Severity.WARNING, failure_reason="checks::stack::eol")
    later = finding(at=Span("d"), failure_reason="install-dependencies::pip")
    sooner = finding(at=Span("e"), failure_reason="python-version::eol")
    note = finding(at=Span("f"), severity=Severity.NOTE)

    assert most_urgent_first([note, warning, error, maybe, later, sooner]) == [
        sooner,
        later,
        error,
        warning,
        maybe,
        note,
    ]


def test_equals_stay_in_the_order_of_the_files() -> None:
    findings = [finding(at=Span("a", 9, 1, 9, 2)), finding(at=Span("a", 10, 1, 10, 2)), finding(at=Span("b"))]
    assert most_urgent_first(findings) == findings
