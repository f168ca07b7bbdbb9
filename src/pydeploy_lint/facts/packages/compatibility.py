"""Pinned packages that do not work with the Python, the package manager, the stack or the companions on Heroku.

The data is in ``compatibility.json``: rows by hand, each with its source or measurement, and for compiled packages the
first version with a wheel for each Python, with what became of older versions that were built from source. The script
``tools/measure_compatibility.py`` brings the measured part up to date.

What pip installs without being asked: setuptools 70.3.0, which the buildpack puts into apps that use pip on Python 3.12
and older (heroku-buildpack-python, ``lib/pip.sh``, v351).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.facts.packages.version_sets import MANY, is_surely_outside, newest_allowed, specifiers
from pydeploy_lint.files.data import aging_data

if TYPE_CHECKING:
    from packaging.version import Version

    from pydeploy_lint.facts.packages.installed.install_set import InstallSet

LAST_WITH_SETUPTOOLS = (3, 12)
PREINSTALLED = {"setuptools": "70.3.0"}
"""What an app that uses pip has on Python 3.12 and older unless it asks for another version."""
PIP = "pip"
TAKEN = ", which pip takes if nothing bounds it"
"""The end of a consequence that the newest version of a companion has, where pip chooses that by itself."""


class ConflictPhase(enum.Enum):
    """Where it fails."""

    INSTALL = "install"
    """The package manager refuses it, or cannot build it: the push is rejected."""
    BUILD = "build"
    """After the installation, while the slug is made: the push is rejected."""
    IMPORT = "import"
    """When the package is imported: by collectstatic, or by the process."""
    BOOT = "boot"
    """When the process starts to use it, though it can be imported."""


class Certainty(enum.Enum):
    """How it is known; the first is the surest."""

    MEASURED = "measured"
    """This version was installed and imported, with this Python, and failed."""
    DOCUMENTED = "documented"
    """The project says so, or a user's report shows it."""
    INFERRED = "inferred"
    """Its neighbours fail: an older and a newer version, or the same one on an older Python."""
    UNTRIED = "untried"
    """It has no wheel and is built from source; nobody tried whether that works."""
    UNSUPPORTED = "unsupported"
    """It was not made for this Python according to its documentation, and seems to work."""

    @property
    def fails(self) -> bool:
        """Whether it fails, as far as that can be told."""
        return self in (Certainty.MEASURED, Certainty.DOCUMENTED, Certainty.INFERRED)


class Companions(NamedTuple):
    """What is installed beside a pinned package."""

    specifiers: Mapping[str, str]
    """By the canonical name: a specifier, empty for any version. Names of what is not installed are not there."""
    complete: bool
    """Whether everything that is installed is there, as it is for a lock."""

    @classmethod
    def of(cls, install_set: InstallSet) -> Companions:
        """What an install set says, with what may be installed."""
        declared = (each for each in install_set.declared if each.installed.value != "no")
        return cls({each.name: each.specifier for each in declared}, install_set.complete)


class Conflict(NamedTuple):
    """A package that does not work on Heroku as it is pinned."""

    distribution: str
    """In canonical form."""
    phase: ConflictPhase
    consequence: str
    """A clause with the package as its subject, such as ``imports cgi, which Python 3.13 no longer has``."""
    works_from: str | None
    """The first version that works; None where there is none, or only another package helps."""
    instead: str | None
    """What to install as well or instead, as a requirement; None where a newer version is enough."""
    certainty: Certainty
    depends_on_others: bool
    """Whether a package that is not listed may make it work: it is certain only without one."""
    source: str
    date: str
    """On which it was measured or read, in ISO format."""
    needs_wheel: bool = False
    """Whether a wheel, from whatever index, is all that it lacks."""

    @property
    def is_certain(self) -> bool:
        """Whether it surely fails, as was tried."""
        return self.certainty is Certainty.MEASURED and not self.depends_on_others


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = aging_data.load("compatibility.json")
    return data


