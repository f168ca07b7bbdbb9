"""What modules come from, the standard library or a distribution, and what distributions require.

The data is in ``modules.json``, which ``tools/update_modules.py`` writes, and in ``standard_library.json``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pydeploy_lint.files.data import aging_data

MAX_PARTS = 6
"""Of a module's name that are looked up; no namespace is deeper."""


@cache
def _data(name: str) -> dict[str, Any]:
    data: dict[str, Any] = aging_data.load(name)
    return data


def removed_in(module: str, series: str) -> str | None:
    """The version of Python whose standard library first lacks a module; None where a series still has it.

    Args:
        module: its full name; a module goes with the package that it is in.
        series: such as ``3.13``.
    """
    parts = module.split(".")[:MAX_PARTS]
    names = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    for version, modules in _data("standard_library.json")["removed"]["modules"].items():
        if not names.isdisjoint(modules) and _number(version) <= _number(series):
            return str(version)
    return None


def name_removed_in(name: str, series: str) -> str | None:
    """The version of Python whose standard library first lacks a function or a class; None where a series has it.

    Args:
        name: with the name of its module, such as ``collections.Mapping``.
        series: such as ``3.13``.
    """
    for version, names in _data("standard_library.json")["removed"]["names"].items():
        if name in names and _number(version) <= _number(series):
            return str(version)
    return None


def substitutes(module: str) -> list[str]:
    """The distributions with which a module of the standard library may be there although it was removed."""
    brought_back = _data("standard_library.json")["brought_back"]["distributions"]
    return [f"standard-{_canonical(module)}", *brought_back.get(module, ())]


def distributions(module: str) -> list[str]:
    """The distributions that have a module, the most used first.

    Args:
        module: its full name, such as ``rest_framework`` or ``google.cloud.storage.blob``; the longest part that is
            known decides.

    Returns:
        The distribution of the module's name where none is known: a guess, see `is_known`.
    """
    return _known(module) or [module.partition(".")[0]]


def is_known(module: str) -> bool:
    """Whether some distribution is known to have a module."""
    return bool(_known(module))


@cache
def is_namespace(module: str) -> bool:
    """Whether a name is only the beginning of the names of modules that distributions are known to have."""
    return not _known(module) and any(
        name.startswith(f"{module}.") for name in _data("modules.json")["modules"]["modules"]
    )


def _known(module: str) -> list[str]:
    others, same = _data("modules.json")["modules"]["modules"], _same()
    parts = module.split(".")[:MAX_PARTS]
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        if name in others:
            return str(others[name]).split()
        if name in same:
            return [_canonical(name)]
    return []


@cache
def _same() -> frozenset[str]:
    """The modules that have the name of their distribution."""
    return frozenset(_data("modules.json")["modules"]["same"].split())


@cache
def requires_of(distribution: str) -> frozenset[str] | None:
    """What a distribution requires, without extras, and what that requires in turn; itself only in a circle.

    It is true of the release of the day of the data on Linux and a Python that is current; see `requires_date`.

    Args:
        distribution: its name, in any spelling.

    Returns:
        Canonical names; None for a distribution that nothing is known of.
    """
    direct = _data("modules.json")["requires"]["direct"]
    waiting, found = [_canonical(distribution)], set[str]()
    if waiting[0] not in direct:
        return None
    while waiting:
        for name in direct.get(waiting.pop(), "").split():
            if name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)


def requires_version(distribution: str) -> str | None:
    """The release of a distribution of which `requires_of` is true; None for one that nothing is known of."""
    version: str | None = _data("modules.json")["requires"]["versions"].get(_canonical(distribution))
    return version


@cache
def _mapped() -> frozenset[str]:
    """The distributions of which some module is known."""
    others = _data("modules.json")["modules"]["modules"].values()
    return frozenset(name for names in others for name in names.split()) | frozenset(map(_canonical, _same()))


def has_known_modules(distribution: str) -> bool:
    """Whether the modules of a distribution are known.

    Args:
        distribution: its name, in any spelling.
    """
    return _canonical(distribution) in _mapped()


def is_required_by_any(distribution: str) -> bool:
    """Whether another distribution, of those of which that is known, requires one."""
    wanted = _canonical(distribution)
    return any(wanted in names.split() for names in _data("modules.json")["requires"]["direct"].values())


def brought_by(distribution: str) -> frozenset[str]:
    """Distributions outside of the map of what distributions require that are known to require one.

    Args:
        distribution: its canonical name.
    """
    return frozenset(_data("modules.json")["brought_by"].get(distribution, "").split())


def requires_date() -> str:
    """The day on which the requirements were read, in ISO format."""
    return str(_data("modules.json")["requires"]["date"])


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _number(series: str) -> tuple[int, ...]:
    return tuple(map(int, series.split(".")))
