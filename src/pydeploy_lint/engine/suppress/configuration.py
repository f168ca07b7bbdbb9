"""Suppressions in the configuration: the tables ``[[tool.pydeploy-lint.suppress]]``."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from pydeploy_lint.engine.suppress.model import Origin, Suppression
from pydeploy_lint.files.patterns import path_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def from_tables(tables: Iterable[Mapping[str, str | datetime.date]]) -> tuple[Suppression, ...]:
    """The suppressions that tables of the form of the settings' schema stand for, without their places.

    Raises:
        ValueError: a ``path`` is no pattern.
    """
    return tuple(map(_from_table, tables))


def _from_table(table: Mapping[str, str | datetime.date]) -> Suppression:
    path, until = table.get("path"), table.get("until")
    if path is not None:
        matches(str(path), "")
    return Suppression(
        Origin.CONFIGURATION,
        names=(str(table["check"]),),
        reason=str(table["reason"]).strip(),
        at=None,
        path=None if path is None else str(path),
        until=datetime.date.fromisoformat(until) if isinstance(until, str) else until,
    )


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern of the form of those in ``.gitignore`` is about a path.

    Raises:
        ValueError: it is no pattern.
    """
    read = None if pattern.startswith("!") else path_pattern(pattern)
    if read is None:
        raise ValueError(f"{pattern!r} is no pattern for paths, such as requirements/*.txt")
    return read.matches(path)
