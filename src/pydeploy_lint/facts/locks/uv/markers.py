"""Whether environment markers mean the same, found out by evaluating them wherever they could part."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from pydeploy_lint.files.numbers import whole_number
from pydeploy_lint.heroku.policy import series_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from packaging.markers import Marker

    from pydeploy_lint.facts.locks.python_range import PythonRange

PLATFORMS = (
    ("posix", "linux", "Linux"),
    ("posix", "darwin", "Darwin"),
    ("nt", "win32", "Windows"),
    ("posix", "freebsd14", "FreeBSD"),
    ("posix", "emscripten", "Emscripten"),
    ("posix", "another", "Another"),
)
"""``os_name``, ``sys_platform`` and ``platform_system``, which belong together."""
PLATFORM_VARIABLES = ("os_name", "sys_platform", "platform_system")
INDEPENDENT_VARIABLES = ("platform_machine", "platform_python_implementation", "implementation_name", "extra")
PYTHON_VARIABLES = ("python_version", "python_full_version", "implementation_version")
UNDECIDABLE = re.compile(
    r"\b(?:platform_release|platform_version|extras|dependency_groups)\b"
    r"|_version\s+(?:not\s+)?in\b|\bin\s+(?:python|implementation)\w*_version\b"
)
VERSION_LIST = re.compile(r"\bpython_version (not )?in '(\d+\.\d+(?: \d+\.\d+)*)'")
"""uv reads this as a list of versions, and not as a part of a string."""
TERM = re.compile(
    r"""\b(?P<name>[a-z_]+)\s*(?:[=!<>~]=?=?|(?:not\s+)?in\b)\s*['"](?P<value>[^'"]*)['"]"""
    r"""|['"](?P<first>[^'"]*)['"]\s*(?:[=!<>~]=?=?|(?:not\s+)?in\b)\s*(?P<second>[a-z_]+)\b"""
)
RELEASE = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,2}")
MAX_ENVIRONMENTS = 20_000


def truth_tables(markers: Collection[str], pythons: PythonRange) -> dict[str, tuple[bool, ...]] | None:
    """The values of markers in all environments that any of them tells from another.

    Two markers with different tables mean different things. Those with the same table mean the same, but for
    environments that do not exist.

    Args:
        markers: the expressions; an empty one always holds.
        pythons: the versions of Python to look at.

    Returns:
        None where a marker is invalid, or depends on what has no limited set of values.
    """
    from packaging.markers import Marker

    expanded = {marker: VERSION_LIST.sub(_alternatives, marker) for marker in markers}
    if any(UNDECIDABLE.search(marker) for marker in expanded.values()):
        return None
    try:
        parsed = {marker: Marker(text) for marker, text in expanded.items() if text}
        environments = list(itertools.islice(_environments(expanded.values(), pythons), MAX_ENVIRONMENTS + 1))
        if len(environments) * len(markers) > MAX_ENVIRONMENTS:
            return None
        return {marker: _table(parsed.get(marker), environments) for marker in markers}
    except ValueError:
        return None


def _alternatives(version_list: re.Match[str]) -> str:
    operator, joint = ("!=", " and ") if version_list[1] else ("==", " or ")
    terms = joint.join(f"python_version {operator} '{version}'" for version in version_list[2].split())
    return f"({terms})"


def _table(marker: Marker | None, environments: Iterable[dict[str, str]]) -> tuple[bool, ...]:
    return tuple(marker is None or marker.evaluate(environment) for environment in environments)


def _environments(markers: Iterable[str], pythons: PythonRange) -> Iterator[dict[str, str]]:
    values: dict[str, set[str]] = {}
    for marker in markers:
        for term in TERM.finditer(marker):
            name, value = (term["name"], term["value"]) if term["name"] else (term["second"], term["first"])
            values.setdefault(name, set()).add(value)
    independent = [_domain(name, values) for name in INDEPENDENT_VARIABLES]
    for python, platform, others in itertools.product(
        _pythons(values, pythons), _platforms(values), itertools.product(*independent)
    ):
        environment = dict(zip(PLATFORM_VARIABLES, platform, strict=True))
        environment |= dict(zip(INDEPENDENT_VARIABLES, others, strict=True))
        environment |= {
            "python_version": series_of(python),
            "python_full_version": python,
            "implementation_version": python,
            "platform_release": "",
            "platform_version": "",
        }
        yield environment


def _domain(name: str, values: dict[str, set[str]]) -> list[str]:
    """The values of a variable that markers mention, and one that they do not."""
    return ["", *sorted(values[name])] if name in values else [""]


def _platforms(values: dict[str, set[str]]) -> list[tuple[str, str, str]]:
    if not any(name in values for name in PLATFORM_VARIABLES):
        return [PLATFORMS[0]]
    known = {platform[1] for platform in PLATFORMS}
    others = sorted(values.get("sys_platform", set()) - known)
    return [*PLATFORMS, *(("posix", name, "Another") for name in others)]


def _pythons(values: dict[str, set[str]], pythons: PythonRange) -> list[str]:
    """Versions at, just before and just after all those that are mentioned, as far as they are in the range."""
    mentioned = {
        match[0] for name in PYTHON_VARIABLES for value in values.get(name, ()) for match in RELEASE.finditer(value)
    }
    if not mentioned:
        return [_dotted(pythons.example)]
    points = {pythons.example}
    for text in mentioned:
        major, minor, patch = (*(whole_number(part) for part in text.split(".")), 0, 0)[:3]
        for number in (patch - 1, patch, patch + 1):
            points.add((major, minor, number))
        points |= {(major, minor - 1, 0), (major, minor - 1, 99), (major, minor + 1, 0), (major + 1, 0, 0)}
    return [_dotted(point) for point in sorted(points) if min(point) >= 0 and pythons.contains(point)]


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
