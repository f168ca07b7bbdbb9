"""Which releases of psycopg2 are made for which Python; the data is in ``psycopg2.json``."""

from __future__ import annotations

import re
from typing import NamedTuple

from pydeploy_lint.files.data import aging_data
from pydeploy_lint.files.numbers import whole_number

PSYCOPG2 = ("psycopg2", "psycopg2-binary")
_RELEASE = re.compile(r"\d{1,4}(?:\.\d{1,4})*", re.ASCII)


class TooOld(NamedTuple):
    """What becomes of a release of psycopg2 on a Python that is newer."""

    first: str
    """The first release that is made for that Python, and has wheels for it in psycopg2-binary."""
    is_unusable: bool
    """Whether the release cannot even be imported after it was compiled."""


def psycopg2_is_too_old(version: str, series: str) -> TooOld | None:
    """Whether a release of psycopg2 is older than the first for a Python; None where it is not, or that is unknown.

    Args:
        version: such as ``2.9.9``.
        series: such as ``3.13``.
    """
    data = aging_data.load("psycopg2.json")
    first, unusable = data["first_with_wheels"].get(series), data["unusable"]
    if first is None or not _RELEASE.fullmatch(version) or _numbers(version) >= _numbers(first):
        return None
    fails = _numbers(series) >= _numbers(unusable["from_python"]) and _numbers(version) < _numbers(unusable["before"])
    return TooOld(first, fails)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(whole_number(part) for part in version.split("."))
