"""Locks that uv cannot read: what a merge, or an edit by hand, leaves of a uv.lock.

Source: ``Lock::new``, ``Dependency::unwire`` and ``Package::check_lock`` of uv 0.12.5. Keys that it does not know are
no harm, nor are packages that nothing needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.locks.uv.requirements import canonical_version, is_specifier
from pydeploy_lint.facts.locks.verdict import Reason
from pydeploy_lint.files.formats.tables import member, table

if TYPE_CHECKING:
    from collections.abc import Iterator

UV_LOCK = "uv.lock"
LOCK_VERSION = 1
"""The version of the format; a higher revision of it is compatible."""
DEPENDENCIES = ("dependencies",)
GROUPED_DEPENDENCIES = ("optional-dependencies", "dev-dependencies")
Keys = tuple[str | int, ...]


class Package(NamedTuple):
    """What tells a package in a lock from all others."""

    name: str
    version: str | None
    source: str


def refusals(lock: dict[str, object]) -> Iterator[Reason]:
    """What ends uv with an error when it reads a lock; the first is enough.

    Args:
        lock: the parsed uv.lock.
    """
    yield from _head(lock)
    entries = lock.get("package", [])
    if not isinstance(entries, list):
        yield Reason("package in uv.lock is not an array of tables: write [[package]]", UV_LOCK, ("package",))
        return
    packages: list[Package] = []
    for index, entry in enumerate(entries):
        package = _package(entry)
        if isinstance(package, str):
            yield Reason(package, UV_LOCK, ("package", index))
            return
        packages.append(package)
    seen: set[Package] = set()
    for index, package in enumerate(packages):
        if package in seen:
            message = f"uv.lock has {_title(package)} twice, as after a merge"
            yield Reason(message, UV_LOCK, ("package", index, "name"))
        seen.add(package)
    yield from _dependencies(entries, packages)
    for index, entry in enumerate(entries):
        yield from _wheels(index, entry, packages[index])


def _head(lock: dict[str, object]) -> Iterator[Reason]:
    if lock.get("version") != LOCK_VERSION or isinstance(lock.get("version"), bool):
        message = f"uv.lock is not of version {LOCK_VERSION} of its format, which is all that uv reads"
        yield Reason(message, UV_LOCK, ("version",) if "version" in lock else ())
        return
    python = lock.get("requires-python")
    if not isinstance(python, str):
        yield Reason("uv.lock has no requires-python, without which uv does not read it", UV_LOCK)
    elif not is_specifier(python):
        message = f"requires-python in uv.lock is {python!r}, which is not a version specifier"
        yield Reason(message, UV_LOCK, ("requires-python",))
    revision = lock.get("revision", 0)
    if not isinstance(revision, int) or isinstance(revision, bool) or revision < 0:
        yield Reason("revision in uv.lock is not a number", UV_LOCK, ("revision",))


def _package(entry: object) -> Package | str:
    """What a ``[[package]]`` is; what is wrong with it if uv cannot read it."""
    if not isinstance(entry, dict):
        return "package in uv.lock is not an array of tables: write [[package]]"
    name, version, source = entry.get("name"), entry.get("version"), entry.get("source")
    if not isinstance(name, str):
        return "a [[package]] in uv.lock has no name"
    if not isinstance(source, dict):
        return f"{name} in uv.lock has no source"
    if not isinstance(version, str | None) or (isinstance(version, str) and canonical_version(version) is None):
        return f"{name} in uv.lock has a version that is none"
    if version is None and "registry" in source:
        return f"{name} in uv.lock comes from an index, and has no version"
    return Package(name, version, _key(source))


def _key(source: dict[str, object]) -> str:
    """A source in a form that can be compared; most have one key only."""
    return "\n".join(f"{key}={value}" for key, value in source.items())


def _title(package: Package) -> str:
    return f"{package.name} {package.version}" if package.version else package.name


def _dependencies(entries: list[object], packages: list[Package]) -> Iterator[Reason]:
    by_name: dict[str, list[Package]] = {}
    for package in packages:
        by_name.setdefault(package.name, []).append(package)
    for index, entry in enumerate(entries):
        for dependency, keys in _listed(table(entry)):
            if problem := _unmet(dependency, by_name):
                message = f"uv.lock has {packages[index].name}, {problem}, as after a merge"
                yield Reason(message, UV_LOCK, ("package", index, *keys))
                return


def _listed(entry: dict[str, object]) -> Iterator[tuple[object, Keys]]:
    dependencies = entry.get("dependencies")
    for index, dependency in enumerate(dependencies if isinstance(dependencies, list) else ()):
        yield dependency, ("dependencies", index)
    for key in GROUPED_DEPENDENCIES:
        for group, items in table(entry, key).items() if key in entry else ():
            for index, dependency in enumerate(items if isinstance(items, list) else ()):
                yield dependency, (key, group, index)


def _unmet(dependency: object, by_name: dict[str, list[Package]]) -> str | None:
    """Why uv does not find the package that a dependency stands for; None where it does."""
    name = dependency.get("name") if isinstance(dependency, dict) else None
    if not isinstance(dependency, dict) or not isinstance(name, str):
        return "whose dependencies are not tables with names"
    found = by_name.get(name, [])
    source, version = dependency.get("source"), dependency.get("version")
    if len(found) == 1 and source is None and version is None:
        return None
    if not found:
        return f"which depends on {name}, but no [[package]] {name}"
    if source is None and len(found) > 1:
        return f"which depends on {name}, and {len(found)} of that name without saying which is meant"
    key = _key(source) if isinstance(source, dict) else found[0].source
    wanted = version if isinstance(version, str) or len(found) > 1 else found[0].version
    if any(package.source == key and _equal(package.version, wanted) for package in found):
        return None
    return (
        f"which depends on {name}{f' {wanted}' if wanted else ''} from a certain source, and only others of that name"
    )


def _equal(one: str | None, two: object) -> bool:
    if one is None or not isinstance(two, str):
        return one is two
    return one == two or canonical_version(one) == canonical_version(two)


def _wheels(index: int, entry: object, package: Package) -> Iterator[Reason]:
    """Wheels of another version than the package, as if a merge took each from another side."""
    wheels, version = member(entry, "wheels"), package.version
    if not isinstance(wheels, list) or version is None or "+" in version:
        return
    mark = f"-{version}-"
    for place, wheel in enumerate(wheels):
        if not isinstance(wheel, dict):
            continue
        address = wheel.get("url") or wheel.get("path")
        if not isinstance(address, str) or mark in address:
            continue
        parts = address.rpartition("/")[2].removesuffix(".whl").split("-")
        other = parts[1] if len(parts) in (5, 6) else ""
        if "%" not in other and "+" not in other and canonical_version(other) not in (None, canonical_version(version)):
            message = f"uv.lock has {package.name} {version} with the wheel of {other}, as after a merge"
            yield Reason(message, UV_LOCK, ("package", index, "wheels", place))
            return
