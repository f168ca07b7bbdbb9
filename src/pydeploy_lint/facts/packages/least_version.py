"""The lowest version of a distribution that a version specifier allows."""

from __future__ import annotations

import re

from pydeploy_lint.files.numbers import whole_number

_LOWER_BOUND = re.compile(r"(?:===?|~=|>=?)\s*v?(\d{1,6}(?:\.\d{1,6})*)(?=[^.\d]|\.\*|$)", re.ASCII)


def least_version(specifier: str) -> tuple[int, ...] | None:
    """The lowest release that a specifier such as ``>=5.1,<6`` allows; None where it allows any.

    Args:
        specifier: one or more clauses, separated by commas.
    """
    bounds = [tuple(whole_number(part) for part in found.split(".")) for found in _LOWER_BOUND.findall(specifier)]
    return max(bounds, default=None)


_PIN = re.compile(r"\s*===?\s*v?(\d{1,6}(?:\.\d{1,6})*)(\.\*)?\s*", re.ASCII)
_UPPER_BOUND = re.compile(r"(<=?|~=)\s*v?(\d{1,6}(?:\.\d{1,6})*)", re.ASCII)
ANY = 999_999
"""Greater than any part of a version."""


def latest_allowed(specifier: str) -> tuple[int, ...] | None:
    """A version that nothing a specifier allows is newer than; None where there is no such bound.

    Args:
        specifier: one or more clauses, separated by commas.
    """
    bounds = []
    for clause in specifier.split(","):
        if pin := _PIN.fullmatch(clause):
            version = tuple(whole_number(part) for part in pin[1].split("."))
            bounds.append((*version, ANY) if pin[2] else version)
        for operator, text in _UPPER_BOUND.findall(clause):
            version = tuple(whole_number(part) for part in text.split("."))
            if operator == "~=":
                bounds.append((*version[:-1], ANY))
            elif operator == "<=":
                bounds.append(version)
            else:
                bounds.append(_before(version))
    return min(bounds, default=None)


def _before(version: tuple[int, ...]) -> tuple[int, ...]:
    """A bound that is lower than a version, and not lower than any before it."""
    stripped = list(version)
    while len(stripped) > 1 and stripped[-1] == 0:
        stripped.pop()
    return (*stripped[:-1], stripped[-1] - 1, ANY)
