"""The lowest version of a distribution that a version specifier allows."""

from __future__ import annotations

import re

_LOWER_BOUND = re.compile(r"(?:===?|~=|>=?)\s*v?(\d{1,6}(?:\.\d{1,6})*)(?=[^.\d]|\.\*|$)", re.ASCII)


def least_version(specifier: str) -> tuple[int, ...] | None:
    """The lowest release that a specifier such as ``>=5.1,<6`` allows; None where it allows any.

    Args:
        specifier: one or more clauses, separated by commas.
    """
    bounds = [tuple(int(part) for part in found.split(".")) for found in _LOWER_BOUND.findall(specifier)]
    return max(bounds, default=None)
