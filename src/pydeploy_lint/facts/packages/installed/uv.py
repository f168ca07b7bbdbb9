"""What ``uv sync --locked --no-default-groups`` installs: what the lock reaches from the project's own dependencies."""

from functools import partial

from pydeploy_lint.facts.packages.installed.graph import Need, Package, reach
from pydeploy_lint.facts.packages.installed.install_set import Declared, Installed, InstallSet
from pydeploy_lint.facts.packages.installed.package_index import name_span
from pydeploy_lint.facts.packages.markers import Environment, canonical, holds
from pydeploy_lint.files.formats.documents import Document
from pydeploy_lint.files.formats.tables import strings, table, tables

ROOT_SOURCES = ("virtual", "editable", "directory")


def from_uv_lock(lock: Document, python: str | None) -> InstallSet:
    """The install set of a uv.lock.

    Args:
        lock: the document; what does not have the form of a lock is ignored.
        python: the full version of Python; None where it is not known.
    """
    environment = Environment(python)
    entries = tables(lock.get("package"))
    packages = [_package(entry, environment) for entry in entries]
    roots = _roots(lock, entries)
    installed = reach(packages, roots, environment)
    names = {root.name for root in roots}
    groups = {
        group: reach(packages, _needs(dependencies), environment)
        for entry in entries
        if str(entry.get("name")) in names
        for group, dependencies in table(entry.get("dev-dependencies")).items()
    }
    declared = []
    for index, entry in enumerate(entries):
        verdict, why, group = Installed.NO, "is needed only on other platforms, or by an extra", None
        if index in installed:
            verdict, why = Installed.YES, "is installed"
            if not installed[index]:
                verdict, why = Installed.UNKNOWN, "is installed under conditions that cannot be told here"
        elif group := next((name for name, reached in groups.items() if index in reached), None):
            why = f"is only in the group {group!r}, which Heroku does not install"
        name, version = str(entry.get("name")), entry.get("version")
        place = partial(name_span, lock, index)
        declared.append(Declared(canonical(name), verdict, why, place, group, f"=={version}" if version else ""))
    return InstallSet(
        lock.source.path,
        declared,
        complete=bool(roots),
        python=python,
        open_end=f"may be installed or not: {lock.source.path} does not tell which of its packages is the project",
    )


def _package(entry: dict[str, object], environment: Environment) -> Package:
    forks = strings(entry.get("resolution-markers"))
    return Package(
        name=str(entry.get("name")),
        needs={
            "": _needs(entry.get("dependencies")),
            **{extra: _needs(needs) for extra, needs in table(entry.get("optional-dependencies")).items()},
        },
        fields=entry,
        applies=not forks or any(holds(fork, environment) is not False for fork in forks),
    )


def _needs(dependencies: object) -> list[Need]:
    needs = []
    for dependency in tables(dependencies):
        marker = dependency.get("marker")
        needs.append(
            Need(
                name=str(dependency.get("name")),
                marker=marker if isinstance(marker, str) else None,
                extras=tuple(strings(dependency.get("extra"))),
                pick=tuple((field, dependency[field]) for field in ("version", "source") if field in dependency),
            )
        )
    return needs


def _roots(lock: Document, entries: list[dict[str, object]]) -> list[Need]:
    """What is synced: the project in the root; without one, every member of the workspace."""
    for entry in entries:
        source = table(entry.get("source"))
        if any(source.get(kind) == "." for kind in ROOT_SOURCES):
            return [Need(str(entry.get("name")), pick=(("source", source),))]
    return [Need(name) for name in strings(lock.get("manifest", "members"))]
