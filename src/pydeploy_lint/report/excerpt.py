"""The source line of a finding, and the mark under the stretch that the finding is about."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.report.neutral import visible
from pydeploy_lint.report.terminal import width

if TYPE_CHECKING:
    from pydeploy_lint.finding import Finding

TAB_STOP = 4
LEAST_ROOM = 20
CUT = "..."


class Excerpt(NamedTuple):
    """Two lines to print: ``source``, and ``margin`` followed by ``mark``."""

    source: str
    margin: str
    mark: str


def excerpt(finding: Finding, columns: int) -> Excerpt | None:
    """The excerpt of a finding; None where it is not about a line.

    Of a line that is too long, as in a lockfile on one line, only the part around the stretch is shown.

    Args:
        finding: what was found.
        columns: how wide the excerpt may be.
    """
    line, at = finding.source_line, finding.at
    if line is None or at.line is None or at.column is None:
        return None
    number = f"{at.line} | "
    room = max(columns - len(number), LEAST_ROOM)
    start = min(at.column - 1, len(line))
    end = at.end_column - 1 if at.end_column is not None and at.end_line == at.line else len(line)
    first, head, tail = 0, "", ""
    cells = _cells(line[: room + 1])
    edges = _edges(cells)
    if edges[-1] > room:
        first = max(0, start - room // 4)
        head = CUT if first else ""
        cells = _cells(line[first : first + room])
        edges = _edges(cells)
        fitting = bisect_right(edges, room - len(head) - len(CUT)) - 1
        tail = CUT if first + fitting < len(line) else ""
        cells, edges = cells[:fitting], edges[: fitting + 1]
    mark_start = edges[min(start - first, len(cells))]
    mark_end = edges[min(max(end - first, 0), len(cells))]
    return Excerpt(
        source=f"{number}{head}{''.join(cells)}{tail}",
        margin=f"{'| ':>{len(number)}}{' ' * (len(head) + mark_start)}",
        mark="^" * max(mark_end - mark_start, 1),
    )


def _cells(line: str) -> list[str]:
    """What is printed for each character: white space up to the tab stop for a tab."""
    cells: list[str] = []
    column = 0
    for character in line:
        cells.append(" " * (TAB_STOP - column % TAB_STOP) if character == "\t" else visible(character))
        column += width(cells[-1])
    return cells


def _edges(cells: list[str]) -> list[int]:
    """The column before each cell, and that after the last one."""
    return [0, *accumulate(width(cell) for cell in cells)]
