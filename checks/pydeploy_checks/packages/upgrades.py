"""The fixes for a package that does not work with the app's Python: another Python, a companion, or a newer version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydeploy_checks.add import add
from pydeploy_checks.packages.lines import replace
from pydeploy_checks.suit import ask_for_series, may_ask_for
from pydeploy_lint.plugin import Fix, canonical

if TYPE_CHECKING:
    from pydeploy_lint.plugin import App, Conflict, Declared, Requirement

REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.-]*(?:[<>=!~]=?[\w.*]+)?", re.ASCII)
"""What can be written into a requirements file as it stands, as opposed to words about it."""


def ways_to_work(app: App, declared: Declared, conflict: Conflict, series: str | None) -> list[Fix]:
    """The ways to make a package work, that which changes the least first; all are suggestions.

    Args:
        app: the app.
        declared: the package.
        conflict: why it does not work.
        series: a Python that all packages work with, where one is known.
    """
    ways = [
        ask_for_series(app, series) if series and may_ask_for(app, series) else None,
        _instead(app, declared, conflict),
        upgrade_pin(app, declared, conflict.works_from) if conflict.works_from else None,
    ]
    return [way for way in ways if way is not None]


def _instead(app: App, declared: Declared, conflict: Conflict) -> Fix | None:
    """Ask for a companion as well, where newer versions do without it; else for another build of the package."""
    other, requirement = companion(app, conflict), _requirement(app, declared)
    if not other or not REQUIREMENT.fullmatch(other):
        return None
    if conflict.works_from and not canonical(other).startswith(declared.name):
        return add(app, other)
    edits = replace(app, requirement, f"{requirement.name}{requirement.specifier}", other) if requirement else ()
    return Fix(f"Use {other} in place of {declared.name}", edits, safe=False) if edits else None


def companion(app: App, conflict: Conflict) -> str | None:
    """What to ask for as well or instead; None where the app asks for a certain version of it already."""
    name = re.match(r"[\w.-]+", conflict.instead or "")
    if name is None:
        return conflict.instead
    asked = app.packages.install_set.query(canonical(name[0])).declared if app.packages.install_set else None
    return None if asked and asked.specifier and asked.name != conflict.distribution else conflict.instead


def upgrade_pin(app: App, declared: Declared, version: str) -> Fix | None:
    """Ask for the first version that works, in place of an exact one."""
    requirement = _requirement(app, declared)
    if requirement is None or not requirement.specifier.startswith("=="):
        return None
    edits = replace(app, requirement, requirement.specifier, f"=={version}")
    return Fix(f"Upgrade {requirement.name} to {version}", edits, safe=False) if edits else None


def _requirement(app: App, declared: Declared) -> Requirement | None:
    """The line of a requirements file that asks for a package, without hashes and conditions."""
    return next(
        (
            each
            for each in app.packages.certain_requirements
            if canonical(each.name or "") == declared.name and not (each.hashed or each.marker or each.url)
        ),
        None,
    )
