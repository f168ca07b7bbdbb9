from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from pydeploy_lint.engine.result import Notification, Report
from pydeploy_lint.engine.suppress.model import Origin, Suppressed, Suppression
from pydeploy_lint.finding import Severity, Span
from pydeploy_lint.report.formats import render
from tests.report.samples import (
    END_OF_LIFE,
    NO_VERSION,
    REJECTED_APP,
    app,
    finding,
    missing_python_version,
    report,
    reports,
)

TestCase.__test__ = TestSuite.__test__ = False  # they are no tests of pytest's


def suites(result: Report) -> list[TestSuite]:
    parsed = JUnitXml.fromstring(render("junit", result).encode())
    assert isinstance(parsed, JUnitXml)
    return list(parsed)


def cases(result: Report) -> dict[str, TestCase]:
    (suite,) = suites(result)
    return {case.name: case for case in suite}


def test_the_whole_document() -> None:
    assert render("junit", report(app(END_OF_LIFE, path="my web", rev="main"))) == (
        """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="pydeploy-lint" tests="2" failures="1" errors="0" skipped="0">
  <testsuite name="my web at main" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="samples" name="missing-python-version" />
    <testcase classname="samples" name="unsupported-runtime" file="my web/runtime.txt" line="1">
      <failure type="error" message="Python 3.7 reached its end of life, and Heroku rejects it.">\
my web/runtime.txt:1:8: error: Python 3.7 reached its end of life, and Heroku rejects it.
Ask for a newer version, and try the app with it:
    (cd 'my web' &amp;&amp; echo 3.14 &gt; .python-version)
https://devcenter.heroku.com/articles/python-support#supported-runtimes</failure>
    </testcase>
    <system-out>\
Heroku would build this app with Python 3.14.7 from .python-version, using uv, but it may fail: 1 error</system-out>
  </testsuite>
</testsuites>
"""
    )


def test_errors_and_warnings_are_failures() -> None:
    for name, case in cases(report(REJECTED_APP)).items():
        (failure,) = case.result
        assert isinstance(failure, Failure)
        assert failure.type == ("warning" if name == missing_python_version.name else "error")


def test_several_findings_of_a_check_are_one_failure() -> None:
    other = NO_VERSION._replace(at=Span("web/.python-version", 3, 1, 3, 2), message="Another.")
    case = cases(report(app(NO_VERSION, other)))["missing-python-version"]
    (failure,) = case.result
    assert failure.message == "Heroku takes its default version. (and 1 more)"
    assert failure.text == (
        ".python-version: warning: Heroku takes its default version.\n\nweb/.python-version:3:1: warning: Another."
    )


def test_a_note_is_output_of_a_test_that_passes() -> None:
    note = finding("Good to know.", Span("f"), check=missing_python_version, severity=Severity.NOTE)
    case = cases(report(app(note)))["missing-python-version"]
    assert case.is_passed
    assert case.system_out == "f: note: Good to know."
    mixed = cases(report(app(note, NO_VERSION)))["missing-python-version"]
    assert mixed.is_failure
    assert mixed.system_out == case.system_out


def test_a_check_whose_findings_are_all_suppressed_is_skipped() -> None:
    kept_back = tuple(
        Suppressed(finding, Suppression(Origin.COMMENT, (), reason, None))
        for finding, reason in ((NO_VERSION, "known"), (END_OF_LIFE, ""))
    )
    skipped = cases(report(app()._replace(suppressed=kept_back)))
    assert [result.message for case in skipped.values() for result in case.result if isinstance(result, Skipped)] == [
        "suppressed: known",
        "suppressed: no reason given",
    ]
    failed = cases(report(app(NO_VERSION)._replace(suppressed=kept_back)))["missing-python-version"]
    assert failed.is_failure
    assert not failed.is_skipped


def test_a_check_that_is_ignored_is_no_test() -> None:
    ignoring = app()._replace(silenced=frozenset({"missing-python-version"}))
    assert list(cases(report(ignoring))) == ["unsupported-runtime"]


def test_what_went_wrong_in_the_run_is_an_error_and_the_rest_is_output() -> None:
    unread = Notification(Severity.WARNING, "Pipfile is not a file", Span("Pipfile"))
    failed = Notification(Severity.ERROR, "check acme failed")
    plug_in, of_app = suites(report(app(notifications=(unread, failed), path="web"), notifications=(failed,)))
    assert (plug_in.name, plug_in.tests, plug_in.errors) == ("pydeploy-lint", 1, 1)
    case = list(of_app)[-1]
    assert (case.name, of_app.tests, of_app.errors) == ("pydeploy-lint", 3, 1)
    (error,) = case.result
    assert isinstance(error, Error)
    assert error.text == "check acme failed"
    assert case.system_out == "web/Pipfile: Pipfile is not a file"


@given(reports)
def test_every_report_is_well_formed_and_counted(any_report: Report) -> None:
    document = render("junit", any_report)
    root = ElementTree.fromstring(document)
    for element in (root, *root.iter("testsuite")):
        assert int(element.get("tests", "")) == len(list(element.iter("testcase")))
        assert int(element.get("failures", "")) == len(list(element.iter("failure")))
        assert int(element.get("errors", "")) == len(list(element.iter("error")))
    assert {case.get("name") for case in root.iter("testcase")} <= {*any_report.checks, "pydeploy-lint"}
    assert document == render("junit", any_report)


def test_what_xml_cannot_hold_is_spelled_out() -> None:
    odd = finding("a\x00b\x1b[31m\ud800\ufffe]]><", Span("\x01<&\"'"), check=missing_python_version)
    case = cases(report(app(odd)))["missing-python-version"]
    (failure,) = case.result
    assert failure.message == "a<U+0000>b<U+001B>[31m<U+D800><U+FFFE>]]><"
    assert ElementTree.tostring(case._elem, "unicode").count("<U+") == 0
    assert case._elem.get("file") == "<U+0001><&\"'"
