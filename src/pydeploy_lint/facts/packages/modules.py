"""What modules come from: the standard library, as long as it has them, or a distribution; see ``modules.json``."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.heroku.policy import series_key


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((Path(__file__).parent / "modules.json").read_bytes())
    return data


def removed_in(module: str, series: str) -> str | None:
    """The version of Python whose standard library first lacks a module; None where a series still has it.

    Args:
        module: a top-level module.
        series: such as ``3.13``.
    """
    for version, modules in _data()["removed"]["modules"].items():
        if module in modules and series_key(version) <= series_key(series):
            return str(version)
    return None


def substitutes(module: str) -> list[str]:
    """The distributions with which a module of the standard library may be there although it was removed."""
    return [f"standard-{canonical(module)}", *_data()["brought_back"]["distributions"].get(module, ())]


def distributions(module: str) -> list[str]:
    """The distributions that have a top-level module; the one of its name where none is known to have another."""
    found: list[str] = _data()["distributions"]["modules"].get(module, [module])
    return found
