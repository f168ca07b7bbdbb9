"""Dependency groups as uv sees them: those of the standard with their includes, and uv's own earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.install.markers import canonical
from pydeploy_lint.install.tables import member, table

if TYPE_CHECKING:
    from pydeploy_lint.lock.uv_workspace import Project

Keys = tuple[str | int, ...]
Entry = tuple[str, Keys]
"""A requirement as it is written, with the path to it."""


def flatten_groups(project: Project) -> dict[str, list[Entry] | None]:
    """The requirements of each group, with those of the groups that it includes.

    Returns:
        Lists by canonical name; None for a group that cannot be told.
    """
    groups = {canonical(name): (name, items) for name, items in table(project.value, "dependency-groups").items()}
    # A group with Python versions of its own gets a marker in the lock, also within the groups that include it.
    ranged = {canonical(name) for name in table(project.uv, "dependency-groups")}
    result: dict[str, list[Entry] | None] = dict.fromkeys(ranged)
    for name in groups:
        _flatten(name, groups, result)
    earlier = project.uv.get("dev-dependencies")
    if isinstance(earlier, list):
        known = result.get("dev", [])
        keys: Keys = ("tool", "uv", "dev-dependencies")
        own = [(item, (*keys, index)) for index, item in enumerate(earlier) if isinstance(item, str)]
        result["dev"] = None if known is None else known + own
    return result


def _flatten(
    name: str, groups: dict[str, tuple[str, object]], done: dict[str, list[Entry] | None]
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
        elif isinstance(included, str) and (inner := _flatten(canonical(included), groups, done)) is not None:
            entries.update(dict.fromkeys(inner))
        else:
            return None
    done[name] = list(entries)
    return done[name]
