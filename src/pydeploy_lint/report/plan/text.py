"""The plan as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.files.credentials import masked
from pydeploy_lint.report.common.concealed import concealed
from pydeploy_lint.report.common.neutral import inert, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.report.common.terminal import Terminal
    from pydeploy_lint.report.plan.plan import Line, Section

BOLD = "1"
RED = "31"


def render(path: str, sections: Iterable[Section], terminal: Terminal | None) -> str:
    """The plan for the app at a path, for people."""
    blocks = [_paint(terminal, BOLD, f"Heroku's plan for {visible(masked(path))}")]
    for section in map(concealed, sections):
        width = max(len(line.label) for line in section.lines)
        blocks.append(
            "\n".join(
                [_paint(terminal, BOLD, section.title), *(_line(line, width, terminal) for line in section.lines)]
            )
        )
    return "\n\n".join(blocks) + "\n"


def _line(line: Line, width: int, terminal: Terminal | None) -> str:
    place = f" ({line.at})" if line.at and line.at.line else ""
    text = f"  {line.label:<{width}}  {inert(visible(line.text + place))}"
    return _paint(terminal, RED, text) if line.stops else text


def _paint(terminal: Terminal | None, style: str, text: str) -> str:
    return terminal.paint(text, style) if terminal else text
