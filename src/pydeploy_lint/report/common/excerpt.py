"""The source line of a finding, and the mark under the stretch that the finding is about."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.report.common.neutral import visible
from pydeploy_lint.report.common.terminal import width

if TYPE_CHECKING:
    from pydeploy_lint.finding import Finding

TAB_STOP = 4
LEAST_ROOM = 20
CUT = "..."


class Excerpt(NamedTuple):
    """A line to show, or the part of it around the reported stretch."""

    number: int
    before: str
    stretch: str
    """Empty for a place between two characters."""
    after: str

    @property
    def source(self) -> str:
        """The line to print."""
        return f"{self.number} | {self.before}{self.stretch}{self.after}"

    @property
    def margin(self) -> str:
        """What stands below the line, before the mark."""
        return f"{'| ':>{len(f'{self.number} | ')}}{' ' * width(self.before)}"

    @property
    def mark(self) -> str:
        """The mark to print below the stretch."""
        return "^" * max(width(self.stretch), 1)


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
    room = max(columns - len(f"{at.line} | "), LEAST_ROOM)
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
        cells = cells[:fitting]
    start, end = start - first, max(start, end) - first
    return Excerpt(
        at.line,
        before=head + "".join(cells[:start]),
        stretch="".join(cells[start:end]),
        after="".join(cells[end:]) + tail,
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
