"""The settings in ``[tool.uv]`` that a uv.lock depends on."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.uv import requirements as uv_requirements
from pydeploy_lint.facts.locks.uv.options import INSTANT
from pydeploy_lint.facts.locks.verdict import Reason, version_key
from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.files.formats.tables import array, member, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.facts.locks.python_range import PythonRange
    from pydeploy_lint.facts.locks.uv.options import Options
    from pydeploy_lint.facts.locks.uv.workspace import Project, Workspace

OPTIONS = {
    "resolution": ("resolution-mode", ("highest", "lowest", "lowest-direct")),
    "prerelease": ("prerelease-mode", ("if-necessary-or-explicit", "disallow", "allow", "if-necessary", "explicit")),
    "fork-strategy": ("fork-strategy", ("requires-python", "fewest")),
}
"""Settings in ``[tool.uv]``, with their keys in the lock's ``[options]`` and their values; the first is the default."""
REQUIREMENTS = {
    "constraint-dependencies": "constraints",
    "override-dependencies": "overrides",
    "build-constraint-dependencies": "build-constraints",
}
"""Lists of requirements by their keys in ``[tool.uv]``, with the keys in the lock's ``[manifest]``."""
MARKERS = {"environments": "supported-markers", "required-environments": "required-markers"}
IF_NECESSARY = (0, 12)
"""From this version on ``if-necessary`` and ``if-necessary-or-explicit`` mean the same for pre-releases."""


def refusals(root: Project, options: Options, version: str) -> Iterator[Reason]:
    """The settings that end uv with an error, whatever is in the lock."""
    if root.uv.get("managed") is False and "project" in root.value:
        message = "[tool.uv] managed is false, so uv does not install the project"
        yield Reason(message, root.path, ("tool", "uv", "managed"))
    # It counts even where uv ignores all other settings, unless there is a uv.toml.
    required = (root.uv if options.keys else options.values or {}).get("required-version")
    if isinstance(required, str) and _excludes(required, version):
        message = f"{_title(options)}required-version is {required}, and Heroku installs uv {version}"
        yield Reason(message, options.path, (*options.keys, "required-version"))
    defaults = root.uv.get("default-groups")
    known = {canonical(name) for name in table(root.value, "dependency-groups")}
    for index, group in enumerate(defaults if isinstance(defaults, list) else ()):
        if isinstance(group, str) and canonical(group) not in known:
            message = f"[tool.uv] default-groups names {group}, and there is no such dependency group"
            yield Reason(message, root.path, ("tool", "uv", "default-groups", index))

    for key in REQUIREMENTS:
        for text, keys in uv_requirements.strings(root.uv.get(key), ("tool", "uv", key)):
            if uv_requirements.parse(text, {}) is None:
                yield Reason(f"{text!r} is not a requirement", root.path, keys)


def _excludes(required: str, version: str) -> bool:
    from packaging.specifiers import SpecifierSet

    # A bare version stands for exactly that one.
    specifier = f"=={required}" if required[:1].isdigit() else required
    try:
        return not SpecifierSet(specifier).contains(version, prereleases=True)
    except ValueError:
        return False


def differences(
    workspace: Workspace, lock: dict[str, object], pythons: PythonRange, options: Options, version: str
) -> Iterator[Reason]:
    """The settings with which the lock was not made."""
    root = workspace.root
    if options.values is not None:
        yield from _option_differences(options, options.values, table(lock, "options"), version)
        yield from _time_differences(options, options.values, table(lock, "options"))
        yield from _metadata_differences(options, options.values, lock)
    for key, locked_key in REQUIREMENTS.items():
        recorded = member(lock, "manifest", locked_key)
        yield from _requirement_differences(root, key, recorded, pythons, options.values)
    yield from _exclude_differences(root, lock)
    for key, locked_key in MARKERS.items():
        yield from _marker_differences(root, key, lock.get(locked_key), pythons)
    if workspace.is_complete:
        yield from _conflict_differences(workspace, lock)


def _title(options: Options) -> str:
    return "[tool.uv] " if options.keys else "uv.toml: "


def _at_option(options: Options, key: str) -> tuple[str, tuple[str | int, ...]]:
    return options.path, (*options.keys, key)


def _at(root: Project, key: str) -> tuple[str, tuple[str | int, ...]]:
    return root.path, ("tool", "uv", key)


def _option_differences(
    options: Options, values: dict[str, object], locked_options: dict[str, object], version: str
) -> Iterator[Reason]:
    for key, (locked_key, known) in OPTIONS.items():
        stated, locked = values.get(key, known[0]), locked_options.get(locked_key, known[0])
        if _normal(stated, version) != _normal(locked, version):
            message = f"{_title(options)}{key} is {stated}, but uv.lock was made with {locked}{options.because}"
            yield Reason(message, *_at_option(options, key))


def _normal(value: object, version: str) -> object:
    """One value for all that mean the same: since uv 0.12.0 ``if-necessary`` is the default for pre-releases."""
    is_default = value == "if-necessary" and version_key(version) >= IF_NECESSARY
    return "if-necessary-or-explicit" if is_default else value


