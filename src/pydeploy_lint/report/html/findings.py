"""The findings on the page: by file, each with its line, how to fix it and where to read more."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.commands import INDENT
from pydeploy_lint.report.common.excerpt import excerpt
from pydeploy_lint.report.common.order import most_urgent_first
from pydeploy_lint.report.common.paths import typed_place
from pydeploy_lint.report.html.markup import NOTHING, Markup, block, element, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydeploy_lint.engine.result import Notification
    from pydeploy_lint.engine.suppress.model import Suppressed
    from pydeploy_lint.finding import Finding, Fix

COLUMNS = 90
"""How much of a source line is shown; the page wraps it where it is narrower."""
SYMBOLS = {Severity.ERROR: "\u2715", Severity.WARNING: "!", Severity.NOTE: "i"}


def files(findings: Sequence[Finding]) -> Markup:
    """The findings of an app, a group for each file; first the files that stop the build."""
    if not findings:
        return joined(element("h3", "Findings"), element("p", "Nothing was found.", class_="quiet"))
    paths = dict.fromkeys(finding.at.path for finding in most_urgent_first(findings))
    place = {path: number for number, path in enumerate(paths)}
    groups = groupby(sorted(findings, key=lambda finding: place[finding.at.path]), lambda finding: finding.at.path)
    return block("div", element("h3", "Findings"), *(_file(path, found) for path, found in groups), class_="findings")


def _file(path: str, findings: Iterable[Finding]) -> Markup:
    return block("section", element("h4", element("code", path)), *map(_finding, findings), class_="file")


def _finding(finding: Finding) -> Markup:
    return block(
        "article",
        element("h5", finding.message),
        _about(finding),
        _line(finding),
        _related(finding),
        *_way_out(finding.help),
        _fix(finding.fix) if finding.fix and finding.fix.is_automatic else NOTHING,
        _link(finding.url) if finding.url else NOTHING,
        class_=f"finding {finding.severity.label}",
    )


def _about(finding: Finding) -> Markup:
    """Severity, place and check, and what the build says of it."""
    _, line, column, *_ = finding.at
    items = [
        _severity(finding.severity),
        element("span", "whole file" if line is None else f"line {line}, column {column}"),
        element("code", finding.check),
    ]
    if finding.failure_reason:
        items.append(element("span", "stops the build: ", element("code", finding.failure_reason)))
    if finding.build_warning:
        items.append(element("span", "the build warns, too"))
    return element("p", *(part for item in items for part in (item, " ")), class_="about")


def _severity(severity: Severity) -> Markup:
    symbol = element("span", SYMBOLS[severity], class_="symbol", aria_hidden="true")
    return element("span", symbol, severity.label, class_=f"severity {severity.label}")


def _line(finding: Finding) -> Markup:
    shown = excerpt(finding, COLUMNS)
    if shown is None:
        return NOTHING
    number = element("span", f"{shown.number}", class_="number")
    # A place between two characters has nothing to mark, and gets a mark of its own.
    mark = element("mark", shown.stretch, class_=None if shown.stretch else "place")
    return element("pre", number, element("code", shown.before, mark, shown.after), class_="line")


def _related(finding: Finding) -> Markup:
    """The other places."""
    if not finding.related:
        return NOTHING
    return block("ul", *(element("li", element("code", str(each.at)), ": ", each.message) for each in finding.related))


def _way_out(text: str) -> Iterator[Markup]:
    """Paragraphs, and commands, which are indented, in blocks."""
    for is_command, lines in groupby(text.splitlines(), key=lambda line: line.startswith(" ")):
        if is_command:
            commands = [element("code", line.removeprefix(INDENT)) for line in lines]
            yield element("pre", Markup("\n".join(commands)), class_="commands")
        else:
            yield from (element("p", line) for line in lines if line)


def _fix(fix: Fix) -> Markup:
    option = "--fix" if fix.safe else "--fix --unsafe-fixes"
    after = "" if fix.safe else ", to be looked over"
    return element("p", element("code", f"pydeploy-lint {option}"), f" does it{after}: {fix.description}", class_="fix")


def _link(url: str) -> Markup:
    # What a plug-in gives may be no web page, and must not become a script.
    href = url if url.startswith(("https://", "http://")) else None
    return element("p", "More: ", element("a", url, href=href) if href else url, class_="more")


def suppressed(kept_back: Sequence[Suppressed], app_path: str) -> Markup:
    """What is suppressed, and why."""
    items = [
        element(
            "li",
            _severity(finding.severity),
            " ",
            element("code", finding.check),
            f" {typed_place(app_path, finding.at)}: {finding.message} ",
            element("span", f"Suppressed: {by.reason or 'no reason given'}", class_="quiet"),
        )
        for finding, by in kept_back
    ]
    return block("section", element("h3", "Suppressed"), block("ul", *items))


def notes(notifications: Sequence[Notification], app_path: str, title: str, heading: str) -> Markup:
    """What kept questions from being decided; nothing where there is nothing to tell.

    Args:
        notifications: what to tell.
        app_path: the path of the app that it is about.
        title: of the section.
        heading: the element for the title.
    """
    items = [
        element(
            "li",
            _severity(each.severity),
            f" {typed_place(app_path, each.at)}: {each.message}" if each.at else f" {each.message}",
        )
        for each in notifications
    ]
    return block("section", element(heading, title), block("ul", *items)) if items else NOTHING
