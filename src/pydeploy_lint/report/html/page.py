"""One page to share, in one file: the verdict, the findings by file, and how long Heroku supports what the app uses.

It needs no script and no other file, and says so to the browser, which then would refuse any.
"""

from __future__ import annotations

import base64
import hashlib
import pathlib
from typing import TYPE_CHECKING

from pydeploy_lint.facts.python.version import CACHED_ORIGIN, DEFAULT_ORIGIN
from pydeploy_lint.heroku.policy import MANAGER_TITLES
from pydeploy_lint.report.common.document import Collected
from pydeploy_lint.report.common.summary import Verdict, comparison, outlook, summary
from pydeploy_lint.report.html.findings import files, notes, suppressed
from pydeploy_lint.report.html.markup import NOTHING, Markup, block, element
from pydeploy_lint.report.html.timeline import figure, patterns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.engine.result import AppReport, BuildPrediction, PolicyUsed, Report
    from pydeploy_lint.report.common.document import Document, Head
    from pydeploy_lint.report.common.paths import RepositoryPaths
    from pydeploy_lint.report.common.terminal import Terminal

ANSWERS = {Verdict.BUILDS: "Yes", Verdict.DOUBTFUL: "In doubt", Verdict.FAILS: "Yes, but", Verdict.REJECTED: "No"}
INFORMATION = "https://devcenter.heroku.com/articles/python-support"


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report, written at the end."""
    return Collected(head, terminal, _render)


def _render(report: Report, _paths: RepositoryPaths) -> str:
    """The report as an HTML document, without the time; equal reports give equal bytes."""
    style = Markup((pathlib.Path(__file__).parent / "style.css").read_text(encoding="utf-8"))
    page = block("html", _head(report, style), _body(report), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"


def _head(report: Report, style: Markup) -> Markup:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    answers = [ANSWERS[summary(app)[0]] for app in report.apps]
    title = f"{_question(report)} {answers[0]}" if len(answers) == 1 else _question(report)
    return block(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{title} - pydeploy-lint"),
        element("style", style),
    )


def _question(report: Report) -> str:
    return "Would Heroku build this app?" if len(report.apps) == 1 else "Would Heroku build these apps?"


def _body(report: Report) -> Markup:
    sections = [
        app_section(app, f"app-{number}", show_suppressed=report.show_suppressed)
        for number, app in enumerate(report.apps, 1)
    ]
    return block(
        "body",
        patterns(),
        element("a", "Skip to the answer", href="#answer", class_="skip"),
        block(
            "header",
            element("p", f"pydeploy-lint {report.version}", class_="tool"),
            element("h1", _question(report)),
        ),
        _contents(report) if len(report.apps) > 1 else NOTHING,
        block("main", notes(report.failures, ".", "What went wrong", "h2"), *sections, id="answer"),
        block(
            "footer",
            element(
                "p",
                "Told by pydeploy-lint, which installs and runs nothing of the app. See also ",
                element("a", "Heroku's page on Python", href=INFORMATION),
                ".",
            ),
        ),
    )


def _contents(report: Report) -> Markup:
    links = [
        element("li", element("a", _name(app), href=f"#app-{number}"), " ", _answer(summary(app)[0]))
        for number, app in enumerate(report.apps, 1)
    ]
    return block("nav", block("ul", *links), aria_label="Apps")


def _answer(verdict: Verdict) -> Markup:
    return element("strong", ANSWERS[verdict], class_=f"answer {verdict.name.lower()}")


def _name(app: AppReport) -> str:
    name = "This directory" if app.path == "." else app.path
    return name if app.rev is None else f"{name} at {app.rev}"


def app_section(app: AppReport, name: str, *, show_suppressed: bool = False) -> Markup:
    """Everything about one app, for a page with the `patterns` of the drawings and the style sheet.

    Args:
        app: the results.
        name: the start of all ids in the section.
        show_suppressed: whether to list what is suppressed.
    """
    verdict, sentence = summary(app)
    more = [text for text in (comparison(app), outlook(app)) if text]
    as_of, data_until = app.policy.as_of, app.policy.data_until
    return block(
        "section",
        element("h2", _name(app), id=name),
        block(
            "div",
            element("p", _answer(verdict), " ", element("span", sentence)),
            *(element("p", text, class_="compared") for text in more),
            class_=f"verdict {verdict.name.lower()}",
        ),
        files(app.findings),
        suppressed(app.suppressed, app.path) if show_suppressed and app.suppressed else NOTHING,
        notes(app.unreported, app.path, "What could not be decided", "h3"),
        element("h3", "What the build does"),
        block("dl", *_facts(app.build, app.policy), class_="facts"),
        element("h3", "How long Heroku supports it") if app.timeline else NOTHING,
        figure(app.timeline, as_of, data_until, name) if app.timeline else NOTHING,
        aria_labelledby=name,
    )


def _facts(build: BuildPrediction, policy: PolicyUsed) -> Iterator[Markup]:
    if build.failure_reason:
        yield _fact("Stops with" if build.certain else "May stop with", element("code", build.failure_reason))
    if build.python_version_requested:
        origin = build.python_version_origin
        unasked = {DEFAULT_ORIGIN: "by default", CACHED_ORIGIN: "as in the last build"}
        asked = unasked.get(origin or DEFAULT_ORIGIN, f"asked for in {origin}")
        version = build.python_version or build.python_version_requested
        newer = " or newer" if "python_version" in build.may_differ else ""
        yield _fact("Python", element("strong", version), f"{newer} {asked}")
    if build.package_manager:
        yield _fact("Package manager", MANAGER_TITLES[build.package_manager])
    if build.install_command:
        yield _fact("Installs with", element("code", build.install_command))
    if build.addons:
        yield _fact("Add-ons", ", ".join(build.addons))
    if build.warnings:
        yield _fact("Build warnings", ", ".join(build.warnings))
    yield _fact("Stack", policy.stack)
    yield _fact("Judged by", f"heroku/python {policy.buildpack}, as of {policy.as_of}")
    if build.may_differ:
        yield _fact("Platform data", f"of {policy.data_until}, {policy.age_days} days old")


def _fact(term: str, *description: str) -> Markup:
    return element("div", element("dt", term), element("dd", *description))
