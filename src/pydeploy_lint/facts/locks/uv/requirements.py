"""Requirements as uv compares them: those of a pyproject.toml with those that a uv.lock recorded.

Source: ``Lock::satisfies_requires_dist`` and ``normalize_requirement`` of uv 0.12.5. The spelling does not matter, nor
the order, nor what is written twice; index addresses, revisions and paths are not judged. Where the source of a
package depends on a marker, an extra or a group, the lock has an entry for each, all with the same specifier.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.locks.verdict import Reason
from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.files.formats.tables import array, member, table, tables
from pydeploy_lint.files.formats.tables import strings as strings_of
from pydeploy_lint.files.numbers import whole_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydeploy_lint.facts.locks.python_range import PythonRange
    from pydeploy_lint.facts.locks.uv.workspace import Project

Keys = tuple[str | int, ...]

BLANKS = re.compile(r"\s+")
REQUIREMENT = re.compile(
    r" ?(?P<name>[a-z0-9](?:[\w.-]*[a-z0-9])?) ?(?:\[(?P<extras>[^\]]*)\] ?)?"
    r"(?:@ ?(?P<url>[^ ]+(?: (?! ?;)[^ ]*)*)|\(?(?P<specifier>(?:(?:==|[!~<>]=|[<>])[^;()]*)?)\)?) ?"
    r"(?:;(?P<marker>.*))?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
"""A requirement whose blanks in a row are one."""
SPECIFIER = re.compile(r"\s*(===|==|~=|!=|<=|>=|<|>)\s*(\S+)\s*")
RELEASE = re.compile(r"v?(\d+(?:\.\d+)*)(\.\*)?")
PYTHON_VERSION = re.compile(r"\bpython_version (>=|<) '(\d+\.\d+)'")
SPACE_OR_STRING = re.compile(r"\s*(===|==|~=|!=|<=|>=|<|>)\s*|\s+|\"([^\"']*)\"")

REGISTRY, INDEX, GIT, PATH, URL = "any index", "an index of its own", "a Git repository", "a path", "an address"
SEVERAL = "one source or another"
VERSIONED = (REGISTRY, INDEX)
LOCKED_KINDS = {
    "git": GIT,
    "url": URL,
    "path": PATH,
    "directory": PATH,
    "editable": PATH,
    "virtual": PATH,
    "index": INDEX,
}
SOURCE_KINDS = {"git": GIT, "url": URL, "path": PATH, "workspace": PATH, "index": INDEX}


class VersionText(str):
    """A version in the form in which it is compared.

    Attributes:
        written: as it stands in the file.
    """

    __slots__ = ("written",)
    written: str

    def __new__(cls, canonical_form: str, written: str) -> VersionText:
        """Take both forms of a version."""
        text = super().__new__(cls, canonical_form)
        text.written = written
        return text


class Requirement(NamedTuple):
    """A requirement in the form in which two of them can be compared."""

    name: str
    extras: frozenset[str]
    kind: str
    specifier: tuple[tuple[str, VersionText], ...]
    """Operators and versions, sorted; empty for what does not come from an index."""
    marker: str
    """With one form of quotes and spaces; empty where there is none."""
    sources: tuple[tuple[str | None, str], ...] = ()
    """The kinds of several sources, with the markers under which they count; one that depends on more has none."""

    def __str__(self) -> str:
        extras = f"[{','.join(sorted(self.extras))}]" if self.extras else ""
        source = f" from {self.kind}" if self.kind != REGISTRY else ""
        marker = f" ; {self.marker}" if self.marker else ""
        specifier = ",".join(f"{operator}{version.written}" for operator, version in self.specifier)
        return f"{self.name}{extras}{specifier}{source}{marker}"


Declared = tuple[Requirement, Keys]
"""A requirement of a pyproject.toml, with the path to it."""


class Unknown(NamedTuple):
    """A requirement of which only the name can be told."""

    name: str


def parse(text: str, sources: Mapping[str, object], *, extra: str | None = None) -> Requirement | Unknown | None:
    """Read a requirement of a pyproject.toml; None where it is none.

    Args:
        text: such as ``flask[async]>=3 ; sys_platform == 'linux'``.
        sources: those of ``[tool.uv.sources]``, by canonical name.
        extra: the optional dependencies to which it belongs, in canonical form.
    """
    parsed = REQUIREMENT.fullmatch(BLANKS.sub(" ", text))
    if not parsed:
        return None
    name = canonical(parsed["name"])
    specifier = parse_specifier(parsed["specifier"] or "")
    written_kind = _url_kind(parsed["url"]) if parsed["url"] else REGISTRY
    kind = _source_kind(sources[name]) if name in sources else written_kind
    several = tuple(_alternatives(sources[name])) if kind == SEVERAL else ()
    if specifier is None or kind is None:
        return Unknown(name)
    if kind == SEVERAL:
        extras = frozenset(canonical(item.strip()) for item in (parsed["extras"] or "").split(",") if item.strip())
        return Requirement(name, extras, kind, specifier, normal_marker(parsed["marker"] or ""), several)
    extras = frozenset(canonical(item.strip()) for item in (parsed["extras"] or "").split(",") if item.strip())
    marker = normal_marker(parsed["marker"] or "")
    if extra is not None:
        condition = f"extra == '{extra}'"
        marker = f"{f'({marker})' if ' or ' in marker else marker} and {condition}" if marker else condition
    return Requirement(name, extras, kind, specifier if kind in VERSIONED else (), marker)


def read_recorded(entries: object) -> list[Requirement | Unknown]:
    """Read a list of requirements of a uv.lock."""
    return [requirement for item in array(entries) if (requirement := _read_locked(item)) is not None]


def _read_locked(entry: object) -> Requirement | Unknown | None:
    name = member(entry, "name")
    if not isinstance(entry, dict) or not isinstance(name, str):
        return None
    text = entry.get("specifier", "")
    specifier = parse_specifier(text) if isinstance(text, str) else None
    extras, marker = entry.get("extras", []), entry.get("marker", "")
    if specifier is None or not isinstance(extras, list) or not isinstance(marker, str):
        return Unknown(canonical(name))
    kind = next((LOCKED_KINDS[key] for key in LOCKED_KINDS if key in entry), REGISTRY)
    names = frozenset(canonical(item) for item in extras if isinstance(item, str))
    return Requirement(canonical(name), names, kind, specifier if kind in VERSIONED else (), normal_marker(marker))


def sources_of(projects: Iterable[Project], settings: Mapping[str, object] | None) -> dict[str, object]:
    """The ``[tool.uv.sources]`` of projects, by canonical name; those of the first project count most.

    Args:
        projects: a project, and the root of its workspace.
        settings: those with which uv locks, some of which turn sources off; None where they cannot be told.
    """
    if settings is not None and settings.get("no-sources") is True:
        return {}
    off = {canonical(name) for name in strings_of(member(settings, "no-sources-package"))}
    sources: dict[str, object] = {}
    for project in projects:
        for name, source in table(project.uv, "sources").items():
            if canonical(name) not in off:
                # Where it cannot be told whether a source counts, it is none that is known.
                sources.setdefault(canonical(name), source if settings is not None else None)
    return sources


def read_declared(
    entries: Iterable[tuple[str, Keys]], sources: Mapping[str, object], *, extra: str | None = None
) -> tuple[list[Declared], set[str]]:
    """Read requirements of a pyproject.toml, each given with the path to it.

    Returns:
        The requirements, and the names of those of which nothing more can be told.
    """
    declared, unknown = [], set()
    for text, keys in entries:
        requirement = parse(text, sources, extra=extra)
        if isinstance(requirement, Requirement):
            declared.append((requirement, keys))
        elif requirement is not None:
            unknown.add(requirement.name)
    return declared, unknown


def strings(value: object, keys: Keys) -> list[tuple[str, Keys]]:
    """The strings of a list, each with the path to it."""
    return [(item, (*keys, index)) for index, item in enumerate(array(value)) if isinstance(item, str)]


def parse_specifier(text: str) -> tuple[tuple[str, VersionText], ...] | None:
    """The operators and versions, sorted, each version in canonical form; None where it is not valid.

    uv corrects some that are not, such as ``>=1.*``.
    """
    result = []
    for part in text.split(",") if text.strip() else ():
        parsed = SPECIFIER.fullmatch(part)
        version = canonical_version(parsed[2]) if parsed else None
        if not parsed or version is None or (version.endswith(".*") and parsed[1] not in ("==", "!=")):
            return None
        result.append((parsed[1], VersionText(version, parsed[2])))
    return tuple(sorted(result))


def is_specifier(text: str) -> bool:
    """Whether uv reads a text as version specifiers, without correcting it: so it reads every ``requires-python``."""
    if not text.strip():
        return True
    parts = [SPECIFIER.fullmatch(part) for part in text.split(",")]
    return parse_specifier(text) is not None and not any(
        part and part[1] == "~=" and "." not in part[2] for part in parts
    )


def canonical_version(text: str) -> str | None:
    """One spelling for all versions that uv takes for equal; None where it is no version."""
    if parsed := RELEASE.fullmatch(text):
        numbers = [str(whole_number(number)) for number in parsed[1].split(".")]
        while len(numbers) > 1 and numbers[-1] == "0":
            numbers.pop()
        return ".".join(numbers) + (parsed[2] or "")
    from packaging.utils import canonicalize_version
    from packaging.version import Version

    try:
        return canonicalize_version(Version(text))
    except ValueError:
        return None


def normal_marker(text: str) -> str:
    """A marker with single quotes and single spaces, and the plain uses of ``python_version`` as uv rewrites them."""

    def replace(match: re.Match[str]) -> str:
        if match[1]:
            return f" {match[1]} "
        return f"'{match[2]}'" if match[2] is not None else " "

    return PYTHON_VERSION.sub(r"python_full_version \1 '\2'", SPACE_OR_STRING.sub(replace, text).strip())


def _url_kind(url: str) -> str:
    if url.startswith("git+"):
        return GIT
    return URL if re.match(r"(?!file:)[a-z][a-z0-9+.-]+:", url, re.IGNORECASE) else PATH


def _source_kind(source: object) -> str | None:
    """What a source leads to; None where that is not known."""
    alternatives = source if isinstance(source, list) else [source]
    if len(alternatives) > 1 or any(table(each).keys() & {"marker", "extra", "group"} for each in alternatives):
        return SEVERAL
    source = next(iter(alternatives), None)
    if not isinstance(source, dict):
        return None
    return _kind_of(source)


def _alternatives(source: object) -> Iterator[tuple[str | None, str]]:
    for each in tables(source) if isinstance(source, list) else [table(source)]:
        marker = each.get("marker", "")
        is_plain = isinstance(marker, str) and not each.keys() & {"extra", "group"}
        yield (_kind_of(each) if is_plain else None), normal_marker(str(marker))


def _kind_of(source: dict[str, object]) -> str | None:
    return next((SOURCE_KINDS[key] for key in SOURCE_KINDS if key in source), None)


def compare(
    declared: list[Declared],
    unknown: Iterable[str],
    locked: Iterable[Requirement | Unknown],
    *,
    path: str,
    keys: Keys,
    where: str,
    pythons: PythonRange,
) -> Iterator[Reason]:
    """Where two sets of requirements differ.

    Args:
        declared: the requirements of a pyproject.toml.
        unknown: names that are not to be judged.
        locked: those that the uv.lock recorded.
        path: the pyproject.toml.
        keys: the path of keys to the requirements in it.
        where: their name, for people.
        pythons: the versions of Python to which the lock applies.
    """
    locked = list(locked)
    skipped = {*unknown, *(entry.name for entry in locked if isinstance(entry, Unknown))}
    several = {one.name for one, _ in declared if one.kind == SEVERAL} - skipped
    for name in sorted(several):
        yield from _compare_several(name, declared, locked, where, path, pythons)
    skipped |= several
    ours = [(requirement, at) for requirement, at in declared if requirement.name not in skipped]
    theirs = [entry for entry in locked if isinstance(entry, Requirement) and entry.name not in skipped]
    parted = {requirement.name for requirement in {one for one, _ in ours} ^ set(theirs)}
    ours_of, theirs_of = defaultdict(list), defaultdict(list)
    for requirement, at in ours:
        ours_of[requirement.name].append((requirement, at))
    for requirement in theirs:
        theirs_of[requirement.name].append(requirement)
    for name in sorted(parted):
        mine, other = ours_of[name], theirs_of[name]
        if not other:
            yield Reason(f"{where} asks for {mine[0][0]}, which is not in uv.lock", path, mine[0][1])
        elif not mine:
            yield Reason(f"{where} no longer asks for {other[0]}, as uv.lock has it", path, keys)
        elif not _same(mine, other, pythons):
            yield _difference(mine, other, where, path)


def _compare_several(  # noqa: PLR0917 - as many as compare has
    name: str,
    declared: list[Declared],
    locked: list[Requirement | Unknown],
    where: str,
    path: str,
    pythons: PythonRange,
) -> Iterator[Reason]:
    """Where the requirements on a package that has several sources differ, as far as all its entries show it."""
    mine = [(one, at) for one, at in declared if one.name == name]
    theirs = [one for one in locked if isinstance(one, Requirement) and one.name == name]
    if not theirs:
        yield Reason(f"{where} asks for {mine[0][0]}, which is not in uv.lock", path, mine[0][1])
        return
    first, at = mine[0]
    if len(mine) == 1 and _lacks_source(first, {other.kind for other in theirs}, pythons):
        yield Reason(f"{where} asks for {first}, where uv.lock has {theirs[0]}", path, at)
        return
    specifiers, extras = {one.specifier for one, _ in mine}, {one.extras for one, _ in mine}
    for other in theirs:
        if (other.kind in VERSIONED and other.specifier not in specifiers) or other.extras not in extras:
            yield Reason(f"{where} asks for {mine[0][0]}, where uv.lock has {other}", path, mine[0][1])
            return


def _lacks_source(requirement: Requirement, kinds: set[str], pythons: PythonRange) -> bool:
    """Whether one of several sources surely counts somewhere, and a lock has nothing from it."""
    from pydeploy_lint.facts.locks.uv.markers import truth_tables

    for kind, marker in requirement.sources:
        if kind is not None and kind not in kinds:
            both = " and ".join(f"({text})" for text in (requirement.marker, marker) if text)
            found = truth_tables([both], pythons)
            if found and any(found[both]):
                return True
    return False


def _same(mine: list[Declared], theirs: list[Requirement], pythons: PythonRange) -> bool:
    """Whether the requirements on one package mean the same; also where that cannot be told."""
    markers, locked_markers = _markers(one for one, _ in mine), _markers(theirs)
    if markers.keys() != locked_markers.keys():
        return False
    from pydeploy_lint.facts.locks.uv.markers import truth_tables

    for form, ours in markers.items():
        tables = truth_tables(ours | locked_markers[form], pythons)
        if tables and {tables[marker] for marker in ours} != {tables[marker] for marker in locked_markers[form]}:
            return False
    return True


def _markers(requirements: Iterable[Requirement]) -> dict[Requirement, set[str]]:
    """The markers of requirements that are the same but for them."""
    markers: dict[Requirement, set[str]] = {}
    for requirement in requirements:
        markers.setdefault(requirement._replace(marker=""), set()).add(requirement.marker)
    return markers


def _difference(mine: list[Declared], theirs: list[Requirement], where: str, path: str) -> Reason:
    known = set(theirs)
    changed, at = next(((one, at) for one, at in mine if one not in known), mine[0])
    gone = next((one for one in theirs if one not in {one for one, _ in mine}), theirs[0])
    return Reason(f"{where} asks for {changed}, where uv.lock has {gone}", path, at)
