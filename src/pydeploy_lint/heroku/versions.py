"""The numbers of a Python version."""

from __future__ import annotations

from pydeploy_lint.files.numbers import whole_number


def series_key(series: str) -> tuple[int, ...]:
    """The numbers of ``3.13`` or ``3.13.2``, for comparing."""
    return tuple(whole_number(part) for part in series.split("."))


def series_of(version: str) -> str:
    """The series of a version: ``3.13`` for ``3.13.2`` and for ``3.13``."""
    return ".".join(version.split(".")[:2])
