"""Finds the checks: whatever is registered under the entry-point group of plug-ins, built in or not."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.engine.check import BUILT_IN, Check, checks_in
from pydeploy_lint.entry_points import EntryPoint, entry_points
from pydeploy_lint.guard import ends_the_run, kept_apart, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GROUP = "pydeploy_lint.checks"


class Registry(NamedTuple):
    """The checks that are installed."""

    checks: Mapping[str, Check]
    """By name, in alphabetical order."""
    families: Mapping[str, frozenset[str]]
    """The names of the checks by family, which is the name of their entry point."""
    failures: tuple[str, ...]
    """What is wrong with plug-ins: one message each."""

    def expand(self, names: Iterable[str]) -> frozenset[str]:
        """The names of the checks that known names of checks and families stand for."""
        return frozenset().union(
            *(self.families.get(name, frozenset()) | (self.checks.keys() & {name}) for name in names)
        )


def registry_of(checks: Iterable[Check]) -> Registry:
    """A registry of just these checks, for tests and for those who bring their own."""
    checks = tuple(checks)
    families = {
        family: frozenset(check.name for check in checks if check.family == family)
        for family in {check.family for check in checks}
    }
    return Registry({check.name: check for check in checks}, families, ())


def load_built_in() -> Registry:
    """The checks that come with pydeploy-lint, without those of plug-ins: what its own documentation is about."""
    return load_registry(entry for entry in entry_points(GROUP) if entry.value.startswith(BUILT_IN))


def load_registry(entries: Iterable[EntryPoint] | None = None) -> Registry:
    """Import every plug-in and collect its checks; a plug-in that is at fault costs only its own checks.

    Args:
        entries: what to import; default: what is installed.
    """
    checks: dict[str, Check] = {}
    families: dict[str, frozenset[str]] = {}
    owners: dict[str, EntryPoint] = {}
    failures: list[str] = []
    # Built-in checks come first, so that their names cannot be taken from them.
    for entry in sorted(
        set(entry_points(GROUP) if entries is None else entries),
        key=lambda entry: (not entry.value.startswith(BUILT_IN), entry.value, entry.name),
    ):
        try:
            with nullcontext() if entry.value.startswith(BUILT_IN) else kept_apart():
                found = checks_in(entry.load())
        except BaseException as error:  # a plug-in may raise anything when it is imported
            if ends_the_run(error):
                raise
            failures.append(f"{_plug_in(entry)} could not be loaded: {told(error)}")
            continue
        for check in found:
            if check.name not in checks:
                checks[check.name] = check
                owners[check.name] = entry
                check.family = entry.name
                families[entry.name] = families.get(entry.name, frozenset()) | {check.name}
            elif checks[check.name] is not check:
                failures.append(
                    f"{_plug_in(entry)}: check {check.name!r} is refused, as {_plug_in(owners[check.name])}"
                    " has a check of that name: rename one of them"
                )
    return Registry({name: checks[name] for name in sorted(checks)}, families, tuple(failures))


def _plug_in(entry: EntryPoint) -> str:
    return f"plug-in {entry.name!r} of {entry.distribution} ({entry.value})"
