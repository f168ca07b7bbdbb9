"""Small reports, built by hand."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pydeploy_lint.engine.check import Check, check
from pydeploy_lint.engine.result import AppReport, BuildPrediction, Notification, PolicyUsed, Report
from pydeploy_lint.engine.suppress.model import Origin, Suppressed, Suppression
from pydeploy_lint.finding import Edit, Finding, Fix, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.facts.app import App
    from pydeploy_lint.finding import Problem

URL = "https://devcenter.heroku.com/articles/python-support#supported-runtimes"
POLICY = PolicyUsed(as_of="2026-08-01", buildpack="v351", stack="heroku-24", data_until="2026-08-18")


@check("unsupported-runtime", severity=Severity.ERROR, url=URL)
def unsupported_runtime(_app: App) -> Iterable[Problem]:
    """The Python version is past its end of life.

    Heroku rejects the push.
    """
    return ()


@check("missing-python-version", severity=Severity.WARNING)
def missing_python_version(_app: App) -> Iterable[Problem]:
    """No Python version is asked for."""
    return ()


CHECKS: dict[str, Check] = {each.name: each for each in (unsupported_runtime, missing_python_version)}

BUILDS = BuildPrediction(
    failure_reason=None,
    package_manager="uv",
    python_version_requested="3.14",
    python_version_origin=".python-version",
    python_version="3.14.7",
    install_command="uv sync --locked --no-default-groups",
    addons=(),
    warnings=(),
)
REJECTED = BuildPrediction(
    failure_reason="python-version::eol",
    package_manager="pip",
    python_version_requested="3.7",
    python_version_origin="runtime.txt",
    python_version=None,
    install_command=None,
    addons=(),
    warnings=("missing-python-version",),
)


def finding(
    message: str = "Python 3.7 reached its end of life, and Heroku rejects it.",
    at: Span | None = None,
    *,
    check: Check = unsupported_runtime,
    severity: Severity | None = None,
    help: str = "",  # noqa: A002 - the field's name
    failure_reason: str | None = None,
    fix: Fix | None = None,
    source_line: str | None = None,
) -> Finding:
    return Finding(
        check=check.name,
        severity=severity or check.severity,
        message=message,
        at=at or Span("runtime.txt", 1, 8, 1, 11),
        help=help,
        failure_reason=failure_reason,
        build_warning=False,
        fix=fix,
        url=check.url,
        source_line=source_line,
    )


def app(
    *findings: Finding,
    path: str = ".",
    rev: str | None = None,
    build: BuildPrediction = BUILDS,
    notifications: tuple[Notification, ...] = (),
    policy: PolicyUsed = POLICY,
) -> AppReport:
    return AppReport(path, rev, policy, build, findings, notifications)


def report(*apps: AppReport, notifications: tuple[Notification, ...] = ()) -> Report:
    return Report("1.2.3", apps, CHECKS, notifications)


END_OF_LIFE = finding(
    help="Ask for a newer version, and try the app with it:\n    echo 3.14 > .python-version",
    failure_reason="python-version::eol",
    fix=Fix(
        "Ask for Python 3.14 in .python-version",
        (Edit(Span("runtime.txt"), rename_to=".python-version"), Edit(Span("runtime.txt", 1, 1, 1, 11), "3.14")),
        safe=False,
    ),
    source_line="python-3.7",
)
NO_VERSION = finding("Heroku takes its default version.", Span(".python-version"), check=missing_python_version)
REJECTED_APP = app(NO_VERSION, END_OF_LIFE, build=REJECTED)
ANSWERED_APP = REJECTED_APP._replace(
    findings=(NO_VERSION,),
    suppressed=(
        Suppressed(
            END_OF_LIFE,
            Suppression(
                Origin.COMMENT, ("runtime",), "Moves to 3.14\nin May", Span("runtime.txt", 1, 1, 1, 40), line=2
            ),
        ),
        Suppressed(
            END_OF_LIFE._replace(at=Span("runtime.txt", 2, 8, 2, 11)),
            Suppression(Origin.BASELINE, ("unsupported-runtime",), "known in v1", None),
        ),
        Suppressed(
            END_OF_LIFE._replace(at=Span("runtime.txt", 3, 8, 3, 11)),
            Suppression(
                Origin.CONFIGURATION,
                ("unsupported-runtime",),
                "None of ours.",
                Span("pyproject.toml", 7, 1, 7, 9),
                until=datetime.date(2026, 12, 31),
            ),
        ),
    ),
)

# Any character at all, lone surrogates too, and more often than by chance those that do harm.
hostile = st.lists(
    st.sampled_from(["::error::", "##[", "]", "\x1b[31m", "\u200b", "\u202e", "\ud800", "\n", "\r", "\x9b", " ", "%0A"])
    | st.text(st.characters(exclude_categories=()), max_size=4)
).map("".join)
spans = hostile.filter(bool).map(Span) | st.builds(
    lambda path, line, column, lines, columns: Span(path, line, column, line + lines, column + columns),
    hostile.filter(bool),
    *[st.integers(1, 60)] * 2,
    *[st.integers(0, 9)] * 2,
)
findings = st.builds(
    finding,
    hostile,
    spans,
    check=st.sampled_from(list(CHECKS.values())),
    severity=st.sampled_from(Severity),
    help=hostile,
    fix=st.none() | st.builds(lambda text, span: Fix(text, (Edit(span, text),)), hostile, spans),
    source_line=st.none() | hostile,
)
notifications = st.builds(Notification, st.sampled_from(Severity), hostile, st.none() | spans)
suppressions = st.builds(
    Suppression, st.sampled_from(Origin), st.just(("a",)), hostile, st.none() | spans, until=st.none() | st.dates()
)
reports = st.builds(
    lambda apps, failures: report(*apps, notifications=tuple(failures)),
    st.lists(
        st.builds(
            lambda found, unread, answered, **where: app(*found, notifications=tuple(unread), **where)._replace(
                suppressed=tuple(answered)
            ),
            st.lists(findings, max_size=3),
            st.lists(notifications, max_size=2),
            st.lists(st.builds(Suppressed, findings, suppressions), max_size=2),
            path=hostile.filter(lambda path: "\0" not in path),
            rev=st.none() | hostile,
        ),
        max_size=2,
    ),
    st.lists(notifications, max_size=1),
)
