"""The range of Python versions that a ``requires-python`` spans, compared by its bounds as uv does."""

from __future__ import annotations

import re
from typing import NamedTuple

SPECIFIER = re.compile(r"(===|==|~=|!=|<=|>=|<|>)\s*v?(\d{1,9}(?:\.\d{1,9})*)(\.\*)?[^,]*")
Release = tuple[int, ...]


class PythonRange(NamedTuple):
    """All releases between two bounds; None where there is no bound."""

    lower: Release | None = None
    lower_included: bool = True
    upper: Release | None = None
    upper_included: bool = False

    def contains(self, release: Release) -> bool:
        """Whether a release is within the bounds."""
        plain = _plain(release)
        if self.lower is not None and (plain < self.lower or (plain == self.lower and not self.lower_included)):
            return False
        return self.upper is None or plain < self.upper or (plain == self.upper and self.upper_included)

    @property
    def example(self) -> Release:
        """A release within the bounds, if there is any near the lower one."""
        major, minor, patch = (*(self.lower or (3,)), 0, 0)[:3]
        return (major, minor, patch if self.lower_included else patch + 1)


def parse_range(specifiers: str) -> PythonRange | None:
    """The bounds of version specifiers such as ``>=3.12,<4``.

    ``!=`` does not count, as in uv; where it cuts off the edge of the range, the bounds are not known.

    Returns:
        None where they cannot be told.
    """
    result = PythonRange()
    holes: list[Release] = []
    for part in specifiers.strip().strip(",").split(",") if specifiers.strip() else ():
        parsed = SPECIFIER.fullmatch(part.strip())
        if not parsed:
            return None
        operator, release = parsed[1], tuple(int(number) for number in parsed[2].split("."))
        if operator == "!=":
            holes.append(release)
            continue
        result = _intersect(result, _range(operator, release, star=bool(parsed[3])))
    edges = [edge for edge in (result.lower, result.upper) if edge is not None]
    if any(_plain(hole) == edge or edge[: len(hole)] == hole for hole in holes for edge in edges):
        return None
    return result


def intersection(ranges: list[PythonRange]) -> PythonRange:
    """The releases that are in all ranges."""
    result = PythonRange()
    for other in ranges:
        result = _intersect(result, other)
    return result


def _range(operator: str, release: Release, *, star: bool) -> PythonRange:
    plain = _plain(release)
    if operator in ("==", "===") and not star:
        return PythonRange(plain, upper=plain, upper_included=True)
    if operator in ("==", "===", "~="):
        prefix = release[:-1] if operator == "~=" else release
        return PythonRange(plain, upper=_plain((*prefix[:-1], prefix[-1] + 1)) if prefix else None)
    if operator.startswith(">"):
        return PythonRange(plain, lower_included=operator == ">=")
    return PythonRange(upper=plain, upper_included=operator == "<=")


def _intersect(one: PythonRange, two: PythonRange) -> PythonRange:
    # Of two equal bounds the one that is excluded is the narrower.
    lowers = [(r.lower, not r.lower_included) for r in (one, two) if r.lower is not None]
    uppers = [(r.upper, r.upper_included) for r in (one, two) if r.upper is not None]
    lower, lower_excluded = max(lowers) if lowers else (None, False)
    upper, upper_included = min(uppers) if uppers else (None, False)
    return PythonRange(lower, not lower_excluded, upper, upper_included)


def _plain(release: Release) -> Release:
    """Without the zeros at the end, which do not count."""
    while release and release[-1] == 0:
        release = release[:-1]
    return release
