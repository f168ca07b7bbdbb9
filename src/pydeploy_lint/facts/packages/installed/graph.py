"""The graph of a lock: from the packages that are asked for to all that they need, with extras and markers."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pydeploy_lint.facts.packages.markers import Environment, holds


class Need(NamedTuple):
    """That one package needs another."""

    name: str
    """In the spelling of the lock."""
    marker: str | None = None
    extras: tuple[str, ...] = ()
    """The extras that are asked of the needed package."""
    by_extra: str = ""
    """The extra of the needing package that makes the need; empty for none."""
    pick: tuple[tuple[str, object], ...] = ()
    """What a package must say of itself to be meant, where the lock holds several of the name."""
    decided: bool = True
    """False where it has a condition that cannot be decided."""


class Package(NamedTuple):
    """A locked package."""

    name: str
    needs: Mapping[str, list[Need]]
    """By extra; those of the package itself under the empty string."""
    fields: Mapping[str, object] = {}
    """What it says of itself, for `Need.pick`."""
    applies: bool = True
    """False where another package of the name is the one for this environment."""


def reach(packages: list[Package], needs: Iterable[Need], environment: Environment) -> dict[int, bool]:
    """The packages that are reached.

    Args:
        packages: all that the lock holds.
        needs: what is asked for.
        environment: where markers are decided.

    Returns:
        By index in `packages`: whether it is certain that the package is reached.
    """
    by_name: dict[str, list[int]] = {}
    for index, package in enumerate(packages):
        by_name.setdefault(package.name, []).append(index)
    reached: dict[int, bool] = {}
    queue = [(need, True) for need in needs]
    seen: set[tuple[int, str, bool]] = set()
    asked: set[tuple[str, tuple[str, ...], str, bool]] = set()
    while queue:
        need, certain = queue.pop()
        held = holds(need.marker, environment, [need.by_extra] if need.by_extra else ()) if need.marker else True
        if held is False:
            continue
        certain = certain and bool(held) and need.decided
        # Many packages may need the same one, of which a lock may hold very many.
        question = (need.name, need.extras, repr(need.pick), certain)
        if question in asked:
            continue
        asked.add(question)
        found = _meant(packages, by_name.get(need.name, []), need)
        certain = certain and len(found) == 1
        for index in found:
            reached[index] = reached.get(index, False) or certain
            for extra in ("", *need.extras):
                if (index, extra, certain) not in seen:
                    seen.add((index, extra, certain))
                    queue += [(each, certain) for each in packages[index].needs.get(extra, ())]
    return reached


def _meant(packages: list[Package], candidates: list[int], need: Need) -> list[int]:
    if len(candidates) < 2:
        return candidates
    fitting = [
        index for index in candidates if all(packages[index].fields.get(field) == value for field, value in need.pick)
    ]
    return [index for index in fitting if packages[index].applies] if len(fitting) > 1 else fitting
