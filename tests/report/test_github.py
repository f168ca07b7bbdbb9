from __future__ import annotations

from pydeploy_lint.engine.result import Notification
from pydeploy_lint.finding import Severity, Span
from pydeploy_lint.report.formats import render
from tests.report.samples import NO_VERSION, REJECTED_APP, app, finding, missing_python_version, report


def test_errors_come_first_and_a_missing_file_has_a_line() -> None:
    assert render("github", report(REJECTED_APP)) == (
        "::error file=runtime.txt,line=1,endLine=1,col=8,endColumn=11,title=unsupported-runtime::"
        "Python 3.7 reached its end of life, and Heroku rejects it.%0A%0A"
        "Ask for a newer version, and try the app with it:%0A    echo 3.14 > .python-version%0A%0A"
        "https://devcenter.heroku.com/articles/python-support#supported-runtimes\n"
        "::warning file=.python-version,line=1,title=missing-python-version::Heroku takes its default version.\n"
    )


def test_paths_start_at_the_repository() -> None:
    assert render("github", report(app(NO_VERSION, path="./web"))).startswith("::warning file=web/.python-version,")


def test_escapes() -> None:
    odd = finding("100%\r\nsure: a,b::", Span("a:b,c%\n", 1, 1, 1, 2), check=missing_python_version)
    assert render("github", report(app(odd))) == (
        "::warning file=a%3Ab%2Cc%25<U+000A>,line=1,endLine=1,col=1,endColumn=2,title=missing-python-version::"
        "100%25%0Asure: a,b::\n"
    )


def test_a_stretch_of_several_lines_has_no_columns() -> None:
    long = finding("Long.", Span("f", 2, 3, 4, 1), check=missing_python_version, severity=Severity.NOTE)
    assert (
        render("github", report(app(long))) == "::notice file=f,line=2,endLine=4,title=missing-python-version::Long.\n"
    )


def test_notifications() -> None:
    unread = Notification(Severity.WARNING, "Pipfile is not a file", Span("Pipfile"))
    failed = Notification(Severity.ERROR, "plug-in acme could not be loaded")
    assert render("github", report(app(notifications=(unread,)), notifications=(failed,))) == (
        "::error title=pydeploy-lint::plug-in acme could not be loaded\n"
        "::warning file=Pipfile,line=1,title=pydeploy-lint::Pipfile is not a file\n"
    )


def test_nothing_to_say() -> None:
    assert render("github", report(app())) == ""
