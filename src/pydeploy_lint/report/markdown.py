"""GitHub's Markdown, for the summary of a job or a comment: a table of the findings, and how to fix them.

Of several apps there are totals and a table before that.

Nothing from the app is Markdown or HTML in it, and it stays below the size that GitHub takes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydeploy_lint.report.common.commands import INDENT, help_from
from pydeploy_lint.report.common.comparison import lines as comparison_lines
from pydeploy_lint.report.common.document import Document
from pydeploy_lint.report.common.neutral import inert, markdown, visible
from pydeploy_lint.report.common.order import most_urgent_first
from pydeploy_lint.report.common.paths import typed_place
from pydeploy_lint.report.common.row import Row
from pydeploy_lint.report.common.summary import comparison, fixable, outlook, summary
from pydeploy_lint.report.text.lines import heading, related_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydeploy_lint.engine.result import AppReport, Notification, Unjudged
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.report.common.document import Closing, Head
    from pydeploy_lint.report.common.terminal import Terminal
    from pydeploy_lint.report.common.totals import Totals

COLUMNS = {
    "app": "path",
    "verdict": "verdict",
    "reason": "reason",
    "Python": "python",
    "manager": "package_manager",
    "stack": "stack",
    "deploys until": "deploys_until",
    "errors": "errors",
    "warnings": "warnings",
}
"""The heads of the columns of the table of apps, and the cells of the row."""
LARGEST = 900_000
"""Bytes; GitHub shows no summary of a step beyond 1,024 kB."""
LONGEST = 2_000
"""Characters of a message or a line of help; of more, the beginning is shown."""
LINKED = re.compile(r"https://[\w./#%?=&~+-]+")
TICKS = re.compile("`+")
FOLD, UNFOLD = "<details><summary>How to fix it</summary>\n\n", "</details>\n\n"
CUT = "The report is too long to be shown whole. The log and the other formats have the rest.\n"


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report in Markdown, written at the end, as the totals come first, and cut where it gets too large."""
    return _Markdown(head, terminal)


class _Markdown(Document):
    def __init__(self, head: Head, terminal: Terminal | None) -> None:
        super().__init__(head, terminal)
        self._failures = list(head.notifications)
        self._rows: list[str] = []
        self._details: list[str] = []
        self._size = 0

    def app(self, app: AppReport) -> str:
        """See `Document.app`; what would be cut is not kept."""
        if not app.skipped:
            self._rows.append(_row_of(Row.of(app)))
        if not app.skipped and self._size <= LARGEST:
            pieces = list(_app(app, self.head))
            self._details += pieces
            self._size += sum(map(len, pieces))
        return ""

    def unjudged(self, unjudged: Unjudged) -> str:
        """See `Document.unjudged`."""
        self._rows.append(_row_of(Row.of_unjudged(unjudged)))
        self._failures.append(unjudged.why)
        return ""

    def end(self, closing: Closing) -> Iterator[str]:
        """See `Document.end`."""
        size = 0
        folded = False
        for piece in self._pieces(closing):
            size += len(piece.encode("utf-8", "replace"))
            if size > LARGEST:
                # An empty line ends the table or the list in which the cut is.
                yield f"\n{UNFOLD if folded else ''}{CUT}"
                return
            yield piece
            folded = piece == FOLD or (folded and piece != UNFOLD)

    def _pieces(self, closing: Closing) -> Iterator[str]:
        """The document in parts between which it can be cut."""
        yield "## pydeploy-lint\n\n"
        yield from _notifications(self._failures, ".")
        if self.head.several:
            yield f"**{_text(closing.totals.sentence)}**\n\n"
            yield from _rows(COLUMNS, self._rows)
            yield from _totals(closing.totals)
        if closing.comparison:
            sentence, *changes = comparison_lines(closing.comparison)
            yield f"**{_text(sentence)}**\n\n"
            yield from (f"- {_text(change)}\n" for change in changes)
            yield "\n"
        yield from self._details


def _row_of(row: Row) -> str:
    cells = row._asdict()
    return _row(_text(cells[name]) for name in COLUMNS.values())


def _totals(totals: Totals) -> Iterator[str]:
    found = [_row([row.check, str(row.apps), str(row.findings)]) for row in totals.found]
    yield from _rows(("check", "apps", "findings"), found)
    stops = [
        _row([stop.date, _text(stop.reason) + " (expected, not announced)" * stop.expected, str(stop.apps)])
        for stop in totals.stops
    ]
    yield from _rows(("no longer deployed from", "why", "apps"), stops)


def _rows(names: Iterable[str], rows: list[str]) -> Iterator[str]:
    """A table; nothing if it has no row."""
    if rows:
        names = list(names)
        yield f"{_row(names)}{_row(['---'] * len(names))}"
        yield from rows
        yield "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _app(app: AppReport, head: Head) -> Iterator[str]:
    """What is said of an app."""
    if head.several:
        yield f"### {_text(heading(app))}\n\n"
    yield f"**{_text(summary(app)[1])}**\n\n"
    for sentence in (comparison(app), outlook(app), fixable(app)):
        if sentence:
            yield f"{_text(sentence)}\n\n"
    findings = most_urgent_first(app.findings)
    yield from _table(app, findings, show_suppressed=head.show_suppressed)
    yield from _notifications(app.unreported, app.path)
    yield from _help(findings, app.path)


def _table(app: AppReport, findings: list[Finding], *, show_suppressed: bool) -> Iterator[str]:
    rows = [(finding.severity.label, finding) for finding in findings]
    if show_suppressed:
        rows += [(f"suppressed {each.finding.severity.label}", each.finding) for each in app.suppressed]
    if not rows:
        return
    yield "| | where | what |\n|---|---|---|\n"
    for label, finding in rows:
        doubt = "" if finding.certain else "may apply: "
        place = _text(typed_place(app.path, finding.at))
        lines = [f"{doubt}{_text(finding.message)} ({_check(finding)})", *map(_text, related_lines(finding, app.path))]
        yield f"| {label} | {place} | {'<br>'.join(lines)} |\n"
    yield "\n"


def _check(finding: Finding) -> str:
    """The name of the check, with a link to its page."""
    return f"[{finding.check}]({finding.url})" if LINKED.fullmatch(finding.url) else finding.check


def _notifications(notifications: Iterable[Notification], app_path: str) -> Iterator[str]:
    lines = []
    for each in notifications:
        place = f"{_text(typed_place(app_path, each.at))}: " if each.at else ""
        lines.append(f"- {each.severity.label}: {place}{_text(each.message)}\n")
    yield from [*lines, "\n"] if lines else []


def _help(findings: list[Finding], app_path: str) -> Iterator[str]:
    """How to fix what was found; what is the same for several findings is said once."""
    places: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        if finding.help:
            text = help_from(app_path, finding.help)
            places.setdefault((finding.check, text), []).append(typed_place(app_path, finding.at))
    if places:
        yield FOLD
    for (check, text), where in places.items():
        yield f"**{check}** in {_text(', '.join(where))}\n\n{''.join(_blocks(text))}"
    if places:
        yield UNFOLD


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs, and code blocks of what is indented."""
    code: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith(INDENT):
            code.append(inert(visible(line.removeprefix(INDENT)))[:LONGEST])
            continue
        if code:
            fence = "`" * max([3, *(len(ticks) + 1 for each in code for ticks in TICKS.findall(each))])
            yield "\n".join([fence, *code, fence, "", ""])
            code.clear()
        if line.strip():
            yield f"{_text(line)}\n\n"


def _text(text: str) -> str:
    return markdown(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
