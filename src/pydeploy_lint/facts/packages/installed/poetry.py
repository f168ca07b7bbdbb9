"""What ``poetry sync --only main`` installs, from poetry.lock; for locks of Poetry before 2.0, with pyproject.toml.

A lock of version 2.1 says of each package in which groups it is and under which markers. Older ones do not: there the
main dependencies of pyproject.toml are followed through the lock.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from pydeploy_lint.facts.packages.installed.graph import Need, Package, reach
from pydeploy_lint.facts.packages.installed.install_set import Declared, Installed, InstallSet, by_marker
from pydeploy_lint.facts.packages.installed.package_index import name_span
from pydeploy_lint.facts.packages.markers import Environment, canonical
from pydeploy_lint.files.formats.documents import Document
from pydeploy_lint.files.formats.tables import strings, table, tables

MAIN = "main"
_REQUIREMENT = re.compile(r"\s*(?P<name>[\w.-]+)\s*(?:\[(?P<extras>[^\]]*)\])?[^;]*(?:;(?P<marker>.*))?", re.DOTALL)


class _Verdict(NamedTuple):
    installed: Installed
    why: str
    group: str | None = None


def from_poetry_lock(lock: Document, project: Document | None, python: str | None) -> InstallSet:
    """The install set of a poetry.lock.

    Args:
        lock: the document; what does not have the form of a lock is ignored.
        project: the pyproject.toml; None where there is none.
        python: the full version of Python; None where it is not known.
    """
    entries = tables(lock.get("package"))
    environment = Environment(python)
    if any("groups" in entry for entry in entries):
        verdicts = [_by_groups(entry, environment) for entry in entries]
    else:
        verdicts = _by_walking(entries, project, environment)
    declared = [
        Declared(
            canonical(str(entry.get("name"))),
            verdict.installed,
            verdict.why,
            partial(name_span, lock, index),
            verdict.group,
            f"=={entry.get('version')}" if entry.get("version") else "",
        )
        for index, (entry, verdict) in enumerate(zip(entries, verdicts, strict=True))
    ]
    return InstallSet(lock.source.path, declared, complete=True, python=python)


def _by_groups(entry: dict[str, object], environment: Environment) -> _Verdict:
    groups = strings(entry.get("groups"))
    if MAIN not in groups:
        names = " and ".join(repr(group) for group in groups)
        return _Verdict(Installed.NO, f"is only in the group {names}, which Heroku does not install", names or None)
    markers = entry.get("markers")
    marker = table(markers).get(MAIN) if isinstance(markers, dict) else markers
    return _Verdict(*by_marker(marker if isinstance(marker, str) else None, environment))


def _by_walking(entries: list[dict[str, object]], project: Document | None, environment: Environment) -> list[_Verdict]:
    counts = Counter(canonical(str(entry.get("name"))) for entry in entries)
    packages = [_package(entry, counts, environment) for entry in entries]
    main = list(_main_needs(project)) if project else []
    installed = reach(packages, main, environment)
    groups = {group: reach(packages, needs, environment) for group, needs in _group_needs(project)} if project else {}
    verdicts = []
    for index in range(len(entries)):
        group = next((name for name, reached in groups.items() if index in reached), None)
        if installed.get(index):
            verdicts.append(_Verdict(Installed.YES, "is installed"))
        elif index in installed:
            verdicts.append(_Verdict(Installed.UNKNOWN, "is installed under conditions that cannot be told here"))
        elif group:
            why = f"is only in the group {group!r}, which Heroku does not install"
            verdicts.append(_Verdict(Installed.NO, why, group))
        else:
            verdicts.append(_Verdict(Installed.NO, "is needed only on other platforms, or by an extra"))
    return verdicts


def _package(entry: dict[str, object], counts: Counter[str], environment: Environment) -> Package:
    needs: dict[str, list[Need]] = {"": []}
    dependencies = {canonical(name): value for name, value in table(entry.get("dependencies")).items()}
    for name, value in dependencies.items():
        needs[""] += _declared_needs(name, value)
    for extra, members in table(entry.get("extras")).items():
        names = [canonical(match["name"]) for member in strings(members) if (match := _REQUIREMENT.match(member))]
        needs[canonical(extra)] = [
            need
            for name in names
            for need in _declared_needs(name, dependencies.get(name), by_extra=canonical(extra), optional=True)
        ]
    name, versions = canonical(str(entry.get("name"))), entry.get("python-versions")
    applies = counts[name] == 1 or not isinstance(versions, str) or _may_include(versions, environment)
    return Package(name, needs, applies=applies)


def _main_needs(project: Document) -> Iterator[Need]:
    for requirement in strings(project.get("project", "dependencies")):
        match = _REQUIREMENT.fullmatch(requirement)
        if match:
            extras = tuple(canonical(extra.strip()) for extra in (match["extras"] or "").split(",") if extra.strip())
            yield Need(canonical(match["name"]), (match["marker"] or "").strip() or None, extras)
    for name, value in table(project.get("tool", "poetry", "dependencies")).items():
        if canonical(name) != "python":
            yield from _declared_needs(canonical(name), value)


def _group_needs(project: Document) -> Iterator[tuple[str, list[Need]]]:
    poetry = table(project.get("tool", "poetry"))
    legacy = {"dev": {"dependencies": poetry.get("dev-dependencies")}}
    for group, content in (*legacy.items(), *table(poetry.get("group")).items()):
        dependencies = table(table(content).get("dependencies"))
        yield group, [need for name, value in dependencies.items() for need in _declared_needs(canonical(name), value)]


def _declared_needs(name: str, value: object, *, by_extra: str = "", optional: bool = False) -> Iterator[Need]:
    """The needs that one entry of a table of dependencies makes: a version, a table, or an array of tables."""
    for each in tables(value) or [table(value)]:
        if bool(each.get("optional")) is optional and each.get("platform", "linux") == "linux":
            marker = each.get("markers")
            yield Need(
                name,
                marker if isinstance(marker, str) else None,
                tuple(canonical(extra) for extra in strings(each.get("extras"))),
                by_extra,
                # The range of Python versions, in Poetry's own notation, is left undecided.
                decided="python" not in each,
            )


def _may_include(versions: str, environment: Environment) -> bool:
    """Whether a package's range of Python versions may hold the one of the environment."""
    from packaging.specifiers import SpecifierSet

    try:
        return environment.python is None or SpecifierSet(versions).contains(environment.python, prereleases=True)
    except ValueError:
        return True
