from __future__ import annotations

import pytest

from pydeploy_lint.engine.result import BuildPrediction, Notification, Report
from pydeploy_lint.finding import Finding, Related, Severity, Span
from pydeploy_lint.report.common.terminal import Terminal
from pydeploy_lint.report.formats import render
from tests.report.samples import (
    ANSWERED_APP,
    BUILDS,
    NO_VERSION,
    REJECTED,
    REJECTED_APP,
    URL,
    app,
    finding,
    missing_python_version,
    report,
)

ERROR = finding(failure_reason="python-version::eol")
WARNING = finding(check=missing_python_version)
NOTE = finding(severity=Severity.NOTE)
UNKNOWN = finding(severity=Severity.WARNING, failure_reason="python-version::unknown-major")
UNREAD = Notification(Severity.WARNING, "Pipfile is not a file", Span("Pipfile"))


def summary(result: Report) -> str:
    return render("text", result).splitlines()[-1]


def test_the_concise_form_has_a_line_for_each_finding() -> None:
    assert render("concise", report(REJECTED_APP)) == (
        "runtime.txt:1:8: error[unsupported-runtime] Python 3.7 reached its end of life, and Heroku rejects it.\n"
        ".python-version: warning[missing-python-version] Heroku takes its default version.\n"
        "Heroku would reject this push while choosing the Python release: 1 error, 1 warning (python-version::eol)\n"
        "Can be fixed: 1 with --fix --unsafe-fixes\n"
    )


def test_a_pipe_gets_the_same_as_a_terminal_without_line_breaks() -> None:
    assert render("text", report(REJECTED_APP)) == render("full", report(REJECTED_APP), Terminal(1000, colour=False))


def test_the_other_places_of_a_finding_come_below_it() -> None:
    related = (Related(Span("Pipfile.lock"), "stands for Pipenv"), Related(Span("uv.lock", 3, 1, 3, 9), "for uv"))
    lines = render("text", report(app(finding()._replace(related=related), path="api"))).splitlines()
    assert lines[1:5] == ["", "    api/Pipfile.lock: stands for Pipenv", "    api/uv.lock:3:1: for uv", ""]


def test_commands_work_where_the_user_stands() -> None:
    steps = finding(help="Lock again:\n    uv lock\nand read it from a config var:\n    KEY = environ['KEY']")
    lines = render("text", report(app(steps, path="./services/api"))).splitlines()
    assert lines[2:6] == [
        "    Lock again:",
        "        (cd services/api && uv lock)",
        "    and read it from a config var:",
        "        KEY = environ['KEY']",
    ]


def test_a_finding_that_the_files_do_not_decide_says_so() -> None:
    doubtful = report(app(finding()._replace(certain=False)))
    assert render("concise", doubtful).splitlines()[0] == (
        "runtime.txt:1:8: error[unsupported-runtime] may apply: "
        "Python 3.7 reached its end of life, and Heroku rejects it."
    )


def test_the_concise_form_is_coloured_and_never_broken() -> None:
    first = render("concise", report(REJECTED_APP), Terminal(20, colour=True)).splitlines()[0]
    assert first == (
        "\x1b[1mruntime.txt:1:8:\x1b[0m \x1b[1;31merror[unsupported-runtime]\x1b[0m"
        " Python 3.7 reached its end of life, and Heroku rejects it."
    )


def test_a_terminal_gets_the_source_line_the_way_out_and_the_link() -> None:
    assert render("text", report(REJECTED_APP), Terminal(60, colour=False)) == (
        """\
runtime.txt:1:8: error[unsupported-runtime] Python 3.7
    reached its end of life, and Heroku rejects it.

    1 | python-3.7
      |        ^^^

    Ask for a newer version, and try the app with it:
        echo 3.14 > .python-version
    https://devcenter.heroku.com/articles/python-support#supported-runtimes

.python-version: warning[missing-python-version] Heroku
    takes its default version.

Heroku would reject this push while choosing the Python
    release: 1 error, 1 warning (python-version::eol)
Can be fixed: 1 with --fix --unsafe-fixes
"""
    )


def test_a_terminal_gets_links() -> None:
    text = render("text", report(app(finding())), Terminal(200, colour=False, links=True))
    begin, end = f"\x1b]8;;{URL}\x1b\\", "\x1b]8;;\x1b\\"
    assert text.splitlines()[:3] == [
        f"runtime.txt:1:8: {begin}error[unsupported-runtime]{end} "
        "Python 3.7 reached its end of life, and Heroku rejects it.",
        "",
        f"    {begin}{URL}{end}",
    ]


def test_what_is_suppressed_is_counted() -> None:
    assert render("concise", report(ANSWERED_APP)) == (
        ".python-version: warning[missing-python-version] Heroku takes its default version.\n"
        "Heroku would reject this push while choosing the Python release: "
        "1 warning, 3 suppressed (python-version::eol)\n"
    )


def test_what_is_suppressed_is_shown_on_demand() -> None:
    shown = report(ANSWERED_APP._replace(path="web"))._replace(show_suppressed=True)
    message = "suppressed error[unsupported-runtime] Python 3.7 reached its end of life, and Heroku rejects it."
    assert render("concise", shown).splitlines()[1:-1] == [
        f"web/runtime.txt:1:8: {message} (web/runtime.txt:1:1: Moves to 3.14<U+000A>in May)",
        f"web/runtime.txt:2:8: {message} (known in v1)",
        f"web/runtime.txt:3:8: {message} (web/pyproject.toml:7:1, until 2026-12-31: None of ours.)",
    ]
    assert "\n".join(render("text", shown, Terminal(60, colour=False)).splitlines()[-11:-2]) == (
        """\
    Python 3.7 reached its end of life, and Heroku rejects
    it.
    known in v1

web/runtime.txt:3:8: suppressed error[unsupported-runtime]
    Python 3.7 reached its end of life, and Heroku rejects
    it.
    web/pyproject.toml:7:1, until 2026-12-31: None of ours.
"""
    )


