"""What in a pyproject.toml uv cannot read at all: values of the wrong kind, names and versions that are none.

Source: ``PyProjectToml`` of uv 0.12.5, and its answers to a value of each kind under each key. uv reads these keys in
every project of a workspace; of the rest of ``[project]``, such as the authors, it takes anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.uv.requirements import canonical_version, is_specifier
from pydeploy_lint.facts.locks.verdict import Reason
from pydeploy_lint.facts.packages.markers import canonical, is_plain
from pydeploy_lint.files.formats.tables import array, member, strings, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.facts.locks.uv.workspace import Project

Keys = tuple[str | int, ...]
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
INDEX_NAME = re.compile(r"[\w.-]+", re.ASCII)
UV = ("tool", "uv")
SHAPES: tuple[tuple[Keys, type, str], ...] = (
    (("project",), dict, "a table"),
    (("project", "name"), str, "a string"),
    (("project", "version"), str, "a string"),
    (("project", "requires-python"), str, "a string"),
    (("project", "dependencies"), list, "an array"),
    (("project", "optional-dependencies"), dict, "a table"),
    (("project", "dynamic"), list, "an array"),
    (("dependency-groups",), dict, "a table"),
    (("tool",), dict, "a table"),
    (UV, dict, "a table"),
    ((*UV, "conflicts"), list, "an array"),
    ((*UV, "dependency-groups"), dict, "a table"),
    ((*UV, "dev-dependencies"), list, "an array"),
    ((*UV, "constraint-dependencies"), list, "an array"),
    ((*UV, "override-dependencies"), list, "an array"),
    ((*UV, "exclude-dependencies"), list, "an array"),
    ((*UV, "build-constraint-dependencies"), list, "an array"),
    ((*UV, "index"), list, "an array"),
    ((*UV, "managed"), bool, "true or false"),
    ((*UV, "package"), bool, "true or false"),
    ((*UV, "sources"), dict, "a table"),
    ((*UV, "workspace"), dict, "a table"),
    ((*UV, "workspace", "members"), list, "an array"),
    ((*UV, "workspace", "exclude"), list, "an array"),
)
"""The kind of value under each key."""
STRINGS: tuple[Keys, ...] = (
    ("project", "dependencies"),
    ("project", "dynamic"),
    (*UV, "dev-dependencies"),
    (*UV, "constraint-dependencies"),
    (*UV, "exclude-dependencies"),
    (*UV, "workspace", "members"),
    (*UV, "workspace", "exclude"),
)
"""Arrays of strings alone."""
SOURCE_KEYS = frozenset(["git", "url", "path", "index", "workspace"])
"""Of which a source has exactly one."""


def refusals(project: Project) -> Iterator[Reason]:
    """What ends uv with an error before it compares anything.

    Args:
        project: a pyproject.toml of the workspace.
    """
    for message, keys in (
        *_kinds(project.value),
        *_texts(project.value),
        *_names(project.value),
        *_groups(project.value),
        *_uv_groups(project.value),
        *_default_groups(project.value),
        *_sources(project.value),
        *_indexes(project.value),
        *_environments(project.value),
        *_conflicts(project.value),
    ):
        yield Reason(message, project.path, keys)


def _title(keys: Keys) -> str:
    *parents, name = keys
    return f"[{'.'.join(map(str, parents))}] {name}" if parents else str(name)


def _kinds(value: dict[str, object]) -> Iterator[tuple[str, Keys]]:
    for keys, kind, needed in SHAPES:
        *parents, name = map(str, keys)
        parent = member(value, *parents)
        if isinstance(parent, dict) and name in parent and not isinstance(parent[name], kind):
            yield f"{_title(keys)} is not {needed}", keys
    overrides = (*UV, "override-dependencies")
    for index, item in enumerate(array(member(value, *overrides))):
        if not isinstance(item, str | dict):
            yield f"{_title(overrides)} has an entry that is neither a string nor a table", (*overrides, index)
    for keys in STRINGS:
        yield from _not_strings(member(value, *map(str, keys)), keys)
    for extra, items in table(value, "project", "optional-dependencies").items():
        keys = ("project", "optional-dependencies", extra)
        if not isinstance(items, list):
            yield f"{_title(keys)} is not an array", keys
        yield from _not_strings(items, keys)


def _not_strings(items: object, keys: Keys) -> Iterator[tuple[str, Keys]]:
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if not isinstance(item, str):
            yield f"{_title(keys)} has an entry that is not a string", (*keys, index)


def _texts(value: dict[str, object]) -> Iterator[tuple[str, Keys]]:
    name, version, python = (member(value, "project", key) for key in ("name", "version", "requires-python"))
    if isinstance(name, str) and not NAME.fullmatch(name):
        yield f"{name!r} is not a name that a project may have", ("project", "name")
    if isinstance(version, str) and canonical_version(version.strip()) is None:
        yield f"{version!r} is not a version", ("project", "version")
    if isinstance(python, str) and not is_specifier(python):
        yield _no_specifier(python, "requires-python"), ("project", "requires-python")


def _no_specifier(text: str, where: str) -> str:
    hint = f' (write ">={text}" or "=={text}.*")' if re.fullmatch(r"\d+(\.\d+)*", text) else ""
    return f"{where} is {text!r}, which is not a version specifier{hint}"


def _names(value: dict[str, object]) -> Iterator[tuple[str, Keys]]:
    for keys in (("project", "optional-dependencies"), ("dependency-groups",)):
        for name in table(value, *keys):
            if not NAME.fullmatch(name):
                yield f"{name!r} in [{'.'.join(keys)}] is not a name", (*keys, name)
    for index, name in enumerate(strings(member(value, *UV, "exclude-dependencies"))):
        if not NAME.fullmatch(name):
            yield f"{name!r} is not the name of a package", (*UV, "exclude-dependencies", index)


def _groups(value: dict[str, object]) -> Iterator[tuple[str, Keys]]:
    included: dict[str, list[str]] = {}
    for group, items in table(value, "dependency-groups").items():
        keys: Keys = ("dependency-groups", group)
        if not isinstance(items, list):
            yield f"the dependency group {group} is not an array", keys
            continue
        for index, item in enumerate(items):
            include = member(item, "include-group")
            if isinstance(item, dict) and item.keys() == {"include-group"} and isinstance(include, str):
                included.setdefault(canonical(group), []).append(canonical(include))
            elif not isinstance(item, str):
                message = f"the dependency group {group} has an entry that is neither a requirement nor include-group"
                yield message, (*keys, index)
    circle = _circle(included)
    for group in table(value, "dependency-groups"):
        if canonical(group) in circle:
            yield f"the dependency group {group} includes itself", ("dependency-groups", group)


def _circle(included: dict[str, list[str]]) -> set[str]:
    """The first names that lead back to themselves; none where there is no such circle."""
    done: set[str] = set()
    for start in included:
        path: list[str] = []
        pending = [(start, 0)]
        while pending:
            name, depth = pending.pop()
            del path[depth:]
            if name in done and name in path:
                return set(path[path.index(name) :])
            if name not in done:
                path.append(name)
                done.add(name)
                pending += [(each, depth + 1) for each in included.get(name, ())]
    return set()


def _uv_groups(value: dict[str, object]) -> Iterator[tuple[str, Keys]]:
    known = {canonical(name) for name in table(value, "dependency-groups")}
    for group, settings in table(value, *UV, "dependency-groups").items():
        keys = (*UV, "dependency-groups", group)
        python = member(settings, "requires-python")
        if not isinstance(settings, dict):
            yield f"{_title(keys)} is not a table", keys
        elif not isinstance(python, str | None):
            yield f"requires-python of the group {group} is not a string", (*keys, "requires-python")
        elif python is not None and not is_specifier(python):
            yield _no_specifier(python, f"requires-python of the group {group}"), (*keys, "requires-python")
        elif canonical(group) not in known:
            yield f"[tool.uv.dependency-groups] names {group}, and there is no such dependency group", keys


def _default_groups(value: dict[str, object]) -> Iterator[tuple[str, Keys]]:
    keys = (*UV, "default-groups")
    groups = member(value, *map(str, keys))
    if groups is not None and groups != "all" and not isinstance(groups, list):
        yield '[tool.uv] default-groups is neither "all" nor an array', keys
    yield from _not_strings(groups, keys)


def _sources(value: dict[str, object]) -> Iterator[tuple[str, Keys]]:
    for name, source in table(value, *UV, "sources").items():
        keys = (*UV, "sources", name)
        alternatives = source if isinstance(source, list) else [source]
        if not alternatives:
            yield f"[tool.uv.sources] names no source for {name}", keys
        for each in alternatives:
            if not isinstance(each, dict):
                yield f"the source of {name} in [tool.uv.sources] is not a table", keys
            elif not each.keys() & SOURCE_KEYS:
                yield (
                    f"the source of {name} in [tool.uv.sources] says neither git, url, path, index nor workspace",
                    keys,
                )
            elif len(each.keys() & {"rev", "tag", "branch"}) > 1:
                yield f"the source of {name} in [tool.uv.sources] has more than one of rev, tag and branch", keys
            elif any(not isinstance(each[key], str) for key in each.keys() & {"git", "url", "path", "index"}):
                yield f"the source of {name} in [tool.uv.sources] is not a string", keys


def _indexes(value: dict[str, object]) -> Iterator[tuple[str, Keys]]:
    names: set[object] = set()
    indexes = member(value, *UV, "index")
    for position, index in enumerate(indexes if isinstance(indexes, list) else ()):
        keys = (*UV, "index", position)
        name = member(index, "name")
        if not isinstance(index, dict) or not isinstance(index.get("url"), str):
            yield "an index in [[tool.uv.index]] has no url", keys
        elif not isinstance(name, str | None) or (name is not None and not INDEX_NAME.fullmatch(name)):
            yield "an index in [[tool.uv.index]] has a name that is none", keys
        elif name is not None and name in names:
            yield f"[[tool.uv.index]] has {name} twice", keys
        names.add(name if isinstance(name, str) else None)


def _environments(value: dict[str, object]) -> Iterator[tuple[str, Keys]]:
    for key in ("environments", "required-environments"):
        markers = member(value, *UV, key)
        if not isinstance(markers, str | list | None):
            yield f"[tool.uv] {key} is neither a string nor an array", (*UV, key)
        yield from _not_strings(markers, (*UV, key))
        for marker in [markers] if isinstance(markers, str) else strings(markers):
            if not is_plain(marker) and not _is_marker(marker):
                yield f"{marker!r} in [tool.uv] {key} is not a marker", (*UV, key)


def _is_marker(text: str) -> bool:
    from packaging.markers import Marker

    try:
        Marker(text)
    except ValueError:
        return False
    return True


def _conflicts(value: dict[str, object]) -> Iterator[tuple[str, Keys]]:
    conflicts = member(value, *UV, "conflicts")
    for index, items in enumerate(conflicts if isinstance(conflicts, list) else ()):
        keys = (*UV, "conflicts", index)
        if not isinstance(items, list) or len(items) < 2:
            yield "[tool.uv] conflicts has an entry that is not an array of at least two", keys
            continue
        for item in items:
            named = member(item, "extra"), member(item, "group")
            if not isinstance(item, dict) or not item.keys() & {"package", "extra", "group"} or None not in named:
                yield "[tool.uv] conflicts has an entry that names neither an extra nor a group, or both", keys