def _time_differences(
    options: Options, values: dict[str, object], locked_options: dict[str, object]
) -> Iterator[Reason]:
    value = values.get("exclude-newer")
    locked = locked_options.get("exclude-newer-span", locked_options.get("exclude-newer"))
    now = f"is {value}" if value is not None else "is not set"
    was = f"with {locked}" if locked is not None else "without"
    if (value is None) != (locked is None) or _other_instant(value, locked):
        message = f"{_title(options)}exclude-newer {now}, but uv.lock was made {was}{options.because}"
        yield Reason(message, *_at_option(options, "exclude-newer"))
    packages = {canonical(name) for name in table(values, "exclude-newer-package")}
    locked_packages = {canonical(name) for name in table(locked_options, "exclude-newer-package")}
    for name in sorted(packages ^ locked_packages):
        message = f"{_title(options)}exclude-newer-package and uv.lock differ on {name}{options.because}"
        yield Reason(message, *_at_option(options, "exclude-newer-package"))


def _other_instant(value: object, locked: object) -> bool:
    """Whether both are moments with a time zone, and not the same; dates and spans are not compared."""
    instants = [text for item in (value, locked) if INSTANT.fullmatch(text := str(item))]
    if len(instants) < 2:
        return False
    try:
        one, two = (datetime.datetime.fromisoformat(re.sub("[Zz]$", "+00:00", text)) for text in instants)
    except ValueError:
        return False
    return one.replace(microsecond=0) != two.replace(microsecond=0)


def _metadata_differences(options: Options, values: dict[str, object], lock: dict[str, object]) -> Iterator[Reason]:
    declared, recorded = values.get("dependency-metadata"), member(lock, "manifest", "dependency-metadata")
    names, locked = (
        {canonical(name) for entry in array(entries) if isinstance(name := member(entry, "name"), str)}
        for entries in (declared, recorded)
    )
    for name in sorted(names ^ locked):
        message = f"{_title(options)}dependency-metadata and uv.lock differ on {name}{options.because}"
        yield Reason(message, *_at_option(options, "dependency-metadata"))


def _requirement_differences(
    root: Project, key: str, recorded: object, pythons: PythonRange, settings: dict[str, object] | None
) -> Iterator[Reason]:
    path, keys = _at(root, key)
    entries, value = array(recorded), array(root.uv.get(key))
    if any(member(item, "package") is not None for item in [*entries, *value]):
        return  # overrides for the dependencies of one package
    sources = uv_requirements.sources_of([root], settings)
    declared, unknown = uv_requirements.read_declared(uv_requirements.strings(value, keys), sources)
    locked = uv_requirements.read_recorded(entries)
    where = f"[tool.uv] {key}"
    yield from uv_requirements.compare(declared, unknown, locked, path=path, keys=keys, where=where, pythons=pythons)


def _exclude_differences(root: Project, lock: dict[str, object]) -> Iterator[Reason]:
    declared, recorded = array(root.uv.get("exclude-dependencies")), array(member(lock, "manifest", "excludes"))
    if not all(isinstance(name, str) for name in [*declared, *recorded]):
        return
    names, locked = ({canonical(str(name)) for name in names} for names in (declared, recorded))
    for name in sorted(names ^ locked):
        message = f"[tool.uv] exclude-dependencies and uv.lock differ on {name}"
        yield Reason(message, *_at(root, "exclude-dependencies"))


def _marker_differences(root: Project, key: str, recorded: object, pythons: PythonRange) -> Iterator[Reason]:
    value = root.uv.get(key, [])
    declared = [value] if isinstance(value, str) else value
    locked = [] if recorded is None else recorded
    if not isinstance(declared, list) or not isinstance(locked, list):
        return
    markers = [marker for marker in [*declared, *locked] if isinstance(marker, str)]
    if len(markers) != len(declared) + len(locked) or declared == locked:
        return
    if len(declared) == len(locked):
        from pydeploy_lint.facts.locks.uv.markers import truth_tables

        tables = truth_tables(set(markers), pythons)
        if tables is None or all(tables[one] == tables[two] for one, two in zip(declared, locked, strict=True)):
            return
    yield Reason(f"[tool.uv] {key} is not what uv.lock was made with", *_at(root, key))


def _conflict_differences(workspace: Workspace, lock: dict[str, object]) -> Iterator[Reason]:
    declared = {
        _conflict(items, project.name) for project in workspace.files for items in array(project.uv.get("conflicts"))
    }
    locked = {_conflict(items, None) for items in array(lock.get("conflicts"))}
    if any("group" in names for conflict in declared for names in conflict) and declared and locked:
        return  # uv adds the groups that include one of these
    if declared != locked:
        yield Reason("[tool.uv] conflicts is not what uv.lock was made with", *_at(workspace.root, "conflicts"))


def _conflict(items: object, package: str | None) -> frozenset[tuple[str, str, str]]:
    result = set()
    for item in array(items):
        owner = member(item, "package") or package
        for kind in ("extra", "group"):
            name = member(item, kind)
            if isinstance(name, str):
                result.add((canonical(str(owner)), kind, canonical(name)))
                break
        else:
            result.add((canonical(str(owner)), "project", ""))
    return frozenset(result)
