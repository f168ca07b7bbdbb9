"""Questions about what is installed, for programs, worker classes and subcommands of the Procfile."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydeploy_lint.plugin import App, Installed, canonical


def not_listed(app: App) -> str:
    """The end of a sentence about a package that the requirements file does not list."""
    assert app.packages.install_set is not None
    return f"is not listed in {app.packages.install_set.file}"


def has_unnamed_requirements(app: App) -> bool:
    """Whether pip is given a URL or a path, which may bring anything."""
    requirements = app.packages.requirements
    return requirements is not None and (
        bool(requirements.elsewhere) or any(not each.name for each in requirements.requirements)
    )


def is_listed(app: App, names: Iterable[str]) -> bool:
    """Whether one of some distributions is mentioned, and may be installed."""
    installed = app.packages.install_set
    listed = {each.name for each in installed.declared if each.installed is not Installed.NO} if installed else set()
    return not listed.isdisjoint(names)


def comes_with_extra(app: App, wanted: Iterable[tuple[str, str]]) -> bool:
    """Whether a requirement asks for one of some extras, such as ``("fastapi", "standard")``."""
    requirements = app.packages.requirements
    asked = {
        (canonical(each.name), re.sub(r"[-_.]+", "-", extra).lower())
        for each in (requirements.requirements if requirements else ())
        if each.name
        for extra in each.extras
    }
    return not asked.isdisjoint(wanted)
