"""Dependency groups as uv sees them: those of the standard with their includes, and uv's own earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.python_range import PythonRange, parse_range
from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.files.formats.tables import member, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.facts.locks.uv.workspace import Project

Keys = tuple[str | int, ...]
Entry = tuple[str, Keys]
"""A requirement as it is written, with the path to it."""


def flatten_groups(project: Project) -> dict[str, list[Entry] | None]:
    """The requirements of each group, with those of the groups that it includes.

    What is in a group with Python versions of its own gets a marker for them, also within those that include it.

    Returns:
        Lists by canonical name; None for a group that cannot be told.
    """
    groups = {canonical(name): (name, items) for name, items in table(project.value, "dependency-groups").items()}
    markers = dict(_ranges(project))
    result: dict[str, list[Entry] | None] = {}
    for name in groups:
        _flatten(name, groups, markers, result)
    earlier = project.uv.get("dev-dependencies")
    if isinstance(earlier, list):
        known = result.get("dev", [])
        keys: Keys = ("tool", "uv", "dev-dependencies")
        own = [(item, (*keys, index)) for index, item in enumerate(earlier) if isinstance(item, str)]
        result["dev"] = None if known is None or "dev" in markers else known + own
    return result


def _ranges(project: Project) -> Iterator[tuple[str, str]]:
    """The markers of the groups that have Python versions of their own, by name; empty where they allow all.

    As with those of the project, uv keeps the bounds only: what ``!=`` excludes between them is lost.
    """
    for name, settings in table(project.uv, "dependency-groups").items():
        stated = member(settings, "requires-python")
        span = parse_range(stated) if isinstance(stated, str) else None
        yield canonical(name), " and ".join(_bounds(span)) if span else ""


def _bounds(span: PythonRange) -> Iterator[str]:
    for operator, included, bound in ((">", span.lower_included, span.lower), ("<", span.upper_included, span.upper)):
        if bound is not None:
            version = ".".join(map(str, bound or (0,)))
            yield f"python_full_version {operator}{'=' if included else ''} '{version}'"


def _flatten(
    name: str,
    groups: dict[str, tuple[str, object]],
    markers: dict[str, str],
    done: dict[str, list[Entry] | None],
) -> list[Entry] | None:
    if name in done or name not in groups:
        return done.get(name)
    done[name] = None  # what a group that includes itself gets
    written, items = groups[name]
    entries: dict[Entry, None] = {}
    for index, item in enumerate(items if isinstance(items, list) else [items]):
        included = member(item, "include-group")
        if isinstance(item, str):
            entries[item, ("dependency-groups", written, index)] = None
        elif isinstance(included, str) and (inner := _flatten(canonical(included), groups, markers, done)) is not None:
            entries.update(dict.fromkeys(inner))
        else:
            return None
    condition = markers.get(name)
    done[name] = [(_with_marker(text, condition), keys) for text, keys in entries] if condition else list(entries)
    return done[name]


def _with_marker(text: str, condition: str) -> str:
    """A requirement that also has a condition."""
    head, semicolon, marker = text.partition(" ;" if "@" in text else ";")
    return f"{head} ; ({marker.strip()}) and {condition}" if semicolon else f"{text} ; {condition}"
