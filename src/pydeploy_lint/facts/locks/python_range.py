"""The range of Python versions that a ``requires-python`` spans, compared by its bounds as uv does."""

from __future__ import annotations

import re
from typing import NamedTuple

from pydeploy_lint.files.numbers import whole_number

SPECIFIER = re.compile(r"(===|==|~=|!=|<=|>=|<|>)\s*v?(\d{1,9}(?:\.\d{1,9})*)(\.\*)?.*", re.DOTALL)
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
    """The bounds of version specifiers such as ``>=3.12,<4``; ``!=`` only counts where it cuts off an edge.

    Returns:
        None where they cannot be told.
    """
    result = PythonRange()
    holes: list[PythonRange] = []
    for part in specifiers.strip().strip(",").split(",") if specifiers.strip() else ():
        parsed = SPECIFIER.fullmatch(part.strip())
        if not parsed:
            return None
        operator, release = parsed[1], tuple(whole_number(number) for number in parsed[2].split("."))
        star = bool(parsed[3])
        if operator == "!=":
            holes.append(_range("==", release, star=star))
        else:
            result = _intersect(result, _range(operator, release, star=star))
    for hole in sorted(holes):
        result = _cut_lower(result, hole)
    for hole in sorted(holes, reverse=True):
        result = _cut_upper(result, hole)
    return result


def _cut_lower(span: PythonRange, hole: PythonRange) -> PythonRange:
    if span.lower is None or not hole.contains(span.lower):
        return span
    return span._replace(lower=hole.upper, lower_included=not hole.upper_included)


def _cut_upper(span: PythonRange, hole: PythonRange) -> PythonRange:
    # What matters of an excluded bound is what comes just before it.
    included = span.upper_included
    before = hole._replace(lower_included=included, upper_included=hole.upper_included or not included)
    if span.upper is None or not before.contains(span.upper):
        return span
    return span._replace(upper=hole.lower, upper_included=False)


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