def test_colours() -> None:
    text = render("text", report(app(finding(source_line="python-3.7"))), Terminal(200, colour=True))
    assert text == (
        "\x1b[1mruntime.txt:1:8:\x1b[0m \x1b[1;31merror[unsupported-runtime]\x1b[0m "
        "Python 3.7 reached its end of life, and Heroku rejects it.\n"
        "\n"
        "    1 | python-3.7\n"
        "      |        \x1b[1;31m^^^\x1b[0m\n"
        "\n"
        "    \x1b[4;34mhttps://devcenter.heroku.com/articles/python-support#supported-runtimes\x1b[0m\n"
        "\n"
        "\x1b[1;33mHeroku would build this app with Python 3.14.7 from .python-version, using uv, "
        "but it may fail: 1 error\x1b[0m\n"
    )


def test_several_apps_have_headings() -> None:
    apps = app(path="api"), app(NO_VERSION, path="../web", rev="v1.0")
    assert render("concise", report(*apps)) == (
        "api:\n"
        "Heroku would build this app with Python 3.14.7 from .python-version, using uv\n"
        "\n"
        "../web at v1.0:\n"
        "../web/.python-version: warning[missing-python-version] Heroku takes its default version.\n"
        "Heroku would build this app with Python 3.14.7 from .python-version, using uv: 1 warning\n"
        "\n"
        "2 apps: 2 build\n"
    )
    assert render("text", report(*apps), Terminal(200, colour=False)) == (
        "api\n"
        "\n"
        "Heroku would build this app with Python 3.14.7 from .python-version, using uv\n"
        "\n"
        "../web at v1.0\n"
        "\n"
        "../web/.python-version: warning[missing-python-version] Heroku takes its default version.\n"
        "\n"
        "Heroku would build this app with Python 3.14.7 from .python-version, using uv: 1 warning\n"
        "\n"
        "2 apps: 2 build\n"
    )


def test_what_kept_questions_open_is_said_once() -> None:
    told = finding("Pipfile is a directory", Span("Pipfile"))
    failed = Notification(Severity.ERROR, "plug-in acme could not be loaded")
    assert render("concise", report(app(notifications=(UNREAD,)), notifications=(failed,))).splitlines()[:-1] == [
        "pydeploy-lint: error: plug-in acme could not be loaded",
        "Pipfile: warning: Pipfile is not a file",
    ]
    assert render("concise", report(app(told, notifications=(UNREAD,)))).splitlines()[:-1] == [
        "Pipfile: error[unsupported-runtime] Pipfile is a directory",
    ]


@pytest.mark.parametrize(
    ("findings", "build", "sentence"),
    [
        ((), BUILDS, "Heroku would build this app with Python 3.14.7 from .python-version, using uv"),
        (
            (),
            BUILDS._replace(python_version_origin="default", package_manager="poetry"),
            "Heroku would build this app with its default Python 3.14.7, using Poetry",
        ),
        ((), BuildPrediction(None, None, None, None, None, None, (), ()), "Heroku would build this app"),
        (
            (WARNING, NOTE, WARNING),
            BUILDS,
            "Heroku would build this app with Python 3.14.7 from .python-version, using uv: 2 warnings, 1 note",
        ),
        (
            (finding(), NOTE),
            BUILDS._replace(package_manager="pipenv"),
            "Heroku would build this app with Python 3.14.7 from .python-version, using Pipenv, "
            "but it may fail: 1 error, 1 note",
        ),
        (
            (ERROR, NOTE),
            BUILDS._replace(starts=False),
            "Heroku would build this app with Python 3.14.7 from .python-version, using uv, "
            "but it does not start: 1 error, 1 note",
        ),
        ((ERROR,), BUILDS._replace(starts=None), "Heroku would reject this push: 1 error"),
        (
            (ERROR, ERROR, WARNING),
            REJECTED,
            "Heroku would reject this push while choosing the Python release: "
            "2 errors, 1 warning (python-version::eol)",
        ),
        ((), REJECTED, "Heroku would reject this push while choosing the Python release (python-version::eol)"),
    ],
)
def test_the_summary_answers_the_question_first(
    findings: tuple[Finding, ...], build: BuildPrediction, sentence: str
) -> None:
    assert summary(report(app(*findings, build=build))) == sentence


@pytest.mark.parametrize(
    ("reason", "certain", "sentence"),
    [
        (
            "python-version::unknown-major",
            False,
            "Heroku may reject this push while choosing the Python release: "
            "1 warning, 1 note (python-version::unknown-major)",
        ),
        (
            "package-manager::none-found",
            False,
            "Heroku may reject this push while choosing the package manager: "
            "1 warning, 1 note (package-manager::none-found)",
        ),
        (
            "python-version::unknown-major",
            True,
            "Heroku would reject this push while choosing the Python release: "
            "1 warning, 1 note (python-version::unknown-major)",
        ),
    ],
)
def test_a_doubtful_stop(reason: str, certain: bool, sentence: str) -> None:
    build = REJECTED._replace(failure_reason=reason, certain=certain)
    assert summary(report(app(UNKNOWN, NOTE, build=build))) == sentence