@cache
def _rows() -> dict[str, list[dict[str, Any]]]:
    """The rows of each distribution."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in _data()["rows"]:
        for name in row["distributions"]:
            rows.setdefault(name, []).append(row)
    return rows


def has_compatibility_data(name: str) -> bool:
    """Whether there is any data on a distribution; quick, for those that there is none on.

    Args:
        name: in canonical form.
    """
    return name in _data()["compiled"] or name in _rows()


class _Place(NamedTuple):
    """Where a package is installed."""

    series: str
    manager: str
    stack: str | None
    beside: Companions


def conflicts(
    name: str,
    specifier: str,
    python: str,
    manager: str,
    *,
    stack: str | None = None,
    companions: Companions | None = None,
) -> list[Conflict]:
    """Why a pinned package does not work; the surest first, and nothing where it works or that is not known.

    Args:
        name: the distribution, in any spelling.
        specifier: what is asked for, such as ``==2.2.2``, ``~=4.0.6`` or ``<21``, or a version. It is in conflict where
            the newest version that it allows is.
        python: a series or a full version, such as ``3.13`` or ``3.13.2``.
        manager: ``pip``, ``pipenv``, ``poetry`` or ``uv``.
        stack: such as ``heroku-24``; None for every stack.
        companions: what else is installed; None where nothing is known of it.
    """
    name = re.sub(r"[-_.]+", "-", name).lower()
    series = _series(python)
    if not has_compatibility_data(name) or _is_surely_fine(name, specifier, series):
        return []
    version = newest_allowed(specifier)
    if version is None or series is None or version.local:
        # A version such as 2.6.0+cpu is from another index, of whose files nothing is known.
        return []
    place = _Place(series, manager, stack, companions or Companions({}, complete=False))
    by_wheels = list(_by_wheels(name, version, series))
    is_installed_at_all = not any(each.phase is ConflictPhase.INSTALL and each.certainty.fails for each in by_wheels)
    # What cannot be built is never imported; the rows on imports were measured where it can be installed.
    by_rows = (
        each for each in _by_rows(name, version, place) if is_installed_at_all or each.phase is ConflictPhase.INSTALL
    )
    found = [*by_rows, *by_wheels]
    return sorted(found, key=lambda each: (_RANK[each.certainty], each.depends_on_others))


def _is_surely_fine(name: str, specifier: str, series: str | None) -> bool:
    """Whether a plain pin is outside of everything that the data has on the distribution."""
    entry = _data()["compiled"].get(name, {})
    first = entry.get("first_wheel", {}).get(series)
    if first is None and entry.get("wheels_only"):
        return False
    return (first is None or is_surely_outside(specifier, f"<{first}")) and all(
        is_surely_outside(specifier, row["affected"]) or is_surely_outside(series or "", row["python"])
        for row in _rows().get(name, ())
    )


def is_installed(name: str, wanted: str, python: str, manager: str, companions: Companions) -> bool:
    """Whether a distribution is there in one of the versions that will do, with what the buildpack installs itself.

    So tells setuptools ``<82`` whether there is a module ``pkg_resources``, and any setuptools whether ``distutils``.
    Where the list of what is installed is not complete, something else may bring it all the same.

    Args:
        name: in canonical form.
        wanted: a specifier; empty for any version.
        python: a series or a full version.
        manager: the package manager.
        companions: what is installed.
    """
    series = _series(python)
    return series is not None and _is_there(name, wanted, _Place(series, manager, None, companions))


def newest_python_for(pins: Mapping[str, str], manager: str, available_series: Iterable[str]) -> str | None:
    """The newest series of Python with which all pins work, as far as is known; for advice.

    One for which something must be built from source that nobody tried comes after all others.

    Args:
        pins: specifiers by the distribution's name; they are taken for all that is installed.
        manager: the package manager.
        available_series: the series to choose from, such as ``3.13``.

    Returns:
        None where some pin fails with each.
    """
    beside = Companions(pins, complete=False)
    newest_first = sorted(available_series, key=_number, reverse=True)
    worst = {series: _worst(pins, series, manager, beside) for series in newest_first}
    for wanted in (Certainty.UNSUPPORTED, Certainty.UNTRIED):
        for series in newest_first:
            if _RANK[worst[series]] >= _RANK[wanted]:
                return series
    return None


_RANK = {certainty: rank for rank, certainty in enumerate(Certainty)}


def _worst(pins: Mapping[str, str], series: str, manager: str, beside: Companions) -> Certainty:
    """The surest failure of any pin; that it is not supported where there is none."""
    found = (
        each.certainty
        for name, pin in pins.items()
        for each in conflicts(name, pin, series, manager, companions=beside)
    )
    return min(found, key=_RANK.__getitem__, default=Certainty.UNSUPPORTED)


def _series(python: str) -> str | None:
    found = re.match(r"(\d{1,3}\.\d{1,3})(?:\.|$)", python, re.ASCII)
    return found[1] if found else None


def _number(series: str) -> tuple[int, ...]:
    return tuple(map(int, series.split(".")))


def _by_rows(name: str, version: Version, place: _Place) -> Iterator[Conflict]:
    for row in _rows().get(name, ()):
        needs: dict[str, str] = row.get("needs", {})
        beside: dict[str, str] = row.get("beside", {})
        if not _is_about(row, version, place) or any(_is_there(other, needs[other], place) for other in needs):
            continue
        if not all(_is_there(other, beside[other], place) for other in beside):
            continue
        yield Conflict(
            name,
            ConflictPhase(row["phase"]),
            row["consequence"] + (TAKEN if row.get("with_newest") and _takes_newest(needs, place.beside) else ""),
            row.get("works_from"),
            row.get("instead"),
            _certainty(row, place.series),
            bool(needs) and not place.beside.complete and _may_be_bounded(name, needs, place.beside),
            row["source"],
            row["date"],
        )


def _takes_newest(needs: Mapping[str, str], beside: Companions) -> bool:
    """Whether pip chooses the versions of companions by itself: no lock and no requirement says which."""
    return not beside.complete and not any(beside.specifiers.get(other) for other in needs)


def _is_about(row: dict[str, Any], version: Version, place: _Place) -> bool:
    return (
        specifiers(row["affected"]).contains(version)
        and specifiers(row["python"]).contains(place.series)
        and place.manager in row.get("managers", (place.manager,))
        and place.stack in row.get("stacks", (place.stack,))
    )


def _certainty(row: dict[str, Any], series: str) -> Certainty:
    """How surely a row is true of a Python: the measurements are good for it and for newer ones."""
    certainty = Certainty(row["certainty"])
    if certainty is not Certainty.MEASURED or not row.get("python"):
        return certainty
    lowest = min(_number(each["python"]) for each in row["measured"] if each["result"] != "works")
    return certainty if _number(series) >= lowest else Certainty.INFERRED


def _is_there(other: str, wanted: str, place: _Place) -> bool:
    """Whether a companion is installed in a version that will do.

    What is not asked for is either not there or, where the package requires it itself, there in its newest version.
    """
    specifier = place.beside.specifiers.get(other)
    if place.manager == PIP and _number(place.series) <= LAST_WITH_SETUPTOOLS and other in PREINSTALLED:
        brought = PREINSTALLED[other]
        # pip leaves what is installed where the requirements allow it.
        if specifier is None or specifiers(_readable(specifier)).contains(brought):
            return specifiers(wanted).contains(brought)
    newest = newest_allowed(specifier) if specifier is not None else None
    return newest is not None and specifiers(wanted).contains(newest)


def _readable(specifier: str) -> str:
    """A specifier, or one that allows nothing where it cannot be read."""
    text = specifier.strip()
    if newest_allowed(text) is None:
        return f"=={MANY}"
    return f"=={text}" if text[:1].isdigit() else text


def _may_be_bounded(name: str, needs: Mapping[str, str], beside: Companions) -> bool:
    """Whether another package may bring a companion, or bound its version, without a mention of it.

    Where the companion is asked for, its specifier decides. Packages that are known to require it without a bound do
    not help where the newest version will not do.
    """
    from pydeploy_lint.facts.packages.imports.modules import requires_of

    for other in needs.keys() - beside.specifiers.keys():
        for each in beside.specifiers.keys() - {name}:
            requires = requires_of(each)
            if requires is None or (not needs[other] and other in requires):
                return True
    return False


def _by_wheels(name: str, version: Version, series: str) -> Iterator[Conflict]:
    entry = _data()["compiled"].get(name)
    if entry is not None and entry.get("wheels_only"):
        yield from _without_source(name, version, series)
        return
    first = entry["first_wheel"].get(series) if entry else None
    if entry is None or first is None or not specifiers(f"<{first}").contains(version):
        return
    certainty, phase = _from_source(entry, version, series)
    if certainty is None:
        return
    consequence = {
        Certainty.UNTRIED: f"has no wheel for Python {series} and is compiled during the build, which may fail",
        Certainty.INFERRED: f"has no wheel for Python {series}, and most likely cannot be built for it",
    }.get(certainty, f"has no wheel for Python {series}, and cannot be built for it")
    if phase is ConflictPhase.IMPORT:
        consequence = f"has no wheel for Python {series}; it can be built, but not imported"
    source, date = "the package index, and builds from source", entry.get("from_source", {}).get(series, {}).get("date")
    yield Conflict(
        name, phase, consequence, first, None, certainty, False, source, date or _data()["wheels_date"]
    )  # fmt: skip


def _without_source(name: str, version: Version, series: str) -> Iterator[Conflict]:
    """A version without a wheel of a package of which there is nothing but wheels.

    Where no version has a wheel yet, a newer one than is known here may have one.
    """
    first_wheel: dict[str, str] = _data()["compiled"][name]["first_wheel"]
    first = first_wheel.get(series)
    if first is None and _number(series) < max(map(_number, first_wheel)):
        return
    if first is not None and not specifiers(f"<{first}").contains(version):
        return
    consequence = f"has no wheel for Python {series}, and there is no source distribution to build it from"
    certainty = Certainty.MEASURED if first else Certainty.INFERRED
    yield Conflict(
        name, ConflictPhase.INSTALL, consequence, first, None, certainty, False,
        "the package index", _data()["wheels_date"], needs_wheel=True,
    )  # fmt: skip


def _from_source(entry: dict[str, Any], version: Version, series: str) -> tuple[Certainty | None, ConflictPhase]:
    """What becomes of a version without a wheel; None for one that is built and works.

    Trials with other Pythons count too: what works with a newer one works, what fails with an older one fails. Trials
    of the version itself count before those of its neighbours.
    """
    trials: dict[str, dict[str, Any]] = entry.get("from_source", {})
    nearest_first = sorted(trials, key=lambda each: abs(_number(each)[1] - _number(series)[1]))
    for outcome in (_own_outcome, _outcome_of_neighbours):
        for each in nearest_first:
            works, kind = outcome(trials[each], version)
            if works and _number(each) >= _number(series):
                return None, ConflictPhase.INSTALL
            had_wheel = not specifiers(f"<{entry['first_wheel'].get(each, MANY)}").contains(version)
            if works is False and _number(each) <= _number(series) and not had_wheel:
                is_measured = outcome is _own_outcome and each == series
                phase = ConflictPhase.IMPORT if kind.startswith("import") else ConflictPhase.INSTALL
                return (Certainty.MEASURED if is_measured else Certainty.INFERRED), phase
    return Certainty.UNTRIED, ConflictPhase.INSTALL


def _tried(trials: dict[str, Any]) -> dict[Version, tuple[bool | None, str]]:
    """Whether the versions that were tried with one Python work, and the kind of failure."""
    from packaging.version import Version

    return {
        Version(text): (WORKS.get(outcome), why.partition(":")[0])
        for outcome in ("works", "fails", "unknown")
        for text, why in trials.get(outcome, {}).items()
    }


def _own_outcome(trials: dict[str, Any], version: Version) -> tuple[bool | None, str]:
    return _tried(trials).get(version, (None, ""))


def _outcome_of_neighbours(trials: dict[str, Any], version: Version) -> tuple[bool | None, str]:
    """Whether a version works by the next older and the next newer one; None where these do not tell.

    What works works in newer versions too, and what fails fails in older ones.
    """
    tried = _tried(trials)
    unknown: tuple[bool | None, str] = (None, "")
    older = tried[max(before)] if (before := [each for each in tried if each < version]) else unknown
    newer = tried[min(after)] if (after := [each for each in tried if each > version]) else unknown
    if older[0] and newer[0] is not False:
        return older
    return newer if newer[0] is False and not older[0] else unknown


WORKS = {"works": True, "fails": False}
