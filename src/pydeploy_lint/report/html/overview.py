"""What a page about many apps says before their details: totals, a table of the apps, and when deploys stop."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.report.common.comparison import lines as comparison_lines
from pydeploy_lint.report.common.row import Kind
from pydeploy_lint.report.common.totals import SENTENCES
from pydeploy_lint.report.html.markup import NOTHING, Markup, block, element, joined
from pydeploy_lint.report.html.timeline import today

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydeploy_lint.report.common.comparison import Comparison
    from pydeploy_lint.report.common.row import Row
    from pydeploy_lint.report.common.totals import Found, Stop, Totals

STYLES = {
    Kind.BUILDS: "builds",
    Kind.FAILS: "fails",
    Kind.REJECTED: "rejected",
    Kind.UNDECIDED: "doubtful",
    Kind.NO_APP: "quiet",
    Kind.NOT_JUDGED: "rejected",
}
"""The class that colours what is said of the apps of a kind."""
ORDER = {kind.value: str(number) for number, kind in enumerate((Kind.REJECTED, Kind.FAILS, Kind.NOT_JUDGED, *Kind))}
"""How verdicts are sorted: what is to be done first comes first."""
COLUMNS = {
    "App": "path",
    "Verdict": "verdict",
    "Reason": "reason",
    "Python": "python",
    "Manager": "package_manager",
    "Stack": "stack",
    "Deploys until": "deploys_until",
    "Errors": "errors",
    "Warnings": "warnings",
}
NUMBERS = frozenset({"errors", "warnings"})
TOP, ROW, BAR, BOTTOM = 34, 26, 14, 26
"""Heights in pixels: above the first row, of a row, of the bar in it, below the last row."""
FIRST, LAST = 2.0, 88.0
"""Where the first and the last day are, in per cent of the width; right of that is room for a number."""
MOST_YEARS_NAMED = 8
LAST_DAY = "9999"
"""After every date, for an app whose end is not known."""


class Listed(NamedTuple):
    """An app in the table."""

    row: Row
    anchor: str | None
    """The id of its details; None where there are none."""


def overview(totals: Totals, apps: Sequence[Listed], as_of: str | None, compared: Comparison | None) -> Markup:
    """The sections before the details.

    Args:
        totals: what is known of all apps together.
        apps: each of them.
        as_of: the ISO date of the judgement; None where none was judged.
        compared: with an older report.
    """
    sections = (
        _kinds(totals),
        _changes(compared) if compared else NOTHING,
        _stops(totals.stops, as_of) if totals.stops and as_of else NOTHING,
        _found(totals.found) if totals.found else NOTHING,
        _table(apps) if apps else NOTHING,
    )
    return Markup("".join(f"{each}\n" for each in sections if each))


def _kinds(totals: Totals) -> Markup:
    items = [
        element("li", element("strong", f"{count:,}", class_=f"answer {style}"), f" {SENTENCES[kind][count != 1]}")
        for kind, style in STYLES.items()
        if (count := totals.kinds[kind])
    ]
    return block("section", element("p", f"{totals.sentence}.", class_="sentence"), block("ul", *items, class_="kinds"))


def _changes(comparison: Comparison) -> Markup:
    sentence, *changes = comparison_lines(comparison)
    items = block("ul", *(element("li", change) for change in changes)) if changes else NOTHING
    return block("section", element("h2", "What has changed", id="changes"), element("p", sentence), items)


def _found(found: Iterable[Found]) -> Markup:
    rows = [_row(each.check, str(each.apps), str(each.findings)) for each in found]
    return block(
        "section",
        element("h2", "What is found", id="found"),
        block("div", _plain_table(("Check", "Apps", "Findings"), rows), class_="scroll"),
    )


def _row(head: str, *cells: str) -> Markup:
    return element("tr", element("th", head, scope="row"), *(element("td", each) for each in cells))


def _plain_table(heads: Iterable[str], rows: Iterable[Markup], **attributes: str) -> Markup:
    head = element("tr", *(element("th", each, scope="col") for each in heads))
    return block("table", block("thead", head), block("tbody", *rows), **attributes)


# --- When deploys stop


def _stops(stops: Sequence[Stop], as_of: str) -> Markup:
    expected = {True: " (expected, not announced)", False: ""}
    rows = [_row(stop.date, f"{stop.apps:,}", stop.reason + expected[stop.expected]) for stop in stops]
    return block(
        "section",
        element("h2", "When deploys stop", id="stops"),
        block(
            "figure",
            _drawing(stops, datetime.date.fromisoformat(as_of)),
            block("div", _plain_table(("From", "Apps", "Why"), rows, class_="wrapped"), class_="scroll"),
            class_="timeline",
        ),
    )


def _drawing(stops: Sequence[Stop], as_of: datetime.date) -> Markup:
    days = [datetime.date.fromisoformat(stop.date) for stop in stops]
    first = datetime.date(min(as_of, *days).year, 1, 1)
    last = datetime.date(min(max(days).year + 1, datetime.MAXYEAR), 1, 1)

    def at(day: datetime.date) -> float:
        return FIRST + (LAST - FIRST) * ((day - first) / max(last - first, datetime.timedelta(days=1)))

    step = max(1, -(-(last.year - first.year) // MOST_YEARS_NAMED))
    bottom = TOP + ROW * len(stops)
    years = [(str(year), f"{at(datetime.date(year, 1, 1)):.2f}%") for year in range(first.year, last.year + 1, step)]
    most = max(stop.apps for stop in stops)
    title = "How many apps can no longer be deployed from which day on, to scale; the table below has the dates"
    return block(
        "svg",
        element("title", title, id="drawing"),
        *(element("line", x1=x, x2=x, y1=TOP - 6, y2=bottom, class_="year") for _, x in years),
        *(element("text", year, x=x, y=bottom + 18, class_="year") for year, x in years),
        *(
            _stop(stop, at(as_of), at(day), TOP + ROW * row, most)
            for row, (stop, day) in enumerate(zip(stops, days, strict=True))
        ),
        today(at(as_of), as_of, TOP, bottom),
        role="img",
        width="100%",
        height=bottom + BOTTOM,
        aria_labelledby="drawing",
    )


def _stop(stop: Stop, begin: float, end: float, y: int, most: int) -> Markup:
    """How long deploys go on, as a bar whose height is the share of apps."""
    height = max(3.0, BAR * stop.apps / most)
    bar = element(
        "rect",
        x=f"{begin:.2f}%",
        width=f"{max(end - begin, 0.3):.2f}%",
        y=f"{y + (ROW - height) / 2:.1f}",
        height=f"{height:.1f}",
        class_="deprecated" if stop.expected else "supported",
    )
    line = element("line", x1=f"{end:.2f}%", x2=f"{end:.2f}%", y1=y + 4, y2=y + ROW - 4, class_="end")
    number = element("text", f"{stop.apps:,}", x=f"{end + 0.8:.2f}%", y=y + 18, class_="subject")
    return joined(bar, line, number)


# --- The table of apps


def _table(apps: Iterable[Listed]) -> Markup:
    controls = block(
        "p",
        element("label", "Filter ", Markup('<input id="filter" type="search" autocomplete="off">')),
        element("output", "", id="shown", for_="filter"),
        id="controls",
        hidden="",
    )
    return block(
        "section",
        element("h2", "The apps", id="apps"),
        controls,
        block("div", _plain_table(COLUMNS, map(_app, apps), id="table"), class_="scroll"),
    )


def _app(app: Listed) -> Markup:
    cells = app.row._asdict()
    name = element("a", app.row.path, href=f"#{app.anchor}") if app.anchor else app.row.path
    revision = element("span", f" at {app.row.revision}", class_="quiet") if app.row.revision else NOTHING
    head = element("th", name, revision, scope="row")
    return element("tr", head, *(_cell(name, cells[name]) for name in list(COLUMNS.values())[1:]))


def _cell(name: str, text: str) -> Markup:
    if name == "verdict":
        kind = Kind(text)
        return element("td", element("span", text, class_=f"answer {STYLES[kind]}"), data_order=ORDER[text])
    if name == "deploys_until":
        return element("td", text, data_order=None if text else LAST_DAY)
    return element("td", text, class_="number" if name in NUMBERS else None)
