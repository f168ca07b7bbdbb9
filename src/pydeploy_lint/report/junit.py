"""JUnit's XML, which nearly every CI service shows: a test suite for each app, a test case for each check that ran.

A check that found an error or a warning has failed. Its notes are output of the test, which passes. One whose findings
are all suppressed was skipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.commands import help_from
from pydeploy_lint.report.common.document import Collected
from pydeploy_lint.report.common.neutral import inert_markup, visible
from pydeploy_lint.report.common.summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from pydeploy_lint.engine.check import Check
    from pydeploy_lint.engine.result import AppReport, Notification, Report
    from pydeploy_lint.engine.suppress.model import Suppressed
    from pydeploy_lint.finding import Finding, Span
    from pydeploy_lint.report.common.document import Document, Head
    from pydeploy_lint.report.common.paths import RepositoryPaths, Where
    from pydeploy_lint.report.common.terminal import Terminal

TOOL = "pydeploy-lint"
"""The name of the suite, and of the test case, for what is no finding of a check."""


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report, written at the end."""
    return Collected(head, terminal, _render)


def _render(report: Report, paths: RepositoryPaths) -> str:
    """The report as an XML document, without times; equal reports give equal bytes."""
    suites = [_suite(TOOL, [_run(report.failures, paths.of("."))])] if report.failures else []
    suites += [_app(app, report.checks, paths.of(app.path)) for app in report.apps if not app.skipped]
    root = ElementTree.Element("testsuites", {"name": TOOL, **_totals(suites)})
    root.extend(suites)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + inert_markup(ElementTree.tostring(root, "unicode")) + "\n"


def _app(app: AppReport, checks: Mapping[str, Check], where: Where) -> Element:
    cases = [
        _case(
            checks[name],
            [finding for finding in app.findings if finding.check == name],
            [suppressed for suppressed in app.suppressed if suppressed.finding.check == name],
            where,
        )
        for name in sorted(checks.keys() - app.silenced)
    ]
    if app.unreported:
        cases.append(_run(app.unreported, where))
    suite = _suite(app.path if app.rev is None else f"{app.path} at {app.rev}", cases)
    _text(suite, "system-out", summary(app)[1])
    return suite


def _suite(name: str, cases: Sequence[Element]) -> Element:
    suite = ElementTree.Element("testsuite", {"name": visible(name), "tests": str(len(cases))})
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    suite.extend(cases)
    return suite


def _totals(suites: Iterable[Element]) -> dict[str, str]:
    suites = list(suites)
    return {
        name: str(sum(int(suite.get(name, "0")) for suite in suites))
        for name in ("tests", "failures", "errors", "skipped")
    }


def _case(check: Check, findings: Sequence[Finding], suppressed: Sequence[Suppressed], where: Where) -> Element:
    case = ElementTree.Element("testcase", {"classname": check.family, "name": check.name})
    failed = [finding for finding in findings if finding.severity > Severity.NOTE]
    notes = [finding for finding in findings if finding.severity <= Severity.NOTE]
    if findings:
        # Services link a test case to one place: that of the first thing to mend.
        at = (failed or notes)[0].at
        case.set("file", visible(where(at.path)))
        case.set("line", str(at.line or 1))
    if failed:
        failure = _text(case, "failure", *_told(failed, where))
        failure.set("type", max(finding.severity for finding in failed).label)
        more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        failure.set("message", visible(failed[0].message) + more)
    elif suppressed and not notes:
        reason = "; ".join(dict.fromkeys(each.by.reason or "no reason given" for each in suppressed))
        ElementTree.SubElement(case, "skipped", {"message": visible(f"suppressed: {reason}")})
    if notes:
        _text(case, "system-out", *_told(notes, where))
    return case


def _told(findings: Iterable[Finding], where: Where) -> Iterable[str]:
    """What findings say, line by line, with an empty line between them."""
    for number, finding in enumerate(findings):
        if number:
            yield ""
        yield f"{_place(finding.at, where)}: {finding.severity.label}: {finding.message}"
        yield from help_from(where("."), finding.help).splitlines()
        if finding.url:
            yield finding.url


def _run(notifications: Iterable[Notification], where: Where) -> Element:
    """A test case for what kept questions from being decided: an error of the test where the run itself failed."""
    case = ElementTree.Element("testcase", {"classname": TOOL, "name": TOOL})
    for severity, tag in ((Severity.ERROR, "error"), (Severity.WARNING, "system-out")):
        lines = [
            f"{_place(each.at, where)}: {each.message}" if each.at else each.message
            for each in notifications
            if (each.severity is Severity.ERROR) is (severity is Severity.ERROR)
        ]
        if lines:
            _text(case, tag, *lines)
    return case


def _place(at: Span, where: Where) -> str:
    return str(at._replace(path=where(at.path)))


def _text(parent: Element, tag: str, *lines: str) -> Element:
    element = ElementTree.SubElement(parent, tag)
    element.text = "\n".join(visible(line) for line in lines)
    return element
