"""Whether anything that the build installs has a module: from the map of modules and what distributions require."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.packages.imports.modules import (
    brought_by,
    distributions,
    has_known_modules,
    is_known,
    is_namespace,
    is_required_by_any,
    removed_in,
    requires_of,
    requires_version,
)
from pydeploy_lint.facts.packages.installed.install_set import Installed, InstallSet
from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.facts.packages.version_sets import newest_allowed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.facts.packages.requirements.read import Requirements

NEW_IN_STDLIB = frozenset({"annotationlib", "compression", "profiling", "tomllib"})
"""Modules that came with Python 3.11 to 3.15. Source: "What's New in Python"."""
LAST_SERIES = "3.99"
OF_BUILD = frozenset({"_distutils_hack", "distutils", "pip", "pkg_resources", "setuptools", "wheel"})
"""What the build installs for itself in some versions, or packages that it installs bring along."""
OFTEN_BROUGHT = frozenset(
    {
        "attrs", "certifi", "chardet", "docutils", "future", "importlib-metadata", "importlib-resources", "mock",
        "packaging", "pyparsing", "python-dateutil", "pytz", "pyyaml", "setuptools", "simplejson", "six",
        "typing-extensions", "tzdata", "urllib3", "werkzeug", "zipp",
    }
)  # fmt: skip
"""What older releases of many distributions require, which the map of the newest ones does not tell."""


class Lack(NamedTuple):
    """That nothing which the build installs has a module."""

    distribution: str | None
    """The distribution that has it; None where none is known to."""
    is_certain: bool


def lack_of(
    module: str, install_set: InstallSet, requirements: Requirements | None, project: str | None = None
) -> Lack | None:
    """What is lacking for a module that is none of the app's own; None where it is there, or may well be.

    Args:
        module: its full name.
        install_set: what the build installs.
        requirements: the requirements file, where the build installs from one.
        project: the name of the app as a distribution, which may be among what is installed.
    """
    top = module.partition(".")[0]
    if top in OF_BUILD or top in _standard_library() or removed_in(top, LAST_SERIES):
        return None
    names = distributions(module)
    answers = [install_set.query(name) for name in names]
    if is_namespace(module) or any(each.installed is Installed.YES or each.declared for each in answers):
        return None  # Where a group for development, or a marker, is why, other checks say so.
    listed = {each.name: each for each in install_set.declared if each.installed is not Installed.NO}
    if (requirements is not None and _may_require_anything(requirements)) or any(
        _may_be_named_after(top, name) for name in listed
    ):
        return None
    is_mapped = all(map(_is_mapped, listed.keys() - {canonical(project or "")}))
    if not is_known(module):
        is_read = install_set.complete or (requirements is not None and not requirements.elsewhere)
        return Lack(None, is_certain=False) if is_mapped and is_read else None
    if not install_set.complete and (requirements is None or is_probably_brought(names, install_set, requirements)):
        return None
    return Lack(names[0], is_certain=install_set.complete and is_mapped)


def is_probably_brought(names: list[str], install_set: InstallSet, requirements: Requirements) -> bool:
    """Whether something in a requirements file that is no lock may well bring one of some distributions along.

    Args:
        names: the canonical names of the distributions.
        install_set: what the build installs.
        requirements: the requirements file.
    """
    if requirements.elsewhere or _may_require_anything(requirements):
        return True
    listed = {each.name for each in install_set.declared if each.installed is not Installed.NO}
    if not OFTEN_BROUGHT.isdisjoint(names) and not _are_as_mapped(requirements):
        return True
    if any(not listed.isdisjoint(brought_by(name)) or _is_extended(name, listed) for name in names):
        return True
    required = [requires_of(name) for name in listed]
    closure = set[str]().union(*filter(None, required))
    if not closure.isdisjoint(names):
        return True
    has_extras = any(each.extras for each in requirements.requirements)
    is_frozen = bool(closure) and closure <= listed
    is_open = None in required or has_extras
    return is_open and not is_frozen and any(map(is_required_by_any, names))


def _may_require_anything(requirements: Requirements) -> bool:
    """Whether something is installed from a path or an address of which nothing is known: it may have any module."""
    return any(
        not each.name or (each.url is not None and not _is_mapped(canonical(each.name)))
        for each in requirements.requirements
    )


def _are_as_mapped(requirements: Requirements) -> bool:
    """Whether of each requirement a release of the major version is installed whose own requirements are known."""
    for each in requirements.requirements:
        known, newest = requires_version(each.name or ""), newest_allowed(each.specifier)
        if known is None or newest is None or newest.major < int(known.partition(".")[0]):
            return False
    return True


def _is_extended(name: str, listed: Iterable[str]) -> bool:
    """Whether what a distribution requires is not known, and its name says that it extends another: django-rq."""
    parts = set(name.removeprefix("python-").split("-"))
    return any(parts <= set(each.split("-")) and requires_of(each) is None for each in listed)


def _may_be_named_after(module: str, distribution: str) -> bool:
    """Whether the modules of a distribution are not known, and its name has that of a module.

    So has django-email-bandit that of ``bandit``, and django-tinymce4-lite that of ``tinymce``.
    """
    parts = {part.rstrip("0123456789") for part in distribution.split("-")}
    return set(module.lower().split("_")) <= parts | set(distribution.split("-")) and not has_known_modules(
        distribution
    )


def _is_mapped(distribution: str) -> bool:
    """Whether it is known which modules a distribution has, or at least that it is a public and common one."""
    return has_known_modules(distribution) or requires_of(distribution) is not None


@cache
def _standard_library() -> frozenset[str]:
    return frozenset(sys.stdlib_module_names) | NEW_IN_STDLIB
