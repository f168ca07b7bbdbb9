"""Draws how long Heroku supports an app's Python and stack, to scale, and tells the same in a table."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.report.html.markup import NOTHING, Markup, block, element

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydeploy_lint.engine.result import Life

STATES = {
    "supported": "supported",
    "deprecated": "deprecated",
    "unmaintained": "no security updates",
}
"""What a bar shows, in the order of a life, and its words."""
MOST_YEARS_NAMED = 8
TOP, ROW, BAR, BOTTOM = 34, 50, 14, 26
"""Heights in pixels: above the first row, of a row, of the bar in it, and below the last row."""
LABEL_OFFSET, BAR_OFFSET = 14, 22
"""From the top of a row to the foot of its label, and to its bar below that."""
MARGIN = 1.0
"""Left free on both sides, in per cent."""


class _Scale(NamedTuple):
    first: int
    """The year at the left edge."""
    last: int
    """The year that begins at the right edge."""

    def at(self, date: datetime.date) -> float:
        """Where a day is, in per cent of the width."""
        begin = datetime.date(self.first, 1, 1)
        share = (date - begin) / (datetime.date(self.last, 1, 1) - begin)
        return MARGIN + share * (100 - 2 * MARGIN)


def figure(lives: Sequence[Life], as_of: str, data_until: str, name: str) -> Markup:
    """A figure of some lives.

    Args:
        lives: at least one of their dates is known.
        as_of: the ISO date of the judgement, which is marked.
        data_until: the ISO date up to which releases of the buildpack are known.
        name: the id of the app's heading, and a prefix for those of other elements.
    """
    return block(
        "figure",
        _drawing(lives, datetime.date.fromisoformat(as_of), name),
        _legend(),
        # On a narrow screen it is scrolled, which takes the focus where there is no mouse.
        block("section", _table(lives, name), class_="scroll", aria_labelledby=f"{name} {name}-table", tabindex=0),
        element(
            "figcaption",
            f"Dates that lie ahead are as announced. Releases of heroku/python are known up to {data_until}.",
        ),
        class_="timeline",
    )


# --- The drawing


def patterns() -> Markup:
    """What fills the bars of all drawings of a page, so that no bar is told from another by its colour alone."""
    size: dict[str, str | float] = {"width": 7, "height": 7, "patternUnits": "userSpaceOnUse"}
    stripes = element("path", d="M-1 8 8-1M-1 1 1-1M6 8 8 6")
    dots = element("circle", cx=3.5, cy=3.5, r=1.25)
    return block(
        "svg",
        element("pattern", stripes, id="deprecated", **size),
        element("pattern", dots, id="unmaintained", **size),
        width=0,
        height=0,
        aria_hidden="true",
        class_="patterns",
    )


def _drawing(lives: Sequence[Life], as_of: datetime.date, name: str) -> Markup:
    days = [as_of, *(day for life in lives for day in _days(life).values())]
    # A life that began at an unknown time needs room before its first known date.
    first = min(days).year - any(life.since is None for life in lives)
    scale = _Scale(first, min(max(days).year + 1, datetime.MAXYEAR))
    bottom = TOP + ROW * len(lives)
    return block(
        "svg",
        element("title", "Support over time, to scale; the table below has the dates", id=f"{name}-title"),
        _axis(scale, bottom),
        *(shape for row, life in enumerate(lives) for shape in _bar(life, TOP + ROW * row + BAR_OFFSET, scale, as_of)),
        today(scale.at(as_of), as_of, TOP, bottom),
        # Last, so that no line runs through them.
        *(_label(life, TOP + ROW * row + LABEL_OFFSET) for row, life in enumerate(lives)),
        role="img",
        width="100%",
        height=bottom + BOTTOM,
        aria_labelledby=f"{name}-title",
    )


def _axis(scale: _Scale, bottom: int) -> Markup:
    step = -(-(scale.last - scale.first) // MOST_YEARS_NAMED)
    years = range(scale.first, scale.last, step)
    positions = [(year, f"{scale.at(datetime.date(year, 1, 1)):.2f}%") for year in years]
    return block(
        "g",
        *(element("line", x1=x, x2=x, y1=TOP - 6, y2=bottom, class_="year") for _, x in positions),
        *(element("text", str(year), x=x, y=bottom + 18, class_="year") for year, x in positions),
    )


def _label(life: Life, y: int) -> Markup:
    owner = element("tspan", f" {_owner(life)}", class_="owner")
    return element("text", life.subject, owner, x=f"{MARGIN}%", y=y, class_="subject")


def _owner(life: Life) -> str:
    return "this app" if life.in_use else "the default"


def _bar(life: Life, y: int, scale: _Scale, as_of: datetime.date) -> Iterator[Markup]:
    end = None
    for state, begin, end in _stretches(life, datetime.date(scale.first, 1, 1), as_of):
        x, right = scale.at(begin), scale.at(end)
        yield element(
            "rect",
            element("title", f"{life.subject}: {STATES[state]}"),
            x=f"{x:.2f}%",
            width=f"{right - x:.2f}%",
            y=y,
            height=BAR,
            class_=state,
        )
    if life.removed and end:
        x = scale.at(end)
        yield element("line", x1=f"{x:.2f}%", x2=f"{x:.2f}%", y1=y - 4, y2=y + BAR + 4, class_="end")


def today(x: float, as_of: datetime.date, top: int, bottom: int) -> Markup:
    """The date of the judgement, as a line with its name above it.

    Args:
        x: where it is, in per cent of the width.
        as_of: the date.
        top: where the first row begins, in pixels; there is room for the name above it.
        bottom: where the last row ends.
    """
    anchor = "start" if x < 20 else "end" if x > 80 else "middle"
    place: dict[str, str | float] = {"x1": f"{x:.2f}%", "x2": f"{x:.2f}%", "y1": top - 12, "y2": bottom}
    return block(
        "g",
        element("line", class_="halo", **place),
        element("line", **place),
        element("text", f"as of {as_of}", x=f"{x:.2f}%", y=top - 18, text_anchor=anchor),
        class_="today",
    )


def _stretches(
    life: Life, left: datetime.date, as_of: datetime.date
) -> Iterator[tuple[str, datetime.date, datetime.date]]:
    """The states of a life with their first days and the days after them."""
    days = _days(life)
    # What becomes of it after its last known date nobody has said; up to the judged day nothing has become of it.
    end = days.get("removed") or max([as_of, *days.values()])
    begins = [(state, ({"supported": left} | days).get(state, end)) for state in STATES]
    for number, (state, begin) in enumerate(begins, 1):
        # A worse state covers those before it.
        until = min([day for _, day in begins[number:]], default=end)
        if begin < min(until, end):
            yield state, begin, min(until, end)


def _days(life: Life) -> dict[str, datetime.date]:
    """The day on which each state begins, as far as known."""
    dates = {
        "supported": life.since,
        "deprecated": life.deprecated,
        "unmaintained": life.maintained_until,
        "removed": life.removed,
    }
    return {state: _day(date) for state, date in dates.items() if date}


def _day(date: str) -> datetime.date:
    """A date, or the last day of a month."""
    if len(date) == len("2026-10-31"):
        return datetime.date.fromisoformat(date)
    year, month = map(int, date.split("-"))
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


def _legend() -> Markup:
    """The words for the bars; the table tells the same to those who do not see them."""
    swatches = [
        element("svg", element("rect", width=28, height=BAR, class_=state), width=28, height=BAR) for state in STATES
    ]
    items = [element("li", swatch, word) for swatch, word in zip(swatches, STATES.values(), strict=True)]
    end = element("svg", element("line", x1=14, x2=14, y1=0, y2=BAR, class_="end"), width=28, height=BAR)
    return block("ul", *items, element("li", end, "builds refused from here"), class_="legend", aria_hidden="true")


# --- The table


def _table(lives: Sequence[Life], name: str) -> Markup:
    return block(
        "table",
        element("caption", "The dates of the drawing", id=f"{name}-table"),
        block(
            "thead", _table_row("th", ("", "Supported since", "Deprecated", "Security updates end", "Builds refused"))
        ),
        block("tbody", *map(_life, lives)),
    )


def _table_row(cell: str, texts: Iterable[str], head: Markup = NOTHING) -> Markup:
    scope = "col" if cell == "th" else None
    cells = [element(cell, text, scope=scope) if text else element("td") for text in texts]
    return element("tr", head, *cells)


def _life(life: Life) -> Markup:
    head = element("th", life.subject, " ", element("span", _owner(life), class_="owner"), scope="row")
    dates = (life.since or "not recorded", life.deprecated, life.maintained_until, life.removed)
    return _table_row("td", (date or "not announced" for date in dates), head)
