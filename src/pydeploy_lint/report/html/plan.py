"""The plan as HTML, in the style of the page: a list of steps for each section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.report.html.markup import NOTHING, Markup, block, element, joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.report.plan.plan import Line, Section


def plan_sections(sections: Iterable[Section]) -> Markup:
    """The sections of a plan, each with a heading of the third level."""
    return joined(*(_section(section) for section in sections))


def _section(section: Section) -> Markup:
    return block("section", element("h3", section.title), block("dl", *map(_line, section.lines), class_="facts plan"))


def _line(line: Line) -> Markup:
    place = element("span", f" {line.at}", class_="quiet") if line.at and line.at.line else NOTHING
    return element(
        "div",
        element("dt", line.label),
        element("dd", line.text, place),
        class_="stops" if line.stops else None,
    )
